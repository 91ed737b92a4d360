// one-source: what is kept, published or asked twice is listed with its reason; the data authority designates the one source, and the entry says so.
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'

export default async function one_source(browser, base) {
  const authority = await person(browser, base)
  await step('the data authority finds what is published twice, from the catalogue', async () => {
    await sign_in(authority, '/workbench/', /周敏/)
    await authority.goto('/workbench/catalogue')
    await authority.getByRole('link', { name: '一数一源' }).click()
    await see(authority, '同一数据表的相同')
  })
  await also('workbench duplicates', () => look(authority, 'workbench-duplicates'))
  const find = authority.locator('[data-find="same_column"]').filter({ hasText: '经营主体登记信息' }).first()
  await step('and designates one entry as the source, with the reason', async () => {
    await find.locator('[data-resource="enterprise-register"]').getByRole('button', { name: /^指定为数源/ }).click()
    await authority.getByRole('dialog').getByLabel('理由').fill('登记机关采集，其他目录引用')
    await authority.getByRole('dialog').getByRole('button', { name: '指定为数源' }).click()
    await find.locator('[data-resource="enterprise-register"]').getByText('指定数源').waitFor()
    await find.getByText('已指定', { exact: true }).waitFor()
  })
  await step('another one instead: there is never a second', async () => {
    await find.locator('[data-resource="enterprise-basic"]').getByRole('button', { name: /^指定为数源/ }).click()
    await authority.getByRole('dialog').getByLabel('理由').fill('改由基础登记目录发布')
    await authority.getByRole('dialog').getByRole('button', { name: '指定为数源' }).click()
    await find.locator('[data-resource="enterprise-basic"]').getByText('指定数源').waitFor()
    assert((await find.locator('.tag.good').filter({ hasText: '指定数源' }).count()) === 1, 'two are designated')
  })
  await also('workbench duplicates designated', () => look(authority, 'workbench-duplicates-designated', { whole: false }))
  const officer = await person(browser, base)
  await step('an officer sees it on the entry, and may not designate', async () => {
    await sign_in(officer, '/workbench/', /潘文/)
    await officer.goto('/workbench/catalogue/enterprise-basic')
    await officer.locator('td .tag').filter({ hasText: '指定数源' }).first().waitFor()
    await officer.goto('/workbench/duplicates')
    await see(officer, '同一数据表的相同')
    assert((await officer.getByRole('button', { name: /^指定为数源/ }).count()) === 0, 'an officer is offered to designate')
  })
}
