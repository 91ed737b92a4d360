// dispute.ts - a dispute between units over a grant, or over a request that was refused (Order 809, art. 28).
import { call, type Schemas } from '@common/api/client'
import { t } from '@common/i18n'
import type { Act } from '../acts/act'

function dispute(key: string, body: Pick<Schemas['DataMatterRequest'], 'resource' | 'grant'>, over: string, opened: (number: string) => void): Act {
  return {
    key: 'dispute', icon: 'flag', title: 'dispute.open', words: 'dispute.words', submit: 'dispute.open', draft: `dispute/${key}`,
    fields: async () => [
      { name: 'what', label: 'dispute.what', kind: 'textarea', max: 600 },
      { name: 'evidence', label: 'matters.evidence', kind: 'textarea', optional: true, max: 500 },
    ],
    async run({ what = '', evidence = '' }) {
      const proof = [over, evidence.trim()].filter(Boolean).join('\n')
      opened((await call('post', '/api/v1/data-matters', { body: { kind: 'dispute', ...body, what: what.trim(), ...(proof && { evidence: proof }) } })).data.number)
    },
  }
}

export const dispute_grant = (grant: Schemas['Grant'], opened: (number: string) => void): Act => dispute(grant.key, { resource: grant.resource, grant: grant.key }, '', opened)

/** The request is named to those who settle it. */
export const dispute_request = (asked: Schemas['Asked'], opened: (number: string) => void): Act =>
  dispute(asked.case, { resource: asked.resource }, t('dispute.over_request', { number: asked.number }), opened)
