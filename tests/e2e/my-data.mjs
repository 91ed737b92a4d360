// my-data: a person checks, on her own device, the proof of a read of her data; what was altered is found; she takes the whole list with her.
import { readFileSync } from 'node:fs'
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'
import { caller } from './restaurant.mjs'

/** One read of her data, made as an application makes it. */
async function read_once(base) {
  const call = await caller(base, 'wang.fang')
  const { body: draft } = await call('POST', '/api/v1/drafts', { item: 'open-restaurant' })
  const { body: item } = await call('GET', '/api/v1/items/open-restaurant')
  await call('POST', `/api/v1/drafts/${draft.id}/prefill`, { grant: item.data[0].grant, authorised: true })
}

const first_check = (page) => page.getByRole('button', { name: '核验凭据' }).first()

/** What the page says of the first use when the server's answers to `path` are as `change` makes them. */
async function check_altered(page, path, change) {
  await page.route(path, async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, json: change(await response.json()) })
  })
  await page.reload()
  await first_check(page).click()
  const words = await page.locator('.notice.bad').first().innerText()
  await page.unroute(path)
  return words
}

export default async function my_data(browser, base) {
  await read_once(base)
  const citizen = await person(browser, base)
  await step('a citizen checks the proof of a read in her browser, and is told in a sentence what was proved', async () => {
    await sign_in(citizen, '/sign-in', /王芳/)
    await citizen.goto('/my-data')
    await first_check(citizen).click()
    await see(citizen, '核验通过。')
    await citizen.locator('summary').filter({ hasText: '核验了什么' }).click()
    assert((await citizen.locator('details[open] li').filter({ hasText: '相符' }).count()) === 4, 'not every step was taken')
  })
  await also('portal proof of a use', () => look(citizen, 'portal-my-data-proof'))
  await also('the same in elder mode', async () => {
    await citizen.getByRole('button', { name: '大字版' }).click()
    await look(citizen, 'portal-elder-my-data-proof', { target_px: 60 })
    await citizen.getByRole('button', { name: '标准版' }).click()
  })
  await step('a use that is shown otherwise than it was recorded is found, and so are a false place, signature and log', async () => {
    const page = (change) => (list) => ({ ...list, items: list.items.map(change) })
    assert((await check_altered(citizen, '**/api/v1/usage?*', page((use) => ({ ...use, records: use.records + 1 })))).includes('不一致'), 'another number of records passes')
    await also('portal proof fails', () => look(citizen, 'portal-my-data-altered'))
    assert((await check_altered(citizen, '**/ledger/entries/*', (entry) => ({ ...entry, body: entry.body.replace('"records":', '"records": ') }))).includes('不一致'), 'an altered body passes')
    assert((await check_altered(citizen, '**/ledger/entries/*', (entry) => ({ ...entry, index: entry.index ? entry.index - 1 : 1 }))).includes('应在的位置'), 'another place passes')
    assert((await check_altered(citizen, '**/api/v1/ledger', (log) => ({ ...log, keys: log.keys.map((key) => ({ ...key, verifier: key.verifier.replace(/.{4}$/, 'AAAA') })) }))).includes('签名'), 'another key passes')
    await citizen.route('**/ledger/checkpoint', async (route) => {
      const body = (await (await route.fetch()).text()).replace(/^(.*\n)(\d+)\n/, (_, origin, size) => `${origin}${Number(size) + 1}\n`)
      await route.fulfill({ contentType: 'text/plain', body })
    })
    await citizen.reload()
    await first_check(citizen).click()
    await citizen.getByText('不是同一本').waitFor()
    await citizen.unroute('**/ledger/checkpoint')
  })
  await step('she saves the whole list as a table', async () => {
    await citizen.reload()
    const [file] = await Promise.all([citizen.waitForEvent('download'), citizen.getByRole('button', { name: '导出全部记录' }).click()])
    const text = readFileSync(await file.path(), 'utf8')
    assert(file.suggestedFilename() === '我的数据.csv' && text.startsWith('\ufeff时间,读取单位,'), `the file begins ${text.slice(0, 40)}`)
    assert(text.includes('公安局') && text.split('\r\n').length > 2, 'the reads are not in it')
  })
}
