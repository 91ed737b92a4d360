// slow-line: the portal's first page on a line of 400 kbit/s with 400 ms. It is timed, so nothing else should run beside it.
import { cpus, loadavg } from 'node:os'
import { slow_line_ms } from './browser.mjs'
import { assert, skip, step } from './harness.mjs'

export default async function slow_line(browser, base) {
  if (loadavg()[0] > 2 * cpus().length) return skip('the slow line: this machine is busy with other work')
  await step('the home page is usable within 3 s on a slow line', async () => {
    const ms = await slow_line_ms(browser, base, '#search', 3000)
    console.log(`          ${ms} ms at 400 kbit/s, 400 ms`)
    assert(ms < 3000, `usable after ${ms} ms`)
  })
}
