// told: a message arrives and is read; a fee is recorded and paid; the result is posted with its number; another applies by mandate; a mail says that there is a message.
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { mail_settings, mailbox } from './mailbox.mjs'
import { decide, see, sign_in } from './people.mjs'
import { attach_photographs, caller } from './restaurant.mjs'
import { start } from './server.mjs'

/** A draft that is filled in but for how the result is to come. */
async function filled_draft(base) {
  const call = await caller(base, 'wang.fang')
  const { body: draft } = await call('POST', '/api/v1/drafts', { item: 'open-restaurant' })
  const form = {
    operator: { name: '王芳', address: '溪口镇老街17号', phone: '10255510001' },
    premises: { address: '溪口镇老街17号', area_m2: 46.5 },
    restaurant: { name: '望溪面馆', kind: 'noodles', seats: 20, opens_on: '2027-03-01' },
    declaration: { true_and_complete: true },
  }
  await call('PUT', `/api/v1/drafts/${draft.id}`, { form })
  await attach_photographs(call, draft.id)
  return draft.id
}

export default async function told(browser, base) {
  const citizen = await person(browser, base)
  let number = ''
  await step('she has the result posted to her, and is told that the application has come', async () => {
    const draft = await filled_draft(base)
    await sign_in(citizen, '/sign-in', /王芳/)
    await citizen.goto(`/apply/${draft}`)
    await citizen.getByRole('radio', { name: /邮寄送达/ }).check()
    await citizen.getByRole('button', { name: '提交申请' }).click()
    await see(citizen, /此项必填/)
    await citizen.locator('#to-name').fill('王芳')
    await citizen.locator('#to-telephone').fill('10255510001')
    await citizen.locator('#to-address').fill('溪口镇老街17号')
    await also('portal result by post', () => look(citizen, 'portal-apply-result'))
    await citizen.getByRole('button', { name: '提交申请' }).click()
    await citizen.waitForURL(/\/matters\//)
    number = /YX-\d{8}-[0-9A-Z]{8}/.exec(await see(citizen, '办结后邮寄'))?.[0] ?? ''
    assert(number, 'the page does not show the number of the case')
    await citizen.reload()
    await citizen.getByRole('link', { name: /消息.*条未读/ }).click()
    await see(citizen, '您的申请已收件', number)
  })
  await also('portal inbox', () => look(citizen, 'portal-inbox'))
  await step('a message leads to its matter, and is read then', async () => {
    await citizen.getByRole('button', { name: new RegExp(`未读.*${number}`, 's') }).click()
    await citizen.waitForURL(/\/matters\//)
    await see(citizen, number)
    await citizen.goto('/inbox')
    const text = await see(citizen, number)
    assert(!/未读[^您]*您的申请已收件/.test(text) && !text.includes('未读'), `it is still unread: ${text.slice(0, 300)}`)
  })

  const clerk = await person(browser, base)
  await step('a clerk records a fee, which is paid', async () => {
    await sign_in(clerk, '/workbench/', /张伟/)
    const call = await caller(base, 'wang.fang')
    const { body: matters } = await call('GET', '/api/v1/cases')
    const id = matters.items.find((one) => one.number === number).id
    await clerk.goto(`/workbench/cases/${id}`)
    await clerk.getByRole('button', { name: '登记应缴费用' }).click()
    const dialog = clerk.getByRole('dialog')
    await dialog.getByLabel('收费项目').fill('证书工本费')
    await dialog.getByLabel('金额').fill('10')
    await dialog.getByRole('button', { name: '登记应缴费用' }).click()
    await see(clerk, '10.00 CNY', '待缴')
    await clerk.getByRole('button', { name: '登记缴费' }).click()
    await dialog.getByRole('radio', { name: '窗口缴费' }).check()
    await dialog.getByLabel('票据号').fill('N20261128')
    await also('workbench paying', () => look(clerk, 'workbench-fee'))
    await dialog.getByRole('button', { name: '登记缴费' }).click()
    await see(clerk, /窗口缴费，票据号N20261128/)
    await clerk.goto('/workbench/')
    await decide(clerk, number, '同意', '符合要求。')
    const other = await person(browser, base)
    await sign_in(other, '/workbench/', /陈洁/)
    await decide(other, number, '合格', '符合要求。')
    await other.context().close()
    await citizen.goto(`/matters/${id}`)
    await see(citizen, '准予许可') // the page looks again by itself
    await clerk.goto(`/workbench/cases/${id}`)
  })
  await step('the result is posted, and she sees carrier and number', async () => {
    await clerk.getByRole('button', { name: '登记寄出' }).click()
    const dialog = clerk.getByRole('dialog')
    await dialog.getByRole('radio', { name: '顺丰速运' }).check()
    await dialog.getByLabel('运单号').fill('SF1234567890')
    await dialog.getByRole('button', { name: '登记寄出' }).click()
    await see(clerk, '已寄出', 'SF1234567890')
    await clerk.getByRole('button', { name: '更正运单号' }).waitFor() // not the same act again
    await also('workbench posted', () => look(clerk, 'workbench-posted'))
    await citizen.goto('/inbox')
    await see(citizen, '办理结果已寄出', /顺丰速运.*SF1234567890/, '已向您核发证照', '缴费已登记')
    await citizen.getByRole('button', { name: /办理结果已寄出/ }).click()
    await see(citizen, '已寄出', 'SF1234567890', '证书工本费', '10.00 CNY', '查询物流')
  })
  await also('portal posted', () => look(citizen, 'portal-matter-posted'))

  await step('she gives a mandate for one item', async () => {
    await citizen.goto('/mandates')
    await see(citizen, '您还没有委托他人代办')
    await citizen.getByRole('button', { name: '委托他人代办' }).click()
    await citizen.getByLabel('受托人姓名').fill('李娜')
    await citizen.getByLabel('受托人的公民身份号码').fill('332021199407180586')
    await citizen.getByRole('checkbox', { name: '食品经营许可' }).check()
    await citizen.getByLabel('最后一天').fill(await citizen.evaluate(() => new Date(Date.now() + 86_400_000 * 30).toISOString().slice(0, 10)))
    await also('portal giving a mandate', () => look(citizen, 'portal-mandate-new'))
    await citizen.getByRole('button', { name: '确认委托' }).click()
    await see(citizen, '授权已生效', '李娜 代 王芳')
  })
  await also('portal mandates', () => look(citizen, 'portal-mandates'))
  await step('who holds it is told, applies for her in that item, and may not have her data read', async () => {
    const agent = await person(browser, base)
    await sign_in(agent, '/sign-in', /李娜/)
    await agent.goto('/inbox')
    await see(agent, '您已获得授权', /王芳授权您代办事项/)
    await agent.goto('/items/signboard')
    await see(agent, '为谁办理')
    assert((await agent.getByText('王芳（委托您代办）').count()) === 0, 'an item that no mandate covers is offered')
    await agent.goto('/items/food-permit')
    await agent.getByRole('radio', { name: '王芳（委托您代办）' }).check()
    await agent.getByRole('button', { name: '开始办理' }).click()
    await agent.waitForURL(/\/apply\//)
    await see(agent, /申请人：?王芳/)
    await agent.locator('.offer').first().getByRole('button').click()
    await see(agent, '授权未包含读取数据')
    await agent.context().close()
  })
  await step('she ends it', async () => {
    citizen.once('dialog', (dialog) => dialog.accept())
    await citizen.getByRole('button', { name: '终止授权' }).click()
    await see(citizen, '授权已终止', '已终止')
  })
  await citizen.context().close()
  await clerk.context().close()
  await by_mail(browser)
}

async function by_mail(browser) {
  const box = await mailbox()
  const node = await start('yunxi', mail_settings(box))
  try {
    const citizen = await person(browser, node.url)
    await step('a mail says that there is a message, and not what it says', async () => {
      const call = await caller(node.url, 'wang.fang')
      const code_came = box.next()
      await call('POST', '/api/v1/contacts/mail', { address: 'wang@example.org' })
      const code = /\d{6}/.exec((await code_came).text)[0]
      await call('POST', '/api/v1/contacts/mail/confirm', { code })
      const draft = await filled_draft(node.url)
      const mail_came = box.next()
      const { body } = await call('POST', `/api/v1/drafts/${draft}/submit`)
      const mail = await mail_came
      assert(mail.to === 'wang@example.org' && mail.text.includes('http://127.0.0.1:1') && !mail.text.includes(body.number), mail.text)
    })
    await citizen.context().close()
  } finally {
    await node.stop()
    await box.close()
  }
}
