// files.mjs - attachments over the wire: at once, in pieces, by ranges; and what is refused.
import { createHash, randomUUID } from 'node:crypto'
import { photograph } from '../e2e/restaurant.mjs'
import { assert } from '../e2e/harness.mjs'

const path = '/api/v1/attachments'
const piece = (caller, id, offset, octets, expect) => caller.call('PATCH', `${path}/${id}`, { body: octets, headers: { 'Content-Type': 'application/octet-stream', 'Upload-Offset': String(offset) }, expect })
const begin = (caller, body, expect) => caller.call('POST', path, { body, headers: { 'Idempotency-Key': randomUUID() }, expect })

/** The two photographs of a restaurant: one in a single call, one in pieces. */
export async function add_files(citizen, draft) {
  const small = photograph(150_000)
  const { body: first } = await begin(citizen, { draft, material: 'shop-front', name: '门面.png', octets: small.toString('base64') }, 201)
  assert(first.attachment.type === 'png' && first.offset === small.length, JSON.stringify(first))

  const large = photograph(1_300_000, 7)
  const sha256 = createHash('sha256').update(large).digest('hex')
  const { body: upload } = await begin(citizen, { draft, material: 'kitchen', name: '后厨.png', size: large.length, sha256 }, 201)
  const half = upload.piece_bytes_max
  await piece(citizen, upload.id, 65_536, large.subarray(65_536, 131_072), 409)
  const one = await piece(citizen, upload.id, 0, large.subarray(0, half), 200)
  assert(one.headers.get('upload-offset') === String(half) && one.body.attachment === undefined, JSON.stringify(one.body))
  const again = await piece(citizen, upload.id, 0, large.subarray(0, half), 409)
  assert(again.headers.get('upload-offset') === String(half), 'a piece that came twice is not told where the upload stands')
  await piece(citizen, upload.id, half, large.subarray(half, half + 10), 422)
  await piece(citizen, upload.id, half, Buffer.alloc(1_100_000), 413)
  const { body: stands } = await citizen.get(`${path}/${upload.id}/upload`)
  assert(stands.offset === half && stands.expires_at, JSON.stringify(stands))
  const { body: done } = await piece(citizen, upload.id, half, large.subarray(half), 200)
  assert(done.attachment.sha256 === sha256 && done.attachment.name === '后厨.png', JSON.stringify(done))
  await citizen.get(`${path}/${upload.id}/upload`)

  await begin(citizen, { draft, material: 'kitchen', name: 'page.png', octets: Buffer.from('<svg onload="x"/>').toString('base64') }, 422)
  await begin(citizen, { draft, name: 'letter.png', octets: Buffer.from('plain').toString('base64') }, 422)
  const pdf = await begin(citizen, { draft, material: 'kitchen', name: 'a.txt', octets: Buffer.from('plain').toString('base64') }, 422)
  assert(pdf.body.detail.includes('JPEG'), pdf.body.detail)
  await begin(citizen, { draft, material: 'absent', name: 'a.png', size: 10 }, 422)
  await begin(citizen, { draft, name: '../a.png', size: 10 }, 422)
  await begin(citizen, { name: 'a.png', size: 10 }, 422)
  await begin(citizen, { draft, name: 'a.png' }, 422)
  await begin(citizen, { draft, name: 'a.png', size: 30_000_000 }, 413)
  await begin(citizen, { draft, name: 'a.png', octets: 'A'.repeat(1_600_000) }, 413)
  await begin(citizen, { draft: randomUUID(), name: 'a.png', size: 10 }, 404)
  await piece(citizen, randomUUID(), 0, large.subarray(0, half), 404)
  const { body: given_up } = await begin(citizen, { draft, name: 'b.png', size: 100 }, 201)
  await citizen.call('POST', `${path}/${given_up.id}/remove`, { body: {}, expect: 204 })
  await citizen.get(`${path}/${given_up.id}/upload`, 404)
  const { body: list } = await citizen.get(`${path}?draft=${draft}`)
  assert(list.items.length === 2 && list.items.every(({ mine, readable }) => mine && readable), JSON.stringify(list))
}

export async function files_of_a_case(citizen, anyone, id) {
  await citizen.get(path, 422)
  await citizen.get(`${path}?case=${randomUUID()}`, 404)
  await anyone.get(`${path}?case=${id}`, 401)
  const { body: list } = await citizen.get(`${path}?case=${id}`)
  assert(list.items.length === 2, 'the files of the draft are not those of the case')
  const file = list.items.find(({ material }) => material === 'kitchen')
  const whole = await citizen.get(`${path}/${file.id}`)
  for (const [name, words] of Object.entries({ 'content-disposition': 'attachment', 'content-type': 'image/png', 'x-content-type-options': 'nosniff', 'content-security-policy': 'sandbox' })) {
    assert(whole.headers.get(name)?.includes(words), `${name}: ${whole.headers.get(name)}`)
  }
  const range = (value, expect) => citizen.call('GET', `${path}/${file.id}`, { headers: { Range: value }, expect })
  const { headers } = await range('bytes=65530-131100', 206)
  assert(headers.get('content-range') === `bytes 65530-131100/${file.size}` && headers.get('content-length') === '65571', headers.get('content-range'))
  await range('bytes=9999999-', 416)
  await anyone.get(`${path}/${file.id}`, 401)
  await citizen.get(`${path}/${randomUUID()}`, 404)

  const { body: late } = await begin(citizen, { case: id, name: '补充.txt', octets: Buffer.from('补充说明').toString('base64') }, 201)
  const remove = (body, expect) => citizen.call('POST', `${path}/${late.id}/remove`, { body, expect })
  await remove({}, 422)
  await remove({ reason: '传错了' }, 204)
  await remove({ reason: '再移除一次' }, 409)
  await citizen.get(`${path}/${late.id}`, 409)
  await citizen.call('POST', `${path}/${randomUUID()}/remove`, { body: { reason: 'x' }, expect: 404 })
  const { body: shown } = await citizen.get(`/api/v1/cases/${id}`)
  const kinds = shown.timeline.map(({ kind }) => kind)
  for (const kind of ['attachments_filed', 'attachment_added', 'attachment_removed']) assert(kinds.includes(kind), `the timeline lacks ${kind}: ${kinds}`)
}
