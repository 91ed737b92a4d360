// grant-use: provider, consumer and data authority see each grant used, as a chart and as a table; they narrow the list, save it, and open disputes.
import { readFileSync } from 'node:fs'
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'
import { caller } from './restaurant.mjs'

/** Three calls under a grant that is bound to a programme: two answered, one refused. Answers the grant. */
async function use_a_grant(base) {
  const call = await caller(base, 'sun.hao')
  const { body: grants } = await call('GET', '/api/v1/grants')
  const grant = grants.items.find(({ binding, state, verify_only }) => binding === 'programme' && state === 'active' && !verify_only)
  const ask = (more = {}) => call('POST', `/api/v1/data/${grant.resource}/query`, { grant: grant.key, programme: grant.programme.key, where: [{ field: grant.lookup[0].key, op: 'eq', value: '溪畔小馆' }], ...more })
  await ask()
  await ask()
  await ask({ fields: ['not_granted'] }).then(() => assert(false, 'a field that is not granted is answered'), () => {})
  return grant
}

/** A request that the asking unit's own head refuses. Answers its number. */
async function refused_request(base, grant) {
  const asker = await caller(base, 'wu.huiwei')
  const { body: programmes } = await asker('GET', '/api/v1/programmes')
  const both = (words) => ({ 'zh-CN': words, en: words })
  const { body: request } = await asker('POST', '/api/v1/grant-requests', {
    resource: grant.resource, binding: 'programme', programme: programmes.items[0].key, purpose: '确定检查次序', scenario: '逐户查询',
    legal_basis: [{ law: both('消防法'), article: '53' }], fields: [{ id: grant.fields[0].key }], lookup: [grant.lookup[0].key], calls_per_minute: 60, valid_from: '2026-01-01', valid_to: '2027-12-31',
  })
  const head = await caller(base, 'zhao.lei')
  for (const deadline = Date.now() + 20_000; ; ) {
    const { body } = await head('GET', '/api/v1/tasks?limit=200')
    const task = body.items.find((one) => one.number === request.number)
    assert(task || Date.now() < deadline, `no task of ${request.number}`)
    if (!task) continue
    const { body: detail } = await head('GET', `/api/v1/tasks/${task.id}`)
    const no = detail.outcomes.find(({ needs_reason }) => needs_reason)
    await head('POST', `/api/v1/tasks/${task.id}/complete`, { outcome: no.key, opinion: '暂不需要。' })
    return request.number
  }
}

const of_grant = (page, grant) => page.locator(`li[data-grant="${grant.key}"]`)

async function open_dispute(page, words) {
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('争议内容').fill(words)
  await also('workbench dispute', () => look(page, 'workbench-dispute', { whole: false }))
  await dialog.getByRole('button', { name: '提出争议' }).click()
  await page.getByRole('status').filter({ hasText: '已提交' }).waitFor()
}

export default async function grant_use(browser, base) {
  const grant = await use_a_grant(base)
  const name = grant.resource_name['zh-CN']

  const consumer = await person(browser, base)
  await step('a consumer sees how a grant is used, as a chart and as a table', async () => {
    await sign_in(consumer, '/workbench/', /武辉伟/)
    await consumer.goto('/workbench/grants')
    await consumer.getByRole('button', { name: '本单位取得的' }).click()
    const one = of_grant(consumer, grant)
    await one.locator('summary').filter({ hasText: /近24小时：答复 [2-9]\d* 次，拒绝 [1-9]\d* 次/ }).click()
    await one.locator('.chart canvas').waitFor()
    assert(/答复 \d+ 次，拒绝 \d+ 次/.test(await one.getByRole('img').getAttribute('aria-label')), 'the chart does not say what it shows')
    await one.locator('summary').filter({ hasText: '以表格查看' }).click()
    assert((await one.locator('tbody tr').count()) >= 1, 'the table is empty')
    await consumer.getByLabel('时间').selectOption({ label: '近30天' })
    await one.locator('summary').filter({ hasText: '近30天' }).waitFor()
  })
  await also('workbench use of a grant', () => look(consumer, 'workbench-grant-use'))
  await step('the list is narrowed and saved as a table', async () => {
    const all = await consumer.locator('li[data-grant]').count()
    await consumer.getByLabel('数据资源').selectOption({ label: name })
    await consumer.getByLabel('状态').selectOption({ label: '有效' })
    assert((await consumer.locator('li[data-grant]').count()) <= all && (await of_grant(consumer, grant).count()) === 1, 'the filter loses the grant')
    const [file] = await Promise.all([consumer.waitForEvent('download'), consumer.getByRole('button', { name: '导出 CSV' }).click()])
    const text = readFileSync(await file.path(), 'utf8')
    assert(text.startsWith('\ufeff数据资源,') && text.includes(name), `the file begins ${text.slice(0, 60)}`)
  })
  await step('she opens a dispute from the grant, and from a request that was refused', async () => {
    await of_grant(consumer, grant).getByRole('button', { name: '提出争议' }).click()
    await open_dispute(consumer, '返回的记录不全，多次联系未果。')
    const number = await refused_request(base, grant)
    await consumer.goto('/workbench/requests')
    await consumer.locator('tr').filter({ hasText: number }).getByRole('button', { name: '提出争议' }).click()
    await open_dispute(consumer, '履行法定检查职责需要此项数据。')
    await see(consumer, '共享争议')
  })
  await also('workbench requests with a dispute', () => look(consumer, 'workbench-requests-dispute'))

  const authority = await person(browser, base)
  await step('the data authority sees every grant, between whom, and its use', async () => {
    await sign_in(authority, '/workbench/', /周敏/)
    await authority.goto('/workbench/grants')
    await of_grant(authority, grant).getByText('提供给').waitFor()
    await of_grant(authority, grant).locator('summary').filter({ hasText: /近24小时：答复 [2-9]/ }).click()
    await of_grant(authority, grant).locator('.chart canvas').waitFor()
    await authority.getByLabel('单位（任一方）').selectOption({ label: grant.consumer.name['zh-CN'] })
    assert((await of_grant(authority, grant).count()) === 1, 'the filter by unit loses the grant')
  })
  await also('workbench grants of everybody', () => look(authority, 'workbench-grants-all', { whole: false }))
  await step('and every use in the log, also what was refused and why; narrowed and saved', async () => {
    await authority.getByRole('link', { name: '使用记录' }).click()
    await authority.getByRole('button', { name: '全部单位' }).click()
    await authority.getByLabel('结果').selectOption({ label: '拒绝的调用' })
    await authority.locator('td .tag.bad').first().waitFor()
    assert((await authority.locator('tbody tr').count()) === (await authority.locator('td .tag.bad').count()), 'an answered call is shown among the refused')
    const [file] = await Promise.all([authority.waitForEvent('download'), authority.getByRole('button', { name: '导出 CSV' }).click()])
    assert(readFileSync(await file.path(), 'utf8').includes('已拒绝：'), 'the table does not say why')
    await authority.getByLabel('结果').selectOption({ label: '已答复' })
    await authority.locator('td.count').first().waitFor()
  })
  await also('workbench usage log of everybody', () => look(authority, 'workbench-usage-all', { whole: false }))
}
