// The part of dmn-js that the program uses; the package brings no types.
declare module 'dmn-js/lib/NavigatedViewer' {
  export interface ModelElement {
    $type: string
    id?: string
    name?: string
    informationRequirement?: { requiredDecision?: { href: string } }[]
  }
  export interface View { element: ModelElement; type: 'drd' | 'decisionTable' | 'literalExpression' | 'boxedExpression'; id?: string; name?: string }
  export interface ViewerOptions { container: HTMLElement; [viewer: string]: unknown }
  export default class NavigatedViewer {
    constructor(options: ViewerOptions)
    importXML(xml: string, options?: { open: boolean }): Promise<{ warnings: unknown[] }>
    getViews(): View[]
    getActiveView(): View | undefined
    getActiveViewer(): { get<T>(service: string): T } | undefined
    open(view: View): Promise<{ warnings: unknown[] }>
    destroy(): void
  }
}
