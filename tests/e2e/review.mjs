// review: a clerk takes a task on, asks another unit's opinion, it answers, she sends the case back to the earlier step, and then it is decided.
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'
import { open_restaurant } from './restaurant.mjs'
import { second_version } from './second-version.mjs'

const process_file = 'processes/open-restaurant.bpmn'

/** Opens the task of the case `number` from the work list. */
async function open(page, number, words) {
  await page.goto('/workbench/')
  await page.locator('tr.task').filter({ hasText: number }).filter({ hasText: words }).getByRole('link').click()
  await page.waitForURL(/\/tasks\//)
}

async function take_on(page) {
  await page.getByRole('button', { name: '认领', exact: true }).click()
  await page.getByRole('radio').first().waitFor()
}

async function decide(page, outcome, opinion) {
  await page.getByRole('radio', { name: outcome, exact: true }).check()
  if (opinion) await page.locator('#opinion').fill(opinion)
  await page.getByRole('button', { name: '确认决定' }).click()
  await page.getByText('已办理').first().waitFor()
}

export default async function review(browser, base, node) {
  await step('the county changes the process: materials are checked first', () => node.apply_changed(process_file, second_version))
  const { number } = await open_restaurant(base, '老街豆花')
  const clerk = await person(browser, base)
  await step('the clerk checks the materials, then takes the examination on', async () => {
    await sign_in(clerk, '/workbench/', /张伟/)
    await open(clerk, number, '材料核对')
    await take_on(clerk)
    await decide(clerk, '齐全')
    await open(clerk, number, '食品经营许可审查')
    await take_on(clerk)
  })

  await step('she asks the fire brigade for its opinion, and cannot decide before it answers', async () => {
    await clerk.getByRole('button', { name: '征求意见', exact: true }).click()
    const dialog = clerk.getByRole('dialog')
    await dialog.getByLabel('征求谁的意见').selectOption('fire fire/safety-clerk')
    await dialog.getByLabel('征求意见的内容').fill('后厨与隔壁粮店共用一面墙，明火间的设置是否合适？')
    await dialog.getByLabel('期限').selectOption('2 WD')
    await also('workbench act, ask for an opinion', () => look(clerk, 'workbench-act-ask'))
    await dialog.getByRole('button', { name: '发出' }).click()
    await see(clerk, '未答复', '还有 1 项请求没有答复')
    assert((await clerk.getByRole('button', { name: '确认决定' }).count()) === 0, 'it can be decided before the answer')
  })
  await also('workbench act, somebody is brought in and shown a file', async () => {
    await clerk.getByRole('button', { name: '邀请参与', exact: true }).click()
    await clerk.getByRole('dialog').getByRole('checkbox', { name: 'kitchen.png' }).check()
    await look(clerk, 'workbench-act-participant')
    await clerk.getByRole('dialog').getByRole('button', { name: '取消' }).click()
  })
  await also('workbench task, an opinion is asked', () => look(clerk, 'workbench-task-asked'))

  const fire = await person(browser, base)
  await step('the fire brigade sees the question and answers it', async () => {
    await sign_in(fire, '/workbench/', /陈洁/)
    await open(fire, number, '征求意见')
    await see(fire, '征求您的意见', '共用一面墙')
    await take_on(fire)
    await also('workbench opinion', () => look(fire, 'workbench-opinion'))
    await decide(fire, '不同意', '共用墙须为防火墙，请申请人补充墙体材料证明。')
  })

  await step('she reads the answer, notes what to ask for, and sends the case back to the check of materials', async () => {
    await clerk.reload()
    await see(clerk, '墙体材料证明')
    await clerk.getByLabel('写一条备注').fill('已电话告知申请人补墙体材料证明。')
    await clerk.getByRole('button', { name: '添加' }).click()
    await see(clerk, '张伟', '已电话告知申请人')
    await clerk.getByRole('button', { name: '退回前一环节' }).click()
    const dialog = clerk.getByRole('dialog')
    await dialog.getByLabel('材料核对').check()
    await dialog.getByLabel('理由').fill('补充共用墙体的材料证明后再审。')
    await also('workbench act, send back', () => look(clerk, 'workbench-act-return'))
    await dialog.getByRole('button', { name: '退回前一环节' }).click()
    await see(clerk, '已退回。', '补充共用墙体的材料证明后再审')
  })
  await also('workbench task, sent back', () => look(clerk, 'workbench-task-returned'))

  await step('the materials are checked again and the permit is decided', async () => {
    await open(clerk, number, '材料核对')
    await take_on(clerk)
    await decide(clerk, '齐全', '墙体材料证明已补。')
    await open(clerk, number, '食品经营许可审查')
    await take_on(clerk)
    await decide(clerk, '同意', '符合要求。')
    await see(clerk, '本件各环节')
  })
  await also('workbench task, decided after all', () => look(clerk, 'workbench-task-reviewed'))
}
