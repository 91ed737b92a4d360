// time.ts - dates and times as people say them, in the jurisdiction's zone and the page's language.
import type { Schemas } from './api/client'
import { language, t, text } from './i18n'
import { jurisdiction } from './session'

const zone = () => jurisdiction.value?.zone ?? 'UTC'
const locale = () => (language.value === 'en' ? (zone().startsWith('America/') ? 'en-US' : 'en-GB') : 'zh-CN')
// A list asks for thousands, and to make one costs more than to use it.
const made = new Map<string, Intl.DateTimeFormat>()
function format_of(tag: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${tag} ${JSON.stringify(options)}`
  const known = made.get(key) ?? new Intl.DateTimeFormat(tag, options)
  made.set(key, known)
  return known
}
const today = () => jurisdiction.value?.today ?? ''

/** `2026-10-12` -> 10月12日星期一, Monday 12 October; with the year where it is not this one. */
export function day(date: string): string {
  const other_year = date.slice(0, 4) !== today().slice(0, 4)
  return format_of(locale(), {
    timeZone: 'UTC', month: 'long', day: 'numeric', weekday: 'long', ...(other_year && { year: 'numeric' }),
  }).format(new Date(`${date}T00:00:00Z`))
}

/** `2026-10-12` -> 2026年10月12日, 12 October 2026. */
export const full_day = (date: string): string =>
  format_of(locale(), { timeZone: 'UTC', dateStyle: 'long' }).format(new Date(`${date}T00:00:00Z`))

/** An instant: 今天 14:05; 3月5日 14:05. */
export function moment(instant: string): string {
  const at = new Date(instant)
  const time = format_of(locale(), { timeZone: zone(), hour: 'numeric', minute: '2-digit' }).format(at)
  const date = format_of('en-CA', { timeZone: zone() }).format(at)
  if (date === today()) return t('time.today', { time })
  const other_year = date.slice(0, 4) !== today().slice(0, 4)
  const said = format_of(locale(), {
    timeZone: zone(), month: 'long', day: 'numeric', ...(other_year && { year: 'numeric' }),
  }).format(at)
  return t('time.at', { day: said, time })
}

/** The hour of an instant: 14:00. */
export const hour = (instant: string): string => format_of('en-GB', { timeZone: zone(), hour: '2-digit', minute: '2-digit' }).format(new Date(instant))

/** A day on the axis of a chart: 10/12, 12/10. */
export const short_day = (date: string): string =>
  format_of(locale(), { timeZone: 'UTC', month: 'numeric', day: 'numeric' }).format(new Date(`${date}T00:00:00Z`))

/** An instant for tables that programs read: 2026-10-12 14:05. */
export const stamp = (instant: string): string =>
  `${format_of('en-CA', { timeZone: zone() }).format(new Date(instant))} ${format_of('en-GB', { timeZone: zone(), hour: '2-digit', minute: '2-digit' }).format(new Date(instant))}`

/** Working days as a promise: 当场办结, 5 个工作日. */
export const term = (days: number): string => (days === 0 ? t('time.at_once') : t('time.working_days', { n: days }))

/** How much of a term is used: 已用 2 个工作日，共 10 个. A clock that stands says why in the server's words. */
export const used = (clock: Schemas['ClockWords']): string =>
  clock.state === 'running' || clock.state === 'late' ? t('time.used', { n: clock.day, of: clock.of }) : text(clock.words)
