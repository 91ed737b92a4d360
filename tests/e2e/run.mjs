// The browser tests: node run.mjs [proof] [yunxi] [san-francisco] [pushed] [many]; without a name, all. Each scenario gets a node of its own (JUNXIAN_BINARY, built in build/release), or plays on the
// servers that JUNXIAN_URL names (one or more, separated by spaces; each is asked which jurisdiction it is).
// Pictures of every page go to build/screenshots. Ends with `N passed, N failed`.
import alive from './alive.mjs'
import applicant from './applicant.mjs'
import archive from './archive.mjs'
import { launch } from './browser.mjs'
import certificates from './certificates.mjs'
import counter from './counter.mjs'
import data_rights from './data-rights.mjs'
import exchange from './exchange.mjs'
import firm_data from './firm-data.mjs'
import grant_use from './grant-use.mjs'
import hand_over from './hand-over.mjs'
import { close, ScenarioEnded, skip, step } from './harness.mjs'
import many from './many.mjs'
import my_data from './my-data.mjs'
import one_matter from './one-matter.mjs'
import one_source from './one-source.mjs'
import only_numbers from './only-numbers.mjs'
import open_catalogue from './open-catalogue.mjs'
import ownership from './ownership.mjs'
import processes from './processes.mjs'
import proof from './proof.mjs'
import pushed from './pushed.mjs'
import quality from './quality.mjs'
import review from './review.mjs'
import san_francisco from './san-francisco.mjs'
import scenes from './scenes.mjs'
import { missing, start } from './server.mjs'
import source_states from './source-states.mjs'
import terms from './terms.mjs'
import told_later from './told-later.mjs'
import yunxi from './yunxi.mjs'

const scenarios = { yunxi, 'san-francisco': san_francisco }
const chosen = process.argv.slice(2)
const plays = (part) => !chosen.length || chosen.includes(part)
const urls = (process.env.JUNXIAN_URL ?? '').split(/\s+/).filter(Boolean)

/** One scenario; a step that fails in it ends it, and no other. */
async function play(scenario) {
  try {
    await scenario()
  } catch (error) {
    if (!(error instanceof ScenarioEnded)) throw error
  }
}

const browser = await launch()
if (plays('proof')) await play(() => proof(browser))

for (const base of urls) {
  await play(async () => {
    let scenario
    await step(`${base} says which jurisdiction it is`, async () => {
      const { key } = await (await fetch(new URL('/api/v1/jurisdiction', base))).json()
      scenario = scenarios[key]
      if (!scenario) throw new Error(`there is no scenario for ${key}`)
    })
    await scenario(browser, base)
  })
}

for (const [pack, scenario] of urls.length ? [] : Object.entries(scenarios).filter(([pack]) => plays(pack))) {
  const reason = missing(pack)
  if (reason) {
    skip(`${pack}: ${reason}`)
    continue
  }
  await play(async () => {
    let node
    await step(`a node serves ${pack}`, async () => { node = await start(pack) })
    try {
      await scenario(browser, node.url)
      if (pack === 'san-francisco') await ownership(browser, node.url)
      if (pack === 'yunxi') {
        await one_matter(browser, node.url)
        await certificates(browser, node.url)
        await counter(browser, node.url)
        await applicant(browser, node.url)
        await scenes(browser, node.url)
        await my_data(browser, node.url)
        await data_rights(browser, node.url)
        await firm_data(browser, node.url)
        await open_catalogue(browser, node.url)
        await exchange(browser, node.url)
        await terms(browser, node.url)
        await grant_use(browser, node.url)
        await hand_over(browser, node.url)
        await only_numbers(browser, node.url)
        await one_source(browser, node.url)
        await told_later(browser, node.url)
        await quality(browser, node.url)
        await source_states(browser, node.url)
        await review(browser, node)
        await processes(browser, node.url)
        await archive(browser, node)
        await alive(browser, node.url)
      }
      await step('ledger verify and db check find the record of all this whole', async () => {
        node.run('ledger', 'verify')
        node.run('db', 'check')
      })
    } finally {
      await node.stop()
    }
  })
}
if (!urls.length && plays('pushed') && !missing('yunxi')) {
  await play(async () => {
    let node
    await step('a node serves yunxi that may send to this machine', async () => { node = await start('yunxi', ['push: {allowed: [127.0.0.1]}']) })
    try {
      await pushed(browser, node)
      await step('ledger verify and db check find the record of what was sent whole', async () => {
        node.run('ledger', 'verify')
        node.run('db', 'check')
      })
    } finally {
      await node.stop()
    }
  })
}
// Its rows are not the program's own, so nothing checks this node at its end.
if (!urls.length && plays('many') && !missing('yunxi')) {
  await play(async () => {
    let node
    await step('another node serves yunxi', async () => { node = await start('yunxi') })
    try {
      await many(browser, node)
    } finally {
      await node.stop()
    }
  })
}
await browser.close()
close()
