/** A definition after the compiler admitted it: what the interpreter plays. Plain data, shared by all instances of one version. */

/** A moment or a span as written in the file. `param:` names a parameter of the plan, `=` begins a FEEL expression. */
export type SpanText = string

export interface Flow {
  id: string
  name: string
  from: string
  to: string
  /** FEEL without the leading `=`; null on plain and default flows. */
  condition: string | null
}

interface NodeBase {
  id: string
  name: string
  /** `UserTask`, `ExclusiveGateway`, ... as in the file, without prefix. */
  bpmnType: string
  /** Id of the process or embedded sub-process that holds it. */
  scope: string
  in: string[]
  out: string[]
  /** Ids of the events on its border. */
  boundaries: string[]
  lane: string | null
  clause: string | null
}

export interface StartNode extends NodeBase {
  kind: 'start'
  /** Facts the process begins with unless whoever starts it says otherwise; of the outermost start only. */
  defaults: Readonly<Record<string, unknown>>
}
export interface EndNode extends NodeBase {
  kind: 'end'
  end: 'none' | 'error' | 'terminate'
  errorCode: string | null
}
/** `task` and `manualTask`: nothing to do for the machine. */
export interface PassNode extends NodeBase {
  kind: 'pass'
}
/** One task per item of a list (会签). */
export interface Many {
  sequential: boolean
  /** FEEL giving a list, or null when `cardinality` gives the number. */
  collection: string | null
  cardinality: string | null
  elementVariable: string
  /** FEEL over `outcome`, `open`, `done`, `total`, `votes`; null = everybody. */
  completion: string | null
}
export interface UserNode extends NodeBase {
  kind: 'user'
  formKey: string | null
  /** Role codes, or one FEEL expression giving a code or a list. */
  roles: string[]
  rolesExpression: string | null
  assignee: string | null
  due: SpanText | null
  /** Variable holding the instant the clock starts at; null = when the step is entered. */
  dueFrom: string | null
  /** Steps whose doer may not do this one; `starter` = who began the process. */
  notBy: string[]
  outcomes: string[]
  returnTo: string | null
  many: Many | null
}
export interface ServiceNode extends NodeBase {
  kind: 'service'
  topic: string
  mode: 'tx' | 'outside'
}
export interface MessageSpec {
  name: string
  /** FEEL giving the correlation key; null = the business key. */
  key: string | null
}
export interface TimerSpec {
  form: 'duration' | 'date' | 'cycle'
  text: SpanText
}
export interface MessageNode extends NodeBase {
  kind: 'message'
  message: MessageSpec
}
export interface TimerNode extends NodeBase {
  kind: 'timer'
  timer: TimerSpec
}
export interface XorNode extends NodeBase {
  kind: 'xor'
  /** Flow taken when no condition holds. */
  otherwise: string | null
}
export interface AndNode extends NodeBase {
  kind: 'and'
}
export interface SubNode extends NodeBase {
  kind: 'sub'
}
export interface CallNode extends NodeBase {
  kind: 'call'
  called: string
  businessKey: string | null
}
export interface BoundaryNode extends NodeBase {
  kind: 'boundary'
  host: string
  interrupting: boolean
  trigger: { on: 'timer'; timer: TimerSpec } | { on: 'message'; message: MessageSpec } | { on: 'error'; code: string | null }
  /** `returned`: armed only when the step was opened by a return. */
  armed: 'always' | 'returned'
}

export type Node =
  | StartNode
  | EndNode
  | PassNode
  | UserNode
  | ServiceNode
  | MessageNode
  | TimerNode
  | XorNode
  | AndNode
  | SubNode
  | CallNode
  | BoundaryNode

export interface Program {
  key: string
  /** Id of the `process` element: the outermost scope. */
  id: string
  name: string
  nodes: ReadonlyMap<string, Node>
  flows: ReadonlyMap<string, Flow>
  /** Scope id -> its start event. */
  starts: ReadonlyMap<string, string>
}

/** One thing wrong with a file, in both languages. `element` is null when the file as a whole cannot be read. */
export interface Flaw {
  element: string | null
  zh: string
  en: string
  level: 'error' | 'warning'
}

export const nodeOf = (program: Program, id: string): Node => {
  const node = program.nodes.get(id)
  if (!node) throw new Error(`${program.key} has no element ${id}`)
  return node
}
export const flowOf = (program: Program, id: string): Flow => {
  const flow = program.flows.get(id)
  if (!flow) throw new Error(`${program.key} has no flow ${id}`)
  return flow
}
