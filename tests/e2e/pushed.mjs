// pushed: what a unit was granted is sent to its own address, part by part, signed; a receiver that is away is asked again; both sides see how it stands. And
// the data authority takes the record of uses away as a file.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'
import { caller } from './restaurant.mjs'

/** The department's own system: answers as `answers` says, one after another, then 204; keeps what it is sent. */
async function receiver() {
  const answers = []
  const got = []
  const server = createServer((request, response) => {
    const parts = []
    request.on('data', (part) => parts.push(part))
    request.on('end', () => {
      got.push({ headers: request.headers, url: request.url, body: Buffer.concat(parts) })
      response.writeHead(answers.shift() ?? 204).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { answers, got, url: `http://127.0.0.1:${server.address().port}/in`, close: () => server.close() }
}

/** Whether the part is the one that the node signed for this address (RFC 9421, RFC 9530). */
function is_signed({ headers, body }, url, jwks) {
  const digest = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`
  const input = headers['signature-input'].replace(/^sig1=/, '')
  const key = jwks.keys.find(({ kid }) => input.includes(`keyid="${kid}"`))
  const base = [
    '"@method": POST', `"@target-uri": ${url}`, ...['content-type', 'content-digest', 'junxian-delivery', 'junxian-part'].map((name) => `"${name}": ${headers[name]}`), `"@signature-params": ${input}`,
  ].join('\n')
  const signature = Buffer.from(/^sig1=:(.+):$/.exec(headers.signature)[1], 'base64')
  return headers['content-digest'] === digest && verify(null, Buffer.from(base), createPublicKey({ key, format: 'jwk' }), signature)
}

export default async function pushed(browser, base, node) {
  const system = await receiver()
  try {
    node.apply_changed('grants/fire-inspection-restaurants.yaml', (text) => text.replace('changes: false}', `changes: false, push: "${system.url}"}`))
    const officer = await person(browser, base)
    system.answers.push(503)
    await step('an officer orders data that is sent to her own system, which does not take it yet', async () => {
      await sign_in(officer, '/workbench/', /武辉伟/)
      await officer.goto('/workbench/deliveries')
      await see(officer, '推送到')
      await officer.getByRole('button', { name: '订取数据' }).first().click()
      await officer.getByRole('dialog').getByRole('button', { name: '订取数据' }).click()
      await see(officer, '稍后重试', '503')
    })
    await also('workbench deliveries pushed', () => look(officer, 'workbench-deliveries-pushed'))
    await step('she has it sent again, and it is acknowledged by the last part', async () => {
      await officer.getByRole('button', { name: '立即重试推送' }).first().click()
      await see(officer, '已推送到')
      const { jwks } = await (await fetch(new URL('/.well-known/jwt-vc-issuer', base))).json()
      assert(system.got.length === 2 && system.got.every((part) => is_signed(part, system.url, jwks)), `${system.got.length} parts came`)
      assert(system.got[1].headers['junxian-part'] === '1;of=1' && system.got[0].headers['idempotency-key'] === system.got[1].headers['idempotency-key'], 'it is not the same part')
      assert(system.got[1].body.toString().startsWith('name,address,'), system.got[1].body.toString().slice(0, 100))
    })
    const authority = await person(browser, base)
    await step('the data authority exports all uses of a period', async () => {
      const call = await caller(base, 'sun.hao')
      await call('POST', '/api/v1/data/enterprise-register/query', { grant: 'fire-inspection-restaurants', programme: 'restaurant-fire-inspections', where: [{ field: 'address', op: 'contains', value: '溪口' }], limit: 3 })
      await sign_in(authority, '/workbench/', /周敏/)
      await authority.goto('/workbench/usage')
      await authority.getByRole('button', { name: '全部单位' }).click()
      await authority.getByText('按期间导出全部使用记录').click()
      const [download] = await Promise.all([authority.waitForEvent('download'), authority.getByRole('button', { name: '导出', exact: true }).click()])
      const text = readFileSync(await download.path(), 'utf8')
      assert(download.suggestedFilename().endsWith('.csv') && text.startsWith('\ufeffid,at,consumer,') && text.includes('fire-inspection-restaurants'), text.slice(0, 200))
    })
    await also('workbench usage export', () => look(authority, 'workbench-usage-export'))
  } finally {
    system.close()
  }
}
