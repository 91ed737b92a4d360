// act.ts - something that one may do with a task or a case: what it asks for, and how it is sent.
import type { Key, Text } from '@common/i18n'
import type { IconName } from '@common/ui/AppIcon.vue'
import type { Values } from './drafts'

export interface Option { value: string; words: string | Text; group?: string }
export interface ActField {
  name: string // of the draft, and of the JSON Pointer by which the server complains: /name
  label: Key
  help?: Key
  kind: 'text' | 'textarea' | 'json' | 'select' | 'choices' | 'many' | 'check' | 'date' // many: values apart by spaces
  options?: readonly Option[]
  optional?: boolean
  max?: number
  when?: (values: Values) => boolean
}
export interface Act {
  key: string // also of its words: act.<key>
  icon: IconName
  title: Key
  words?: Key
  submit: Key
  danger?: boolean
  draft: string // what its draft is kept under
  fields: () => Promise<readonly ActField[]> // some ask the server first what there is to choose from
  run: (values: Values) => Promise<void>
}
