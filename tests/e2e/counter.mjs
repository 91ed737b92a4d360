// counter: a man without a phone comes to the counter of Xikou. The clerk sees his document, reads what the government has with his consent, fills in the
// rest, sends it and prints the receipt. Offices decide as ever, and the counter can follow it.
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'
import { make_photographs } from './photographs.mjs'
import { review_visit } from './reviews.mjs'

export default async function counter(browser, base) {
  const clerk = await person(browser, base)
  let number = ''
  await step('a document that does not fit the name is refused, with what to do', async () => {
    await sign_in(clerk, '/workbench/', /徐梅/)
    await clerk.waitForURL(/\/counter$/)
    await see(clerk, '请核对申请人的证件原件')
    await also('workbench counter', () => look(clerk, 'counter', { dense: true }))
    await clerk.getByLabel('办理事项').selectOption('open-restaurant')
    await clerk.getByLabel('公民身份号码').fill('332021196910010556')
    await clerk.getByLabel('姓名').fill('王芳')
    await clerk.getByRole('button', { name: '开始受理' }).click()
    await see(clerk, '姓名与证件号码不符')
  })
  await step('she begins for Chen Jianguo, and reads with his consent', async () => {
    await clerk.getByLabel('姓名').fill('陈建国')
    await clerk.getByRole('button', { name: '开始受理' }).click()
    await clerk.waitForURL(/\/counter\/[0-9a-f-]+$/)
    await see(clerk, '请向申请人逐项说明并征得同意')
    const offer = clerk.locator('.offer').filter({ hasText: '公安局' })
    await offer.getByRole('button').click()
    await offer.getByText('已读取').waitFor()
    assert((await clerk.locator('.given').allInnerTexts()).some((field) => field.includes('陈建国')), 'his name is not filled in')
  })
  await step('she fills in the rest, adds two photographs and sends it', async () => {
    const fill = (pointer, value) => clerk.locator(`#field-${pointer}`).fill(value)
    const telephone = clerk.locator('#field-operator-phone')
    if (await telephone.isVisible()) await telephone.fill('10255510002')
    await fill('premises-address', '溪口镇老街41号')
    await fill('premises-area-m2', '60')
    await fill('restaurant-name', '老陈面馆二店')
    await clerk.getByRole('radio', { name: '面食' }).check()
    await fill('restaurant-seats', '16')
    await fill('restaurant-opens-on', '2027-03-01')
    await clerk.locator('#field-declaration-true-and-complete').check()
    const photos = await clerk.evaluate(make_photographs)
    for (const [material, name, photo] of [['shop-front', '门面.jpg', photos[0]], ['kitchen', '后厨.jpg', photos[1]]]) {
      await clerk.locator(`input[data-for="field-materials-${material}"]`).setInputFiles({ name, mimeType: 'image/jpeg', buffer: Buffer.from(photo, 'base64') })
      await clerk.getByRole('button', { name: new RegExp(`移除 ?${name}`) }).waitFor()
    }
    await also('workbench counter, application', () => look(clerk, 'counter-application', { dense: true }))
    await clerk.getByRole('button', { name: '提交申请' }).click()
    await see(clerk, '受理回执', '陈建国', '溪口镇')
    number = await clerk.locator('.number').innerText()
  })
  await also('workbench counter, receipt', () => look(clerk, 'counter-receipt', { dense: true }))
  await step('he reviews the visit by the code of the receipt, once', () => review_visit(browser, base, clerk))
  await step('the counter follows what it took in', async () => {
    await clerk.getByRole('link', { name: '受理下一位' }).click()
    await see(clerk, number)
    await clerk.getByRole('link', { name: new RegExp(number) }).click()
    await clerk.waitForURL(/\/cases\//)
    await see(clerk, '老陈面馆二店')
  })
  await also('workbench case at the counter', () => look(clerk, 'counter-case', { dense: true }))
  await step('he sees it too when he signs in, and who read his data', async () => {
    const man = await person(browser, base)
    await sign_in(man, '/sign-in', /陈建国/)
    await man.goto('/matters')
    await man.getByRole('link', { name: new RegExp(number) }).click()
    await see(man, '办理中', '读取了姓名', '由窗口代办，窗口人员称已征得申请人同意')
    await man.context().close()
  })
  await clerk.context().close()
}
