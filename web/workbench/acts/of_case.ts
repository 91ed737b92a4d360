// of_case.ts - what one may do with a case as a whole: stop and start its clock, end it.
import { call, type Schemas } from '@common/api/client'
import { t_code, text } from '@common/i18n'
import type { Act } from './act'

type Detail = Schemas['Case']
type Changed = (detail?: Detail) => void // none: it is to be read anew

const reasons = ['supplement', 'hearing', 'expert-review', 'force-majeure', 'other'] as const
type Reason = (typeof reasons)[number]

function pause({ id }: Detail, changed: Changed): Act {
  return {
    key: 'pause', icon: 'pause', title: 'act.pause', words: 'act.pause_words', submit: 'act.pause', draft: `pause/${id}`,
    fields: () => Promise.resolve([
      { name: 'reason', label: 'act.pause_reason', kind: 'choices', options: reasons.map((value) => ({ value, words: t_code('pause', value.replace('-', '_')) })) },
      { name: 'legal_basis', label: 'act.legal_basis', help: 'act.legal_basis_help', kind: 'text', max: 200 },
      { name: 'waits_for_applicant', label: 'act.waits_for_applicant', kind: 'check', optional: true, when: ({ reason }) => reason !== undefined && reason !== 'supplement' },
      { name: 'note', label: 'act.note', kind: 'textarea', optional: true, max: 2000 },
    ]),
    async run({ reason = '', legal_basis = '', waits_for_applicant, note }) {
      const waits = reason === 'supplement' || waits_for_applicant === 'yes'
      const body = { reason: reason as Reason, legal_basis, waits_for_applicant: waits, ...(note && { note }) }
      changed((await call('post', '/api/v1/cases/{case}/pause', { path: { case: id }, body })).data)
    },
  }
}

function resume({ id }: Detail, changed: Changed): Act {
  return {
    key: 'resume', icon: 'start', title: 'act.resume', words: 'act.resume_words', submit: 'act.resume', draft: `resume/${id}`,
    fields: () => Promise.resolve([]),
    run: async () => changed((await call('post', '/api/v1/cases/{case}/resume', { path: { case: id } })).data),
  }
}

function cancel({ id }: Detail, changed: Changed): Act {
  return {
    key: 'cancel', icon: 'cross', title: 'act.cancel_case', words: 'act.cancel_words', submit: 'act.cancel_case', danger: true, draft: `cancel/${id}`,
    fields: () => Promise.resolve([{ name: 'reason', label: 'act.reason', help: 'act.reason_help', kind: 'textarea', max: 2000 }]),
    run: async ({ reason = '' }) => changed((await call('post', '/api/v1/cases/{case}/cancel', { path: { case: id }, body: { reason } })).data),
  }
}

/** One of its open tasks; who has it is told. */
function urge({ id, tasks }: Detail, changed: () => void): Act {
  const open = tasks.filter(({ state }) => state === 'free' || state === 'claimed')
  return {
    key: 'urge', icon: 'bell', title: 'act.urge', words: 'act.urge_words', submit: 'act.urge', draft: `urge/${id}`,
    fields: () => Promise.resolve([
      { name: 'task', label: 'act.urge_task', kind: 'choices', options: open.map((task) => ({ value: task.id, words: `${text(task.name)} · ${text(task.unit?.name)}` })) },
      { name: 'note', label: 'act.urge_note', kind: 'textarea', max: 2000 },
    ]),
    run: async ({ task = '', note = '' }) => { await call('post', '/api/v1/tasks/{task}/urge', { path: { task }, body: { note } }); changed() },
  }
}

const makers = { pause, resume, urge, cancel }

export const acts_of_case = (detail: Detail, changed: Changed): Act[] =>
  Object.entries(makers).flatMap(([key, make]) => ((detail.actions as readonly string[]).includes(key) ? [make(detail, changed)] : []))
