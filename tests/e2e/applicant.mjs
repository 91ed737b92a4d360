// applicant: who has applied urges a step, once on a working day, and withdraws the application.
import { look, person } from './browser.mjs'
import { also, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'
import { open_restaurant } from './restaurant.mjs'

export default async function applicant(browser, base) {
  const { number } = await open_restaurant(base, '桥头面馆')
  const citizen = await person(browser, base)
  await step('she urges a step of her application; a second time on the same day is refused with the reason', async () => {
    await sign_in(citizen, '/sign-in', /王芳/)
    await citizen.goto('/matters')
    await citizen.getByRole('link', { name: new RegExp(number) }).click()
    const urge = citizen.getByRole('button', { name: /^催办：/ }).first()
    await urge.click()
    await citizen.getByLabel(/想对承办单位说什么/).fill('店面租期将到，请尽快。')
    await also('portal urging', () => look(citizen, 'portal-matter-urge'))
    await citizen.getByRole('button', { name: '催办', exact: true }).click()
    await see(citizen, '已催办，承办单位会看到')
    await urge.click()
    await citizen.getByLabel(/想对承办单位说什么/).fill('再催一次。')
    await citizen.getByRole('button', { name: '催办', exact: true }).click()
    await see(citizen, '每个工作日限催办一次')
  })
  await step('she withdraws it, and no office goes on with it', async () => {
    await citizen.getByRole('button', { name: '撤回申请' }).click()
    await citizen.getByLabel('撤回原因').fill('改租别处了。')
    await also('portal withdrawing', () => look(citizen, 'portal-matter-withdraw'))
    await citizen.getByRole('button', { name: '确认撤回' }).click()
    await see(citizen, '已撤回')
    await citizen.getByRole('button', { name: '撤回申请' }).waitFor({ state: 'detached' })  // not again
  })
  await citizen.context().close()
}
