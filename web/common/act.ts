// act.ts - something that a page has the server do: one at a time, and what goes wrong is said in words.
import { ref } from 'vue'
import { as_problem } from './api/client'
import { problem_text } from './problem'

export function use_act() {
  const busy = ref(false)
  const failed = ref('')
  /** Whether it was done. */
  async function act(send: () => Promise<unknown>): Promise<boolean> {
    failed.value = ''
    busy.value = true
    try {
      await send()
      return true
    } catch (error) {
      failed.value = problem_text(as_problem(error))
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, failed, act }
}
