// open-catalogue: anybody, without signing in, finds what is shared without conditions, and reads what a resource holds and how to ask for it.
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'

export default async function open_catalogue(browser, base) {
  const anybody = await person(browser, base)
  await step('the open catalogue is found from the home page and searched as one types', async () => {
    await anybody.goto('/')
    await anybody.getByRole('link', { name: '公开数据目录' }).click()
    await see(anybody, '1 项数据')
    await anybody.getByRole('searchbox').fill('没有这样的数据')
    await see(anybody, '0 项数据')
    await anybody.getByRole('searchbox').fill('行业代码')
    await see(anybody, '1 项数据')
    for (const path of ['/dcat/catalog.ttl', '/dcat/catalog.jsonld', '/api/3/action/package_list']) assert((await anybody.locator(`a[href="${path}"]`).count()) === 1, `no link to ${path}`)
  })
  await also('portal catalogue', () => look(anybody, 'portal-catalogue'))
  await step('a resource says what it holds, whose it is, how often it changes, by which law, and how to ask for it', async () => {
    await anybody.locator('a.item').first().click()
    const page = await see(anybody, '更新周期', '数据提供单位', '如何使用', '发布日期')
    for (const words of ['市场监督管理局', '市场监管局']) if (page.includes(words)) return
    assert(false, 'the provider is not named')
  })
  await also('portal resource', () => look(anybody, 'portal-resource'))
  await also('what is shared on conditions is not in it, for her who may see more of the catalogue either', async () => {
    await anybody.goto('/catalogue/resident-basic')
    await see(anybody, '没有找到')
    const citizen = await person(browser, base)
    await sign_in(citizen, '/sign-in', /王芳/)
    await citizen.goto('/catalogue')
    await see(citizen, '1 项数据')
  })
  await also('in elder mode', async () => {
    await anybody.goto('/catalogue')
    await anybody.getByRole('button', { name: '大字版' }).click()
    await see(anybody, '1 项数据')
    await look(anybody, 'portal-elder-catalogue', { target_px: 60 })
    await anybody.locator('a.item').first().click()
    await see(anybody, '如何使用')
    await look(anybody, 'portal-elder-resource', { target_px: 60 })
  })
  await also('in English too', async () => {
    const visitor = await person(browser, base, 'en-GB')
    await visitor.goto('/catalogue')
    await see(visitor, 'Open data catalogue', '1 resource')
    await visitor.locator('a.item').first().click()
    const page = await see(visitor, 'How to use it')
    assert(!/\p{Script=Han}/u.test(page.replace(/^.*(Classification|《).*$/gm, '').split('\n').filter((line) => !line.includes(' / ')).join('\n')), 'something is left in Chinese')
    await look(visitor, 'portal-en-resource')
  })
}
