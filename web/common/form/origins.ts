// origins.ts - which values of a form a department gave, and in which words that is said beside them.
import type { Schemas } from '../api/client'
import { t, text } from '../i18n'

const just_now_ms = 10 * 60_000

/** JSON Pointer -> "from the Public Security Bureau, read just now". */
export function origins_of(prefills: readonly Schemas['Prefill'][]): Map<string, string> {
  return new Map(prefills.flatMap(({ at, provider, fields }) => {
    const fresh = Date.now() - Date.parse(at) < just_now_ms
    const words = t(fresh ? 'form.from_now' : 'form.from', { unit: text(provider.name) })
    return fields.map((pointer) => [pointer, words] as const)
  }))
}
