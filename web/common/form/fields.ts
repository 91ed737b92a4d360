// fields.ts - a form of the pack (JSON Schema and layout, see docs/pack.md#forms) as groups of fields, and the first check of what is typed.
import type { Schemas } from '../api/client'
import { language, t, text, type Text } from '../i18n'
import { full_day } from '../time'

export type Row = Readonly<Record<string, unknown>>
export type Value = string | number | boolean | readonly unknown[]
export type Widget = 'text' | 'textarea' | 'number' | 'integer' | 'date' | 'time' | 'choice' | 'radio' | 'select' | 'checkbox' | 'phone' | 'list'
export type Data = Row

interface Property {
  $ref?: string
  type?: string | readonly string[]
  format?: string
  properties?: Readonly<Record<string, Property>>
  items?: Property
  required?: readonly string[]
  enum?: readonly (string | number)[]
  oneOf?: readonly { const?: string | number; 'x-title'?: Text }[]
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  minItems?: number
  maxItems?: number
  pattern?: string
  const?: unknown
  readOnly?: boolean
  'x-title'?: Text
  'x-help'?: Text
}

interface LayoutField {
  pointer: string
  widget?: Widget
  unit?: Text
  hint?: Text
  item?: Text
  fields?: readonly LayoutField[]
}
interface Layout {
  groups?: readonly { title?: Text; help?: Text; fields: readonly LayoutField[] }[]
  computed?: Readonly<Record<string, unknown>>
}

export interface Field {
  at: string // JSON Pointer (RFC 6901) into the form's data
  title: Text
  property: Property
  required: boolean
  readonly: boolean // shown, not asked: computed, or so by the schema
  widget: Widget
  unit: Text | undefined
  hint: Text | undefined
  item: Text | undefined // what an entry of a list is called
  columns: Field[] // of each entry of a list; `at` is a pointer into the entry
}
export interface Group { title: Text; help: Text | undefined; fields: Field[] }
export interface FieldError { at: string; words: string }

const steps = (at: string) => at.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))

export function value_at(data: Data, at: string): Value | undefined {
  let here: unknown = data
  for (const step of steps(at)) here = (here as Record<string, unknown> | undefined)?.[step]
  return here as Value | undefined
}

/** A copy of `data` with `value` at `at`; `undefined`, the empty text and the empty list take the member out. */
export function with_value(data: Data, at: string, value: Value | undefined): Data {
  const [first = '', ...rest] = steps(at)
  const copy = { ...data }
  if (rest.length) copy[first] = with_value((copy[first] ?? {}) as Data, at.slice(at.indexOf('/', 1)), value)
  else if (value === undefined || value === '' || (Array.isArray(value) && !value.length)) delete copy[first]
  else copy[first] = value
  return copy
}

/** Where `property` leads to in the schema. */
function followed(schema: Property, property: Property | undefined): Property {
  const at = property?.$ref?.startsWith('#/') ? steps(decodeURIComponent(property.$ref.slice(1))) : undefined
  if (!at) return property ?? {}
  return at.reduce<Property>((here, step) => (here as Record<string, Property | undefined>)[step] ?? {}, schema)
}

const type_of = ({ type }: Property): string | undefined => (typeof type === 'string' ? type : type?.find((name) => name !== 'null'))

function widget_of(property: Property): Widget {
  if (property.enum || property.oneOf?.every((option) => option.const !== undefined)) return 'choice'
  if (property.format === 'date') return 'date'
  if (property.format === 'local-time') return 'time'
  const type = type_of(property)
  if (type === 'boolean') return 'checkbox'
  if (type === 'array') return 'list'
  return type === 'integer' || type === 'number' ? 'number' : 'text'
}

function field_at(schema: Property, root: Property, { pointer, widget, unit, hint, item, fields }: LayoutField, computed: boolean): Field | undefined {
  let property = root
  let required = true
  for (const step of steps(pointer)) {
    const next = property.properties?.[step]
    if (!next) return undefined
    required &&= property.required?.includes(step) ?? false
    property = followed(schema, next)
  }
  const entry = followed(schema, property.items)
  const columns = type_of(property) !== 'array' ? [] : (fields ?? Object.keys(entry.properties ?? {}).map((key) => ({ pointer: `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}` })))
    .flatMap((column) => field_at(schema, entry, column, false) ?? [])
  return {
    at: pointer, title: property['x-title'] ?? {}, property, required, readonly: computed || property.readOnly === true,
    widget: widget ?? widget_of(property), unit, hint: hint ?? property['x-help'], item, columns,
  }
}

