// The browser's own check of inclusion and consistency proofs (web/common/ledger/proof.ts), against published vectors: suites/merkle below JUNXIAN_SHARED.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { assert, skip, step } from './harness.mjs'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const folder = join(process.env.JUNXIAN_SHARED ?? here('../../../shared'), 'suites/merkle')

// Numbers of 64 bits do not fit a double.
const vector = (file) => JSON.parse(readFileSync(file, 'utf8').replace(/"(leafIdx|treeSize|size1|size2)":\s*(\d+)/g, '"$1":"$2"'))

export default async function proof(browser) {
  if (!existsSync(folder)) return skip('the proof vectors: JUNXIAN_SHARED does not name a folder with suites/merkle')
  const vectors_of = (kind) => readdirSync(join(folder, kind), { recursive: true }).filter((name) => name.endsWith('.json')).map((name) => ({ name, ...vector(join(folder, kind, name)) }))
  const [vectors, continued] = [vectors_of('inclusion'), vectors_of('consistency')]
  const { outputFiles } = await build({ entryPoints: [here('../../web/common/ledger/proof.ts')], bundle: true, format: 'iife', globalName: 'proof', write: false })

  const page = await browser.newPage()
  await step(`the browser accepts and refuses as ${vectors.length} published inclusion proofs ask`, async () => {
    await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '' }))
    await page.goto('http://localhost/') // a secure context, so that WebCrypto is there
    await page.evaluate(`${outputFiles[0].text}; globalThis.proof = proof`)
    const wrong = await page.evaluate(async (all) => {
      const { includes, octets_of } = globalThis.proof
      const wrong = []
      for (const { name, leafIdx, treeSize, root, leafHash, proof, wantErr } of all) {
        const accepted = await includes(octets_of(root ?? ''), BigInt(leafIdx), BigInt(treeSize), octets_of(leafHash ?? ''), (proof ?? []).map(octets_of))
        if (accepted === wantErr) wrong.push(name)
      }
      return wrong
    }, vectors)
    assert(vectors.length > 0 && wrong.length === 0, `decided wrongly: ${wrong.join(', ')}`)
  })
  await step(`and as ${continued.length} published consistency proofs ask`, async () => {
    const wrong = await page.evaluate(async (all) => {
      const { continues, octets_of } = globalThis.proof
      const wrong = []
      for (const { name, size1, size2, root1, root2, proof, wantErr } of all) {
        const accepted = await continues(BigInt(size1), octets_of(root1 ?? ''), BigInt(size2), octets_of(root2 ?? ''), (proof ?? []).map(octets_of))
        if (accepted === wantErr) wrong.push(name)
      }
      return wrong
    }, continued)
    await page.close()
    assert(continued.length > 0 && wrong.length === 0, `decided wrongly: ${wrong.join(', ')}`)
  })
}
