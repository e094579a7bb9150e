import type { Reading } from '../elements/element.ts'
import type { Flow, Node, Program } from '../program.ts'
import { readFeel } from './feel.ts'

const ACTIVITIES = new Set<Node['kind']>(['user', 'service', 'sub', 'call', 'pass'])
const isActivity = (node: Node): boolean => ACTIVITIES.has(node.kind) || node.bpmnType === 'ReceiveTask'

/** Ties flows to their ends and readies conditions: `=` stripped, FEEL checked. */
function tieFlow(program: Program, flow: Flow, reading: Reading): void {
  const from = program.nodes.get(flow.from)
  const to = program.nodes.get(flow.to)
  if (!from || !to) return
  if (from.scope !== to.scope) {
    reading.refuse(flow.id, '流向不能跨越子流程的边界', 'a flow cannot cross the border of a sub-process')
    return
  }
  if (to.kind === 'boundary') reading.refuse(flow.id, '流向不能进入边界事件', 'a flow cannot enter a boundary event')
  from.out.push(flow.id)
  to.in.push(flow.id)
  if (flow.condition === null) return
  const read = readFeel(flow.condition, 'condition')
  if (!('feel' in read)) reading.refuse(flow.id, read.zh, read.en)
  else if (from.kind !== 'xor') {
    reading.refuse(flow.id, '条件只能写在排他网关的流向上', 'conditions are for flows out of an exclusive gateway')
  } else flow.condition = read.feel
}

function checkXor(program: Program, node: Node, reading: Reading): void {
  if (node.kind !== 'xor') return
  if (node.out.length <= 1) {
    const [only] = node.out
    const flow = only === undefined ? undefined : program.flows.get(only)
    if (flow?.condition) reading.refuse(flow.id, '唯一的出口不能带条件', 'the only way out cannot have a condition')
    return
  }
  if (node.otherwise === null || !node.out.includes(node.otherwise)) {
    reading.refuse(node.id, '排他网关须有默认流向', 'an exclusive gateway needs a default flow')
    return
  }
  for (const id of node.out) {
    const flow = program.flows.get(id)
    if (!flow) continue
    if (id === node.otherwise) {
      if (flow.condition !== null) reading.refuse(id, '默认流向不能带条件', 'the default flow cannot have a condition')
    } else if (flow.condition === null) {
      reading.refuse(id, '除默认流向外都须带条件', 'every flow but the default needs a condition')
    }
  }
}

/** The rules of the file's graph that need no search. */
export function checkFlows(program: Program, reading: Reading): void {
  for (const flow of program.flows.values()) tieFlow(program, flow, reading)
  for (const node of program.nodes.values()) {
    checkXor(program, node, reading)
    if (node.kind === 'start' && node.in.length > 0)
      reading.refuse(node.id, '开始事件不能有进入的流向', 'a start event has no incoming flow')
    if (node.kind === 'end' && node.out.length > 0) reading.refuse(node.id, '结束事件不能有出去的流向', 'an end event has no outgoing flow')
    if (node.kind !== 'end' && node.out.length === 0) reading.refuse(node.id, '这一步之后没有去处', 'nothing follows this step')
    if (node.kind !== 'start' && node.kind !== 'boundary' && node.in.length === 0) {
      reading.refuse(node.id, '没有流向到达这一步', 'no flow leads to this step')
    }
    if (node.kind !== 'boundary') continue
    const host = program.nodes.get(node.host)
    if (!host || !isActivity(host) || host.scope !== node.scope) {
      reading.refuse(node.id, '边界事件须附在一个活动上', 'a boundary event belongs to an activity')
    } else host.boundaries.push(node.id)
  }
}
