// hotline: somebody without a telephone that shows pages calls 12345, reads out the number of her matter, and says what she thinks of it; once.
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'
import { caller } from './restaurant.mjs'

/** A matter of Wang Fang's that was answered at once; its number. */
async function answered(base) {
  const citizen = await caller(base, 'wang.fang')
  const { body: draft } = await citizen('POST', '/api/v1/drafts', { item: 'housing-fund-statement' })
  const form = { applicant: { name: '王芳', id_no: '33202119880305048X', address: '溪口镇老街17号', phone: '10255510001' }, statement: { purpose: 'proof', months: 12 } }
  await citizen('PUT', `/api/v1/drafts/${draft.id}`, { form })
  const { body: receipt } = await citizen('POST', `/api/v1/drafts/${draft.id}/submit`)
  const clerk = await caller(base, 'yuan.min')
  const { body: tasks } = await clerk('GET', '/api/v1/tasks?scope=post&limit=200')
  const task = tasks.items.find((one) => one.case === receipt.case || one.number === receipt.number)
  await clerk('POST', `/api/v1/tasks/${task.id}/claim`)
  await clerk('POST', `/api/v1/tasks/${task.id}/complete`, { outcome: 'approve', opinion: '符合条件。' })
  return receipt
}

export default async function hotline(browser, base) {
  const receipt = await answered(base)
  const clerk = await person(browser, base)
  await step('a clerk of the hotline finds the matter by its number, and not whose it is', async () => {
    await sign_in(clerk, '/workbench/', /陶莉/)
    await see(clerk, '电话评价', '此处不显示申请人')
    await clerk.getByLabel('办件编号').fill('YX-20260101-00000000')
    await clerk.getByRole('button', { name: '查找' }).click()
    await see(clerk, '没有该编号的办件')
    await clerk.getByLabel('办件编号').fill(receipt.number.toLowerCase())
    await clerk.getByRole('button', { name: '查找' }).click()
    const page = await see(clerk, '住房公积金', '被评价单位', receipt.number)
    assert(!page.includes('王芳'), 'her name is shown')
  })
  await also('workbench, the hotline', () => look(clerk, 'workbench-hotline'))
  await step('she takes a bad review with its reason, once', async () => {
    await clerk.getByText('不满意', { exact: true }).click()
    await clerk.getByRole('button', { name: '提交评价' }).click()
    await see(clerk, '请选择或写明不满意的原因')
    await clerk.getByLabel('具体是怎么回事？').fill('打了三次电话才问清楚。')
    await clerk.getByLabel(/回访电话/).fill('10255510001')
    await also('workbench, a bad review by telephone', () => look(clerk, 'workbench-hotline-bad'))
    await clerk.getByRole('button', { name: '提交评价' }).click()
    await see(clerk, '评价已登记')
    await clerk.getByRole('button', { name: '查找' }).click()
    await see(clerk, '该办件已评价过')
  })
  await step('she whose matter it is sees it with the matter', async () => {
    const citizen = await person(browser, base)
    await sign_in(citizen, '/sign-in', /王芳/)
    await citizen.goto(`/matters/${receipt.case}`)
    await see(citizen, '您的评价', '打了三次电话才问清楚。')
    await citizen.context().close()
  })
  await clerk.context().close()
}
