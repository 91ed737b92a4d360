// figures.ts - the calls under a grant as a row of hours or days, those without a call too.
import type { Schemas } from '@common/api/client'
import { hour, short_day } from '@common/time'

export type Range = 'hours' | 'days'
export interface Bar { at: string; label: string; answered: number; refused: number; records: number }
export interface Sums { answered: number; refused: number; records: number }

const hour_ms = 3_600_000
const day_ms = 86_400_000
const none = { answered: 0, refused: 0, records: 0 }

/** 24 hours or 30 days of one grant, oldest first. */
export function bars_of(figures: Schemas['UsageFigures'], grant: string, range: Range): Bar[] {
  const own = figures.items.find((one) => one.grant === grant)
  if (range === 'hours') {
    const first = Date.parse(figures.hours_from)
    const counted = new Map(own?.hours.map(({ at, ...sums }) => [Date.parse(at), sums]))
    return Array.from({ length: 24 }, (_, i) => {
      const at = new Date(first + i * hour_ms).toISOString()
      return { at, label: hour(at), ...none, ...counted.get(first + i * hour_ms) }
    })
  }
  const first = Date.parse(`${figures.days_from}T00:00:00Z`)
  const counted = new Map(own?.days.map(({ on, ...sums }) => [on, sums]))
  return Array.from({ length: 30 }, (_, i) => {
    const at = new Date(first + i * day_ms).toISOString().slice(0, 10)
    return { at, label: short_day(at), ...none, ...counted.get(at) }
  })
}

export const sums_of = (bars: readonly Bar[]): Sums =>
  bars.reduce((all, { answered, refused, records }) => ({ answered: all.answered + answered, refused: all.refused + refused, records: all.records + records }), none)
