// browser.mjs - Debian's Chromium, driven by playwright-core, and what every page must stand: axe, target sizes, both widths.
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { on_failure } from './harness.mjs'

const axe_source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const screenshots = process.env.JUNXIAN_SCREENSHOTS ?? fileURLToPath(new URL('../../build/screenshots', import.meta.url))
mkdirSync(screenshots, { recursive: true })

const widths = [375, 1440]
const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })

const pages = new Set()
on_failure(async () => {
  const screens = [...pages].slice(-6).map(async (page) => [
    page.url(),
    (await page.locator('main').innerText({ timeout: 2_000 }).catch(String)).slice(0, 800).replaceAll(/\s*\n\s*/g, ' / '),
    ...[...page.calls.under_way].map((one) => `has no answer: ${one.method()} ${one.url()}`),
    ...page.calls.failed.slice(-8),
    ...page.faults,
  ].join('\n  '))
  return ['on the screens:', ...(await Promise.all(screens))].join('\n')
})

/** Once the node has done what it does by itself after an act; a step that fails may be tried for minutes, and is not waited for. */
async function at_rest(base) {
  for (const until = Date.now() + 15_000; Date.now() < until; ) {
    const said = await (await fetch(new URL('/metrics', base))).text()
    if (!/^junxian_jobs_waiting [1-9]/m.test(said)) return
  }
}

/** A person at a browser of her own: cookies and wishes are hers alone. */
export async function person(browser, base, language = 'zh-CN') {
  const context = await browser.newContext({ baseURL: base, locale: language, viewport: { width: 1280, height: 900 } })
  context.setDefaultTimeout(Number(process.env.JUNXIAN_WAIT_MS ?? 60_000)) // a machine may be busy; a page is not slow for that
  const page = await context.newPage()
  for (const visit of ['goto', 'reload']) {
    const go = page[visit].bind(page)
    page[visit] = async (...where) => { await at_rest(base); return go(...where) }
  }
  pages.add(page.on('close', () => pages.delete(page)))
  page.faults = []
  page.calls = { under_way: new Set(), failed: [] }
  page.on('request', (one) => page.calls.under_way.add(one))
  page.on('requestfinished', (one) => page.calls.under_way.delete(one))
  page.on('requestfailed', (one) => {
    page.calls.under_way.delete(one)
    page.calls.failed.push(`no answer: ${one.method()} ${one.url()}: ${one.failure()?.errorText}`)
  })
  page.on('response', (answer) => answer.status() >= 400 && page.calls.failed.push(`${answer.status()} to ${answer.request().method()} ${answer.url()}`))
  page.on('pageerror', (error) => page.faults.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && !/Failed to load resource/.test(message.text()) && page.faults.push(message.text()))
  return page
}

/** Looks at the page as it is now, at both widths: a picture (`whole`, or what one sees of it), axe, target sizes, no sideways scrolling, no fault in the console. */
export async function look(page, name, { target_px = 44, dense = false, whole = true } = {}) {
  const before = page.viewportSize()
  const faults = []
  for (const width of widths) {
    await page.setViewportSize({ width, height: width < 600 ? 812 : 900 })
    await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'))
    await page.screenshot({ path: join(screenshots, `${name}-${width}.png`), fullPage: whole })
    faults.push(...(await axe(page)), ...(await small_targets(page, dense ? 24 : target_px)), ...(await raw_ids(page)))
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (over > 0) faults.push(`scrolls sideways by ${over} px at ${width}`)
  }
  await page.setViewportSize(before)
  faults.push(...page.faults.splice(0))
  if (faults.length) throw new Error(`${name}:\n    ${[...new Set(faults)].join('\n    ')}`)
}

/** Milliseconds until `selector` shows on a first visit at 400 kbit/s and 400 ms; the best of a few visits, for the machine may be busy with
 *  something else, and the first one that stays below `wanted_ms`. */
export async function slow_line_ms(browser, url, selector, wanted_ms) {
  const times = []
  for (let visit = 0; visit < 6 && !(Math.min(...times) < wanted_ms); visit++) {
    const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 375, height: 812 } })
    const page = await context.newPage()
    const devtools = await context.newCDPSession(page)
    await devtools.send('Network.enable')
    await devtools.send('Network.emulateNetworkConditions', { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 })
    const start = performance.now()
    await page.goto(url, { waitUntil: 'commit' })
    await page.waitForSelector(selector)
    times.push(performance.now() - start)
    await context.close()
  }
  return Math.round(Math.min(...times))
}

async function axe(page) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe_source)
  // Only what is wrong is worked out whole and sent here: of all that is right there is much more.
  return page.evaluate(async (tags) => {
    const { violations } = await globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'], selectors: false, iframes: false, preload: false })
    return violations.map(({ id, nodes }) => `axe ${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)
  }, wcag)
}

/** Controls narrower or lower than `least` px. Links inside a sentence are exempt (WCAG 2.5.8, inline); so is a control inside a larger label. */
const small_targets = (page, least) =>
  page.evaluate((least) => {
    const inline = (node) => node.tagName === 'A' && getComputedStyle(node).display === 'inline'
    return [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
      .filter((node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !inline(node) && !node.closest('.skip'))
      .map((node) => (node.matches('input[type=radio], input[type=checkbox]') ? node.closest('label') ?? node : node))
      .flatMap((node) => {
        const { width, height } = node.getBoundingClientRect()
        return width + 0.5 < least || height + 0.5 < least ? [`target ${Math.round(width)}x${Math.round(height)} < ${least}: ${node.textContent.trim() || node.outerHTML.slice(0, 80)}`] : []
      })
  }, least)

const raw_ids = (page) =>
  page.evaluate(() => (document.body.innerText.match(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f-]{17}/g) ?? []).map((id) => `raw id on the screen: ${id}`))
