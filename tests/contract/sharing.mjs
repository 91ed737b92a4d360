// sharing.mjs - sources, resources, requests and grants over the wire, with their common refusals.
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assert } from '../e2e/harness.mjs'

const csv = 'licence_no,name,phone,grade\r\n' + Array.from({ length: 30 }, (_, i) => `JY${1000 + i},小馆${i},1025551${1000 + i},A`).join('\r\n')
const both = (words) => ({ 'zh-CN': words, en: words })

/** Decides the open task of a case for who may. */
async function decide(who, number, outcome) {
  for (const deadline = Date.now() + 20_000; ; ) {
    const { body } = await who.get('/api/v1/tasks?limit=200')
    const task = body.items.find((one) => one.number === number)
    if (task) return who.call('POST', `/api/v1/tasks/${task.id}/complete`, { body: { outcome, opinion: '按规定办理。' }, expect: 200 })
    assert(Date.now() < deadline, `no task of ${number}`)
  }
}

/** A correction, what a person asks about her data, and a dispute over the grant `key`, each to its answer. */
async function ask_about_data({ sign_in, officer, head, authority, asker, asker_head, inspector }, key) {
  const matter = (who, body, expect) => who.call('POST', '/api/v1/data-matters', { body, expect })
  const citizen = await sign_in('wang.fang')
  const police = await sign_in('he.jing')
  const wrong = { kind: 'correction', resource: 'resident-basic', field: 'phone', what: '联系电话已更换。' }
  await matter(citizen, { ...wrong, kind: 'dispute' }, 403)
  await matter(citizen, { ...wrong, field: 'absent' }, 422)
  await matter(citizen, { ...wrong, what: ' ' }, 422)
  await matter(citizen, { ...wrong, record: '1' }, 422)
  await matter(citizen, { ...wrong, resource: 'absent' }, 404)
  await matter(citizen, { kind: 'objection', resource: 'resident-basic', usage: randomUUID(), what: '未经同意。' }, 404)
  await matter(inspector, { ...wrong, record: '1' }, 403)
  await matter(police, { ...wrong, record: '1' }, 403)
  await matter(asker, { kind: 'deletion', resource: 'resident-basic', what: '请删除。' }, 403)
  const { body: correction } = await matter(citizen, wrong, 201)
  await asker.get(`/api/v1/data-matters/${correction.case}`, 404)
  assert((await police.get(`/api/v1/data-matters/${correction.case}`)).body.what === wrong.what, 'the office does not see what is wrong')
  await decide(police, correction.number, 'corrected')
  const answered = async (who, id) => {
    for (const deadline = Date.now() + 20_000; ; ) {
      const { body } = await who.get(`/api/v1/data-matters/${id}`)
      if (body.answer) return body
      assert(Date.now() < deadline, 'nobody answered')
    }
  }
  const told = await answered(citizen, correction.case)
  assert(told.answer === '按规定办理。' && told.mine, JSON.stringify(told))
  assert((await citizen.get('/api/v1/data-matters')).body.items.some(({ number }) => number === correction.number), 'she does not find it')
  const { body: deletion } = await matter(citizen, { kind: 'deletion', resource: 'contract-grades', what: '请删除我的电话。' }, 201)
  await decide(officer, deletion.number, 'refuse')
  await decide(head, deletion.number, 'refuse')
  await answered(citizen, deletion.case)
  const { body: dispute } = await matter(asker, { kind: 'dispute', resource: 'contract-grades', grant: key, what: '不应遮蔽电话。' }, 201)
  await matter(police, { kind: 'dispute', resource: 'contract-grades', grant: key, what: '与我单位无关。' }, 404)
  await decide(head, dispute.number, 'hold')
  await decide(asker_head, dispute.number, 'climb')
  await decide(authority, dispute.number, 'settled')
  await answered(asker, dispute.case)
  assert((await head.get('/api/v1/data-matters')).body.items.length >= 2, 'the unit does not see what it has to answer')
}

