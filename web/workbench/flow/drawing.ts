// drawing.ts - bpmn-js, loaded only where a flow is drawn.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer'
import 'bpmn-js/dist/assets/diagram-js.css'
import 'bpmn-js/dist/assets/bpmn-js.css'

export type Viewer = NavigatedViewer

const font = 'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif'

/** The model drawn in `container`. The wheel scrolls the page; the keys are those of FlowDrawing.vue. */
export async function viewer_of(container: HTMLElement, xml: string): Promise<NavigatedViewer> {
  const viewer = new NavigatedViewer({
    container,
    zoomScroll: { enabled: false },
    textRenderer: { defaultStyle: { fontFamily: font, fontSize: 14 }, externalStyle: { fontSize: 13 } },
    bpmnRenderer: { defaultFillColor: '#fff', defaultStrokeColor: '#47534f', defaultLabelColor: '#1b2522' },
  })
  await viewer.importXML(xml)
  return viewer
}
