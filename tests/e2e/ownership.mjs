// ownership: the whole job in a real registry. Who takes over DOL-HO RESTAURANT applies once: the record is fetched, the history of inspections is read by grant, a
// table grades the risk from it, and two departments decide beside each other.
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { decide, see, sign_in } from './people.mjs'
import { caller } from './restaurant.mjs'

export default async function ownership(browser, base) {
  const owner = await person(browser, base, 'en-US')
  let number = ''
  await step('she finds the item and begins for the business that she represents', async () => {
    await sign_in(owner, '/sign-in', /Noor Haddad|resident/i)
    await owner.goto('/')
    await owner.getByRole('searchbox').fill('change of ownership')
    await owner.keyboard.press('Enter')
    await owner.getByRole('link', { name: /Change of ownership/ }).first().click()
    await see(owner, 'DOL-HO RESTAURANT', 'History of inspections')
    await also('sf guide', () => look(owner, 'sf-ownership-guide'))
    await owner.getByRole('button', { name: 'Begin' }).click()
    await owner.waitForURL(/\/apply\//)
  })
  await step('two reads fill in the business and its five inspections', async () => {
    const offers = owner.locator('.offer')
    for (const name of ['Food businesses', 'Food safety inspections']) {
      await offers.filter({ hasText: name }).getByRole('button').click()
      await offers.filter({ hasText: name }).getByText(/Read /).waitFor()
    }
    await see(owner, '808 PACIFIC AVE')
  })
  await also('sf form', () => look(owner, 'sf-ownership-form'))
  await step('she fills in the rest and sends it; the risk is graded from the real history', async () => {
    await owner.locator('#field-new-owner-name').fill('Noor Haddad')
    await owner.locator('#field-new-owner-phone').fill('+1 415 555 0100')
    await owner.locator('#field-takes-over-on').fill('2099-01-01')
    await owner.locator('#field-true-and-complete').check()
    await owner.getByRole('button', { name: /Submit|Send/ }).click()
    await owner.waitForURL(/\/matters\//)
    number = /[A-Z]{2}-\d{8}-[0-9A-Z]{8}/.exec(await see(owner, /the registry has a score of 70 or less/, 'Application fee', '150.00 USD'))?.[0] ?? ''
    assert(number, 'the page does not show the number of the case')
  })
  for (const who of [/health\.inspector|Avery Stone/i, /fire\.plans|Kim Alvarez/i]) {
    await step(`${String(who).split('|')[1].replace('/i', '')} sees the history and grants it`, async () => {
      const clerk = await person(browser, base, 'en-US')
      await sign_in(clerk, '/workbench/', who)
      await decide(clerk, number, 'Grant', 'In order.', async () => { await see(clerk, 'DOL-HO RESTAURANT', '20160308') })
      await clerk.context().close()
    })
  }
  await step('she has both permits, and the ledger has each act', async () => {
    await owner.reload()
    await see(owner, 'Permit to operate', 'Operational fire permit', 'Concluded: approved')
    const call = await caller(base, 'resident')
    const { body: matters } = await call('GET', '/api/v1/cases')
    const { body: detail } = await call('GET', `/api/v1/cases/${matters.items.find((one) => one.number === number).id}`)
    assert(detail.certificates.length === 2 && detail.timeline.filter(({ entry }) => entry).length > 4, JSON.stringify(detail.timeline))
  })
  await also('sf concluded', () => look(owner, 'sf-ownership-concluded'))
  await owner.context().close()
}
