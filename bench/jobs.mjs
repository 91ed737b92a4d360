// jobs.mjs - the whole job of packs/yunxi over HTTP: citizens open restaurants (two reads of data, a form of five, two photographs of 200 kB), clerks of four
// departments decide, five certificates are signed. One program on SQLite, load and program on the same machine. Prints whole jobs a second, the
// slowest calls and the program's memory.
//   node bench/jobs.mjs [--seconds 20] [--citizens 64] [--clerks 40]      needs build/release/bin/junxian
import { execFileSync, spawn } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { photograph } from '../tests/e2e/restaurant.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const program = process.env.JUNXIAN_BINARY ?? join(root, 'build/release/bin/junxian')
const given = Object.fromEntries(process.argv.slice(2).join(' ').split('--').filter(Boolean).map((one) => one.trim().split(/\s+/)))
const seconds = Number(given.seconds ?? 20)
const citizens = Number(given.citizens ?? 64)
const clerks = Number(given.clerks ?? 40)
const password = 'a county at work'
const posts = ['market-regulation/food-permit-clerk', 'fire/safety-clerk', 'urban-management/clerk', 'housing/clerk']

/** The pack with an account for each citizen, who owns commercial premises, and each clerk; grants without a limit of calls a minute. */
function make_pack(folder) {
  const packs = join(folder, 'packs')
  cpSync(join(root, 'packs'), packs, { recursive: true })
  const pack = join(packs, 'yunxi')
  const known = readFileSync(join(pack, 'accounts.yaml'), 'utf8')
  const people = readFileSync(join(pack, 'people.csv'), 'utf8').trim().split('\n').slice(1).map((line) => line.split(',')).filter(([key]) => !known.includes(`person: ${key}\n`)).slice(100, 100 + citizens + clerks)
  const account = ([key], n, post) => `  - {username: bench.${n}, person: ${key}, password: ${password}${post ? `, posts: [{post: ${post}, valid_from: 2020-01-01}]` : ''}}\n`
  appendFileSync(join(pack, 'accounts.yaml'), people.map((one, n) => account(one, n, n < citizens ? '' : posts[(n - citizens) % posts.length])).join(''))
  const premises = people.slice(0, citizens).map(([, name, , , code], n) => `33202100200${n}GB0000BENCH,溪（2024）不动产权第9${String(n).padStart(6, '0')}号,${code},${name},云溪县溪口镇新街${n + 1}号,60.00,商业服务,砖混,2,1,2001,2024-01-01,valid\n`)
  appendFileSync(join(pack, 'silos/premises.csv'), premises.join(''))
  for (const grant of ['one-matter-resident', 'one-matter-premises']) {
    const file = join(pack, `grants/${grant}.yaml`)
    writeFileSync(file, readFileSync(file, 'utf8').replace(/calls_per_minute: \d+/, 'calls_per_minute: 1000000'))
  }
  return pack
}

