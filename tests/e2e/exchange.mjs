// exchange: a data officer hands over her own CSV, sees its faults and publishes it; another unit asks for it, both heads agree, it is read; it is
// suspended, and the next call is refused within a second, with the reason.
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'

const csv = [
  'licence_no,name,address,phone,grade,inspected_on',
  ...Array.from({ length: 40 }, (_, i) => `JY${33202100 + i},${['溪畔小馆', '老街面馆', '桥头豆花', '渡口鱼庄'][i % 4]}${i + 1}号店,溪口镇老街${i + 1}号,1025551${String(1000 + i)},${'ABC'[i % 3]},2026-0${1 + (i % 9)}-15`),
  'JY33202199,测试店,—,12,A,2026-02-30',
].join('\r\n')

async function open_task(page, words) {
  await page.goto('/workbench/')
  await page.locator('tr.task').filter({ hasText: words }).first().getByRole('link').click()
  await page.waitForURL(/\/tasks\//)
}
async function decide(page, outcome, opinion) {
  const claim = page.getByRole('button', { name: '认领', exact: true })
  await claim.or(page.getByRole('radio').first()).first().waitFor()
  if (await claim.isVisible()) await claim.click()
  await page.getByRole('radio', { name: outcome, exact: true }).check()
  if (opinion) await page.locator('#opinion').fill(opinion)
  await page.getByRole('button', { name: '确认决定' }).click()
  await page.getByText('已办理').first().waitFor()
}

export default async function exchange(browser, base) {
  const officer = await person(browser, base)
  await step('a data officer hands over a CSV file of her office and sees its faults', async () => {
    await sign_in(officer, '/workbench/', /潘文/)
    await officer.goto('/workbench/sources')
    await officer.getByLabel('数据源名称').fill('餐饮量化分级台账')
    await officer.getByLabel('标识').fill('catering-grades')
    await officer.getByLabel('CSV 文件').setInputFiles({ name: 'grades.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
    await also('workbench sources', () => look(officer, 'workbench-sources'))
    await officer.getByRole('button', { name: '接入并检查' }).click()
    await officer.waitForURL(/\/sources\/catering-grades/)
    await see(officer, '不是有效日期', '与多数格式')
  })
  await also('workbench source', () => look(officer, 'workbench-source'))
  await step('she describes it as a resource and hands it in', async () => {
    await officer.getByRole('link', { name: '编制为数据资源' }).click()
    await officer.getByLabel('名称', { exact: true }).fill('餐饮单位量化分级')
    await officer.getByLabel('标识', { exact: true }).fill('catering-grades')
    await officer.getByLabel('摘要').fill('餐饮单位的量化分级结果与最近检查日期')
    await officer.getByLabel('分类').fill('部门信息资源 / 市场监管 / 餐饮 / 量化分级')
    await officer.getByLabel('共享条件').fill('供依法开展监督检查的单位使用')
    await officer.getByLabel('grade 的名称').fill('量化等级')
    await also('workbench draft', () => look(officer, 'workbench-draft'))
    await officer.getByRole('button', { name: '提交审核' }).click()
    await officer.waitForURL(/\/requests/)
    await see(officer, '发布数据资源', '餐饮单位量化分级')
  })
  await also('workbench requests', () => look(officer, 'workbench-requests'))

  const head = await person(browser, base)
  await step('her head signs the assessment off', async () => {
    await sign_in(head, '/workbench/', /刘洋/)
    await open_task(head, '餐饮单位量化分级')
    await see(head, '保密与个人信息评估')
    await also('workbench publication task', () => look(head, 'workbench-publication'))
    await decide(head, '评估通过，同意发布')
  })
  const authority = await person(browser, base)
  await step('the data authority publishes it', async () => {
    await sign_in(authority, '/workbench/', /周敏/)
    await open_task(authority, '餐饮单位量化分级')
    await decide(authority, '发布')
  })

  const asker = await person(browser, base)
  await step('the fire brigade finds it and asks for three fields of it, for its programme', async () => {
    await sign_in(asker, '/workbench/', /武辉伟/)
    await asker.goto('/workbench/catalogue')
    await asker.getByRole('searchbox').fill('量化等级')
    await asker.getByRole('link', { name: '餐饮单位量化分级' }).click()
    await also('workbench resource', () => look(asker, 'workbench-resource'))
    await asker.getByRole('link', { name: '申请使用' }).click()
    for (const name of ['name', 'address', '量化等级', 'phone']) await asker.getByRole('checkbox', { name: `要${name}`, exact: true }).check()
    for (const name of ['name', 'address', '量化等级']) await asker.getByLabel(`${name} 如何显示`).selectOption('whole')
    assert((await asker.getByLabel('phone 如何显示').inputValue()) === 'partial', 'a personal field is not proposed to be hidden in part')
    await asker.getByRole('checkbox', { name: '按name' }).check()
    await asker.locator('#r-purpose').fill('确定专项消防检查的先后次序')
    await asker.getByLabel('使用场景').fill('检查员在专项行动中逐户查询')
    await asker.locator('#r-law').fill('中华人民共和国消防法')
    await asker.getByLabel('第几条').fill('53')
    await asker.getByLabel('截止日期').fill('2027-12-31')
    await also('workbench request', () => look(asker, 'workbench-request'))
    await asker.getByRole('button', { name: '提交申请' }).click()
    await asker.waitForURL(/\/requests/)
    await see(asker, '申请共享数据')
  })
  const fire_head = await person(browser, base)
  await step('its head agrees, the provider examines, the provider’s head agrees', async () => {
    await sign_in(fire_head, '/workbench/', /赵磊/)
    await open_task(fire_head, '餐饮单位量化分级')
    await decide(fire_head, '同意申请')
    await open_task(officer, '餐饮单位量化分级')
    await also('workbench examination of a request', () => look(officer, 'workbench-examine-request'))
    await decide(officer, '建议同意')
    await open_task(head, '餐饮单位量化分级')
    await decide(head, '同意共享')
  })

  const inspector = await person(browser, base)
  const read = async (words) => {
    await inspector.locator('#choose').selectOption({ label: (await inspector.locator('#choose option').filter({ hasText: '餐饮单位量化分级' }).textContent()).trim() })
    await inspector.locator('#value').fill(words)
    await inspector.getByRole('button', { name: '查询' }).click()
  }
  await step('an inspector reads it; the telephone is partly hidden', async () => {
    await sign_in(inspector, '/workbench/', /孙浩/)
    await inspector.goto('/workbench/data')
    await inspector.locator('#choose').waitFor()
    await read('老街面馆2')
    await see(inspector, '老街面馆2号店')
    assert(/102\*\*\*\*\d\d/.test(await inspector.locator('main').innerText()), 'the telephone is not masked')
  })
  await also('workbench look-up under the new grant', () => look(inspector, 'workbench-lookup-granted'))
  await step('the provider suspends it, and the next call is refused within a second, with the reason', async () => {
    await head.goto('/workbench/grants')
    const grant = head.locator('li[data-grant]').filter({ hasText: '餐饮单位量化分级' })
    await also('workbench grants', () => look(head, 'workbench-grants'))
    await grant.getByRole('button', { name: '暂停' }).click()
    await head.getByRole('dialog').getByLabel('理由').fill('台账正在核对')
    await head.getByRole('dialog').getByRole('button', { name: '暂停' }).click()
    await grant.getByText('台账正在核对').waitFor()
    const suspended = Date.now()
    await inspector.locator('#value').fill('渡口鱼庄')
    await inspector.getByRole('button', { name: '查询' }).click()
    await inspector.getByRole('alert').filter({ hasText: '该授权已暂停' }).waitFor({ timeout: Math.max(1, 1_000 - (Date.now() - suspended)) })
  })
  await also('workbench look-up refused', () => look(inspector, 'workbench-lookup-refused'))
}
