import { sql } from 'kysely'
import type { Actor } from './actor.ts'
import type { Crypto } from './crypto.ts'
import type { Ctx, Events, FactInput, Jobs, Locale, Params } from './ctx.ts'
import type { Database, Db } from './db.ts'
import { ProblemError } from './fail.ts'
import type { JobQueue } from './jobs.ts'
import { dropFactsAfter, factsHeld, holdFact, writeHeldFacts } from './ledger/index.ts'
import { maskDeep } from './mask.ts'
import { forget } from './memo.ts'
import type { Clock } from './time.ts'

export type Reaction<T extends keyof Events> = (ctx: Ctx, event: Events[T]) => Promise<void>
export type Reactions = { [T in keyof Events]?: readonly Reaction<T>[] }

/** Gives a command its transaction. */
export type Transact = <T>(readOnly: boolean, run: (db: Db) => Promise<T>) => Promise<T>

export interface DoorParts {
  db: Database
  /** One of its own for each command, unless told. */
  transact?: Transact | undefined
  clock: Clock
  crypto: Crypto
  jobs: Pick<JobQueue, 'enqueue'>
  reactions: Reactions
  loadParams(db: Db, now: Temporal.Instant): Promise<Params>
}

export interface Entry {
  actor: Actor | ((db: Db, now: Temporal.Instant) => Promise<Actor>)
  locale?: Locale
  /** Nothing can be written, not even by mistake. */
  readOnly?: boolean
}

/** Where every command enters: builds Ctx inside one transaction and runs the service in it. */
export interface Door {
  enter<T>(entry: Entry, run: (ctx: Ctx) => Promise<T>): Promise<T>
  readonly db: Database
  readonly clock: Clock
}

export function createDoor(parts: DoorParts): Door {
  const { db: database, clock, jobs, reactions, loadParams } = parts
  const ofItsOwn: Transact = (readOnly, run) =>
    (readOnly ? database.transaction().setAccessMode('read only') : database.transaction()).execute(run)
  const transact = parts.transact ?? ofItsOwn
  return {
    db: database,
    clock,
    async enter<T>(entry: Entry, run: (ctx: Ctx) => Promise<T>): Promise<T> {
      let refusal: ProblemError | undefined
      const result = await transact(entry.readOnly ?? false, async (db) => {
        const now = clock()
        const actor = typeof entry.actor === 'function' ? await entry.actor(db, now) : entry.actor
        const ctx: Ctx = {
          db,
          now,
          actor,
          plan: await loadParams(db, now),
          locale: entry.locale ?? 'zh-CN',
          crypto: parts.crypto,
          async publish<T extends keyof Events>(type: T, event: Events[T]) {
            for (const react of (reactions[type] ?? []) as readonly Reaction<T>[]) await react(ctx, event)
          },
          enqueue: <J extends keyof Jobs>(job: J, payload: Jobs[J], options = {}) => jobs.enqueue(db, job, payload, options),
          record: async (fact: FactInput) => {
            holdFact(db, parts.crypto, {
              at: now,
              actorKind: actor.kind,
              actorId: actor.personId,
              actorName: actor.name,
              sessionId: actor.sessionId,
              address: actor.address,
              kind: fact.kind,
              subjectType: fact.subject.type,
              subjectId: fact.subject.id,
              tenantId: fact.tenantId ?? null,
              // a fact is kept for ever and read by people who need no number: it names who, not how to reach them
              before: maskDeep(fact.before),
              after: maskDeep(fact.after),
              data: maskDeep(fact.data),
            })
          },
        }
        // commands of demo data share a transaction: what one has read or not written is not the next one's
        forget(db, '')
        const facts = factsHeld(db)
        try {
          const done = await run(ctx)
          await writeHeldFacts(db)
          return done
        } catch (error) {
          if (!(error instanceof ProblemError && error.keepsWrites)) {
            dropFactsAfter(db, facts)
            forget(db, '')
            throw error
          }
          await writeHeldFacts(db)
          refusal = error
          return undefined
        }
      })
      if (refusal) throw refusal
      return result as T
    },
  }
}

/** Tells hearers in every process, when and only if this transaction commits. */
export const notifyLive = async (db: Db, channel: string, payload: string): Promise<void> => {
  await sql`select pg_notify(${channel}, ${payload})`.execute(db)
}
