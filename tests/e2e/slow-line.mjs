// slow-line: the portal's first page on a line of 400 kbit/s with 400 ms: what such a line has to carry, and how long it takes. The latter is timed, so nothing
// else should run beside it.
import { cpus, loadavg } from 'node:os'
import { slow_line_ms } from './browser.mjs'
import { assert, skip, step } from './harness.mjs'

/** What is asked for until `selector` shows: octets on the line, requests, and how many of them wait for one another. */
async function carried(browser, url, selector) {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 375, height: 812 } })
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  const asked = new Map() // by request: its address, and how many answers it had to wait for
  const round_of = new Map() // by address
  let octets = 0
  devtools.on('Network.requestWillBeSent', ({ requestId, request, initiator }) => {
    const by = initiator.url ?? initiator.stack?.callFrames.find(({ url: at }) => at)?.url
    const round = 1 + (round_of.get(by) ?? 0)
    asked.set(requestId, round)
    round_of.set(request.url, round)
  })
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => { if (asked.has(requestId)) octets += encodedDataLength })
  await devtools.send('Network.enable')
  await page.goto(url, { waitUntil: 'commit' })
  await page.waitForSelector(selector)
  const found = { octets, requests: asked.size, rounds: Math.max(...asked.values()) }
  await context.close()
  return found
}

export default async function slow_line(browser, base) {
  await step('until it is usable the home page needs few octets and few rounds, whatever the machine does besides', async () => {
    const { octets, requests, rounds } = await carried(browser, base, '#search')
    console.log(`          ${(octets / 1000).toFixed(1)} kB in ${requests} requests, ${rounds} rounds`)
    assert(octets <= 90_000 && rounds <= 3, `${octets} octets, ${rounds} rounds`)
  })
  if (loadavg()[0] > 2 * cpus().length) return skip('the slow line: this machine is busy with other work')
  await step('the home page is usable within 3 s on a slow line', async () => {
    const ms = await slow_line_ms(browser, base, '#search', 3000)
    console.log(`          ${ms} ms at 400 kbit/s, 400 ms`)
    assert(ms < 3000, `usable after ${ms} ms`)
  })
}
