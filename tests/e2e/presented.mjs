// presented: who holds a certificate shows it in place of files; the clerk sees that it is in force. Begins where the business licence was issued.
import { look, person } from './browser.mjs'
import { also, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'
import { photograph } from './restaurant.mjs'

export default async function presented(browser, base) {
  const citizen = await person(browser, base)
  let number = ''
  await step('her business licence is offered in place of an upload, and one click presents it', async () => {
    await sign_in(citizen, '/sign-in', /王芳/)
    await citizen.goto('/items/signboard')
    await see(citizen, '由您提供；有相应电子证照的，不用上传')
    await citizen.getByRole('button', { name: '开始办理' }).click()
    await citizen.waitForURL(/\/apply\//)
    await citizen.getByRole('button', { name: '使用我的《营业执照》' }).first().waitFor()
    await also('portal, a certificate is offered', () => look(citizen, 'portal-presentation-offered'))
    await citizen.getByRole('button', { name: '使用我的《营业执照》' }).first().click()
    await see(citizen, '营业执照：以电子证照《营业执照》代替上传', '经核对，证照现行有效')
  })
  await also('portal, a certificate is presented', () => look(citizen, 'portal-presentation'))
  await step('the application goes off without a file for it', async () => {
    for (const [at, value] of [['operator-name', '王芳'], ['operator-phone', '10255510001'], ['shop-name', '溪畔小馆'], ['premises-address', '溪口镇老街17号'], ['width-m', '3'], ['height-m', '0.8'], ['bottom-m', '2.8']]) {
      const field = citizen.locator(`#field-${at}`)
      if (await field.isVisible()) await field.fill(value)
    }
    await citizen.locator('input[data-for="field-materials-sketch"]').setInputFiles({ name: '招牌.png', mimeType: 'image/png', buffer: photograph() })
    await citizen.getByRole('button', { name: /移除 ?招牌/ }).waitFor()
    await citizen.getByRole('button', { name: '提交申请' }).click()
    await citizen.waitForURL(/\/matters\//)
    number = /办件编号 (\S+)/.exec(await see(citizen, '申请已提交'))?.[1] ?? ''
    await see(citizen, '以电子证照《营业执照》代替上传')
  })
  await step('the clerk sees the certificate, and that it is in force', async () => {
    const clerk = await person(browser, base)
    await sign_in(clerk, '/workbench/', /龙婷/)
    await clerk.locator('tr.task').filter({ hasText: number }).first().getByRole('link').first().click()
    await see(clerk, '营业执照：以电子证照《营业执照》代替上传', '经核对，证照现行有效', '招牌宽', '溪口镇老街17号')
    await also('workbench, a certificate in place of a file', () => look(clerk, 'workbench-presentation', { dense: true }))
  })
}