/** The answer proves itself offline with its receipt, and no longer when a cell of it is changed. */
async function check_receipt(inspector, answer) {
  let receipt
  for (const deadline = Date.now() + 20_000; ; ) {
    receipt = await inspector.get(`/api/v1/usage/${answer.usage}/receipt`, null)
    if (receipt.status !== 503) break
    assert(Date.now() < deadline, 'the use is under no checkpoint')
  }
  assert(receipt.status === 200, JSON.stringify(receipt.body))
  const { body: log } = await inspector.get('/api/v1/ledger')
  const folder = mkdtempSync(join(tmpdir(), 'junxian-receipt-'))
  const verify = (given) => {
    writeFileSync(join(folder, 'answer.json'), JSON.stringify(given))
    writeFileSync(join(folder, 'receipt.json'), JSON.stringify(receipt.body))
    return spawnSync(process.env.JUNXIAN_BINARY, ['exchange', 'verify', join(folder, 'answer.json'), join(folder, 'receipt.json'), ...log.keys.flatMap((key) => ['--key', key.verifier])], { encoding: 'utf8' })
  }
  const good = verify(answer)
  assert(good.status === 0 && /recorded|一致/.test(good.stdout), good.stdout + good.stderr)
  const changed = structuredClone(answer)
  changed.rows[0][0] += '。'
  const bad = verify(changed)
  assert(bad.status !== 0, bad.stdout)
  rmSync(folder, { recursive: true })
}

/** A delivery to an address that nothing is sent to, for it is this machine's. */
async function send({ asker, head }, grant, programme) {
  const { body: ordered } = await asker.call('POST', `/api/v1/grants/${grant}/deliveries`, { body: { programme, kind: 'snapshot' }, expect: 201 })
  const one = `/api/v1/deliveries/${ordered.id}`
  const tried = async () => {
    for (const deadline = Date.now() + 40_000; ; ) {
      const { body } = await asker.get(one)
      if (body.push?.state === 'failing') return body.push
      assert(Date.now() < deadline, `nothing is sent: ${JSON.stringify(body)}`)
    }
  }
  const push = await tried()
  assert(push.to === 'https://127.0.0.1' && push.sent === 0 && push.attempts === 1 && push.said.en.includes('private network'), JSON.stringify(push))
  await head.call('POST', `${one}/push`, { expect: 403 })
  await asker.call('POST', `/api/v1/deliveries/${randomUUID()}/push`, { expect: 404 })
  const { body: again } = await asker.call('POST', `${one}/push`, { expect: 200 })
  assert(again.push.attempts === 0, JSON.stringify(again.push))
}

/** The record of uses of today as a file. */
async function export_uses({ asker, authority }) {
  const { today } = (await asker.get('/api/v1/jurisdiction')).body
  const path = `/api/v1/usage/export?from=${today}&until=${today}`
  const { body: lines } = await authority.get(path)
  const uses = lines.trim().split('\n').map((line) => JSON.parse(line))
  assert(uses.length > 0 && uses.every(({ entry, consumer }) => entry && consumer), lines.slice(0, 300))
  const { body: table } = await authority.get(`${path}&format=csv`)
  assert(table.startsWith('id,at,consumer,') && table.trim().split('\r\n').length > uses.length, table.slice(0, 300))
  const { body: rest } = await authority.get(`${path}&cursor=${uses.at(-1).id}`)
  assert(!rest.includes(uses[0].id), 'the cursor is not taken')
  await asker.get(path, 403)
  await authority.get(`/api/v1/usage/export?from=${today}&until=2020-01-01`, 422)
  await authority.get(`/api/v1/usage/export?from=${today}`, 422)
}

