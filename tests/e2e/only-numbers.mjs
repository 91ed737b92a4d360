// only-numbers: a unit asks for numbers and no record; it is given, and the look-up counts by groups and says that small ones are left out.
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'
import { caller } from './restaurant.mjs'
import { decide_as } from './work.mjs'

export default async function only_numbers(browser, base) {
  const asker = await person(browser, base)
  await step('an officer asks for numbers by industry, and for no record', async () => {
    await sign_in(asker, '/workbench/', /武辉伟/)
    await asker.goto('/workbench/catalogue/enterprise-register/request')
    await asker.getByRole('radio', { name: /只要统计数量/ }).check()
    await asker.getByRole('checkbox', { name: /^要行业/ }).check()
    await asker.locator('#r-purpose').fill('掌握各类餐饮单位数量，安排检查力量')
    await asker.getByLabel('使用场景').fill('每季度统计一次')
    await asker.locator('#r-law').fill('中华人民共和国消防法')
    await asker.getByLabel('第几条').fill('53')
    await asker.getByLabel('截止日期').fill('2027-12-31')
    await asker.locator('#r-minimum').fill('6')
    await also('workbench request for numbers', () => look(asker, 'workbench-request-numbers'))
    await asker.getByRole('button', { name: '提交申请' }).click()
    await asker.waitForURL(/\/requests/)
  })
  await step('both heads agree', async () => {
    const { body } = await (await caller(base, 'wu.huiwei'))('GET', '/api/v1/grant-requests')
    const { number } = body.items.find(({ request }) => request?.count_minimum === 6)
    await decide_as(base, 'zhao.lei', number, 'approve')
    await decide_as(base, 'liu.yang', number, 'approve')
  })
  const inspector = await person(browser, base)
  await step('an inspector counts; small groups are left out, and it says so', async () => {
    await sign_in(inspector, '/workbench/', /孙浩/)
    const call = await caller(base, 'sun.hao')
    const { body } = await call('GET', '/api/v1/grants')
    const grant = body.items.find(({ count_minimum, state }) => count_minimum === 6 && state === 'active')
    assert(grant, 'the grant is not given')
    await inspector.goto('/workbench/data')
    await inspector.locator('#choose').selectOption(grant.key)
    await see(inspector, '数量小于 6 的组不显示')
    await inspector.locator('form[data-kind="counts"]').getByRole('checkbox').first().check()
    await inspector.getByRole('button', { name: '统计' }).click()
    await inspector.locator('table.rows tbody tr').first().waitFor()
    const numbers = await inspector.locator('table.rows tbody tr td:last-child').allInnerTexts()
    assert(numbers.length > 0 && numbers.every((n) => Number(n) >= 6), numbers.join())
    await see(inspector, '没有显示')
  })
  await also('workbench counts', () => look(inspector, 'workbench-counts'))
}
