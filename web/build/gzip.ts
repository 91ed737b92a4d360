// Writes x.gz beside every text file of a bundle; the server sends it to whoever accepts gzip.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

const text = /\.(html|js|css|svg|json|webmanifest|txt)$/

export function gzip_siblings(): Plugin {
  let folder = ''
  return {
    name: 'gzip-siblings',
    apply: 'build',
    configResolved: (config) => { folder = config.build.outDir },
    closeBundle() {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !text.test(entry.name)) continue
        const file = join(entry.path, entry.name) // Node 18 has no `parentPath`
        writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }))
      }
    },
  }
}
