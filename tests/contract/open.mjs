// open.mjs - the open catalogue over the wire: DCAT-AP held against its SHACL shapes, CKAN's actions as its clients call them, open data as CSV.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import rdf from '@zazuko/env-node'
import jsonld from 'jsonld'
import { Parser } from 'n3'
import Validator from 'rdf-validate-shacl'
import { also, assert, skip } from '../e2e/harness.mjs'

const shapes_file = join(process.env.JUNXIAN_SHARED ?? join(dirname(fileURLToPath(import.meta.url)), '../../../shared'), 'suites/dcat/shapes.ttl')
const graph_of = (turtle) => rdf.dataset(new Parser({ baseIRI: 'urn:base:' }).parse(turtle))
const things = (graph, type) => [...graph].filter(({ predicate, object }) => predicate.value.endsWith('#type') && object.value.endsWith(type)).map(({ subject }) => subject.value)

async function check_dcat(anyone) {
  const { body: turtle, headers } = await anyone.get('/dcat/catalog.ttl')
  assert(headers.get('content-type').startsWith('text/turtle'), headers.get('content-type'))
  const { body: linked } = await anyone.get('/dcat/catalog.jsonld')
  await anyone.get('/dcat/catalog')
  await anyone.call('GET', '/dcat/catalog', { headers: { Accept: 'application/ld+json' }, expect: 200 })
  await anyone.get('/dcat/catalog.ttl?page=9', 404)
  await anyone.get('/dcat/catalog.xml', 404)
  const graphs = { Turtle: graph_of(turtle), 'JSON-LD': graph_of(await jsonld.toRDF(linked, { format: 'application/n-quads' })) }
  const { body: list } = await anyone.get('/api/v1/resources')
  for (const [form, graph] of Object.entries(graphs)) {
    assert(things(graph, '#Catalog').length === 1, `${form}: ${things(graph, '#Catalog').length} catalogues`)
    assert(things(graph, '#Dataset').length === list.total && list.total > 0, `${form}: ${things(graph, '#Dataset').length} data sets of ${list.total}`)
    assert(things(graph, '#Distribution').length === list.total, `${form}: a data set without a distribution`)
  }
  assert(graphs.Turtle.size === graphs['JSON-LD'].size, 'Turtle and JSON-LD do not say the same')
  if (!existsSync(shapes_file)) return skip('DCAT-AP: the SHACL shapes are not here (JUNXIAN_SHARED)')
  const validator = new Validator(graph_of(readFileSync(shapes_file, 'utf8')), { factory: rdf })
  for (const [form, graph] of Object.entries(graphs)) {
    const { conforms, results } = await validator.validate(graph)
    assert(conforms, `${form}: ${results.map(({ focusNode, path, message }) => `${focusNode?.value} ${path?.value} ${message.map(({ value }) => value)}`).join('\n')}`)
  }
}

/** As ckanapi does it: a POST, its parameters in JSON. */
const action = async (anyone, name, parameters = {}, expect = 200) => {
  const { body } = await anyone.call('POST', `/api/3/action/${name}`, { body: parameters, expect })
  if (expect === 200) assert(body.success && body.help.endsWith(`help_show?name=${name}`), JSON.stringify(body))
  return expect === 200 ? body.result : body.error ?? body
}

async function check_ckan(anyone) {
  const ask = (...all) => action(anyone, ...all)
  const status = await ask('status_show')
  assert(status.ckan_version.startsWith('2.') && status.site_title, JSON.stringify(status))
  const names = await ask('package_list')
  const found = await ask('package_search', { q: '*:*', rows: 1000, 'facet.field': ['organization'] })
  assert(found.count === names.length && found.results.every(({ name }) => names.includes(name)), `${found.count} of ${names.length}`)
  assert(Object.values(found.facets.organization).reduce((a, b) => a + b) === names.length, JSON.stringify(found.facets))
  const open = found.results.find(({ resources }) => resources[0].datastore_active)
  assert(open, 'nothing is open to everyone')
  assert((await ask('package_show', { id: open.id })).name === open.name, 'a data set is not found by its id')
  const [organization] = await ask('organization_list', { all_fields: true })
  assert((await ask('organization_show', { id: organization.name, include_datasets: true })).packages.length === organization.package_count, organization.name)
  assert((await ask('group_list')).length > 0, 'no group')
  assert((await ask('resource_show', { id: open.resources[0].id })).package_id === open.id, 'a resource of another data set')
  const filtered = await ask('package_search', { fq: `organization:${open.organization.name}`, sort: 'name asc', rows: 1, start: 0 })
  assert(filtered.count >= 1 && filtered.results.length === 1, JSON.stringify(filtered))
  assert((await ask('package_search', { q: 'dengji' })).count > 0, 'pinyin finds nothing')
  const rows = await ask('datastore_search', { resource_id: open.resources[0].id, limit: 3 })
  assert(rows.total > 3 && rows.records.length === 3 && rows.fields[0].id === '_id', JSON.stringify(rows).slice(0, 300))
  const [field] = rows.fields.slice(1)
  const again = await ask('datastore_search', { resource_id: open.resources[0].id, filters: { [field.id]: rows.records[1][field.id] } })
  assert(again.records.some(({ _id }) => _id === rows.records[1]._id), 'a filter does not find its row')
  assert((await ask('package_show', { id: 'absent' }, 404)).__type === 'Not Found Error', 'absent')
  assert((await ask('package_show', {}, 409)).__type === 'Validation Error', 'no id')
  assert((await ask('package_search', { q: '(a' }, 400)).__type === 'Search Query Error', 'a bad query')
  assert((await ask('package_create', { name: 'x' }, 400)).includes('Action name not known'), 'an unknown action')
  const { body: got } = await anyone.get(`/api/3/action/package_search?q=${encodeURIComponent(open.title)}&rows=5`)
  assert(got.result.results[0].name === open.name, `${got.result.results[0]?.name} is found first by the title of ${open.name}`)
  await anyone.get('/api/3/action/package_show', 409)
  await anyone.get('/api/3/action/package_show?id=absent', 404)
  await anyone.get('/api/3/action/nothing', 400)
  const { body: csv, headers } = await anyone.get(new URL(open.resources[0].url).pathname)
  assert(headers.get('content-type').startsWith('text/csv') && csv.split('\r\n').length === rows.total + 2, `${csv.split('\r\n').length} lines of ${rows.total} rows`)
  await anyone.get('/api/v1/open-data/resident-basic.csv', 404)
}

export async function open_catalogue(anyone) {
  await also('the open catalogue as DCAT-AP: the same in Turtle and JSON-LD, and as its SHACL shapes ask', () => check_dcat(anyone))
  await also('the open catalogue by the actions of CKAN, its rows, and its refusals', () => check_ckan(anyone))
  await also('the catalogue in words and pinyin, a page at a time', async () => {
    const { body: page } = await anyone.get('/api/v1/resources?q=dengji&limit=1')
    assert(page.items.length === 1 && page.total >= 1, JSON.stringify(page).slice(0, 300))
    await anyone.get('/api/v1/resources?limit=0', 422)
    await anyone.get(`/api/v1/resources/${page.items[0].key}`)
    await anyone.get('/api/v1/resources/resident-basic', 404)
  })
}
