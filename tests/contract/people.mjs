// people.mjs - who holds which post, what auditors see, and which packs were applied.
import { assert, step } from '../e2e/harness.mjs'

/** `sign_in` answers a caller who is signed in as the account of that name; `anyone` is nobody. `with_password` signs in with another password. */
export async function people(sign_in, anyone, with_password) {
  let officer
  let someone
  await step('posts and roles are told to who may read the directory, in words', async () => {
    officer = await sign_in('zheng.yan')
    const { body: all } = await officer.get('/api/v1/posts')
    const auditor = all.items.find(({ key }) => key === 'audit/auditor')
    assert(auditor.powers.join() === 'audit' && auditor.holders[0].from === '2025-01-01', JSON.stringify(auditor))
    assert(all.roles.every(({ permissions }) => permissions.every(({ words }) => words.en && words['zh-CN'])), 'a permission has no words')
    const { body: fire } = await officer.get('/api/v1/posts?unit=fire')
    assert(fire.items.length > 2 && fire.items.every(({ unit }) => unit.key === 'fire'), JSON.stringify(fire.items.map(({ key }) => key)))
    await officer.get('/api/v1/posts?unit=*', 422)
    await (await sign_in('wang.fang')).get('/api/v1/posts', 403)
    await anyone.get('/api/v1/posts', 401)
  })

  await step('accounts are found by name, unit and state; a clerk sees her own unit, a resident nobody', async () => {
    const list = async (query) => (await officer.get(`/api/v1/accounts?${new URLSearchParams(query)}`)).body
    assert((await list({ search: '张伟' })).items[0].username === 'zhang.wei', 'she is not found')
    assert((await list({ unit: 'fire' })).items.every(({ posts }) => posts.some(({ post }) => post.unit.key === 'fire')), 'others are among the fire brigade')
    assert((await list({ state: 'former' })).items.length === 0, 'somebody left')
    assert((await list({ search: 'wang.f' })).items.length === 0, 'residents can be browsed')
    someone = (await list({ search: 'wang.fang' })).items[0]
    assert(someone.posts.length === 0 && !someone.me, JSON.stringify(someone))
    const first = await list({ limit: 5 })
    const second = await list({ limit: 5, cursor: first.next })
    assert(first.items.length === 5 && second.items[0].username > first.items[4].username, 'the pages overlap')
    await officer.get('/api/v1/accounts?state=gone', 422)
    await officer.get('/api/v1/accounts?unit=nowhere', 422)
    const clerk = await sign_in('zhang.wei')
    assert((await clerk.get('/api/v1/accounts')).body.items.every(({ posts }) => posts.some(({ post }) => post.unit.key === 'market-regulation')), 'a clerk sees other units')
    await clerk.get('/api/v1/accounts?unit=fire', 403)
    await clerk.get(`/api/v1/accounts/${someone.id}`, 403)
    await (await sign_in('wang.fang')).get('/api/v1/accounts', 403)
    await anyone.get('/api/v1/accounts', 401)
  })

  const account = (id, act) => `/api/v1/accounts/${id}/${act}`
  const post = (who, path, body, expect) => who.call('POST', path, { body, expect })
  const reason = '挂职锻炼'
  let holding
  await step('a post is given with a reason, holds at once, and is ended', async () => {
    const { body: here } = await anyone.get('/api/v1/jurisdiction')
    const give = (who, id, more, expect) => post(who, account(id, 'posts'), { post: 'fire/safety-clerk', from: here.today, reason, ...more }, expect)
    const her = await sign_in('wang.fang')
    assert((await her.get('/api/v1/session')).body.actor.posts.length === 0, 'she holds a post already')
    for (const [who, expect] of [[anyone, 401], [await sign_in('huang.lei'), 403], [await sign_in('wu.gang'), 403], [await sign_in('zhang.wei'), 403], [await sign_in('lin.wenbo'), 403]]) await give(who, someone.id, {}, expect)
    await give(officer, someone.id, { reason: '' }, 422)
    await give(officer, someone.id, { reason: 'x'.repeat(201) }, 422)
    await give(officer, someone.id, { from: '2020-01-01' }, 422)
    await give(officer, someone.id, { to: '2020-01-01' }, 422)
    await give(officer, someone.id, { post: 'no/such' }, 404)
    await give(officer, '00000000-0000-7000-8000-000000000000', {}, 404)
    const me = (await officer.get('/api/v1/accounts?search=zheng.yan')).body.items[0]
    assert(me.me, 'she is not told that it is she')
    await give(officer, me.id, {}, 403)
    const auditor = (await officer.get('/api/v1/accounts?search=huang.lei')).body.items[0]
    const { body: two } = await give(officer, auditor.id, { post: 'data-bureau/configurator' }, 409)
    assert(two.detail.includes('auditing'), two.detail)
    const { body: given } = await give(officer, someone.id, {}, 201)
    holding = given.history[0]
    assert(holding.state === 'now' && holding.changes[0].reason === reason && holding.changes[0].by['zh-CN'] === '郑燕', JSON.stringify(holding))
    await give(officer, someone.id, {}, 409)
    assert((await her.get('/api/v1/session')).body.actor.posts[0].key === 'fire/safety-clerk', 'she does not hold it at once')
    await her.call('PUT', '/api/v1/session/post', { body: { post: 'fire/safety-clerk' }, expect: 200 })
    await her.get('/api/v1/tasks')

    const end = (who, last_day, expect, id = holding.id) => post(who, `/api/v1/holdings/${id}/end`, { last_day, reason: '挂职结束' }, expect)
    const yesterday = new Date(Date.parse(here.today) - 86_400_000).toISOString().slice(0, 10)
    await end(anyone, yesterday, 401)
    await end(await sign_in('zhang.wei'), yesterday, 403)
    await end(officer, '2020-01-01', 422)
    await end(officer, yesterday, 404, '00000000-0000-7000-8000-000000000000')
    await end(officer, yesterday, 403, (await officer.get(`/api/v1/accounts/${me.id}`)).body.account.posts[0].id)
    const { body: ended } = await end(officer, yesterday, 200)
    assert(ended.account.posts.length === 0 && ended.history[0].state === 'taken_back', JSON.stringify(ended))
    await end(officer, yesterday, 409)
    await her.get('/api/v1/tasks', 403)
  })

  await step('an account is locked and unlocked; a password for one time leads to setting ones own and to nothing else', async () => {
    const clerk = (await officer.get('/api/v1/accounts?search=han.gang')).body.items[0]
    const his = await sign_in('han.gang')
    await post(await sign_in('huang.lei'), account(clerk.id, 'lock'), { reason }, 403)
    await post(officer, account(clerk.id, 'lock'), { reason: '' }, 422)
    const { body: locked } = await post(officer, account(clerk.id, 'lock'), { reason }, 200)
    assert(locked.account.locked && locked.actions.includes('unlock'), JSON.stringify(locked.actions))
    await post(officer, account(clerk.id, 'lock'), { reason }, 409)
    await his.get('/api/v1/tasks', 401)
    await post(officer, account(clerk.id, 'unlock'), { reason }, 200)
    await post(officer, account(clerk.id, 'unlock'), { reason }, 409)
    const me = (await officer.get('/api/v1/accounts?search=zheng.yan')).body.items[0]
    for (const act of ['lock', 'unlock', 'password']) await post(officer, account(me.id, act), { reason }, 403)
    const auditor = (await officer.get('/api/v1/accounts?search=huang.lei')).body.items[0]
    await post(officer, account(auditor.id, 'password'), { reason }, 403) // with it she could be the auditor
    const system = (await officer.get('/api/v1/accounts?search=fire.dispatch')).body.items[0]
    await post(officer, account(system.id, 'password'), { reason }, 409) // nobody could set its own
    const { body: once } = await post(officer, account(clerk.id, 'password'), { reason }, 200)
    const again = await with_password('han.gang', once.password)
    assert((await again.get('/api/v1/session')).body.actor.must_set_password === true, 'she need not set her own')
    await again.get('/api/v1/tasks', 403)
    await again.get('/api/v1/items')
    const change = (old_password, new_password, expect) => again.call('PUT', '/api/v1/session/password', { body: { old_password, new_password }, expect })
    await change('a wrong old one', 'a good new password', 422)
    await change(once.password, 'short', 422)
    await change(once.password, 'yunxi demo 2026', 200)
    await again.get('/api/v1/tasks')
    await sign_in('han.gang')
  })

  await step('an auditor finds it all, each entry with what its proof needs; and each look is an entry', async () => {
    const auditor = await sign_in('huang.lei')
    const search = async (body, expect = 200, who = auditor) => (await post(who, '/api/v1/audit/search', body, expect)).body
    const found = await search({ subject: `holding:${holding.id}` })
    assert(found.items.map(({ kind }) => kind).join() === 'right.ended,right.granted' && found.items[1].actor.name['zh-CN'] === '郑燕', JSON.stringify(found.items))
    assert(found.items.every(({ salt, body }) => salt && JSON.parse(body).version === 1), 'an entry has no body')
    const officer_account = found.items[1].actor.account
    assert((await search({ account: officer_account, kind: 'account.password_reset' })).items.length === 1, 'the reset is not found')
    assert(!JSON.stringify(await search({ kind: 'account.password_reset' })).includes('"password":'), 'a password is in the record')
    const { body: here } = await anyone.get('/api/v1/jurisdiction')
    assert((await search({ from: here.today, until: here.today, limit: 5 })).items.length === 5, 'nothing happened today')
    assert((await search({ until: '2020-01-01' })).items.length === 0, 'something happened before it began')
    const page = await search({ limit: 2 })
    const next = await search({ limit: 2, cursor: page.next })
    assert(next.items.every(({ id }) => !page.items.some((one) => one.id === id)), 'the pages overlap')
    assert((await search({ kind: 'audit.searched' })).items.length >= 6, 'the auditor leaves no trace')
    for (const bad of [{ limit: 0 }, { limit: 101 }, { cursor: 'x' }, { from: 'today' }, { more: 1 }]) await search(bad, 422)
    await search({ kind: 'x'.repeat(300) }, 413)
    for (const [who, expect] of [[anyone, 401], [officer, 403], [await sign_in('wu.gang'), 403], [await sign_in('lin.wenbo'), 403]]) {
      await search({}, expect, who)
      await who.get('/api/v1/audit/integrity', expect)
    }
    const { body: whole } = await auditor.get('/api/v1/audit/integrity')
    assert(whole.size > 0 && whole.newest_at && !whole.last_check, JSON.stringify(whole))
    const proved = (await search({ kind: 'right.granted', limit: 1 })).items[0]
    let proof
    for (let tries = 0; !proof?.leaf && tries < 100; tries++) { // it is under a checkpoint within a second
      proof = (await auditor.call('GET', `/api/v1/ledger/entries/${proved.id}?part=proof`)).body
      if (!proof.leaf) await new Promise((resolve) => setTimeout(resolve, 100))
    }
    assert(proof.leaf && !proof.body, 'the proof brings the body')
    await auditor.get(`/api/v1/ledger/entries/${proved.id}?part=body`, 422)
    assert((await auditor.get(`/api/v1/ledger/entries/${proved.id}`)).body.body === proved.body, 'the bodies differ')
    assert((await search({ kind: 'audit.entry_read' })).items.length === 1, 'the look at one entry is not on record')
  })

  await step('applied packs are told, and what differs between two', async () => {
    const keeper = await sign_in('wu.gang')
    const { body: packs } = await keeper.get('/api/v1/packs')
    assert(packs.items[0].current && packs.items[0].files > 50 && packs.items[0].entry, JSON.stringify(packs))
    const { hash } = packs.items[0]
    const { body: same } = await keeper.get(`/api/v1/packs/changes?from=${hash}&to=${hash}`)
    assert(same.files.length === 0 && same.same === packs.items[0].files, JSON.stringify(same).slice(0, 300))
    await keeper.get(`/api/v1/packs/changes?from=${hash}&to=${'0'.repeat(64)}`, 404)
    await keeper.get(`/api/v1/packs/changes?from=${hash}`, 422)
    await (await sign_in('zhang.wei')).get('/api/v1/packs', 403)
    await (await sign_in('zhang.wei')).get(`/api/v1/packs/changes?from=${hash}&to=${hash}`, 403)
    await anyone.get('/api/v1/packs', 401)
  })

  await step('an account that somebody asked for is none before a clerk has seen her document', async () => {
    assert((await anyone.get('/api/v1/sign-up')).body.offered, 'nobody can ask for an account')
    const password = 'a long password'
    const wish = { sign_in: 'shen.shan', password, name: '沈善', code: { scheme: 'cn.citizen-id', value: '332021195902090977' }, telephone: '13800000000' }
    const ask = (more, expect) => post(anyone, '/api/v1/sign-up', { ...wish, ...more }, expect)
    for (const bad of [{ sign_in: 'x' }, { password: 'short' }, { name: ' ' }, { telephone: 'x' }, { code: { scheme: 'cn.citizen-id', value: '332021195902090978' } }, { code: { scheme: 'x', value: '1' } }, { more: 1 }]) await ask(bad, 422)
    await ask({ sign_in: 'wang.fang' }, 409)
    await ask({}, 201)
    await ask({}, 409)
    await post(anyone, '/api/v1/session', { sign_in: wish.sign_in, password }, 401)
    const { sign_in: name, code } = wish
    const open = (who, more, expect) => post(who, '/api/v1/counter/accounts', { sign_in: name, name: wish.name, code, ...more }, expect)
    const clerk = await sign_in('xu.mei')
    for (const [who, expect] of [[anyone, 401], [await sign_in('wang.fang'), 403], [await sign_in('zheng.yan'), 403]]) await open(who, {}, expect)
    await open(clerk, { name: '沈山' }, 404)
    await open(clerk, { sign_in: 'nobody' }, 404)
    await open(clerk, {}, 201)
    await open(clerk, {}, 404)
    const her = await with_password(name, password)
    const { actor } = (await her.get('/api/v1/session')).body
    assert(actor.name['zh-CN'] === wish.name && actor.posts.length === 0, JSON.stringify(actor))
  })
}
