// hand-over: an officer orders data as a file, downloads it, acknowledges it; the provider recalls it, she confirms that it is destroyed. What fails and
// what waits is said in plain words.
import { readFileSync } from 'node:fs'
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'

const first = (page) => page.locator('[data-delivery]').first()

export default async function hand_over(browser, base) {
  const officer = await person(browser, base)
  await step('an officer finds the grant that is delivered, by the page of grants', async () => {
    await sign_in(officer, '/workbench/', /武辉伟/)
    await officer.goto('/workbench/grants')
    await officer.getByRole('button', { name: '本单位取得的' }).click()
    await officer.locator('li[data-grant="fire-inspection-restaurants"]').getByRole('link', { name: '数据交付' }).click()
    await officer.waitForURL(/deliveries\?grant=/)
    await see(officer, '还没有交付', '按需订取')
  })
  await also('workbench deliveries, none', () => look(officer, 'workbench-deliveries-none'))
  await step('she orders the data; it is made, and she downloads it with every hash checked', async () => {
    await officer.locator('li[data-grant]').getByRole('button', { name: '订取数据' }).click()
    await officer.getByRole('dialog').getByRole('button', { name: '订取数据' }).click()
    await first(officer).getByText('可下载', { exact: true }).waitFor()
    const [file] = await Promise.all([officer.waitForEvent('download'), first(officer).getByRole('button', { name: '下载' }).click()])
    const text = readFileSync(await file.path(), 'utf8')
    assert(text.startsWith('name,address,representative_name\r\n') && text.includes('**'), text.slice(0, 200))
    await see(officer, '校验值全部相符')
    await first(officer).locator('summary').filter({ hasText: '分卷与校验值' }).click()
    await first(officer).getByRole('link', { name: '第 1 卷' }).waitFor()
  })
  await also('workbench deliveries', () => look(officer, 'workbench-deliveries'))
  await step('a part that does not agree with its hash is not saved', async () => {
    await officer.route('**/parts/1', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, body: (await response.text()).replace('**', '*') })
    })
    await first(officer).getByRole('button', { name: '下载' }).click()
    await first(officer).getByRole('alert').filter({ hasText: '与登记的校验值不符' }).waitFor()
    await officer.unroute('**/parts/1')
  })
  await step('she acknowledges it, and has it sent once more', async () => {
    await first(officer).getByRole('button', { name: '确认收到' }).click()
    await first(officer).getByText('已确认收到', { exact: true }).waitFor()
    await first(officer).getByRole('button', { name: '重新发送' }).click()
    await first(officer).getByText('重新发送 1 次').waitFor()
  })

  const provider = await person(browser, base)
  await step('the provider sees it and recalls it, with the reason', async () => {
    await sign_in(provider, '/workbench/', /潘文/)
    await provider.goto('/workbench/deliveries')
    await provider.getByRole('button', { name: '本单位提供的' }).click()
    assert((await first(provider).getByRole('button', { name: '下载' }).count()) === 0, 'the provider is offered the download')
    await first(provider).getByRole('button', { name: '召回' }).click()
    await provider.getByRole('dialog').getByLabel('理由').fill('台账有误，稍后重新提供')
    await provider.getByRole('dialog').getByRole('button', { name: '召回' }).click()
    await first(provider).getByText('接收单位尚未确认销毁').waitFor()
  })
  await also('workbench deliveries of the provider', () => look(provider, 'workbench-deliveries-given'))
  await step('the officer is told, and confirms that it is destroyed', async () => {
    await officer.reload()
    await see(officer, '台账有误，稍后重新提供')
    await first(officer).getByRole('button', { name: '确认已销毁' }).click()
    await officer.getByRole('dialog').getByLabel('理由').fill('已从两台办公电脑上删除')
    await officer.getByRole('dialog').getByRole('button', { name: '确认已销毁' }).click()
    await first(officer).getByText('已从两台办公电脑上删除').waitFor()
  })

  const authority = await person(browser, base)
  await step('the data authority sees everybody’s', async () => {
    await sign_in(authority, '/workbench/', /周敏/)
    await authority.goto('/workbench/deliveries')
    await authority.getByRole('button', { name: '全部交付' }).click()
    await first(authority).getByText('提供给').waitFor()
  })
  await step('a source that is down, a subscription that waits and one that could not be made say so', async () => {
    await officer.route('**/api/v1/deliveries?*', async (route) => {
      const response = await route.fetch()
      const list = await response.json()
      const [one] = list.items
      const { released_at, recalled_at, destroyed_at, acknowledged_at, reason, note, ...bare } = one
      await route.fulfill({ response, json: {
        ...list, subscriptions: [{ grant: 'fire-inspection-restaurants', every: 'daily', unacknowledged: 3, held_back: true }],
        items: [{ ...bare, id: '01900000-0000-7000-8000-000000000001', state: 'ordered', attempts: 3 }, { ...bare, id: '01900000-0000-7000-8000-000000000002', state: 'failed', why: { 'zh-CN': '数据源打不开', en: 'the source cannot be opened' } }, one],
      } })
    })
    await officer.reload()
    await see(officer, '第 3 次尝试', '未能制作', '数据源打不开', '已暂缓')
  })
  await also('workbench deliveries held back', () => look(officer, 'workbench-deliveries-held-back'))
  await officer.unroute('**/api/v1/deliveries?*')
  await step('a page that fails says what to do', async () => {
    await officer.route('**/api/v1/deliveries?*', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{}' }))
    await officer.reload()
    await officer.getByRole('button', { name: '再试一次' }).first().waitFor()
    await officer.unroute('**/api/v1/deliveries?*')
  })
}
