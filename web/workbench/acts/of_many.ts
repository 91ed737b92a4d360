// of_many.ts - one decision on several tasks of the same step; each is an act of its own, and what could not be done is said of each.
import { call, type Schemas } from '@common/api/client'
import type { Act } from './act'

type Task = Schemas['TaskSummary']
export const many_max = 200

/** They can be decided together: of one step, and not beside it. */
export const same_step = (tasks: readonly Task[]): boolean =>
  tasks.length > 0 && new Set(tasks.map(({ element, item_name }) => JSON.stringify([element, item_name]))).size === 1

export const decide_many = (tasks: readonly Task[], answered: (items: Schemas['BatchAnswer']['items']) => void): Act => {
  let needs_reason = new Set<string>()
  return {
    key: 'many', icon: 'check', title: 'many.title', words: 'many.words', submit: 'task.submit', draft: `many/${tasks[0]?.element}`,
    async fields() {
      const { outcomes } = (await call('get', '/api/v1/tasks/{task}', { path: { task: tasks[0]?.id ?? '' } })).data
      needs_reason = new Set(outcomes.filter((one) => one.needs_reason).map(({ key }) => key))
      return [
        { name: 'outcome', label: 'task.outcome', kind: 'choices', options: outcomes.map(({ key, name }) => ({ value: key, words: name })) },
        { name: 'opinion', label: 'many.opinion', kind: 'textarea', optional: true, max: 4000, when: ({ outcome }) => !needs_reason.has(outcome ?? '') },
        { name: 'reason', label: 'task.reason', help: 'task.reason_help', kind: 'textarea', max: 4000, when: ({ outcome }) => needs_reason.has(outcome ?? '') },
      ]
    },
    async run({ outcome = '', opinion, reason }) {
      const said = reason ?? opinion
      answered((await call('post', '/api/v1/tasks/batch', { body: { tasks: tasks.map(({ id }) => id), outcome, ...(said && { opinion: said }) } })).data.items)
    },
  }
}
