// model.ts - a BPMN model as its readers need it: its steps in the order of the flow, in their language, and the way that a case has gone.
import type { Language } from '@common/i18n'

const bpmn = 'http://www.omg.org/spec/BPMN/20100524/MODEL'
const bpmndi = 'http://www.omg.org/spec/BPMN/20100524/DI'
const jx = 'urn:junxian:bpmn:1'
const colors = 'http://bpmn.io/schema/bpmn/biocolor/1.0'

export type StepKind = 'person' | 'rule' | 'service' | 'wait' | 'part' | 'start' | 'end' | 'event' | 'gateway'
export interface Step {
  id: string
  name: string // in the language asked for; empty where the model gives none
  kind: StepKind
  result: string // of an end: how the case ends there
}
export interface Way { id: string; from: string; to: string; name: string }
export interface Model { steps: Step[]; ways: Way[]; drawn: boolean }

/** What a case or a comparison says of elements. */
export type Look = 'done' | 'active' | 'failed' | 'added' | 'removed' | 'changed'

const kinds: Readonly<Record<string, StepKind>> = {
  userTask: 'person', manualTask: 'person', task: 'person', businessRuleTask: 'rule', scriptTask: 'rule', serviceTask: 'service', sendTask: 'service', receiveTask: 'wait',
  subProcess: 'part', adHocSubProcess: 'part', transaction: 'part', callActivity: 'part', startEvent: 'start', endEvent: 'end', intermediateCatchEvent: 'wait',
  intermediateThrowEvent: 'event', boundaryEvent: 'event', exclusiveGateway: 'gateway', parallelGateway: 'gateway', inclusiveGateway: 'gateway', eventBasedGateway: 'gateway',
  complexGateway: 'gateway',
}

const parse = (xml: string) => new DOMParser().parseFromString(xml, 'application/xml')
const subtag = (tag: string) => tag.split('-')[0]

/** The name of an element: the model's own, or that of <jx:name lang="…"> in the language asked for. */
function name_of(element: Element, language: Language): string {
  const own = element.getAttribute('name') ?? ''
  const extensions = [...element.children].find((child) => child.localName === 'extensionElements')
  const other = [...(extensions?.children ?? [])].find((child) => child.namespaceURI === jx && child.localName === 'name' && subtag(child.getAttribute('lang') ?? '') === subtag(language))
  return (other?.textContent?.trim() || own).replace(/\s+/g, ' ')
}

const of_model = (model: Document) => [...model.getElementsByTagNameNS(bpmn, '*')]

/** The steps in the order in which the flow comes to them, from what begins it. */
export function read_model(xml: string, language: Language): Model {
  const model = parse(xml)
  const elements = of_model(model)
  const found = elements.filter((element) => kinds[element.localName] && element.id)
  const ways = elements.filter((element) => element.localName === 'sequenceFlow')
    .map((element) => ({ id: element.id, from: element.getAttribute('sourceRef') ?? '', to: element.getAttribute('targetRef') ?? '', name: name_of(element, language) }))
  const host = new Map(found.map((element) => [element.id, element.getAttribute('attachedToRef') ?? '']))
  const order = new Map<string, number>()
  const visit = (ids: string[]) => {
    for (let queue = ids; queue.length;) {
      const next: string[] = []
      for (const id of queue) {
        if (order.has(id) || !host.has(id)) continue
        order.set(id, order.size)
        for (const inside of found) if (inside.parentElement?.id === id && inside.localName === 'startEvent') next.push(inside.id)
        for (const [event, on] of host) if (on === id) next.push(event)
        for (const way of ways) if (way.from === id) next.push(way.to)
      }
      queue = next
    }
  }
  visit(found.filter((element) => element.localName === 'startEvent' && element.parentElement?.localName === 'process').map(({ id }) => id))
  visit(found.map(({ id }) => id)) // whatever nothing leads to
  const steps = found.map((element) => ({
    id: element.id, name: name_of(element, language), kind: kinds[element.localName] ?? 'event', result: element.getAttributeNS(jx, 'result') ?? '',
  }))
  steps.sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0))
  return { steps, ways, drawn: model.getElementsByTagNameNS(bpmndi, 'BPMNShape').length > 0 }
}

