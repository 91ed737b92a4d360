// split_words.ts - the words of the first page apart from those of all others: `import './messages/en.json?first'` and `?later`.
import { readFile } from 'node:fs/promises'
import type { Plugin } from 'vite'

/** What the frame and the home page say, and what pages are called. */
const is_first = (key: string): boolean => !/^(apply|files|form|law|offer|usage)\./.test(key) && (/^(app|case|demo|home|list|problem|session|state|time)\./.test(key) || key.endsWith('.title'))

export const split_words = (): Plugin => ({
  name: 'split-words',
  enforce: 'pre',
  async load(id) {
    const [file = '', which] = id.split('?')
    if (!file.endsWith('.json') || (which !== 'first' && which !== 'later')) return null
    const words = JSON.parse(await readFile(file, 'utf8')) as Record<string, string>
    return JSON.stringify(Object.fromEntries(Object.entries(words).filter(([key]) => is_first(key) === (which === 'first'))))
  },
})
