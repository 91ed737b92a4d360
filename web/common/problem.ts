// problem.ts - a failure as a sentence for its reader: the server's own where it gave one, else by its code.
import type { Problem } from './api/client'
import { t, t_code } from './i18n'

export function problem_text(problem: Problem): string {
  if (problem.code === 'unauthenticated') return t('problem.unauthenticated')
  return problem.message || t_code('problem', problem.code)
}

/** With the number to quote on the telephone, where the fault is the program's. */
export const problem_reference = (problem: Problem): string =>
  problem.request_id && (problem.code === 'internal' || problem.code === 'corrupt') ? t('problem.reference', { id: problem.request_id.slice(-12) }) : ''
