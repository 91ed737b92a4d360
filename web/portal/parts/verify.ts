// verify.ts - a certificate judged in this browser.
import { open_credential, status_of, token_in, type Claims, type Known } from './credential'

export interface Checked {
  state: 'valid' | 'altered' | 'expired' | 'revoked' | 'suspended' | 'unlisted' // unlisted: nothing at hand tells whether it was revoked
  claims: Claims
  hidden: number
  at: number // when the list at hand was fetched
}

/** Throws where this browser cannot check Ed25519. */
export async function check(pasted: string, known: Known): Promise<Checked> {
  const opened = await open_credential(token_in(pasted), known.issuer)
  if (!opened) return { state: 'altered', claims: {}, hidden: 0, at: known.at }
  const now_s = Date.now() / 1000
  const found = { claims: opened.claims, hidden: opened.hidden, at: known.at }
  if (Number(opened.claims['exp'] ?? Infinity) <= now_s) return { ...found, state: 'expired' }
  const status = await status_of(opened.claims, known, now_s)
  return { ...found, state: status === undefined ? 'unlisted' : (['valid', 'revoked', 'suspended'] as const)[status] ?? 'unlisted' }
}
