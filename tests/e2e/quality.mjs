// quality: the rules of an entry are held against the rows when its source is examined; a reader sees what breaks them, and proposes a correction.
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'

export default async function quality(browser, base) {
  const officer = await person(browser, base)
  await step('an officer examines her source, and sees how many rows break each rule, and where', async () => {
    await sign_in(officer, '/workbench/', /何静/)
    await officer.goto('/workbench/sources/population')
    await officer.getByRole('button', { name: '检查' }).click()
    await see(officer, '质量规则', '公民身份号码为18位')
    assert((await officer.locator('table.quality tbody tr').count()) >= 3, 'not every rule is told')
    const words = await officer.locator('table.quality').innerText()
    assert(!/\d{15}/.test(words), 'a value is told')
  })
  await also('workbench source with quality rules', () => look(officer, 'workbench-source-quality'))
  const reader = await person(browser, base)
  await step('a reader sees it on the entry, and proposes a correction of what is broken', async () => {
    await sign_in(reader, '/workbench/', /武辉伟/)
    await reader.goto('/workbench/catalogue/resident-basic')
    await see(reader, '质量规则', '登记了联系电话')
    const report = reader.getByRole('button', { name: '提出校核' }).first()
    assert(await report.isVisible(), 'nothing breaks a rule in the made-up register')
    await report.click()
    assert((await reader.locator('#matter-what').inputValue()).startsWith('不符合质量规则'), 'the correction is not proposed')
  })
  await also('workbench resource with quality rules', () => look(reader, 'workbench-resource-quality'))
}
