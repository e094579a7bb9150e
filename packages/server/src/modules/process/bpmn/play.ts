import { completeTask } from './engine/completing.ts'
import { BpmnError, type By, type Env, Refusal, Undecidable } from './engine/env.ts'
import { returnTask } from './engine/returning.ts'
import { Run } from './engine/run.ts'
import { deliverMessage, failService, finishService, fireReminder, fireTimer, raiseIncident } from './engine/signalling.ts'
import { emptyState, type State, type TokenRow, type WaitRow } from './engine/state.ts'
import { addNatural } from './model/span.ts'
import { type Node, nodeOf, type Program } from './program.ts'

export type PlayStep =
  /** Facts the process starts with; first step only. */
  | { start: Record<string, unknown> }
  | { complete: string; outcome?: string | undefined; data?: Record<string, unknown> | undefined }
  | { advance: string }
  | { message: string; key?: string | undefined }
  | { fail: string; error?: string | undefined }

export interface PlayResult {
  /** Ids in order of entry; a join is entered when it fires. */
  trace: string[]
  state: 'completed' | 'waiting' | 'terminated' | 'incident'
  /** Where tokens rest; joins and hosts of sub-processes are left out. */
  waiting: string[]
  /** Why the script could not be followed to its end. */
  problem?: { element: string | null; zh: string; en: string }
}

export interface PlayWorld {
  programs: ReadonlyMap<string, Program>
  now: Temporal.Instant
  addTime: Env['addTime']
  parameter: Env['parameter']
}

/** Who does a step and until when moves no token: left out, so that a definition plays without people and calendar. */
function withoutPeople(program: Program): Program {
  const bare = (node: Node): Node =>
    node.kind === 'user' ? { ...node, assignee: null, rolesExpression: null, due: null, dueFrom: null } : node
  return { ...program, nodes: new Map([...program.nodes].map(([id, node]) => [id, bare(node)])) }
}

const whyNot = ({ code, params }: Refusal): { zh: string; en: string } => {
  if (code === 'not-waiting') return { zh: '这一步现在没有待办', en: 'no task is open at this step now' }
  if (code === 'no-such-outcome') return { zh: `这一步没有结果 ${params.outcome}`, en: `this step has no outcome ${params.outcome}` }
  return { zh: `脚本在这里办不下去：${code}`, en: `the script cannot go on here: ${code}` }
}

/** Plays one definition in memory: the same interpreter as on the server, with a clock and services in the hand of the script. */
const ENDED: Record<string, PlayResult['state']> = { COMPLETED: 'completed', FAILED: 'incident' }

export class Player {
  readonly #world: PlayWorld
  readonly #programs = new Map<string, Program>()
  #state: State = emptyState()
  #now: Temporal.Instant
  #ids = 0
  readonly #trace: string[] = []
  readonly #early: { name: string; key: string | undefined }[] = []
  readonly #toFail: { node: string; error: string | undefined }[] = []

  constructor(world: PlayWorld) {
    this.#world = world
    this.#now = world.now
    for (const [key, program] of world.programs) this.#programs.set(key, withoutPeople(program))
  }

  get state(): State {
    return this.#state
  }

