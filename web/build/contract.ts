// contract.ts - api/openapi.yaml as a page can show it: `import contract from 'virtual:contract'`. Only what the page says is in it.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { parse } from 'yaml'
import type { Contract, Operation } from '../portal/api/contract.ts'

const name = 'virtual:contract'
const source = fileURLToPath(new URL('../../api/openapi.yaml', import.meta.url))
const methods = ['get', 'post', 'put', 'delete'] as const

type Node = Record<string, unknown>
const is_node = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)
const node = (value: unknown): Node => (is_node(value) ? value : {})
const list = (value: unknown): Node[] => (Array.isArray(value) ? value.map(node) : [])
const words = (value: unknown): string => (typeof value === 'string' ? value : '')

/** What a schema is, in one line: `Draft`, `list of Item`, `text (date)`. */
function type_of(schema: Node): string {
  if (schema['$ref']) return words(schema['$ref']).split('/').pop() ?? ''
  if (schema['type'] === 'array') return `${type_of(node(schema['items']))}[]`
  if (Array.isArray(schema['enum'])) return schema['enum'].join(' | ')
  const type = Array.isArray(schema['type']) ? schema['type'].join(' | ') : words(schema['type'])
  return schema['format'] ? `${type} (${words(schema['format'])})` : type || 'object'
}

export function contract_page(): Plugin {
  return {
    name: 'contract-page',
    resolveId: (id) => (id === name ? `\0${name}` : null),
    async load(id) {
      if (id !== `\0${name}`) return null
      this.addWatchFile(source)
      const all = node(parse(await readFile(source, 'utf8')))
      const components = node(all['components'])
      const named = (part: string, value: Node): Node => (value['$ref'] ? node(node(components[part])[words(value['$ref']).split('/').pop() ?? '']) : value)
      const schema_in = (content: unknown): string => {
        const [kind, media] = Object.entries(node(content))[0] ?? []
        return kind === undefined ? '' : kind === 'application/json' ? type_of(node(node(media)['schema'])) : kind
      }
      const operations = Object.entries(node(all['paths'])).flatMap(([path, item]) => methods.flatMap((method): Operation[] => {
        const operation = node(node(item)[method])
        if (!operation['operationId']) return []
        const params = [...list(node(item)['parameters']), ...list(operation['parameters'])].map((one) => named('parameters', one))
        return [{
          id: words(operation['operationId']), tag: words((operation['tags'] as unknown[] | undefined)?.[0]), method, path, summary: words(operation['summary']),
          open: Array.isArray(operation['security']) && operation['security'].length === 0,
          params: params.map((one) => ({ name: words(one['name']), place: words(one['in']), required: one['required'] === true, type: type_of(node(one['schema'])), words: words(one['description']) })),
          body: schema_in(named('requestBodies', node(operation['requestBody']))['content']),
          answers: Object.entries(node(operation['responses'])).map(([status, answer]) => ({ status, type: schema_in(named('responses', node(answer))['content']) })),
        }]
      }))
      const schemas = Object.entries(node(components['schemas'])).map(([key, value]) => {
        const schema = node(value)
        const required = new Set(Array.isArray(schema['required']) ? schema['required'] : [])
        return {
          name: key, type: type_of(schema), words: words(schema['description']),
          fields: Object.entries(node(schema['properties'])).map(([field, one]) => ({ name: field, type: type_of(node(one)), required: required.has(field), words: words(node(one)['description']) })),
        }
      })
      const contract: Contract = { description: words(node(all['info'])['description']), tags: list(all['tags']).map((tag) => ({ name: words(tag['name']), words: words(tag['description']) })), operations, schemas }
      return `export default ${JSON.stringify(contract)}`
    },
  }
}
