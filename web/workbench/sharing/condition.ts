// condition.ts - a condition over the fields of a resource as people put it together, and as FEEL. All of its comparisons must hold.
import type { Schemas } from '@common/api/client'
import { t, text, type Key } from '@common/i18n'
import { full_day } from '@common/time'

export type ResourceField = Schemas['ResourceDefinition']['fields'][number]
export const comparisons = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'contains', 'starts_with'] as const
export type Op = (typeof comparisons)[number]
export interface Comparison { field: string; op: Op; value: string } // the value as it is typed

const signs = { eq: '=', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=' } as const
const offered: Record<ResourceField['type'], readonly Op[]> = {
  text: ['eq', 'ne', 'contains', 'starts_with'],
  integer: ['eq', 'ne', 'ge', 'gt', 'le', 'lt'],
  number: ['ge', 'gt', 'le', 'lt', 'eq', 'ne'],
  date: ['ge', 'le', 'gt', 'lt', 'eq', 'ne'],
  boolean: ['eq'],
}
export const ops_for = (field: ResourceField | undefined): readonly Op[] => offered[field?.type ?? 'text']

function literal(field: ResourceField | undefined, value: string): string {
  switch (field?.type) {
    case 'integer': case 'number': return value.trim()
    case 'boolean': return value === 'false' ? 'false' : 'true'
    case 'date': return `date("${value}")`
    default: return JSON.stringify(value)
  }
}

/** Whether the value can stand in a condition. */
export function is_whole(fields: readonly ResourceField[], { field, value }: Comparison): boolean {
  const type = fields.find(({ id }) => id === field)?.type
  if (type === 'integer' || type === 'number') return /^-?\d+(\.\d+)?$/.test(value.trim())
  return type === 'date' ? /^\d{4}-\d{2}-\d{2}$/.test(value) : value.trim() !== ''
}

export const to_feel = (fields: readonly ResourceField[], parts: readonly Comparison[]): string =>
  parts.filter((part) => is_whole(fields, part)).map(({ field, op, value }) => {
    const said = literal(fields.find(({ id }) => id === field), value)
    if (op === 'contains') return `contains(${field}, ${said})`
    return op === 'starts_with' ? `starts with(${field}, ${said})` : `${field} ${signs[op]} ${said}`
  }).join(' and ')

const value_pattern = String.raw`("(?:[^"\\]|\\.)*"|date\("\d{4}-\d{2}-\d{2}"\)|-?\d+(?:\.\d+)?|true|false)`
const part_pattern = new RegExp(String.raw`^\s*(?:(contains|starts with)\(\s*(\S+?)\s*,\s*${value_pattern}\s*\)|(\S+)\s*(!=|<=|>=|=|<|>)\s*${value_pattern})\s*(?:and\b|$)`)

function value_of(said: string): string | undefined {
  if (said.startsWith('date(')) return said.slice(6, -2)
  if (!said.startsWith('"')) return said
  try { return JSON.parse(said) as string } catch { return undefined } // an escape that JSON does not know
}

/** The comparisons of a condition that this form could have made; undefined of any other. */
export function from_feel(fields: readonly ResourceField[], feel: string): Comparison[] | undefined {
  const parts: Comparison[] = []
  for (let rest = feel.trim(); rest;) {
    const found = part_pattern.exec(rest)
    if (!found) return undefined
    const [whole, call, called, called_value, compared, sign, compared_value] = found
    const field = called ?? compared ?? ''
    const op = call ? (call === 'contains' ? 'contains' : 'starts_with') : comparisons.find((one) => one in signs && signs[one as keyof typeof signs] === sign)
    const value = value_of(called_value ?? compared_value ?? '')
    const of = fields.find(({ id }) => id === field)
    if (!of || !op || value === undefined || !ops_for(of).includes(op)) return undefined
    parts.push({ field, op, value })
    if (literal(of, value) !== (called_value ?? compared_value)) return undefined // a text where the field is a number, say
    rest = rest.slice(whole.length).trim()
    if (!rest && /\band$/.test(whole.trim())) return undefined
  }
  return parts
}

/** The condition as one says it; undefined where only FEEL says it. */
export function in_words(fields: readonly ResourceField[], feel: string): string | undefined {
  const parts = from_feel(fields, feel)
  if (!parts?.length) return undefined
  return parts.map(({ field, op, value }) => {
    const of = fields.find(({ id }) => id === field)
    const name = text(of?.name)
    if (of?.type === 'boolean') return t(value === 'true' ? 'condition.is_so' : 'condition.is_not_so', { name })
    return t(`condition.${op}` satisfies Key, { name, value: of?.type === 'date' ? full_day(value) : of?.type === 'text' ? t('condition.quoted', { value }) : value })
  }).join(t('condition.and'))
}
