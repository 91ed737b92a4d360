// items.mjs - every item of the pack, from a draft to the end of its case: filled in by what its form says, decided by whoever it waits for.
import { also, assert } from '../e2e/harness.mjs'
import { caller, photograph } from '../e2e/restaurant.mjs'

const known = { '/applicant/id_no': '33202119880305048X', '/operator/id_no': '33202119880305048X', '/visited_on': '2026-01-05' }

/** A value that a schema allows. */
function sample(schema, pointer) {
  if (pointer in known) return known[pointer]
  if ('const' in schema) return schema.const
  if (schema.oneOf) return schema.oneOf[0].const
  if (schema.enum) return schema.enum[0]
  if (schema.format === 'date') return '2027-03-01'
  if (schema.format === 'cn.citizen-id') return '33202119880305048X'
  if (schema.pattern) return '10255510001'
  switch (schema.type) {
    case 'object': return filled(schema, {}, pointer)
    case 'array': return Array.from({ length: schema.minItems ?? 1 }, () => sample(schema.items, `${pointer}/-`))
    case 'integer': return Math.max(schema.minimum ?? 0, Math.min(3, schema.maximum ?? 3))
    case 'number': return Math.max(schema.minimum ?? 0, Math.min(40, schema.maximum ?? 40))
    case 'boolean': return true
    default: return '云溪'.padEnd(schema.minLength ?? 0, '县')
  }
}

/** `data` with all that its schema requires. */
export function filled(schema, data, pointer = '') {
  const whole = { ...data }
  for (const [key, part] of Object.entries(schema.properties ?? {})) {
    const at = `${pointer}/${key}`
    if (part.type === 'object') whole[key] = filled(part, whole[key] ?? {}, at)
    else if (whole[key] === undefined && (schema.required ?? []).includes(key)) whole[key] = sample(part, at)
  }
  return whole
}

async function apply(call, key) {
  const { body: item } = await call('GET', `/api/v1/items/${key}`)
  const { body: draft } = await call('POST', '/api/v1/drafts', { item: key })
  for (const offer of item.data) {
    if (offer.who.includes('person')) await call('POST', `/api/v1/drafts/${draft.id}/prefill`, { grant: offer.grant, authorised: true })
  }
  const now = await call('GET', `/api/v1/drafts/${draft.id}`)
  await call('PUT', `/api/v1/drafts/${draft.id}`, { form: filled(item.form.schema, now.body.form) }, { 'If-Match': now.etag })
  for (const [seed, material] of item.materials.filter(({ files }) => files?.min).entries()) {
    await call('POST', '/api/v1/attachments', { draft: draft.id, material: material.id, name: `${material.id}.png`, octets: photograph(900, seed + 1).toString('base64') })
  }
  return (await call('POST', `/api/v1/drafts/${draft.id}/submit`)).body.case
}

/** One round of every clerk who has a post; answers how many tasks of these cases were decided. */
async function decide(clerks, cases) {
  let decided = 0
  for (const call of clerks) {
    const { body } = await call('GET', '/api/v1/tasks?scope=post&limit=200')
    for (const task of body.items.filter((one) => cases.has(one.case))) {
      await call('POST', `/api/v1/tasks/${task.id}/claim`)
      const whole = (await call('GET', `/api/v1/tasks/${task.id}`)).body
      const outcome = whole.outcomes.find(({ needs_reason }) => !needs_reason)
      await call('POST', `/api/v1/tasks/${task.id}/complete`, { outcome: outcome.key, opinion: '符合条件。', ...(whole.form && { form: filled(whole.form.schema, {}) }) })
      decided++
    }
  }
  return decided
}

