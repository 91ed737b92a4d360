// of_task.ts - what one may do with a task besides deciding it.
import { call, type Schemas } from '@common/api/client'
import { t, text } from '@common/i18n'
import { term } from '@common/time'
import type { Act, ActField, Option } from './act'

type Detail = Schemas['TaskDetail']
type Changed = (detail?: Detail) => void // none: it is to be read anew

const reason = { name: 'reason', label: 'act.reason', help: 'act.reason_help', kind: 'textarea', max: 2000 } as const
const days: ActField = { name: 'term', label: 'act.term', kind: 'select', optional: true, options: [] }
const fixed = (...fields: ActField[]) => () => Promise.resolve(fields)

const with_days = (): ActField => ({ ...days, options: [1, 2, 3, 5, 10].map((n) => ({ value: `${n} WD`, words: term(n) })) })
const offices = async () => (await call('get', '/api/v1/offices')).data.items
const desks_of = (found: readonly Schemas['Office'][]) =>
  found.flatMap(({ unit, posts }) => posts.map((post): Option => ({ value: `${unit.key} ${post.key}`, words: post.name, group: text(unit.name) })))
const people_of = (found: readonly Schemas['Office'][], fits: (post: string) => boolean = () => true) =>
  found.flatMap(({ posts }) => posts.filter(({ key }) => fits(key)).flatMap((post) => post.holders.filter(({ me }) => !me).map((one): Option => ({ value: one.account, words: `${text(one.name)} · ${text(post.name)}` }))))
const desk = (value: string) => {
  const [unit = '', post = ''] = value.split(' ')
  return { unit, post }
}

function release({ task }: Detail, changed: Changed): Act {
  return {
    key: 'release', icon: 'back', title: 'act.release', words: 'act.release_words', submit: 'act.release', draft: `release/${task.id}`, fields: fixed(reason),
    run: async ({ reason: why = '' }) => changed((await call('post', '/api/v1/tasks/{task}/release', { path: { task: task.id }, body: { reason: why } })).data),
  }
}

/** To a colleague of one's unit, or to the desk of another: then it is free there. */
function hand_over({ task }: Detail, changed: Changed): Act {
  return {
    key: 'hand_over', icon: 'arrow', title: 'act.hand_over', words: 'act.hand_over_words', submit: 'act.hand_over', draft: `hand-over/${task.id}`,
    async fields() {
      const found = await offices()
      const people = people_of(found, (post) => !task.post || post === task.post)
      const one_of_us = people.length > 0
      return [
        ...(one_of_us ? [{ name: 'to', label: 'act.to', kind: 'choices', options: [{ value: 'colleague', words: t('act.to_colleague') }, { value: 'desk', words: t('act.to_desk') }] } as const] : []),
        ...(one_of_us ? [{ name: 'account', label: 'act.colleague', kind: 'select', options: people, when: ({ to }: Readonly<Record<string, string>>) => to === 'colleague' } as const] : []),
        { name: 'unit', label: 'act.desk', kind: 'select', options: desks_of(found), when: ({ to }) => !one_of_us || to === 'desk' },
        reason,
      ]
    },
    async run({ to, account = '', unit = '', reason: why = '' }) {
      const body = to === 'colleague' ? { account, reason: why } : { ...desk(unit), reason: why }
      changed((await call('post', '/api/v1/tasks/{task}/hand-over', { path: { task: task.id }, body })).data)
    },
  }
}

function delegate({ task }: Detail, changed: Changed): Act {
  return {
    key: 'delegate', icon: 'person', title: 'act.delegate', words: 'act.delegate_words', submit: 'act.delegate', draft: `delegate/${task.id}`,
    fields: async () => [
      { name: 'account', label: 'act.colleague', kind: 'select', options: people_of(await offices()) },
      { name: 'note', label: 'act.task_note', kind: 'textarea', optional: true, max: 2000 },
      with_days(),
    ],
    run: async ({ account = '', ...rest }) => changed((await call('post', '/api/v1/tasks/{task}/delegate', { path: { task: task.id }, body: { account, ...rest } })).data),
  }
}

function send_back({ task }: Detail, changed: Changed): Act {
  return {
    key: 'return', icon: 'retry', title: 'act.return', words: 'act.return_words', submit: 'act.return', draft: `return/${task.id}`,
    fields: async () => [
      { name: 'to', label: 'act.return_to', kind: 'choices', options: (await call('get', '/api/v1/tasks/{task}/returns', { path: { task: task.id } })).data.items.map(({ element, name }) => ({ value: element, words: name })) },
      reason,
    ],
    run: async ({ to = '', reason: why = '' }) => changed((await call('post', '/api/v1/tasks/{task}/return', { path: { task: task.id }, body: { to, reason: why } })).data),
  }
}