/** A delivery of the pack's own grant to its destruction. */
async function deliver({ asker, head, inspector, authority }) {
  const grant = '/api/v1/grants/fire-inspection-restaurants/deliveries'
  const wanted = { programme: 'restaurant-fire-inspections', kind: 'snapshot' }
  const order = (who, body, expect) => who.call('POST', grant, { body, expect })
  await order(inspector, wanted, 403)
  await order(head, wanted, 403)
  await order(asker, { ...wanted, programme: 'another' }, 403)
  await order(asker, { ...wanted, kind: 'changes' }, 403)
  await order(asker, { ...wanted, filter: { field: 'name', op: 'like', value: '%' } }, 422)
  await asker.call('POST', '/api/v1/grants/absent/deliveries', { body: wanted, expect: 404 })
  const { body: ordered } = await order(asker, wanted, 201)
  const one = `/api/v1/deliveries/${ordered.id}`
  const made = async () => {
    for (const deadline = Date.now() + 20_000; ; ) {
      const { body } = await asker.get(one)
      assert(body.state !== 'failed', JSON.stringify(body.why))
      if (body.state === 'released') return body
      assert(Date.now() < deadline, 'it is not made')
    }
  }
  const { parts, records, usage } = await made()
  assert(parts.length === 1 && parts[0].records === records && records > 0 && usage, JSON.stringify(parts))
  const part = await asker.get(`${one}/parts/1`)
  const text = part.body
  assert(text.startsWith('name,address,representative_name\r\n') && text.includes('**'), text.slice(0, 200))
  await asker.call('GET', `${one}/parts/1`, { headers: { Range: 'bytes=0-9' }, expect: 206 })
  await asker.get(`${one}/parts/2`, 404)
  await head.get(`${one}/parts/1`, 403)
  assert((await head.get('/api/v1/deliveries')).body.items.some(({ id }) => id === ordered.id), 'the provider does not see it')
  assert((await head.get('/api/v1/deliveries?grant=fire-inspection-restaurants')).body.items.some(({ id }) => id === ordered.id), 'it is not among those of its grant')
  assert((await authority.get('/api/v1/deliveries?view=all')).body.items.some(({ id }) => id === ordered.id), 'the data authority does not see it')
  await head.get('/api/v1/deliveries?view=all', 403)
  await head.get('/api/v1/deliveries?grant=absent', 404)
  const at = (who, act, expect, reason) => who.call('POST', `${one}/${act}`, { ...(reason && { body: { reason } }), expect })
  await at(asker, 'resend', 409)
  await at(asker, 'acknowledge', 200)
  await asker.get(`${one}/parts/1`, 409)
  await at(asker, 'resend', 200)
  await asker.get(`${one}/parts/1`)
  await at(asker, 'recall', 403, '数据有误。')
  await at(head, 'recall', 200, '数据有误。')
  await asker.get(`${one}/parts/1`, 409)
  await at(head, 'recall', 409, '再次。')
  await at(asker, 'confirm-destruction', 200, '已粉碎删除。')
  const { body: after } = await head.get(one)
  assert(after.state === 'recalled' && after.destroyed_at && after.note === '已粉碎删除。', JSON.stringify(after))
}

/** The data authority, and nobody else, says which entry is the one source of its data. */
async function designate({ officer, authority }, { places }) {
  const of = ({ resource }) => places.filter((one) => one.resource === resource).map(({ field }) => field)
  const say = (who, body, expect) => who.call('POST', '/api/v1/catalogue/designations', { body: { reason: '由该单位采集。', ...body }, expect })
  const other = places.find(({ resource }) => resource !== places[0].resource)
  await say(officer, { resource: places[0].resource, fields: of(places[0]) }, 403)
  await say(authority, { resource: places[0].resource, fields: ['no_such_field'] }, 404)
  await say(authority, { resource: places[0].resource, fields: [] }, 422)
  await say(authority, { resource: places[0].resource, fields: of(places[0]), reason: ' ' }, 422)
  await say(authority, { resource: places[0].resource, fields: of(places[0]) }, 200)
  const { body } = await say(authority, { resource: other.resource, fields: of(other) }, 200)
  const now = body.items.find(({ kind, places: found }) => kind === 'same_column' && found.some(({ resource }) => resource === other.resource))
  assert(now.places.every(({ resource, designated }) => designated === (resource === other.resource)), JSON.stringify(now.places))
}

