// names.ts - what processes and their steps are called. Incidents and sweeps name them by id; the definitions say the rest, each asked for once a page.
import { shallowReactive } from 'vue'
import { call } from '@common/api/client'
import { language, text, type Text } from '@common/i18n'
import { read_model, type Model } from './model'

export function use_names() {
  const processes = shallowReactive(new Map<string, Text>())
  const models = shallowReactive(new Map<string, Model>())
  const asked = new Set<string>()

  /** Begins to ask for what is not known yet; where it is not to be had, the id stands. */
  function ask(process: string | undefined): void {
    if (!process || asked.has(process)) return
    asked.add(process)
    call('get', '/api/v1/definitions/{process}', { path: { process } })
      .then(({ data }) => { processes.set(process, data.definition.name); models.set(process, read_model(data.bpmn, language.value)) })
      .catch(() => undefined)
  }
  const process_name = (process: string | undefined) => { ask(process); return process ? text(processes.get(process)) || process : '' }
  const step_name = (process: string | undefined, element: string | undefined) => {
    ask(process)
    return element ? models.get(process ?? '')?.steps.find(({ id }) => id === element)?.name || element : ''
  }
  return { process_name, step_name }
}
