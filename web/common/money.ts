// money.ts - amounts as people read them.
import { language } from './i18n'

/** `amount` is in minor units: 12345 of USD is $123.45. */
export function money(amount: number, currency: string): string {
  const format = new Intl.NumberFormat(language.value, { style: 'currency', currency })
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}
