// contract.mjs - holds recorded exchanges against api/openapi.yaml: the path, the status, the headers, the bodies. What the contract does not name fails.
import { readFileSync } from 'node:fs'
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { parse } from 'yaml'

const methods = ['get', 'put', 'post', 'delete', 'patch']

export class Contract {
  constructor(text) {
    this.document = parse(text)
    this.ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true, allowUnionTypes: true })
    addFormats(this.ajv)
    this.ajv.addFormat('int64', { type: 'number', validate: Number.isSafeInteger })
    this.ajv.addVocabulary(['components'])
    this.ajv.addSchema({ $id: 'contract', components: { schemas: absolute(this.document.components.schemas) } })
    this.validators = new Map()
  }

  static read(file) {
    return new Contract(readFileSync(file, 'utf8'))
  }

  /** Every operation: {id, method, path, operation, parameters}. */
  operations() {
    return Object.entries(this.document.paths).flatMap(([path, item]) =>
      methods.filter((method) => item[method]).map((method) => ({
        id: item[method].operationId,
        method,
        path,
        operation: item[method],
        parameters: [...(item.parameters ?? []), ...(item[method].parameters ?? [])].map((parameter) => this.resolve(parameter)),
      })))
  }

  /** What is wrong with the contract itself: a schema that cannot be read, an object that lets any member pass without saying so. */
  lint() {
    const open = []
    const walk = (schema, at) => {
      if (typeof schema !== 'object' || schema === null) return
      if (schema.type === 'object' && schema.properties && schema.additionalProperties === undefined) open.push(`${at}: an object with properties must say additionalProperties`)
      for (const [key, part] of Object.entries(schema)) if (key !== 'examples') walk(part, `${at}/${key}`)
    }
    walk(this.document.components.schemas, '#/components/schemas')
    walk(this.document.paths, '#/paths')
    for (const [name, schema] of Object.entries(this.document.components.schemas)) {
      try {
        this.ajv.compile(absolute(schema))
      } catch (error) {
        open.push(`#/components/schemas/${name}: ${error.message}`)
      }
    }
    const ids = this.operations().map(({ id }) => id)
    for (const id of ids) if (!id || ids.indexOf(id) !== ids.lastIndexOf(id)) open.push(`operationId ${id} is not unique`)
    return open
  }

  /** What is wrong with one exchange; empty if nothing. */
  check({ route, request, response }) {
    const method = (request.method === 'HEAD' ? 'GET' : request.method).toLowerCase()
    const item = this.document.paths[route]
    const operation = item?.[method]
    if (!operation) return [`${request.method} ${route} is not in the contract`]
    const answer = this.resolve(operation.responses[String(response.status)])
    if (!answer) return [`${operation.operationId} may not answer ${response.status}: ${response.body.slice(0, 200)}`]

    const faults = [...this.check_headers(answer, response), ...(request.method === 'HEAD' ? [] : this.check_body(answer, response))]
    if (response.status < 300) faults.push(...this.check_request(item, operation, request))
    return faults.map((fault) => `${operation.operationId} ${response.status}: ${fault}`)
  }

  check_headers(answer, { headers }) {
    const faults = []
    for (const [name, header] of Object.entries(answer.headers ?? {})) {
      const value = headers[name.toLowerCase()]
      if (value === undefined) faults.push(`the header ${name} is missing`)
      else faults.push(...this.faults_of(this.resolve(header).schema, value, name))
    }
    return faults
  }

  check_body(answer, { headers, body }) {
    const type = (headers['content-type'] ?? '').split(';')[0].trim()
    if (!answer.content) return body === '' ? [] : ['it has a body, but the contract names none']
    const media = answer.content[type]
    if (!media) return [`content type ${type || '(none)'} is not among ${Object.keys(answer.content).join(', ')}`]
    if (!/[/+]json$/.test(type)) return []
    return this.faults_of(media.schema, JSON.parse(body), 'the body')
  }

  /** A request that was accepted must itself be as the contract says; or the contract says too little. */
  check_request(item, operation, request) {
    const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((parameter) => this.resolve(parameter))
    const faults = []
    const query = new URLSearchParams(request.query)
    for (const [name, text] of query) {
      const parameter = parameters.find((each) => each.in === 'query' && each.name === name) ?? any_name(parameters)
      if (!parameter) faults.push(`the query parameter ${name} was accepted, but the contract does not name it`)
      else faults.push(...this.faults_of(parameter.schema, ['integer', 'number'].includes(parameter.schema.type) ? Number(text) : text, name))
    }
    for (const each of parameters) if (each.in === 'query' && each.required && !query.has(each.name)) faults.push(`the query parameter ${each.name} is required, but its lack was accepted`)
    if (request.body === '') return faults
    if (request.binary) return operation.requestBody?.content?.['application/octet-stream'] ? faults : [...faults, 'octets were accepted, but the contract names none']
    const media = operation.requestBody?.content?.['application/json']
    if (!media) return [...faults, 'a request body was accepted, but the contract names none']
    return [...faults, ...this.faults_of(media.schema, JSON.parse(request.body), 'the request body')]
  }

  faults_of(schema, value, what) {
    const key = JSON.stringify(schema)
    if (!this.validators.has(key)) this.validators.set(key, this.ajv.compile(absolute(schema)))
    const validate = this.validators.get(key)
    if (validate(value)) return []
    return validate.errors.map((error) => `${what}${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`)
  }

  resolve(part) {
    if (!part?.$ref) return part
    return part.$ref.slice(2).split('/').reduce((at, step) => at[step.replaceAll('~1', '/').replaceAll('~0', '~')], this.document)
  }
}

/** An object whose members are parameters of their own, under any name (OpenAPI: style form, explode). */
function any_name(parameters) {
  const each = parameters.find((parameter) => parameter.in === 'query' && parameter.explode && parameter.schema.type === 'object')
  return each && { ...each, schema: each.schema.additionalProperties }
}

/** References within the document, as references into the schema that ajv knows as `contract`. */
function absolute(schema) {
  if (Array.isArray(schema)) return schema.map(absolute)
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, key === '$ref' ? part.replace(/^#/, 'contract#') : absolute(part)]))
}

/** The exchanges of a recording, one JSON object a line. */
export function recording(file) {
  return readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line))
}
