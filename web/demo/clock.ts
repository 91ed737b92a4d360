// clock.ts - the clock of a demonstration county, which the bar and the page both show.
import { shallowRef } from 'vue'
import { call, type Schemas } from '@common/api/client'
import { read_jurisdiction } from '@common/session'

export const demo = shallowRef<Schemas['Demo']>()

export async function look_at_clock(): Promise<void> {
  demo.value = (await call('get', '/api/v1/demo')).data
}

/** Moves it; today is another day then, and what pages show of terms with it. */
export async function next_working_day(): Promise<void> {
  demo.value = (await call('post', '/api/v1/demo/next-working-day')).data
  await read_jurisdiction()
}
