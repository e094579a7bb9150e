declare module 'bpmn-moddle' {
  /** The parser's face as far as we use it; the package ships types of the elements but not of its entry. */
  export class BpmnModdle {
    constructor(packages?: Record<string, unknown>)
    fromXML(xml: string): Promise<{ rootElement: unknown; warnings: { message: string; element?: unknown }[] }>
  }
}
