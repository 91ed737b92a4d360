// The workbench: where staff decide, look up shared data and check the record.
import { createRouter, createWebHistory } from 'vue-router'
import { actor, choose_post } from '@common/session'
import { start } from '@common/start'
import App from './App.vue'
import { home_of } from './sections'

const router = createRouter({
  history: createWebHistory('/workbench/'),
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  routes: [
    { path: '/', component: () => import('./pages/TasksPage.vue'), meta: { title: 'tasks.title' } },
    { path: '/sign-in', component: () => import('./pages/SignInPage.vue'), meta: { title: 'session.sign_in' } },
    { path: '/tasks/:id', component: () => import('./pages/TaskPage.vue'), props: true, meta: { title: 'task.title' } },
    { path: '/cases/:id', component: () => import('./pages/CasePage.vue'), props: true, meta: { title: 'case.title' } },
    { path: '/counter', component: () => import('./counter/CounterPage.vue'), meta: { title: 'counter.title' } },
    { path: '/counter/:draft', component: () => import('./counter/CounterDraftPage.vue'), props: true, meta: { title: 'counter.draft' } },
    { path: '/confirm', component: () => import('./counter/ConfirmPage.vue'), meta: { title: 'confirm.title' } },
    { path: '/hotline', component: () => import('./hotline/HotlinePage.vue'), meta: { title: 'hotline.title' } },
    { path: '/data', component: () => import('./pages/DataPage.vue'), meta: { title: 'lookup.title' } },
    { path: '/usage', component: () => import('./pages/UsagePage.vue'), meta: { title: 'log.title' } },
    { path: '/decisions', component: () => import('./pages/DecisionsPage.vue'), meta: { title: 'rules.title' } },
    { path: '/decisions/:id', component: () => import('./pages/DecisionPage.vue'), props: true, meta: { title: 'rules.one' } },
    { path: '/incidents', component: () => import('./pages/IncidentsPage.vue'), meta: { title: 'incidents.title' } },
    { path: '/incidents/:id', component: () => import('./pages/IncidentPage.vue'), props: true, meta: { title: 'incidents.one' } },
    { path: '/definitions', component: () => import('./pages/DefinitionsPage.vue'), meta: { title: 'processes.title' } },
    { path: '/definitions/:id', component: () => import('./pages/DefinitionPage.vue'), props: true, meta: { title: 'processes.one' } },
    { path: '/absences', component: () => import('./pages/AbsencesPage.vue'), meta: { title: 'absence.title' } },
    { path: '/catalogue', component: () => import('./pages/CataloguePage.vue'), meta: { title: 'catalogue.title' } },
    { path: '/catalogue/:id', component: () => import('./pages/ResourcePage.vue'), props: true, meta: { title: 'catalogue.one' } },
    { path: '/catalogue/:id/request', component: () => import('./pages/RequestPage.vue'), props: true, meta: { title: 'sharing.request' } },
    { path: '/drafts/:id', component: () => import('./pages/DraftPage.vue'), props: true, meta: { title: 'draft.title' } },
    { path: '/sources', component: () => import('./pages/SourcesPage.vue'), meta: { title: 'sources.title' } },
    { path: '/sources/:id', component: () => import('./pages/SourcePage.vue'), props: true, meta: { title: 'sources.one' } },
    { path: '/requests', component: () => import('./pages/RequestsPage.vue'), meta: { title: 'requests.title' } },
    { path: '/grants', component: () => import('./pages/GrantsPage.vue'), meta: { title: 'grants.title' } },
    { path: '/overview', component: () => import('./pages/OverviewPage.vue'), meta: { title: 'overview.title' } },
    { path: '/overview/:item', component: () => import('./pages/ItemFiguresPage.vue'), props: true, meta: { title: 'overview.item' } },
    { path: '/reviews', component: () => import('./pages/ReviewsPage.vue'), meta: { title: 'reviews.title' } },
    { path: '/items', component: () => import('./pages/ItemsPage.vue'), meta: { title: 'items.title' } },
    { path: '/deliveries', component: () => import('./pages/DeliveriesPage.vue'), meta: { title: 'deliveries.title' } },
    { path: '/delays', component: () => import('./pages/DelaysPage.vue'), meta: { title: 'delays.title' } },
    { path: '/duplicates', component: () => import('./pages/DuplicatesPage.vue'), meta: { title: 'duplicates.title' } },
    { path: '/people', component: () => import('./people/PeoplePage.vue'), meta: { title: 'people.title' } },
    { path: '/people/:id', component: () => import('./people/AccountPage.vue'), props: true, meta: { title: 'people.one' } },
    { path: '/audit', component: () => import('./audit/AuditPage.vue'), meta: { title: 'audit.title' } },
    { path: '/packs', component: () => import('./packs/PacksPage.vue'), meta: { title: 'packs.title' } },
    { path: '/password', component: () => import('@common/ui/PasswordPage.vue'), meta: { title: 'password.title' } },
    { path: '/ledger', component: () => import('./pages/LedgerPage.vue'), meta: { title: 'ledger.title' } },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
})

// Everything here is for those who are signed in; the server decides what each may see.
router.beforeEach(async (to) => {
  if (!actor.value && to.path !== '/sign-in' && to.path !== '/ledger') return { path: '/sign-in', query: { next: to.fullPath } }
  if (actor.value?.must_set_password && to.path !== '/password') return { path: '/password', query: { next: to.fullPath } }
  if (to.path === '/password') return true
  const [post, another] = actor.value?.posts ?? []
  if (post && !another && !actor.value?.post) await choose_post(post.key)
  // Who has no work list begins at the first page that she has.
  if (to.path === '/' && actor.value?.post) {
    const home = home_of(actor.value.permissions)
    if (home !== '/') return home
  }
  return true
})

const words = {
  'zh-CN': () => Promise.all([import('@common/messages/zh-CN.json'), import('./messages/zh-CN.json')]),
  en: () => Promise.all([import('@common/messages/en.json'), import('./messages/en.json')]),
}

await start(App, router, async (language) => (await words[language]()).map((file) => file.default))
