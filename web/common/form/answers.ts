// answers.ts - the rules of a form while somebody types. They are written in FEEL, which the server alone evaluates: it is asked after a pause.
import { onBeforeUnmount, shallowRef, watch, type ShallowRef } from 'vue'
import { call, type Schemas } from '../api/client'
import { text } from '../i18n'
import { no_answers, type Answers, type Data } from './fields'

const pause_ms = 300

/** Whether there is anything to ask: a rule, a condition, a computed value. */
const has_rules = ({ layout }: Schemas['Form']): boolean => /"(?:rules|computed|merge|visible|required|readonly|options)":/.test(JSON.stringify(layout))

const answers_of = (said: Schemas['FormCheck']): Answers => ({
  hidden: new Set(said.hidden),
  required: new Set(said.required),
  readonly: new Set(said.readonly),
  options: new Map(Object.entries(said.options)),
  computed: new Map(Object.entries(said.computed)),
  errors: said.errors.map(({ pointer, message }) => ({ at: pointer, words: text(message) })),
})

/** What the server last said to `data`; `ask` asks it now. Where it cannot be asked, what it said before holds: it checks all of it when the form is sent. */
export function use_answers(form: () => Schemas['Form'], data: () => Data): { answers: ShallowRef<Answers>; ask: () => Promise<void> } {
  const answers = shallowRef<Answers>(no_answers)
  let waiting: ReturnType<typeof setTimeout> | undefined
  let asked: AbortController | undefined

  async function ask(): Promise<void> {
    clearTimeout(waiting)
    asked?.abort()
    const { id } = form()
    if (!id || !has_rules(form())) return
    asked = new AbortController()
    const { signal } = asked
    try {
      const { data: said } = await call('post', '/api/v1/forms/{form}/check', { path: { form: id }, body: { data: data() }, signal })
      if (!signal.aborted) answers.value = answers_of(said)
    } catch { /* as above */ }
  }

  watch(data, () => {
    clearTimeout(waiting)
    waiting = setTimeout(() => void ask(), pause_ms)
  })
  watch(() => form().id, () => void ask(), { immediate: true })
  onBeforeUnmount(() => {
    clearTimeout(waiting)
    asked?.abort()
  })
  return { answers, ask }
}
