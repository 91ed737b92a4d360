// Acts that only need a reason: for ActDialog.
import type { Key } from '@common/i18n'
import type { Act } from '../acts/act'

export const with_reason = (key: string, title: Key, words: Key, submit: Key, run: (reason: string) => Promise<unknown>): Act => ({
  key, icon: 'warning', title, words, submit, draft: key,
  fields: async () => [{ name: 'reason', label: 'sharing.reason', kind: 'text', max: 600 }],
  run: async ({ reason = '' }) => { await run(reason) },
})
