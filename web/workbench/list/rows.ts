// rows.ts - a long list read page by page, only as far as somebody looks at it.
import { getCurrentScope, onScopeDispose, shallowReactive, watch, type WatchSource } from 'vue'
import { as_problem, type Problem } from '@common/api/client'
import { language } from '@common/i18n'

export interface Slice<T> { items: readonly T[]; next?: string | undefined; total?: number | undefined }
export interface Rows<T> {
  state: 'loading' | 'ready' | 'failed'
  rows: readonly T[]
  total: number | undefined // of all, where the server says it
  more: boolean
  problem: Problem | undefined
  want: (index: number) => void // this row will be looked at
  reload: (quiet?: boolean) => Promise<void>
}

const first_page = 50
const page = 200

/** `read` answers the rows after `cursor`. Rows are kept until one of `sources` changes. */
export function use_rows<T>(read: (cursor: string | undefined, limit: number, signal: AbortSignal) => Promise<Slice<T>>, sources: WatchSource[] = []): Rows<T> {
  let running = new AbortController()
  let next: string | undefined
  let wanted = 0
  let busy = false
  const list = shallowReactive<Rows<T>>({ state: 'loading', rows: [], total: undefined, more: false, problem: undefined, want, reload })

  function take(slice: Slice<T>, before: readonly T[]): void {
    next = slice.next
    const rows = before.length ? before.concat(slice.items) : slice.items
    Object.assign(list, { state: 'ready', rows, more: next !== undefined, problem: undefined, total: slice.total ?? list.total ?? (next === undefined ? rows.length : undefined) })
  }

  async function go_on(): Promise<void> {
    if (busy) return
    busy = true
    const mine = running
    try {
      while (next !== undefined && list.rows.length <= wanted && !mine.signal.aborted) {
        const slice = await read(next, page, mine.signal)
        if (!mine.signal.aborted) take(slice, list.rows)
      }
    } catch (error) {
      if (!mine.signal.aborted) Object.assign(list, { problem: as_problem(error), more: true })
    } finally {
      if (mine === running) busy = false
    }
  }

  function want(index: number): void {
    wanted = index
    if (list.state === 'ready') void go_on()
  }

  /** From the first row again; what was there stays on the screen until as much of it is read anew. */
  async function reload(quiet = false): Promise<void> {
    running.abort()
    busy = false
    const mine = (running = new AbortController())
    if (!quiet) { wanted = 0; Object.assign(list, { state: 'loading', rows: [], total: undefined, more: false }) }
    try {
      let slice = await read(undefined, quiet && wanted > first_page ? page : first_page, mine.signal)
      let rows = slice.items
      const total = slice.total
      while (slice.next !== undefined && (!rows.length || rows.length <= Math.min(wanted, list.rows.length - 1))) { // a page may be empty and not the last
        slice = await read(slice.next, page, mine.signal)
        rows = rows.concat(slice.items)
      }
      if (mine.signal.aborted) return
      list.total = total
      take({ items: rows, next: slice.next, total }, [])
      void go_on()
    } catch (error) {
      if (!mine.signal.aborted && !(quiet && list.rows.length)) Object.assign(list, { state: 'failed', problem: as_problem(error) })
    }
  }

  watch([language, ...sources], () => void reload(), { immediate: true })
  if (getCurrentScope()) onScopeDispose(() => running.abort())
  return list
}
