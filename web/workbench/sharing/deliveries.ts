// deliveries.ts - what one may do with a delivery, and how its parts become one file on the reader's device, each checked by its hash.
import { call, read_blob, type Schemas } from '@common/api/client'
import { language, t } from '@common/i18n'
import { actor } from '@common/session'
import type { Act } from '../acts/act'
import { may } from '../sections'
import { with_reason } from './reason'

export type Delivery = Schemas['Delivery']
type Part = Schemas['DeliveryPart']

export const saved_bytes_max = 256 * 1024 * 1024 // at once; a larger one is taken part by part

export const takes = ({ consumer }: Pick<Delivery, 'consumer'>): boolean => consumer.key === actor.value?.unit?.key && may('exchange', 'request')
export const gives = ({ provider }: Pick<Delivery, 'provider'>): boolean =>
  (provider.key === actor.value?.unit?.key && (may('exchange', 'approve') || may('catalogue', 'edit'))) || may('exchange', 'suspend')

/** 4.2 MB, as the reader's language writes it. */
export function size(bytes: number): string {
  const [unit, of] = bytes < 1_000_000 ? (['kilobyte', 1_000] as const) : bytes < 1_000_000_000 ? (['megabyte', 1_000_000] as const) : (['gigabyte', 1_000_000_000] as const)
  return new Intl.NumberFormat(language.value, { style: 'unit', unit, maximumFractionDigits: 1 }).format(Math.max(bytes / of, bytes ? 0.1 : 0))
}

export const part_path = ({ id }: Delivery, part: number): string => `/api/v1/deliveries/${id}/parts/${part}`

/** Whether the octets are those that the record names; undefined where this browser cannot tell, for it was not reached over a secure line. */
async function is_whole(octets: Blob, { sha256 }: Part): Promise<boolean | undefined> {
  if (!globalThis.crypto?.subtle) return undefined
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await octets.arrayBuffer()))
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('') === sha256
}

export class Altered extends Error {}

/** Downloads all parts and saves them as one file. `step` is told how many are there. Answers whether each was checked; throws Altered. */
export async function save_whole(delivery: Delivery, parts: readonly Part[], step: (done: number) => void): Promise<boolean> {
  const all: Blob[] = []
  let checked = true
  for (const part of parts) {
    const octets = await read_blob(part_path(delivery, part.part))
    const whole = await is_whole(octets, part)
    if (whole === false) throw new Altered(String(part.part))
    checked &&= whole === true
    all.push(octets)
    step(all.length)
  }
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob(all, { type: delivery.format === 'csv' ? 'text/csv' : 'application/x-ndjson' }))
  link.download = `${delivery.grant}-${delivery.ordered_at.slice(0, 10)}.${delivery.format}`
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000) // the browser reads it when it likes
  return checked
}

type Done = () => Promise<void>
export const recall = ({ id }: Delivery, done: Done): Act =>
  with_reason('recall-delivery', 'deliveries.recall', 'deliveries.recall_words', 'deliveries.recall', async (reason) => {
    await call('post', '/api/v1/deliveries/{delivery}/recall', { path: { delivery: id }, body: { reason } })
    await done()
  })
export const confirm_destruction = ({ id }: Delivery, done: Done): Act =>
  with_reason('destroy-delivery', 'deliveries.destroy', 'deliveries.destroy_words', 'deliveries.destroy', async (reason) => {
    await call('post', '/api/v1/deliveries/{delivery}/confirm-destruction', { path: { delivery: id }, body: { reason } })
    await done()
  })

/** Orders the data of a grant as files. */
export function order(grant: Schemas['Grant'], done: (ordered: Delivery) => Promise<void>): Act {
  const programme = grant.programme?.key ?? ''
  return {
    key: 'order-delivery', icon: 'paper', title: 'deliveries.order', words: 'deliveries.order_words', submit: 'deliveries.order', draft: `order-delivery/${grant.key}`,
    fields: async () => (grant.delivery?.changes
      ? [{ name: 'kind', label: 'deliveries.kind', kind: 'choices', options: [{ value: 'snapshot', words: t('deliveries.kind_snapshot') }, { value: 'changes', words: t('deliveries.kind_changes') }] }]
      : []),
    run: async ({ kind }) => {
      const body = { programme, kind: kind === 'changes' ? ('changes' as const) : ('snapshot' as const) }
      await done((await call('post', '/api/v1/grants/{grant}/deliveries', { path: { grant: grant.key }, body })).data)
    },
  }
}
