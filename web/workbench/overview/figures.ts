// figures.ts - numbers as people read them.
import type { Schemas } from '@common/api/client'
import { language } from '@common/i18n'

type Item = Schemas['ItemFigures']

const as_number = (value: number, digits: number) => new Intl.NumberFormat(language.value, { maximumFractionDigits: digits }).format(value)

/** 1,234. */
export const whole = (value: number): string => as_number(value, 0)
/** 4.3; a dash where there is none. */
export const one_digit = (value: number | undefined): string => (value === undefined ? '–' : as_number(value, 1))
/** 37%; a dash where there is nothing to divide. */
export const share = (part: number | undefined, of: number): string => (part === undefined || of === 0 ? '–' : new Intl.NumberFormat(language.value, { style: 'percent', maximumFractionDigits: 0 }).format(part / of))
/** Whether an item takes longer, on average, than it promises. */
export const too_slow = (item: Item): boolean => item.actual_wd !== undefined && item.actual_wd > item.promised_wd
