// i18n.ts - the words of the screen. They live in messages/<language>.json alone; only the language in use is downloaded.
import { ref, shallowRef } from 'vue'
import type common from './messages/zh-CN.json'
import type portal from '../portal/messages/zh-CN.json'
import type workbench from '../workbench/messages/zh-CN.json'
import type demo from '../demo/messages/zh-CN.json'

export const languages = ['zh-CN', 'en'] as const
export type Language = (typeof languages)[number]
export type Key = keyof typeof common | keyof typeof portal | keyof typeof workbench | keyof typeof demo
export type Messages = Readonly<Record<string, string>>
export type Params = Readonly<Record<string, string | number>>

/** A text of the pack: a map by BCP 47 tag. */
export type Text = Readonly<Record<string, string>>

const messages = shallowRef<Messages>({})
let load: (language: Language) => Promise<Messages[]> = () => Promise.resolve([])
const more: Readonly<Record<Language, Messages>>[] = []

export const language = ref<Language>('zh-CN')

let later: typeof load | undefined

const subtag = (tag: string) => tag.split('-')[0]

/** Loads the messages of `wanted` and makes it the language of the page; remembers it. */
export async function use_language(wanted: Language): Promise<void> {
  const all = await Promise.all([load(wanted), later?.(wanted) ?? []])
  messages.value = Object.assign({}, ...all.flat(), ...more.map((words) => words[wanted])) as Messages
  language.value = wanted
  document.documentElement.lang = wanted
  remember('language', wanted)
}

/** Words of a part that few pages load, in every language. */
export function add_words(words: Readonly<Record<Language, Messages>>): void {
  more.push(words)
  messages.value = { ...messages.value, ...words[language.value] }
}

/** Loads the words that the first page does without; once. */
export async function load_later(loader: typeof load): Promise<void> {
  if (later) return
  const words = await loader(language.value)
  later = loader
  messages.value = Object.assign({}, messages.value, ...words) as Messages
}

/** Begins with the language chosen before, else the browser's first that is known, else Chinese. */
export function start_i18n(loader: typeof load): Promise<void> {
  load = loader
  const wishes = [recall('language') ?? '', ...navigator.languages]
  const found = wishes.map((wish) => languages.find((known) => subtag(known) === subtag(wish)))
  return use_language(found.find((known) => known) ?? 'zh-CN')
}

/** The message of `key` with its `{name}`s replaced. Of `one|other`, English takes the one that `n` asks for. */
export function t(key: Key, params: Params = {}): string {
  const message = messages.value[key] ?? key
  const [one, other] = message.split('|')
  const singular = other === undefined || new Intl.PluralRules(language.value).select(Number(params['n'])) === 'one'
  return ((singular ? one : other) ?? '').replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole))
}

/** The message of a code that the server may know before this page does; then the code itself. */
export const t_code = (prefix: string, code: string): string => messages.value[`${prefix}.${code}`] ?? code

/** A text of the pack in the language of the page, or in the nearest that it has. */
export function text(words: Text | undefined): string {
  if (!words) return ''
  const near = Object.keys(words).find((tag) => subtag(tag) === subtag(language.value))
  return words[language.value] ?? words[near ?? 'en'] ?? Object.values(words)[0] ?? ''
}

/** What this browser remembers of its reader's wishes; nothing where storage is switched off. */
export function recall(name: string): string | null {
  try { return localStorage.getItem(`junxian.${name}`) } catch { return null }
}
export function remember(name: string, value: string): void {
  try { localStorage.setItem(`junxian.${name}`, value) } catch { /* a wish that lasts for this page only */ }
}