async function serve(folder) {
  const config = join(folder, 'junxian.yaml')
  writeFileSync(config, ['data: data', 'keys: keys', 'database: junxian.db', `web: ${join(root, 'web')}`, 'listen: [{address: 127.0.0.1, port: 0}]', 'log: {level: warning}', ''].join('\n'))
  const run = (...command) => execFileSync(program, [...command, '--config', config], { stdio: ['ignore', 'pipe', 'inherit'] })
  const pack = make_pack(folder)
  run('init')
  execFileSync(join(root, 'tools/prepare-data'), [pack, join(folder, 'data')])
  run('pack', 'apply', pack)
  const child = spawn(program, ['serve', '--config', config], { stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await new Promise((found) => createInterface(child.stdout).on('line', (line) => { const at = /http:\/\/\S+/.exec(line)?.[0]; if (at) found(at) }))
  return { child, url: new URL(url) }
}

const times = [] // ms of each call in the measured time
const slowest = new Map()
const called = new Map()
let measuring = false

/** Somebody at a browser: one kept connection, one call at a time. Written on bare sockets, since the load runs beside the program and takes of its time. */
class Caller {
  constructor(url) {
    this.host = `host: ${url.host}\r\n`
    this.who = ''
    this.held = []
    this.count = 0
    this.socket = connect({ host: url.hostname, port: url.port, noDelay: true })
    this.socket.on('data', (part) => this.take(part))
    this.socket.on('close', () => this.failed?.(new Error('the connection was closed')))
    this.socket.on('error', (error) => this.failed?.(error))
  }

  /** `body` is a text, or a list of pieces. What was answered: `status`, `head`, `text()`. */
  call(name, method, path, body, more = '') {
    const pieces = body === undefined ? [] : Array.isArray(body) ? body : [body]
    const length = pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0)
    const type = pieces.length ? `content-type: application/json\r\ncontent-length: ${length}\r\n` : ''
    this.name = name
    this.began = performance.now()
    return new Promise((answered, failed) => {
      this.answered = answered
      this.failed = failed
      this.socket.cork()
      this.socket.write(`${method} /api/v1/${path} HTTP/1.1\r\n${this.host}${this.who}${type}${more}\r\n`)
      for (const piece of pieces) this.socket.write(piece)
      this.socket.uncork()
    })
  }

  take(part) {
    this.held.push(part)
    this.count += part.length
    if (this.wanted === undefined) {
      const whole = this.held.length === 1 ? part : Buffer.concat(this.held)
      const end = whole.indexOf('\r\n\r\n')
      if (end < 0) return
      this.head = whole.latin1Slice(0, end)
      this.begin = end + 4
      this.wanted = this.begin + Number(/\r\ncontent-length: *(\d+)/i.exec(this.head)?.[1] ?? 0)
    }
    if (this.count < this.wanted) return
    const ms = performance.now() - this.began
    if (measuring) {
      times.push(ms)
      called.set(this.name, (called.get(this.name) ?? 0) + 1)
      slowest.set(this.name, Math.max(slowest.get(this.name) ?? 0, ms))
    }
    const [whole, begin] = [this.held.length === 1 ? part : Buffer.concat(this.held), this.begin]
    this.held = []
    this.count = 0
    this.wanted = undefined
    this.answered({ status: Number(this.head.slice(9, 12)), head: this.head, text: () => whole.utf8Slice(begin) })
  }

  async must(name, method, path, body, more) {
    const answer = await this.call(name, method, path, body, more)
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text().slice(0, 300)}`)
    return answer
  }

  async sign_in(n) {
    const { head, text } = await this.must('sign in', 'POST', 'session', JSON.stringify({ sign_in: `bench.${n}`, password }))
    const cookies = [...head.matchAll(/\r\nset-cookie: *([^;\r]+)/gi)].map((one) => one[1])
    this.who = `cookie: ${cookies.join('; ')}\r\nx-csrf-token: ${JSON.parse(text()).csrf_token}\r\n`
  }
}

const photos = [1, 2].map((seed) => Buffer.from(photograph(200_000, seed).toString('base64')))
const pause = (ms) => new Promise((over) => setTimeout(over, ms))
let going = true
let jobs = 0

async function job(me) {
  const draft = JSON.parse((await me.must('begin a draft', 'POST', 'drafts', '{"item":"restaurant-one-matter"}')).text())
  const path = `drafts/${draft.id}`
  let last
  for (const grant of ['one-matter-resident', 'one-matter-premises']) last = await me.must('read data', 'POST', `${path}/prefill`, `{"grant":"${grant}","authorised":true}`)
  const read = JSON.parse(last.text()).form
  const form = {
    'business-registration': { ...read['business-registration'], shop_name: '溪畔小馆', trade: 'meals', opens_on: '2099-03-01', true_and_complete: true },
    'food-permit': { kind: 'noodles', seats: 20, staff: [{ name: '王芳', healthy_until: '2099-01-01' }] },
    'fire-safety': { ...read['fire-safety'], exits: 2, extinguishers: 4 },
    signboard: { width_m: 3, height_m: 0.8, bottom_m: 2.8 },
    'drainage-permit': { outlet: 'sewer' },
  }
  form['business-registration'].operator = { name: '王芳', ...form['business-registration'].operator, phone: '10255510001' }
  await me.must('save the form', 'PUT', path, JSON.stringify({ form }), `if-match: ${/\r\netag: *(\S+)/i.exec(last.head)[1]}\r\n`)
  for (const [i, material] of ['shop-front', 'kitchen'].entries()) {
    await me.must('attach a photograph', 'POST', 'attachments', [`{"draft":"${draft.id}","material":"${material}","name":"${material}.png","octets":"`, photos[i], '"}'])
  }
  const receipt = JSON.parse((await me.must('submit', 'POST', `${path}/submit`)).text())
  for (;;) {
    await pause(250)
    const seen = (await me.must('see the case', 'GET', `cases/${receipt.case}`)).text()
    if (!seen.includes('"closed_at":"')) continue
    const { certificates, number, state } = JSON.parse(seen)
    if (certificates.length !== 5) throw new Error(`${number} ended as ${state} with ${certificates.length} certificates`)
    if (measuring) ++jobs
    return
  }
}

