// server.mjs - a node of its own for a scenario: a pack, its silos and data in a new folder, a free port; gone at the end.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const program = process.env.JUNXIAN_BINARY ?? join(root, 'build/release/bin/junxian')
const shared = process.env.JUNXIAN_SHARED ?? join(root, '../shared')

/** Why `pack` cannot be served here, if it cannot. */
export function missing(pack) {
  if (!existsSync(program)) return `${program} is not built`
  if (pack === 'san-francisco' && !existsSync(join(shared, 'data/san-francisco'))) return 'its data is not in the folder JUNXIAN_SHARED'
  return undefined
}

/** Starts a node with `settings` (lines of YAML) beside its own, with the `past` of its pack or without; `{url, folder, stop, run, apply_changed}`, where `run` is a command of the
 *  program on the same configuration, `run_later` one so much later (`62d`) by its clock, and `apply_changed(file, change)` applies the pack with one of its files as `change` makes it of the old one. */
export async function start(pack, settings = [], { past = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), `junxian-e2e-${pack}-`))
  const config = join(folder, 'junxian.yaml')
  writeFileSync(config, [
    'data: data', 'keys: keys', 'database: junxian.db', `web: ${join(root, 'web')}`, 'listen: [{address: 127.0.0.1, port: 0}]', 'log: {level: warning}', ...settings, '',
  ].join('\n'))
  const run = (...command) => execFileSync(program, [...command, '--config', config], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  const run_later = (time, ...command) =>
    execFileSync('faketime', ['-f', `+${time}`, program, ...command, '--config', config], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  execFileSync(join(root, 'tools/prepare-data'), [join(root, 'packs', pack), join(folder, 'data'), '--from', join(shared, 'data', pack)])
  if (past) run('simulate', join(root, 'packs', pack))
  run('init')
  run('pack', 'apply', join(root, 'packs', pack))

  const server = spawn(program, ['serve', '--config', config], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, LANG: 'C.UTF-8' } })
  const url = await new Promise((found, failed) => {
    createInterface(server.stdout).on('line', (line) => {
      const address = /https?:\/\/\S+/.exec(line)?.[0]
      if (address) found(address)
    })
    server.once('exit', (code) => failed(new Error(`junxian serve ended with ${code}`)))
  })
  async function stop() {
    server.kill('SIGTERM')
    if (server.exitCode === null) await once(server, 'exit')
    rmSync(folder, { recursive: true, force: true })
  }
  function apply_changed(file, change) {
    const packs = join(folder, 'packs')
    cpSync(join(root, 'packs'), packs, { recursive: true })
    const path = join(packs, pack, file)
    writeFileSync(path, change(readFileSync(path, 'utf8')))
    run('pack', 'apply', join(packs, pack))
  }
  return { url, folder, run, run_later, stop, apply_changed }
}
