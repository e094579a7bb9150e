import type { Base, Reading } from '../elements/element.ts'
import { readers } from '../elements/registry.ts'
import type { Flaw, Flow, Node, Program } from '../program.ts'
import { checkFlows } from './flows.ts'
import { checkLayout } from './layout.ts'
import { checkOutcomes } from './outcomes.ts'
import { checkReferences, type Lookups } from './references.ts'
import { checkSoundness } from './soundness.ts'
import { childrenOf, readXml, typeOf, wf, type Xml } from './xml.ts'

/** What other modellers declare beside the process; whatever uses a signal, an escalation or a data store is refused where it does. */
const ROOT_TYPES = new Set([
  'Process',
  'Collaboration',
  'Message',
  'Error',
  'Category',
  'Signal',
  'Escalation',
  'ItemDefinition',
  'DataStore',
  'Interface',
  'Resource',
])
const ARTIFACTS = new Set(['TextAnnotation', 'Association', 'Group'])
/** Attributes of our namespace by element; others are a slip of the pen. */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  StartEvent: ['defaults', 'clause'],
  UserTask: [
    'formKey',
    'candidateRoles',
    'assignee',
    'due',
    'dueFrom',
    'notBy',
    'clause',
    'outcomes',
    'returnTo',
    'collection',
    'elementVariable',
  ],
  ServiceTask: ['topic', 'mode', 'clause'],
  BoundaryEvent: ['calendar', 'armed', 'clause'],
  IntermediateCatchEvent: ['calendar', 'clause'],
  CallActivity: ['businessKey', 'clause'],
}

export interface Compiled {
  /** Null when any flaw is an error. */
  program: Program | null
  flaws: Flaw[]
}

class Compiler implements Reading {
  readonly flaws: Flaw[] = []
  readonly nodes = new Map<string, Node>()
  readonly flows = new Map<string, Flow>()
  readonly starts = new Map<string, string>()
  readonly #lanes = new Map<string, string>()

  refuse(element: string | null, zh: string, en: string): void {
    this.flaws.push({ element, zh, en, level: 'error' })
  }
  warn(element: string | null, zh: string, en: string): void {
    this.flaws.push({ element, zh, en, level: 'warning' })
  }
  get broken(): boolean {
    return this.flaws.some((flaw) => flaw.level === 'error')
  }

  readLanes(scope: Xml): void {
    for (const set of childrenOf(scope, 'laneSets')) this.#readLaneSet(set)
  }
  #readLaneSet(set: Xml): void {
    for (const lane of childrenOf(set, 'lanes')) {
      for (const node of childrenOf(lane, 'flowNodeRef')) if (node.id) this.#lanes.set(node.id, lane.name ?? lane.id ?? '')
      const inner = lane.childLaneSet
      if (inner && typeof inner === 'object') this.#readLaneSet(inner as Xml)
    }
  }

  readScope(scope: Xml, scopeId: string): void {
    for (const element of childrenOf(scope, 'artifacts')) {
      if (!ARTIFACTS.has(typeOf(element))) this.#refuseType(element)
    }
    const starts: string[] = []
    let refusedStart = false
    for (const element of childrenOf(scope, 'flowElements')) {
      const type = typeOf(element)
      if (type === 'SequenceFlow') this.#readFlow(element)
      else {
        const node = this.#readNode(element, type, scopeId)
        if (node?.kind === 'start') starts.push(node.id)
        else if (type === 'StartEvent') refusedStart = true
        if (node?.kind === 'sub') this.readScope(element, node.id)
      }
    }
    const [start, second] = starts
    if (!start && refusedStart) return
    if (!start) this.refuse(scopeId, '没有开始事件', 'there is no start event')
    else if (second) this.refuse(second, '只能有一个开始事件', 'there is more than one start event')
    else this.starts.set(scopeId, start)
  }

  #refuseType(element: Xml): void {
    this.refuse(element.id ?? null, `不支持这种元素：${typeOf(element)}`, `this element is not supported: ${typeOf(element)}`)
  }

  #readNode(element: Xml, type: string, scope: string): Node | null {
    const read = readers.get(type)
    if (!read) {
      this.#refuseType(element)
      return null
    }
    const { id } = element
    if (!id) {
      this.refuse(null, `${type} 没有 id`, `a ${type} has no id`)
      return null
    }
    for (const name of Object.keys(element.$attrs ?? {})) {
      const ours = /^wf:(.+)$/.exec(name)?.[1]
      if (ours && !(ATTRIBUTES[type] ?? ['clause']).includes(ours)) {
        this.warn(id, `${type} 没有属性 wf:${ours}`, `${type} has no attribute wf:${ours}`)
      }
    }
    if (element.isForCompensation === true) this.refuse(id, '不支持补偿', 'compensation is not supported')
    if (element.loopCharacteristics && type !== 'UserTask') {
      this.refuse(id, '多实例只能用在用户任务上', 'multi-instance is for user tasks only')
    }
    const base: Base = {
      id,
      name: element.name ?? id,
      bpmnType: type,
      scope,
      in: [],
      out: [],
      boundaries: [],
      lane: this.#lanes.get(id) ?? null,
      clause: wf(element, 'clause'),
    }
    const node = read(element, base, this)
    if (node) this.nodes.set(id, node)
    return node
  }

  #readFlow(element: Xml): void {
    const from = (element.sourceRef as Xml | undefined)?.id
    const to = (element.targetRef as Xml | undefined)?.id
    if (!element.id || !from || !to) {
      this.refuse(element.id ?? null, '流向没有起点或终点', 'the flow has no source or no target')
      return
    }
    const condition = element.conditionExpression as Xml | undefined
    const text = typeof condition?.body === 'string' ? condition.body.trim() : condition ? '' : null
    this.flows.set(element.id, { id: element.id, name: element.name ?? '', from, to, condition: text })
  }
}