export function groups_of({ schema, layout }: Schemas['Form']): Group[] {
  const { groups, computed } = layout as Layout
  return (groups ?? []).map(({ title, help, fields }) => ({
    title: title ?? {}, help, fields: fields.flatMap((field) => field_at(schema as Property, schema as Property, field, field.pointer in (computed ?? {})) ?? []),
  }))
}

export const options_of = ({ property }: Field): { value: string | number; words: string }[] =>
  (property.enum?.map((value) => ({ const: value, 'x-title': undefined })) ?? property.oneOf ?? [])
    .flatMap((option) => (option.const === undefined ? [] : { value: option.const, words: text(option['x-title']) || String(option.const) }))

/** A value as people read it; empty where there is none. */
export function said(field: Field, value: Value | undefined): string {
  if (value === undefined) return field.widget === 'checkbox' ? t('form.no') : ''
  if (Array.isArray(value)) return value.map((row) => said_of_row(field, row)).join(t('form.row_separator'))
  const option = options_of(field).find((option) => option.value === value)
  if (option) return option.words
  if (typeof value === 'boolean') return value ? t('form.yes') : t('form.no')
  if (typeof value === 'number') return `${new Intl.NumberFormat(language.value, { maximumFractionDigits: 6 }).format(value)} ${text(field.unit)}`.trim()
  return field.property.format === 'date' ? full_day(value as string) : String(value)
}

const said_of_row = ({ columns }: Field, row: unknown): string => columns.length
  ? columns.map((column) => [column, said(column, value_at(row as Data, column.at))] as const).filter(([, words]) => words).map(([column, words]) => `${text(column.title)} ${words}`).join(t('list.separator'))
  : String(row)

/** What the server has said to the data: see the operation checkForm. */
export interface Answers {
  hidden: ReadonlySet<string>
  required: ReadonlySet<string>
  readonly: ReadonlySet<string>
  options: ReadonlyMap<string, readonly unknown[]>
  computed: ReadonlyMap<string, unknown>
  errors: readonly FieldError[]
}
export const no_answers: Answers = { hidden: new Set(), required: new Set(), readonly: new Set(), options: new Map(), computed: new Map(), errors: [] }

/** A field as it is now: what conditions of the form say about it, too. */
export const field_now = (field: Field, { required, readonly }: Answers): Field =>
  required.has(field.at) || readonly.has(field.at) ? { ...field, required: field.required || required.has(field.at), readonly: field.readonly || readonly.has(field.at) } : field

/** What can be told before the server is asked; the server checks everything again. */
export function check(groups: readonly Group[], data: Data, answers: Answers = no_answers): FieldError[] {
  return groups.flatMap(({ fields }) => fields).filter(({ at }) => !answers.hidden.has(at)).flatMap((field) => complaints(field_now(field, answers), value_at(data, field.at), field.at))
}

function complaints(field: Field, value: Value | undefined, at: string): FieldError[] {
  if (field.readonly) return []
  const words = complaint(field, value)
  if (words) return [{ at, words }]
  if (!Array.isArray(value)) return []
  return value.flatMap((row, i) => field.columns.flatMap((column) => complaints(column, value_at((row ?? {}) as Data, column.at), `${at}/${i}${column.at}`)))
}

function complaint({ title, property, required, widget }: Field, value: Value | undefined): string {
  const name = text(title)
  if (value === undefined || (property.const === true && !value)) {
    if (!required) return ''
    return widget === 'checkbox' ? t('form.must_agree') : ['choice', 'radio', 'select'].includes(widget) ? t('form.choose', { name }) : t('form.missing', { name })
  }
  if (Array.isArray(value)) {
    if (value.length < (property.minItems ?? 0)) return t('form.too_few', { name, n: property.minItems ?? 0 })
    return value.length > (property.maxItems ?? Infinity) ? t('form.too_many', { name, n: property.maxItems ?? 0 }) : ''
  }
  const type = type_of(property)
  if (type === 'integer' || type === 'number') {
    if (typeof value !== 'number' || (type === 'integer' && !Number.isInteger(value))) return t(type === 'integer' ? 'form.integer' : 'form.number', { name })
    if (value < (property.minimum ?? -Infinity)) return t('form.at_least', { name, min: property.minimum ?? '' })
    if (value > (property.maximum ?? Infinity)) return t('form.at_most', { name, max: property.maximum ?? '' })
    if (value <= (property.exclusiveMinimum ?? -Infinity)) return t('form.over', { name, min: property.exclusiveMinimum ?? '' })
    if (value >= (property.exclusiveMaximum ?? Infinity)) return t('form.under', { name, max: property.exclusiveMaximum ?? '' })
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
