// certificates.mjs - a certificate, judged by a verifier that was not written here (@sd-jwt/sd-jwt-vc): as it is, in part, tampered with, suspended, revoked;
// and by `junxian certificate verify`, with nothing but files.
import { execFileSync } from 'node:child_process'
import { createHash, randomUUID, webcrypto } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assert, skip } from '../e2e/harness.mjs'

const program = process.env.JUNXIAN_BINARY
const node_major = Number(process.versions.node.split('.')[0])
const law = { law: { 'zh-CN': '中华人民共和国行政许可法', en: 'Administrative Licensing Law' }, article: '69' }

/** A verifier that knows the issuer only by what it publishes. */
async function verifier(anyone) {
  const { SDJwtVcInstance } = await import('@sd-jwt/sd-jwt-vc')
  const { body: issuer } = await anyone.get('/.well-known/jwt-vc-issuer')
  const key = await webcrypto.subtle.importKey('jwk', { kty: 'OKP', crv: 'Ed25519', x: issuer.jwks.keys[0].x }, { name: 'Ed25519' }, false, ['verify'])
  const client = new SDJwtVcInstance({
    verifier: (data, signature) => webcrypto.subtle.verify('Ed25519', key, Buffer.from(signature, 'base64url'), Buffer.from(data)),
    hasher: (data) => createHash('sha256').update(typeof data === 'string' ? data : Buffer.from(data)).digest(),
    hashAlg: 'sha-256',
    statusListFetcher: async (uri) => {
      const list = await anyone.get(`/api/v1/certificate-status/${/(\d+)$/.exec(uri)[1]}`)
      assert(list.headers.get('content-type') === 'application/statuslist+jwt', list.headers.get('content-type'))
      return list.body
    },
  })
  return { client, issuer }
}

const refused = async (client, text, why) => {
  const taken = await client.verify(text).then(() => true, () => false)
  assert(!taken, `taken although ${why}`)
}

async function judged_by_another(anyone, signed, change) {
  if (node_major < 20) return skip('the other verifier asks for Node 20')
  const { client, issuer } = await verifier(anyone)
  const { payload } = await client.verify(signed)
  assert(payload.iss === issuer.issuer && payload.vct.includes(':certificate:') && payload.holder === '王芳' && payload.holder_code_kind === '111', JSON.stringify(payload))
  const part = await client.present(signed, { holder: true })
  const shown = (await client.verify(part)).payload
  assert(shown.holder === '王芳' && shown.number === undefined && shown.holder_code === undefined, JSON.stringify(shown))
  const { body: own } = await anyone.call('POST', '/api/v1/certificates/verify', { body: { signed: part }, expect: 200 })
  assert(own.valid && own.certificate === undefined, `the register tells what was kept hidden: ${JSON.stringify(own)}`)

  const [jwt, ...disclosures] = signed.split('~')
  const [head, body, signature] = jwt.split('.')
  const forged = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(body, 'base64url')), valid_until: '2099-01-01' })).toString('base64url')
  await refused(client, [[head, forged, signature].join('.'), ...disclosures].join('~'), 'its term was altered')
  const [salt, name] = JSON.parse(Buffer.from(disclosures[0], 'base64url'))
  const other = Buffer.from(JSON.stringify([salt, name, 'somebody else'])).toString('base64url')
  for (const bad of [[jwt, other, ...disclosures.slice(1)].join('~'), [[head, forged, signature].join('.'), ...disclosures].join('~'), `${jwt}~`.repeat(2)]) {
    const { body: said } = await anyone.call('POST', '/api/v1/certificates/verify', { body: { signed: bad }, expect: 200 })
    assert(!said.valid, 'a forgery is taken')
  }
  await change('suspend')
  await refused(client, signed, 'it is suspended')
  await change('resume')
  await client.verify(signed)
  await change('revoke')
  await refused(client, signed, 'it was revoked')
}

/** `junxian certificate verify`: its status and what it prints. */
function alone(folder, ...given) {
  try {
    return { status: 0, text: execFileSync(program, ['certificate', 'verify', ...given], { cwd: folder, encoding: 'utf8', env: { ...process.env, LANG: 'C.UTF-8' }, stdio: ['ignore', 'pipe', 'pipe'] }) }
  } catch (error) {
    return { status: error.status, text: `${error.stdout}${error.stderr}` }
  }
}