export interface Went { active: readonly string[]; done: readonly string[]; failed: readonly string[] }

/** The way that a case has gone: what is known to be done, and the gateways and events between, which leave no trace of their own.
 *  Where a gateway may have led two ways to the same step, neither is claimed. */
export function way_gone({ steps, ways }: Model, went: Went, ended_as: string): { steps: Set<string>; ways: Set<string> } {
  const open = new Set([...went.active, ...went.failed])
  const known = new Set([...went.done, ...open])
  const out = (id: string) => ways.filter((way) => way.from === id)
  const starts = steps.filter(({ kind, id }) => kind === 'start' && !ways.some((way) => way.to === id))
  const traced = (kind: StepKind) => kind === 'person' || kind === 'rule' || kind === 'service'
  const silent = new Set(steps.filter(({ id, kind }) => !known.has(id) && !traced(kind)).map(({ id }) => id))

  const reach = (from: Iterable<string>, next: (id: string) => string[]): Set<string> => {
    const seen = new Set<string>()
    for (const queue = [...from]; queue.length;) {
      for (const id of next(queue.pop() ?? '')) if (silent.has(id) && !seen.has(id)) { seen.add(id); queue.push(id) }
    }
    return seen
  }
  const begun = starts.filter(({ id }) => silent.has(id)).map(({ id }) => id)
  const forward = reach([...begun, ...went.done.filter((id) => !open.has(id) || went.done.includes(id))], (id) => out(id).map(({ to }) => to))
  for (const id of begun) forward.add(id)
  const ends = ended_as ? steps.filter(({ kind, id }) => kind === 'end' && forward.has(id)) : []
  const fitting = ends.filter(({ result }) => result === ended_as)
  const reached_ends = fitting.length ? fitting : ends.length === 1 ? ends : []
  const goals = new Set([...known, ...reached_ends.map(({ id }) => id)])
  const backward = reach(goals, (id) => ways.filter((way) => way.to === id).map(({ from }) => from))
  const between = new Set([...forward].filter((id) => backward.has(id) || goals.has(id)))
  const on = new Set([...went.done, ...open, ...between])

  const gone = new Set<string>()
  for (const step of steps) {
    if (!on.has(step.id) || (open.has(step.id) && !went.done.includes(step.id))) continue
    const taken = out(step.id).filter((way) => on.has(way.to))
    const direct = taken.filter((way) => goals.has(way.to))
    const choice = step.kind === 'gateway' && direct.length > 0 && direct.length < taken.length
    for (const way of choice ? direct : taken) gone.add(way.id)
  }
  return { steps: new Set([...on].filter((id) => !open.has(id))), ways: gone }
}

const paints: Readonly<Record<Look, readonly [stroke: string, fill: string]>> = {
  done: ['#1c5f54', '#e2eeea'], active: ['#7d5200', '#fbf0d6'], failed: ['#ab2f22', '#fbecea'],
  added: ['#1c5f54', '#e2eeea'], removed: ['#ab2f22', '#fbecea'], changed: ['#7d5200', '#fbf0d6'],
}

/** The model as it is drawn: named in the reader's language, its elements in the colours of `looks`. */
export function for_drawing(xml: string, language: Language, looks: ReadonlyMap<string, Look>): string {
  const model = parse(xml)
  for (const element of of_model(model)) {
    const name = element.id && name_of(element, language)
    if (name) element.setAttribute('name', name)
  }
  for (const shape of model.getElementsByTagNameNS(bpmndi, '*')) {
    const look = looks.get(shape.getAttribute('bpmnElement') ?? '')
    if (!look) continue
    const [stroke, fill] = paints[look]
    shape.setAttributeNS(colors, 'bioc:stroke', stroke)
    if (shape.localName === 'BPMNShape') shape.setAttributeNS(colors, 'bioc:fill', fill)
  }
  return new XMLSerializer().serializeToString(model)
}
