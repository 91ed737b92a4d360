// ownership: the whole job in a real registry. Who takes over DOL-HO RESTAURANT applies once: the record is fetched, the history of inspections is read by grant, a
// table grades the risk from it, and two departments decide beside each other once the fee is paid. She reviews it, and lets another apply for the business.
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
    await see(owner, 'DOL-HO RESTAURANT', 'History of inspections', 'To be paid within 10 working days of applying.')
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
    await see(owner, /To be paid by /, 'the application counts as withdrawn', 'Waiting for the applicant')
  })
  await also('sf fee due', () => look(owner, 'sf-ownership-fee'))
  await step('the counter finds the case among its tasks and records the fee; then the offices begin', async () => {
    const cashier = await person(browser, base, 'en-US')
    await sign_in(cashier, '/workbench/', /treasurer\.head|Robin Castillo/i)
    await cashier.locator('a.open').filter({ hasText: number }).click()
    await cashier.waitForURL(/\/tasks\//)
    await see(cashier, 'Take the fee', '150.00 USD', /To be paid by /)
    await also('workbench taking a fee', () => look(cashier, 'workbench-take-fee'))
    await cashier.getByRole('button', { name: 'Record as paid' }).click()
    const dialog = cashier.getByRole('dialog')
    await dialog.getByRole('radio', { name: 'at the counter' }).check()
    await dialog.getByLabel('Number of the receipt').fill('R-1007')
    await dialog.getByRole('button', { name: 'Record as paid' }).click()
    await see(cashier, /Paid at the counter on .*R-1007/)
    await cashier.context().close()
    await see(owner, /Paid at the counter on .*R-1007/) // the page looks again by itself
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
  await step('she reviews it: a bad one needs a reason, and is answered by the office in charge', async () => {
    await see(owner, 'How was it handled?')
    await owner.getByText('Dissatisfied', { exact: true }).click()
    await owner.getByText('What was needed was not clear').click()
    await owner.getByLabel('What happened?').fill('Nobody told me that the fee comes first.')
    await also('sf review', () => look(owner, 'sf-review'))
    await owner.getByRole('button', { name: 'Send the review' }).click()
    await see(owner, 'Your review', /is checking it/)
    const head = await person(browser, base, 'en-US')
    await sign_in(head, '/workbench/', /treasurer\.head|Robin Castillo/i)
    await head.goto('/workbench/reviews')
    await head.getByRole('button', { name: 'Open' }).click()
    const text = await see(head, 'Nobody told me that the fee comes first.')
    assert(!text.includes('Haddad'), 'her name is shown')
    await also('workbench sf reviews', () => look(head, 'sf-reviews'))
    await head.context().close()
  })
  await step('she lets another apply for the business, by the number that people have here', async () => {
    await owner.goto('/mandates')
    await owner.getByRole('button', { name: 'Give a mandate' }).click()
    await owner.getByRole('radio', { name: 'DOL-HO RESTAURANT' }).check()
    await owner.getByLabel('Full name of who acts for you').fill('Marisol Vega')
    await owner.getByLabel('Resident number (made up) of who gets it').fill('0016')
    await owner.getByRole('checkbox', { name: 'Change of ownership of a food business' }).check()
    await owner.getByLabel('Last day').fill(await owner.evaluate(() => new Date(Date.now() + 86_400_000 * 30).toISOString().slice(0, 10)))
    await owner.getByRole('button', { name: 'Give it' }).click()
    await see(owner, 'nobody in the register has this number and this name')
    await owner.getByLabel('Resident number (made up) of who gets it').fill('0017')
    await also('sf mandate', () => look(owner, 'sf-mandate-new'))
    await owner.getByRole('button', { name: 'Give it' }).click()
    await see(owner, 'The mandate was given', 'Marisol Vega for DOL-HO RESTAURANT')
    await also('sf mandates', () => look(owner, 'sf-mandates'))
    const agent = await person(browser, base, 'en-US')
    await sign_in(agent, '/sign-in', /Marisol Vega|agent/)
    await agent.goto('/inbox')
    await see(agent, 'You may now act for somebody')
    await agent.goto('/items/change-of-ownership')
    await agent.getByRole('button', { name: 'Begin' }).click()
    await agent.waitForURL(/\/apply\//)
    await see(agent, 'DOL-HO RESTAURANT')
    await agent.context().close()
  })
  await owner.context().close()
}
