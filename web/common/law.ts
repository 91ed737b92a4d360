// law.ts - a law as it is cited: 《食品安全法》第三十五条; Food Safety Law, art. 35.
import type { Schemas } from './api/client'
import { language, t, text } from './i18n'
import { jurisdiction } from './session'

const digits = '零一二三四五六七八九'

/** 1 to 999 in Chinese numerals, as articles are numbered. */
export function chinese_numeral(n: number): string {
  if (n < 10) return digits[n] ?? ''
  if (n < 20) return `十${n % 10 ? digits[n % 10] : ''}`
  if (n < 100) return `${digits[Math.floor(n / 10)]}十${n % 10 ? digits[n % 10] : ''}`
  const rest = n % 100
  const tail = rest === 0 ? '' : rest < 10 ? `零${digits[rest]}` : rest < 20 ? `一${chinese_numeral(rest)}` : chinese_numeral(rest)
  return `${digits[Math.floor(n / 100)]}百${tail}`
}

const numbered = (value: string) => (language.value === 'zh-CN' && /^[1-9]\d{0,2}$/.test(value) ? chinese_numeral(Number(value)) : value)

export function citation(reference: Schemas['LawReference']): string {
  const law = text(reference.law)
  const title = language.value === 'zh-CN' && !/[《（]/.test(law) ? `《${law}》` : law
  if (!reference.article) return title
  const american = jurisdiction.value?.zone.startsWith('America/') ?? false
  if (american || !/^\d+$/.test(reference.article)) return t('law.section', { law: title, article: reference.article })
  const params = { law: title, article: numbered(reference.article), clause: numbered(reference.clause ?? '') }
  return reference.clause ? t('law.clause', params) : t('law.article', params)
}
