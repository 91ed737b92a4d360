// people.mjs - what people do with a browser, as the scenarios say it.
import { assert } from './harness.mjs'

/** Signs in as one of the demo's people, on the page `path`. */
export async function sign_in(page, path, name) {
  await page.goto(path)
  await page.getByRole('button', { name }).first().click()
  await page.waitForURL((url) => !url.pathname.endsWith('/sign-in'))
}

/** The text of the page, once it holds `expected`. */
export async function see(page, ...expected) {
  for (const words of expected) await page.getByText(words).locator('visible=true').first().waitFor()
  return page.locator('main').innerText()
}

/** Takes on the task of the case `number` and decides it; the keyboard does for the list. */
export async function decide(page, number, outcome, opinion, on_case = async () => {}) {
  await page.getByText(number).first().waitFor()
  const rows = await page.locator('a.open').allInnerTexts()
  const place = rows.findIndex((row) => row.includes(number))
  assert(place >= 0, `the work list does not show ${number}`)
  for (let down = 0; down <= place; down++) await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/tasks\//)
  const claim = page.getByRole('button', { name: /^(认领|Take it on)$/ })
  await claim.or(page.getByRole('radio').first()).first().waitFor()
  if (await claim.isVisible()) await claim.click()
  await page.getByRole('radio', { name: outcome, exact: true }).check()
  if (opinion) await page.locator('#opinion').fill(opinion)
  await on_case()
  await page.getByRole('button', { name: /确认决定|Confirm the decision/ }).click()
  await page.getByText(/已办理|Done:/).first().waitFor()
}
