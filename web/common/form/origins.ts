// origins.ts - which values of a form a department gave, and in which words that is said beside them.
import type { Schemas } from '../api/client'
import { t, text } from '../i18n'

type Prefills = readonly Schemas['Prefill'][]
const just_now_ms = 10 * 60_000

const said_of = (prefills: Prefills, words: (prefill: Schemas['Prefill']) => string): Map<string, string> =>
  new Map(prefills.flatMap((prefill) => prefill.fields.map((pointer) => [pointer, words(prefill)] as const)))

/** JSON Pointer -> "from the Public Security Bureau". */
export const origins_of = (prefills: Prefills): Map<string, string> =>
  said_of(prefills, ({ provider }) => t('form.from', { unit: text(provider.name) }))

/** The same while the form is being filled in: what has just been read says so. */
export const fresh_origins_of = (prefills: Prefills): Map<string, string> =>
  said_of(prefills, ({ at, provider }) => t(Date.now() - Date.parse(at) < just_now_ms ? 'form.from_now' : 'form.from', { unit: text(provider.name) }))