async function files_for(anyone, folder, signed) {
  const { body: issuer } = await anyone.get('/.well-known/jwt-vc-issuer')
  const { body: list } = await anyone.get('/api/v1/certificate-status/1')
  writeFileSync(join(folder, 'key.json'), JSON.stringify(issuer))
  writeFileSync(join(folder, 'status'), list)
  writeFileSync(join(folder, 'certificate'), `${signed}\n`)
}

export async function certificates(anyone, citizen, head) {
  const { body: mine } = await citizen.get('/api/v1/certificates')
  const one = mine.items.find(({ issuer }) => issuer.key === 'market-regulation') // that of the head who is at hand
  const other = mine.items.find(({ id }) => id !== one?.id)
  assert(one && other, 'there are not two certificates to judge')
  const { body: certificate } = await citizen.get(`/api/v1/certificates/${one.id}`)
  const signed = certificate.signed
  assert(certificate.status === 'in_force' && signed.endsWith('~'), signed.slice(-40))

  const pdf = await citizen.get(`/api/v1/certificates/${one.id}/pdf`)
  assert(pdf.body.startsWith('%PDF-1.5'), pdf.body.slice(0, 20))
  const code = await citizen.get(`/api/v1/certificates/${one.id}/code`)
  assert(code.body.startsWith('<svg'), code.body.slice(0, 20))
  await anyone.get(`/api/v1/certificates/${one.id}/pdf`, 401)
  await anyone.get(`/api/v1/certificates/${one.id}/code`, 401)
  await citizen.get(`/api/v1/certificates/${randomUUID()}/pdf`, 404)
  await citizen.get(`/api/v1/certificates/${randomUUID()}/code`, 404)
  await anyone.get('/api/v1/certificate-status/7', 404)
  await anyone.get('/api/v1/certificate-status/x', 404)

  const folder = mkdtempSync(join(tmpdir(), 'junxian-certificate-'))
  try {
    await files_for(anyone, folder, signed)
    const genuine = alone(folder, 'certificate', '--key', 'key.json', '--status', 'status')
    assert(genuine.status === 0 && genuine.text.includes('holder: 王芳'), JSON.stringify(genuine))
    const printed = alone(folder, `https://yunxi.example/verify#${certificate.printed}`, '--key', 'key.json', '--status', 'status')
    assert(printed.status === 0 && printed.text.includes(certificate.number), JSON.stringify(printed))
    assert(alone(folder, signed.replace('~', 'A~'), '--key', 'key.json').status === 1, 'a broken signature is taken')

    const act = { reason: '提交虚假材料取得。', law }
    const change = (what, body = act, expect = 200) => head.call('POST', `/api/v1/certificates/${one.id}/${what}`, { body, expect })
    await anyone.call('POST', `/api/v1/certificates/${one.id}/revoke`, { body: act, expect: 401 })
    await citizen.call('POST', `/api/v1/certificates/${one.id}/revoke`, { body: act, expect: 403 })
    for (const what of ['revoke', 'suspend', 'resume']) await head.call('POST', `/api/v1/certificates/${randomUUID()}/${what}`, { body: act, expect: 404 })
    await change('revoke', { reason: '', law }, 422)
    await change('resume', act, 409)
    await judged_by_another(anyone, signed, change)
    if (node_major < 20) await change('revoke')
    await change('resume', act, 409)

    await files_for(anyone, folder, signed)
    for (const text of ['certificate', certificate.printed]) {
      const gone = alone(folder, text, '--key', 'key.json', '--status', 'status')
      assert(gone.status === 1 && /revoked/.test(gone.text), JSON.stringify(gone))
    }
    const { body: said } = await anyone.call('POST', '/api/v1/certificates/verify', { body: { signed }, expect: 200 })
    assert(!said.valid && said.certificate.status === 'revoked', JSON.stringify(said))
    const { body: untouched } = await citizen.get(`/api/v1/certificates/${other.id}`)
    writeFileSync(join(folder, 'certificate'), untouched.signed)
    assert(alone(folder, 'certificate', '--key', 'key.json', '--status', 'status').status === 0, 'another certificate is revoked too')
  } finally {
    rmSync(folder, { recursive: true })
  }
}
