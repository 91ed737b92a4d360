// of_task.ts - what one may do with a task besides deciding it.
import { call, type Schemas } from '@common/api/client'
import { t, text } from '@common/i18n'
import type { Act, Option } from './act'

type Detail = Schemas['TaskDetail']
type Changed = (detail: Detail) => void

const reason = { name: 'reason', label: 'act.reason', kind: 'textarea', max: 2000 } as const

async function offices(): Promise<Schemas['Office'][]> {
  return (await call('get', '/api/v1/offices')).data.items
}

function release({ task }: Detail, changed: Changed): Act {
  return {
    key: 'release', icon: 'back', title: 'act.release', words: 'act.release_words', submit: 'act.release', draft: `release/${task.id}`,
    fields: () => Promise.resolve([{ ...reason, help: 'act.reason_help' }]),
    run: async ({ reason: why = '' }) => changed((await call('post', '/api/v1/tasks/{task}/release', { path: { task: task.id }, body: { reason: why } })).data),
  }
}

/** To a colleague of one's unit, or to the desk of another: then it is free there. */
function hand_over({ task }: Detail, changed: Changed): Act {
  return {
    key: 'hand_over', icon: 'arrow', title: 'act.hand_over', words: 'act.hand_over_words', submit: 'act.hand_over', draft: `hand-over/${task.id}`,
    async fields() {
      const found = await offices()
      const people = found.flatMap(({ posts }) => posts.filter(({ key }) => !task.post || key === task.post).flatMap((post) => post.holders.filter(({ me }) => !me).map((one): Option => ({ value: one.account, words: `${text(one.name)} · ${text(post.name)}` }))))
      const desks = found.flatMap(({ unit, posts }) => posts.map((post): Option => ({ value: `${unit.key} ${post.key}`, words: post.name, group: text(unit.name) })))
      const one_of_us = people.length > 0
      return [
        ...(one_of_us ? [{ name: 'to', label: 'act.to', kind: 'choices', options: [{ value: 'colleague', words: t('act.to_colleague') }, { value: 'desk', words: t('act.to_desk') }] } as const] : []),
        ...(one_of_us ? [{ name: 'account', label: 'act.colleague', kind: 'select', options: people, when: ({ to }: Readonly<Record<string, string>>) => to === 'colleague' } as const] : []),
        { name: 'unit', label: 'act.desk', kind: 'select', options: desks, when: ({ to }) => !one_of_us || to === 'desk' },
        { ...reason, help: 'act.reason_help' },
      ]
    },
    async run({ to, account = '', unit: desk = '', reason: why = '' }) {
      const [unit = '', post = ''] = desk.split(' ')
      const body = to === 'colleague' ? { account, reason: why } : { unit, post, reason: why }
      changed((await call('post', '/api/v1/tasks/{task}/hand-over', { path: { task: task.id }, body })).data)
    },
  }
}

const makers = { release, hand_over }

/** Those that the server lets the caller do, in the order in which they are shown. */
export const acts_of_task = (detail: Detail, changed: Changed): Act[] =>
  Object.entries(makers).flatMap(([key, make]) => ((detail.actions as readonly string[]).includes(key) ? [make(detail, changed)] : []))
