// session.ts - who is signed in, and what this jurisdiction is: the two things that every page knows.
import { computed, shallowRef } from 'vue'
import { call, use_csrf_token, type Schemas } from './api/client'

const session = shallowRef<Schemas['Session']>({})
export const jurisdiction = shallowRef<Schemas['Jurisdiction']>()
export const actor = computed(() => session.value.actor)
/** Messages that are not read. */
export const unread = shallowRef(0)

function use(next: Schemas['Session']): void {
  session.value = next
  use_csrf_token(next.csrf_token)
  unread.value = next.actor?.unread_messages ?? 0
}

export async function start_session(): Promise<void> {
  const [about, now] = await Promise.all([call('get', '/api/v1/jurisdiction'), call('get', '/api/v1/session')])
  jurisdiction.value = about.data
  use(now.data)
}

/** Today is another day after the clock of a demonstration was moved. */
export async function read_jurisdiction(): Promise<void> {
  jurisdiction.value = (await call('get', '/api/v1/jurisdiction')).data
}

export async function sign_in(sign_in: string, password: string): Promise<void> {
  use((await call('post', '/api/v1/session', { body: { sign_in, password } })).data)
}

export async function sign_out(): Promise<void> {
  await call('delete', '/api/v1/session')
  use((await call('get', '/api/v1/session')).data)
}

/** Null: none of her posts, as a resident. */
export async function choose_post(post: string | null): Promise<void> {
  use((await call('put', '/api/v1/session/post', { body: { post } })).data)
}

/** One's own; the other sessions of the account end. */
export async function change_password(old_password: string, new_password: string): Promise<void> {
  use((await call('put', '/api/v1/session/password', { body: { old_password, new_password } })).data)
}
