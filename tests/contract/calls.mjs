// calls.mjs - one application from sign-in to certificate over the wire, with every operation of the contract and its common refusals.
import { randomUUID } from 'node:crypto'
import { also, assert, step } from '../e2e/harness.mjs'
import { attach_photographs, photograph } from '../e2e/restaurant.mjs'
import { certificates } from './certificates.mjs'
import { figures_and_demo } from './demo.mjs'
import { add_files, files_of_a_case } from './files.mjs'
import { scenes } from './items.mjs'
import { messages } from './messages.mjs'
import { open_catalogue } from './open.mjs'
import { certificate_in_place } from './presentations.mjs'
import { people } from './people.mjs'
import { share } from './sharing.mjs'

/** One caller with her cookies. */
export class Caller {
  constructor(base) {
    this.base = base
    this.cookies = new Map()
    this.csrf = ''
  }

  /** `{status, body, headers}`; a JSON body is parsed. */
  async call(method, path, { body, headers = {}, expect } = {}) {
    const all = { 'Accept-Language': 'en', ...headers }
    if (this.cookies.size) all.Cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    if (!['GET', 'HEAD'].includes(method) && all['X-CSRF-Token'] === undefined) all['X-CSRF-Token'] = this.csrf
    if (body !== undefined) all['Content-Type'] ??= 'application/json'
    const answer = await fetch(new URL(path, this.base), { method, headers: all, body: body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body) })
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)
      if (value) this.cookies.set(name, value)
      else this.cookies.delete(name)
    }
    const text = await answer.text()
    const result = { status: answer.status, headers: answer.headers, body: /[/+]json\b/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : text }
    if (expect) assert(result.status === expect, `${method} ${path} answered ${result.status}, not ${expect}: ${text.slice(0, 400)}`)
    return result
  }

  get(path, expect = 200) {
    return this.call('GET', path, { expect })
  }

  async sign_in({ sign_in, password }) {
    const { body } = await this.call('POST', '/api/v1/session', { body: { sign_in, password }, expect: 201 })
    this.csrf = body.csrf_token
    return body.actor
  }
}

const rest_of_form = (form) => ({
  ...form,
  operator: { name: '王芳', address: '溪口镇老街17号', ...form.operator, phone: '10255510001' },
  premises: { address: '溪口镇老街17号', area_m2: 46.5, ...form.premises },
  restaurant: { name: '溪畔小馆', kind: 'noodles', seats: 20, opens_on: '2027-03-01' },
  declaration: { true_and_complete: true },
})

