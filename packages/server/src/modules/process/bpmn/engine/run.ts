import { enterNode } from '../elements/registry.ts'
import { evaluateFeel, FeelError } from '../model/feel.ts'
import { addNatural, readCycle, readMoment, readSpan } from '../model/span.ts'
import { type MessageSpec, type Node, nodeOf, type Program, type TimerSpec, type UserNode } from '../program.ts'
import { Ledger } from './changes.ts'
import { type By, type Env, Undecidable } from './env.ts'
import type { Moves, TxCall } from './moves.ts'
import type { EventKind, EventRow, InstanceRow, JobRow, State, TaskRow, TokenRow } from './state.ts'

/** Elements entered by one command: more is a loop without a human or a timer in it. */
const MAX_STEPS = 500
/** Tries of a service call before it becomes an incident. */
const MAX_ATTEMPTS = 8
/** Shares of a limit at which people are told: reminder, overdue, escalation (section 3 of the plan). */
const REMINDERS = [80, 100, 150]

/**
 * The token game of one tree of instances for one command. Pure: it reads the rows it was given and collects the changes; it does no I/O,
 * reads no clock and knows no database. Services to be run in the transaction are left in `calls` for the driver.
 */
export class Run extends Ledger implements Moves {
  readonly env: Env
  readonly calls: TxCall[] = []
  readonly #queue: { token: TokenRow; node: string; via: string | null }[] = []
  #steps = 0

  constructor(env: Env, state: State) {
    super(state)
    this.env = env
  }

  get by(): By {
    return this.env.by
  }

  // --- reading ---

