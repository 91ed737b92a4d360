// offices: what clerks do with a case besides deciding it. It is given back, stopped and started, handed over, and then decided.
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'
import { open_restaurant } from './restaurant.mjs'

/** Opens the dialog of an act, fills it in and sends it. */
async function act(page, name, fill, done) {
  await page.getByRole('button', { name, exact: true }).click()
  const dialog = page.getByRole('dialog')
  await fill(dialog)
  await dialog.getByRole('button', { name, exact: true }).click()
  await page.getByText(done).first().waitFor()
}

export default async function offices(browser, base) {
  const { number } = await open_restaurant(base, '渡口酒家')
  const clerk = await person(browser, base)
  await step('two tasks of one step are decided together, each by itself', async () => {
    const others = [await open_restaurant(base, '云来面馆'), await open_restaurant(base, '老街豆花')]
    await sign_in(clerk, '/workbench/', /张伟/)
    for (const other of others) await clerk.getByLabel(`选择 ${other.number}`).check()
    await see(clerk, '已选 2 件')
    await also('workbench work list, two selected', () => look(clerk, 'workbench-tasks-selected'))
    await clerk.getByRole('button', { name: '批量办理' }).click()
    const dialog = clerk.getByRole('dialog')
    await dialog.getByLabel('不同意').check()
    await dialog.getByRole('button', { name: '确认决定' }).click()
    await see(clerk, '请填写“理由”')
    await dialog.getByLabel('同意', { exact: true }).check()
    await also('workbench act, many at once', () => look(clerk, 'workbench-act-many'))
    await dialog.getByRole('button', { name: '确认决定' }).click()
    await see(clerk, '已办理 2 件。')
    for (const other of others) await clerk.getByText(other.number).waitFor({ state: 'detached' })
  })
  await step('a clerk takes a task on and may then do more with it', async () => {
    await clerk.getByRole('link', { name: new RegExp(number) }).click()
    await clerk.getByRole('button', { name: '认领', exact: true }).click()
    await see(clerk, '其他操作', '退回待领', '移交', '中止计时')
    assert((await clerk.getByRole('button', { name: '终止办件' }).count()) === 0, 'a clerk is offered to end a case')
  })

  await step('the clock is not stopped without its legal basis, which is said at the field; nothing typed is lost', async () => {
    await clerk.getByRole('button', { name: '中止计时', exact: true }).click()
    const dialog = clerk.getByRole('dialog')
    await dialog.getByLabel('听证').check()
    await dialog.getByLabel(/说明/).fill('申请人要求听证。')
    await dialog.getByRole('button', { name: '中止计时', exact: true }).click()
    await see(clerk, '请填写“法律依据”')
    assert((await clerk.evaluate(() => document.activeElement?.id)) === 'act-legal-basis', 'the field does not have the focus')
    await also('workbench act, error at its field', () => look(clerk, 'workbench-act-error'))
    await clerk.keyboard.press('Escape')
    await clerk.reload()
    await act(clerk, '中止计时', async (again) => {
      assert((await again.getByLabel(/说明/).inputValue()) === '申请人要求听证。', 'what was typed is lost')
      assert(await again.getByLabel('听证').isChecked(), 'what was chosen is lost')
      await again.getByLabel('法律依据').fill('《行政许可法》第四十五条')
    }, '时限已中止计算')
    await see(clerk, '恢复计时后才能作出决定')
  })
  await also('workbench case, its clock stands still', () => look(clerk, 'workbench-case-paused'))
  await step('it runs again', async () => {
    await act(clerk, '恢复计时', async () => {}, '已恢复计时。')
    await see(clerk, '还剩 10 个工作日')
  })

  await step('what the server refuses is said in the dialog, and can be sent again', async () => {
    await clerk.route('**/release', (route) => route.abort())
    await clerk.getByRole('button', { name: '退回待领', exact: true }).click()
    const dialog = clerk.getByRole('dialog')
    await dialog.getByLabel('理由').fill('与申请人有亲属关系，应当回避。')
    await dialog.getByRole('button', { name: '退回待领', exact: true }).click()
    await see(clerk, '网络连接不上')
    await also('workbench act, failed', () => look(clerk, 'workbench-act-failed'))
    await clerk.unrouteAll()
    await dialog.getByRole('button', { name: '退回待领', exact: true }).click()
    await see(clerk, '已退回待领。', '认领后由您办理')
  })

  await step('it is handed over to the head, with a reason', async () => {
    await act(clerk, '移交', async (dialog) => {
      await dialog.getByLabel('岗位', { exact: true }).selectOption('market-regulation market-regulation/head')
      await dialog.getByLabel('理由').fill('请局长办理。')
      await also('workbench act, hand over', () => look(clerk, 'workbench-act-hand-over'))
    }, '此件不由您的岗位办理')
  })
  const head = await person(browser, base)
  await step('the head finds it, and may end the case too', async () => {
    await sign_in(head, '/workbench/', /刘洋/)
    await head.getByRole('link', { name: new RegExp(number) }).click()
    await see(head, '终止办件', '请局长办理。')
    await head.getByRole('button', { name: '认领', exact: true }).click()
    await head.getByRole('radio', { name: '同意', exact: true }).check()
  })
  await also('workbench task of the head', () => look(head, 'workbench-task-head'))
  await step('her work list has that of her unit; the county leader sees the units below; a configurator begins where she may be', async () => {
    await head.getByRole('link', { name: '待办', exact: true }).click()
    await head.getByRole('button', { name: /本单位/ }).click()
    await head.getByRole('link', { name: new RegExp(number) }).waitFor()
    assert((await head.locator('tr.task').filter({ hasText: number }).innerText()).includes('我在办'), 'the list does not say that it is hers')
    await also('workbench work list of a unit', () => look(head, 'workbench-tasks-unit'))
    const leader = await person(browser, base)
    await sign_in(leader, '/workbench/', /林文博/)
    await leader.getByRole('button', { name: /下级单位/ }).click()
    await leader.getByRole('link', { name: new RegExp(number) }).first().waitFor()
    await also('workbench work list of the units below', () => look(leader, 'workbench-tasks-below'))
    const configurator = await person(browser, base)
    await sign_in(configurator, '/workbench/', /吴刚/)
    await see(configurator, '这家餐馆的风险等级是什么？')
    const pages = await configurator.locator('header nav a').allInnerTexts()
    assert(!pages.includes('待办') && !pages.includes('数据查询') && pages.includes('决策规则'), `the head leads to ${pages}`)
  })
  await also('notices are told by a bell, and lead to their tasks', async () => {
    const words = { 'zh-CN': '“食品经营许可审查”12月4日到期，请抓紧办理。', en: 'Due soon.' }
    const notice = (n, more) => ({ id: `00000000-0000-7000-8000-00000000000${n}`, kind: 'reminder', case: '00000000-0000-7000-8000-000000000009', number, open: true, due_on: '2026-12-04', at: '2026-11-30T01:00:00Z', words, ...more })
    await head.route('**/api/v1/notices?*', (route) => route.fulfill({ json: { items: [notice(1), notice(2, { kind: 'escalation' }), notice(3, { open: false, seen_at: '2026-11-30T02:00:00Z' })] } }))
    await head.reload()
    await head.getByRole('button', { name: '提醒，2 条未读' }).click()
    await see(head, '请抓紧办理', '已办结')
    await look(head, 'workbench-notices')
    await head.unrouteAll()
    await head.keyboard.press('Escape')
    await head.getByRole('link', { name: new RegExp(number) }).click()
    await head.getByRole('radio', { name: '同意', exact: true }).waitFor()
    assert(await head.getByRole('radio', { name: '同意', exact: true }).isChecked(), 'the decision that was being made is lost')
  })
  await step('she decides, and the case says so', async () => {
    await head.getByRole('button', { name: '确认决定' }).click()
    await see(head, '已办理', '本件各环节')
  })
}
