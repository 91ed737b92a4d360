// reviews: Wang Fang says what she thinks of what was done for her. One is good; a bad one starts a case of its own, which the head of the unit answers and a
// supervisor calls back about; she sees the answer, and the county head sees both, without her name.
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'

const why = '指南上没有写要拍后厨照片，到最后才知道。'
const answer = '情况属实。已在办事指南中写明需要后厨照片，并向您致歉。'

/** Opens the first task whose row holds `words`, takes it on, and decides it. */
async function decide_on(page, words, outcome, opinion, on_case = async () => {}) {
  await page.getByText(words).first().waitFor()
  const rows = await page.locator('a.open').allInnerTexts()
  await page.locator('a.open').nth(rows.findIndex((row) => row.includes(words))).click()
  await page.waitForURL(/\/tasks\//)
  const claim = page.getByRole('button', { name: /认领/ })
  await claim.or(page.getByRole('radio').first()).first().waitFor()
  if (await claim.isVisible()) await claim.click()
  await page.getByRole('radio', { name: outcome, exact: true }).check()
  if (opinion) await page.locator('#opinion').fill(opinion)
  await on_case()
  await page.getByRole('button', { name: '确认决定' }).click()
  await page.getByText(/已办理/).first().waitFor()
}

export default async function reviews(browser, base) {
  const phone = await person(browser, base)
  await phone.setViewportSize({ width: 375, height: 812 })
  let matter = ''
  await step('my applications says which of them she has not reviewed', async () => {
    await sign_in(phone, '/sign-in', /王芳/)
    await phone.goto('/matters')
    await see(phone, '待评价')
    await phone.getByRole('link', { name: /开办小餐馆.*待评价/s }).first().click()
    await phone.waitForURL(/\/matters\//)
    matter = new URL(phone.url()).pathname
    await see(phone, '这件事办得怎么样？', '不显示您是谁')
  })
  await also('portal, a matter to be reviewed', () => look(phone, 'review-form'))

  await step('a bad review needs a reason', async () => {
    await phone.getByText('不满意', { exact: true }).click()
    await see(phone, '由监督人员回访您')
    await phone.getByRole('button', { name: '提交评价' }).click()
    await see(phone, '请选择或写明不满意的原因')
  })
  await also('portal, a bad review', () => look(phone, 'review-bad'))
  await also('portal, a bad review in elder mode', async () => {
    await phone.evaluate(() => { document.documentElement.dataset.elder = '' })
    await look(phone, 'review-elder', { target_px: 60 })
    await phone.evaluate(() => { delete document.documentElement.dataset.elder })
  })
  await step('she says what was wrong; it is followed up, with a last day', async () => {
    await phone.getByText('指南与实际不符').click()
    await phone.getByLabel('具体是怎么回事？').fill(why)
    await phone.getByLabel(/回访电话/).fill('10255510001')
    await phone.getByRole('button', { name: '提交评价' }).click()
    await see(phone, '您的评价', why, /正在核实，最迟.+办结/)
  })
  await also('portal, the bad review is given', () => look(phone, 'review-given'))

  const head = await person(browser, base)
  await step('the head of the unit finds it in his work list with what she said, and answers', async () => {
    await sign_in(head, '/workbench/', /刘洋/)
    await decide_on(head, '差评：开办小餐馆', '属实，已整改', answer, async () => {
      const page = await see(head, why, '指南与实际不符', '10255510001')
      assert(!page.includes('王芳'), 'her name is shown')
      await also('workbench, following up a bad review', () => look(head, 'review-followup', { dense: true }))
    })
  })
  await step('the reviews of his unit show it, and lead to its case', async () => {
    await head.goto('/workbench/reviews')
    await see(head, '差评按期办结', why)
    await head.getByRole('button', { name: '处理中' }).click()
    await see(head, why, answer)
    await head.getByRole('link', { name: /差评处理 HCP-/ }).first().click()
    await head.waitForURL(/\/cases\//)
    await see(head, '回访评价人')
    await head.goBack()
  })
  await also('workbench, reviews of a unit', () => look(head, 'reviews', { dense: true }))

  const supervisor = await person(browser, base)
  await step('the supervisor calls her back, and it is settled', async () => {
    await sign_in(supervisor, '/workbench/', /段海峰/)
    await decide_on(supervisor, '差评：开办小餐馆', '评价人认可', '已电话回访，评价人表示认可。')
  })
  await step('she sees the answer on her matter', async () => {
    await phone.goto(matter)
    await see(phone, '属实，已整改', answer)
  })
  await also('portal, the answer', () => look(phone, 'review-answered'))

  await step('a good one is as quickly said, and her list knows it', async () => {
    await phone.goto('/matters')
    await phone.locator('main').getByText('已提交的申请').waitFor()
    const other = phone.getByRole('link', { name: /待评价/ }).first()
    if (!(await other.isVisible())) return
    await other.click()
    await phone.waitForURL(/\/matters\//)
    await phone.getByText('非常满意', { exact: true }).click()
    await phone.getByText('办得快').click()
    await phone.getByRole('button', { name: '提交评价' }).click()
    await see(phone, '您的评价', '办得快')
  })
  await step('everybody sees the average of the item, nobody who gave it', async () => {
    const stranger = await person(browser, base)
    await stranger.goto('/items/open-restaurant')
    const page = await see(stranger, '群众评价', '满分 5 分')
    assert(!page.includes(why), 'her words are public')
    await also('portal, an item with reviews', () => look(stranger, 'review-item'))
    await stranger.context().close()
  })
  await step('the county head sees what people think', async () => {
    const leader = await person(browser, base)
    await sign_in(leader, '/workbench/', /林文博/)
    await leader.goto('/workbench/overview')
    const page = await see(leader, '群众怎么看', '最近说了什么', why)
    assert(!page.includes('王芳'), 'her name is shown')
    await also('overview with reviews', () => look(leader, 'review-overview', { dense: true }))
    await leader.context().close()
  })
  await Promise.all([phone, head, supervisor].map((page) => page.context().close()))
}

/** Whoever was at the counter reviews the visit by the link of her receipt, once. `clerk` sees the receipt. */
export async function review_visit(browser, base, clerk) {
  const link = await clerk.getByRole('link', { name: '请办事人评价' }).getAttribute('href')
  await clerk.locator('.review img').evaluate((image) => image.decode())
  const visitor = await person(browser, base)
  await visitor.goto(link)
  await see(visitor, '评价窗口服务', '溪口镇', '不需要登录')
  await also('portal, a visit to be reviewed', () => look(visitor, 'review-visit'))
  await visitor.getByText('非常满意', { exact: true }).click()
  await visitor.getByText('服务热情').click()
  await visitor.getByRole('button', { name: '提交评价' }).click()
  await see(visitor, '谢谢您的评价')
  await visitor.reload()
  await see(visitor, '您的评价', '服务热情')
  assert(!(await visitor.getByRole('button', { name: '提交评价' }).isVisible()), 'it can be reviewed twice')
  await visitor.context().close()
}