/** The one process of the file, or null with the reason reported. */
function processOf(root: Xml, compiler: Compiler): Xml | null {
  const all = childrenOf(root, 'rootElements')
  for (const element of all) {
    if (!ROOT_TYPES.has(typeOf(element))) {
      compiler.refuse(element.id ?? null, `不支持这种元素：${typeOf(element)}`, `this element is not supported: ${typeOf(element)}`)
    }
  }
  const processes = all.filter((element) => typeOf(element) === 'Process')
  const [process, second] = processes
  if (second) compiler.refuse(second.id ?? null, '一个文件只能有一个流程', 'a file holds one process only')
  for (const pool of all.filter((element) => typeOf(element) === 'Collaboration')) {
    for (const flow of childrenOf(pool, 'messageFlows')) compiler.refuse(flow.id ?? null, '不支持消息流', 'message flows are not supported')
    const other = childrenOf(pool, 'participants').find((one) => (one.processRef as Xml | undefined)?.id !== process?.id)
    if (other) compiler.refuse(other.id ?? null, '只能有一个泳池', 'only one pool is supported')
  }
  if (!process?.id) {
    compiler.refuse(null, '文件里没有流程', 'the file holds no process')
    return null
  }
  return process
}

/**
 * Reads a definition, refuses whatever the interpreter does not play, and proves it sound.
 * @param key name under which it is called and started: the file name
 * @param layout also what deployment demands: a shape for every node, an edge for every flow, no result asked for that is never offered
 */
export async function compile(key: string, xml: string, lookups: Lookups = {}, { layout = false } = {}): Promise<Compiled> {
  const compiler = new Compiler()
  const { root, flaws } = await readXml(xml)
  compiler.flaws.push(...flaws)
  if (!root || typeOf(root) !== 'Definitions') {
    if (!compiler.broken) compiler.refuse(null, '不是 BPMN 文件', 'not a BPMN file')
    return { program: null, flaws: compiler.flaws }
  }
  const process = processOf(root, compiler)
  if (!process?.id) return { program: null, flaws: compiler.flaws }

  compiler.readLanes(process)
  compiler.readScope(process, process.id)
  const program: Program = {
    key,
    id: process.id,
    name: process.name ?? key,
    nodes: compiler.nodes,
    flows: compiler.flows,
    starts: compiler.starts,
  }
  if (!compiler.broken) checkFlows(program, compiler)
  checkReferences(program, lookups, compiler)
  if (!compiler.broken) checkSoundness(program, compiler)
  // a version in force may hold such a word from before the rule: it goes on running, a new one is refused
  if (layout && !compiler.broken) checkOutcomes(program, compiler)
  if (layout && !compiler.broken) checkLayout(root, program, compiler)
  return { program: compiler.broken ? null : program, flaws: compiler.flaws }
}
