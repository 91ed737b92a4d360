// harness.mjs - named steps, counted. A step that fails ends its scenario, for the next ones stand on it; `look`s only count.
const results = { passed: 0, failed: 0, skipped: 0 }
let seen = async () => ''

/** `look_around` says what stands on the screens when a step has failed. */
export function on_failure(look_around) { seen = look_around }

async function run(name, work) {
  try {
    await work()
    results.passed++
    console.log(`  ok      ${name}`)
    return true
  } catch (error) {
    results.failed++
    const where = error instanceof TypeError || error instanceof ReferenceError ? error.stack.split('\n').slice(1, 4) : []
    const told = [...error.message.split('\n').slice(0, 30), ...where, ...(await seen().catch(String)).split('\n')]
    console.log(`  FAILED  ${name}\n    ${told.join('\n    ')}`)
    return false
  }
}

/** What must be true for the scenario to go on. */
export async function step(name, work) {
  if (!(await run(name, work))) throw new ScenarioEnded()
}

/** What must be true, but stops nothing. */
export const also = (name, work) => run(name, work)

export function skip(reason) {
  results.skipped++
  console.log(`  skipped ${reason}`)
}

export class ScenarioEnded extends Error {}

export function assert(condition, message) {
  if (!condition) throw new Error(message)
}

export function close() {
  console.log(`${results.passed} passed, ${results.failed} failed${results.skipped ? `, ${results.skipped} skipped` : ''}`)
  process.exitCode = results.failed ? 1 : 0
}
