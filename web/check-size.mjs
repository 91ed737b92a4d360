// What a first visit downloads, gzipped: everything that index.html names, the first page, and the words of one language.
// Fails above the limits of the design: 60 kB for the portal, 400 kB for the workbench.
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const limits_kb = { portal: 60, workbench: 400 }
let failed = false

for (const [app, limit_kb] of Object.entries(limits_kb)) {
  const dist = fileURLToPath(new URL(`${app}/dist/`, import.meta.url))
  const named = [...readFileSync(`${dist}index.html`, 'utf8').matchAll(/assets\/[\w.-]+\.(?:js|css)/g)].map(([path]) => path)
  const first = readdirSync(`${dist}assets`).filter((name) => /^(zh-CN|HomePage|TasksPage)-.*\.(js|css)$/.test(name)).map((name) => `assets/${name}`)
  const bytes = ['index.html', ...new Set([...named, ...first])].reduce((sum, path) => sum + statSync(`${dist}${path}.gz`).size, 0)
  const kb = bytes / 1000
  failed ||= kb > limit_kb
  console.log(`check-size: ${app} ${kb.toFixed(1)} kB gzipped to first use (limit ${limit_kb} kB)`)
}
process.exitCode = failed ? 1 : 0
