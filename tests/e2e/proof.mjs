// The browser's own check of inclusion proofs (web/common/ledger/proof.ts), against published vectors: suites/merkle below JUNXIAN_SHARED.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { assert, skip, step } from './harness.mjs'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const folder = join(process.env.JUNXIAN_SHARED ?? here('../../../shared'), 'suites/merkle/inclusion')

// Numbers of 64 bits do not fit a double.
const vector = (file) => JSON.parse(readFileSync(file, 'utf8').replace(/"(leafIdx|treeSize)":\s*(\d+)/g, '"$1":"$2"'))

export default async function proof(browser) {
  if (!existsSync(folder)) return skip('the proof vectors: JUNXIAN_SHARED does not name a folder with suites/merkle')
  const vectors = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.json')).map((name) => ({ name, ...vector(join(folder, name)) }))
  const { outputFiles } = await build({ entryPoints: [here('../../web/common/ledger/proof.ts')], bundle: true, format: 'iife', globalName: 'proof', write: false })

  await step(`the browser accepts and refuses as ${vectors.length} published inclusion proofs ask`, async () => {
    const page = await browser.newPage()
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
    await page.close()
    assert(vectors.length > 0 && wrong.length === 0, `decided wrongly: ${wrong.join(', ')}`)
  })
}
