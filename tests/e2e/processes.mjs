// processes: who looks after cases compares two versions of a process, moves running cases after a dry run, and sees to what failed.
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'

export default async function processes(browser, base) {
  const keeper = await person(browser, base)
  await step('the versions of a process stand side by side, with what runs by each', async () => {
    await sign_in(keeper, '/workbench/', /吴刚/)
    await keeper.getByRole('link', { name: '流程', exact: true }).click()
    await see(keeper, '开办小餐馆', 'v2', '现行', 'v1')
  })
  await also('workbench processes', () => look(keeper, 'workbench-processes'))
  await step('one version is drawn beside another, and what differs is coloured and said', async () => {
    await keeper.getByRole('link', { name: '开办小餐馆' }).click()
    await keeper.locator('.djs-container svg').first().waitFor()
    await keeper.getByLabel('比较版本').selectOption('v1')
    const page = await see(keeper, '处不同', '材料核对')
    for (const words of ['新增', '改动', '准予许可']) assert(page.includes(words), `the comparison does not say ${words}`)
    await keeper.locator('.flow-sign.added').first().waitFor()
  })
  await also('workbench versions compared', () => look(keeper, 'workbench-versions'))
  await step('the dry run says what would happen to each case, then they are moved', async () => {
    await keeper.getByRole('button', { name: '试算' }).click()
    await see(keeper, '可以迁移')
    await also('workbench migration, dry run', () => look(keeper, 'workbench-migration-plan'))
    await keeper.getByRole('button', { name: '开始迁移' }).click()
    await keeper.getByRole('dialog').getByRole('button', { name: '开始迁移' }).click()
    await see(keeper, '已从 v1 迁移到 v2')
    await also('workbench migration, done', () => look(keeper, 'workbench-migration-done'))
  })

  await step('where nothing failed, that is said', async () => {
    await keeper.getByRole('link', { name: '异常', exact: true }).click()
    await see(keeper, '没有异常')
    await also('workbench no incidents', () => look(keeper, 'workbench-incidents-none'))
  })
  // The demo's processes do not fail, so what the server would say of a failure is put in its place; the calls that put it right are those of the contract.
  const message = { 'zh-CN': '证照签发服务没有响应。', en: 'The service that issues certificates does not answer.' }
  const one = { id: '00000000-0000-7000-8000-000000000001', case: '00000000-0000-7000-8000-000000000099', number: 'YX-20261127-7F3K9QX1', process: 'open-restaurant', element: 'issue-certificate', at: '2026-11-27T21:40:00Z', attempts: 3, code: 'unavailable', message }
  const attempts = [1, 2, 3].map((number) => ({ number, at: `2026-11-27T21:3${number}:00Z`, code: 'unavailable', message }))
  const detail = { incident: one, state: 'open', name: { 'zh-CN': '签发电子证照', en: 'Issue the certificate' }, handler: 'certificate.issue', completable: true, attempts, variables: { application: { restaurant: { seats: 20 } }, risk: 'C', fee: 0, urgent: false }, parameters: {}, scopes: ['open-restaurant'] }
  const api = (path, json) => keeper.route(`**/api/v1/${path}`, (route) => route.fulfill({ json }))
  await step('failures are counted by step and message, and each says what was tried', async () => {
    await api('incidents/groups', { items: [{ process: 'open-restaurant', element: 'issue-certificate', message, count: 1, first: one.at, last: one.at }] })
    await api('incidents?*', { items: [one], total: 1 })
    await api(`incidents/${one.id}`, detail)
    await keeper.reload()
    await keeper.getByRole('button', { name: '逐件查看' }).click()
    await keeper.getByRole('link', { name: new RegExp(one.number) }).waitFor()
    await also('workbench incidents', () => look(keeper, 'workbench-incidents'))
    await keeper.getByRole('link', { name: new RegExp(one.number) }).click()
    await see(keeper, '签发电子证照', '第 3 次', '证照签发服务没有响应')
    await keeper.locator('.flow-sign.failed').waitFor()
  })
  await step('a value is put right in a control of its kind, and only what was changed is sent', async () => {
    let sent
    await keeper.route('**/retry', (route) => { sent = route.request().postDataJSON(); return route.fulfill({ json: { ...detail, state: 'retried', closed_at: '2026-11-27T22:00:00Z' } }) })
    await keeper.getByRole('button', { name: /^修改\s*fee/ }).click()
    await keeper.getByLabel('fee').fill('很多')
    await keeper.getByRole('button', { name: '重试', exact: true }).click()
    await see(keeper, '这里要填数字。', '请先改正')
    await also('workbench incident, a value is wrong', () => look(keeper, 'workbench-incident'))
    await keeper.getByLabel('fee').fill('12.5')
    await keeper.getByRole('button', { name: '重试', exact: true }).click()
    await see(keeper, '已重试')
    assert(JSON.stringify(sent) === '{"variables":{"fee":12.5}}', `sent is ${JSON.stringify(sent)}`)
    await keeper.unrouteAll()
  })
  await also('who may not look after cases is told so', async () => {
    const clerk = await person(browser, base)
    await sign_in(clerk, '/workbench/', /张伟/)
    const pages = await clerk.locator('header nav a').allInnerTexts()
    assert(!pages.includes('异常'), 'a clerk is led to the incidents')
    await clerk.goto('/workbench/incidents')
    await clerk.getByRole('alert').first().waitFor()
    await look(clerk, 'workbench-incidents-forbidden')
  })
}
