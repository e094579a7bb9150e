import { enterNode } from '../elements/registry.ts'
import { type Node, nodeOf } from '../program.ts'
import { Arming } from './arming.ts'
import { Undecidable } from './env.ts'
import type { Moves, TxCall } from './moves.ts'
import type { EventKind, InstanceRow, TokenRow } from './state.ts'

/** Elements entered by one command: more is a loop without a human or a timer in it. */
const MAX_STEPS = 500

/**
 * The token game of one tree of instances for one command. Pure: it reads the rows it was given and collects the changes; it does no I/O,
 * reads no clock and knows no database. Services to be run in the transaction are left in `calls` for the driver.
 */
export class Run extends Arming implements Moves {
  readonly calls: TxCall[] = []
  readonly #queue: { token: TokenRow; node: string; via: string | null }[] = []
  #steps = 0

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

  callInTx(call: TxCall): void {
    this.calls.push(call)
  }

  startInstance(row: Parameters<Moves['startInstance']>[0], host: TokenRow | null): InstanceRow {
    const program = this.env.programOf(row.defId)
    const start = program.starts.get(program.id)
    if (!start) throw new Error(`${program.key} has no start event`)
    const begin = nodeOf(program, start)
    const vars = { ...(begin.kind === 'start' ? begin.defaults : {}), ...row.vars }
    const instance: InstanceRow = { ...row, vars, rev: 0, status: 'RUNNING', startedAt: this.env.now, endedAt: null }
    this.putInstance(instance)
    const lineage = host ? [...host.lineage, host.id] : []
    const token = this.addToken({ instanceId: instance.id, parent: null, node: start, lineage, strand: null, fork: null })
    this.record('start', { instanceId: instance.id, node: start, tokenId: token.id, lineage, data: { process: program.key } })
    this.goTo(token, start)
    return instance
  }
}
