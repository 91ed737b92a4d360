// archive: what was closed long ago lies in a file, and its applicant and the office read it as before.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'

export default async function archive(browser, base, node) {
  const citizen = await person(browser, base)
  const clerk = await person(browser, base)
  const timeline = () => citizen.locator('section[aria-labelledby=timeline]').innerText()
  let number, before, path
  await step('a citizen has an application that was approved', async () => {
    await sign_in(citizen, '/sign-in', /王芳/)
    await citizen.goto('/matters')
    const approved = citizen.locator('a[href^="/matters/"]').filter({ hasText: '准予' }).filter({ hasText: '开办小餐馆' }).first()
    number = await approved.locator('.number').innerText()
    await approved.click()
    await citizen.waitForURL(/\/matters\/./)
    await see(citizen, number)
    path = new URL(citizen.url()).pathname
    before = await timeline()
  })

  await step('months later it is moved into a file', async () => {
    const planned = node.run_later('62d', 'cases', 'archive', '--keep', '0', '--dry-run')
    assert(/^\d{4}-\d\d: [1-9]/.test(planned), `the dry run says: ${planned}`)
    assert(node.run('cases', 'archive', '--keep', '0').startsWith('there is nothing'), 'a month is archived that is not over')
    node.run_later('62d', 'cases', 'archive', '--keep', '0')
    const files = readdirSync(join(node.folder, 'data/archive'))
    assert(files.length >= 1 && files.every((name) => /^cases-\d{4}-\d\d-[\da-f-]{36}\.jxa$/.test(name)), `the files are ${files}`)
    assert(node.run_later('62d', 'cases', 'archive', '--keep', '0').startsWith('there is nothing'), 'a second run finds something')
    const told = JSON.parse(node.run('cases', 'show', number))
    assert(told.archived && told.application.restaurant && told.timeline.length > 5, 'the command does not show the case')
  })

  await step('she reads it as before', async () => {
    await citizen.goto(path)
    await see(citizen, number)
    assert((await timeline()) === before, `the timeline is another one: ${await timeline()} instead of ${before}`)
  })
  await step('the office sees that it is archived', async () => {
    await sign_in(clerk, '/workbench/', /张伟/)
    await see(clerk, '待办')
    await clerk.goto(path.replace('/matters/', '/workbench/cases/'))
    await see(clerk, number, '已归档', '本件各环节', '办理经过')
  })
  await step('a task of it is read where its case is said', async () => {
    const id = path.split('/').at(-1)
    const get = (url) => clerk.evaluate(async (to) => { const answer = await fetch(to); return [answer.status, await answer.json()] }, url)
    const [, detail] = await get(`/api/v1/cases/${id}`)
    const task = detail.tasks.find(({ decision }) => decision).id
    assert((await get(`/api/v1/tasks/${task}`))[0] === 404, 'a task alone says where it is')
    const [status, read] = await get(`/api/v1/tasks/${task}?case=${id}`)
    assert(status === 200 && read.task.opinion !== undefined && read.case.archived, `${status}`)
  })
  await also('workbench archived case', () => look(clerk, 'workbench-case-archived'))
}
