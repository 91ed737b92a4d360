// sections.ts - the pages that the head of the workbench leads to: those of which the permissions of the session allow anything.
import type { Key } from '@common/i18n'
import { actor } from '@common/session'

/** Whether the session allows anything of this kind; the server decides of what. */
export const may = (area: string, act: string): boolean => actor.value?.permissions.includes(`${area}.${act}`) ?? false

interface Section { to: string; words: Key; needs?: Readonly<Record<string, readonly string[]>> } // by area, one of these permissions; none: everybody

const sections: readonly Section[] = [
  { to: '/', words: 'tasks.title', needs: { cases: ['handle', 'supervise'] } },
  { to: '/people', words: 'people.title', needs: { rights: ['grant'], accounts: ['manage'] } },
  { to: '/audit', words: 'audit.title', needs: { audit: ['read'] } },
  { to: '/overview', words: 'overview.title', needs: { dashboard: ['read'] } },
  { to: '/counter', words: 'counter.title', needs: { services: ['accept_for_others'] } },
  { to: '/confirm', words: 'confirm.title', needs: { accounts: ['confirm'] } },
  { to: '/hotline', words: 'hotline.title', needs: { reviews: ['take'] } },
  { to: '/reviews', words: 'reviews.title', needs: { reviews: ['read'] } },
  { to: '/absences', words: 'absence.title', needs: { cases: ['handle', 'supervise'] } },
  { to: '/data', words: 'lookup.title', needs: { exchange: ['call'] } },
  { to: '/catalogue', words: 'catalogue.title', needs: { exchange: ['request'], catalogue: ['edit', 'publish'] } },
  { to: '/sources', words: 'sources.title', needs: { catalogue: ['edit'] } },
  { to: '/requests', words: 'requests.title', needs: { exchange: ['request', 'approve'], catalogue: ['edit'] } },
  { to: '/grants', words: 'grants.title', needs: { exchange: ['request', 'approve'] } },
  { to: '/deliveries', words: 'deliveries.title', needs: { exchange: ['request', 'approve'] } },
  { to: '/usage', words: 'log.title', needs: { usage: ['read_unit'] } },
  { to: '/decisions', words: 'rules.title', needs: { decisions: ['read'] } },
  { to: '/definitions', words: 'processes.title', needs: { cases: ['manage'], pack: ['read'] } },
  { to: '/packs', words: 'packs.title', needs: { pack: ['read'] } },
  { to: '/items', words: 'items.title', needs: { pack: ['read'] } },
  { to: '/incidents', words: 'incidents.title', needs: { cases: ['manage'] } },
  { to: '/people', words: 'people.title', needs: { audit: ['read'] } },
  { to: '/ledger', words: 'ledger.title' },
]

export const sections_for = (permissions: readonly string[]): readonly Section[] =>
  sections.filter(({ needs }) => !needs || Object.entries(needs).some(([area, acts]) => acts.some((act) => permissions.includes(`${area}.${act}`))))

/** Where who signs in begins. */
export const home_of = (permissions: readonly string[]): string => sections_for(permissions)[0]?.to ?? '/ledger'