/** A unit asks that uses under a grant are told later; the data authority decides, nobody else. */
async function delay_disclosure({ asker, asker_head, authority, head, today }) {
  const until = new Date(Date.parse(today) + 30 * 86_400_000).toISOString().slice(0, 10)
  const wish = { grant: 'fire-inspection-restaurants', until, law: [{ law: both('中华人民共和国消防法'), article: '53' }], reason: '火灾事故调查期间。' }
  const ask = (who, body, expect) => who.call('POST', '/api/v1/disclosure-delays', { body, expect })
  await ask(asker, wish, 403)
  await ask(head, wish, 403)
  await ask(asker_head, { ...wish, grant: 'absent' }, 404)
  await ask(asker_head, { ...wish, law: [] }, 422)
  await ask(asker_head, { ...wish, until: '2020-01-01' }, 422)
  const { body: asked } = await ask(asker_head, wish, 201)
  const at = (who, act, body, expect) => who.call('POST', `/api/v1/disclosure-delays/${asked.id}/${act}`, { body, expect })
  await at(asker_head, 'decide', { outcome: 'approve', reason: '同意。' }, 403)
  await at(head, 'decide', { outcome: 'approve', reason: '同意。' }, 404)
  assert((await authority.get('/api/v1/disclosure-delays')).body.items.find(({ id }) => id === asked.id).may_decide, 'the data authority may not decide')
  const { body: decided } = await at(authority, 'decide', { outcome: 'approve', reason: '符合法定情形。' }, 200)
  assert(decided.state === 'in_force', JSON.stringify(decided))
  await at(authority, 'decide', { outcome: 'refuse', reason: '再次。' }, 409)
  assert((await at(asker_head, 'end', { reason: '调查结束。' }, 200)).body.state === 'over', 'it goes on')
  await at(asker_head, 'end', { reason: '调查结束。' }, 409)
  assert((await asker_head.get('/api/v1/disclosure-delays')).body.items.length === 1, 'the unit does not see its own')
  await asker.get('/api/v1/disclosure-delays', 403)
}

