// restaurant.mjs - a resident's application, sent without a browser: for scenarios that begin where hers ended.
import { randomUUID } from 'node:crypto'
import { assert } from './harness.mjs'

/** One caller with her cookies. */
export async function caller(base, sign_in) {
  const cookies = new Map()
  let csrf = ''
  async function call(method, path, body, more = {}) {
    const headers = { 'Accept-Language': 'zh', 'X-CSRF-Token': csrf, Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '), ...more }
    if (body !== undefined) headers['Content-Type'] = 'application/json'
    if (method === 'POST') headers['Idempotency-Key'] = randomUUID()
    const answer = await fetch(new URL(path, base), { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })
    for (const cookie of answer.headers.getSetCookie()) cookies.set(...cookie.split(';')[0].split('=', 2))
    const text = await answer.text()
    assert(answer.ok, `${method} ${path} answered ${answer.status}: ${text.slice(0, 300)}`)
    return { body: /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : text, etag: answer.headers.get('etag') }
  }
  const { accounts } = (await call('GET', '/api/v1/jurisdiction')).body
  const { password } = accounts.find((account) => account.sign_in === sign_in)
  csrf = (await call('POST', '/api/v1/session', { sign_in, password })).body.csrf_token
  return call
}

/** A picture of `bytes` octets, which nobody needs to decode: a PNG with one row of made-up pixels. */
export function photograph(bytes = 2_000, seed = 1) {
  const chunk = (kind, body) => {
    const head = Buffer.alloc(8)
    head.writeUInt32BE(body.length)
    head.write(kind, 4, 'latin1')
    return Buffer.concat([head, body, Buffer.alloc(4)])
  }
  const header = Buffer.from([0, 0, 4, 0, 0, 0, 3, 0, 8, 2, 0, 0, 0])
  const pixels = Buffer.alloc(Math.max(1, bytes - 57))
  for (let i = 0, x = seed; i < pixels.length; i++) pixels[i] = x = (x * 1103515245 + 12345) % 2147483648
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))])
}

/** The files that a small restaurant needs. `call(method, path, body)` is a caller's. */
export async function attach_photographs(call, draft) {
  for (const [seed, material] of ['shop-front', 'kitchen'].entries()) {
    await call('POST', '/api/v1/attachments', { draft, material, name: `${material}.png`, octets: photograph(2_000, seed + 1).toString('base64') })
  }
}

/** Opens one case of a small restaurant for Wang Fang; answers its receipt. */
export async function open_restaurant(base, name = '溪畔小馆', restaurant = {}) {
  const call = await caller(base, 'wang.fang')
  const { body: draft } = await call('POST', '/api/v1/drafts', { item: 'open-restaurant' })
  const { etag } = await call('GET', `/api/v1/drafts/${draft.id}`)
  const form = {
    operator: { name: '王芳', address: '溪口镇老街17号', phone: '10255510001' },
    premises: { address: '溪口镇老街17号', area_m2: 46.5 },
    restaurant: { name, kind: 'noodles', seats: 20, opens_on: '2027-03-01', ...restaurant },
    declaration: { true_and_complete: true },
  }
  await call('PUT', `/api/v1/drafts/${draft.id}`, { form }, { 'If-Match': etag })
  await attach_photographs(call, draft.id)
  return (await call('POST', `/api/v1/drafts/${draft.id}/submit`)).body
}
