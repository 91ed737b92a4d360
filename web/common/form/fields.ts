// fields.ts - a form of the pack (JSON Schema and layout, see README.md) as groups of fields, and the first check of what is typed.
import type { Schemas } from '../api/client'
import { language, t, text, type Text } from '../i18n'
import { full_day } from '../time'

export type Value = string | number | boolean | null | readonly string[]
export type Widget = 'text' | 'textarea' | 'radio' | 'select' | 'checkbox' | 'checkboxes' | 'date' | 'number'
export type Data = Readonly<Record<string, unknown>>

interface Property {
  type?: string
  format?: string
  enum?: readonly (string | number)[]
  items?: Property
  properties?: Readonly<Record<string, Property>>
  required?: readonly string[]
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  pattern?: string
  const?: unknown
  'x-title'?: Text
  'x-help'?: Text
  'x-options'?: Readonly<Record<string, Text>>
  'x-unit'?: Text
}

interface Layout {
  groups?: readonly { title: Text; help?: Text; fields: readonly (string | { at: string; widget?: Widget })[] }[]
}

export interface Field {
  at: string // JSON Pointer (RFC 6901) into the form's data
  title: Text
  property: Property
  required: boolean
  widget: Widget
}
export interface Group { title: Text; help?: Text | undefined; fields: Field[] }
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

function widget_of(property: Property): Widget {
  if (property.type === 'boolean') return 'checkbox'
  if (property.type === 'array') return 'checkboxes'
  if (property.enum) return property.enum.length > 5 ? 'select' : 'radio'
  if (property.type === 'integer' || property.type === 'number') return 'number'
  if (property.format === 'date') return 'date'
  return (property.maxLength ?? 0) > 200 ? 'textarea' : 'text'
}

function field_at(root: Property, at: string, widget?: Widget): Field | undefined {
  let property = root
  let required = true
  for (const step of steps(at)) {
    const next = property.properties?.[step]
    if (!next) return undefined
    required &&= property.required?.includes(step) ?? false
    property = next
  }
  return { at, title: property['x-title'] ?? {}, property, required, widget: widget ?? widget_of(property) }
}

const leaves = (property: Property, at = ''): string[] =>
  property.properties ? Object.entries(property.properties).flatMap(([name, inner]) => leaves(inner, `${at}/${name}`)) : [at]

/** The groups of the layout; without one, all fields in the schema's order. */
export function groups_of(form: Schemas['Form']): Group[] {
  const root = form.schema as Property
  const groups = (form.layout as Layout).groups ?? [{ title: {}, fields: leaves(root) }]
  return groups.map(({ title, help, fields }) => ({
    title,
    help,
    fields: fields.flatMap((field) => (typeof field === 'string' ? field_at(root, field) : field_at(root, field.at, field.widget)) ?? []),
  }))
}

export const options_of = (property: Property): { value: string; words: string }[] =>
  (property.enum ?? property.items?.enum ?? []).map((value) => ({
    value: String(value),
    words: text((property['x-options'] ?? property.items?.['x-options'])?.[String(value)]) || String(value),
  }))

/** A value as people read it; empty where there is none. */
export function said(field: Field, value: Value | undefined): string {
  if (value == null || value === '') return ''
  const option = (one: unknown) => options_of(field.property).find(({ value }) => value === String(one))?.words ?? String(one)
  if (typeof value === 'boolean') return value ? t('form.yes') : t('form.no')
  if (typeof value === 'object') return value.map(option).join(t('form.list_separator'))
  if (field.widget === 'date') return full_day(String(value))
  if (typeof value === 'number') return `${new Intl.NumberFormat(language.value).format(value)} ${text(field.property['x-unit'])}`.trim()
  return option(value)
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
  const missing = value == null || value === '' || (widget === 'checkboxes' && Array.isArray(value) && !value.length)
  if (missing || (property.const === true && value !== true)) {
    if (!required) return ''
    return widget === 'checkbox' ? t('form.must_agree') : widget === 'radio' || widget === 'select' || widget === 'checkboxes' ? t('form.choose', { name }) : t('form.missing', { name })
  }
  if (typeof value === 'number') {
    if (Number.isNaN(value) || (property.type === 'integer' && !Number.isInteger(value))) return t('form.number', { name })
    if (value < (property.minimum ?? -Infinity)) return t('form.at_least', { name, min: property.minimum ?? '' })
    if (value > (property.maximum ?? Infinity)) return t('form.at_most', { name, max: property.maximum ?? '' })
  }
  if (typeof value === 'string') {
    const length = [...value].length
    if (length < (property.minLength ?? 0)) return t('form.too_short', { name, n: property.minLength ?? 0 })
    if (length > (property.maxLength ?? Infinity)) return t('form.too_long', { name, n: property.maxLength ?? 0 })
    if (property.pattern && !new RegExp(property.pattern, 'u').test(value)) return t('form.pattern', { name })
  }
  return ''
}

/** The id of a field's control on the page. */
export const control_id = (at: string): string => `field${at.replace(/[^A-Za-z0-9]+/g, '-')}`
