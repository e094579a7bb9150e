import type { Reading } from '../elements/element.ts'
import type { Program } from '../program.ts'
import { childrenOf, isXml, typeOf, type Xml } from './xml.ts'

/** Deployment demands a picture: a shape for every node, an edge for every flow. */
export function checkLayout(root: Xml, program: Program, reading: Reading): void {
  const drawn = new Set<string>()
  for (const diagram of childrenOf(root, 'diagrams')) {
    const { plane } = diagram
    if (!isXml(plane)) continue
    for (const item of childrenOf(plane, 'planeElement')) {
      const { id } = (item.bpmnElement ?? {}) as { id?: string }
      const complete = typeOf(item) === 'BPMNShape' ? isXml(item.bounds) : childrenOf(item, 'waypoint').length >= 2
      if (id && complete) drawn.add(id)
    }
  }
  for (const id of program.nodes.keys())
    if (!drawn.has(id)) reading.refuse(id, '图上没有画出这一步', 'the diagram has no shape for this element')
  for (const id of program.flows.keys())
    if (!drawn.has(id)) reading.refuse(id, '图上没有画出这条流向', 'the diagram has no edge for this flow')
}
