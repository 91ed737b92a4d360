// compare.ts - how one version of a process differs from another: by the ids of its elements, as modellers keep them.
import type { Language } from '@common/i18n'
import { read_model, type Look } from './model'

const bpmn = 'http://www.omg.org/spec/BPMN/20100524/MODEL'

export interface Difference {
  before: Map<string, Look> // removed and changed, for the drawing of the older
  after: Map<string, Look> // added and changed, for the drawing of the newer
  lines: { id: string; look: Look; name: string; what: string[] }[] // in the order of the flow; what of it has changed
}

const skipped = new Set(['incoming', 'outgoing', 'dataInputAssociation', 'dataOutputAssociation'])

/** What an element says of itself, without what lies in it: attributes, and children that are no elements of the flow. */
function facets(element: Element): Map<string, string> {
  const found = new Map<string, string>()
  for (const { name, value } of element.attributes) if (name !== 'id' && !name.startsWith('xmlns')) found.set(name.replace(/^\w+:/, ''), value)
  for (const child of element.children) {
    if (skipped.has(child.localName) || (child.id && child.namespaceURI === bpmn && !child.localName.endsWith('EventDefinition') && child.localName !== 'conditionExpression')) continue
    for (const part of child.localName === 'extensionElements' ? child.children : [child]) {
      const key = part.localName
      found.set(key, `${found.get(key) ?? ''}${new XMLSerializer().serializeToString(part).replace(/\s+xmlns(:\w+)?="[^"]*"/g, '').replace(/\s+/g, ' ')}`)
    }
  }
  return found
}

function elements_of(xml: string): Map<string, Element> {
  const model = new DOMParser().parseFromString(xml, 'application/xml')
  const wanted = [...model.getElementsByTagNameNS(bpmn, '*')].filter((element) => element.id && /(Task|task|Event|Gateway|subProcess|adHocSubProcess|transaction|callActivity|sequenceFlow|process)$/.test(element.localName))
  return new Map(wanted.map((element) => [element.id, element]))
}

export function compare(before_xml: string, after_xml: string, language: Language): Difference {
  const [old_elements, new_elements] = [elements_of(before_xml), elements_of(after_xml)]
  const [old_model, new_model] = [read_model(before_xml, language), read_model(after_xml, language)]
  const difference: Difference = { before: new Map(), after: new Map(), lines: [] }
  const named = (id: string, model: typeof old_model) => model.steps.find((step) => step.id === id)?.name ?? ''
  const line = (id: string, look: Look, model: typeof old_model, what: string[] = []) => {
    const way = model.ways.find((one) => one.id === id)
    const name = way ? [named(way.from, model), named(way.to, model)].filter(Boolean).join(' → ') || way.name : named(id, model)
    difference.lines.push({ id, look, name, what })
  }
  for (const { id } of [...new_model.steps, ...new_model.ways]) {
    const [old_one, new_one] = [old_elements.get(id), new_elements.get(id)]
    if (!new_one) continue
    if (!old_one) {
      difference.after.set(id, 'added')
      line(id, 'added', new_model)
      continue
    }
    const [was, is] = [facets(old_one), facets(new_one)]
    const what = [...new Set([...was.keys(), ...is.keys()])].filter((key) => was.get(key) !== is.get(key)).map((key) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
    if (old_one.localName !== new_one.localName) what.unshift('type')
    if (!what.length) continue
    difference.before.set(id, 'changed')
    difference.after.set(id, 'changed')
    line(id, 'changed', new_model, what)
  }
  for (const { id } of [...old_model.steps, ...old_model.ways]) {
    if (new_elements.has(id)) continue
    difference.before.set(id, 'removed')
    line(id, 'removed', old_model)
  }
  return difference
}
