import type { Env } from '../bpmn/engine/env.ts'
import { Run } from '../bpmn/engine/run.ts'
import { finishService } from '../bpmn/engine/signalling.ts'
import { type EventRow, emptyState, type State } from '../bpmn/engine/state.ts'
import { addNatural, readSpan } from '../bpmn/model/span.ts'
import type { Program } from '../bpmn/program.ts'

/** The interpreter in memory with a fake clock; services succeed at once. Each command works on rows read anew, as on the server. */
export class Game {
  state: State = emptyState()
  readonly events: EventRow[] = []
  now = Temporal.Instant.from('2026-09-18T07:00:00Z')
  #ids = 0
  readonly #programs: ReadonlyMap<string, Program>

  constructor(...programs: Program[]) {
    this.#programs = new Map(programs.map((program) => [program.key, program]))
  }

  #env(): Env {
    const programOf = (key: string): Program => this.#programs.get(key) as Program
    return {
      now: this.now,
      newId: () => `id-${String(++this.#ids).padStart(5, '0')}`,
      addTime(from, text) {
        const span = readSpan(text)
        return span?.unit === 'iso' ? addNatural(from, span.duration) : from.add({ hours: 24 * (span?.amount ?? 1) })
      },
      shareOf: (from, due, share) => from.add({ milliseconds: Math.round(from.until(due).total('milliseconds') * share) }),
      parameter: () => 'PT1H',
      programOf,
      latest: (key) => ({ defId: key, program: programOf(key) }),
      by: { personId: 'p', name: '某人' },
    }
  }

  command<T>(act: (run: Run) => T): T {
    const run = new Run(this.#env(), this.state)
    const value = act(run)
    run.drain()
    for (let call = run.calls.shift(); call; call = run.calls.shift()) {
      if (run.tokens.get(call.tokenId)?.node === call.node) finishService(run, call.tokenId, {})
    }
    this.state = run.snapshot()
    this.events.push(...run.events)
    return value
  }

  start(key: string, vars: Record<string, unknown> = {}): void {
    this.command((run) =>
      run.startInstance(
        {
          id: 'root',
          defId: key,
          rootId: 'root',
          parentInstance: null,
          parentToken: null,
          businessKey: 'b',
          title: 't',
          starter: 'p',
          starterName: '某人',
          tenantId: null,
          applicationId: null,
          vars,
        },
        null,
      ),
    )
  }

  get status(): string {
    return this.state.instances.find((one) => one.id === 'root')?.status ?? ''
  }
  /** Elements with a token, joins included, sorted. */
  get marking(): string[] {
    return this.state.tokens.map((token) => token.node).sort()
  }
  get open(): State['tasks'] {
    return this.state.tasks.filter((task) => task.status === 'OPEN')
  }
  taskAt(node: string): string {
    const task = this.open.find((one) => one.node === node)
    if (!task) throw new Error(`no open task at ${node}; open: ${this.open.map((one) => one.node)}`)
    return task.id
  }
  entered(node: string): number {
    return this.events.filter((event) => event.kind === 'enter' && event.node === node).length
  }
}

/** Tokens as the history alone tells them: id -> element. */
export function replay(events: readonly EventRow[]): Map<string, string> {
  const at = new Map<string, string>()
  for (const { kind, tokenId, node, data } of events) {
    for (const id of (data.gone as string[] | undefined) ?? []) at.delete(id)
    if (tokenId !== null && node !== null && (kind === 'start' || kind === 'enter' || kind === 'flow')) at.set(tokenId, node)
  }
  return at
}
