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
    return { body: text && JSON.parse(text), etag: answer.headers.get('etag') }
  }
  const { accounts } = (await call('GET', '/api/v1/jurisdiction')).body
  const { password } = accounts.find((account) => account.sign_in === sign_in)
  csrf = (await call('POST', '/api/v1/session', { sign_in, password })).body.csrf_token
  return call
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
  return (await call('POST', `/api/v1/drafts/${draft.id}/submit`)).body
}