function ask_opinion({ task }: Detail, changed: Changed): Act {
  return {
    key: 'ask_opinion', icon: 'ask', title: 'act.ask_opinion', words: 'act.ask_opinion_words', submit: 'act.ask', draft: `ask/${task.id}`,
    fields: async () => [
      { name: 'unit', label: 'act.ask_whom', kind: 'select', options: desks_of(await offices()) },
      { name: 'question', label: 'act.question', kind: 'textarea', max: 2000 },
      with_days(),
      { name: 'binding', label: 'act.binding', kind: 'check', optional: true },
    ],
    async run({ unit = '', question = '', term: within, binding }) {
      const body = { ...desk(unit), question, binding: binding === 'yes', ...(within && { term: within }) }
      changed((await call('post', '/api/v1/tasks/{task}/opinions', { path: { task: task.id }, body })).data)
    },
  }
}

/** Which files of the case are to be shown, if it has any. */
async function files_of(id: string): Promise<ActField[]> {
  const { data } = await call('get', '/api/v1/attachments', { query: { case: id } })
  const options = data.items.filter(({ readable }) => readable).map((file) => ({ value: file.id, words: file.name }))
  return options.length ? [{ name: 'attachments', label: 'act.participant_files', help: 'act.participant_files_help', kind: 'many', optional: true, options }] : []
}

function add_participant({ task }: Detail, changed: Changed): Act {
  return {
    key: 'add_participant', icon: 'plus', title: 'act.add_participant', words: 'act.add_participant_words', submit: 'act.add_participant', draft: `participant/${task.id}`,
    fields: async () => [
      { name: 'unit', label: 'act.participant', kind: 'select', options: desks_of(await offices()) },
      { name: 'note', label: 'act.participant_note', help: 'act.participant_help', kind: 'textarea', max: 2000 },
      with_days(),
      ...(await files_of(task.case)),
    ],
    async run({ unit = '', note = '', term: within, attachments }) {
      const body = { ...desk(unit), note, ...(within && { term: within }), ...(attachments && { attachments: attachments.split(' ') }) }
      changed((await call('post', '/api/v1/tasks/{task}/participants', { path: { task: task.id }, body })).data)
    },
  }
}

/** Tells the applicant all that is missing; the clock stands until she answers. */
function ask_supplement({ task }: Detail, changed: Changed): Act {
  return {
    key: 'ask_supplement', icon: 'ask', title: 'act.ask_supplement', words: 'act.ask_supplement_words', submit: 'act.ask_supplement', draft: `supplement/${task.id}`,
    fields: fixed(
      { name: 'missing', label: 'act.missing', help: 'act.missing_help', kind: 'textarea', max: 2000 },
      { name: 'legal_basis', label: 'act.legal_basis', help: 'act.legal_basis_help', kind: 'text', max: 200 },
      with_days(),
    ),
    async run({ missing = '', legal_basis = '', term: within }) {
      changed((await call('post', '/api/v1/tasks/{task}/supplements', { path: { task: task.id }, body: { missing, legal_basis, ...(within && { term: within }) } })).data)
    },
  }
}

/** Takes back what was asked beside a task, before it is answered: of the task that was asked. */
export const take_back = (asked: string, changed: Changed): Act => ({
  key: 'withdraw', icon: 'cross', title: 'act.take_back', words: 'act.take_back_words', submit: 'act.take_back', draft: `take-back/${asked}`, fields: fixed(reason),
  run: async ({ reason: why = '' }) => { await call('post', '/api/v1/tasks/{task}/withdraw', { path: { task: asked }, body: { reason: why } }); changed() },
})

function urge({ task }: Detail, changed: Changed): Act {
  return {
    key: 'urge', icon: 'bell', title: 'act.urge', words: 'act.urge_words', submit: 'act.urge', draft: `urge/${task.id}`,
    fields: fixed({ name: 'note', label: 'act.urge_note', kind: 'textarea', max: 2000 }),
    run: async ({ note = '' }) => { await call('post', '/api/v1/tasks/{task}/urge', { path: { task: task.id }, body: { note } }); changed() },
  }
}

const makers = { ask_supplement, ask_opinion, add_participant, delegate, return: send_back, hand_over, release, withdraw: ({ task }: Detail, changed: Changed) => take_back(task.id, changed), urge }

/** Those that the server lets the caller do, in the order in which they are shown. */
export const acts_of_task = (detail: Detail, changed: Changed): Act[] =>
  Object.entries(makers).flatMap(([key, make]) => ((detail.actions as readonly string[]).includes(key) ? [make(detail, changed)] : []))
