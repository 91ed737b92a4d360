// presentations.mjs - a certificate that the applicant holds stands in for files: offered, presented, taken back, seen by who handles the case.
import { randomUUID } from 'node:crypto'
import { assert } from '../e2e/harness.mjs'
import { photograph } from '../e2e/restaurant.mjs'

const form = { operator: { name: '王芳', phone: '10255510001' }, shop_name: '溪畔小馆', premises: { address: '溪口镇老街17号' }, width_m: 3, height_m: 0.8, bottom_m: 2.8 }

/** Begins where a business licence was issued to `citizen`. */
export async function certificate_in_place(citizen, other) {
  let held, licence
  for (const deadline = Date.now() + 20_000; !licence; ) {
    assert(Date.now() < deadline, 'no business licence is issued')
    held = (await citizen.get('/api/v1/certificates')).body
    licence = held.items.find(({ number }) => number.startsWith('11332021MB00000435010-'))
  }
  const another = held.items.find(({ number }) => !/0435010-/.test(number))
  const { body: draft } = await citizen.call('POST', '/api/v1/drafts', { body: { item: 'signboard' }, expect: 201 })
  const { body: first } = await citizen.get(`/api/v1/presentations?draft=${draft.id}`)
  assert(!first.items.length && first.offers[0].material === 'business-licence' && first.offers[0].certificates.some(({ id }) => id === licence.id), JSON.stringify(first))
  await citizen.get('/api/v1/presentations', 422)
  await other.get(`/api/v1/presentations?draft=${draft.id}`, 404)

  const at = (material) => `/api/v1/drafts/${draft.id}/presentations/${material}`
  const present = (material, certificate, expect, who = citizen) => who.call('PUT', at(material), { body: { certificate }, expect })
  await present('sketch', licence.id, 422)
  await present('business-licence', randomUUID(), 404)
  await present('business-licence', licence.id, 404, other)
  if (another) assert((await present('business-licence', another.id, 422)).body.field === '/certificate', 'a certificate of another type is not refused as such')
  await present('business-licence', licence.id, 200)
  await citizen.call('DELETE', at('business-licence'), { expect: 204 })
  await citizen.call('DELETE', at('business-licence'), { expect: 404 })
  const { body: presented } = await present('business-licence', licence.id, 200)
  assert(presented.items[0].in_force && presented.items[0].certificate.id === licence.id && presented.items[0].claims.length, JSON.stringify(presented))

  await citizen.call('PUT', `/api/v1/drafts/${draft.id}`, { body: { form }, expect: 200 })
  const submit = (expect) => citizen.call('POST', `/api/v1/drafts/${draft.id}/submit`, { headers: { 'Idempotency-Key': randomUUID() }, expect })
  assert((await submit(422)).body.field === '/materials/sketch', 'the sketch that is missing is not named')
  await citizen.call('POST', '/api/v1/attachments', { body: { draft: draft.id, material: 'sketch', name: 'sketch.png', octets: photograph(900, 3).toString('base64') }, expect: 201 })
  const { body: receipt } = await submit(201)
  const { body: seen } = await citizen.get(`/api/v1/presentations?case=${receipt.case}`)
  assert(seen.items[0].certificate.number === licence.number && !seen.offers.length, JSON.stringify(seen))
}
