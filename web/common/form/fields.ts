// fields.ts - a form of the pack (JSON Schema and layout, see docs/pack.md#forms) as groups of fields, and the first check of what is typed.
import type { Schemas } from '../api/client'
import { language, t, text, type Text } from '../i18n'
import { full_day } from '../time'

export type Value = string | number | boolean
export type Widget = 'text' | 'textarea' | 'number' | 'date' | 'choice' | 'checkbox' | 'phone'
export type Data = Readonly<Record<string, unknown>>

interface Property {
  type?: string
  format?: string
  properties?: Readonly<Record<string, Property>>
  required?: readonly string[]
  oneOf?: readonly { const: string | number; 'x-title': Text }[]
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  pattern?: string
  const?: unknown
  'x-title'?: Text
  'x-help'?: Text
}

interface Layout {
  groups?: readonly {
    title: Text
    help?: Text
    fields: readonly { pointer: string; widget?: Widget; unit?: Text }[]
  }[]
}

export interface Field {
  at: string // JSON Pointer (RFC 6901) into the form's data
  title: Text
  property: Property
  required: boolean
  widget: Widget
  unit: Text | undefined
}
export interface Group { title: Text; help: Text | undefined; fields: Field[] }
export interface FieldError { at: string; words: string }

const steps = (at: string) => at.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))

export function value_at(data: Data, at: string): Value | undefined {
  let here: unknown = data
  for (const step of steps(at)) here = (here as Record<string, unknown> | undefined)?.[step]
  return here as Value | undefined
}

/** A copy of `data` with `value` at `at`; `undefined` and the empty text take the member out. */
export function with_value(data: Data, at: string, value: Value | undefined): Data {
  const [first = '', ...rest] = steps(at)
  const copy: Record<string, unknown> = { ...data }
  if (rest.length) copy[first] = with_value((copy[first] ?? {}) as Data, `/${rest.join('/')}`, value)
  else if (value === undefined || value === '') delete copy[first]
  else copy[first] = value
  return copy
}

function field_at(root: Property, at: string, widget: Widget = 'text', unit?: Text): Field | undefined {
  let property = root
  let required = true
  for (const step of steps(at)) {
    const next = property.properties?.[step]
    if (!next) return undefined
    required &&= property.required?.includes(step) ?? false
    property = next
  }
  return { at, title: property['x-title'] ?? {}, property, required, widget, unit }
}

export function groups_of({ schema, layout }: Schemas['Form']): Group[] {
  return ((layout as Layout).groups ?? []).map(({ title, help, fields }) => ({
    title, help, fields: fields.flatMap(({ pointer, widget, unit }) => field_at(schema as Property, pointer, widget, unit) ?? []),
  }))
}

export const options_of = ({ property }: Field): { value: string | number; words: string }[] =>
  (property.oneOf ?? []).map((option) => ({ value: option.const, words: text(option['x-title']) }))

/** A value as people read it; empty where there is none. */
export function said(field: Field, value: Value | undefined): string {
  if (value === undefined) return field.widget === 'checkbox' ? t('form.no') : ''
  const option = options_of(field).find((option) => option.value === value)
  if (option) return option.words
  if (typeof value === 'boolean') return value ? t('form.yes') : t('form.no')
  if (typeof value === 'number') return `${new Intl.NumberFormat(language.value).format(value)} ${text(field.unit)}`.trim()
  return field.widget === 'date' ? full_day(value) : value
}

/** What can be told before the server is asked; the server checks everything again. */
export function check(groups: readonly Group[], data: Data): FieldError[] {
  return groups.flatMap(({ fields }) => fields).flatMap((field) => {
    const words = complaint(field, value_at(data, field.at))
    return words ? [{ at: field.at, words }] : []
  })
}

function complaint({ title, property, required, widget }: Field, value: Value | undefined): string {
  const name = text(title)
  if (value === undefined || (property.const === true && !value)) {
    if (!required) return ''
    return widget === 'checkbox' ? t('form.must_agree') : widget === 'choice' ? t('form.choose', { name }) : t('form.missing', { name })
  }
  if (property.type === 'integer' || property.type === 'number') {
    if (typeof value !== 'number' || (property.type === 'integer' && !Number.isInteger(value))) return t('form.number', { name })
    if (value < (property.minimum ?? -Infinity)) return t('form.at_least', { name, min: property.minimum ?? '' })
    if (value > (property.maximum ?? Infinity)) return t('form.at_most', { name, max: property.maximum ?? '' })
  }
  if (typeof value === 'string') {
    const length = [...value].length
    if (length < (property.minLength ?? 0)) return t('form.too_short', { name, n: property.minLength ?? 0 })
    if (length > (property.maxLength ?? Infinity)) return t('form.too_long', { name, n: property.maxLength ?? 0 })
    if (property.pattern && !new RegExp(property.pattern).test(value)) return t('form.pattern', { name })
  }
  return ''
}

/** The id of a field's control on the page. */
export const control_id = (at: string): string => `field${at.replace(/[^A-Za-z0-9]+/g, '-')}`
