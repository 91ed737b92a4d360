// alive: what a visitor of the demonstration sees first: whom to be, the county seen by its head, the contract as a page, a record that is tampered with
// and caught, and the clock that goes to the next working day. It moves the clock, so it comes late.
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { see } from './people.mjs'

const han = /\p{Script=Han}/u

export default async function alive(browser, base) {
  const visitor = await person(browser, base)
  await step('the first page says what this is, whom one may be and a way through it', async () => {
    await visitor.goto('/demo')
    await see(visitor, '云溪县：一个虚构的县', '换一个身份看看', '三分钟走一遍')
    assert((await visitor.locator('.people button').count()) === 6, 'not six people')
    await visitor.goto('/')
    await visitor.getByRole('link', { name: '演示首页' }).click()
    await visitor.waitForURL(/\/demo$/)
  })
  await also('demo', () => look(visitor, 'demo'))
  await also('demo in English', async () => {
    const foreigner = await person(browser, base, 'en-GB')
    await foreigner.goto('/demo')
    await see(foreigner, 'Yunxi, a county that is made up')
    const left = (await foreigner.locator('main').innerText()).split('\n').find((line) => han.test(line))
    assert(!left, `it still says ${left}`)
    await look(foreigner, 'demo-en')
    await foreigner.context().close()
  })

  await step('one click makes her the county head, who sees what came in, what is late and what data moved', async () => {
    await visitor.getByRole('button', { name: /林文博/ }).first().click()
    await visitor.waitForURL(/\/workbench\/overview$/)
    await see(visitor, '云溪县人民政府总览', '每日收件与办结', '各事项情况', '数据流动', '开办小餐馆')
    await visitor.locator('.chart canvas').waitFor()
  })
  await also('overview', () => look(visitor, 'overview', { dense: true }))
  await step('an item leads to its own figures, by the offices that handle it', async () => {
    await visitor.getByRole('link', { name: '开办小餐馆' }).first().click()
    await visitor.waitForURL(/\/overview\/open-restaurant/)
    await see(visitor, '开办小餐馆', '市场监管局')
  })
  await also('figures of an item', () => look(visitor, 'overview-item', { dense: true }))

  await step('the contract is a page', async () => {
    await visitor.goto('/api')
    await see(visitor, 'POST /api/v1/drafts')
  })
  await also('contract', () => look(visitor, 'api', { whole: false }))

  await step('a record that is altered behind the program is caught, and put right', async () => {
    await visitor.goto('/demo')
    await visitor.getByRole('button', { name: '核对账本' }).click()
    await see(visitor, '全部与账本一致')
    await visitor.getByRole('button', { name: '篡改一条记录' }).click()
    await see(visitor, '已绕过程序改动一条记录')
    await visitor.getByRole('button', { name: '核对账本' }).click()
    await see(visitor, '发现与账本不符的办件', /[A-Z]{2}-\d{8}-[0-9A-Z]{8}/)
    await also('demo, caught', () => look(visitor, 'demo-caught'))
    await visitor.getByRole('button', { name: '恢复原样' }).click()
    await see(visitor, '记录已恢复')
    await visitor.getByRole('button', { name: '核对账本' }).click()
    await see(visitor, '全部与账本一致')
  })
  await step('the clock goes to the next working day', async () => {
    await visitor.getByRole('main').getByRole('button', { name: '到下一个工作日' }).click()
    await see(visitor, '时钟已拨到', '比本机日期快')
  })
  await visitor.context().close()
}
