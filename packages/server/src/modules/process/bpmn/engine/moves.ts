import type { MessageSpec, Node, Program, TimerSpec } from '../program.ts'
import type { By, Env } from './env.ts'
import type { EventKind, EventRow, InstanceRow, JobRow, State, TaskRow, TokenRow, WaitRow } from './state.ts'

/** A service handler to be run inside the caller's transaction before the interpreter goes on. */
export interface TxCall {
  instanceId: string
  tokenId: string
  node: string
  topic: string
}

/** What elements and commands may do to a running process; implemented by `Run`. */
export interface Moves {
  readonly env: Env
  readonly by: By
  readonly instances: ReadonlyMap<string, InstanceRow>
  readonly tokens: ReadonlyMap<string, TokenRow>
  readonly tasks: ReadonlyMap<string, TaskRow>
  readonly jobs: ReadonlyMap<string, JobRow>
  readonly waits: ReadonlyMap<string, WaitRow>

  instanceOf(row: { instanceId: string }): InstanceRow
  programOf(row: { instanceId: string }): Program
  nodeAt(row: { instanceId: string; node: string }): Node
  /** Variables for FEEL: the facts of the instance, `starter`, `businessKey`, and the given ones on top. */
  context(instance: InstanceRow, extra?: Record<string, unknown>): Record<string, unknown>

  /** Leaves by all outgoing flows: one keeps the token, several fork it. */
  leave(token: TokenRow): void
  /** Leaves by this flow only. */
  leaveBy(token: TokenRow, flowId: string): void
  /** Enters an element without a flow (start, boundary, jump). */
  goTo(token: TokenRow, node: string): void
  addToken(token: Omit<TokenRow, 'id' | 'state' | 'via' | 'enteredAt' | 'items' | 'jump'> & Partial<TokenRow>): TokenRow
  /** The token ceases; its scope ends when it was the last. */
  end(token: TokenRow): void
  /** Kills what lives in the scope of this token, the token included, then ends the scope. */
  endScope(token: TokenRow): void
  /** Removes tokens with all that hangs on them, without going on anywhere. Returns their ids. */
  kill(tokens: readonly TokenRow[], childStatus?: InstanceRow['status']): string[]
  /** Cancels tasks, timers and waits of the token and what lives inside it, but not the token. */
  disarm(token: TokenRow): string[]
  /** Everything that exists because of a step done by this token. */
  family(tokenId: string): TokenRow[]
  interrupt(token: TokenRow, boundary: string): void
  spawnBeside(token: TokenRow, boundary: string): void
  /** Takes the innermost matching error boundary. @returns false when there is none */
  throwError(token: TokenRow, code: string): boolean
  /** Ends a whole tree of instances at once. */
  endInstance(instance: InstanceRow, status: InstanceRow['status']): void
  setVars(instance: InstanceRow, facts: Record<string, unknown>): void

  openTask(token: TokenRow, node: Node, seq: number, item: { name: string; value: unknown } | null): TaskRow
  addTask(task: TaskRow): void
  touchTask(task: TaskRow): void
  touchToken(token: TokenRow): void
  touchInstance(instance: InstanceRow): void
  armTimer(token: TokenRow, node: string, timer: TimerSpec, from: Temporal.Instant): void
  armMessage(token: TokenRow, node: string, message: MessageSpec): void
  armBoundaries(token: TokenRow, node: Node, returned: boolean): void
  armReminders(task: TaskRow): void
  addJob(job: Omit<JobRow, 'id' | 'attempts' | 'maxAttempts' | 'dead' | 'lastError'>): JobRow
  touchJob(job: JobRow): void
  removeJob(id: string): void
  removeWait(id: string): void
  callInTx(call: TxCall): void
  startInstance(row: Omit<InstanceRow, 'rev' | 'status' | 'startedAt' | 'endedAt'>, host: TokenRow | null): InstanceRow
  record(kind: EventKind, at: Partial<EventRow> & { instanceId: string }): void
  snapshot(): State
}
