// The portal: what citizens see. Pages load when they are first opened.
import { createRouter, createWebHistory } from 'vue-router'
import { load_later } from '@common/i18n'
import { actor } from '@common/session'
import { start } from '@common/start'
import App from './App.vue'
import HomePage from './pages/HomePage.vue'

const router = createRouter({
  history: createWebHistory('/'),
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  routes: [
    { path: '/', component: HomePage, meta: { title: 'home.title' } },
    { path: '/sign-up', component: () => import('./pages/SignUpPage.vue'), meta: { title: 'sign_up.title' } },
    { path: '/sign-in', component: () => import('./pages/SignInPage.vue'), meta: { title: 'session.sign_in' } },
    { path: '/items/:item(.+)', component: () => import('./pages/ItemPage.vue'), props: true, meta: { title: 'item.title' } },
    { path: '/scene/:scene(.+)', component: () => import('./pages/ScenePage.vue'), props: true, meta: { title: 'scene.title' } },
    { path: '/guides', component: () => import('./pages/GuidesPage.vue'), meta: { title: 'guides.title' } },
    { path: '/apply/:draft', component: () => import('./pages/ApplyPage.vue'), props: true, meta: { title: 'apply.title' } },
    { path: '/matters', component: () => import('./pages/MattersPage.vue'), meta: { title: 'matters.title' } },
    { path: '/matters/:id', component: () => import('./pages/MatterPage.vue'), props: true, meta: { title: 'matter.title' } },
    { path: '/certificates', component: () => import('./pages/CertificatesPage.vue'), meta: { title: 'certificates.title' } },
    { path: '/certificates/:id', component: () => import('./pages/CertificatePage.vue'), props: true, meta: { title: 'certificate.title' } },
    { path: '/verify', component: () => import('./pages/VerifyPage.vue'), meta: { title: 'verify.title' } },
    { path: '/review/:code', component: () => import('./pages/VisitPage.vue'), props: true, meta: { title: 'visit.title' } },
    { path: '/my-data', component: () => import('./pages/MyDataPage.vue'), meta: { title: 'data.title' } },
    { path: '/inbox', component: () => import('./pages/InboxPage.vue'), meta: { title: 'inbox.title' } },
    { path: '/mandates', component: () => import('./pages/MandatesPage.vue'), meta: { title: 'mandates.title' } },
    { path: '/api', component: () => import('./pages/ApiPage.vue'), meta: { title: 'api.title' } },
    { path: '/demo', component: () => import('../demo/DemoPage.vue'), meta: { title: 'home.demo_sign_in' } },
    { path: '/catalogue', component: () => import('./pages/CataloguePage.vue'), meta: { title: 'open.title' } },
    { path: '/catalogue/:id', component: () => import('./pages/ResourcePage.vue'), props: true, meta: { title: 'open.title' } },
    { path: '/password', component: () => import('@common/ui/PasswordPage.vue'), meta: { title: 'password.title' } },
    { path: '/:rest(.*)*', component: () => import('./pages/NotFoundPage.vue'), meta: { title: 'not_found.title' } },
  ],
})

const words = {
  'zh-CN': () => Promise.all([import('@common/messages/zh-CN.json?first'), import('./messages/zh-CN.json?first')]),
  en: () => Promise.all([import('@common/messages/en.json?first'), import('./messages/en.json?first')]),
}
const more_words = {
  'zh-CN': () => Promise.all([import('@common/messages/zh-CN.json?later'), import('./messages/zh-CN.json?later')]),
  en: () => Promise.all([import('@common/messages/en.json?later'), import('./messages/en.json?later')]),
}

// Who came in with a password for one time sets her own before anything else.
router.beforeEach((to) => (actor.value?.must_set_password && to.path !== '/password' ? { path: '/password', query: { next: to.fullPath } } : true))

router.beforeResolve(async (to) => {
  if (to.path !== '/') await load_later(async (language) => (await more_words[language]()).map((file) => file.default))
})

await start(App, router, async (language) => (await words[language]()).map((file) => file.default))