export async function calls(base) {
  const anyone = new Caller(base)
  let accounts = []
  let today
  let item
  await step('what is open to everyone', async () => {
    const { body: here } = await anyone.get('/api/v1/jurisdiction')
    accounts = here.accounts
    today = here.today
    await anyone.get('/readyz')
    await anyone.get('/healthz')
    await anyone.get('/metrics')
    await anyone.get('/api/v1/session')
    const { body: open } = await anyone.get('/api/v1/resources')
    assert(open.items.length > 0 && open.items.every(({ share_class }) => share_class === 'unconditional'), 'everybody sees what is shared on conditions')
    const { body: items } = await anyone.get('/api/v1/items?q=' + encodeURIComponent('餐馆'))
    assert(items.items.some(({ key }) => key === 'open-restaurant'), 'the small restaurant is not found')
    item = (await anyone.get('/api/v1/items/open-restaurant')).body
  })

  await scenes(anyone)

  await open_catalogue(anyone)

  await also('refusals of those who are not signed in, or ask for what is not there', async () => {
    for (const path of ['drafts', 'item-records', 'cases', 'tasks', 'certificates', 'grants', 'decisions', 'decisions/restaurant-risk', 'decisions/by-law?law=x', 'definitions', 'definitions/x', 'incidents', 'incidents/groups', `incidents/${randomUUID()}`, 'sweeps', 'usage?view=about-me', `ledger/entries/${randomUUID()}`, `drafts/${randomUUID()}`]) {
      const { body } = await anyone.get(`/api/v1/${path}`, 401)
      assert(body.code === 'unauthenticated' && body.type === '/problems/unauthenticated', JSON.stringify(body))
    }
    await anyone.get('/api/v1/items/absent', 404)
    await anyone.get('/api/v1/items/Not%20a%20key', 404)
    await anyone.get('/api/v1/ledger/consistency?first=0&second=1', 422)
    await anyone.get('/api/v1/nothing', 404)
    await anyone.call('PUT', '/api/v1/items', { expect: 405 })
    await anyone.call('POST', '/api/v1/session', { body: { sign_in: 'nobody', password: 'not the password' }, expect: 401 })
    await anyone.call('POST', '/api/v1/session', { body: { sign_in: 'nobody' }, expect: 422 })
    await anyone.call('POST', '/api/v1/session', { body: '{', expect: 422 })
    await anyone.call('POST', '/api/v1/session', { body: '{}', headers: { 'Content-Type': 'text/plain' }, expect: 422 })
    await anyone.call('POST', '/api/v1/session', { body: { sign_in: 'nobody', password: 'not the password' }, headers: { 'Content-Type': 'Application/JSON ; charset=utf-8' }, expect: 401 })
    await anyone.call('POST', '/api/v1/session', { body: { sign_in: 'x'.repeat(5000), password: 'x' }, expect: 413 })
    await anyone.call('POST', '/api/v1/session', { body: { sign_in: 'a', password: 'b' }, headers: { Origin: 'https://elsewhere.example' }, expect: 403 })
    await anyone.call('POST', '/api/v1/certificates/verify', { body: { signed: 'a.b.c' }, expect: 200 })
  })

  const citizen = new Caller(base)
  await step('a citizen signs in', async () => {
    await citizen.sign_in(accounts.find(({ staff }) => !staff))
    const { body } = await citizen.get('/api/v1/session')
    assert(body.actor && body.csrf_token === citizen.csrf, 'the session is not hers')
    const before = new Caller(base)
    before.cookies = new Map(citizen.cookies)
    await citizen.sign_in(accounts.find(({ staff }) => !staff))
    await before.get('/api/v1/drafts', 401) // whoever signs in leaves the session before
    await citizen.get('/api/v1/drafts')
  })

  let draft
  await step('she begins a draft; the same key gives the same answer, another body under it is a conflict', async () => {
    const key = randomUUID()
    const make = (body) => citizen.call('POST', '/api/v1/drafts', { body, headers: { 'Idempotency-Key': key } })
    const [first, again] = [await make({ item: item.key }), await make({ item: item.key })]
    assert(first.status === 201 && again.status === 201 && first.body.id === again.body.id, 'two drafts under one key')
    assert(first.headers.get('location') === again.headers.get('location') && first.headers.get('etag') === again.headers.get('etag'), 'another header')
    assert((await make({ item: 'absent' })).status === 409, 'no conflict')
    const at_once = await Promise.all([1, 2, 3, 4].map(() => citizen.call('POST', '/api/v1/drafts', { body: { item: item.key }, headers: { 'Idempotency-Key': `${key}-x` } })))
    assert(new Set(at_once.map(({ body }) => body.id)).size === 1, 'the same key at the same time made several drafts')
    await citizen.call('DELETE', `/api/v1/drafts/${at_once[0].body.id}`, { expect: 204 })
    draft = first.body
  })
  await also('what changes something needs the token, and not from another site', async () => {
    await citizen.call('POST', '/api/v1/drafts', { body: { item: item.key }, headers: { 'X-CSRF-Token': 'wrong' }, expect: 403 })
    await citizen.call('POST', '/api/v1/drafts', { body: { item: item.key }, headers: { 'X-CSRF-Token': '' }, expect: 403 })
    await citizen.call('POST', '/api/v1/drafts', { body: { item: item.key }, headers: { Origin: 'https://elsewhere.example' }, expect: 403 })
    await citizen.call('POST', '/api/v1/drafts', { body: { item: item.key }, headers: { 'Sec-Fetch-Site': 'cross-site' }, expect: 403 })
    await citizen.call('POST', '/api/v1/drafts', { body: { item: item.key }, headers: { 'Idempotency-Key': 'short' }, expect: 422 })
    await citizen.call('POST', '/api/v1/drafts', { body: { item: item.key, more: 1 }, expect: 422 })
    await citizen.call('POST', '/api/v1/drafts', { body: { item: 'absent' }, expect: 404 })
  })
  await step('two reads fill it, she completes it, a stale version is refused', async () => {
    for (const offer of item.data) {
      await citizen.call('POST', `/api/v1/drafts/${draft.id}/prefill`, { body: { grant: offer.grant, authorised: true }, headers: { 'Idempotency-Key': randomUUID() } })
    }
    await citizen.call('POST', `/api/v1/drafts/${draft.id}/prefill`, { body: { grant: 'absent', authorised: true }, expect: 422 })
    const current = await citizen.get(`/api/v1/drafts/${draft.id}`)
    const form = rest_of_form(current.body.form)
    await citizen.call('PUT', `/api/v1/drafts/${draft.id}`, { body: { form }, headers: { 'If-Match': '"999"' }, expect: 412 })
    await citizen.call('PUT', `/api/v1/drafts/${draft.id}`, { body: { form }, headers: { 'If-Match': current.headers.get('etag') }, expect: 200 })
    await citizen.get('/api/v1/drafts')
    await citizen.get(`/api/v1/drafts/${randomUUID()}`, 404)
    const check = (key, data, expect) => citizen.call('POST', `/api/v1/forms/${key}/check`, { body: { data }, expect })
    const { body: unfinished } = await check(item.form.id, { premises: { area_m2: 1 } }, 200)
    assert(unfinished.errors.some(({ pointer, code }) => pointer === '/premises/area_m2' && code === 'minimum') && unfinished.errors.length > 3, JSON.stringify(unfinished))
    assert((await check('open-restaurant', form, 200)).body.errors.length === 0, 'the form is not right')
    await check('absent', {}, 404)
    await check('open-restaurant', [], 422)
    await check('open-restaurant', { x: 'x'.repeat(600_000) }, 413)
    await anyone.call('POST', '/api/v1/forms/open-restaurant/check', { body: { data: {} }, expect: 401 })
  })

  await step('she adds the two photographs; the application is refused while one is missing', async () => {
    const early = await citizen.call('POST', `/api/v1/drafts/${draft.id}/submit`, { expect: 422 })
    assert(early.body.field === '/materials/shop-front', JSON.stringify(early.body))
    await add_files(citizen, draft.id)
  })

  let receipt
  await step('she submits, and sees her case', async () => {
    await citizen.call('PUT', `/api/v1/drafts/${draft.id}/result`, { body: { way: 'collect' }, headers: { 'If-Match': '"999"' }, expect: 412 })
    await citizen.call('PUT', `/api/v1/drafts/${draft.id}/result`, { body: { way: 'collect' }, expect: 200 })
    receipt = (await citizen.call('POST', `/api/v1/drafts/${draft.id}/submit`, { headers: { 'Idempotency-Key': randomUUID() }, expect: 201 })).body
    await citizen.call('POST', `/api/v1/drafts/${draft.id}/submit`, { expect: 404 })
    await citizen.get('/api/v1/cases?limit=1')
    await citizen.get('/api/v1/cases?limit=0', 422)
    await citizen.get('/api/v1/cases?cursor=nonsense', 422)
    await citizen.get(`/api/v1/cases/${receipt.case}`)
    await citizen.get(`/api/v1/cases/${receipt.case}/diagram`)
    await citizen.get(`/api/v1/cases/${receipt.case}/usage`)
    await citizen.get(`/api/v1/cases/${randomUUID()}`, 404)
    await citizen.get('/api/v1/usage?view=about-me')
    await citizen.get('/api/v1/usage?view=wrong', 422)
    await citizen.get('/api/v1/tasks', 403)
    await citizen.get('/api/v1/tasks/counts', 403)
    await citizen.get('/api/v1/notices')
    await citizen.get('/api/v1/decisions', 403)
    await citizen.get('/api/v1/decisions/restaurant-risk', 403)
    await citizen.get('/api/v1/decisions/absent', 403)
    await citizen.get('/api/v1/decisions/by-law?law=x', 403)
    await citizen.call('POST', '/api/v1/decisions/restaurant-risk/evaluate', { body: { input: {} }, expect: 403 })
    await citizen.call('POST', '/api/v1/decisions/check', { body: { xml: '<x/>' }, expect: 403 })
  })

  await step('she adds a file to the case and takes it away; who is not concerned sees none', async () => files_of_a_case(citizen, anyone, receipt.case))

  await step('a clerk at a counter begins for whom the document names', () => at_counter(base, accounts[0].password))
  await step('five forms as one, in which nothing is asked twice', () => all_in_one(citizen))
  await step('her business licence stands in for a file', async () => {
    const other = new Caller(base)
    await other.sign_in(accounts.filter(({ staff }) => !staff)[1])
    await certificate_in_place(citizen, other)
  })
  await step('the offices decide', async () => {
    for (let round = 0; round < 3; round++) {
      for (const account of accounts.filter(({ staff }) => staff)) {
        const clerk = new Caller(base)
        const actor = await clerk.sign_in(account)
        if (round === 0 && actor.posts.length) await clerk.call('PUT', '/api/v1/session/post', { body: { post: actor.posts[0].key }, expect: 200 })
        await clerk.call('PUT', '/api/v1/session/post', { body: { post: 'absent' }, expect: 403 })
        if (round === 0 && actor.posts.length) await as_resident(clerk, actor.posts[0])
        const tasks = await clerk.call('GET', '/api/v1/tasks')
        await clerk.call('GET', '/api/v1/tasks?state=done&limit=5')
        if (round === 0 && tasks.status === 200) await look_through(clerk, actor, receipt)
        for (const task of tasks.status === 200 ? tasks.body.items : []) {
          await clerk.get(`/api/v1/tasks/${task.id}`)
          await clerk.call('POST', `/api/v1/tasks/${task.id}/claim`, { expect: 200 })
          if (round === 0) await steer(clerk, task, actor)
          if (round === 0 && ['market-regulation', 'fire'].includes(actor.unit.key)) await work_together(base, account.password, clerk, task, actor, item)
          const { body } = await clerk.get(`/api/v1/tasks/${task.id}`)
          const outcome = body.outcomes.find(({ needs_reason }) => !needs_reason) ?? body.outcomes[0]
          const complete = (decision) => clerk.call('POST', `/api/v1/tasks/${task.id}/complete`, { body: decision, headers: { 'Idempotency-Key': randomUUID() } })
          assert((await complete({ outcome: 'nonsense' })).status === 422, 'an unknown outcome is accepted')
          const { body: strange } = await complete({ outcome: outcome.key, form: { seats: 1 } })
          if (body.form) assert(strange.errors.map(({ pointer, code }) => `${pointer} ${code}`).join() === '/form/visited_on required,/form/seats additionalProperties' && strange.errors[0].message['zh-CN'], JSON.stringify(strange))
          else assert(strange.field === '/form', 'a form is taken that the task does not ask for')
          assert((await complete({ outcome: outcome.key, form: [] })).body.field === '/form', 'a list is taken as a form')
          const form = body.form && { visited_on: today, exits_clear: true, found: [{ what: '灭火器过期', put_right: false }], open_points: 99 }
          const done = await complete({ outcome: outcome.key, opinion: '符合要求。', ...(form && { form }) })
          assert(done.status === 200, JSON.stringify(done.body))
          assert((await complete({ outcome: outcome.key })).status === 409, 'a task is decided twice')
        }
        if (tasks.status === 200) await clerk.get(`/api/v1/tasks/${randomUUID()}`, 404)
        if (round === 0) await look_up(clerk)
        if (round === 0 && actor.permissions.includes('decisions.read')) await ask_decisions(clerk)
        await clerk.call('DELETE', '/api/v1/session', { expect: 204 })
        await clerk.get('/api/v1/drafts', 401)
      }
    }
  })

  await messages(base, async (sign_in) => {
    const who = new Caller(base)
    await who.sign_in({ sign_in, password: accounts[0].password })
    return who
  }, anyone, receipt.case)

  await step('a head ends a case; the operator sends a signal', async () => {
    const { body: second } = await citizen.call('POST', '/api/v1/drafts', { body: { item: item.key }, expect: 201 })
    await citizen.call('PUT', `/api/v1/drafts/${second.id}`, { body: { form: rest_of_form({}) }, expect: 200 })
    await attach_photographs((method, path, body) => citizen.call(method, path, { body, expect: 201 }), second.id)
    const { body: opened } = await citizen.call('POST', `/api/v1/drafts/${second.id}/submit`, { expect: 201 })
    const { body: hers } = await citizen.get(`/api/v1/cases/${opened.case}`)
    assert(hers.actions.includes('withdraw') && hers.actions.includes('urge'), JSON.stringify(hers.actions))
    const step_of = hers.tasks.find(({ state }) => state === 'free')
    await citizen.call('POST', `/api/v1/tasks/${step_of.id}/urge`, { body: { note: '下周开业。' }, expect: 204 })
    await citizen.call('POST', `/api/v1/tasks/${step_of.id}/urge`, { body: { note: '再次催办。' }, expect: 409 })
    await citizen.get(`/api/v1/cases/${opened.case}/comments`, 403)
    await citizen.call('POST', `/api/v1/cases/${opened.case}/comments`, { body: { body: 'x' }, expect: 403 })
    await end_and_signal(base, accounts[0].password, opened.case)
    await citizen.call('POST', `/api/v1/cases/${opened.case}/withdraw`, { body: { reason: '已办结。' }, expect: 409 })
    await citizen.call('POST', `/api/v1/cases/${opened.case}/pause`, { body: { reason: 'other', legal_basis: 'x' }, expect: 403 })
    const { body: third } = await citizen.call('POST', '/api/v1/drafts', { body: { item: item.key }, expect: 201 })
    await citizen.call('PUT', `/api/v1/drafts/${third.id}`, { body: { form: rest_of_form({}) }, expect: 200 })
    await attach_photographs((method, path, body) => citizen.call(method, path, { body, expect: 201 }), third.id)
    const { body: again } = await citizen.call('POST', `/api/v1/drafts/${third.id}/submit`, { expect: 201 })
    await citizen.call('POST', `/api/v1/cases/${again.case}/withdraw`, { body: { reason: '' }, expect: 422 })
    const { body: gone } = await citizen.call('POST', `/api/v1/cases/${again.case}/withdraw`, { body: { reason: '不再开办。' }, expect: 200 })
    assert(gone.state === 'withdrawn' && gone.actions.length === 0, JSON.stringify([gone.state, gone.actions]))
    await citizen.call('POST', `/api/v1/cases/${randomUUID()}/withdraw`, { body: { reason: '没有该办件。' }, expect: 404 })
    await citizen.call('POST', '/api/v1/signals', { body: { name: 'flood-warning' }, expect: 403 })
    await citizen.call('POST', '/api/v1/messages', { body: { name: 'payment-received' }, expect: 403 })
  })

  await step('a clerk decides many at once, and goes away', async () => {
    const opened = []
    for (let i = 0; i < 2; i++) {
      const { body: next } = await citizen.call('POST', '/api/v1/drafts', { body: { item: item.key }, expect: 201 })
      await citizen.call('PUT', `/api/v1/drafts/${next.id}`, { body: { form: rest_of_form({}) }, expect: 200 })
      await attach_photographs((method, path, body) => citizen.call(method, path, { body, expect: 201 }), next.id)
      opened.push((await citizen.call('POST', `/api/v1/drafts/${next.id}/submit`, { expect: 201 })).body)
    }
    await citizen.call('POST', '/api/v1/tasks/batch', { body: { tasks: [randomUUID()], outcome: 'approve' }, expect: 403 })
    const clerk = new Caller(base)
    await clerk.sign_in({ sign_in: 'zhang.wei', password: accounts[0].password })
    await decide_many(clerk, opened)
    await go_away(base, clerk, accounts[0].password)
    await citizen.get('/api/v1/absences')
    await citizen.call('POST', '/api/v1/absences', { body: { stand_in: randomUUID(), from: day_from_now(40), to: day_from_now(41) }, expect: 422 })
  })

  await step('a unit publishes a resource, another one asks for it, reads it under a grant, and no longer when it is suspended or ended', () =>
    share(async (sign_in) => {
      const who = new Caller(base)
      await who.sign_in({ sign_in, password: accounts[0].password })
      return who
    }))

  await step('she has the certificate, and everybody can verify it', async () => {
    const { body: mine } = await citizen.get('/api/v1/certificates')
    assert(mine.items.length > 0, 'no certificate was issued')
    const { body: certificate } = await citizen.get(`/api/v1/certificates/${mine.items[0].id}`)
    await citizen.get(`/api/v1/certificates/${randomUUID()}`, 404)
    const { body } = await anyone.call('POST', '/api/v1/certificates/verify', { body: { signed: certificate.signed }, expect: 200 })
    assert(body.valid, JSON.stringify(body))
    await anyone.call('POST', '/api/v1/certificates/verify', { body: { signed: 'x'.repeat(70_000) }, expect: 413 })
  })

  await step('another verifier takes it, whole or in part, and not when it is tampered with, suspended or revoked', async () => {
    const head = new Caller(base)
    await head.sign_in({ sign_in: 'liu.yang', password: accounts[0].password })
    await certificates(anyone, citizen, head)
  })

  await step('the ledger proves it', async () => {
    let head = await anyone.call('GET', '/api/v1/ledger')
    let entry = await citizen.call('GET', `/api/v1/ledger/entries/${receipt.entry}`)
    for (const deadline = Date.now() + 20_000; (head.status !== 200 || entry.status !== 200) && Date.now() < deadline;) {
      head = await anyone.call('GET', '/api/v1/ledger')
      entry = await citizen.call('GET', `/api/v1/ledger/entries/${receipt.entry}`)
    }
    assert(head.status === 200 && entry.body.body !== undefined, `the applicant does not see the body of her entry: ${JSON.stringify(entry.body).slice(0, 300)}`)
    await anyone.get(`/api/v1/ledger/consistency?first=1&second=${head.body.size}`)
    await anyone.get(`/api/v1/ledger/consistency?first=1&second=${head.body.size + 1_000_000}`, 422)
    await anyone.get('/ledger/checkpoint')
    await anyone.get('/ledger/tile/9/000', 404)
    await citizen.get(`/api/v1/ledger/entries/${randomUUID()}`, 404)
  })

  const with_password = async (sign_in, password) => {
    const who = new Caller(base)
    await who.sign_in({ sign_in, password })
    return who
  }
  await people((sign_in) => with_password(sign_in, accounts[0].password), anyone, with_password)

  await figures_and_demo(async (sign_in) => {
    const who = new Caller(base)
    await who.sign_in({ sign_in, password: accounts[0].password })
    return who
  }, anyone)

  await step('she ends every session', async () => {
    await citizen.call('POST', '/api/v1/session/end-all', { expect: 204 })
    await citizen.get('/api/v1/drafts', 401)
  })
}