/** `sign_in(username)` answers a caller. */
export async function share(sign_in) {
  const officer = await sign_in('pan.wen')
  const head = await sign_in('liu.yang')
  const authority = await sign_in('zhou.min')
  const asker = await sign_in('wu.huiwei')
  const asker_head = await sign_in('zhao.lei')
  const inspector = await sign_in('sun.hao')
  const source = (more = {}) => ({ key: 'contract-grades', name: both('量化分级'), tables: [{ name: 'grades', octets: Buffer.from(csv).toString('base64') }], ...more })

  await inspector.call('POST', '/api/v1/sources', { body: source(), expect: 403 })
  await officer.call('POST', '/api/v1/sources', { body: source({ tables: [{ name: 'grades', octets: Buffer.from('a,b\r\n1').toString('base64') }] }), expect: 422 })
  await officer.call('POST', '/api/v1/sources', { body: source({ key: 'enterprises' }), expect: 409 })
  await officer.call('POST', '/api/v1/sources', { body: source(), expect: 201 })
  const database = { key: 'contract-database', name: both('契约库'), kind: 'postgresql', host: 'db.example.invalid', database: 'd', user: 'reader', secret_value: 'correct-horse' }
  await officer.call('POST', '/api/v1/sources', { body: { ...database, host: '127.0.0.1' }, expect: 422 })
  await officer.call('POST', '/api/v1/sources', { body: { ...database, secret_value: 'two\nlines' }, expect: 422 })
  const { body: connected } = await officer.call('POST', '/api/v1/sources', { body: database, expect: 201 })
  assert(connected.has_secret && connected.address === 'postgresql://reader@db.example.invalid:5432/d', JSON.stringify(connected))
  assert(!JSON.stringify((await officer.get('/api/v1/sources/contract-database')).body).includes('correct-horse'), 'a password is answered')
  await officer.call('DELETE', '/api/v1/sources/contract-database', { expect: 204 })
  assert((await officer.get('/api/v1/sources')).body.items.some(({ key }) => key === 'contract-grades'), 'the source is not listed')
  const { body: examined } = await officer.call('POST', '/api/v1/sources/contract-grades/examine', { expect: 200 })
  assert(examined.examination.tables[0].rows === 30, JSON.stringify(examined).slice(0, 300))
  await officer.get('/api/v1/sources/contract-grades')
  await asker.get('/api/v1/sources/contract-grades', 404)

  const draft = { ...examined.proposals[0], id: 'contract-grades', code: 'contract-grades', name: both('量化分级'), summary: both('量化分级结果'), classification: ['部门信息资源'], share_conditions: both('供监督检查使用') }
  const put = (body, expect) => officer.call('PUT', '/api/v1/resource-drafts/contract-grades', { body, expect })
  await put({ ...draft, classification: [] }, 422)
  await put({ ...draft, provider: 'fire' }, 403)
  await put(draft, 200)
  await officer.get('/api/v1/resource-drafts')
  await officer.get('/api/v1/resource-drafts/contract-grades')
  await officer.get('/api/v1/resource-drafts/absent', 404)
  await officer.call('PUT', '/api/v1/resource-drafts/contract-other', { body: { ...draft, id: 'contract-other' }, expect: 200 })
  await officer.call('DELETE', '/api/v1/resource-drafts/contract-other', { expect: 204 })
  const { body: publication } = await officer.call('POST', '/api/v1/resource-drafts/contract-grades/submit', { expect: 201 })
  await officer.call('POST', '/api/v1/resource-drafts/contract-grades/submit', { expect: 409 })
  await put(draft, 409)
  await decide(head, publication.number, 'approve')
  await decide(authority, publication.number, 'publish')
  const published = async () => {
    for (const deadline = Date.now() + 20_000; ; ) {
      const found = await asker.call('GET', '/api/v1/resources/contract-grades')
      if (found.status === 200) return found.body
      assert(Date.now() < deadline, 'it is not published')
    }
  }
  const seen = await published()
  assert(!seen.mine && seen.versions.length === 1, 'it is said to be theirs, or has no version')
  assert(seen.resource.assessment?.head && seen.resource.assessment.on === (await asker.get('/api/v1/jurisdiction')).body.today, `the head has signed nothing off: ${JSON.stringify(seen.resource.assessment)}`)
  await asker.get('/api/v1/resources/absent', 404)

  const listed = async (who) => (await who.get('/api/v1/resources')).body.items.map(({ key }) => key)
  assert((await listed(asker)).includes('contract-grades') && (await listed(asker)).includes('household'), 'an office does not see the whole catalogue')

  const { body: programmes } = await asker.get('/api/v1/programmes')
  const wanted = {
    resource: 'contract-grades', binding: 'programme', programme: programmes.items[0].key, purpose: '确定检查次序', scenario: '逐户查询',
    legal_basis: [{ law: both('消防法'), article: '53' }], fields: [{ id: 'name' }, { id: 'phone', mask: 'substring(value, 1, 3)' }], lookup: ['name'], calls_per_minute: 60, valid_from: '2026-01-01', valid_to: '2027-12-31',
  }
  const ask = (body, expect) => asker.call('POST', '/api/v1/grant-requests', { body, expect })
  await ask({ ...wanted, fields: [{ id: 'absent' }] }, 422)
  await ask({ ...wanted, resource: 'household' }, 422)
  await ask({ ...wanted, resource: 'absent' }, 404)
  await inspector.call('POST', '/api/v1/grant-requests', { body: wanted, expect: 403 })
  const given = async (body) => {
    const { body: request } = await ask(body, 201)
    await asker.get('/api/v1/grant-requests')
    await asker.get(`/api/v1/grant-requests/${request.case}`)
    await decide(asker_head, request.number, 'approve')
    await decide(officer, request.number, 'agree')
    await decide(head, request.number, 'approve')
    for (const deadline = Date.now() + 20_000; ; ) {
      const { body: grants } = await head.get('/api/v1/grants')
      const found = grants.items.find(({ by_request }) => by_request === request.case)
      if (found) return found
      assert(Date.now() < deadline, 'no grant was given')
    }
  }
  const { key } = await given(wanted)
  const { body: last } = await asker.get('/api/v1/grant-requests')
  assert(last.items[0].bound_to[0]['zh-CN'] === programmes.items[0].name['zh-CN'], 'the programme is not named')
  const counting = await given({ ...wanted, fields: [{ id: 'name' }], lookup: [], count_minimum: 8, method: 'interface' })
  assert(counting.count_minimum === 8, 'the grant does not say that it only counts')
  await ask({ ...wanted, method: 'file', delivery: { format: 'ndjson', changes: false, push: 'http://example.org/in' } }, 422)
  const subscribed = await given({ ...wanted, method: 'file', delivery: { format: 'ndjson', changes: false, every: 'weekly', push: 'https://127.0.0.1/in' } })
  assert(subscribed.delivery.every === 'weekly' && subscribed.delivery.push, JSON.stringify(subscribed.delivery))
  await send({ asker, head }, subscribed.key, wanted.programme)
  await export_uses({ asker, authority })
  const verifying = await given({ ...wanted, fields: [], verify: 'name = "小馆7"', records_per_day: 2, method: 'interface' })
  assert(verifying.verify_only && verifying.records_per_day === 2, 'the grant does not say that it only verifies')
  const businesses = '/api/v1/data/enterprise-register?grant=fire-inspection-restaurants&programme=restaurant-fire-inspections'
  const { body: named } = await inspector.get(`${businesses}&address.contains=${encodeURIComponent('溪口')}&order=-name&fields=name,address&limit=5`)
  assert(named.rows.length > 1 && named.rows[0][0] > named.rows[1][0], JSON.stringify(named.rows))
  const { body: number } = await inspector.get(`${businesses}&count=true`)
  assert(number.fields.at(-1).key === 'count' && number.rows[0][0] >= named.rows.length, JSON.stringify(number))
  await check_receipt(inspector, named)
  const { body: twice } = await officer.get('/api/v1/catalogue/duplicates')
  assert(twice.items.some(({ kind, places }) => kind === 'same_column' && places.some(({ resource }) => resource === 'enterprise-register')), JSON.stringify(twice).slice(0, 400))
  await designate({ officer, authority }, twice.items.find(({ kind }) => kind === 'same_column'))
  await delay_disclosure({ asker, asker_head, authority, head, today: (await asker.get('/api/v1/jurisdiction')).body.today })
  await head.get(`/api/v1/usage/${randomUUID()}/receipt`, 404)
  await inspector.get(`${businesses}&name.sounds_like=x`, 422)
  await inspector.get('/api/v1/data/enterprise-register', 422)
  await inspector.get('/api/v1/data/resident-basic?grant=fire-inspection-restaurants', 403)
  await inspector.get('/api/v1/data/absent?grant=x', 404)
  const verdict = (name, expect = 200) => inspector.call('POST', '/api/v1/data/contract-grades/query', {
    body: { grant: verifying.key, programme: wanted.programme, where: [{ field: 'name', op: 'eq', value: name }] }, expect,
  })
  assert((await verdict('小馆7')).body.rows[0][0] === 'yes' && (await verdict('小馆8')).body.rows[0][0] === 'no', 'the verdict is wrong')
  await verdict('小馆7', 429)
  const figures = async (who, view) => (await who.get(`/api/v1/usage/figures?view=${view}`)).body.items.find((one) => one.grant === verifying.key)
  for (const [who, view] of [[asker, 'unit'], [head, 'unit'], [authority, 'all']]) {
    const found = await figures(who, view)
    const sum = (list, what) => list.reduce((all, one) => all + one[what], 0)
    for (const list of [found.hours, found.days]) assert(sum(list, 'answered') === 2 && sum(list, 'refused') === 1 && sum(list, 'records') === 2, JSON.stringify(found))
  }
  assert(!(await figures(await sign_in('he.jing'), 'unit')), 'a unit that has no part in a grant sees its figures')
  const owner = await sign_in('chen.jianguo')
  const { body: session } = await owner.get('/api/v1/session')
  await owner.get(`/api/v1/usage?view=about-firm&firm=${session.actor.firms[0].id}`)
  await owner.get(`/api/v1/usage?view=about-firm&firm=${randomUUID()}`, 404)
  await owner.get('/api/v1/usage?view=about-firm', 422)
  const about = `/api/v1/usage?view=about-firm&firm=${session.actor.firms[0].id}`
  const agent = await sign_in('li.na')
  const { body: day } = await owner.get('/api/v1/jurisdiction')
  const entrust = async (items, reads_data) => {
    const to = { code: { scheme: 'cn.citizen-id', value: '332021199407180586' }, name: '李娜' }
    const { body } = await owner.call('POST', '/api/v1/mandates', { body: { firm: session.actor.firms[0].id, to, items, reads_data, until: day.today }, expect: 201 })
    return body.given.find((one) => one.state === 'in_force').id
  }
  const end = (id) => owner.call('POST', `/api/v1/mandates/${id}/end`, { expect: 200 })
  for (const [items, reads_data, status] of [[['open-restaurant'], true, 404], [[], false, 404], [[], true, 200]]) {
    const mandate = await entrust(items, reads_data)
    await agent.get(about, status)
    await end(mandate)
  }
  await asker.get('/api/v1/usage/figures?view=all', 403)
  await asker.get('/api/v1/usage/figures?view=other', 422)
  await asker.get('/api/v1/usage/figures?days=31', 422)
  await asker.get('/api/v1/usage/figures?days=2')
  await asker.get('/api/v1/grants?view=all', 403)
  await asker.get('/api/v1/usage?view=all', 403)
  assert((await authority.get('/api/v1/grants?view=all')).body.items.some((one) => one.key === verifying.key), 'the data authority does not see every grant')
  assert((await authority.get('/api/v1/usage?view=all')).body.items.some((one) => one.grant === verifying.key), 'the data authority does not see every use')
  const read = (expect) => inspector.call('POST', '/api/v1/data/contract-grades/query', { body: { grant: key, programme: wanted.programme, where: [{ field: 'name', op: 'eq', value: '小馆7' }] }, expect })
  assert(JSON.stringify((await read(200)).body.rows) === '[["小馆7","102"]]', 'it is not what was granted')
  const filtered = (filter, expect) => inspector.call('POST', '/api/v1/data/contract-grades/query', {
    body: { grant: key, programme: wanted.programme, where: [{ field: 'name', op: 'contains', value: '小馆7' }], filter }, expect,
  })
  const is_7 = { field: 'name', op: 'eq', value: '小馆7' }
  assert((await filtered({ all: [is_7, { not: { field: 'name', op: 'in', value: ['别的'] } }] }, 200)).body.rows.length === 1, 'the filter does not hold')
  assert((await filtered({ not: is_7 }, 200)).body.rows.every(([name]) => name !== '小馆7'), 'the filter lets through what it should not')
  await filtered({ field: 'phone', op: 'ge', value: '102' }, 403)
  await filtered({ field: 'name', op: 'like', value: '%' }, 422)
  await ask_about_data({ sign_in, officer, head, authority, asker, asker_head, inspector }, key)

  const at = (who, act, reason, expect) => who.call('POST', `/api/v1/grants/${key}/${act}`, { body: { reason }, expect })
  await at(asker, 'suspend', '核对台账。', 403)
  await at(head, 'suspend', '', 422)
  await at(head, 'suspend', '核对台账。', 200)
  await read(403)
  await at(head, 'suspend', '再次。', 409)
  await at(head, 'resume', '核对完毕。', 200)
  await read(200)
  await at(asker, 'confirm-disposal', '已删除。', 409)
  const has_task = async (who, words) => (await who.get('/api/v1/tasks?limit=200')).body.items.filter(({ name, item_name }) => name.en === words && item_name['zh-CN'] === draft.name['zh-CN']).length
  assert(await has_task(officer, 'Hand the data over'), 'nobody is asked to hand over what was granted')
  await at(head, 'end', '专项行动结束。', 200)
  await read(403)
  assert((await has_task(asker, 'Dispose of what was read')) === 1, 'nobody is asked to dispose of what was read')
  await at(asker, 'confirm-disposal', '已全部删除。', 200)
  assert((await has_task(asker, 'Dispose of what was read')) === 0, 'the disposal is still asked for')
  const update = (who, expect) => who.call('POST', '/api/v1/data-matters', { body: { kind: 'update', resource: 'contract-grades', what: '不再登记电话。' }, expect })
  await update(asker, 201)
  await update(officer, 201)
  await head.call('POST', '/api/v1/grants/absent/end', { body: { reason: '没有。' }, expect: 404 })
  await officer.call('DELETE', '/api/v1/sources/contract-grades', { expect: 409 })
  await officer.call('POST', '/api/v1/resources/contract-grades/withdraw', { body: { reason: '不再更新。' }, expect: 204 })
  await officer.call('POST', '/api/v1/resources/contract-grades/withdraw', { body: { reason: '不再更新。' }, expect: 404 })
  await officer.call('DELETE', '/api/v1/sources/contract-grades', { expect: 204 })
  await officer.call('DELETE', '/api/v1/sources/enterprises', { expect: 409 })
  await head.get('/api/v1/grants')
  await deliver({ asker, head, inspector, authority })
}
