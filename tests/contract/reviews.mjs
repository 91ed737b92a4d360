// reviews.mjs - what people think: of a matter that has ended, once; of a visit to a counter, once, by its link; what a unit sees of it, and the figures.
import { also, assert } from '../e2e/harness.mjs'
import { caller } from '../e2e/restaurant.mjs'
import { filled } from './items.mjs'

/** The status of a call that is refused, and the place that it points to. */
async function refused(call) {
  const error = await call.then(() => undefined, (failure) => failure)
  assert(error, 'it was not refused')
  return { status: Number(/answered (\d+)/.exec(error.message)?.[1]), field: /"field":"([^"]*)"/.exec(error.message)?.[1] }
}

async function in_post(base, sign_in, post) {
  const call = await caller(base, sign_in)
  await call('PUT', '/api/v1/session/post', { post })
  return call
}

/** Takes in, at the counter, what needs no files; answers the case. */
async function take_in(clerk) {
  const key = 'housing-fund-statement'
  const { body: item } = await clerk('GET', `/api/v1/items/${key}`)
  const { body: draft } = await clerk('POST', '/api/v1/drafts', { item: key, bearer: { code: { scheme: 'cn.citizen-id', value: '332021196910010556' }, name: '陈建国' } })
  await clerk('PUT', `/api/v1/drafts/${draft.id}`, { form: filled(item.form.schema, {}) })
  return (await clerk('POST', `/api/v1/drafts/${draft.id}/submit`)).body.case
}