/** Staff are residents too: out of her post a person may do what any citizen may, and nothing of the post; then she takes it again. */
async function as_resident(clerk, post) {
  const choose = (body, expect) => clerk.call('PUT', '/api/v1/session/post', { body, expect })
  for (const wrong of [{}, { post: '' }, { post: 7 }]) await choose(wrong, 422)
  const { body: session } = await choose({ post: null }, 200)
  assert(session.actor.post === undefined && session.actor.unit === undefined && session.actor.posts.length > 0, JSON.stringify(session.actor))
  await clerk.get('/api/v1/usage?view=about-me')
  await clerk.get('/api/v1/drafts')
  await clerk.get('/api/v1/usage?view=by-unit', 403)
  await clerk.get('/api/v1/tasks', 403)
  await choose({ post: post.key }, 200)
}

/** The lists that the caller has, by their filters; her notices. */
async function look_through(clerk, actor, receipt) {
  const head = actor.permissions.includes('cases.supervise')
  const of = async (query, expect = 200) => (await clerk.get(`/api/v1/tasks?${query}`, expect)).body.items
  const all = await of('limit=200')
  const numbers = (tasks) => tasks.map(({ number }) => number).sort().join()
  assert(numbers([...await of('scope=mine'), ...await of('scope=post')]) === numbers(all), 'mine and post are not the whole')
  assert(numbers([...await of('item=open-restaurant&limit=200'), ...await of('item=restaurant-one-matter'), ...await of('item=signboard')]) === numbers(all) && (await of('item=absent')).length === 0, 'by item')
  assert((await of('mark=red')).length === 0, 'something is late')
  await of('mark=none', 422)
  await of('scope=all', 422)
  await of('cursor=x', 422)
  await of('item=Not%20a%20key', 422)
  await of('level=moon&scope=below', head ? 422 : 422)
  await of('text=' + 'x'.repeat(101), 422)
  if (all.length) assert((await of(`text=${receipt.number.toLowerCase()}`)).every(({ number }) => number === receipt.number), 'by number')
  assert((await of('text=' + encodeURIComponent('没有此人'))).length === 0, 'by title')
  await of('scope=unit', head ? 200 : 403)
  await of('scope=below&level=village', head ? 200 : 403)
  await of('scope=unit&unit=absent', 404)
  const { body: counts } = await clerk.get('/api/v1/tasks/counts')
  assert(counts.desk.open.n === all.length && (counts.unit !== undefined) === head, JSON.stringify(counts))
  const { body: notices } = await clerk.get('/api/v1/notices?limit=1')
  assert(notices.items.length === 0, JSON.stringify(notices))
  await clerk.get('/api/v1/notices?cursor=x', 422)
  await clerk.call('POST', `/api/v1/notices/${randomUUID()}/seen`, { expect: 404 })
}

