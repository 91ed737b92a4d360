// prove.ts - one entry of the ledger fetched with its proof and checked here, step by step, trusting the published key alone.
import { as_problem, call, read_text, type Schemas } from '../api/client'
import { continues, includes, leaf_hash, leaf_holds, octets_of, read_checkpoint, signed_by } from './proof'

export type Outcome = boolean | undefined // undefined: this browser, or this reader, cannot tell
export interface Proven {
  entry: Schemas['LedgerEntry']
  origin: string
  body: Outcome // what the entry says has the hash that the leaf holds
  included: Outcome // the leaf is where the checkpoint says
  signed: Outcome // by the key of this log
  published: Outcome // the checkpoint that everybody is given is the same one, or continues it
}

/** WebCrypto is there only where the page came over TLS or from this machine. */
export const can_prove = (): boolean => globalThis.isSecureContext

/** The entry, once it is under a checkpoint: what has just been written is there within a second or so. */
async function integrated(entry: string, signal: AbortSignal | undefined, part: 'proof' | undefined, tries = 15): Promise<Schemas['LedgerEntry']> {
  for (;;) {
    try {
      return (await call('get', '/api/v1/ledger/entries/{entry}', { path: { entry }, query: { ...(part && { part }) }, signal })).data
    } catch (error) {
      if (as_problem(error).code !== 'unavailable' || --tries === 0) throw error
      await new Promise((resolve) => setTimeout(resolve, 1000))
    }
  }
}

async function is_signed(note: string, log: Schemas['LedgerHead']): Promise<Outcome> {
  const outcomes = await Promise.all(log.keys.filter(({ algorithm }) => algorithm === 'ed25519').map(({ verifier }) => signed_by(note, verifier)))
  return outcomes.includes(false) ? false : outcomes.find((one) => one)
}

/** Whether `note`, of which the proof is, is what the public file says, or stands at the beginning of it. */
async function is_published(note: string, log: Schemas['LedgerHead'], signal: AbortSignal | undefined): Promise<Outcome> {
  const told = await read_text('/ledger/checkpoint', 'text/plain', signal)
  const [ours, theirs] = [read_checkpoint(note), read_checkpoint(told)]
  if (!ours || !theirs || ours.origin !== theirs.origin || (await is_signed(told, log)) === false) return false
  const [first, second] = ours.size <= theirs.size ? [ours, theirs] : [theirs, ours]
  if (first.size === 0n) return false // under which there is no entry
  const proof = first.size === second.size ? [] : (await call('get', '/api/v1/ledger/consistency', { query: { first: Number(first.size), second: Number(second.size) }, signal })).data.proof
  return continues(first.size, first.root, second.size, second.root, proof.map(octets_of))
}

/** Fetches the entry and takes every step that this browser can; `part`: without its body, which the reader has. Throws a Problem where it cannot be had. */
export async function prove(id: string, signal?: AbortSignal, part?: 'proof'): Promise<Proven> {
  const entry = await integrated(id, signal, part)
  const log = (await call('get', '/api/v1/ledger', { signal })).data
  if (!can_prove()) return { entry, origin: log.origin, body: undefined, included: undefined, signed: undefined, published: undefined }
  const leaf = octets_of(entry.leaf)
  const checkpoint = read_checkpoint(entry.checkpoint)
  return {
    entry,
    origin: log.origin,
    body: entry.salt && entry.body ? await leaf_holds(leaf, octets_of(entry.salt), entry.body) : undefined,
    included: checkpoint !== undefined && checkpoint.origin === log.origin
      && await includes(checkpoint.root, BigInt(entry.index), checkpoint.size, await leaf_hash(leaf), entry.proof.map(octets_of)),
    signed: await is_signed(entry.checkpoint, log),
    published: await is_published(entry.checkpoint, log, signal),
  }
}

/** Whether the entry's body records this use as the page shows it: who, from whom, what, under which grant, how many records. */
export function records_use(body: string, usage: Schemas['Usage']): boolean {
  const said = JSON.parse(body) as { subjects?: unknown[]; body?: Record<string, unknown> }
  const shown: Record<string, unknown> = { grant: usage.grant, resource: usage.resource, consumer: usage.consumer.key, provider: usage.provider.key, records: usage.records }
  const fields = said.body?.['fields']
  return said.subjects?.includes(`usage:${usage.id}`) === true
    && Object.entries(shown).every(([name, value]) => said.body?.[name] === value)
    && Array.isArray(fields) && fields.length === usage.fields.length
}