export const reviews = (base) => also('a matter and a visit are reviewed once each; what is bad is followed up; nobody is told who', async () => {
  const citizen = await caller(base, 'wang.fang')
  const ended = (await citizen('GET', '/api/v1/cases?limit=200')).body.items.filter(({ reviewed }) => reviewed === false)
  assert(ended.length >= 3, `${ended.length} to be reviewed`)
  const [good, bad] = ended
  const path = `/api/v1/cases/${good.id}/review`
  const { body: before } = await citizen('GET', path)
  assert(before.may && before.choices.good.length && before.choices.bad.length && !before.review, JSON.stringify(before))
  assert((await refused(citizen('POST', path, { grade: 'splendid' }))).field === '/grade', 'an unknown grade is taken')
  assert((await refused(citizen('POST', path, { grade: 'satisfied', tags: ['slow'] }))).field === '/tags/0', 'a tag of a bad review is taken')
  assert((await refused(citizen('POST', path, { grade: 'satisfied', channel: 'counter' }))).field === '/channel', 'a channel of a counter is taken')
  assert((await refused(citizen('POST', path, { grade: 'satisfied', words: '好'.repeat(501) }))).field === '/words', '501 characters are taken')
  assert((await refused(citizen('POST', path, { grade: 'dissatisfied' }))).field === '/words', 'a bad review needs no reason')
  const { body: after } = await citizen('POST', path, { grade: 'very_satisfied', channel: 'mobile', tags: ['quick'], words: '好'.repeat(500) })
  assert(after.review.state === 'counted' && !after.may && !after.review.followup, JSON.stringify(after))
  assert((await refused(citizen('POST', path, { grade: 'satisfied' }))).status === 409, 'a matter is reviewed twice')
  const { body: low } = await citizen('POST', `/api/v1/cases/${bad.id}/review`, { grade: 'very_dissatisfied', tags: ['slow'], words: '等了很久。', anonymous: true, phone: '10255510001' })
  assert(low.review.state === 'open' && low.review.due_on && !low.review.late, JSON.stringify(low))
  assert((await citizen('GET', '/api/v1/cases?limit=200')).body.items.find(({ id }) => id === bad.id).reviewed === true, 'the list does not know')

  const hotline = await in_post(base, 'tao.li', 'hotline/clerk')
  const by_number = (number) => `/api/v1/hotline/matters/${number}`
  const { body: matters } = await citizen('GET', '/api/v1/cases?limit=200')
  const third = matters.items.find(({ reviewed }) => reviewed === false)
  assert((await refused(hotline('GET', by_number('YX-20260101-00000000')))).status === 404, 'any number is of a matter')
  assert((await refused(citizen('GET', by_number(bad.number)))).status === 403, 'whoever has a number reviews by it')
  const { body: known } = await hotline('GET', by_number(bad.number))
  assert(known.reviewed && !known.may && !JSON.stringify(known).includes('王芳') && !JSON.stringify(known).includes('等了很久'), JSON.stringify(known))
  assert((await refused(hotline('POST', `${by_number(bad.number)}/review`, { grade: 'satisfied' }))).status === 409, 'a matter is reviewed twice')
  const { body: heard } = await hotline('POST', `${by_number(third.number)}/review`, { grade: 'satisfied', tags: ['quick'] })
  assert(heard.reviewed && !heard.may, JSON.stringify(heard))
  assert((await citizen('GET', `/api/v1/cases/${third.id}/review`)).body.review.channel === 'hotline', 'it is not said where it came from')

  const stranger = await caller(base, 'li.na')
  assert((await refused(stranger('GET', path))).status === 404 && (await refused(stranger('POST', path, { grade: 'satisfied' }))).status === 404, 'a stranger reviews')
  assert((await refused(stranger('GET', '/api/v1/reviews'))).status === 403 && (await refused(stranger('GET', '/api/v1/reviews/figures'))).status === 403, 'a stranger reads reviews')

  const clerk = await in_post(base, 'xu.mei', 'xikou/counter-clerk')
  const taken = await take_in(clerk)
  assert((await refused(clerk('POST', `/api/v1/cases/${taken}/review`, { grade: 'satisfied' }))).status === 403, 'a clerk reviews for the applicant')
  const { body: link } = await clerk('GET', `/api/v1/counter/cases/${taken}/visit`)
  assert(!link.reviewed && /^\/review\/[\w-]{22}$/.test(link.path), JSON.stringify(link))
  assert((await clerk('GET', `/api/v1/counter/cases/${taken}/visit/code`)).body.includes('<svg'), 'there is no code')
  const svg = await fetch(new URL(`/api/v1/counter/cases/${taken}/visit/code`, base))
  assert(svg.status === 401, 'the code is for anyone')
  assert((await refused(clerk('GET', `/api/v1/counter/cases/${bad.id}/visit`))).status === 404, 'a case that was not taken in there has a link')
  const code = link.path.slice('/review/'.length)
  const visit = async (method, where, body) => {
    const answer = await fetch(new URL(where, base), { method, headers: { 'Accept-Language': 'zh', ...(body && { 'Content-Type': 'application/json' }) }, body: body && JSON.stringify(body) })
    return { status: answer.status, body: await answer.json() }
  }
  const seen = await visit('GET', `/api/v1/visits/${code}`)
  assert(seen.body.may && seen.body.unit.key === 'xikou' && !JSON.stringify(seen.body).includes('陈建国'), JSON.stringify(seen))
  assert((await visit('GET', '/api/v1/visits/nonsense')).status === 404, 'any link is for a visit')
  assert((await visit('POST', `/api/v1/visits/${code}/review`, { grade: 'satisfied', channel: 'online' })).status === 422, 'a channel of the portal is taken')
  const given = await visit('POST', `/api/v1/visits/${code}/review`, { grade: 'dissatisfied', channel: 'counter', tags: ['unkind'] })
  assert(given.status === 201 && given.body.review.unit.key === 'xikou' && given.body.review.state === 'open', JSON.stringify(given))
  assert((await visit('POST', `/api/v1/visits/${code}/review`, { grade: 'satisfied' })).status === 409, 'a visit is reviewed twice')
  assert((await clerk('GET', `/api/v1/counter/cases/${taken}/visit`)).body.reviewed, 'the counter does not know')

  const leader = await in_post(base, 'lin.wenbo', 'yunxi/county-head')
  const { body: all } = await leader('GET', '/api/v1/reviews?show=bad&words=false&limit=1')
  assert(all.items.length === 1 && all.next && all.units.length > 50, JSON.stringify(all.items))
  const { body: rest } = await leader('GET', `/api/v1/reviews?show=open&words=true&cursor=${all.next}`)
  const hidden = rest.items.find(({ words }) => words === '等了很久。')
  assert(hidden && !hidden.matter && hidden.followup.number.startsWith('HCP-') && !JSON.stringify(rest).includes('王芳'), JSON.stringify(rest.items))
  assert((await leader('GET', '/api/v1/reviews?show=late&unit=xikou')).body.items.length === 0, 'something is late on its first day')
  const { body: figures } = await leader('GET', '/api/v1/reviews/figures?days=30')
  assert(figures.all.open >= 2 && figures.all.average > 1 && figures.by_unit.some(({ unit }) => unit.key === 'xikou') && figures.by_item.length > 0, JSON.stringify(figures.all))
  assert((await leader('GET', '/api/v1/reviews/figures?unit=xikou')).body.all.given === 1, 'the figures of one unit are of others too')
  const of_case = (await leader('GET', `/api/v1/cases/${hidden.followup.case}`)).body
  assert(of_case.form.words === '等了很久。' && of_case.form.phone === '10255510001' && !of_case.form.matter, JSON.stringify(of_case.form))

  const head = await in_post(base, 'liu.yang', 'market-regulation/head')
  assert((await refused(head('GET', '/api/v1/reviews?unit=xikou'))).field === '/unit', 'a head reads the reviews of another unit')
  assert((await refused(head('GET', '/api/v1/reviews/figures?unit=xikou&days=7'))).status === 403, 'a head reads the figures of another unit')
  assert((await refused(leader('GET', '/api/v1/reviews?cursor=x'))).field === '/cursor', 'a strange cursor is taken')
  assert((await visit('GET', `/api/v1/items/${good.item}`)).body.reviews.count >= 1, 'the item does not say what people think')
})