const day_from_now = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

/** One decision on the tasks of several cases: each by itself, once under its key. */
async function decide_many(clerk, opened) {
  const { body: list } = await clerk.get('/api/v1/tasks?scope=post&limit=200')
  const tasks = list.items.filter((task) => opened.some((receipt) => receipt.case === task.case)).map(({ id }) => id)
  assert(tasks.length === 2, JSON.stringify(list.items))
  const key = { 'Idempotency-Key': randomUUID() }
  const batch = (body, expect, headers = {}) => clerk.call('POST', '/api/v1/tasks/batch', { body, expect, headers })
  await batch({ tasks: [], outcome: 'approve' }, 422)
  await batch({ tasks: [tasks[0], tasks[0]], outcome: 'approve' }, 422)
  await batch({ tasks, outcome: 'nonsense' }, 422)
  await batch({ tasks: Array.from({ length: 201 }, () => randomUUID()), outcome: 'approve' }, 413)
  const absent = randomUUID()
  const { body: first } = await batch({ tasks: [tasks[0], absent, tasks[1]], outcome: 'approve', opinion: '同意。' }, 200, key)
  assert(first.items.map(({ done, code }) => done || code).join() === 'true,not_found,true', JSON.stringify(first))
  const { body: again } = await batch({ tasks: [tasks[0], absent, tasks[1]], outcome: 'approve', opinion: '同意。' }, 200, key)
  assert(JSON.stringify(again) === JSON.stringify(first), 'another answer under the same key')
  await batch({ tasks, outcome: 'approve' }, 409, key)
  const { body: without_key } = await batch({ tasks, outcome: 'approve' }, 200)
  assert(without_key.items.every(({ done }) => done), JSON.stringify(without_key))
  const { body: other } = await batch({ tasks, outcome: 'refuse', opinion: '不同意。' }, 200)
  assert(other.items.every(({ done, code }) => !done && code === 'conflict'), JSON.stringify(other))
}

/** An absence is asked for by her who goes, approved by who grants rights (her head is the stand-in), and ended by herself. */
async function go_away(base, clerk, password) {
  const { body: offices } = await clerk.get('/api/v1/offices')
  const colleague = offices.items.flatMap(({ posts }) => posts).filter(({ key }) => key === 'market-regulation/head').flatMap(({ holders }) => holders).find(({ me }) => !me)
  const enter = (body, expect) => clerk.call('POST', '/api/v1/absences', { body, expect })
  const days = { from: day_from_now(30), to: day_from_now(34) }
  await enter({ ...days, stand_in: randomUUID() }, 422)
  await enter({ stand_in: colleague.account, from: days.to, to: days.from }, 422)
  await enter({ ...days, stand_in: colleague.account, posts: ['fire/head'] }, 422)
  const { body: asked } = await enter({ ...days, stand_in: colleague.account, note: '年休假' }, 201)
  assert(asked.state === 'asked' && asked.mine && asked.posts.length > 0, JSON.stringify(asked))
  await enter({ ...days, stand_in: colleague.account }, 409)
  await clerk.get('/api/v1/absences?view=all', 422)
  assert((await clerk.get('/api/v1/absences')).body.items.length === 1, 'she does not see it')
  const at = (who, act, expect, id = asked.id) => who.call('POST', `/api/v1/absences/${id}/${act}`, { expect })
  await at(clerk, 'approve', 403)
  await at(clerk, 'approve', 404, randomUUID())
  const head = new Caller(base)
  await head.sign_in({ sign_in: 'liu.yang', password })
  assert((await head.get('/api/v1/absences?view=to-approve')).body.items.length === 0, 'the stand-in may approve it')
  await at(head, 'approve', 403)
  const officer = new Caller(base)
  await officer.sign_in({ sign_in: 'zheng.yan', password })
  assert((await officer.get('/api/v1/absences?view=to-approve')).body.items.length === 1, 'the officer does not see it')
  await at(officer, 'approve', 204)
  await at(officer, 'approve', 409)
  await at(head, 'end', 404)
  await at(clerk, 'end', 204)
  await at(clerk, 'end', 409)
}

