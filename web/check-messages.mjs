// Words live in message files only, complete in every language: the same keys with the same {places}, each key used, each used
// key there, no literal words in a template. Exits 1 with a line for each fault.
import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { basename, join } from 'node:path'
import { parse } from '@vue/compiler-sfc'

const web = fileURLToPath(new URL('.', import.meta.url))
const faults = []
const places = (message) => [...new Set(message.match(/\{\w+\}/g))].sort().join()
const read = (folder, language) => JSON.parse(readFileSync(join(web, folder, 'messages', `${language}.json`), 'utf8'))

/** Text and spoken attributes of a template that are words and not {{ expressions }}. */
function literals(node) {
  const own = node.type === 2 && /\p{L}/u.test(node.content) ? [node.content.trim()] : []
  const spoken = (node.props ?? []).filter((prop) => prop.type === 6 && /^(aria-label|placeholder|title|alt)$/.test(prop.name) && /\p{L}/u.test(prop.value?.content ?? ''))
  return [...own, ...spoken.map((prop) => prop.value.content), ...(node.children ?? []).flatMap(literals)]
}

const used = { common: new Set(), portal: new Set(), workbench: new Set(), demo: new Set() }
for (const folder of Object.keys(used)) {
  for (const entry of readdirSync(join(web, folder), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(vue|ts)$/.test(entry.name) || /dist|node_modules|schema\.d\.ts/.test(join(entry.path, entry.name))) continue
    const source = readFileSync(join(entry.path, entry.name), 'utf8')
    for (const [, key] of source.matchAll(/['`]([a-z_]+(?:\.[a-z_]+)+)['`]/g)) used[folder].add(key)
    for (const [, prefix] of source.matchAll(/`([a-z_]+(?:\.[a-z_]+)*)\.\$\{/g)) used[folder].add(`${prefix}.*`)
    for (const [, prefix] of source.matchAll(/t_code\('([a-z_.]+)'/g)) used[folder].add(`${prefix}.*`)
    if (!entry.name.endsWith('.vue')) continue
    const { template } = parse(source).descriptor
    for (const words of template ? literals(template.ast) : []) faults.push(`${folder}/${basename(entry.name)}: words in the template: "${words}"`)
  }
}

const uses = (folders, key) => folders.some((folder) => used[folder].has(key) || used[folder].has(key.replace(/\.[^.]+$/, '.*')))
let count = 0
for (const folder of Object.keys(used)) {
  const zh = read(folder, 'zh-CN')
  const en = read(folder, 'en')
  for (const key of new Set([...Object.keys(zh), ...Object.keys(en)])) {
    count++
    if (!(key in zh) || !(key in en)) faults.push(`${folder}: ${key} is not in ${key in zh ? 'en' : 'zh-CN'}`)
    else if (places(zh[key]) !== places(en[key]) && !en[key].includes('|')) faults.push(`${folder}: ${key} has other {places} in en than in zh-CN`)
    if (!uses(folder === 'common' ? Object.keys(used) : [folder], key)) faults.push(`${folder}: ${key} is used nowhere`)
  }
  const known = { ...read('common', 'zh-CN'), ...zh }
  const families = new Set(Object.keys(read('common', 'zh-CN')).concat(Object.keys(zh)).map((key) => key.split('.')[0]))
  for (const key of used[folder]) {
    if (!key.endsWith('.*') && families.has(key.split('.')[0]) && !(key in known)) faults.push(`${folder}: ${key} is used but has no words there`)
  }
}

for (const fault of faults) console.error(`check-messages: ${fault}`)
console.log(`check-messages: ${count} messages in 2 languages, ${faults.length} faults`)
process.exitCode = faults.length ? 1 : 0
