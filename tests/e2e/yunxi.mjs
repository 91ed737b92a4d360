// yunxi: a resident opens a small restaurant. Two departments' data prefill her form, two departments decide, and she sees who read what.
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { make_photographs } from './photographs.mjs'
import { decide, see, sign_in } from './people.mjs'

const han = /\p{Script=Han}/u

export default async function yunxi(browser, base) {
  const citizen = await person(browser, base)
  let number = ''

  await step('the home page names the county and what can be applied for', async () => {
    await citizen.goto('/')
    await see(citizen, '云溪县', '开办小餐馆')
  })
  await also('portal home', () => look(citizen, 'portal-home'))

  await step('a search finds the item, and says so when there is none', async () => {
    await citizen.getByRole('searchbox').fill('火星移民')
    await citizen.keyboard.press('Enter')
    await see(citizen, '没有找到')
    await also('portal nothing found', () => look(citizen, 'portal-nothing-found'))
    await citizen.getByRole('searchbox').fill('餐馆')
    await citizen.keyboard.press('Enter')
    await see(citizen, '与“餐馆”有关的事项', '开办小餐馆')
  })

  await step('the guide says what is needed, how long it takes and what the government already has', async () => {
    await citizen.getByRole('link', { name: /开办小餐馆/ }).click()
    await see(citizen, '承诺时限', '10 个工作日', '政府已有，不用您提供', '不动产登记信息', '同时进行', '《中华人民共和国食品安全法》第三十五条')
  })
  await also('portal item', () => look(citizen, 'portal-item'))

  await step('who begins without being signed in signs in first and comes back', async () => {
    await citizen.getByRole('button', { name: '登录并办理' }).click()
    await citizen.waitForURL(/\/sign-in/)
    await see(citizen, '演示身份')
    await also('portal sign-in', () => look(citizen, 'portal-sign-in'))
    await citizen.getByRole('button', { name: /王芳/ }).click()
    await citizen.waitForURL(/\/items\//)
    await citizen.getByRole('button', { name: '开始办理' }).click()
    await citizen.waitForURL(/\/apply\//)
  })

  await step('source, fields, purpose and law of each read are shown before it', async () => {
    await see(citizen, '先取政府已有的信息')
    for (const offer of await citizen.locator('.offer').allInnerTexts()) {
      for (const words of ['提供', '读取内容', '使用用途', '依据', '同意并读取']) assert(offer.includes(words), `an offer does not say ${words}`)
    }
  })
  await also('portal application, empty', () => look(citizen, 'portal-apply'))

  await step('what is missing is said in one place, and each line leads to its field', async () => {
    await citizen.getByRole('button', { name: '提交申请' }).click()
    const summary = citizen.getByRole('alert').filter({ hasText: '处需要修改' })
    await summary.waitFor()
    assert(await summary.evaluate((box) => document.activeElement === box), 'the summary does not have the focus')
    await summary.getByRole('link', { name: '请填写“店名”' }).click()
    assert((await citizen.evaluate(() => document.activeElement?.id)) === 'field-restaurant-name', 'the link does not lead to its field')
    await also('portal application, errors', () => look(citizen, 'portal-apply-errors'))
  })

  await step('two reads, each agreed to, fill the form and are marked with their source', async () => {
    const offers = citizen.locator('.offer')
    await offers.filter({ hasText: '公安局' }).getByRole('button').click()
    await offers.filter({ hasText: '公安局' }).getByText('已读取').waitFor()
    await offers.filter({ hasText: '不动产登记信息' }).getByRole('button').click()
    await offers.filter({ hasText: '不动产登记信息' }).getByText('已读取').waitFor()
    const given = await citizen.locator('.given').allInnerTexts()
    for (const value of ['王芳', '溪口镇老街17号', '46.5']) assert(given.some((field) => field.includes(value)), `${value} is not filled in`)
    assert(given.every((field) => /来自.+，刚刚读取/.test(field)), 'a field does not say where it comes from')
  })
  await also('portal application, prefilled', () => look(citizen, 'portal-apply-prefilled'))

  await step('two photographs of 200 kB are added; a file that is none is refused with what to do', async () => {
    const photos = await citizen.evaluate(make_photographs)
    const [shop, kitchen] = ['shop-front', 'kitchen'].map((material) => citizen.locator(`input[data-for="field-materials-${material}"]`))
    await kitchen.setInputFiles({ name: '后厨.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('<svg onload="alert(1)"/>') })
    await see(citizen, '不能上传HTML、SVG、XML文件')
    await also('portal file refused', () => look(citizen, 'portal-file-refused'))
    await citizen.getByRole('button', { name: /知道了/ }).click()
    for (const [input, name, photo] of [[shop, '门面.jpg', photos[0]], [kitchen, '后厨.jpg', photos[1]]]) {
      const buffer = Buffer.from(photo, 'base64')
      assert(buffer.length > 150_000, `the photograph has ${buffer.length} octets`)
      await input.setInputFiles({ name, mimeType: 'image/jpeg', buffer })
      await citizen.getByRole('button', { name: new RegExp(`移除 ?${name}`) }).waitFor()
    }
    const [tab] = await Promise.all([citizen.context().waitForEvent('page'), citizen.getByRole('button', { name: /查看 ?门面\.jpg/ }).click()])
    await tab.waitForURL(/^blob:/)
    await tab.waitForFunction(() => document.images[0]?.naturalWidth > 0)
    await tab.close()
  })
  await also('portal application with photographs', () => look(citizen, 'portal-apply-files'))
  await also('a photograph that is cut off by the network goes on from there', async () => {
    const photo = Buffer.concat([Buffer.from((await citizen.evaluate(make_photographs))[0], 'base64'), Buffer.alloc(2_000_000, 7)])
    let cut = 0
    await citizen.route('**/api/v1/attachments/*', (route) => (route.request().method() === 'PATCH' && cut++ === 1 ? route.abort('connectionreset') : route.continue()))
    await citizen.locator('input[data-for="field-materials-shop-front"]').setInputFiles({ name: '门面二.jpg', mimeType: 'image/jpeg', buffer: photo })
    await citizen.getByRole('button', { name: /移除 ?门面二/ }).waitFor()
    await citizen.unroute('**/api/v1/attachments/*')
    assert(cut > 2, `only ${cut} pieces were sent`)
    await citizen.getByRole('button', { name: /移除 ?门面二/ }).click()
    await citizen.getByRole('button', { name: /移除 ?门面二/ }).waitFor({ state: 'detached' })
  })

  await step('she fills in the rest and submits', async () => {
    const phone = citizen.locator('#field-operator-phone')
    if (await phone.isVisible()) await phone.fill('10255510001')
    await citizen.locator('#field-restaurant-name').fill('溪畔小馆')
    await citizen.getByRole('radio', { name: '面食' }).check()
    await citizen.locator('#field-restaurant-seats').fill('20')
    await citizen.locator('#field-restaurant-opens-on').fill('2027-03-01')
    await citizen.locator('#field-declaration-true-and-complete').check()
    await citizen.getByRole('button', { name: '提交申请' }).click()
    await citizen.waitForURL(/\/matters\//)
    number = /办件编号 (\S+)/.exec(await see(citizen, '申请已提交', '办理中'))?.[1] ?? ''
    assert(number, 'the page does not show the number of the case')
  })
  await also('portal application submitted', () => look(citizen, 'portal-matter-submitted'))

  const food = await person(browser, base)
  await also('workbench sign-in', async () => {
    await food.goto('/workbench/')
    await see(food, '工作人员登录')
    await look(food, 'workbench-sign-in')
  })
  await step('the food-permit clerk finds it in the work list, sees the data already fetched, and approves', async () => {
    await sign_in(food, '/workbench/', /张伟/)
    await see(food, number)
    await also('workbench work list', () => look(food, 'workbench-tasks'))
    await decide(food, number, '同意', '材料齐全，符合要求。', async () => {
      await see(food, '溪畔小馆', '已调取的数据', '不动产登记信息', '附件（2份）', '门面.jpg')
      await also('workbench task', () => look(food, 'workbench-task'))
    })
  })
  await step('the case is drawn: what is done, where it waits, and its clock', async () => {
    await food.getByRole('link', { name: number }).first().click()
    await food.waitForURL(/\/cases\//)
    const page = await see(food, '还剩 10 个工作日', '本件各环节', '正在办理')
    assert(await food.locator('.bjs-powered-by').isVisible(), 'the mark of bpmn-js is not seen')
    const drawn = await food.locator('.djs-container > svg').getAttribute('aria-label')
    assert(drawn.includes('目前在：开业前消防安全检查'), `the drawing is called ${drawn}`)
    const signs = (await food.locator('.flow-sign.active').allInnerTexts()).sort().join()
    assert(signs === '在办,等候', `the tokens say ${signs}`)
    for (const words of ['食品经营许可审查 已完成', '签发电子证照 未到']) assert(page.includes(words), `the steps do not say ${words}`)
    const before = await food.locator('.djs-container > svg > g').first().getAttribute('transform')
    await food.locator('.place').focus()
    for (const key of ['+', 'ArrowRight', '0', '-']) await food.keyboard.press(key)
    assert((await food.locator('.djs-container > svg > g').first().getAttribute('transform')) !== before, 'the keys do not move the drawing')
  })
  await also('workbench case', () => look(food, 'workbench-case'))
  await food.goBack()
  await also('workbench task, done', () => look(food, 'workbench-task-done'))

  const fire = await person(browser, base)
  await step('the fire-safety clerk cannot refuse without a reason, and approves', async () => {
    await sign_in(fire, '/workbench/', /陈洁/)
    await decide(fire, number, '合格', '', async () => {
      await fire.getByRole('radio', { name: /不/ }).check()
      await fire.getByRole('button', { name: '确认决定' }).click()
      await see(fire, '必须写明理由')
      await also('workbench reason missing', () => look(fire, 'workbench-reason-missing'))
      await fire.getByRole('radio', { name: '合格', exact: true }).check()
    })
  })

  await step('she sees that it is approved, what happened, and who read what for it', async () => {
    await citizen.reload()
    const page = await see(citizen, '准予许可', '小餐饮经营许可证')
    assert((await citizen.locator('.usage').count()) === 2, 'not the two reads are shown')
    for (const words of ['办理经过', '王芳', '公安局', '自然资源局']) assert(page.includes(words), `the page does not say ${words}`)
  })
  await also('portal application approved', () => look(citizen, 'portal-matter-approved'))

  await step('the certificate is hers and verifies; an altered one does not', async () => {
    await citizen.getByRole('link', { name: /小餐饮经营许可证/ }).click()
    await see(citizen, '溪畔小馆', '持证人')
    await citizen.getByRole('button', { name: '验证真伪' }).click()
    await see(citizen, '真实有效')
    await also('portal certificate', () => look(citizen, 'portal-certificate'))
    await citizen.getByText('电子凭证原文').click()
    const signed = await citizen.locator('.signed').inputValue()
    const stranger = await person(browser, base)
    await stranger.goto('/verify')
    await stranger.getByRole('textbox').fill(`${signed.slice(0, 60)}${signed[60] === 'A' ? 'B' : 'A'}${signed.slice(61)}`)
    await stranger.getByRole('button', { name: '验证' }).click()
    await see(stranger, '验证未通过')
    await also('portal verify', () => look(stranger, 'portal-verify'))
  })

  await step('my data shows the reads, with purpose and law', async () => {
    await citizen.getByRole('link', { name: '我的数据' }).click()
    const page = await see(citizen, '使用用途')
    assert(page.includes('《政务数据共享条例》第十九条'), 'the law is not shown')
  })
  await also('portal my data', () => look(citizen, 'portal-my-data'))
  await step('my applications lists it with its certificate', async () => {
    await citizen.getByRole('link', { name: '我的办事' }).click()
    await see(citizen, number, '我的证照')
  })
  await also('portal my applications', () => look(citizen, 'portal-matters'))

  await step('every read is in the usage log of the unit, and its entry is proved in the browser', async () => {
    await food.getByRole('link', { name: '使用记录' }).click()
    await see(food, '不动产登记信息', number)
    await also('workbench usage log', () => look(food, 'workbench-usage'))
    await food.getByRole('link', { name: '核验' }).first().click()
    await see(food, '核验通过')
    await also('workbench ledger', () => look(food, 'workbench-ledger'))
  })

  await also('what is not for one is said plainly', async () => {
    const nobody = await person(browser, base)
    await nobody.goto('/my-data')
    await see(nobody, '请先登录，再查看这一页。')
    await look(nobody, 'portal-signed-out')
    await nobody.goto('/no/such/page')
    await see(nobody, '没有这个页面')
    await look(nobody, 'portal-not-found')
    await citizen.goto('/workbench/')
    await see(citizen, '您没有工作岗位')
    await look(citizen, 'workbench-no-post')
    const other = await person(browser, base)
    await sign_in(other, '/sign-in', /李娜/)
    await other.goto('/matters')
    await see(other, '您还没有办理过事项')
    await look(other, 'portal-matters-none')
  })

  await also('an official goes on as a resident, and back to work', async () => {
    const official = await person(browser, base)
    await sign_in(official, '/workbench/', /张伟/)
    await official.goto('/my-data')
    await see(official, '您目前的身份')
    await look(official, 'portal-in-post')
    await official.getByRole('button', { name: '以个人身份办事' }).click()
    await official.getByText('您目前的身份').waitFor({ state: 'detached' })
    await official.waitForFunction(() => !document.querySelector('[aria-busy="true"]'))
    await official.goto('/workbench/')
    await official.locator('nav').getByText('办理事项').or(official.locator('.who .post')).first().waitFor()
  })

  await also('what fails says so and offers to try again', async () => {
    const unlucky = await person(browser, base)
    const problem = { type: '/problems/unavailable', title: 'unavailable', status: 503, detail: '数据库暂时繁忙，请稍后再试。', code: 'unavailable', request_id: '00000000-0000-7000-8000-000000000000' }
    await unlucky.route('**/api/v1/items?*', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) }))
    await unlucky.route('**/api/v1/items', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) }))
    await unlucky.goto('/')
    await see(unlucky, '数据库暂时繁忙，请稍后再试。')
    await look(unlucky, 'portal-failed')
    await unlucky.unrouteAll()
    await unlucky.getByRole('button', { name: '再试一次' }).click()
    await see(unlucky, '开办小餐馆')
    await unlucky.route('**/api/**', (route) => route.abort())
    await unlucky.reload()
    await see(unlucky, '暂时连接不上服务器', '网络连接不上')
    await look(unlucky, 'portal-offline')
  })

  await also('elder mode: 18 pt text, 60 px targets, remembered', async () => {
    await citizen.goto('/')
    await citizen.getByRole('button', { name: '大字版' }).click()
    await citizen.reload()
    await see(citizen, '标准版', '开办小餐馆')
    assert((await citizen.evaluate(() => getComputedStyle(document.body).fontSize)) === '24px', 'the text is not 18 pt')
    await look(citizen, 'portal-elder-home', { target_px: 60 })
    await citizen.getByRole('link', { name: /开办小餐馆/ }).click()
    await see(citizen, '承诺时限')
    await look(citizen, 'portal-elder-item', { target_px: 60 })
    await citizen.goto('/matters')
    await citizen.getByRole('link', { name: new RegExp(number) }).first().click()
    await see(citizen, '准予许可')
    await look(citizen, 'portal-elder-matter', { target_px: 60 })
  })

  await also('in English, nothing is left in Chinese', async () => {
    const visitor = await person(browser, base, 'en-GB')
    for (const [path, name] of [['/', 'home'], ['/items/open-restaurant', 'item'], ['/sign-in', 'sign-in']]) {
      await visitor.goto(path)
      await visitor.locator('h1').waitFor()
      await visitor.waitForFunction(() => !document.querySelector('[aria-busy="true"]'))
      const left = (await visitor.locator('main').innerText()).split('\n').find((line) => han.test(line))
      assert(!left, `${path} still says ${left}`)
      await look(visitor, `portal-en-${name}`)
    }
    await sign_in(visitor, '/sign-in', /Wang Fang/)
    await visitor.goto('/matters')
    await visitor.getByRole('link', { name: new RegExp(number) }).first().click()
    await see(visitor, 'Approved')
    await look(visitor, 'portal-en-matter')
  })

}
