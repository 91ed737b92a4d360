// one-matter: the whole job. Wang Fang opens a restaurant: one search, one form begun on the phone and sent from a desk, the business licence at once, four departments
// beside each other, one supplement, five certificates, and each read of her data on the record.
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { decide, see, sign_in } from './people.mjs'
import { make_photographs } from './photographs.mjs'
import { caller } from './restaurant.mjs'

/** Fills a field of the form by its pointer. */
const fill = (page, pointer, value) => page.locator(`#field${pointer.replaceAll(/[/_]/g, '-')}`).fill(value)

/** Takes the task of this case on, does `act`. */
async function take_on(page, number) {
  await page.getByText(number).first().waitFor()
  const rows = await page.locator('a.open').allInnerTexts()
  await page.locator('a.open').nth(rows.findIndex((row) => row.includes(number))).click()
  await page.waitForURL(/\/tasks\//)
  await page.getByRole('button', { name: /认领/ }).click()
  await page.getByRole('radio').first().waitFor()
}

export default async function one_matter(browser, base) {
  const phone = await person(browser, base)
  await phone.setViewportSize({ width: 375, height: 812 })
  let number = ''

  await step('"开饭店" finds it first, and "open a restaurant", and "kaifandian" with a typing error or two', async () => {
    await sign_in(phone, '/sign-in', /王芳/)
    for (const words of ['open a restaurant', 'kaifandian', '开饭店']) {
      await phone.goto('/')
      await phone.getByRole('searchbox').fill(words)
      await phone.keyboard.press('Enter')
      await see(phone, `与“${words}”有关的事项`)
      const first = await phone.locator('.items .name').first().innerText()
      assert(first === '开餐馆一件事', `${words} finds ${first} first`)
    }
  })
  await also('portal search', () => look(phone, 'one-matter-search'))

  await step('the guide counts truly: five forms with 57 fields, 24 of them to fill in, nine of them known', async () => {
    await phone.getByRole('link', { name: /开餐馆一件事/ }).click()
    const page = await see(phone, '承诺时限', '由5张表单共57项合并而成', '24 项', '不动产登记信息')
    for (const words of ['设立登记', '食品经营许可审查', '开业前消防安全检查', '招牌设置审查', '排水许可审查', '营业执照和其他许可继续有效']) assert(page.includes(words), `the guide does not say ${words}`)
  })
  await also('portal guide of the whole matter', () => look(phone, 'one-matter-guide'))

  await step('she begins on the phone, agrees to two reads, and leaves', async () => {
    await phone.getByRole('button', { name: '开始办理' }).click()
    await phone.waitForURL(/\/apply\//)
    const offers = phone.locator('.offer')
    for (const unit of ['公安局', '不动产登记信息']) {
      await offers.filter({ hasText: unit }).getByRole('button').click()
      await offers.filter({ hasText: unit }).getByText('已读取').waitFor()
    }
    const given = await phone.locator('.given').allInnerTexts()
    for (const value of ['王芳', '商业服务', '46.5']) assert(given.some((field) => field.includes(value)), `${value} is not filled in`)
    await fill(phone, '/business_registration/shop_name', '溪畔小馆')
    await phone.getByText(/已保存|已自动保存/).first().waitFor()
  })
  await also('portal form of the whole matter', () => look(phone, 'one-matter-form'))

  const desk = await person(browser, base)
  await step('she goes on at a desk, fills in what is left, and adds two photographs', async () => {
    await sign_in(desk, '/sign-in', /王芳/)
    await desk.goto('/matters')
    await desk.getByRole('link', { name: /开餐馆一件事/ }).first().click()
    await desk.waitForURL(/\/apply\//)
    assert((await desk.locator('#field-business-registration-shop-name').inputValue()) === '溪畔小馆', 'what she typed on the phone is not there')
    const telephone = desk.locator('#field-business-registration-operator-phone')
    if (await telephone.isVisible()) await telephone.fill('10255510001')
    await desk.getByRole('radio', { name: '餐饮服务' }).check()
    await fill(desk, '/business_registration/employees', '4')
    await fill(desk, '/business_registration/capital_yuan', '50000')
    await fill(desk, '/business_registration/opens_on', '2027-03-01')
    await desk.getByRole('radio', { name: '面食' }).check()
    await fill(desk, '/food_permit/seats', '20')
    await desk.getByRole('button', { name: /添加.*人员|添加/ }).first().click()
    await fill(desk, '/food_permit/staff/0/name', '王芳')
    await fill(desk, '/food_permit/staff/0/healthy_until', '2099-01-01')
    await fill(desk, '/fire_safety/exits', '2')
    await fill(desk, '/fire_safety/extinguishers', '4')
    await fill(desk, '/signboard/width_m', '3')
    await fill(desk, '/signboard/height_m', '0.8')
    await fill(desk, '/signboard/bottom_m', '2.8')
    await desk.getByRole('radio', { name: '市政污水管' }).check()
    await desk.getByRole('checkbox', { name: /已安装隔油设施/ }).check()
    await fill(desk, '/drainage_permit/trap_litres', '200')
    await desk.getByRole('checkbox', { name: /真实、完整/ }).check()
    const photos = await desk.evaluate(make_photographs)
    for (const [material, name, photo] of [['shop-front', '门面.jpg', photos[0]], ['kitchen', '后厨.jpg', photos[1]]]) {
      await desk.locator(`input[data-for="field-materials-${material}"]`).setInputFiles({ name, mimeType: 'image/jpeg', buffer: Buffer.from(photo, 'base64') })
      await desk.getByRole('button', { name: new RegExp(`移除 ?${name}`) }).waitFor()
    }
  })
  await also('portal form of the whole matter at a desk', () => look(desk, 'one-matter-desk'))

  await step('she submits; the business licence is decided by table at once, with its reason and clause', async () => {
    await desk.getByRole('button', { name: '提交申请' }).click()
    await desk.waitForURL(/\/matters\//)
    number = /办件编号 (\S+)/.exec(await see(desk, '申请已提交'))?.[1] ?? ''
    await see(desk, /设立登记.*已按规则判定：登记簿载明为商业用房/, /市场主体登记管理条例第十九条第一款/)
    await desk.getByRole('link', { name: /营业执照/ }).waitFor()
  })
  await also('portal, the licence at once', () => look(desk, 'one-matter-submitted'))

  const fire = await person(browser, base)
  await step('the fire brigade tells her once all that is missing; the clock stands', async () => {
    await sign_in(fire, '/workbench/', /陈洁/)
    await take_on(fire, number)
    await fire.getByRole('button', { name: '一次性告知补正' }).click()
    const dialog = fire.getByRole('dialog')
    await dialog.getByLabel(/缺少什么/).fill('请补充疏散通道平面图，标明两个安全出口的位置。')
    await dialog.getByLabel(/依据/).fill('《行政许可法》第三十二条第一款第四项')
    await also('workbench, telling what is missing', () => look(fire, 'one-matter-ask-supplement', { dense: true }))
    await dialog.getByRole('button', { name: '一次性告知补正' }).click()
    await see(fire, '补正 · 申请人')
  })
  await also('workbench task that waits for a supplement', () => look(fire, 'one-matter-waiting', { dense: true }))

  for (const [who, outcome] of [[/张伟/, '同意'], [/龙婷/, '同意'], [/张霞璐/, '同意']]) {
    await step(`${String(who).slice(1, -1)} decides meanwhile`, async () => {
      const clerk = await person(browser, base)
      await sign_in(clerk, '/workbench/', who)
      await decide(clerk, number, outcome, '符合要求。', async () => { await see(clerk, '溪畔小馆', '已调取的数据') })
      await clerk.context().close()
    })
  }

  await step('she sees what is missing, adds the plan, and answers; the clock goes on', async () => {
    await desk.reload()
    await see(desk, '请您补正', '请补充疏散通道平面图', '等待您补正的时间不计入办理期限')
    await also('portal, what is missing', () => look(desk, 'one-matter-supplement'))
    const panel = desk.locator('section.asks')
    await panel.locator('input[type=file]').setInputFiles({ name: '疏散平面图.jpg', mimeType: 'image/jpeg', buffer: Buffer.from((await desk.evaluate(make_photographs))[0], 'base64') })
    await panel.getByRole('button', { name: /移除 ?疏散平面图/ }).waitFor()
    await panel.getByLabel('补正说明').fill('平面图已上传，两个出口已标明。')
    await panel.getByRole('button', { name: '提交补正' }).click()
    await see(desk, '您已于', '平面图已上传，两个出口已标明。', '已恢复计时')
  })

  await step('the fire brigade has a look, fills in its form, and it is done', async () => {
    await fire.reload()
    await see(fire, '平面图已上传，两个出口已标明。')
    await fire.getByRole('radio', { name: '合格', exact: true }).check()
    await fire.locator('#field-visited-on').fill('2026-11-27')
    await fire.getByRole('button', { name: '确认决定' }).click()
    await fire.getByText(/已办理/).first().waitFor()
  })

  await step('she has five certificates, and sees who read what for it', async () => {
    await desk.reload()
    const page = await see(desk, '已办结：准予')
    for (const name of ['营业执照', '食品经营许可证', '消防安全检查意见书', '招牌设置许可', '排水许可证']) assert(page.includes(name), `${name} is not there`)
    assert((await desk.locator('.certificate').count()) === 5, 'not five certificates')
    assert((await desk.locator('.usage').count()) === 2, 'not the two reads are shown')
  })
  await also('portal, the whole matter concluded', () => look(desk, 'one-matter-concluded'))

  await step('the ledger has each act of it', async () => {
    const call = await caller(base, 'wang.fang')
    const { body: matters } = await call('GET', '/api/v1/cases')
    const { id } = matters.items.find((one) => one.number === number)
    const { body: detail } = await call('GET', `/api/v1/cases/${id}`)
    const entries = new Set(detail.timeline.map(({ entry }) => entry).filter(Boolean))
    assert(entries.size >= 10, `${entries.size} entries`)
    const kinds = detail.timeline.map(({ kind }) => kind)
    for (const kind of ['opened', 'decided', 'service_done', 'supplement_asked', 'paused', 'supplement_given', 'resumed', 'ended']) assert(kinds.includes(kind), `no ${kind}`)
  })
  await Promise.all([phone, desk, fire].map((page) => page.context().close()))
}
