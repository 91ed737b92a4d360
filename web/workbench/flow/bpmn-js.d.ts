// The part of bpmn-js that the program uses; its own types bring those of all its services with them.
declare module 'bpmn-js/lib/NavigatedViewer' {
  export interface Box { x: number; y: number; width: number; height: number }
  export interface Shape extends Partial<Box> { id: string; type: string; waypoints?: unknown[]; labelTarget?: unknown }
  export interface Canvas {
    resized(): void
    viewbox(): Box & { scale: number; inner: Box; outer: { width: number; height: number } }
    viewbox(box: Box): void
    zoom(): number
    zoom(level: number | 'fit-viewport', center?: 'auto' | { x: number; y: number }): number
    scroll(by: { dx: number; dy: number }): void
    addMarker(id: string, marker: string): void
    removeMarker(id: string, marker: string): void
  }
  export interface Services {
    canvas: Canvas
    elementRegistry: { get(id: string): Shape | undefined; filter(wanted: (shape: Shape) => boolean): Shape[] }
    overlays: { add(id: string, overlay: { position: { top?: number; left?: number; right?: number; bottom?: number }; html: HTMLElement; scale?: boolean | { min?: number; max?: number } }): string }
    eventBus: { on(event: string, callback: (event: { element: Shape; originalEvent: Event }) => void): void }
  }
  export default class NavigatedViewer {
    constructor(options: { container: HTMLElement; [option: string]: unknown })
    importXML(xml: string): Promise<{ warnings: unknown[] }>
    get<S extends keyof Services>(service: S): Services[S]
    destroy(): void
  }
}