export const every_item = (base) => also('every item can be applied for, is decided and ends with what was asked', async () => {
  const citizen = await caller(base, 'wang.fang')
  const { items } = (await citizen('GET', '/api/v1/items')).body
  assert(items.length >= 14, `${items.length} items`)
  const cases = new Map()
  for (const { key } of items) cases.set(await apply(citizen, key), key)
  const clerks = []
  for (const { sign_in, staff } of (await citizen('GET', '/api/v1/jurisdiction')).body.accounts) {
    if (!staff) continue
    const call = await caller(base, sign_in)
    const { actor } = (await call('GET', '/api/v1/session')).body
    if (!actor.posts.length || /interface/.test(actor.posts[0].key)) continue
    await call('PUT', '/api/v1/session/post', { post: actor.posts[0].key })
    if (await call('GET', '/api/v1/tasks?limit=1').catch(() => undefined)) clerks.push(call)
  }
  const states = async () => new Map((await citizen('GET', '/api/v1/cases?limit=200')).body.items.map(({ id, state }) => [id, state]))
  let open = [...cases.keys()]
  for (let round = 0; open.length && round < 20; round++) { // a worker issues certificates in acts of its own, and what follows waits for them
    await decide(clerks, cases)
    const now = await states()
    open = open.filter((id) => now.get(id) === 'running')
  }
  const keeper = await caller(base, 'lin.wenbo')
  await keeper('PUT', '/api/v1/session/post', { post: 'yunxi/county-head' })
  const { items: records } = (await keeper('GET', '/api/v1/item-records')).body
  assert(records.length === items.length && records.every(({ findings }) => findings.length === 0), JSON.stringify(records.filter(({ findings }) => findings.length)))
  const last = await states()
  for (const [id, key] of cases) assert(last.get(id) === 'approved', `${key}: ${last.get(id)}`)
})

/** Questions that lead to a guide. `anyone` is a caller of calls.mjs who is not signed in. */
export const scenes = (anyone) => also('six questions lead to a guide in true numbers, with nobody signed in', async () => {
  const { body: found } = await anyone.get('/api/v1/items?q=kaifandian')
  assert(found.scenes[0].key === 'open-restaurant' && found.items[0].key === 'restaurant-one-matter', JSON.stringify(found))
  assert((await anyone.get('/api/v1/scenes?q=' + encodeURIComponent('开奶茶店'))).body.items.length === 1, 'the scene is not found')
  await anyone.get('/api/v1/scenes?q=' + 'x'.repeat(401), 422)
  assert((await anyone.get('/api/v1/scenes')).body.items.length > 0, 'no scene')
  const { body: scene } = await anyone.get('/api/v1/scenes/open-restaurant')
  await anyone.get('/api/v1/scenes/absent', 404)
  const guide = (answers, expect = 200, key = 'open-restaurant') => anyone.call('POST', `/api/v1/scenes/${key}/guide`, { body: { answers }, expect })
  const answers = { place: 'own_shop', licence: 'no', kind: 'noodles', raw_food: 'no', open_fire: 'no', sign: 'yes' }
  const { body: whole } = await guide(answers)
  const { body: item } = await anyone.get('/api/v1/items/restaurant-one-matter')
  const { counts } = whole
  assert(scene.questions.length === 6 && whole.apply.length === 1 && whole.items.length === 5, JSON.stringify(whole.apply))
  assert(counts.forms === item.counts.forms && counts.fields === item.counts.fields && counts.prefilled === item.counts.prefilled && counts.answered === 3, JSON.stringify(counts))
  assert(counts.asked < item.counts.asked - 3, 'what is not asked after these answers is counted')
  const { body: rented } = await guide({ ...answers, place: 'rented_shop' })
  assert(rented.counts.asked > counts.asked && rented.data.length < whole.data.length, 'a rented shop is in the register of its tenant')
  const { body: single } = await guide({ ...answers, licence: 'yes', sign: 'no' })
  assert(single.apply.length === 3 && single.items.length === 3 && single.promised_wd === 10 && single.steps.every(({ stage }) => stage === 2), JSON.stringify(single.steps))
  assert((await guide({ ...answers, kind: 'sushi' }, 422)).body.field === '/answers/kind', 'an unknown answer is taken')
  assert((await guide({ place: 'dwelling' }, 422)).body.field === '/answers/licence', 'a missing answer is taken')
  await guide({ ...answers, colour: 'red' }, 422)
  await guide(answers, 404, 'absent')
})
