import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Door } from '../../platform/door.ts'
import { activeSource } from '../telemetry/index.ts'
import { type Incoming, MalformedError } from './intake/incoming.domain.ts'
import { takeIncoming } from './intake.service.ts'

/** What one request says: who it is from, how it is read, and whom to tell what became of it. */
interface Waiting {
  tokenSha256: string
  bytes: number
  /** @throws MalformedError */
  read(now: number): Incoming[]
  done(answer: IntakeAnswer): void
  failed(error: unknown): void
}
export type IntakeAnswer =
  | { is: 'unknown' }
  | { is: 'malformed'; sourceId: string; why: string }
  /** Decided and durable. `begun`, `fired` and `closed` count everything that was decided together with it. */
  | { is: 'taken'; sourceId: string; taken: number; begun: number; fired: number; closed: number }

/** Events of one request. */
const INCOMING_MAX = 5_000
/** Requests decided in one transaction, and their bytes together. */
const GROUP_MAX = 64
const GROUP_BYTES_MAX = 8 * 1024 * 1024
/** What may wait in one process; a sender that is told so comes back. */
const WAITING_MAX = 500
const WAITING_BYTES_MAX = 64 * 1024 * 1024

/** Too much waits: nothing was kept of this request. */
export class BusyError extends Error {}

/**
 * One transaction at a time decides what came in while the one before was under way. Senders do not wait for each other's rows, connections stay free
 * for people, and a storm is seen by its size from its second group on instead of opening an incident for each alarm of it.
 */
export class DecisionQueue {
  private readonly door: Door
  private waiting: Waiting[] = []
  private bytes = 0
  private running: Promise<void> | null = null

  constructor(door: Door) {
    this.door = door
  }

  take(one: Pick<Waiting, 'tokenSha256' | 'bytes' | 'read'>): Promise<IntakeAnswer> {
    if (this.waiting.length >= WAITING_MAX || this.bytes + one.bytes > WAITING_BYTES_MAX)
      return Promise.reject(new BusyError(`${this.waiting.length} requests wait to be decided`))
    this.bytes += one.bytes
    return new Promise((done, failed) => {
      this.waiting.push({ ...one, done, failed })
      this.running ??= this.work().finally(() => {
        this.running = null
      })
    })
  }

  /** Everything taken in is decided. */
  async settle(): Promise<void> {
    while (this.running) await this.running
  }

  private async work(): Promise<void> {
    while (this.waiting.length > 0) {
      const group = this.nextGroup()
      try {
        const answers = await this.decide(group)
        for (const [index, one] of group.entries()) one.done(answers[index] as IntakeAnswer)
      } catch (error) {
        if (group.length === 1) group[0]?.failed(error)
        // one that cannot be decided must not refuse the others
        else for (const one of group) await this.decide([one]).then(([answer]) => one.done(answer as IntakeAnswer), one.failed)
      }
    }
  }

  private nextGroup(): Waiting[] {
    let bytes = 0
    let length = 0
    for (const one of this.waiting) {
      bytes += one.bytes
      if (length > 0 && (length >= GROUP_MAX || bytes > GROUP_BYTES_MAX)) break
      length += 1
    }
    const group = this.waiting.splice(0, length)
    for (const one of group) this.bytes -= one.bytes
    return group
  }

  private decide(group: readonly Waiting[]): Promise<IntakeAnswer[]> {
    return this.door.enter({ actor: systemActor('alarm-intake') }, async (ctx) => {
      const answers: IntakeAnswer[] = []
      for (const [tokenSha256, said] of Map.groupBy(group, (one) => one.tokenSha256)) {
        const found = await decideSource(ctx, tokenSha256, said)
        for (const [index, one] of said.entries()) answers[group.indexOf(one)] = found[index] as IntakeAnswer
      }
      return answers
    })
  }
}

async function decideSource(ctx: Ctx, tokenSha256: string, said: readonly Waiting[]): Promise<IntakeAnswer[]> {
  const source = tokenSha256 === '' ? undefined : await activeSource(ctx, tokenSha256)
  if (!source) return said.map(() => ({ is: 'unknown' }))
  const read = said.map((one) => readOne(one, ctx.now.epochMilliseconds))
  const events = read.flatMap((one) => ('why' in one ? [] : one.events))
  const counts = await takeIncoming(ctx, source, events)
  return read.map((one) =>
    'why' in one
      ? { is: 'malformed', sourceId: source.id, why: one.why }
      : { is: 'taken', sourceId: source.id, taken: one.events.length, ...counts },
  )
}

function readOne(one: Waiting, now: number): { events: Incoming[] } | { why: string } {
  try {
    const events = one.read(now)
    if (events.length > INCOMING_MAX) throw new MalformedError(`more than ${INCOMING_MAX} at once`)
    return { events }
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error
    return { why: error.message.slice(0, 300) }
  }
}