/** What a clerk may do with her task and its case beside deciding. The task is hers again at the end. */
async function steer(clerk, task, actor) {
  const at = (act, body, expect) => clerk.call('POST', `/api/v1/tasks/${task.id}/${act}`, { body, expect })
  await at('release', { reason: '' }, 422)
  await at('release', {}, 422)
  const { body: free } = await at('release', { reason: '需先办理另一件。' }, 200)
  assert(free.task.state === 'free', JSON.stringify(free.task))
  await at('release', { reason: 'again' }, 409)
  await at('hand-over', { reason: 'to nobody' }, 422)
  await at('hand-over', { account: randomUUID(), reason: 'nobody has it' }, 422)
  await at('hand-over', { unit: 'absent', reason: 'there is no such unit' }, 422)
  await at('hand-over', { unit: actor.unit.key, post: 'absent', reason: 'there is no such post' }, 422)
  await at('hand-over', { unit: actor.unit.key, post: actor.post, reason: '由同岗同事办理。' }, 200)
  await at('claim', undefined, 200)
  const of_case = (act, body, expect) => clerk.call('POST', `/api/v1/cases/${task.case}/${act}`, { body, expect })
  await of_case('resume', undefined, 409)
  await of_case('pause', { reason: 'tired', legal_basis: 'none' }, 422)
  const { body: stopped } = await of_case('pause', { reason: 'supplement', legal_basis: '行政许可法第三十二条', waits_for_applicant: true }, 200)
  assert(stopped.state === 'waiting_for_applicant' && stopped.due_on === undefined, JSON.stringify(stopped.state))
  await of_case('pause', { reason: 'other', legal_basis: 'x' }, 409)
  await at('complete', { outcome: 'approve' }, 409)
  await of_case('resume', undefined, 200)
  await of_case('cancel', { reason: 'a clerk may not' }, 403)
}

/** What a clerk does with her task beside deciding it, with those whom she asks. It is hers at the end, and nothing is open beside it. */
async function work_together(base, password, clerk, task, actor, item) {
  const at = (act, body, expect, who = clerk, id = task.id) => who.call('POST', `/api/v1/tasks/${id}/${act}`, { body, expect })
  const heads = { 'market-regulation': 'liu.yang', fire: 'zhao.lei' }
  const other = Object.keys(heads).find((unit) => unit !== actor.unit.key)
  const [head, asked] = [new Caller(base), new Caller(base)]
  await head.sign_in({ sign_in: heads[actor.unit.key], password })
  await asked.sign_in({ sign_in: heads[other], password })

  const { body: offices } = await clerk.get('/api/v1/offices')
  const colleague = offices.items.find(({ unit }) => unit.key === actor.unit.key).posts.find(({ key }) => key === `${actor.unit.key}/head`).holders[0]
  await at('delegate', { account: randomUUID() }, 422)
  await at('delegate', { note: 'nobody' }, 422)
  const { body: given } = await at('delegate', { account: colleague.account, note: '请先核对材料。', term: '1 WD' }, 200)
  const prepare = given.requests.at(-1).task
  assert(prepare.kind === 'preparation' && given.task.waits_for === 1 && !given.actions.includes('complete'), JSON.stringify(given.actions))
  await at('complete', { outcome: 'approve' }, 409)
  await at('answer', { outcome: 'approve' }, 409, clerk, prepare.id)
  const { body: hers } = await head.get(`/api/v1/tasks/${prepare.id}`)
  assert(hers.request.note === '请先核对材料。' && hers.actions.includes('answer'), JSON.stringify(hers.actions))
  await at('answer', { outcome: 'nonsense' }, 422, head, prepare.id)
  await at('answer', { outcome: 'refuse', opinion: '缺少平面图。' }, 200, head, prepare.id)
  await at('answer', { outcome: 'refuse' }, 409, head, task.id)

  await at('opinions', { unit: other, question: '' , binding: false }, 422)
  await at('opinions', { unit: 'absent', question: '可否？', binding: false }, 422)
  await at('opinions', { unit: other, question: '可否？' }, 422)
  const { body: twice } = await at('opinions', { unit: other, question: '可否？', binding: true }, 200)
  await at('withdraw', { reason: '' }, 422, clerk, twice.requests.at(-1).task.id)
  await at('withdraw', { reason: '已查明。' }, 200, clerk, twice.requests.at(-1).task.id)
  const { body: question } = await at('opinions', { unit: other, post: `${other}/head`, question: '消防与食品条款可有冲突？', term: '3 WD', binding: true }, 200)
  const opinion = question.requests.at(-1).task.id
  const { body: list } = await asked.get('/api/v1/tasks')
  assert(list.items.some(({ id, kind }) => id === opinion && kind === 'opinion'), JSON.stringify(list.items))
  const { body: answered } = await at('complete', { outcome: 'agree', opinion: '无冲突。' }, 200, asked, opinion)
  assert(answered.task.state === 'done', JSON.stringify(answered.task))
  await at('withdraw', { reason: '已答复。' }, 409, clerk, opinion)

  await at('participants', { note: '请提供资料。' }, 422)
  await at('participants', { account: randomUUID(), note: '请提供资料。' }, 422)
  await contribute(base, password, clerk, task, item)

  await supplement(base, password, clerk, task)

  await at('urge', { note: '' }, 422, head)
  await at('urge', { note: '请于本周办结。' }, 204, head)
  await at('urge', { note: 'a clerk may not' }, 403)
  const { body: urged } = await clerk.get(`/api/v1/tasks/${task.id}`)
  assert(urged.task.urged === 1 && urged.task.urge_note === '请于本周办结。' && urged.requests.length === 5, JSON.stringify(urged.task))

  const of_case = (body, expect) => clerk.call('POST', `/api/v1/cases/${task.case}/comments`, { body, expect })
  await of_case({ body: '' }, 422)
  await of_case({ body: '不是这个办件的任务', task: randomUUID() }, 422)
  const { body: comments } = await of_case({ body: '现场已核实。', task: task.id }, 200)
  assert(comments.items.at(-1).body === '现场已核实。' && comments.items.at(-1).task === task.id, JSON.stringify(comments))
  await head.get(`/api/v1/cases/${task.case}/comments`)
  const { body: back } = await clerk.get(`/api/v1/tasks/${task.id}/returns`)
  assert(back.items.length === 0, JSON.stringify(back))
  await at('return', { to: 'grade-risk', reason: '由规则判定。' }, 422)
  await at('return', { to: 'grade-risk' }, 422)
}

