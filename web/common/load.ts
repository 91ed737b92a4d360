// load.ts - data on its way to a page, with all that may become of it. Shown by ui/LoadState.vue.
import { getCurrentScope, onBeforeUnmount, onMounted, onScopeDispose, shallowReactive, watch, type WatchSource } from 'vue'
import { as_problem, type Problem } from './api/client'
import { language } from './i18n'

export interface Load<T> {
  state: 'loading' | 'ready' | 'failed'
  data: T | undefined
  problem: Problem | undefined
  reload: (quiet?: boolean) => Promise<void> // quiet: what is shown stays when the read fails
}

/** Begins `read` at once, and again when one of `sources` or the language changes; a newer read aborts the older. */
export function use_load<T>(read: (signal: AbortSignal) => Promise<T>, sources: WatchSource[] = []): Load<T> {
  let running = new AbortController()
  const load = shallowReactive<Load<T>>({ state: 'loading', data: undefined, problem: undefined, reload })

  async function reload(quiet = false): Promise<void> {
    running.abort()
    const mine = (running = new AbortController())
    if (load.data === undefined) load.state = 'loading'
    try {
      const data = await read(mine.signal)
      if (!mine.signal.aborted) Object.assign(load, { state: 'ready', data, problem: undefined })
    } catch (error) {
      if (!mine.signal.aborted && !(quiet && load.data !== undefined)) Object.assign(load, { state: 'failed', problem: as_problem(error) })
    }
  }

  watch([language, ...sources], () => void reload(), { immediate: true })
  if (getCurrentScope()) onScopeDispose(() => running.abort())
  return load
}

/** What others change meanwhile is read again when its reader comes back to the page. */
export function reload_when_seen(...loads: readonly Load<unknown>[]): void {
  const look = () => {
    if (document.visibilityState === 'visible') for (const load of loads) void load.reload()
  }
  onMounted(() => document.addEventListener('visibilitychange', look))
  onBeforeUnmount(() => document.removeEventListener('visibilitychange', look))
}

/** Read again every `every_ms` while somebody looks at the page and `going` says that more will come. */
export function reload_while(going: () => boolean, every_ms: number, ...loads: readonly Pick<Load<unknown>, 'reload'>[]): void {
  let timer = 0
  const look = () => {
    if (document.visibilityState === 'visible' && going()) for (const load of loads) void load.reload(true)
  }
  onMounted(() => { timer = window.setInterval(look, every_ms) })
  onBeforeUnmount(() => window.clearInterval(timer))
}
