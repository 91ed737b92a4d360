// terms: a unit asks for all that a grant can say - only to verify, a condition made from a form, limits, method - and the head who decides reads it in words.
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'

async function reasons(page) {
  await page.locator('#r-purpose').fill('核对经营者是否仍在登记')
  await page.getByLabel('使用场景').fill('消防检查前逐户核对')
  await page.locator('#r-law').fill('中华人民共和国消防法')
  await page.getByLabel('第几条').fill('53')
  await page.getByLabel('截止日期').fill('2027-12-31')
}

export default async function terms(browser, base) {
  const asker = await person(browser, base)
  await step('a unit asks only to verify, with a condition made from a form and said in a sentence', async () => {
    await sign_in(asker, '/workbench/', /武辉伟/)
    await asker.goto('/workbench/catalogue/enterprise-basic/request')
    await asker.getByRole('radio', { name: /只要核验结果/ }).check()
    const verify = asker.getByRole('group', { name: '核验什么' })
    await verify.getByLabel('字段').selectOption({ label: '登记状态' })
    await verify.getByLabel('值', { exact: true }).fill('存续')
    await verify.getByText('“登记状态”是“存续”').waitFor()
    const rows = asker.getByRole('group', { name: '只限哪些记录' })
    await rows.getByRole('button', { name: '添加条件' }).click()
    await rows.getByLabel('字段').selectOption({ label: '成立日期' })
    await rows.getByLabel('值', { exact: true }).fill('2020-01-01')
    await rows.getByText('2020年1月1日').waitFor()
    await rows.locator('summary').click()
    assert((await rows.locator('textarea').inputValue()) === 'established_on >= date("2020-01-01")', 'the form makes other FEEL')
    await rows.locator('textarea').fill('established_on > date("2019-12-31") and starts with(address, "溪口镇")')
    await rows.getByText('以“溪口镇”开头').waitFor()
    assert((await rows.getByLabel('值', { exact: true }).count()) === 2, 'the form does not show what FEEL says')
    await rows.locator('textarea').fill('string length(name) > 2')
    await rows.getByText('表单表达不了').waitFor()
    await rows.locator('textarea').fill('established_on >= date("2020-01-01")')
    await asker.getByRole('checkbox', { name: '按统一社会信用代码' }).check()
    await asker.getByLabel('每分钟最多调用次数').fill('30')
    await asker.getByLabel('24小时内最多记录条数').fill('500')
    await reasons(asker)
  })
  await also('workbench request to verify', () => look(asker, 'workbench-request-verify'))
  await step('and hands it in', async () => {
    await asker.getByRole('button', { name: '提交申请' }).click()
    await asker.waitForURL(/\/requests/)
  })
  const head = await person(browser, base)
  await step('the head who decides reads all of it in words', async () => {
    await sign_in(head, '/workbench/', /赵磊/)
    await head.locator('tr.task').filter({ hasText: '经营主体' }).or(head.locator('tr.task').filter({ hasText: '申请' })).first().getByRole('link').click()
    await head.waitForURL(/\/tasks\//)
    const page = await see(head, '只要核验结果', '“登记状态”是“存续”', '不小于（不早于）2020年1月1日', '每分钟最多30次调用', '24小时内最多500条记录', '接口')
    assert(!/fire-|专项.*-20/.test(page.split('用于')[1]?.slice(0, 40) ?? ''), 'a key is shown for a name')
  })
  await also('workbench terms of a request', () => look(head, 'workbench-request-terms'))
}