/** At a counter: the document must be known and its name fit; the draft is the clerk's to fill in and to discard. */
async function at_counter(base, password) {
  const clerk = new Caller(base)
  await clerk.sign_in({ sign_in: 'xu.mei', password })
  await clerk.call('PUT', '/api/v1/session/post', { body: { post: 'xikou/counter-clerk' }, expect: 200 })
  const begin = (value, name, expect) => clerk.call('POST', '/api/v1/drafts', { body: { item: 'open-restaurant', bearer: { code: { scheme: 'cn.citizen-id', value }, name } }, expect })
  await begin('110101199001011234', '无名氏', 404)
  assert((await begin('332021196910010556', '王芳', 422)).body.field === '/bearer/name', 'another name is taken')
  const { body: draft } = await begin('332021196910010556', '陈建国', 201)
  const { body: drafts } = await clerk.get('/api/v1/drafts')
  assert(drafts.items.some(({ id }) => id === draft.id), 'the draft is not hers to go on with')
  await clerk.call('POST', '/api/v1/drafts', { body: { item: 'open-restaurant' }, expect: 403 })
  await clerk.call('DELETE', `/api/v1/drafts/${draft.id}`, { expect: 204 })
  await clerk.get('/api/v1/counter/cases')
  const stranger = new Caller(base)
  await stranger.sign_in({ sign_in: 'wang.fang', password })
  await stranger.call('POST', '/api/v1/drafts', { body: { item: 'open-restaurant', bearer: { code: { scheme: 'cn.citizen-id', value: '332021196910010556' }, name: '陈建国' } }, expect: 403 })
  await stranger.get('/api/v1/counter/cases', 403)
}

/** The clerk tells the applicant all that is missing; she answers. */
async function supplement(base, password, clerk, task) {
  const citizen = new Caller(base)
  await citizen.sign_in({ sign_in: 'wang.fang', password })
  const ask = (body, expect) => clerk.call('POST', `/api/v1/tasks/${task.id}/supplements`, { body, expect })
  await ask({ missing: '', legal_basis: '行政许可法第三十二条' }, 422)
  await ask({ missing: '请补充平面图。' }, 422)
  const notice = { missing: '请补充平面图。', legal_basis: '行政许可法第三十二条', term: '5 WD' }
  const { body: asked } = await ask(notice, 200)
  assert(asked.case.state === 'waiting_for_applicant' && !asked.actions.includes('ask_supplement') && !asked.actions.includes('complete'), JSON.stringify(asked.actions))
  await ask(notice, 409)
  const { body: seen } = await citizen.get(`/api/v1/cases/${task.case}`)
  const open = seen.supplements.at(-1)
  assert(open.missing === notice.missing && open.open && open.due_on && seen.actions.includes('supplement'), JSON.stringify(seen.supplements))
  const answer = (who, body, expect, id = open.id) => who.call('POST', `/api/v1/supplements/${id}/answer`, { body, expect })
  await answer(citizen, { answer: '' }, 422)
  await answer(citizen, { answer: '在哪里？' }, 404, randomUUID())
  await answer(clerk, { answer: '代答' }, 403)
  const { body: after } = await answer(citizen, { answer: '平面图已在附件中。' }, 200)
  assert(after.state === 'running' && after.supplements.at(-1).answer === '平面图已在附件中。' && !after.actions.includes('supplement'), JSON.stringify(after.supplements))
  await answer(citizen, { answer: '再答一次' }, 409)
}

/** The account of a citizen, as the ledger has it: the entry of an application that she makes and withdraws. */
async function account_of(caller, item) {
  const { body: draft } = await caller.call('POST', '/api/v1/drafts', { body: { item: item.key }, expect: 201 })
  await caller.call('PUT', `/api/v1/drafts/${draft.id}`, { body: { form: rest_of_form({}) }, expect: 200 })
  await attach_photographs((method, path, body) => caller.call(method, path, { body, expect: 201 }), draft.id)
  const { body: receipt } = await caller.call('POST', `/api/v1/drafts/${draft.id}/submit`, { expect: 201 })
  await caller.call('POST', `/api/v1/cases/${receipt.case}/withdraw`, { body: { reason: '改日再办。' }, expect: 200 })
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    const { status, body } = await caller.call('GET', `/api/v1/ledger/entries/${receipt.entry}`)
    if (status === 200) return JSON.parse(body.body).actor.account
  }
  throw new Error('the entry of an application is not in the ledger')
}

/** A person who is brought in sees the one task that she is given, and of the case nothing. */
async function contribute(base, password, clerk, task, item) {
  const chen = new Caller(base)
  await chen.sign_in({ sign_in: 'chen.jianguo', password })
  await chen.get('/api/v1/tasks', 403)
  const drawing = async (name, seed) =>
    (await clerk.call('POST', '/api/v1/attachments', { body: { case: task.case, name, octets: photograph(2_000, seed).toString('base64') }, expect: 201 })).body.attachment
  const [shown, hidden] = [await drawing('平面图.png', 71), await drawing('内部核查.png', 72)]
  const account = await account_of(chen, item)
  const give = (attachments, expect) => clerk.call('POST', `/api/v1/tasks/${task.id}/participants`, { body: { account, note: '请提供图纸说明。', attachments }, expect })
  await give([randomUUID()], 404)
  const { body: asked } = await give([shown.id], 200)
  const { id } = asked.requests.at(-1).task
  const { body: list } = await chen.get('/api/v1/tasks')
  assert(list.items.length === 1 && list.items[0].id === id && list.items[0].applicant === undefined, JSON.stringify(list.items))
  const { body: seen } = await chen.get(`/api/v1/tasks/${id}`)
  assert(seen.case === undefined && seen.task.applicant === undefined && seen.request.note === '请提供图纸说明。' && seen.requests.length === 0, JSON.stringify(seen))
  assert(seen.request.files.length === 1 && seen.request.files[0].name === shown.name, JSON.stringify(seen.request.files))
  await chen.get(`/api/v1/attachments/${shown.id}?task=${id}`)
  await chen.get(`/api/v1/attachments/${hidden.id}?task=${id}`, 404)
  await chen.get(`/api/v1/attachments/${shown.id}`, 404)
  await chen.get(`/api/v1/cases/${task.case}`, 404)
  await chen.get(`/api/v1/cases/${task.case}/comments`, 404)
  await chen.get(`/api/v1/tasks/${task.id}`, 403)
  await chen.call('POST', `/api/v1/tasks/${id}/complete`, { body: { outcome: '' }, expect: 422 })
  await chen.call('POST', `/api/v1/tasks/${id}/complete`, { body: { outcome: '', opinion: '图纸见附件说明。' }, expect: 200 })
  await chen.get('/api/v1/tasks', 403)
  await chen.get(`/api/v1/attachments/${shown.id}?task=${id}`, 404)
}

