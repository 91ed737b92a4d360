// source-states: the page of a source says when it is left alone and until when, what its resources miss, and that a text file is large. What takes an
// outage to come about is answered here in the server's place.
import { look, person } from './browser.mjs'
import { also, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'

export default async function source_states(browser, base) {
  const officer = await person(browser, base)
  await step('a source that fares well says so', async () => {
    await sign_in(officer, '/workbench/', /潘文/)
    await officer.goto('/workbench/sources/enterprises')
    await see(officer, '正常')
  })
  await step('one that keeps failing says since when, until when and what follows; what is missing and what is large are named', async () => {
    const soon = (ms) => new Date(Date.now() + ms).toISOString()
    await officer.route('**/api/v1/sources/enterprises', async (route) => {
      const response = await route.fetch()
      const source = await response.json()
      const column = { name: 'credit_code', type: 'text', meaning: 'none', sensitivity: 'open', empty: 0, distinct: 9, unique: true, least: '', greatest: '', pattern: '', in_pattern: 0 }
      await route.fulfill({ response, json: {
        ...source, kind: 'csv', breaker: { open: true, failures: 5, failed_at: soon(-60_000), retry_at: soon(60_000), why: { 'zh-CN': '数据源打不开', en: 'the source cannot be opened' } },
        examined_at: soon(-3_600_000), examination: { faults: [], tables: [{ name: 'enterprises', rows: 250_000, whole: true, columns: [column] }] }, proposals: [],
        missing: [{ resource: 'enterprise-basic', table: 'enterprises', column: 'phone' }],
      } })
    })
    await officer.reload()
    await see(officer, '已停止访问', '数据源打不开', '暂不可用', '缺少列 phone', '经营主体登记信息', '从头读起')
  })
  await also('workbench source, failing', () => look(officer, 'workbench-source-failing'))
  await officer.unroute('**/api/v1/sources/enterprises')
  await step('a file that is too large is refused before it is sent', async () => {
    await officer.goto('/workbench/sources')
    await officer.locator('#source-files').setInputFiles({ name: 'large.csv', mimeType: 'text/csv', buffer: Buffer.alloc(8 * 1024 * 1024 + 1, 'a') })
    await officer.getByRole('alert').filter({ hasText: 'large.csv' }).waitFor()
  })
  await also('workbench file too large', () => look(officer, 'workbench-source-too-large'))
}
