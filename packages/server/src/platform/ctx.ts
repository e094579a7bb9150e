import type { Actor } from './actor.ts'
import type { Crypto } from './crypto.ts'
import type { Db } from './db.ts'
import type { ExportMark } from './export-mark.ts'

/** Everything that happened inside that others may react to, by type. Modules add theirs by augmentation. */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled by augmentation
export interface Events {}
/** Work done later, outside the transaction, at least once. Modules add theirs by augmentation. */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled by augmentation
export interface Jobs {}

export type Locale = 'zh-CN' | 'en-US'

/** Parameters of the plan in force at `ctx.now`; an unknown key or a wrong kind throws, because the plan is validated at load. */
export interface Params {
  /** A number in the unit the plan states for the key. */
  number(key: string): number
  text(key: string): string
  flag(key: string): boolean
  /** A duration as processes write it: `2wd`, `2bh` or ISO 8601; also of a number counted in working days or business hours. */
  duration(key: string): string
  /** The raw value, for structured parameters such as the severity clocks. */
  value<T>(key: string): T
}

/** What was done, for the ledger: the door adds who, when and from where. */
export interface FactInput {
  /** `noun.past-tense`, e.g. `request.submitted`. */
  kind: string
  subject: { type: string; id: string }
  tenantId?: string | null
  before?: unknown
  after?: unknown
  data?: unknown
}

export interface EnqueueOptions {
  startAfter?: Temporal.Instant
  /** At most one waiting job per key. */
  key?: string
}

/** Built at a door inside one transaction; the first argument of every service function. */
export interface Ctx {
  readonly db: Db
  /** The instant of the whole command, cut to milliseconds. */
  readonly now: Temporal.Instant
  readonly actor: Actor
  readonly plan: Params
  readonly locale: Locale
  readonly crypto: Crypto
  /** While an export is being made: what must stand in the file. */
  readonly exportMark?: ExportMark
  /** Reactions run at once, in this transaction. */
  publish<T extends keyof Events>(type: T, event: Events[T]): Promise<void>
  /** Enqueued in this transaction: rolled back with it. */
  enqueue<J extends keyof Jobs>(job: J, payload: Jobs[J], options?: EnqueueOptions): Promise<void>
  record(fact: FactInput): Promise<void>
}