  instanceOf(row: { instanceId: string }): InstanceRow {
    const instance = this.instances.get(row.instanceId)
    if (!instance) throw new Error(`instance ${row.instanceId} is not loaded`)
    return instance
  }
  programOf(row: { instanceId: string }): Program {
    return this.env.programOf(this.instanceOf(row).defId)
  }
  nodeAt(row: { instanceId: string; node: string }): Node {
    return nodeOf(this.programOf(row), row.node)
  }
  context(instance: InstanceRow, extra: Record<string, unknown> = {}): Record<string, unknown> {
    const { businessKey, starter, tenantId, applicationId } = instance
    return { businessKey, starter, tenantId, applicationId, ...instance.vars, ...extra }
  }
  #feel(element: string, feel: string, context: Record<string, unknown>): unknown {
    try {
      return evaluateFeel(feel, context)
    } catch (error) {
      if (error instanceof FeelError) throw new Undecidable(element, error.zh, error.en)
      throw error
    }
  }

  // --- moving ---

  /** Plays until every token rests; the driver then runs `calls` and plays on. */
  drain(): void {
    for (let step = this.#queue.shift(); step; step = this.#queue.shift()) {
      const { token, node, via } = step
      if (this.tokens.get(token.id) !== token) continue
      this.#steps += 1
      if (this.#steps > MAX_STEPS) {
        throw new Undecidable(
          node,
          `一次操作走了超过 ${MAX_STEPS} 步，疑似没有出口的循环`,
          `more than ${MAX_STEPS} steps in one command: a loop without a way out`,
        )
      }
      this.#enter(token, nodeOf(this.programOf(token), node), via)
    }
  }

  #enter(token: TokenRow, node: Node, via: string | null): void {
    token.node = node.id
    token.via = via
    token.state = 'wait'
    token.items = null
    token.enteredAt = this.env.now
    this.touchToken(token)
    if (node.kind !== 'and' || node.in.length < 2) this.#note('enter', token)
    const returned = this.returned.delete(token.id)
    this.armBoundaries(token, node, returned)
    enterNode(this, token, node)
  }

  #note(kind: EventKind, token: TokenRow, data: Record<string, unknown> = {}, flow: string | null = null): void {
    this.record(kind, { instanceId: token.instanceId, node: token.node, flow, tokenId: token.id, lineage: token.lineage, data })
  }

  goTo(token: TokenRow, node: string): void {
    token.node = node
    this.#queue.push({ token, node, via: null })
  }

  #take(token: TokenRow, flowId: string): void {
    const flow = this.programOf(token).flows.get(flowId)
    if (!flow) throw new Error(`no flow ${flowId}`)
    this.record('flow', { instanceId: token.instanceId, node: flow.to, flow: flowId, tokenId: token.id, lineage: token.lineage })
    token.node = flow.to
    this.#queue.push({ token, node: flow.to, via: flowId })
  }

  leave(token: TokenRow): void {
    const node = this.nodeAt(token)
    this.disarm(token)
    const [only] = node.out
    if (node.out.length === 1 && only) {
      this.#note('leave', token)
      this.#take(token, only)
      return
    }
    this.#note('leave', token, { gone: [token.id] })
    this.removeToken(token.id)
    const { instanceId, parent, id } = token
    for (const flow of node.out) {
      const child = this.addToken({
        instanceId,
        parent,
        node: node.id,
        lineage: [...token.lineage, id],
        strand: token.strand,
        fork: node.id,
      })
      this.#take(child, flow)
    }
  }

  leaveBy(token: TokenRow, flowId: string): void {
    this.disarm(token)
    this.#note('leave', token)
    this.#take(token, flowId)
  }

  addToken(token: Parameters<Moves['addToken']>[0]): TokenRow {
    const row: TokenRow = {
      id: this.env.newId(),
      state: 'wait',
      via: null,
      jump: null,
      items: null,
      enteredAt: this.env.now,
      ...token,
    }
    this.putToken(row)
    return row
  }

  end(token: TokenRow): void {
    this.disarm(token)
    this.#note('leave', token, { gone: [token.id] })
    this.removeToken(token.id)
    this.#closeScope(token.instanceId, token.parent)
  }

  endScope(token: TokenRow): void {
    const inside = [...this.tokens.values()].filter((one) => one.instanceId === token.instanceId && one.parent === token.parent)
    const instance = this.instanceOf(token)
    this.#note('leave', token, { gone: this.kill(inside) })
    if (token.parent === null && instance.parentInstance === null) this.endInstance(instance, 'TERMINATED')
    else this.#closeScope(token.instanceId, token.parent, 'TERMINATED')
  }

  /** When nothing lives in a scope any more its host goes on. */
  #closeScope(instanceId: string, parent: string | null, status: InstanceRow['status'] = 'COMPLETED'): void {
    for (const one of this.tokens.values()) if (one.instanceId === instanceId && one.parent === parent) return
    if (parent !== null) {
      const host = this.tokens.get(parent)
      if (host) this.leave(host)
      return
    }
    const instance = this.instanceOf({ instanceId })
    this.#finish(instance, status)
    const host = instance.parentToken === null ? undefined : this.tokens.get(instance.parentToken)
    if (!host) return
    this.setVars(this.instanceOf(host), instance.vars)
    this.leave(host)
  }

  #finish(instance: InstanceRow, status: InstanceRow['status']): void {
    instance.status = status
    instance.endedAt = this.env.now
    this.touchInstance(instance)
    this.record('end', { instanceId: instance.id, data: { status } })
  }

  kill(tokens: readonly TokenRow[], childStatus: InstanceRow['status'] = 'CANCELLED'): string[] {
    const gone: string[] = []
    for (const token of tokens) {
      if (!this.tokens.has(token.id)) continue
      gone.push(...this.disarm(token, childStatus), token.id)
      this.removeToken(token.id)
    }
    return gone
  }

  disarm(token: TokenRow, childStatus: InstanceRow['status'] = 'CANCELLED'): string[] {
    for (const task of this.tasks.values()) {
      if (task.tokenId !== token.id || (task.status !== 'OPEN' && task.status !== 'BLOCKED')) continue
      task.status = 'CANCELLED'
      task.doneAt = this.env.now
      this.touchTask(task)
    }
    for (const job of this.jobs.values()) if (job.tokenId === token.id) this.removeJob(job.id)
    for (const wait of this.waits.values()) if (wait.tokenId === token.id) this.removeWait(wait.id)
    if (token.state !== 'scope') return []
    const gone = this.kill(
      [...this.tokens.values()].filter((one) => one.parent === token.id),
      childStatus,
    )
    for (const child of this.instances.values()) {
      if (child.parentToken !== token.id || child.status !== 'RUNNING') continue
      gone.push(
        ...this.kill(
          [...this.tokens.values()].filter((one) => one.instanceId === child.id),
          childStatus,
        ),
      )
      this.#finish(child, childStatus)
    }
    return gone
  }

  family(tokenId: string): TokenRow[] {
    return [...this.tokens.values()].filter((one) => one.id === tokenId || one.lineage.includes(tokenId))
  }

  interrupt(token: TokenRow, boundary: string): void {
    const gone = this.disarm(token, 'FAILED')
    this.#note('interrupt', token, { boundary, gone })
    token.state = 'wait'
    this.goTo(token, boundary)
  }

  spawnBeside(token: TokenRow, boundary: string): void {
    const { instanceId, parent, lineage, id } = token
    const first = this.env.newId()
    this.goTo(
      this.addToken({ id: first, instanceId, parent, node: boundary, lineage: [...lineage, id], strand: first, fork: null }),
      boundary,
    )
  }

  throwError(token: TokenRow, code: string): boolean {
    for (let at: TokenRow | undefined = token; at; ) {
      const program = this.programOf(at)
      const events = nodeOf(program, at.node).boundaries.map((id) => nodeOf(program, id))
      const errors = events.flatMap((node) =>
        node.kind === 'boundary' && node.trigger.on === 'error' ? [{ id: node.id, code: node.trigger.code }] : [],
      )
      const match = errors.find((one) => one.code === code) ?? errors.find((one) => one.code === null)
      if (match) {
        this.interrupt(at, match.id)
        return true
      }
      const above: string | null = at.parent ?? this.instanceOf(at).parentToken
      at = above === null ? undefined : this.tokens.get(above)
    }
    return false
  }

  endInstance(instance: InstanceRow, status: InstanceRow['status']): void {
    const gone = this.kill(
      [...this.tokens.values()].filter((one) => one.instanceId === instance.id),
      status,
    )
    if (gone.length > 0) this.record('cancel', { instanceId: instance.id, data: { gone } })
    this.#finish(instance, status)
  }

  setVars(instance: InstanceRow, facts: Record<string, unknown>): void {
    instance.vars = { ...instance.vars, ...facts }
    this.touchInstance(instance)
  }

  // --- what waits ---

  openTask(token: TokenRow, node: Node, seq: number, item: { name: string; value: unknown } | null): TaskRow {
    if (node.kind !== 'user') throw new Error(`${node.id} is no user task`)
    const instance = this.instanceOf(token)
    const context = this.context(instance, item ? { [item.name]: item.value } : {})
    const limit = node.due === null ? null : this.#resolve(node.id, node.due, context)
    const from = this.#clockStart(node, context)
    const assignee = node.assignee === null ? null : this.#feel(node.id, node.assignee, context)
    const task: TaskRow = {
      id: this.env.newId(),
      instanceId: token.instanceId,
      tokenId: token.id,
      lineage: token.lineage,
      node: node.id,
      kind: item ? 'EACH' : 'MAIN',
      status: 'OPEN',
      assignee: typeof assignee === 'string' && assignee !== '' ? assignee : (this.preset.get(token.id) ?? null),
      roles: this.#rolesOf(node, context),
      formKey: node.formKey,
      dueAt: limit === null ? null : this.env.addTime(from, limit),
      dueLimit: limit,
      dueFromAt: from,
      createdAt: this.env.now,
      claimedAt: null,
      doneAt: null,
      doneBy: null,
      doneByName: null,
      outcome: null,
      comment: null,
      seq,
      anchor: null,
      position: null,
      superseded: false,
    }
    this.preset.delete(token.id)
    this.addTask(task)
    this.armReminders(task)
    return task
  }

  #rolesOf(node: UserNode, context: Record<string, unknown>): string[] {
    if (node.rolesExpression === null) return node.roles
    const value = this.#feel(node.id, node.rolesExpression, context)
    return (Array.isArray(value) ? value : [value]).filter((role) => typeof role === 'string')
  }

  /** The limit runs from the named fact when there is one, else from now. */
  #clockStart(node: UserNode, context: Record<string, unknown>): Temporal.Instant {
    const named = node.dueFrom === null ? undefined : context[node.dueFrom]
    if (named === undefined || named === null) return this.env.now
    const at = readMoment(String(named))
    if (!at) throw new Undecidable(node.id, `${node.dueFrom} 不是时刻`, `${node.dueFrom} is no instant`)
    return at
  }

  /** `param:` and `=` of a span, resolved now. */
  #resolve(element: string, text: string, context: Record<string, unknown>): string {
    if (text.startsWith('param:')) return this.#resolve(element, this.env.parameter(text.slice('param:'.length)), context)
    if (!text.startsWith('=')) return text
    const value = this.#feel(element, text.slice(1), context)
    const shown = typeof value === 'string' ? value : String((value as { toISO?(): string } | null)?.toISO?.() ?? value)
    if (!readSpan(shown) && !readCycle(shown) && !readMoment(shown)) {
      throw new Undecidable(element, `${text} 得到的不是时间：${shown}`, `${text} gives no time: ${shown}`)
    }
    return shown
  }

  armReminders(task: TaskRow): void {
    if (!task.dueAt) return
    for (const percent of REMINDERS) {
      this.addJob({
        instanceId: task.instanceId,
        tokenId: task.tokenId,
        node: task.node,
        kind: 'reminder',
        topic: null,
        dueAt: this.env.shareOf(task.dueFromAt, task.dueAt, percent / 100),
        repeat: null,
        every: null,
        taskId: task.id,
        percent,
      })
    }
  }

  armTimer(token: TokenRow, node: string, timer: TimerSpec, from: Temporal.Instant): void {
    const text = this.#resolve(node, timer.text, this.context(this.instanceOf(token)))
    const cycle = readCycle(text)
    const moment = cycle || readSpan(text) ? null : readMoment(text)
    this.addJob({
      instanceId: token.instanceId,
      tokenId: token.id,
      node,
      kind: 'timer',
      topic: null,
      dueAt: moment ?? this.#after(from, cycle?.every ?? text),
      repeat: cycle ? cycle.times : null,
      every: cycle?.every ?? null,
      taskId: null,
      percent: null,
    })
  }

  #after(from: Temporal.Instant, text: string): Temporal.Instant {
    const span = readSpan(text)
    return span?.unit === 'iso' ? addNatural(from, span.duration) : this.env.addTime(from, text)
  }

  /** The next firing of a cycle counts from the last due instant, so that a late worker does not drift. */
  rearm(job: JobRow): boolean {
    if (job.every === null || job.repeat === 1) return false
    job.repeat = job.repeat === null ? null : job.repeat - 1
    job.dueAt = this.#after(job.dueAt, job.every)
    this.touchJob(job)
    return true
  }

  armMessage(token: TokenRow, node: string, message: MessageSpec): void {
    const instance = this.instanceOf(token)
    const key = message.key === null ? instance.businessKey : this.#feel(node, message.key, this.context(instance))
    if (key === null || key === undefined) throw new Undecidable(node, '消息的关联键没有值', 'the correlation key has no value')
    this.putWait({ id: this.env.newId(), instanceId: token.instanceId, tokenId: token.id, node, name: message.name, key: String(key) })
  }

  armBoundaries(token: TokenRow, node: Node, returned: boolean): void {
    const program = this.programOf(token)
    for (const event of node.boundaries.map((id) => nodeOf(program, id))) {
      if (event.kind !== 'boundary' || (event.armed === 'returned' && !returned)) continue
      if (event.trigger.on === 'timer') this.armTimer(token, event.id, event.trigger.timer, this.env.now)
      if (event.trigger.on === 'message') this.armMessage(token, event.id, event.trigger.message)
    }
  }

  addJob(job: Parameters<Moves['addJob']>[0]): JobRow {
    const row: JobRow = { ...job, id: this.env.newId(), attempts: 0, maxAttempts: MAX_ATTEMPTS, dead: false, lastError: null }
    this.putJob(row)
    return row
  }

  callInTx(call: TxCall): void {
    this.calls.push(call)
  }

  startInstance(row: Parameters<Moves['startInstance']>[0], host: TokenRow | null): InstanceRow {
    const instance: InstanceRow = { ...row, rev: 0, status: 'RUNNING', startedAt: this.env.now, endedAt: null }
    this.putInstance(instance)
    const program = this.env.programOf(instance.defId)
    const start = program.starts.get(program.id)
    if (!start) throw new Error(`${program.key} has no start event`)
    const lineage = host ? [...host.lineage, host.id] : []
    const token = this.addToken({ instanceId: instance.id, parent: null, node: start, lineage, strand: null, fork: null })
    this.record('start', { instanceId: instance.id, node: start, tokenId: token.id, lineage, data: { process: program.key } })
    this.goTo(token, start)
    return instance
  }

  record(kind: EventKind, at: Partial<EventRow> & { instanceId: string }): void {
    const { personId, name } = this.by
    this.events.push({
      kind,
      node: null,
      flow: null,
      tokenId: null,
      lineage: [],
      taskId: null,
      actor: personId,
      actorName: name,
      data: {},
      ...at,
    })
  }
}
