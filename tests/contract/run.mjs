// The contract tests: node run.mjs [RECORDING...]. A node of its own serves the pack yunxi and records; calls.mjs makes every operation answer, well and ill;
// then each exchange, and those of the recordings named, is held against api/openapi.yaml. Ends with `N passed, N failed`.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { also, assert, close, skip, step, ScenarioEnded } from '../e2e/harness.mjs'
import { missing, start } from '../e2e/server.mjs'
import { calls } from './calls.mjs'
import { Contract, recording } from './contract.mjs'
import { every_item } from './items.mjs'
import { reviews } from './reviews.mjs'
import { contacts } from './messages.mjs'

const contract = Contract.read(fileURLToPath(new URL('../../api/openapi.yaml', import.meta.url)))

/** Answered by the server itself, at once, and not recorded. */
const unrecorded = ['health']

/** Answer only refusals here: no process of the pack waits for a message, has two versions or two steps in a row, no step of it fails, and no term runs out. How they
 * go well is told in tests/scenario and in the tests of engine/cases. */
const undelivered = ['sendMessage', 'seeNotice', 'returnTask', 'planMigration', 'startMigration', 'getMigration', 'getIncident', 'retryIncident', 'settleIncident', 'noteIncident']

function judge(exchanges, name) {
  const faults = [...new Set(exchanges.flatMap((exchange) => contract.check(exchange)))]
  assert(exchanges.length > 0, `${name} holds no exchange`)
  assert(faults.length === 0, `${faults.length} kinds of fault in ${exchanges.length} exchanges:\n${faults.slice(0, 25).join('\n')}`)
}

await also('the contract closes every object that it describes', () => {
  const open = contract.lint()
  assert(open.length === 0, open.join('\n'))
})

const good = {
  route: '/api/v1/session',
  request: { method: 'GET', path: '/api/v1/session', query: '', headers: {}, body: '' },
  response: { status: 200, headers: { 'content-type': 'application/json' }, body: '{"csrf_token":"x","expires_at":"2026-01-01T00:00:00Z"}', binary: false },
}
await also('a good exchange passes, and one that the contract does not name fails', () => {
  const changed = (part, change) => ({ ...good, [part]: { ...good[part], ...change } })
  assert(contract.check(good).length === 0, contract.check(good).join())
  for (const [why, bad] of Object.entries({
    'another path': { ...good, route: '/api/v1/sessions' },
    'another method': changed('request', { method: 'PATCH' }),
    'another status': changed('response', { status: 202 }),
    'another member': changed('response', { body: '{"csrf":"x"}' }),
    'another type of a member': changed('response', { body: '{"csrf_token":7}' }),
    'another content type': changed('response', { headers: { 'content-type': 'text/html' } }),
    'a parameter that is not named': changed('request', { query: 'verbose=1' }),
    'a request body that is not named': changed('request', { body: '{}' }),
  })) assert(contract.check(bad).length > 0, `${why} passes`)
  const created = { route: '/api/v1/drafts', request: { ...good.request, method: 'POST' }, response: { status: 201, headers: { 'content-type': 'application/json' }, body: '{}', binary: false } }
  assert(contract.check(created).some((fault) => fault.includes('header ETag is missing')), 'a missing header passes')
})

for (const file of process.argv.slice(2)) await also(`the recording ${file} keeps to the contract`, () => judge(recording(file), file))

const reason = missing('yunxi')
if (reason) skip(`calls to a node: ${reason}`)
else try {
  const folder = mkdtempSync(join(tmpdir(), 'junxian-contract-'))
  const file = join(folder, 'exchanges.jsonl')
  let node
  try {
    await step('a node serves yunxi and records', async () => { node = await start('yunxi', [`record: ${file}`, 'calls_per_second: 0']) })
    await calls(node.url)
    await every_item(node.url)
    await reviews(node.url)
    const mails = join(folder, 'mails.jsonl')
    await contacts(mails)
    await also('every exchange keeps to the contract', () => judge([...recording(file), ...recording(mails)], file))
    await also('every operation has answered well at least once', () => {
      const answered = new Set([...recording(file), ...recording(mails)].filter(({ response }) => response.status < 300).map(({ route, request }) => `${request.method.toLowerCase()} ${route}`))
      const silent = contract.operations().filter(({ id, method, path }) => ![...unrecorded, ...undelivered].includes(id) && !answered.has(`${method} ${path}`))
      assert(silent.length === 0, `never: ${silent.map(({ id }) => id).join(', ')}`)
    })
    await also('nothing secret is in the recording', () => {
      const text = recording(file).map((exchange) => JSON.stringify(exchange)).join('')
      assert(!text.includes('junxian_session=') && !text.includes('"x-csrf-token"'), 'a cookie or a token is in it')
    })
  } finally {
    await node?.stop()
    if (existsSync(folder)) rmSync(folder, { recursive: true })
  }
} catch (error) {
  if (!(error instanceof ScenarioEnded)) throw error
}
close()
