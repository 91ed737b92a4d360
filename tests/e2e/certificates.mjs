// certificates: a holder shows a part of hers, a stranger verifies it without the network, and the head of the unit revokes it.
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'

/** After yunxi, where Wang Fang got one. */
export default async function certificates(browser, base) {
  const citizen = await person(browser, base)
  const stranger = await person(browser, base)
  const head = await person(browser, base)
  let mine
  let number = ''
  let link = ''
  let whole = ''

  await step('her certificates are a page of their own; one has its code and a PDF', async () => {
    await sign_in(citizen, '/sign-in', /王芳/)
    const { items } = await citizen.evaluate(async () => (await fetch('/api/v1/certificates')).json())
    mine = items.find((one) => one.name['zh-CN'] === '小餐饮经营许可证')
    number = mine.number
    await citizen.goto('/certificates')
    await see(citizen, '我的证照', '小餐饮经营许可证')
    await also('portal certificates', () => look(citizen, 'portal-certificates'))
    await citizen.getByRole('link', { name: new RegExp(number) }).click()
    await see(citizen, '扫码核验')
    await citizen.waitForFunction(() => document.querySelector('.scan img')?.naturalWidth > 0)
    const [download] = await Promise.all([citizen.waitForEvent('download'), citizen.getByRole('link', { name: '下载 PDF' }).click()])
    assert(download.suggestedFilename() === 'certificate.pdf', download.suggestedFilename())
  })

  await step('she chooses what she shows, and the link says that much', async () => {
    await citizen.getByText('只出示部分内容').click()
    await citizen.getByRole('checkbox', { name: /^持证人 / }).check()
    await also('portal certificate in part', () => look(citizen, 'portal-certificate-part'))
    link = await citizen.getByRole('textbox', { name: '核验链接' }).inputValue()
    await citizen.getByText('电子凭证原文').click()
    whole = await citizen.locator('.signed').inputValue()
  })

  await step('a stranger opens the link and sees what she shows, and no more', async () => {
    await stranger.goto(link)
    const page = await see(stranger, '真实有效', '王芳', '没有出示')
    assert(!/\d{17}[\dX]/.test(page) && !page.includes(number), 'more is shown than she chose')
    await also('portal verified in part', () => look(stranger, 'portal-verify-part'))
  })

  await step('the page verifies without the network', async () => {
    await stranger.context().setOffline(true)
    const box = stranger.getByRole('textbox')
    await box.fill(`${whole.slice(0, 200)}${whole[200] === 'A' ? 'B' : 'A'}${whole.slice(201)}`)
    await stranger.getByRole('button', { name: '验证' }).click()
    await see(stranger, '验证未通过')
    await box.fill(whole)
    await stranger.getByRole('button', { name: '验证' }).click()
    await see(stranger, '真实有效', number)
    await stranger.context().setOffline(false)
  })

  await step('the head of the unit revokes it, with the reason and the law; then it verifies no more', async () => {
    const { case: of } = await citizen.evaluate(async (id) => (await fetch(`/api/v1/certificates/${id}`)).json(), mine.id)
    await sign_in(head, '/workbench/', /刘洋/)
    await head.goto(`/workbench/cases/${of}`)
    await head.getByRole('button', { name: '撤销证照' }).click()
    await head.getByRole('textbox', { name: /理由/ }).fill('提交虚假材料取得。')
    await head.getByRole('textbox', { name: /法律依据/ }).fill('中华人民共和国行政许可法')
    await head.getByRole('textbox', { name: /条款/ }).fill('69')
    await also('workbench revoking a certificate', () => look(head, 'workbench-certificate-revoke', { dense: true }))
    await head.getByRole('dialog').getByRole('button', { name: '撤销证照' }).click()
    await see(head, '已撤销')
    await also('workbench revoked certificate', () => look(head, 'workbench-certificate-revoked', { dense: true }))
    await citizen.reload()
    await see(citizen, '已撤销')
    // Kept by the browser for as long as the list says: half a minute.
    const fresh = await person(browser, base)
    await fresh.goto(link)
    await see(fresh, '验证未通过', '该证照已被撤销')
    await also('portal verify revoked', () => look(fresh, 'portal-verify-revoked'))
  })
}
