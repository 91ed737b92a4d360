// scenes: somebody who does not know what it is called finds what she wants: live search, six questions, a guide in true numbers, the draft that begins with
// her answers; all items by life event and by department; the same in elder mode and in English; the items as staff see them.
import { look, person } from './browser.mjs'
import { also, assert, step } from './harness.mjs'
import { see, sign_in } from './people.mjs'

const picks = ['租来的商铺', '还没有', '面食、米粉', '不做', '不用，只用电', '要挂']

export default async function scenes(browser, base) {
  const citizen = await person(browser, base)

  await step('what is found follows what is typed, in pinyin too', async () => {
    await citizen.goto('/')
    await see(citizen, '我要开餐馆', '义务教育入学报名')
    await citizen.getByRole('searchbox').pressSequentially('kaifandian')
    await see(citizen, '与“kaifandian”有关的事项', '我要开餐馆')
  })

  await step('six questions, one a screen; none is passed without an answer', async () => {
    await citizen.getByRole('link', { name: /我要开餐馆/ }).click()
    await see(citizen, '第 1 题，共 6 题')
    await citizen.getByRole('button', { name: '下一步' }).click()
    await see(citizen, '请选一个答案')
    await look(citizen, 'portal-scene-missing')
    for (const [n, pick] of picks.entries()) {
      await see(citizen, `第 ${n + 1} 题，共 6 题`)
      if (n === 4) await look(citizen, 'portal-scene-question')
      await citizen.getByRole('radio', { name: pick }).check()
      await citizen.getByRole('button', { name: '下一步' }).click()
    }
  })

  await step('her guide: five things as one application, in true numbers; her answers are kept by the way back', async () => {
    const page = await see(citizen, '您要办 5 件事', '5 张表', '只需填', '开餐馆一件事')
    for (const words of ['个体工商户设立登记', '食品经营许可', '开业前消防安全检查', '招牌设置许可', '污水排入排水管网许可', '租约上的地址']) assert(page.includes(words), `the guide does not say ${words}`)
    await citizen.goBack()
    await see(citizen, '第 6 题，共 6 题')
    await citizen.goForward()
    await see(citizen, '您要办 5 件事')
  })
  await also('portal guide', () => look(citizen, 'portal-scene-guide'))

  await step('another answer, another guide: who has a licence applies for each by itself', async () => {
    await citizen.getByRole('link', { name: /修改.*营业执照/ }).click()
    await citizen.getByRole('radio', { name: '已经有了' }).check()
    await citizen.getByRole('button', { name: '下一步' }).click()
    await see(citizen, '您要办 4 件事', '分 4 次申请')
    await look(citizen, 'portal-scene-guide-each')
    await citizen.goBack()
    await citizen.goBack()
    await see(citizen, '您要办 5 件事')
  })

  await step('she signs in and applies; the form begins with her answers', async () => {
    await citizen.getByRole('button', { name: '登录后办理' }).or(citizen.getByRole('button', { name: /登录/ })).first().click()
    await citizen.getByRole('button', { name: /王芳/ }).first().click()
    await see(citizen, '您要办 5 件事')
    await citizen.getByRole('button', { name: '开始办理' }).click()
    await citizen.waitForURL(/\/apply\//)
    await citizen.getByRole('radio', { name: '面食' }).waitFor()
    assert(await citizen.getByRole('radio', { name: '面食' }).isChecked(), 'what she answered is asked again')
  })

  await also('all items by life event and by department', async () => {
    await citizen.goto('/guides')
    await see(citizen, '生育收养', '育儿补贴申领')
    await look(citizen, 'portal-guides-event')
    await citizen.getByRole('link', { name: '按部门找' }).click()
    await see(citizen, '公积金中心')
    await look(citizen, 'portal-guides-unit')
    await citizen.getByRole('link', { name: /残疾人证办理/ }).click()
    await see(citizen, '到现场的原因', '常见问题', '咨询电话')
    await look(citizen, 'portal-item-disability')
  })

  await also('the same in elder mode', async () => {
    await citizen.goto('/scene/open-restaurant')
    await citizen.getByRole('button', { name: '大字版' }).click()
    await see(citizen, '第 1 题，共 6 题')
    await look(citizen, 'portal-elder-scene', { target_px: 60 })
    await citizen.goto('/scene/open-restaurant?place=dwelling&licence=no&kind=snacks&raw_food=yes&open_fire=yes&sign=no')
    await see(citizen, '您要办 4 件事')
    await look(citizen, 'portal-elder-scene-guide', { target_px: 60 })
    await citizen.goto('/guides')
    await see(citizen, '生育收养')
    await look(citizen, 'portal-elder-guides', { target_px: 60 })
  })

  await also('in English, nothing is left in Chinese', async () => {
    const visitor = await person(browser, base, 'en-GB')
    for (const [path, words] of [['/scene/open-restaurant', 'Question 1 of 6'], ['/scene/open-restaurant?place=dwelling&licence=no&kind=snacks&raw_food=yes&open_fire=yes&sign=yes', 'You need 5 things'], ['/guides', 'By life event'], ['/guides?by=unit', 'Housing Fund']]) {
      await visitor.goto(path)
      const page = await see(visitor, words)
      assert(!/\p{Script=Han}/u.test(page), `${path} is left in Chinese: ${/.*\p{Script=Han}.*/u.exec(page)?.[0]}`)
      await look(visitor, `portal-en-${path.replaceAll(/\W+/g, '-').slice(1, 40)}`)
    }
  })

  await also('the items as those who keep them see them', async () => {
    const keeper = await person(browser, base)
    await sign_in(keeper, '/workbench/', /林文博/)
    await keeper.goto('/workbench/items')
    await see(keeper, '未发现问题', '育儿补贴申领')
    await look(keeper, 'workbench-items', { dense: true })
  })
}
