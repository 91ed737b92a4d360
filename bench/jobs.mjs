// jobs.mjs - the whole job of packs/yunxi over HTTP: citizens open restaurants (two reads of data, a form of five, two photographs of 200 kB), clerks of four
// departments decide, five certificates are signed. One program on SQLite, load and program on the same machine. Prints whole jobs a second, the
// slowest calls and the program's memory.
//   node bench/jobs.mjs [--seconds 20] [--citizens 64] [--clerks 40]      needs build/release/bin/junxian
import { execFileSync, spawn } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
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
  appendFileSync(join(pack, 'accounts.yaml'), people.map((one, n) => account(one, n, n < citizens ? '' : posts[n % posts.length])).join(''))
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

const agent = new Agent({ keepAlive: true, maxSockets: 512 })
const times = [] // ms of each call in the measured time
const slowest = new Map()
let measuring = false

class Caller {
  constructor(url) { this.url = url; this.cookies = ''; this.csrf = '' }

  call(method, path, body, more = {}) {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers = { cookie: this.cookies, 'x-csrf-token': this.csrf, ...(text && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }), ...more }
    const began = performance.now()
    return new Promise((answered, failed) => {
      const sent = request({ agent, host: this.url.hostname, port: this.url.port, method, path, headers }, (answer) => {
        const parts = []
        answer.on('data', (part) => parts.push(part))
        answer.on('end', () => {
          const ms = performance.now() - began
          if (measuring) {
            times.push(ms)
            const name = `${method} ${path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '{id}').replace(/\?.*/, '')}`
            slowest.set(name, Math.max(slowest.get(name) ?? 0, ms))
          }
          for (const cookie of answer.headers['set-cookie'] ?? []) this.cookies += `${this.cookies && '; '}${cookie.split(';')[0]}`
          const whole = Buffer.concat(parts).toString()
          answered({ status: answer.statusCode, body: whole && /json/.test(answer.headers['content-type'] ?? '') ? JSON.parse(whole) : whole, etag: answer.headers.etag })
        })
      })
      sent.on('error', failed)
      sent.end(text)
    })
  }

  async must(method, path, body, more) {
    const answer = await this.call(method, path, body, more)
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body).slice(0, 300)}`)
    return answer
  }

  async sign_in(n) {
    this.csrf = (await this.must('POST', '/api/v1/session', { sign_in: `bench.${n}`, password })).body.csrf_token
  }
}

const photos = [1, 2].map((seed) => photograph(200_000, seed).toString('base64'))
const pause = (ms) => new Promise((over) => setTimeout(over, ms))
let going = true
let jobs = 0

async function job(me) {
  const { body: draft } = await me.must('POST', '/api/v1/drafts', { item: 'restaurant-one-matter' })
  const path = `/api/v1/drafts/${draft.id}`
  let last
  for (const grant of ['one-matter-resident', 'one-matter-premises']) last = await me.must('POST', `${path}/prefill`, { grant, authorised: true })
  const read = last.body.form
  const form = {
    'business-registration': { ...read['business-registration'], shop_name: '溪畔小馆', trade: 'meals', opens_on: '2099-03-01', true_and_complete: true },
    'food-permit': { kind: 'noodles', seats: 20, staff: [{ name: '王芳', healthy_until: '2099-01-01' }] },
    'fire-safety': { ...read['fire-safety'], exits: 2, extinguishers: 4 },
    signboard: { width_m: 3, height_m: 0.8, bottom_m: 2.8 },
    'drainage-permit': { outlet: 'sewer' },
  }
  form['business-registration'].operator = { name: '王芳', ...form['business-registration'].operator, phone: '10255510001' }
  await me.must('PUT', path, { form }, { 'if-match': last.etag })
  for (const [i, material] of ['shop-front', 'kitchen'].entries()) await me.must('POST', '/api/v1/attachments', { draft: draft.id, material, name: `${material}.png`, octets: photos[i] })
  const { body: receipt } = await me.must('POST', `${path}/submit`)
  for (let wait = 100; ; wait = Math.min(wait * 1.5, 1000)) {
    await pause(wait)
    const { body: seen } = await me.must('GET', `/api/v1/cases/${receipt.case}`)
    if (!seen.closed_at) continue
    if (seen.certificates.length !== 5) throw new Error(`${seen.number} ended as ${seen.state} with ${seen.certificates.length} certificates`)
    if (measuring) ++jobs
    return
  }
}

async function clerk(me) {
  while (going) {
    const { body: list } = await me.must('GET', '/api/v1/tasks?limit=20')
    const free = list.items.filter(({ state, mine }) => state === 'free' || mine)
    if (!free.length) { await pause(50); continue }
    const task = free[Math.floor(Math.random() * free.length)]
    if ((await me.call('POST', `/api/v1/tasks/${task.id}/claim`)).status >= 300) continue // a colleague was faster
    const form = task.element === 'fire' ? { visited_on: '2026-11-27' } : undefined
    await me.must('POST', `/api/v1/tasks/${task.id}/complete`, { outcome: 'approve', opinion: '符合要求。', ...(form && { form }) })
  }
}

const folder = mkdtempSync(join(tmpdir(), 'junxian-jobs-'))
const { child, url } = await serve(folder)
try {
  const everybody = Array.from({ length: citizens + clerks }, () => new Caller(url))
  for (const [n, one] of everybody.entries()) await one.sign_in(n)
  const work = everybody.map(async (me, n) => {
    if (n >= citizens) return clerk(me)
    while (going) await job(me)
  })
  const failed = Promise.race(work.map((one) => one.then(() => new Promise(() => undefined)))).catch((error) => { going = false; throw error })
  await Promise.race([pause(3000), failed])
  measuring = true
  const began = performance.now()
  await Promise.race([pause(seconds * 1000), failed])
  measuring = false
  const took = (performance.now() - began) / 1000
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  times.sort((a, b) => a - b)
  const at = (share) => times[Math.floor(times.length * share)].toFixed(1)
  console.log(`${citizens} citizens, ${clerks} clerks, ${took.toFixed(1)} s: ${(jobs / took).toFixed(1)} whole jobs/s, ${(times.length / took).toFixed(0)} calls/s`)
  console.log(`calls: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${times.at(-1).toFixed(0)} ms; memory at most ${(Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024).toFixed(0)} MiB`)
  for (const [name, ms] of [...slowest].sort((a, b) => b[1] - a[1]).slice(0, 6)) console.log(`  ${name}: at most ${ms.toFixed(0)} ms`)
} finally {
  going = false
  child.kill('SIGTERM')
  await new Promise((over) => child.once('exit', over))
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)
