// proof.ts - the ledger checked by its reader: inclusion proofs (RFC 9162 section 2.1.3), signed notes and checkpoints
// (c2sp.org/signed-note, c2sp.org/tlog-checkpoint), all in this browser with WebCrypto. Needs a secure context.

type Octets = Uint8Array<ArrayBuffer>

export const octets_of = (base64: string): Octets => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
const hex = (octets: Uint8Array) => Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('')
const equal = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((octet, i) => octet === b[i])

function joined(...parts: readonly Uint8Array[]): Octets {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

const sha256 = async (...parts: readonly Uint8Array[]): Promise<Octets> => new Uint8Array(await crypto.subtle.digest('SHA-256', joined(...parts)))
export const leaf_hash = (leaf: Uint8Array): Promise<Octets> => sha256(Uint8Array.of(0), leaf)
const node_hash = (left: Uint8Array, right: Uint8Array) => sha256(Uint8Array.of(1), left, right)

/** Whether `leaf` (a hash) is the leaf `index` of the tree of `size` leaves with `root`. */
export async function includes(root: Uint8Array, index: bigint, size: bigint, leaf: Uint8Array, proof: readonly Uint8Array[]): Promise<boolean> {
  if (index >= size || [root, leaf, ...proof].some(({ length }) => length !== 32)) return false
  let node = index
  let last = size - 1n
  let hash = leaf
  for (const sibling of proof) {
    if (last === 0n) return false
    if (node % 2n === 1n || node === last) {
      hash = await node_hash(sibling, hash)
      while (node % 2n === 0n && node !== 0n) {
        node /= 2n
        last /= 2n
      }
    } else {
      hash = await node_hash(hash, sibling)
    }
    node /= 2n
    last /= 2n
  }
  return last === 0n && equal(hash, root)
}

export interface Checkpoint { origin: string; size: bigint; root: Octets }

/** The first three lines of a checkpoint's text. */
export function read_checkpoint(note: string): Checkpoint | undefined {
  const [origin, size, root] = note.split('\n')
  if (!origin || !/^(0|[1-9]\d*)$/.test(size ?? '') || !root) return undefined
  return { origin, size: BigInt(size ?? 0), root: octets_of(root) }
}

/** Whether the note has a right Ed25519 signature by `verifier` (`<name>+<key id>+<base64>`). Undefined: this browser cannot tell. */
export async function signed_by(note: string, verifier: string): Promise<boolean | undefined> {
  const end = note.lastIndexOf('\n\n')
  const text = note.slice(0, end + 1)
  const [name, id, ...rest] = verifier.split('+') // base64 may hold a plus too
  const key = octets_of(rest.join('+'))
  if (end < 0 || key[0] !== 1) return false
  for (const line of note.slice(end + 2).split('\n')) {
    const [dash, signer, value] = line.split(' ')
    if (dash !== '—' || signer !== name || !value) continue
    const signature = octets_of(value)
    if (hex(signature.slice(0, 4)) !== id) continue
    try {
      const imported = await crypto.subtle.importKey('raw', key.slice(1), 'Ed25519', false, ['verify'])
      return await crypto.subtle.verify('Ed25519', imported, signature.slice(4), new TextEncoder().encode(text))
    } catch {
      return undefined
    }
  }
  return false
}

/** Whether a leaf holds the hash of this salt and body: what the body says is then what was recorded. */
export async function leaf_holds(leaf: Uint8Array, salt: Uint8Array, body: string): Promise<boolean> {
  const said = JSON.parse(new TextDecoder().decode(leaf)) as { hash?: unknown }
  return said.hash === hex(await sha256(salt, new TextEncoder().encode(body)))
}

/** Whether the tree of `second` leaves begins with the tree of `first` leaves (RFC 9162 section 2.1.4.2): nothing was taken out or changed in between. */
export async function continues(first: bigint, first_root: Uint8Array, second: bigint, second_root: Uint8Array, proof: readonly Uint8Array[]): Promise<boolean> {
  if (first === second) return first !== 0n && proof.length === 0 && equal(first_root, second_root)
  if (first === 0n || first > second || [first_root, second_root, ...proof].some(({ length }) => length !== 32)) return false // the empty tree proves nothing
  const [start, ...path] = (first & (first - 1n)) === 0n ? [first_root, ...proof] : proof
  if (!start) return false
  let node = first - 1n
  let last = second - 1n
  while (node % 2n === 1n) {
    node /= 2n
    last /= 2n
  }
  let old_hash = start
  let new_hash = start
  for (const sibling of path) {
    if (last === 0n) return false
    if (node % 2n === 1n || node === last) {
      old_hash = await node_hash(sibling, old_hash)
      new_hash = await node_hash(sibling, new_hash)
      while (node % 2n === 0n && node !== 0n) {
        node /= 2n
        last /= 2n
      }
    } else {
      new_hash = await node_hash(new_hash, sibling)
    }
    node /= 2n
    last /= 2n
  }
  return last === 0n && equal(old_hash, first_root) && equal(new_hash, second_root)
}
