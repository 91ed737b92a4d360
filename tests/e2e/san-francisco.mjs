// san-francisco: a fire inspector looks up a food business of the Health Department's registry: three columns, on record before the answer. Then the
// Fire Department asks the Health Department for the history of inspections, to plan its own, is granted three columns of it, and reads them.
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'

export default async function san_francisco(browser, base) {
  const inspector = await person(browser, base, 'en-US')

  await also('portal home without services', async () => {
    await inspector.goto('/')
    await see(inspector, 'San Francisco')
    await look(inspector, 'sf-portal-home')
  })

  await step('the inspector signs in and sees the grant: purpose, programme, law, three columns', async () => {
    await sign_in(inspector, '/workbench/', /inspector/i)
    await inspector.getByRole('link', { name: 'Look up data' }).click()
    await see(inspector, 'Purpose', 'Programme', 'Law', 'Columns you may see')
    assert((await inspector.locator('.chips .tag').count()) === 3, 'not three columns are granted')
  })
  await also('workbench look-up', () => look(inspector, 'sf-lookup'))

  await step('a look-up by name shows those three columns and no others, and its record', async () => {
    await inspector.locator('#value').fill('NOODLE')
    await inspector.getByRole('button', { name: 'Look up' }).click()
    await see(inspector, /records? found|The first \d+ records/, /as use no\. [0-9A-F]{4}-[0-9A-F]{4}/)
    const heads = await inspector.locator('.rows th').allInnerTexts()
    const granted = await inspector.locator('.chips .tag').allInnerTexts()
    assert(heads.join() === granted.join(), `the columns ${heads} are not the granted ones`)
    assert(/NOODLE/i.test(await inspector.locator('.rows tbody').innerText()), 'no row fits what was asked')
  })
  await also('workbench answer', () => look(inspector, 'sf-answer'))

  await step('a look-up by number finds the one business', async () => {
    const by = inspector.locator('#by')
    await by.selectOption({ label: (await by.locator('option').allInnerTexts()).find((name) => /number|id\b/i.test(name)) })
    await inspector.locator('#value').fill('24')
    if (await inspector.locator('#comparison').isVisible()) await inspector.locator('#comparison').selectOption('eq')
    await inspector.getByRole('button', { name: 'Look up' }).click()
    await see(inspector, '1 record found', 'OMNI S.F. HOTEL - 2ND FLOOR PANTRY')
  })

  await step('the use is in the log, and its entry is proved in the browser', async () => {
    await inspector.getByRole('link', { name: 'See the proof' }).click()
    await see(inspector, 'Proved: this entry is in the ledger')
    await also('workbench proof', () => look(inspector, 'sf-proof'))
    await inspector.getByRole('link', { name: 'Usage log' }).click()
    await inspector.locator('.log tbody tr').nth(1).waitFor()
    await also('workbench usage log', () => look(inspector, 'sf-usage'))
  })

  const asker = await person(browser, base, 'en-US')
  await step('the Fire Department asks for the history of inspections, to plan its own', async () => {
    await sign_in(asker, '/workbench/', /fire\.data|Okoye/i)
    await asker.goto('/workbench/catalogue')
    await asker.getByRole('searchbox').fill('inspectoins') // as people type
    await asker.getByRole('link', { name: 'Food safety inspections' }).click()
    await asker.getByRole('link', { name: 'Request it' }).click()
    for (const name of ['Registry number', 'Score', 'Day (yyyymmdd)']) await asker.getByRole('checkbox', { name: `Take ${name}`, exact: true }).check()
    await asker.getByRole('checkbox', { name: 'By Registry number' }).check()
    await asker.locator('#r-purpose').fill('To plan which kitchens are inspected first')
    await asker.locator('#r-scenario').fill('Inspectors look at the history of a place before they visit it')
    await asker.locator('#r-law').fill('California Health and Safety Code')
    await asker.locator('#r-article').fill('13146')
    await asker.locator('#r-until').fill('2030-12-31')
    await also('workbench request', () => look(asker, 'sf-request'))
    await asker.getByRole('button', { name: 'Hand in the request' }).click()
    await asker.waitForURL(/\/requests/)
    await see(asker, 'Food safety inspections')
  })

  const decide = async (name, outcome) => {
    const head = await person(browser, base, 'en-US')
    await sign_in(head, '/workbench/', name)
    await head.locator('tr.task').filter({ hasText: 'Food safety inspections' }).first().getByRole('link').click()
    await head.waitForURL(/\/tasks\//)
    const claim = head.getByRole('button', { name: 'Take it on', exact: true })
    await claim.or(head.getByRole('radio').first()).first().waitFor()
    if (await claim.isVisible()) await claim.click()
    await head.getByRole('radio', { name: outcome, exact: true }).check()
    await also(`workbench decision ${outcome}`, () => look(head, `sf-decide-${outcome.toLowerCase()}`))
    await head.getByRole('button', { name: 'Confirm the decision' }).click()
    await head.getByText('Done:').first().waitFor()
  }
  await step('the fire marshal agrees, and so does the head of Environmental Health', async () => {
    await decide(/marshal|Lee\b/i, 'Approve')
    await decide(/health\.head|Delgado/i, 'Share')
  })

  await step('the inspector reads the three columns, and nothing else', async () => {
    await inspector.goto('/workbench/data')
    await inspector.locator('#choose').waitFor()
    const option = inspector.locator('#choose option').filter({ hasText: 'Food safety inspections' })
    await option.waitFor({ state: 'attached' })
    await inspector.locator('#choose').selectOption({ label: (await option.textContent()).trim() })
    await inspector.locator('#value').fill('24')
    if (await inspector.locator('#comparison').isVisible()) await inspector.locator('#comparison').selectOption('eq')
    await inspector.getByRole('button', { name: 'Look up' }).click()
    await see(inspector, /records? found/)
    const heads = await inspector.locator('.rows th').allInnerTexts()
    assert(heads.join() === 'Registry number,Score,Day (yyyymmdd)', `the columns are ${heads}`)
  })
  await also('workbench history', () => look(inspector, 'sf-history'))
}
