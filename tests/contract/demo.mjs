// demo.mjs - figures, and what only a demonstration answers. It moves the clock, so it comes last.
import { assert, step } from '../e2e/harness.mjs'

/** `sign_in` answers a caller who is signed in as the account of that name; `anyone` is nobody. */
export async function figures_and_demo(sign_in, anyone) {
  await step('a head sees her unit, the county head sees all; who has no right sees nothing', async () => {
    const head = await sign_in('liu.yang')
    const { body: own } = await head.get('/api/v1/overview')
    assert(own.unit.key === 'market-regulation' && own.items.length > 0 && own.days.length === 30, JSON.stringify(own).slice(0, 400))
    await head.get('/api/v1/overview?unit=fire', 403)
    await head.get('/api/v1/overview?days=0', 422)
    const leader = await sign_in('lin.wenbo')
    const { body: all } = await leader.get('/api/v1/overview?days=90')
    assert(all.units.length > 5 && all.items.some(({ received }) => received > 0), JSON.stringify(all.items).slice(0, 400))
    const { body: fire } = await leader.get('/api/v1/overview?unit=fire')
    assert(fire.unit.key === 'fire' && fire.work.every(({ unit }) => unit.key === 'fire'), JSON.stringify(fire.work))
    const { body: item } = await leader.get(`/api/v1/items/${all.items[0].key}/figures?days=90`)
    assert(item.item.received === all.items[0].received && item.item.fields > 0, JSON.stringify(item))
    await leader.get('/api/v1/items/absent/figures', 404)
    await leader.get(`/api/v1/items/${all.items[0].key}/figures?days=181`, 422)
    await (await sign_in('wang.fang')).get('/api/v1/overview', 403)
    await anyone.get('/api/v1/overview', 401)
  })

  await step('a record that is altered by hand is caught, and put right', async () => {
    const clerk = await sign_in('zhang.wei')
    const { body: clean } = await clerk.get('/api/v1/demo/check')
    assert(clean.rows > 0 && clean.wrong.length === 0, JSON.stringify(clean))
    await clerk.call('POST', '/api/v1/demo/altered-row', { expect: 200 })
    await clerk.call('POST', '/api/v1/demo/altered-row', { expect: 409 })
    const { body: caught } = await clerk.get('/api/v1/demo/check')
    assert(caught.wrong.length === 1 && caught.wrong[0].number, JSON.stringify(caught))
    const { body: right } = await clerk.call('DELETE', '/api/v1/demo/altered-row', { expect: 200 })
    assert(right.altered === false, JSON.stringify(right))
    assert((await clerk.get('/api/v1/demo/check')).body.wrong.length === 0, 'it is not as it was')
  })

  await step('the clock goes to the next working day, and nobody is signed out by that', async () => {
    const clerk = await sign_in('zhang.wei')
    const { body: before } = await anyone.get('/api/v1/demo')
    const { body: after } = await clerk.call('POST', '/api/v1/demo/next-working-day', { expect: 200 })
    assert(Date.parse(after.now) > Date.parse(before.now) && after.days_ahead > before.days_ahead, JSON.stringify([before, after]))
    await clerk.get('/api/v1/tasks')
    await anyone.call('POST', '/api/v1/demo/next-working-day', { expect: 401 })
  })
}
