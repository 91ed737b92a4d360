// told-later: the head of a unit asks that a use is told later, the data authority approves it; the person does not see the use until the delay ends,
// and then she is told, with the law.
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'
import { caller } from './restaurant.mjs'

const uses_of = async (call) => (await call('GET', '/api/v1/usage?view=about-me&limit=200')).body.items

export default async function told_later(browser, base) {
  const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
  const head = await person(browser, base)
  await step('a head asks, from the record of uses, that uses under a grant are told later', async () => {
    await sign_in(head, '/workbench/', /刘洋/)
    await head.goto('/workbench/usage')
    await head.getByRole('link', { name: '延期告知' }).click()
    await head.waitForURL(/\/delays/)
    await head.getByRole('button', { name: '申请延期告知' }).first().click()
    const dialog = head.getByRole('dialog')
    const option = await dialog.getByLabel('哪项授权').locator('option').filter({ hasText: '居民基本信息' }).filter({ hasText: '开办小餐馆' }).first().textContent()
    await dialog.getByLabel('哪项授权').selectOption({ label: option.trim() })
    await dialog.getByLabel('法律依据').fill('中华人民共和国食品安全法')
    await dialog.getByLabel('第几条').fill('110')
    await dialog.getByLabel('截止日期').fill(day(30))
    await dialog.getByLabel('理由').fill('核查无证经营线索期间')
    await also('workbench delay asked', () => look(head, 'workbench-delay-ask', { whole: false }))
    await dialog.getByRole('button', { name: '申请延期告知' }).click()
    await see(head, '待审批', '核查无证经营线索期间')
    assert((await head.getByRole('button', { name: '审批' }).count()) === 0, 'who asks may decide')
  })
  const authority = await person(browser, base)
  await step('the data authority approves it', async () => {
    await sign_in(authority, '/workbench/', /周敏/)
    await authority.goto('/workbench/delays')
    await authority.locator('[data-delay="asked"]').first().getByRole('button', { name: '审批' }).click()
    const dialog = authority.getByRole('dialog')
    await dialog.getByRole('radio', { name: '同意', exact: true }).check()
    await dialog.getByLabel('理由').fill('符合法定情形')
    await dialog.getByRole('button', { name: '审批' }).click()
    await see(authority, '暂不告知', '符合法定情形')
  })
  await also('workbench delays', () => look(authority, 'workbench-delays'))

  const wang = await caller(base, 'wang.fang')
  const before = (await uses_of(wang)).length
  await step('a use from now on is not told to the person, and the office sees it', async () => {
    const { body: draft } = await wang('POST', '/api/v1/drafts', { item: 'open-restaurant' })
    const { body: item } = await wang('GET', '/api/v1/items/open-restaurant')
    const { grant } = item.data.find(({ resource }) => resource === 'resident-basic') ?? item.data.find(({ grant: one }) => one === 'open-restaurant-resident')
    await wang('POST', `/api/v1/drafts/${draft.id}/prefill`, { grant, authorised: true })
    assert((await uses_of(wang)).length === before, 'she is told at once')
    const { body: seen } = await (await caller(base, 'liu.yang'))('GET', '/api/v1/usage?view=by-unit&limit=200')
    assert(seen.items.length > 0, 'the office does not see its own use')
  })
  await step('the head ends it before its time', async () => {
    await head.reload()
    await head.locator('[data-delay="in_force"]').first().getByRole('button', { name: '提前结束' }).click()
    await head.getByRole('dialog').getByLabel('理由').fill('核查结束')
    await head.getByRole('dialog').getByRole('button', { name: '提前结束' }).click()
    await head.locator('[data-delay="over"]').first().waitFor()
  })
  const citizen = await person(browser, base)
  await step('now the person is told, with the law, in the portal', async () => {
    await sign_in(citizen, '/sign-in', /王芳/)
    await citizen.goto('/my-data')
    await see(citizen, /因调查需要，依据.*食品安全法/)
    assert((await uses_of(wang)).length === before + 1, 'the use is not told')
  })
  await also('portal use told later', () => look(citizen, 'portal-told-later', { whole: false }))
  const clerk = await person(browser, base)
  await step('who may neither ask nor decide is told so', async () => {
    await sign_in(clerk, '/workbench/', /孙浩/)
    await clerk.goto('/workbench/delays')
    await clerk.locator('.state[role="alert"]').waitFor()
  })
  await also('workbench delays forbidden', () => look(clerk, 'workbench-delays-forbidden'))
}
