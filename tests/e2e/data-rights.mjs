// data-rights: a person finds what was read about her, has an error corrected and objects to a use; the office answers; a unit reports an error.
// Begins where somebody has read about her: after the yunxi scenario.
import { look, person } from './browser.mjs'
import { also, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'

async function ask(page, kind, words, field) {
  const use = page.locator('main div.stack.tight').filter({ hasText: '公安局' }).filter({ has: page.getByRole('button', { name: '有疑问？就此提出请求' }) }).first()
  await use.getByRole('button', { name: '有疑问？就此提出请求' }).click()
  await use.getByLabel('您希望').selectOption({ label: kind })
  if (field) await use.getByLabel('哪一项有误').selectOption({ label: field })
  await use.getByLabel('请说明情况').fill(words)
  await also(`portal asks: ${kind}`, () => look(page, `portal-data-${field ? 'correction' : 'objection'}`))
  await use.getByRole('button', { name: '提交' }).click()
  await page.getByRole('status').filter({ hasText: '已提交' }).waitFor()
}

export default async function data_rights(browser, base) {
  const citizen = await person(browser, base)
  await step('a citizen finds who read her data, reports an error and objects to a use', async () => {
    await sign_in(citizen, '/sign-in', /王芳/)
    await citizen.goto('/my-data')
    await ask(citizen, '更正错误信息', '我的电话已经更换。', '联系电话')
    await ask(citizen, '对这次使用提出异议', '我没有申请过这件事。')
    await see(citizen, '我提出的请求')
  })
  const officer = await person(browser, base)
  await step('the office that holds the data sees what is wrong, corrects it and answers', async () => {
    await sign_in(officer, '/workbench/', /何静/)
    await officer.locator('tr.task').filter({ hasText: '数据校核' }).first().getByRole('link').click()
    await officer.waitForURL(/\/tasks\//)
    await see(officer, '我的电话已经更换。', '联系电话')
    await also('workbench correction', () => look(officer, 'workbench-correction'))
    const claim = officer.getByRole('button', { name: '认领', exact: true })
    await claim.or(officer.getByRole('radio').first()).first().waitFor()
    if (await claim.isVisible()) await claim.click()
    await officer.getByRole('radio', { name: '已更正', exact: true }).check()
    await officer.locator('#opinion').fill('已按您提供的号码更正。')
    await officer.getByRole('button', { name: '确认决定' }).click()
    await officer.getByText('已办理').first().waitFor()
    await officer.goto('/workbench/requests')
    await see(officer, '校核、个人权利与争议', '对使用的异议')
    await also('workbench matters', () => look(officer, 'workbench-matters'))
  })
  await step('she reads the answer', async () => {
    await citizen.goto('/my-data')
    await citizen.getByText('已按您提供的号码更正。').waitFor()
  })
  await also('portal my data with answers', () => look(citizen, 'portal-data-answers'))
  const asker = await person(browser, base)
  await step('a unit that reads a resource reports an error in it', async () => {
    await sign_in(asker, '/workbench/', /武辉伟/)
    await asker.goto('/workbench/catalogue/enterprise-basic')
    await asker.getByLabel('数据项', { exact: true }).selectOption({ index: 1 })
    await asker.getByLabel('记录主键').fill('91350100M000100Y43')
    await asker.getByLabel('情况说明').fill('现场名称与登记不符。')
    await also('workbench reports an error', () => look(asker, 'workbench-resource-report'))
    await asker.getByRole('button', { name: '提交', exact: true }).click()
    await asker.getByRole('status').filter({ hasText: '已提交' }).waitFor()
  })
}
