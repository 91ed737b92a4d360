// drafts.ts - what is typed into a dialog is kept until it has been sent: through a failure, a closed dialog, a reloaded page; it ends with the tab.
import { reactive, watch } from 'vue'

export type Values = Record<string, string>

const prefix = 'junxian.draft.'
const kept = new Map<string, Values>()

function recalled(key: string): Values {
  try { return JSON.parse(sessionStorage.getItem(prefix + key) ?? '{}') as Values } catch { return {} }
}

/** The draft under `key`, such as `release/<task>`; the same object for whoever asks. */
export function use_draft(key: string): Values {
  const draft = kept.get(key) ?? reactive<Values>(recalled(key))
  kept.set(key, draft)
  watch(draft, () => {
    try { sessionStorage.setItem(prefix + key, JSON.stringify(draft)) } catch { /* it is kept for this page only */ }
  })
  return draft
}

/** It has been sent. */
export function drop_draft(key: string): void {
  const draft = kept.get(key)
  if (draft) for (const name of Object.keys(draft)) delete draft[name]
  kept.delete(key)
  try { sessionStorage.removeItem(prefix + key) } catch { /* was not kept */ }
}

/** Nobody else who signs in on this machine reads what was typed. */
export function drop_drafts(): void {
  kept.clear()
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix)) sessionStorage.removeItem(key)
  } catch { /* nothing was kept */ }
}