/** The ten clerks of a desk divide its cases by the last digit of their numbers; who has none of hers helps where many wait. */
async function clerk(me, digit) {
  while (going) {
    const { items, next } = JSON.parse((await me.must('list tasks', 'GET', 'tasks?limit=20')).text())
    const hers = items.filter(({ number, mine }) => mine || number.endsWith(digit))
    const task = hers[0] ?? (next && items[Math.floor(Math.random() * items.length)])
    if (!task) { await pause(100); continue }
    if (!task.mine && (await me.call('claim', 'POST', `tasks/${task.id}/claim`)).status >= 300) continue // a colleague was faster
    const form = task.element === 'fire' ? { visited_on: '2026-11-27' } : undefined
    await me.must('decide', 'POST', `tasks/${task.id}/complete`, JSON.stringify({ outcome: 'approve', opinion: '符合要求。', form }))
  }
}

/** Seconds of processor that a process has had. */
function cpu(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /, '').split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

const folder = mkdtempSync(join(tmpdir(), 'junxian-jobs-'))
const { child, url } = await serve(folder)
try {
  const everybody = Array.from({ length: citizens + clerks }, () => new Caller(url))
  for (const [n, one] of everybody.entries()) await one.sign_in(n)
  const work = everybody.map(async (me, n) => {
    if (n >= citizens) return clerk(me, String(Math.floor((n - citizens) / posts.length) % 10))
    while (going) await job(me)
  })
  const failed = Promise.race(work.map((one) => one.then(() => new Promise(() => undefined)))).catch((error) => { going = false; throw error })
  await Promise.race([pause(3000), failed])
  measuring = true
  const before = [cpu(child.pid), cpu(process.pid)]
  const began = performance.now()
  await Promise.race([pause(seconds * 1000), failed])
  measuring = false
  const took = (performance.now() - began) / 1000
  const spent = [cpu(child.pid) - before[0], cpu(process.pid) - before[1]].map((one) => one / took)
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  times.sort((a, b) => a - b)
  const at = (share) => times[Math.floor(times.length * share)].toFixed(1)
  console.log(`${citizens} citizens, ${clerks} clerks, ${took.toFixed(1)} s: ${(jobs / took).toFixed(1)} whole jobs/s, ${(times.length / took).toFixed(0)} calls/s`)
  console.log(`calls: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${times.at(-1).toFixed(0)} ms; memory at most ${(Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024).toFixed(0)} MiB`)
  console.log(`processors: ${spent[0].toFixed(2)} by the program, ${spent[1].toFixed(2)} by the load, of ${availableParallelism()}`)
  for (const [name, ms] of slowest) console.log(`  ${name}: ${(called.get(name) / jobs).toFixed(1)} a job, at most ${ms.toFixed(0)} ms`)
} finally {
  going = false
  child.kill('SIGTERM')
  await new Promise((over) => child.once('exit', over))
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)
