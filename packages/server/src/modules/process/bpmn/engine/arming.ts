import { evaluateFeel, FeelError } from '../model/feel.ts'
import { addNatural, lengthen, readCycle, readMoment, readSpan } from '../model/span.ts'
import { type MessageSpec, type Node, nodeOf, type Program, type TimerSpec, type UserNode } from '../program.ts'
import { Ledger } from './changes.ts'
import { type By, type Env, Undecidable } from './env.ts'
import type { Moves } from './moves.ts'
import type { EventKind, EventRow, InstanceRow, JobRow, State, TaskRow, TokenRow } from './state.ts'

/** Beyond this many missed rounds the rhythm is begun anew from now. */
const CYCLES_SKIPPED = 1000

/** Tries of a service call before it becomes an incident. */
const MAX_ATTEMPTS = 8
/** Shares of a limit at which people are told: reminder, overdue, escalation (section 3 of the plan). */
const REMINDERS = [80, 100, 150]

/** The variable in which stand the working days that a named start stood still. */
export const heldName = (start: string): string => `${start}Held`
/** Working days by which limits from a named start are longer, because it stood still. */
export function heldOf(context: Readonly<Record<string, unknown>>, start: string | null): number {
  const held = start === null ? 0 : context[heldName(start)]
  return typeof held === 'number' && Number.isInteger(held) && held > 0 ? held : 0
}

/** Everything a token can wait for: people with their limits and reminders, timers, messages, services. */
export class Arming extends Ledger {
  readonly env: Env

  constructor(env: Env, state: State) {
    super(state)
    this.env = env
  }

  get by(): By {
    return this.env.by
  }

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
      dueAt: limit === null ? null : this.env.addTime(from, lengthen(limit, heldOf(context, node.dueFrom))),
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
    // an endless cycle does not make up for what fell into a stop or a jump of the clock: one reminder, not hundreds
    for (let skipped = 0; job.repeat === null && Temporal.Instant.compare(job.dueAt, this.env.now) <= 0; skipped += 1)
      job.dueAt = skipped < CYCLES_SKIPPED ? this.#after(job.dueAt, job.every) : this.#after(this.env.now, job.every)
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
