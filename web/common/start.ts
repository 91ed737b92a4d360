// start.ts - how either front end begins: its words, the session, then the page; a plain sentence if the server does not answer.
import { createApp, nextTick, watch, type Component } from 'vue'
import type { Router } from 'vue-router'
import { as_problem } from './api/client'
import { language, start_i18n, t, text, type Key, type Language, type Messages } from './i18n'
import { jurisdiction, start_session } from './session'
import NotStarted from './ui/NotStarted.vue'
import './style/tokens.css'
import './style/base.css'

declare module 'vue-router' {
  interface RouteMeta { title: Key }
}

export async function start(root: Component, router: Router, messages: (language: Language) => Promise<Messages[]>): Promise<void> {
  const [words, session] = await Promise.allSettled([start_i18n(messages), start_session()])
  if (words.status === 'rejected') throw words.reason
  if (session.status === 'rejected') {
    createApp(NotStarted, { problem: as_problem(session.reason) }).mount('#app')
    return
  }
  const name_page = () => {
    document.title = `${t(router.currentRoute.value.meta.title)} · ${text(jurisdiction.value?.name)}`
  }
  // Who moves by keyboard or screen reader hears the new page from its heading on.
  router.afterEach(async (to, from) => {
    name_page()
    if (from.matched.length === 0 || to.path === from.path) return
    await nextTick()
    const heading = document.querySelector('h1')
    heading?.setAttribute('tabindex', '-1')
    heading?.focus({ preventScroll: true })
  })
  watch(language, name_page)
  createApp(root).use(router).mount('#app')
}
