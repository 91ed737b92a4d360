// sharing.mjs - sources, resources, requests and grants over the wire, with their common refusals.
import { randomUUID } from 'node:crypto'
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
  assert(!(await published()).mine, 'it is said to be theirs')
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
  const verifying = await given({ ...wanted, fields: [], verify: 'name = "小馆7"', records_per_day: 2 })
  assert(verifying.verify_only && verifying.records_per_day === 2, 'the grant does not say that it only verifies')
  const verdict = (name, expect = 200) => inspector.call('POST', '/api/v1/data/contract-grades/query', {
    body: { grant: verifying.key, programme: wanted.programme, where: [{ field: 'name', op: 'eq', value: name }] }, expect,
  })
  assert((await verdict('小馆7')).body.rows[0][0] === 'yes' && (await verdict('小馆8')).body.rows[0][0] === 'no', 'the verdict is wrong')
  await verdict('小馆7', 429)
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
  await at(head, 'end', '专项行动结束。', 200)
  await read(403)
  await at(asker, 'confirm-disposal', '已全部删除。', 200)
  await head.call('POST', '/api/v1/grants/absent/end', { body: { reason: '没有。' }, expect: 404 })
  await officer.call('DELETE', '/api/v1/sources/contract-grades', { expect: 409 })
  await officer.call('POST', '/api/v1/resources/contract-grades/withdraw', { body: { reason: '不再更新。' }, expect: 204 })
  await officer.call('POST', '/api/v1/resources/contract-grades/withdraw', { body: { reason: '不再更新。' }, expect: 404 })
  await officer.call('DELETE', '/api/v1/sources/contract-grades', { expect: 204 })
  await officer.call('DELETE', '/api/v1/sources/enterprises', { expect: 409 })
  await head.get('/api/v1/grants')
}
