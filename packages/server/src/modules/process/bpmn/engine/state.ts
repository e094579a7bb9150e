/** The rows of a running process as the interpreter sees them; the store maps them to tables. */

export type InstanceStatus = 'RUNNING' | 'COMPLETED' | 'TERMINATED' | 'CANCELLED' | 'FAILED'

export interface InstanceRow {
  id: string
  defId: string
  rootId: string
  parentInstance: string | null
  /** Token of the call activity in the parent. */
  parentToken: string | null
  businessKey: string
  title: string
  status: InstanceStatus
  starter: string | null
  starterName: string
  tenantId: string | null
  applicationId: string | null
  vars: Record<string, unknown>
  rev: number
  startedAt: Temporal.Instant
  endedAt: Temporal.Instant | null
}

/** Where to go instead of the outgoing flows once the re-opened step is done. */
export interface Jump {
  node: string
  assignee: string | null
}

/**
 * A token's id is its nesting level: a fork kills it and makes children with `lineage` + its id, the join of all its children revives it.
 * So everything that exists because of a step X is: id = X.token, or X.token in lineage.
 */
export interface TokenRow {
  id: string
  instanceId: string
  /** Host token of the embedded sub-process it lives in. */
  parent: string | null
  node: string
  state: 'wait' | 'join' | 'scope' | 'incident'
  via: string | null
  lineage: string[]
  /** First token of the side branch it belongs to (non-interrupting event): a join never mixes two firings; null on the main way. */
  strand: string | null
  /** The element that split the last token of the lineage; null for side branches and scopes. */
  fork: string | null
  jump: Jump | null
  enteredAt: Temporal.Instant
  /** The list of a countersignature, as it was when the step was entered. */
  items: unknown[] | null
}

export type TaskStatus = 'OPEN' | 'BLOCKED' | 'DONE' | 'CANCELLED'

export interface TaskRow {
  id: string
  instanceId: string
  tokenId: string
  lineage: string[]
  node: string
  kind: 'MAIN' | 'EACH' | 'ADDED'
  status: TaskStatus
  assignee: string | null
  roles: string[]
  formKey: string | null
  dueAt: Temporal.Instant | null
  /** The limit as resolved when the task was made, e.g. `2wd`. */
  dueLimit: string | null
  dueFromAt: Temporal.Instant
  createdAt: Temporal.Instant
  claimedAt: Temporal.Instant | null
  doneAt: Temporal.Instant | null
  doneBy: string | null
  doneByName: string | null
  outcome: string | null
  comment: string | null
  /** Position in the list of a countersignature. */
  seq: number
  /** The task an added one was asked for, and when it is due relative to it. */
  anchor: string | null
  position: 'BEFORE' | 'PARALLEL' | 'AFTER' | null
  /** A later return or recall undid it: no longer a place to return to. */
  superseded: boolean
}

export interface JobRow {
  id: string
  instanceId: string
  tokenId: string
  node: string
  kind: 'timer' | 'service' | 'reminder'
  topic: string | null
  dueAt: Temporal.Instant
  attempts: number
  maxAttempts: number
  /** Firings left of a cycle; null = without end (`every` set) or a single one. */
  repeat: number | null
  every: string | null
  taskId: string | null
  percent: number | null
  dead: boolean
  lastError: string | null
}

export interface WaitRow {
  id: string
  instanceId: string
  tokenId: string
  node: string
  name: string
  key: string
}

export type EventKind =
  | 'start'
  | 'enter'
  | 'leave'
  | 'flow'
  | 'complete'
  | 'claim'
  | 'release'
  | 'return'
  | 'recall'
  | 'withdraw'
  | 'transfer'
  | 'delegate'
  | 'addsign'
  | 'cancel-request'
  | 'cancel-refused'
  | 'cancel'
  | 'timer'
  | 'message'
  | 'job'
  | 'retry'
  | 'incident'
  | 'error'
  | 'interrupt'
  | 'jump'
  | 'migrate'
  | 'reminder'
  | 'end'

/** One line of the audit trail. `data.gone` names tokens that ceased; replaying enter, flow, leave and gone gives the tokens. */
export interface EventRow {
  instanceId: string
  kind: EventKind
  node: string | null
  flow: string | null
  tokenId: string | null
  lineage: string[]
  taskId: string | null
  actor: string | null
  actorName: string | null
  data: Record<string, unknown>
}

export interface State {
  instances: InstanceRow[]
  tokens: TokenRow[]
  tasks: TaskRow[]
  jobs: JobRow[]
  waits: WaitRow[]
}

export const emptyState = (): State => ({ instances: [], tokens: [], tasks: [], jobs: [], waits: [] })