/** What heads and the operator do. */
async function end_and_signal(base, password, case_id) {
  const head = new Caller(base)
  await head.sign_in({ sign_in: 'liu.yang', password })
  await head.call('POST', `/api/v1/cases/${case_id}/cancel`, { body: { reason: '' }, expect: 422 })
  const { body: ended } = await head.call('POST', `/api/v1/cases/${case_id}/cancel`, { body: { reason: '申请人已注销。' }, expect: 200 })
  assert(ended.state === 'ended', ended.state)
  await head.call('POST', `/api/v1/cases/${case_id}/cancel`, { body: { reason: '再次终止。' }, expect: 409 })
  await head.call('POST', '/api/v1/signals', { body: { name: 'flood-warning' }, expect: 403 })
  const operator = new Caller(base)
  await operator.sign_in({ sign_in: 'wu.gang', password })
  const migrations = '/api/v1/definitions/open-restaurant/migrations'
  const migrate = (who, path, body, expect) => who.call('POST', path, { body, expect })
  for (const path of [`${migrations}/plan`, migrations]) {
    await migrate(operator, path, { from: 'current', to: 'current' }, 422)
    await migrate(operator, path, { from: 'current' }, 422)
    await migrate(operator, path, { from: '00000000', to: 'current' }, 404)
    await migrate(operator, path.replace('open-restaurant', 'absent'), { from: 'current', to: 'current' }, 404)
  }
  await operator.get(`/api/v1/migrations/${randomUUID()}`, 404)
  await operator.call('POST', '/api/v1/signals', { body: { name: 'flood-warning', variables: { river: '溪' } }, expect: 204 })
  await operator.call('POST', '/api/v1/signals', { body: { name: '' }, expect: 422 })
  await operator.call('POST', '/api/v1/messages', { body: { name: 'payment-received', correlation: '7' }, expect: 404 })
  await operator.call('POST', '/api/v1/messages', { body: {}, expect: 422 })
  await operator.call('POST', `/api/v1/cases/${case_id}/pause`, { body: { reason: 'other', legal_basis: 'x' }, expect: 404 })
  await look_after(operator, head)
}

/** Which processes there are, and what has failed: for the operator, not for heads. */
async function look_after(operator, head) {
  for (const path of ['definitions', 'incidents', 'incidents/groups', `incidents/${randomUUID()}`, 'sweeps', `sweeps/${randomUUID()}`]) await head.get(`/api/v1/${path}`, 403)
  await head.call('POST', '/api/v1/incidents/retry', { body: { filter: {}, expected: 0 }, expect: 403 })
  const { body: processes } = await operator.get('/api/v1/definitions')
  const { process, versions } = processes.items[0]
  assert(versions.length === 1 && versions[0].current && versions[0].version === 'v1', JSON.stringify(versions))
  const { body: one } = await operator.get(`/api/v1/definitions/${process}?version=${versions[0].hash.slice(0, 8)}`)
  assert(one.version.hash === versions[0].hash && one.bpmn.includes(process), one.bpmn.slice(0, 200))
  await operator.get(`/api/v1/definitions/${process}`)
  await operator.get(`/api/v1/definitions/${process}?version=v99`, 404)
  await operator.get('/api/v1/definitions/absent', 404)
  const { body: none } = await operator.get(`/api/v1/incidents?process=${process}&element=issue-certificate&text=x&since=2026-01-01T00:00:00Z&limit=2`)
  assert(none.total === 0 && none.items.length === 0, JSON.stringify(none))
  await operator.get('/api/v1/incidents/groups?text=x')
  await operator.get('/api/v1/incidents?since=yesterday', 422)
  await operator.get('/api/v1/incidents/groups?since=yesterday', 422)
  await operator.get('/api/v1/incidents?cursor=nonsense', 422)
  const retry = (body, key) => operator.call('POST', '/api/v1/incidents/retry', { body, headers: { 'Idempotency-Key': key } })
  const key = randomUUID()
  const filter = { process, text: 'x' }
  const answers = [await retry({ filter, expected: 0 }, key), await retry({ filter, expected: 0 }, key)]
  assert(answers.every(({ status, body }) => status === 201 && body.total === 0) && answers[0].body.id === answers[1].body.id, JSON.stringify(answers))
  assert((await retry({ filter, expected: 7 }, randomUUID())).status === 409, 'another number than was seen')
  assert((await retry({ filter }, randomUUID())).status === 422, 'no number')
  await operator.get('/api/v1/sweeps?limit=1')
  await operator.get('/api/v1/sweeps?cursor=nonsense', 422)
  await operator.get(`/api/v1/sweeps/${answers[0].body.id}`)
  await operator.get(`/api/v1/sweeps/${randomUUID()}`, 404)
  const at = `/api/v1/incidents/${randomUUID()}`
  await operator.get(at, 404)
  await operator.call('POST', `${at}/retry`, { body: { variables: { x: 1 } }, expect: 404 })
  await operator.call('POST', `${at}/settle`, { body: { how: 'skip', reason: '已人工办理。' }, expect: 404 })
  await operator.call('POST', `${at}/settle`, { body: { how: 'complete', reason: '' }, expect: 422 })
  await operator.call('PUT', `${at}/note`, { body: { note: '已联系登记系统。' }, expect: 404 })
  await operator.call('PUT', `${at}/note`, { body: { note: '' }, expect: 422 })
}

/** What the post of a clerk lets her read: its grants, data under the programme-bound ones, the record of uses. */
async function look_up(clerk) {
  const { status, body } = await clerk.call('GET', '/api/v1/grants')
  for (const grant of status === 200 ? body.items : []) {
    const question = { grant: grant.key, limit: 5, where: grant.lookup.slice(0, 1).map(({ key }) => ({ field: key, op: 'contains', value: '面馆' })) }
    if (grant.programme) question.programme = grant.programme.key
    await clerk.call('POST', `/api/v1/data/${encodeURIComponent(grant.resource)}/query`, { body: question })
    await clerk.call('POST', `/api/v1/data/${encodeURIComponent(grant.resource)}/query`, { body: { ...question, fields: ['no_such_field'] } })
  }
  await clerk.call('POST', '/api/v1/data/absent/query', { body: { grant: 'absent' } })
  await clerk.call('GET', '/api/v1/usage?view=by-unit&limit=2')
  await clerk.call('GET', '/api/v1/offices')
  await clerk.call('GET', '/api/v1/usage?view=from-unit&limit=2')
}

