// messages.mjs - the inbox, results and fees, mandates; and on a node that sends mails, where somebody is told.
import { randomUUID } from 'node:crypto'
import { assert, step } from '../e2e/harness.mjs'
import { mail_settings, mailbox } from '../e2e/mailbox.mjs'
import { caller, open_restaurant } from '../e2e/restaurant.mjs'
import { start } from '../e2e/server.mjs'

const li_na = { code: { scheme: 'cn.citizen-id', value: '332021199407180586' }, name: '李娜' }

/** `concluded` is a case of Wang Fang's, whose result she collects. */
export async function messages(base, sign_in, anyone, concluded) {
  const wang = await sign_in('wang.fang')
  const clerk = await sign_in('zhang.wei')
  const keyed = () => ({ 'Idempotency-Key': randomUUID() })
  const post = (who, path, body, expect = 200) => who.call('POST', path, { ...(body && { body }), headers: keyed(), expect })

  await step('messages are hers alone, and read once', async () => {
    await anyone.get('/api/v1/inbox', 401)
    await clerk.get('/api/v1/inbox', 403)
    await wang.get('/api/v1/inbox?limit=0', 422)
    const { body: inbox } = await wang.get('/api/v1/inbox?limit=2')
    assert(inbox.items.length === 2 && inbox.unread >= 2 && inbox.next, JSON.stringify(inbox))
    const { body: older } = await wang.get(`/api/v1/inbox?limit=200&cursor=${inbox.next}`)
    assert(!older.items.some(({ id }) => inbox.items.some((one) => one.id === id)), 'a message is on two pages')
    const { body: counted } = await post(wang, `/api/v1/inbox/${inbox.items[0].id}/read`)
    assert(counted.unread === inbox.unread - 1, JSON.stringify(counted))
    await post(await sign_in('chen.jianguo'), `/api/v1/inbox/${inbox.items[1].id}/read`, undefined, 404)
    await post(wang, '/api/v1/inbox/read-all')
    const { body: session } = await wang.get('/api/v1/session')
    assert(session.actor.unread_messages === 0, JSON.stringify(session.actor))
  })

  await step('a county that sends no mails says so', async () => {
    const { body } = await wang.get('/api/v1/contacts')
    assert(body.items.length === 2 && body.items.every(({ offered }) => !offered), JSON.stringify(body))
    await post(wang, '/api/v1/contacts/mail', { address: 'wang@example.org' }, 409)
    await post(wang, '/api/v1/contacts/pigeon', { address: 'wang@example.org' }, 404)
    await wang.call('DELETE', '/api/v1/contacts/mail', { expect: 404 })
    await wang.call('POST', '/api/v1/contacts/mail/confirm', { body: { code: '000000' }, expect: 404 })
  })

  await step('a fee is recorded by the unit that handles the case, paid once, and seen by whom it is for', async () => {
    const { case: case_id } = await open_restaurant(base, '溪上小馆')
    const path = `/api/v1/cases/${case_id}/fees`
    await post(wang, path, { name: '工本费', amount: 1000 }, 403)
    await post(clerk, path, { name: '工本费', amount: 0 }, 422)
    const { body: with_fee } = await post(clerk, path, { name: '工本费', amount: 1000 })
    const fee = with_fee.fees.at(-1)
    assert(fee.written === '10.00 CNY' && !fee.paid_at, JSON.stringify(fee))
    await post(clerk, `${path}/${fee.id}/payment`, { way: 'counter', receipt: '' }, 422)
    await post(clerk, `${path}/${randomUUID()}/payment`, { way: 'counter', receipt: 'A1' }, 404)
    await post(clerk, `${path}/${fee.id}/payment`, { way: 'counter', receipt: 'A1' })
    await post(clerk, `${path}/${fee.id}/payment`, { way: 'counter', receipt: 'A1' }, 409)
    const { body: seen } = await wang.get(`/api/v1/cases/${case_id}`)
    assert(seen.fees.at(-1).receipt === 'A1', JSON.stringify(seen.fees))
    await post(clerk, `/api/v1/cases/${case_id}/result`, { state: 'posted', carrier: 'ems', tracking: 'E1' }, 409)  // not decided yet
    await post(clerk, `/api/v1/cases/${concluded}/result`, { state: 'posted', carrier: 'ems', tracking: 'E1' }, 422) // she collects it
    await post(wang, `/api/v1/cases/${concluded}/result`, { state: 'ready' }, 403)
    const { body: ready } = await post(clerk, `/api/v1/cases/${concluded}/result`, { state: 'ready' })
    assert(ready.result.state === 'ready', JSON.stringify(ready.result))
    await post(clerk, `/api/v1/cases/${concluded}/result`, { state: 'handed_out' })
    await post(clerk, `/api/v1/cases/${concluded}/result`, { state: 'ready' }, 409)
  })

  await step('a mandate is given, used for its items alone, and ended', async () => {
    const li = await sign_in('li.na')
    const { body: me } = await wang.get('/api/v1/jurisdiction')
    const until = me.today
    await post(wang, '/api/v1/mandates', { to: { ...li_na, name: '李娟' }, items: [], reads_data: false, until }, 404)
    await post(wang, '/api/v1/mandates', { to: li_na, items: ['absent'], reads_data: false, until }, 404)
    await post(wang, '/api/v1/mandates', { to: li_na, items: [], reads_data: false, until: '2000-01-01' }, 422)
    const { body: given } = await post(wang, '/api/v1/mandates', { to: li_na, items: ['food-permit'], reads_data: false, until }, 201)
    const mandate = given.given[0]
    const { body: session } = await li.get('/api/v1/session')
    const principal = session.actor.principals[0]?.id
    assert(principal, JSON.stringify(session.actor))
    await post(li, '/api/v1/drafts', { item: 'signboard', principal }, 403)
    const { body: draft } = await post(li, '/api/v1/drafts', { item: 'food-permit', principal }, 201)
    await post(li, `/api/v1/drafts/${draft.id}/prefill`, { grant: 'one-matter-resident', authorised: true }, 403)
    await li.call('PUT', `/api/v1/drafts/${draft.id}/result`, { body: { way: 'post' }, expect: 422 })
    const { body: chosen } = await li.call('PUT', `/api/v1/drafts/${draft.id}/result`, { body: { way: 'collect' }, expect: 200 })
    assert(chosen.result.way === 'collect', JSON.stringify(chosen))
    await post(await sign_in('chen.jianguo'), `/api/v1/mandates/${mandate.id}/end`, undefined, 404)
    await post(wang, `/api/v1/mandates/${mandate.id}/end`)
    await post(wang, `/api/v1/mandates/${mandate.id}/end`, undefined, 409)
    await post(li, '/api/v1/drafts', { item: 'food-permit', principal }, 403)
    await post(li, `/api/v1/drafts/${draft.id}/submit`, undefined, 403)
    const { body: hers } = await li.get('/api/v1/mandates')
    assert(hers.held.some(({ id, state }) => id === mandate.id && state === 'ended'), JSON.stringify(hers))
    await li.call('DELETE', `/api/v1/drafts/${draft.id}`, { expect: 204 })
  })
}

/** On a node of its own, whose exchanges go to `record`. */
export async function contacts(record) {
  const box = await mailbox()
  let node
  try {
    await step('an address is used once its code came back', async () => {
      node = await start('yunxi', [`record: ${record}`, 'calls_per_second: 0', ...mail_settings(box)])
      const call = await caller(node.url, 'wang.fang')
      const came = box.next()
      await call('POST', '/api/v1/contacts/mail', { address: 'wang@example.org' })
      const { text, to } = await came
      assert(to === 'wang@example.org', to)
      const { body } = await call('POST', '/api/v1/contacts/mail/confirm', { code: /\d{6}/.exec(text)[0] })
      assert(body.items.find(({ channel }) => channel === 'mail').address === 'wang@example.org', JSON.stringify(body))
      await call('DELETE', '/api/v1/contacts/mail')
    })
  } finally {
    await node?.stop()
    await box.close()
  }
}
