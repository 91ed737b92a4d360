// credential.ts - certificates checked by whoever reads them: SD-JWT VC (RFC 9901) and the short form of a printed code, with the issuer's key
// and its status list (draft-ietf-oauth-status-list), all in this browser. Needs a secure context; nothing is sent.
import { recall, remember } from '@common/i18n'

type Octets = Uint8Array<ArrayBuffer>
export type Claims = Record<string, unknown>

/** What a claim is called, and the text that discloses it. */
export interface Disclosure { name: string; value: unknown; text: string }
export interface Opened { claims: Claims; hidden: number }

/** What is kept here of the issuer, so that the page works without the server. */
export interface Issuer { issuer: string; jwks: { keys: { x: string }[] } }
export interface Known { issuer: Issuer; lists: Record<string, string>; at: number }

const kept = 'verifier'
const disclosures_max = 64

function octets_of(base64url: string): Octets {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}
const base64url = (octets: Uint8Array) => btoa(String.fromCharCode(...octets)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
const bytes_of = (text: string): Octets => new Uint8Array(new TextEncoder().encode(text))
const json_of = (part: string | undefined): unknown => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(octets_of(part ?? '')))
const digest_of = async (text: string) => base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes_of(text))))
const is_object = (value: unknown): value is Claims => typeof value === 'object' && value !== null && !Array.isArray(value)

export function disclosures_of(text: string): Disclosure[] {
  return text.split('~').slice(1, -1).map((one) => {
    const [, name, value] = json_of(one) as [string, string, unknown]
    return { name, value, text: one }
  })
}

/** The certificate with these of its claims alone. */
export const with_only = (text: string, shown: readonly Disclosure[]): string => [text.split('~')[0], ...shown.map((one) => one.text), ''].join('~')

/** The token in what somebody pasted: itself, or a link that ends with it. */
export const token_in = (pasted: string): string => pasted.replace(/\s+/g, '').replace(/^[^#]*#/, '')

/** The payload of a compact JWS whose Ed25519 signature is right. Undefined: it is not. Throws where this browser cannot tell. */
async function signed_by(jws: string, issuer: Issuer): Promise<{ type: unknown; payload: Claims } | undefined> {
  let header: Claims
  let payload: Claims
  let signature: Octets
  const [head, body, end, more] = jws.split('.')
  try {
    header = json_of(head) as Claims
    payload = json_of(body) as Claims
    signature = octets_of(end ?? '')
  } catch {
    return undefined
  }
  if (more !== undefined || !is_object(header) || !is_object(payload) || header['alg'] !== 'EdDSA') return undefined
  for (const { x } of issuer.jwks.keys) {
    const key = await crypto.subtle.importKey('raw', octets_of(x), 'Ed25519', false, ['verify'])
    if (await crypto.subtle.verify('Ed25519', key, signature, bytes_of(`${head}.${body}`))) return { type: header['typ'], payload }
  }
  return undefined
}

/** Puts what is shown in its place; throws where a name is there already. */
function reveal(object: Claims, shown: Map<string, Disclosure & { used?: boolean }>): number {
  let hidden = 0
  const digests = Array.isArray(object['_sd']) ? (object['_sd'] as string[]) : []
  delete object['_sd']
  for (const digest of digests) {
    const one = shown.get(digest)
    if (!one) {
      hidden++
      continue
    }
    if (one.used || one.name in object || one.name === '_sd' || one.name === '...') throw new Error('altered')
    one.used = true
    object[one.name] = one.value
  }
  for (const value of Object.values(object)) if (is_object(value)) hidden += reveal(value, shown)
  return hidden
}

/** Undefined: no certificate of this issuer, or altered. */
export async function open_credential(text: string, issuer: Issuer): Promise<Opened | undefined> {
  const [jws = '', ...rest] = text.split('~')
  const found = await signed_by(jws, issuer)
  if (!found || found.type === 'statuslist+jwt') return undefined
  if (found.type !== 'dc+sd-jwt') return rest.length ? undefined : { claims: found.payload, hidden: 0 }
  if (!text.endsWith('~') || rest.length > disclosures_max + 1 || found.payload['_sd_alg'] !== 'sha-256') return undefined
  try {
    const shown = new Map(await Promise.all(disclosures_of(text).map(async (one) => [await digest_of(one.text), one as Disclosure & { used?: boolean }] as const)))
    delete found.payload['_sd_alg']
    const hidden = reveal(found.payload, shown)
    return [...shown.values()].every(({ used }) => used) && shown.size === rest.length - 1 ? { claims: found.payload, hidden } : undefined
  } catch {
    return undefined
  }
}

async function inflated(octets: Octets): Promise<Uint8Array> {
  const stream = new Blob([octets]).stream().pipeThrough(new DecompressionStream('deflate'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

/** 0 in force, 1 revoked, 2 suspended. Undefined: the list at hand does not tell. */
export async function status_of(claims: Claims, known: Known, now_s: number): Promise<number | undefined> {
  const status = claims['status'] as { status_list?: { idx: number; uri: string } } | undefined
  if (!status?.status_list) return undefined
  const { idx, uri } = status.status_list
  const list = known.lists[uri]
  const found = list ? await signed_by(list, known.issuer) : undefined
  const values = found?.payload['status_list'] as { bits?: number; lst?: string } | undefined
  if (!found || found.type !== 'statuslist+jwt' || found.payload['sub'] !== uri || values?.bits !== 2 || !values.lst) return undefined
  if (Number(found.payload['exp']) <= now_s) return undefined
  const octet = (await inflated(octets_of(values.lst)))[idx >> 2]
  return octet === undefined ? undefined : (octet >> ((idx & 3) * 2)) & 3
}

/** The number of the status list that a certificate names; nothing of it is checked yet. */
function list_of(token: string): string {
  try {
    const { status } = json_of(token.split('.')[1]) as { status?: { status_list?: { uri?: string } } }
    return /(\d+)$/.exec(status?.status_list?.uri ?? '')?.[1] ?? '1'
  } catch {
    return '1'
  }
}

/** What this browser knows of the issuer, and of the list that `token` names: fresh where the server answers, else as it was kept. Undefined: never fetched. */
export async function issuer_known(token = ''): Promise<Known | undefined> {
  const before = recall(kept)
  const old = before ? (JSON.parse(before) as Known) : undefined
  try {
    const [issuer, list] = await Promise.all(['/.well-known/jwt-vc-issuer', `/api/v1/certificate-status/${list_of(token)}`].map(async (path) => {
      const answer = await fetch(path, { credentials: 'omit' })
      if (!answer.ok) throw new Error(path)
      return answer.text()
    }))
    const { sub } = json_of(list?.split('.')[1]) as { sub: string }
    const known: Known = { issuer: JSON.parse(issuer ?? '') as Issuer, lists: { ...old?.lists, [sub]: list ?? '' }, at: Date.now() }
    remember(kept, JSON.stringify(known))
    return known
  } catch {
    return old
  }
}