/** The rules that cases are decided by: listed, tried, explained, checked, found by the law that they rest on. */
async function ask_decisions(clerk) {
  const { body: list } = await clerk.get('/api/v1/decisions')
  const risk = list.items.find(({ id }) => id === 'restaurant-risk')
  const fields = risk.inputs.flatMap((input) => input.fields.map(({ path, label, type }) => `${path.join('.')} ${label} ${type}`))
  assert(fields.join() === 'application.restaurant.seats 餐位数 number,application.premises.area_m2 面积 number,application.restaurant.raw_food 生食或冷食 boolean,application.restaurant.open_fire 明火或燃气 boolean', fields.join())
  const outcome = list.items.find(({ id }) => id === 'open-restaurant-outcome')
  assert(outcome.inputs[0].fields[0].allowed.join() === 'approve,refuse', JSON.stringify(outcome.inputs))

  const { body: one } = await clerk.get('/api/v1/decisions/restaurant-risk')
  assert(one.xml.includes('<decisionTable') && one.findings.length === 0, JSON.stringify(one.findings))
  await clerk.get('/api/v1/decisions/absent', 404)
  await clerk.get('/api/v1/decisions/Not%20a%20key', 404)

  const evaluate = (body, expect, headers = {}) => clerk.call('POST', '/api/v1/decisions/restaurant-risk/evaluate', { body, headers, expect })
  const input = { application: { restaurant: { seats: 80, raw_food: false, open_fire: true }, premises: { area_m2: 200 } } }
  const { body: plain } = await evaluate({ input }, 200)
  assert(plain.value === 'C' && plain.decisions === undefined && plain.explanation === undefined, JSON.stringify(plain))
  const { body: why } = await evaluate({ input, explain: true, as_of: '2026-01-01' }, 200)
  assert(why.decisions[0].rules.map(({ rule }) => rule).join() === '2,3,4,5' && why.explanation['zh-CN'].includes('餐位数'), JSON.stringify(why))
  const { body: large } = await evaluate({ input: { application: { restaurant: { seats: { '@number': '12345678901234567890' }, open_fire: true } } } }, 200)
  assert(large.value === 'C', JSON.stringify(large))
  const { body: missing } = await evaluate({ input: {} }, 200)
  assert(missing.diagnostics.length > 0, 'a missing input is not told')
  await evaluate({}, 422)
  await evaluate({ input: [] }, 422)
  await evaluate({ input, more: 1 }, 422)
  await evaluate({ input, as_of: 'tomorrow' }, 422)
  const { body: bad } = await evaluate({ input: { application: { '@date': 'never' } } }, 422)
  assert(bad.field === '/input/application', bad.field)
  await evaluate({ input: { application: 'x'.repeat(600_000) } }, 413)
  await evaluate({ input }, 403, { 'X-CSRF-Token': 'wrong' })
  await clerk.call('POST', '/api/v1/decisions/absent/evaluate', { body: { input: {} }, expect: 404 })

  const check = async (xml) => (await clerk.call('POST', '/api/v1/decisions/check', { body: { xml }, expect: 200 })).body.findings
  assert((await check(one.xml)).length === 0, 'the applied model has findings')
  const holed = one.xml.replace('<text>-</text></inputEntry>\n        <outputEntry><text>"A"', '<text>true</text></inputEntry>\n        <outputEntry><text>"A"').replace('&gt; 150', '&gt; 150 and')
  assert(holed !== one.xml, 'the model was not changed')
  const codes = new Set((await check(holed)).map(({ code }) => code))
  assert(codes.has('expression'), [...codes].join())
  const gap = (await check(one.xml.replace('<rule id="outcome-no-fire">', '<rule id="outcome-no-fire"><!-- -->').replace('<text>"approve"</text></inputEntry><inputEntry><text>"refuse"</text>', '<text>"approve"</text></inputEntry><inputEntry><text>"approve"</text>'))).find(({ code }) => code === 'gap')
  assert(JSON.stringify(gap?.input) === '{"food":{"decision":"approve"},"fire":{"decision":"refuse"}}', JSON.stringify(gap))
  for (const broken of ['not XML', '<definitions', '<other/>']) {
    const [finding] = await check(broken)
    assert(finding.severity === 'error' && finding.message['zh-CN'], JSON.stringify(finding))
  }
  const many = one.xml.replace(/<rule id="outcome-no-fire">[\s\S]*?<\/rule>/, (rule) => rule.repeat(2000).replaceAll(/ id="[^"]*"/g, ''))
  const many_found = await check(many)
  assert(many_found.filter(({ code }) => code === 'overlap').length === 20 && many_found.at(-1).code === 'incomplete', JSON.stringify(many_found.at(-1)))
  await clerk.call('POST', '/api/v1/decisions/check', { body: { xml: '' }, expect: 422 })
  await clerk.call('POST', '/api/v1/decisions/check', { body: { xml: 'x'.repeat(1_100_000) }, expect: 413 })
  await clerk.call('POST', '/api/v1/decisions/check', { body: { xml: 'x'.repeat(2_200_000) }, expect: 413 })

  const by_law = (law, article) => clerk.get(`/api/v1/decisions/by-law?${new URLSearchParams({ law, ...(article && { article }) })}`)
  const { body: food } = await by_law('食品安全法', '第一百零九条')
  assert(food.decisions.length === 1 && food.decisions[0].rules.map(({ rule }) => rule).join() === '1,4,5' && food.items.length === 0, JSON.stringify(food))
  const { body: fire } = await by_law('《中华人民共和国消防法》', '15')
  assert(fire.decisions.length === 2 && fire.items.some(({ key }) => key === 'open-restaurant') && fire.grants.length > 0, JSON.stringify(fire))
  const { body: english } = await by_law('Food Safety Law')
  assert(english.items.length > 0 && english.decisions.length === 0, JSON.stringify(english))
  await clerk.get('/api/v1/decisions/by-law', 422)
  await clerk.get('/api/v1/decisions/by-law?law=', 422)
  await clerk.get('/api/v1/decisions/by-law?law=x&article=', 422)
}

/** An item of several forms: a draft that is wrong in many ways tells all of them; its case holds the data of each form. */
async function all_in_one(citizen) {
  const { body: item } = await citizen.get('/api/v1/items/restaurant-one-matter')
  const { forms, fields, asked, prefilled } = item.counts
  assert([forms, fields, asked, prefilled].join() === '5,57,24,9', JSON.stringify(item.counts))
  const { body: draft } = await citizen.call('POST', '/api/v1/drafts', { body: { item: item.key }, expect: 201 })
  const save = (form) => citizen.call('PUT', `/api/v1/drafts/${draft.id}`, { body: { form }, expect: 200 })
  const submit = (expect) => citizen.call('POST', `/api/v1/drafts/${draft.id}/submit`, { headers: { 'Idempotency-Key': randomUUID() }, expect })
  const registration = {
    operator: { name: '王芳', phone: '10255510001' }, premises: { address: '溪口镇老街17号', area_m2: 46.5, use: '商业服务', certificate_no: '溪（2023）云溪县不动产权第0000001号' },
    shop_name: '溪畔小馆', trade: 'meals', opens_on: '2000-01-01', true_and_complete: true,
  }
  const food = { kind: 'noodles', seats: 20, raw_food: true, staff: [{ name: '王芳', healthy_until: '2099-01-01' }] }
  const fire = { premises: { floor: 1 }, area_per_seat: 99, open_fire: false, fuel: 'other', exits: 2, extinguishers: 4 }
  const rest = { signboard: { width_m: 3, height_m: 0.8, bottom_m: 2.8 }, 'drainage-permit': { outlet: 'sewer', grease_trap: true, trap_litres: 200 } }
  const { body: saved } = await save({ 'business-registration': registration, 'food-permit': food, 'fire-safety': fire, ...rest })
  assert(saved.check.computed['/fire-safety/area_per_seat'] === 2.32 && saved.check.hidden.join() === '/business-registration/neighbours_agree,/fire-safety/fuel', JSON.stringify(saved.check))
  const { body: refused } = await submit(422)
  assert(refused.errors.map(({ pointer, code }) => `${pointer} ${code}`).join() === '/form/business-registration/opens_on rule:opens-later,/form/food-permit/raw_food_room required' && refused.field === refused.errors[0].pointer, JSON.stringify(refused))
  await save({ 'business-registration': { ...registration, opens_on: '2099-01-01' }, 'food-permit': { ...food, raw_food: false }, 'fire-safety': fire, ...rest })
  await submit(422)
  await attach_photographs((method, path, body) => citizen.call(method, path, { body, expect: 201 }), draft.id)
  const { body: receipt } = await submit(201)
  const { body: opened } = await citizen.get(`/api/v1/cases/${receipt.case}`)
  assert(opened.form['fire-safety'].area_per_seat === 2.32 && !('fuel' in opened.form['fire-safety']) && opened.form_definition.id === item.form.id, JSON.stringify(opened.form))
}