  #program(key: string): Program {
    const program = this.#programs.get(key)
    if (!program) throw new Undecidable(key, `找不到被调用的流程：${key}`, `the called process is not found: ${key}`)
    return program
  }

  #command(act: (run: Run) => void): void {
    const by: By = { personId: 'player', name: 'player' }
    const run = new Run(
      {
        now: this.#now,
        newId: () => `t${String(++this.#ids).padStart(6, '0')}`,
        addTime: this.#world.addTime,
        shareOf: (from, due, share) => from.add({ milliseconds: Math.round(from.until(due).total('milliseconds') * share) }),
        parameter: this.#world.parameter,
        programOf: (key) => this.#program(key),
        latest: (key) => ({ defId: key, program: this.#program(key) }),
        by,
      },
      this.#state,
    )
    try {
      act(run)
      run.drain()
    } finally {
      this.#state = run.snapshot()
      for (const event of run.events) if (event.kind === 'enter' && event.node) this.#trace.push(event.node)
    }
    this.#deliverEarly()
  }

  #nodeOf(token: TokenRow): Node {
    const instance = this.#state.instances.find((one) => one.id === token.instanceId)
    return nodeOf(this.#program(instance?.defId ?? ''), token.node)
  }

  // --- messages ---

  #keyMatters(wait: WaitRow): boolean {
    const instance = this.#state.instances.find((one) => one.id === wait.instanceId)
    const node = nodeOf(this.#program(instance?.defId ?? ''), wait.node)
    if (node.kind === 'message') return node.message.key !== null
    return node.kind === 'boundary' && node.trigger.on === 'message' && node.trigger.message.key !== null
  }
  #waitFor(name: string, key: string | undefined): WaitRow | undefined {
    return this.#state.waits.find((wait) => wait.name === name && (key === undefined || wait.key === key || !this.#keyMatters(wait)))
  }
  #deliverEarly(): void {
    for (const [index, { name, key }] of this.#early.entries()) {
      const wait = this.#waitFor(name, key)
      if (!wait) continue
      this.#early.splice(index, 1)
      this.#command((run) => deliverMessage(run, wait.id, {}))
      return
    }
  }

  // --- services ---

  #resting(): TokenRow[] {
    return this.#state.tokens.filter((token) => token.state === 'wait' && this.#nodeOf(token).kind === 'service')
  }
  #fail(token: TokenRow, error: string | undefined): void {
    this.#command((run) => {
      const live = run.tokens.get(token.id)
      if (!live) return
      if (error === undefined) raiseIncident(run, live, 'failed', null)
      else failService(run, live.id, new BpmnError(error), null)
    })
  }
  /** Lets services succeed, but for those that the next steps of the script fail. */
  #settle(script: readonly PlayStep[], from: number): void {
    const held = new Set<string>()
    for (let at = from; at < script.length; at += 1) {
      const step = script[at]
      if (!step || !('fail' in step)) break
      held.add(step.fail)
    }
    for (;;) {
      const token = this.#resting().find((one) => !held.has(one.node))
      if (!token) return
      const order = this.#toFail.findIndex((one) => one.node === token.node)
      if (order < 0) this.#command((run) => finishService(run, token.id, {}))
      else this.#fail(token, this.#toFail.splice(order, 1)[0]?.error)
    }
  }

  // --- steps ---

  #complete(id: string, outcome: string | null, facts: Record<string, unknown>): void {
    const task = this.#state.tasks.find((one) => one.node === id && one.status === 'OPEN')
    if (!task) throw new Refusal('not-waiting', { id })
    this.#command((run) => {
      const node = run.nodeAt(task)
      if (node.kind === 'user' && outcome !== null && outcome !== 'RETURN' && node.outcomes.length > 0 && !node.outcomes.includes(outcome))
        throw new Refusal('no-such-outcome', { id, outcome })
      if (node.kind === 'user' && outcome === 'RETURN' && node.returnTo) {
        returnTask(run, task.id, { toNode: node.returnTo, reasons: [], comment: null })
      } else completeTask(run, task.id, { outcome, comment: null, facts })
    })
  }

  #advance(by: string, script: readonly PlayStep[], next: number): void {
    const until = addNatural(this.#now, Temporal.Duration.from(by))
    for (;;) {
      const due = this.#state.jobs
        .filter((job) => job.kind !== 'service' && Temporal.Instant.compare(job.dueAt, until) <= 0)
        .toSorted((one, other) => Temporal.Instant.compare(one.dueAt, other.dueAt))[0]
      if (!due) break
      if (Temporal.Instant.compare(due.dueAt, this.#now) > 0) this.#now = due.dueAt
      this.#command((run) => {
        if (due.kind === 'reminder') fireReminder(run, due.id)
        else fireTimer(run, due.id)
      })
      this.#settle(script, next)
    }
    this.#now = until
  }

  #follow(step: PlayStep, script: readonly PlayStep[], next: number): void {
    if ('complete' in step) this.#complete(step.complete, step.outcome ?? null, step.data ?? {})
    else if ('advance' in step) this.#advance(step.advance, script, next)
    else if ('message' in step) {
      const wait = this.#waitFor(step.message, step.key)
      if (wait) this.#command((run) => deliverMessage(run, wait.id, {}))
      else this.#early.push({ name: step.message, key: step.key })
    } else if ('fail' in step) {
      const token = this.#resting().find((one) => one.node === step.fail)
      if (token) this.#fail(token, step.error)
      else this.#toFail.push({ node: step.fail, error: step.error })
    }
  }

  play(key: string, script: readonly PlayStep[]): PlayResult {
    const [first] = script
    const vars = first && 'start' in first ? first.start : {}
    try {
      this.#command((run) => {
        run.startInstance(
          {
            id: 'root',
            defId: key,
            rootId: 'root',
            parentInstance: null,
            parentToken: null,
            businessKey: 'play',
            title: key,
            starter: 'player',
            starterName: 'player',
            tenantId: null,
            applicationId: null,
            vars,
          },
          null,
        )
      })
      for (const [index, step] of script.entries()) {
        this.#settle(script, index)
        this.#follow(step, script, index + 1)
      }
      this.#settle(script, script.length)
    } catch (error) {
      if (error instanceof Undecidable)
        return { ...this.#result(), state: 'incident', problem: { element: error.element, zh: error.zh, en: error.en } }
      if (error instanceof Refusal) {
        const id = String(error.params.id ?? error.params.step ?? '')
        return {
          ...this.#result(),
          problem: { element: id, ...whyNot(error) },
        }
      }
      throw error
    }
    return this.#result()
  }

  #result(): PlayResult {
    const root = this.#state.instances.find((one) => one.id === 'root')
    const resting = this.#state.tokens.filter((token) => token.state === 'wait' || token.state === 'incident')
    const running = resting.some((token) => token.state === 'incident') ? 'incident' : 'waiting'
    return {
      trace: [...this.#trace],
      // an error that no boundary takes is nobody's decision to stop: it is an incident
      state: !root || root.status === 'RUNNING' ? running : (ENDED[root.status] ?? 'terminated'),
      waiting: [...new Set(resting.map((token) => token.node))],
    }
  }
}
