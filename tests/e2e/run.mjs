// The browser tests: node run.mjs [PART...]; without a part, all. A part's stories are played one after another on a node of their own (JUNXIAN_BINARY, built in
// build/release), and those that begin where others ended come after them. With JUNXIAN_URL (one or more, separated by spaces) the first story of a county is played on the servers that it names.
// Pictures of every page go to build/screenshots. Ends with `N passed, N failed`.
import alive from './alive.mjs'
import applicant from './applicant.mjs'
import archive from './archive.mjs'
import { launch } from './browser.mjs'
import certificates from './certificates.mjs'
import counter from './counter.mjs'
import data_rights from './data-rights.mjs'
import decisions from './decisions.mjs'
import exchange from './exchange.mjs'
import firm_data from './firm-data.mjs'
import grant_use from './grant-use.mjs'
import hand_over from './hand-over.mjs'
import { close, ScenarioEnded, skip, step } from './harness.mjs'
import hotline from './hotline.mjs'
import many from './many.mjs'
import my_data from './my-data.mjs'
import offices from './offices.mjs'
import one_matter from './one-matter.mjs'
import one_source from './one-source.mjs'
import only_numbers from './only-numbers.mjs'
import open_catalogue from './open-catalogue.mjs'
import ownership from './ownership.mjs'
import presented from './presented.mjs'
import processes from './processes.mjs'
import proof from './proof.mjs'
import pushed from './pushed.mjs'
import quality from './quality.mjs'
import review from './review.mjs'
import reviews from './reviews.mjs'
import rights from './rights.mjs'
import san_francisco from './san-francisco.mjs'
import scenes from './scenes.mjs'
import { missing, start } from './server.mjs'
import sign_up from './sign-up.mjs'
import slow_line from './slow-line.mjs'
import source_states from './source-states.mjs'
import terms from './terms.mjs'
import told from './told.mjs'
import told_later from './told-later.mjs'
import yunxi from './yunxi.mjs'

const parts = {
  proof: { stories: [proof] },
  slow: { pack: 'yunxi', stories: [slow_line] },
  apply: { pack: 'yunxi', stories: [yunxi, one_matter, reviews, presented, certificates, counter, applicant, alive, archive] },
  share: {
    pack: 'yunxi',
    stories: [my_data, data_rights, firm_data, open_catalogue, exchange, terms, grant_use, hand_over, only_numbers, one_source, told_later, quality, source_states],
  },
  work: { pack: 'yunxi', stories: [scenes, decisions, offices, review, processes] },
  rights: { pack: 'yunxi', stories: [rights] },
  told: { pack: 'yunxi', stories: [told, hotline, sign_up] },
  pushed: { pack: 'yunxi', stories: [pushed], settings: ['push: {allowed: [127.0.0.1]}'] },
  'san-francisco': { pack: 'san-francisco', stories: [san_francisco, ownership] },
  many: { pack: 'yunxi', stories: [many], rows_made_up: true },  // not the program's own, so nothing checks this node at its end
}
const chosen = process.argv.slice(2)
const unknown = chosen.filter((part) => !(part in parts))
if (unknown.length) throw new Error(`no part is called ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`)
const urls = (process.env.JUNXIAN_URL ?? '').split(/\s+/).filter(Boolean)

/** One run of stories; a step that fails in it ends it, and no other. */
async function play(run) {
  try {
    await run()
  } catch (error) {
    if (!(error instanceof ScenarioEnded)) throw error
  }
}

async function play_on_a_node(browser, { pack, stories, settings, rows_made_up }) {
  let node
  await step(`a node serves ${pack}`, async () => { node = await start(pack, settings) })
  try {
    for (const story of stories) await story(browser, node.url, node)
    if (rows_made_up) return
    await step('ledger verify and db check find the record of all this whole', async () => {
      node.run('ledger', 'verify')
      node.run('db', 'check')
    })
  } finally {
    await node.stop()
  }
}

async function play_at(browser, base) {
  let story
  await step(`${base} says which jurisdiction it is`, async () => {
    const { key } = await (await fetch(new URL('/api/v1/jurisdiction', base))).json()
    story = { yunxi, 'san-francisco': san_francisco }[key]
    if (!story) throw new Error(`there is no story for ${key}`)
  })
  await story(browser, base)
}

const browser = await launch()
for (const base of urls) await play(() => play_at(browser, base))
for (const part of urls.length ? [] : chosen.length ? chosen : Object.keys(parts)) {
  const { pack, stories } = parts[part]
  const reason = pack && missing(pack)
  if (reason) skip(`${pack}: ${reason}`)
  else await play(() => (pack ? play_on_a_node(browser, parts[part]) : stories[0](browser)))
}
await browser.close()
close()
