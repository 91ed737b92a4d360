// upload.ts - a file on its way to the server, in pieces; goes on where the server stands after a lost connection, and after the page was left.
import { as_problem, call, Problem, send_octets, type Schemas } from '../api/client'

export type Attachment = Schemas['Attachment']
export type Owner = { case: string } | { draft: string }

export interface Sending {
  file: File
  owner: Owner
  material?: string | undefined
  signal: AbortSignal
  progress: (sent: number) => void
  waiting: (waits: boolean) => void // the connection is lost: it is tried again by itself
}

const small = 256 * 1024 // up to here a file comes in one call
const wait_ms_max = 15_000

export async function send_file(to: Sending): Promise<Attachment> {
  const { file, owner, material } = to
  const about = { ...owner, name: file.name, ...(material && { material }) }
  if (file.size > 0 && file.size <= small) {
    const octets = await base64(file)
    const { data } = await persistent(to, () => call('post', '/api/v1/attachments', { body: { ...about, octets }, signal: to.signal }))
    return done(data, to)
  }
  const known = recall(to)
  let upload: Schemas['Upload'] | undefined = known ? await call('get', '/api/v1/attachments/{attachment}/upload', { path: { attachment: known } }).then(({ data }) => data, () => undefined) : undefined
  upload ??= (await persistent(to, () => call('post', '/api/v1/attachments', { body: { ...about, size: file.size }, signal: to.signal }))).data
  remember(to, upload.id)
  while (!upload.attachment) {
    to.progress(upload.offset)
    const { id, offset, piece_bytes_max }: Schemas['Upload'] = upload
    const piece = file.slice(offset, offset + piece_bytes_max)
    try {
      upload = await persistent(to, () => send_octets(`/api/v1/attachments/${id}`, piece, offset, to.signal))
    } catch (error) {
      if (as_problem(error).code !== 'conflict') {
        forget(to)
        throw error
      }
      upload = (await persistent(to, () => call('get', '/api/v1/attachments/{attachment}/upload', { path: { attachment: id }, signal: to.signal }))).data
    }
  }
  forget(to)
  return done(upload, to)
}

function done(upload: Schemas['Upload'], to: Sending): Attachment {
  if (!upload.attachment) throw new Problem('internal', '')
  to.progress(upload.size)
  return upload.attachment
}

/** Tries again, after longer and longer waits, while there is no connection. */
async function persistent<T>(to: Sending, work: () => Promise<T>): Promise<T> {
  for (let wait = 1000; ; wait = Math.min(wait * 2, wait_ms_max)) {
    try {
      const answer = await work()
      to.waiting(false)
      return answer
    } catch (error) {
      if (to.signal.aborted || !['offline', 'unavailable', 'limited'].includes(as_problem(error).code)) throw error
      to.waiting(true)
      await pause(wait, to.signal)
    }
  }
}

/** So long, or until the browser says that it is online again. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((go_on) => {
    const timer = setTimeout(end, ms)
    function end() {
      clearTimeout(timer)
      window.removeEventListener('online', end)
      signal.removeEventListener('abort', end)
      go_on()
    }
    window.addEventListener('online', end)
    signal.addEventListener('abort', end)
  })
}

async function base64(file: File): Promise<string> {
  const url = await new Promise<string>((read, fail) => {
    const reader = new FileReader()
    reader.onload = () => read(String(reader.result))
    reader.onerror = () => fail(new Problem('invalid', ''))
    reader.readAsDataURL(file)
  })
  return url.slice(url.indexOf(',') + 1)
}

// The same file chosen again on the same page goes on where it stood. Of the file no more is kept than tells it from others.
const place = ({ file, owner, material }: Sending) => `junxian.upload ${Object.values(owner)[0]} ${material ?? ''} ${file.size} ${file.lastModified}`
function recall(to: Sending): string | null {
  try { return sessionStorage.getItem(place(to)) } catch { return null }
}
function remember(to: Sending, id: string): void {
  try { sessionStorage.setItem(place(to), id) } catch { /* then it begins anew */ }
}
function forget(to: Sending): void {
  try { sessionStorage.removeItem(place(to)) } catch { /* nothing was kept */ }
}
