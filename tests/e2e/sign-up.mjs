// sign-up: somebody asks for an account; it is none before a clerk at a counter has seen her identity card; then she signs in.
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'

const name = '沈斌', number = '332021198212250199', password = '溪水长流 2026 年'

async function tries_to_sign_in(page, as) {
  await page.goto('/sign-in')
  await page.locator('#sign-in-name').fill(as)
  await page.locator('#sign-in-password').fill(password)
  await page.locator('form').getByRole('button', { name: '登录', exact: true }).click()
}

export default async function sign_up(browser, base) {
  const citizen = await person(browser, base)
  await step('he asks for an account; what is wrong is said', async () => {
    await citizen.goto('/sign-in')
    await citizen.getByRole('link', { name: '注册账号' }).click()
    await citizen.waitForURL(/\/sign-up$/)
    await citizen.getByLabel('姓名（与身份证件一致）').fill(name)
    await citizen.getByLabel('公民身份号码').fill('332021198212250198')
    await citizen.getByLabel('手机号').fill('138 0000 0000')
    await citizen.getByLabel('用户名').fill('shen.bin')
    await citizen.locator('#password').fill(password)
    await citizen.locator('#again').fill(`${password}。`)
    await citizen.getByRole('button', { name: '提交注册' }).click()
    await see(citizen, /两次.*不一样/)
    await citizen.locator('#again').fill(password)
    await citizen.getByRole('button', { name: '提交注册' }).click()
    await citizen.getByRole('alert').waitFor()
    assert(!(await citizen.getByText('账号待核验').isVisible()), 'a number with a wrong check digit is taken')
    await citizen.getByLabel('公民身份号码').fill(number)
    await also('portal, asking for an account', () => look(citizen, 'portal-sign-up'))
    await citizen.getByRole('button', { name: '提交注册' }).click()
    await see(citizen, '账号待核验', 'shen.bin', '公民身份号码')
  })
  await also('portal, an account that waits', () => look(citizen, 'portal-sign-up-waits'))
  await step('nobody can sign in with it yet', async () => {
    await tries_to_sign_in(citizen, 'shen.bin')
    await see(citizen, '用户名或密码错误')
  })
  const clerk = await person(browser, base)
  await step('a clerk compares it with his identity card, and opens it', async () => {
    await sign_in(clerk, '/workbench/', /许梅|徐梅/)
    await clerk.goto('/workbench/confirm')
    await clerk.getByLabel('注册的用户名').fill('shen.bin')
    await clerk.getByLabel('证件上的姓名').fill('沈彬')
    await clerk.getByLabel('公民身份号码').fill(number)
    await clerk.getByRole('checkbox').check()
    await clerk.getByRole('button', { name: '核验通过，开通账号' }).click()
    await see(clerk, /没有与此用户名、姓名和证件号码相符/)
    await clerk.getByLabel('证件上的姓名').fill(name)
    await also('workbench, opening an account', () => look(clerk, 'workbench-confirm'))
    await clerk.getByRole('button', { name: '核验通过，开通账号' }).click()
    await see(clerk, '已开通')
  })
  await step('he signs in, and it is his data that he sees', async () => {
    await tries_to_sign_in(citizen, 'shen.bin')
    await citizen.waitForURL((url) => url.pathname === '/')
    await see(citizen, name)
  })
  await Promise.all([citizen, clerk].map((page) => page.context().close()))
}
