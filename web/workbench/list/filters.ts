// filters.ts - which tasks a list shows. They stand in the address: a list can be bookmarked, sent to a colleague and come back to.
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

export const scopes = ['desk', 'mine', 'post', 'unit', 'below', 'done'] as const
export type Scope = (typeof scopes)[number]
export type Mark = 'yellow' | 'red'

export interface Filters { scope: Scope; mark: Mark | ''; item: string; text: string }

export function use_filters() {
  const route = useRoute()
  const router = useRouter()
  const at = route.path
  let last: Filters = { scope: 'desk', mark: '', item: '', text: '' }
  const filters = computed<Filters>(() => {
    if (route.path !== at) return last // another page is open; the list waits
    const one = (name: string) => { const value = route.query[name]; return typeof value === 'string' ? value : '' }
    const scope = scopes.find((known) => known === one('list')) ?? 'desk'
    const mark = one('mark')
    last = { scope, mark: mark === 'yellow' || mark === 'red' ? mark : '', item: one('item'), text: one('text').slice(0, 100) }
    return last
  })
  /** The others stay as they are. */
  function set(change: Partial<Filters>): void {
    const { scope, ...rest } = { ...filters.value, ...change }
    const query = Object.fromEntries(Object.entries({ list: scope === 'desk' ? '' : scope, ...rest }).filter(([, value]) => value))
    void router.replace({ path: at, query })
  }
  return { filters, set }
}

/** As the API asks for them. */
export function query_of({ scope, mark, item, text }: Filters) {
  if (scope === 'done') return { state: 'done' as const }
  return { ...(scope !== 'desk' && { scope }), ...(mark && { mark }), ...(item && { item }), ...(text && { text }) }
}
