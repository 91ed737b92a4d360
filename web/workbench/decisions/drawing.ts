// drawing.ts - dmn-js, loaded only where a decision is drawn. It reads DMN 1.3, so newer models are told to it in those terms; only for the eye.
import NavigatedViewer, { type View } from 'dmn-js/lib/NavigatedViewer'
import 'dmn-js/dist/assets/diagram-js.css'
import 'dmn-js/dist/assets/dmn-js-shared.css'
import 'dmn-js/dist/assets/dmn-js-drd.css'
import 'dmn-js/dist/assets/dmn-js-decision-table.css'
import 'dmn-js/dist/assets/dmn-js-literal-expression.css'
import { t } from '@common/i18n'
import type { Key } from '@common/i18n'

export type { View }

const model_13 = 'https://www.omg.org/spec/DMN/20191111/MODEL/'
const diagram_13 = 'https://www.omg.org/spec/DMN/20191111/DMNDI/'

/** The model in the namespaces of DMN 1.3; annotations, of which dmn-js shows none, stand as the description of their rule; every part has an id, every output a name. */
export function for_drawing(xml: string): string {
  const text = xml
    .replace(/https?:\/\/www\.omg\.org\/spec\/DMN\/(?:20151101\/dmn\.xsd|(?:20180521|20211108|20230324|20240513)\/MODEL\/)/g, model_13)
    .replace(/https?:\/\/www\.omg\.org\/spec\/DMN\/(?:20180521|20211108|20230324|20240513)\/DMNDI\//g, diagram_13)
  const model = new DOMParser().parseFromString(text, 'application/xml')
  const parts = (node: Element, name: string) => [...node.children].filter((child) => child.localName === name)
  let made = 0
  for (const table of model.getElementsByTagNameNS(model_13, 'decisionTable')) {
    for (const part of [table, ...table.getElementsByTagNameNS(model_13, '*')]) {
      if (/^(input|output|rule|inputEntry|outputEntry|decisionTable)$/.test(part.localName) && !part.id) part.setAttribute('id', `drawn-${made++}`)
    }
    const heading = table.getAttribute('outputLabel') ?? table.parentElement?.getAttribute('name') ?? ''
    for (const output of parts(table, 'output')) if (!output.getAttribute('label') && !output.getAttribute('name')) output.setAttribute('label', heading)
    for (const rule of parts(table, 'rule')) {
      const notes = parts(rule, 'annotationEntry').map((entry) => entry.textContent?.trim() ?? '').filter(Boolean)
      if (!notes.length || parts(rule, 'description').length) continue
      const description = model.createElementNS(model_13, rule.prefix ? `${rule.prefix}:description` : 'description')
      description.textContent = notes.join('\n')
      rule.prepend(description)
    }
  }
  return new XMLSerializer().serializeToString(model)
}

const words: Readonly<Record<string, Key>> = {
  When: 'dmn.when', And: 'dmn.and', Then: 'dmn.then', Annotations: 'dmn.annotations', 'Hit policy:': 'dmn.hit_policy',
  'Decision name: ': 'dmn.decision_name', 'Input label: ': 'dmn.input', 'Input expression: ': 'dmn.input', 'Input values': 'dmn.values', 'Input type': 'dmn.type',
  'Output label': 'dmn.output', 'Output name': 'dmn.output', 'Output values': 'dmn.values', 'Output type': 'dmn.type',
  Unique: 'dmn.unique', First: 'dmn.first', Priority: 'dmn.priority', Any: 'dmn.any', Collect: 'dmn.collect', 'Collect (Sum)': 'dmn.collect_sum',
  'Collect (Min)': 'dmn.collect_min', 'Collect (Max)': 'dmn.collect_max', 'Collect (Count)': 'dmn.collect_count', 'Rule order': 'dmn.rule_order', 'Output order': 'dmn.output_order',
  'No overlap is possible and all rules are disjoint. Only a single rule can be matched': 'dmn.unique_words',
  'Rules may overlap. The first matching rule will be chosen': 'dmn.first_words',
  'Rules may overlap. The one with the highest priority will be chosen': 'dmn.priority_words',
  'Rules may overlap. Their output have to match': 'dmn.any_words',
}

/** A viewer in `container` with the model imported and nothing opened yet. */
export async function viewer_of(container: HTMLElement, xml: string): Promise<NavigatedViewer> {
  const translate = (template: string) => { const key = words[template]; return key ? t(key) : template }
  const additionalModules = [{ translate: ['value', translate] }]
  const viewer = new NavigatedViewer({
    container,
    drd: { additionalModules, drillDown: { enabled: false }, zoomScroll: { enabled: false } }, // the wheel scrolls the page
    decisionTable: { additionalModules },
    literalExpression: { additionalModules },
    boxedExpression: { additionalModules },
  })
  await viewer.importXML(for_drawing(xml), { open: false })
  return viewer
}

/** The views of a decision: its own, those of the decisions it requires, then the diagram of all. */
export function views_of(viewer: NavigatedViewer, decision: string): View[] {
  const all = viewer.getViews()
  const of = (id: string) => all.find(({ element }) => element.id === id)
  const wanted = [decision]
  for (const id of wanted) {
    for (const { requiredDecision } of of(id)?.element.informationRequirement ?? []) {
      const needed = requiredDecision?.href.slice(1)
      if (needed && !wanted.includes(needed)) wanted.push(needed)
    }
  }
  return [...wanted.map(of), all.find(({ type }) => type === 'drd')].filter((view) => view !== undefined)
}
