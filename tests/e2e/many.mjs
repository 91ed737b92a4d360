// many: a clerk with 10,000 open tasks. The rows are copies of one real case, written past the program, for opening them all would take longer than the test.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { person } from './browser.mjs'
import { assert, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'
import { open_restaurant } from './restaurant.mjs'

const count = 10_000

/** Copies the only case and its task for the food-permit clerk until there are `count` of them, due on days before and after today. */
function multiply(database) {
  const sql = (text) => execFileSync('sqlite3', [database, `PRAGMA busy_timeout = 20000; ${text}`], { encoding: 'utf8' }).trim().split('\n').slice(1).join('\n')
  const copy = (table, where, changed) => {
    const columns = sql(`SELECT name FROM pragma_table_info('${table}')`).split('\n')
    return `INSERT INTO ${table} (${columns}) SELECT ${columns.map((name) => changed[name] ?? `one.${name}`)} FROM n, (SELECT * FROM ${table} WHERE ${where} LIMIT 1) one;`
  }
  const n = `WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1})`
  const day = "(i % 40 - 12)"
  sql(`BEGIN IMMEDIATE;
    ${n} ${copy('case_task', "unit = 'market-regulation'", {
      id: "CAST(printf('task%012d', i) AS BLOB)", case_id: "CAST(printf('case%012d', i) AS BLOB)",
      due_on: `date(one.due_on, ${day} || ' days')`, due_at: `one.due_at + ${day} * 86400000000`,
    })}
    ${n} ${copy('case_file', '1', { id: "CAST(printf('case%012d', i) AS BLOB)", number: "printf('YX-20260101-%08d', i)" })}
    COMMIT;`)
}

const settled = (page) => page.waitForFunction(() => !document.querySelector('.bone'))
const rows = (page) => page.locator('tr.task').count()

export default async function many(browser, node) {
  const clerk = await person(browser, node.url)
  await step('there are 10,000 open tasks', async () => {
    await open_restaurant(node.url)
    multiply(join(node.folder, 'junxian.db'))
  })

  await step('the first rows of 10,000 are painted within a second', async () => {
    await sign_in(clerk, '/workbench/', /张伟/)
    await see(clerk, '开办小餐馆')
    const times = []
    for (let visit = 0; visit < 4 && !(Math.min(...times) < 1000); visit++) {
      await clerk.reload({ waitUntil: 'commit' })
      await clerk.locator('tr.task a.open').first().waitFor()
      times.push(await clerk.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(() => painted(performance.now()))))))
    }
    console.log(`          ${Math.round(Math.min(...times))} ms from the visit to the rows`)
    assert(Math.min(...times) < 1000, `painted after ${times.map(Math.round)} ms`)
  })

  await step('scrolled to the end it stays responsive, with few rows in the document', async () => {
    await clerk.evaluate(() => {
      globalThis.long_ms = []
      globalThis.rows_max = 0
      new PerformanceObserver((list) => globalThis.long_ms.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' })
      new MutationObserver(() => { globalThis.rows_max = Math.max(globalThis.rows_max, document.querySelectorAll('tr.task').length) }).observe(document.body, { childList: true, subtree: true })
    })
    for (const deadline = Date.now() + 60_000; ;) {
      await clerk.mouse.wheel(0, 40_000)
      await clerk.waitForTimeout(30)
      if (await clerk.evaluate((n) => !!document.querySelector(`[data-at="${n - 1}"] a.open`), count)) break
      assert(Date.now() < deadline, `the end is not reached; at row ${await clerk.locator('tr.task').last().getAttribute('data-at')}`)
    }
    await settled(clerk)
    const { long_ms, rows_max } = await clerk.evaluate(() => ({ long_ms: Math.max(0, ...globalThis.long_ms), rows_max: globalThis.rows_max }))
    console.log(`          longest task ${Math.round(long_ms)} ms, at most ${rows_max} rows in the document`)
    assert(rows_max < 120, `${rows_max} rows are in the document`)
    assert(long_ms < 200, `the page stood still for ${long_ms} ms`)
  })

  await step('the keys walk from the end back, and a task opens and leads back to where one was', async () => {
    await clerk.locator(`[data-at="${count - 1}"] a.open`).focus()
    for (let up = 0; up < 40; up++) await clerk.keyboard.press('k')
    const at = await clerk.evaluate(() => document.activeElement?.closest('tr')?.getAttribute('data-at'))
    assert(at === String(count - 41), `the keys stand on row ${at}`)
    await clerk.keyboard.press('Enter')
    await clerk.waitForURL(/\/tasks\//)
    await clerk.goBack()
    await clerk.locator(`[data-at="${at}"] a.open`).waitFor()
    assert((await rows(clerk)) < 120, 'rows pile up')
  })
}
