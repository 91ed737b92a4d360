// values.ts - values of FEEL between the form, JSON and the eye. The JSON forms: docs/rules.md.
import type { Schemas } from '@common/api/client'
import { t, t_code } from '@common/i18n'

export type Field = Schemas['DecisionField']
export type Input = Record<string, unknown>

/** How a field is asked for. */
export type Control = 'choice' | 'boolean' | 'number' | 'date' | 'text' | 'json'

const tags: Readonly<Record<string, string>> = {
  date: '@date', time: '@time', 'date and time': '@date_time', 'days and time duration': '@duration', 'years and months duration': '@duration',
}

export function control_of(field: Field): Control {
  if (field.allowed.length) return 'choice'
  if (field.type === 'boolean' || field.type === 'number' || field.type === 'date') return field.type
  return field.type === 'string' || field.type in tags ? 'text' : 'json'
}

export const key_of = (field: Field): string => field.path.join('\u0000')

/** What was entered, as JSON; undefined where nothing was. Throws where it is no such value. */
export function value_of(field: Field, entered: string): unknown {
  if (entered === '') return undefined
  const control = control_of(field)
  if (control === 'choice') return field.allowed[Number(entered)]
  if (control === 'boolean') return entered === 'true'
  if (control === 'json') return JSON.parse(entered)
  if (control === 'number') return number_of(entered)
  const tag = tags[field.type]
  return tag ? { [tag]: entered } : entered
}

function number_of(entered: string): unknown {
  const plain = entered.replace(/[,，\s]/g, '')
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) throw new Error('not a number')
  return plain.replace(/\D/g, '').length <= 15 ? Number(plain) : { '@number': plain }
}

/** The same the other way: what the form shows for a value. */
export function entered_of(field: Field, value: unknown): string {
  if (value === undefined) return ''
  const control = control_of(field)
  if (control === 'choice') {
    const at = field.allowed.findIndex((choice) => JSON.stringify(choice) === JSON.stringify(value))
    return at < 0 ? '' : String(at)
  }
  if (control === 'json') return JSON.stringify(value)
  if (value !== null && typeof value === 'object') return String(Object.values(value)[0])
  return value === null ? '' : String(value)
}

/** The value at a path; undefined where there is none. */
export function at(input: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inside, key) => (inside !== null && typeof inside === 'object' ? (inside as Input)[key] : undefined), input)
}

export function put(input: Input, [key, ...rest]: readonly string[], value: unknown): void {
  if (key === undefined) return
  if (rest.length === 0) {
    input[key] = value
    return
  }
  const inside = input[key]
  const below: Input = inside !== null && typeof inside === 'object' ? (inside as Input) : {}
  input[key] = below
  put(below, rest, value)
}

/** A type of FEEL for the eye; a composed one stays as it is written. */
export function type_words(type: string): string {
  const key = type.toLowerCase().replaceAll(' ', '_')
  const words = t_code('feel', key)
  return words === key ? type : words
}

/** A value for the eye: a text without quotes, a date without its tag. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return t('rules.null')
  if (typeof value === 'boolean') return t(value ? 'form.yes' : 'form.no')
  if (Array.isArray(value)) return value.length ? value.map(shown).join(t('list.separator')) : t('rules.empty_list')
  if (typeof value !== 'object') return String(value)
  const [[key, body] = ['', undefined], ...others] = Object.entries(value)
  if (!others.length && key.startsWith('@') && typeof body === 'string') return body
  return JSON.stringify(value, null, 1)
}
