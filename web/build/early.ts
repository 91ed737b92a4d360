// What the first page asks for anyway is asked for while the scripts are still on their way: who is there, and the words in Chinese.
import type { Plugin } from 'vite'

const answers = ['/api/v1/jurisdiction', '/api/v1/session']

export function early_requests(): Plugin {
  let base = '/'
  return {
    name: 'early-requests',
    apply: 'build',
    configResolved: (config) => { base = config.base },
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {} }) => [
        ...answers.map((href) => ({ tag: 'link', attrs: { rel: 'preload', as: 'fetch', href, crossorigin: true } })),
        ...Object.keys(bundle).filter((file) => /\/zh-CN-/.test(file)).map((file) => ({ tag: 'link', attrs: { rel: 'modulepreload', href: base + file, crossorigin: true } })),
      ],
    },
  }
}
