// client.ts - every call to the server: typed by api/openapi.yaml, same origin, JSON in and out, failures as `Problem`.
import { language, text } from '../i18n'
import type { components, paths } from './schema'

export type Schemas = components['schemas']

type Method = 'get' | 'post' | 'put' | 'delete'
type PathOf<M extends Method> = { [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never }[keyof paths]
type Operation<P extends keyof paths, M extends Method> = NonNullable<paths[P][M]>
type Json<R> = R extends { content: { 'application/json': infer J } } ? J : undefined
type Answer<O> = O extends { responses: infer R } ? Json<R[Extract<keyof R, 200 | 201 | 204>]> : never

type PathPart<O> = O extends { parameters: { path: infer T extends object } } ? { path: T } : unknown
type QueryPart<O> = O extends { parameters: { query: infer T extends object } } ? { query: T }
  : O extends { parameters: { query?: infer T extends object } } ? { query?: T } : unknown
type BodyPart<O> = O extends { requestBody: { content: { 'application/json': infer B } } } ? { body: B } : unknown
type Options<O> = PathPart<O> & QueryPart<O> & BodyPart<O> & { etag?: string | undefined; signal?: AbortSignal | undefined }
type Arguments<O> = {} extends Options<O> ? [options?: Options<O>] : [options: Options<O>]

interface AnyOptions {
  path?: Record<string, string>
  query?: Record<string, unknown>
  body?: unknown
  etag?: string
  signal?: AbortSignal
}

export type ProblemCode = Schemas['Problem']['code'] | 'offline'

/** What went wrong, in the reader's language as the server said it; `offline` when there was no answer at all. */
export class Problem extends Error {
  constructor(
    readonly code: ProblemCode,
    detail: string,
    readonly errors: readonly { field: string; detail: string }[] = [],
    readonly request_id = '',
  ) {
    super(detail)
  }
}

/** Whatever was thrown, as a Problem. */
export const as_problem = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem('internal', error instanceof Error ? error.message : String(error))

let csrf_token = ''
export function use_csrf_token(token: string | undefined): void {
  csrf_token = token ?? ''
}

/** One operation of the contract. A POST carries one Idempotency-Key through all its tries, so a lost answer never does a thing twice. */
export async function call<M extends Method, P extends PathOf<M>>(
  method: M, path: P, ...[options]: Arguments<Operation<P, M>>
): Promise<{ data: Answer<Operation<P, M>>; etag: string | undefined }> {
  const { path: parts = {}, query = {}, body, etag, signal } = (options ?? {}) as AnyOptions
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts[name] ?? '').replaceAll('%2F', '/'))
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value != null && value !== '').map(([name, value]) => [name, String(value)]))

  const headers = new Headers({ Accept: 'application/json', 'Accept-Language': language.value })
  if (body !== undefined) headers.set('Content-Type', 'application/json')
  if (method !== 'get') headers.set('X-CSRF-Token', csrf_token)
  if (method === 'post') headers.set('Idempotency-Key', random_key())
  if (etag) headers.set('If-Match', etag)

  const request: RequestInit = { method: method.toUpperCase(), headers, credentials: 'same-origin' }
  if (body !== undefined) request.body = JSON.stringify(body)
  if (signal) request.signal = signal

  const response = await send(search.size ? `${filled}?${search}` : filled, request)
  if (!response.ok) throw await problem_of(response)
  const data = (response.status === 204 ? undefined : await response.json()) as Answer<Operation<P, M>>
  return { data, etag: response.headers.get('ETag') ?? undefined }
}

/** The text that an operation answers which is not JSON, such as a model in XML. */
export async function read_text(path: string, accept: string, signal?: AbortSignal): Promise<string> {
  const headers = { Accept: accept, 'Accept-Language': language.value }
  const response = await send(path, { headers, credentials: 'same-origin', ...(signal && { signal }) })
  if (!response.ok) throw await problem_of(response)
  return response.text()
}

/** The octets that an operation answers. */
export async function read_blob(path: string): Promise<Blob> {
  const response = await send(path, { headers: { 'Accept-Language': language.value }, credentials: 'same-origin' })
  if (!response.ok) throw await problem_of(response)
  return response.blob()
}

/** A part of a long file, and where the next one is (RFC 8288). */
export async function read_part(path: string): Promise<{ text: string; next: string | undefined }> {
  const response = await send(path, { headers: { 'Accept-Language': language.value }, credentials: 'same-origin' })
  if (!response.ok) throw await problem_of(response)
  const next = /<([^>]+)>; rel="next"/.exec(response.headers.get('Link') ?? '')?.[1]
  return { text: await response.text(), next }
}

/** The next piece of an upload. It is not tried twice: where a lost one arrived, the server says so. */
export async function send_octets(path: string, piece: Blob, offset: number, signal: AbortSignal): Promise<Schemas['Upload']> {
  const headers = { 'Accept-Language': language.value, 'Content-Type': 'application/octet-stream', 'Upload-Offset': String(offset), 'X-CSRF-Token': csrf_token }
  const response = await send(path, { method: 'PATCH', headers, body: piece, credentials: 'same-origin', signal }, 1)
  if (!response.ok) throw await problem_of(response)
  return (await response.json()) as Schemas['Upload']
}

/** Tries once more when the network gave no answer. */
async function send(url: string, request: RequestInit, tries = 2): Promise<Response> {
  try {
    return await fetch(url, request)
  } catch (error) {
    if (request.signal?.aborted) throw error
    if (tries > 1) return send(url, request, tries - 1)
    throw new Problem('offline', '')
  }
}

async function problem_of(response: Response): Promise<Problem> {
  try {
    const said = (await response.json()) as Schemas['Problem']
    const errors = said.errors?.map(({ pointer, message }) => ({ field: pointer, detail: text(message) })) ?? (said.field ? [{ field: said.field, detail: said.detail }] : [])
    return new Problem(said.code, said.detail, errors, said.request_id)
  } catch {
    return new Problem(response.status >= 500 ? 'unavailable' : 'internal', '')
  }
}

// crypto.randomUUID needs a secure context; a county may try the program over plain http first.
function random_key(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
