// firm-data: who represents a firm sees what was read about it, apart from what was read about herself.
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'
import { caller } from './restaurant.mjs'

export default async function firm_data(browser, base) {
  const call = await caller(base, 'chen.jianguo')
  const { body: session } = await call('GET', '/api/v1/session')
  const firm = session.actor.firms[0]
  await step('a read about a firm, authorised by its representative', async () => {
    const { body: draft } = await call('POST', '/api/v1/drafts', { item: 'open-restaurant', firm: firm.id })
    await call('POST', `/api/v1/drafts/${draft.id}/prefill`, { grant: 'open-restaurant-enterprise', authorised: true })
  })
  const owner = await person(browser, base)
  await step('the representative chooses the firm and sees who read what about it', async () => {
    await sign_in(owner, '/sign-in', /陈建国/)
    await owner.goto('/my-data')
    await owner.getByLabel('关于谁').selectOption(firm.id)
    await owner.getByRole('button', { name: '核验凭据' }).first().waitFor()
    await owner.getByRole('button', { name: '核验凭据' }).first().click()
    await see(owner, '核验通过。')
  })
  await also('portal data of a firm', () => look(owner, 'portal-firm-data'))
  await step('another person is told nothing of it', async () => {
    const other = await caller(base, 'wang.fang')
    const refused = await other('GET', `/api/v1/usage?view=about-firm&firm=${firm.id}`).then(() => false, (error) => error.message.includes('404'))
    assert(refused, 'she is told of a firm that she does not represent')
  })
}
