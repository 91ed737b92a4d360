// work.mjs - tasks decided without a browser, for scenarios that begin where they ended.
import { assert } from './harness.mjs'
import { caller } from './restaurant.mjs'

/** `who` decides her task in the case `number` once it is there. */
export async function decide_as(base, who, number, outcome, opinion = '同意。') {
  const call = await caller(base, who)
  for (const deadline = Date.now() + 20_000; ; ) {
    const { body } = await call('GET', '/api/v1/tasks?limit=200')
    const task = body.items.find((one) => one.number === number)
    assert(task || Date.now() < deadline, `${who} has no task of ${number}`)
    if (task) return call('POST', `/api/v1/tasks/${task.id}/complete`, { outcome, opinion })
  }
}
