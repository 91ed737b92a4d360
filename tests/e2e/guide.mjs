// The pictures of docs/guide: node guide.mjs FOLDER. A county with its past, on a node of its own, in Chinese and English; each picture is what the guide
// tells, and a step that no longer works ends it.
import { join } from 'node:path'
import { launch, person } from './browser.mjs'
import { caller, open_restaurant } from './restaurant.mjs'
import { start } from './server.mjs'

const folder = process.argv[2]
const words = { 'zh-CN': { read: '同意并读取', been_read: '已读取', begin: '开始办理', claim: '认领', check: '核验', proved: '核验通过' }, en: { read: 'I agree, read it', been_read: 'Read ', begin: 'Begin', claim: 'Take it on', check: 'Verify', proved: 'Proof holds' } }

const node = await start('yunxi', [], { past: true })
const browser = await launch()

/** Somebody signed in, at a window of the size of the pictures. */
async function who(language, names, workbench) {
  const page = await person(browser, node.url, language)
  await page.setViewportSize({ width: workbench ? 1200 : 900, height: 720 })
  await page.goto(workbench ? '/workbench/sign-in' : '/sign-in')
  await page.getByRole('button', { name: names }).first().click()
  await page.waitForURL((url) => !url.pathname.endsWith('/sign-in'))
  return page
}
async function picture(page, name, language, from) {
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'))
  await page.evaluate(() => scrollTo(0, 0))
  if (from) await page.locator(from).first().evaluate((node) => scrollTo(0, node.getBoundingClientRect().top + scrollY - 24))
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: join(folder, `${name}.${language}.png`), animations: 'disabled' })
}

await open_restaurant(node.url, '溪畔小馆')
for (const language of ['zh-CN', 'en']) {
  const said = words[language]
  const citizen = await who(language, /王芳|Wang Fang/, false)
  await citizen.goto('/items/restaurant-one-matter')
  await picture(citizen, 'citizen-item', language)
  await citizen.goto('/items/open-restaurant')
  await citizen.getByRole('button', { name: said.begin }).click()
  await citizen.waitForURL(/\/apply\//)
  await citizen.getByRole('button', { name: said.read }).first().click()
  await citizen.locator('.offer').first().getByText(said.been_read).first().waitFor()
  await picture(citizen, 'citizen-data', language, 'h1')
  await citizen.goto('/matters')
  await citizen.locator('a[href^="/matters/"]').first().click()
  await citizen.waitForURL(/\/matters\//)
  await picture(citizen, 'citizen-matter', language)
  await citizen.goto('/my-data')
  await picture(citizen, 'citizen-my-data', language)

  const clerk = await who(language, /张伟|Zhang Wei/, true)
  await clerk.locator('a.open').first().waitFor()
  await picture(clerk, 'clerk-list', language)
  await clerk.locator('tr.task, li.task').filter({ hasText: /王芳|Wang Fang/ }).first().getByRole('link').first().click()
  await clerk.waitForURL(/\/tasks\//)
  const claim = clerk.getByRole('button', { name: said.claim })
  await claim.or(clerk.getByRole('radio').first()).first().waitFor()
  if (await claim.isVisible()) await claim.click()
  await clerk.getByRole('radio').first().waitFor()
  await picture(clerk, 'clerk-task', language)
  const counter = await who(language, /徐梅|Xu Mei/, true)
  await counter.waitForURL(/\/counter$/)
  await picture(counter, 'clerk-counter', language)

  const officer = await who(language, /潘文|Pan Wen/, true)
  for (const [path, name] of [['sources', 'data-sources'], ['catalogue', 'data-catalogue'], ['grants', 'data-grants']]) {
    await officer.goto(`/workbench/${path}`)
    await officer.locator('main h1').waitFor()
    await picture(officer, name, language)
  }

  const rights = await who(language, /郑燕|Zheng Yan/, true)
  await rights.getByRole('searchbox').waitFor()
  await picture(rights, 'admin-people', language)
  if (language === 'zh-CN') {
    const call = await caller(node.url, 'zheng.yan')
    const { items } = (await call('GET', '/api/v1/accounts?search=chen.jianguo')).body
    const { today } = (await call('GET', '/api/v1/jurisdiction')).body
    await call('POST', `/api/v1/accounts/${items[0].id}/posts`, { post: 'xikou/counter-clerk', from: today, reason: '窗口轮岗 / Turns at the counter' })
  }
  await rights.getByRole('searchbox').fill('chen.jianguo')
  await rights.getByRole('link', { name: /陈建国|Chen Jianguo/ }).click()
  await rights.waitForURL(/\/people\//)
  await picture(rights, 'admin-account', language)
  const auditor = await who(language, /黄蕾|Huang Lei/, true)
  await auditor.waitForURL(/\/audit/)
  await auditor.locator('#audit-who').waitFor()
  if (language === 'zh-CN') node.run('db', 'check', '--record')
  await auditor.locator('select').selectOption('right.granted')
  await auditor.locator('.filters button[type=submit]').click()
  await auditor.locator('.proof button').first().click()
  await auditor.getByText(said.proved).first().waitFor()
  await picture(auditor, 'admin-audit', language)
  if (language === 'zh-CN') node.apply_changed('pack.yaml', (old) => old.replace('version: 2026.11.1', 'version: 2026.11.2'))
  const keeper = await who(language, /吴刚|Wu Gang/, true)
  await keeper.goto('/workbench/packs')
  await keeper.locator('.file').first().waitFor()
  await picture(keeper, 'admin-packs', language)
  for (const page of [citizen, clerk, counter, officer, rights, auditor, keeper]) await page.context().close()
  console.log(`${language}: 14 pictures`)
}
await browser.close()
await node.stop()
