// san-francisco: a fire inspector looks up a food business of the Health Department's registry: three columns, on record before the answer.
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
}
