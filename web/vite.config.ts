// Two entry points, one configuration: `--mode portal` is served at /, `--mode workbench` at /workbench/.
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { contract_page } from './build/contract.ts'
import { early_requests } from './build/early.ts'
import { gzip_siblings } from './build/gzip.ts'
import { split_words } from './build/split_words.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const api = process.env['JUNXIAN_URL'] ?? 'http://127.0.0.1:8080'

// Few files, each asked for once: Vue, what every page needs, one file of words a language; the form, the proofs and the drawing come with their first page.
function chunk_of(id: string): string | undefined {
  const words = /(?<!demo\/)messages\/([\w-]+)\.json/.exec(id)
  if (words) return id.endsWith('?later') ? `words-${words[1]}` : words[1]
  if (/node_modules\/(@vue|vue|vue-router)\//.test(id) || id.includes('plugin-vue') || id.includes('vite/preload-helper')) return 'vue' // one request fewer before the first use
  return /\/common\/(?!apply\/|form\/|ledger\/|review\/|sheet)/.test(id) ? 'common' : undefined
}

export default defineConfig(({ mode }) => {
  const app = mode === 'workbench' ? 'workbench' : 'portal'
  return {
    root: here(app),
    base: app === 'workbench' ? '/workbench/' : '/',
    publicDir: here('common/public'),
    resolve: { alias: { '@common': here('common') } },
    plugins: [contract_page(), split_words(), vue(), early_requests(), gzip_siblings()],
    define: { __VUE_OPTIONS_API__: 'false' },
    server: { proxy: { '/api': api } },
    build: {
      outDir: here(`${app}/dist`),
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0, // a strict Content-Security-Policy allows no data: URLs
      reportCompressedSize: false,
      chunkSizeWarningLimit: 600, // kB: dmn-js, which only the page of a decision loads
      rollupOptions: { output: { manualChunks: chunk_of } },
    },
  }
})
