import type { ObservedKind } from '@changbai/contract/inventory.drift.ts'
import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Runtime } from '../../platform/runtime.ts'
import {
  closePages,
  comparePage,
  endReading,
  firstComparison,
  keepRead,
  openReading,
  quotasToRead,
  type Reading,
} from '../inventory/index.ts'
import { activeConnection, type ConnectionRow, connectionById } from './cloud.store.ts'
import { readOpenstackCloud } from './openstack/driver.ts'
import { orderedOf, promisedQuotas, registeredOf } from './reading.store.ts'
import { READ_LIMITS, type ReadBatch, type ReadThing } from './reading.ts'
import { type LiveConnection, openConnection } from './register.ts'
import { readSimulated, simulatedKinds } from './simulator/simulator-read.store.ts'
import { projectsOf } from './stray.store.ts'

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'cloud.readAll': { cause: 'SCHEDULE' | 'DEMAND' }
  }
}

const entry = { actor: systemActor('cloud') }
/** A whole reading; each single call has its own limit. */
const READ_MILLISECONDS = 540_000
/** The record of a change follows its order within so much. */
const ORDER_MINUTES = 10

interface Opened {
  reading: Reading
  connection: LiveConnection
  quotas: string[]
}

/** The simulated cloud is our database: a page a transaction. */
async function* readSimulator({ door }: Runtime, connectionId: string): AsyncGenerator<ReadBatch> {
  for (const kind of simulatedKinds) {
    let after: string | null = null
    do {
      const page: ReadBatch & { next: string | null } = await door.enter({ ...entry, readOnly: true }, (ctx) =>
        readSimulated(ctx.db, connectionId, kind, after, ctx.now),
      )
      yield page
      after = page.next
    } while (after !== null)
  }
}

/**
 * Reads everything of a cloud page by page, keeps it, and compares it with the records page by page. Every page is a short transaction, and no
 * call is made inside one. What could not be read to its end is never said to be missing.
 * @returns the reading's id, or null when there is nothing to read or another reading is under way
 */
export async function readCloud(
  runtime: Runtime,
  { cause, connectionId }: { cause: 'SCHEDULE' | 'DEMAND'; connectionId?: string },
  signal: AbortSignal,
): Promise<string | null> {
  const { door, log } = runtime
  const opened = await door.enter(entry, async (ctx): Promise<Opened | null> => {
    const row: ConnectionRow | undefined = connectionId ? await connectionById(ctx.db, connectionId) : await activeConnection(ctx.db)
    if (!row || row.driver === 'manual') return null
    const reading = await openReading(ctx, { connectionId: row.id, cloud: row.name, cause })
    if (!reading) return null
    const quotas = await quotasToRead(ctx, row.id, await projectsOf(ctx.db, row.id), READ_LIMITS.quotaProjects)
    return { reading, connection: openConnection(ctx, row), quotas }
  })
  if (!opened) return null
  const { reading, connection } = opened
  const counts: Partial<Record<ObservedKind, number>> = {}
  const complete: ObservedKind[] = []
  let requests = 0
  let error: string | null = null
  const limit = AbortSignal.any([signal, AbortSignal.timeout(READ_MILLISECONDS)])
  try {
    const batches =
      connection.driver === 'simulator'
        ? readSimulator(runtime, connection.id)
        : readOpenstackCloud(connection.settings, connection.secret, reading.startedAt, opened.quotas, limit)
    for await (const { kind, things, last, requests: made } of batches) {
      requests += made
      counts[kind] = (counts[kind] ?? 0) + things.length
      if (last && !complete.includes(kind)) complete.push(kind)
      await door.enter(entry, (ctx) => keepBatch(ctx, reading, kind, things))
    }
  } catch (failure) {
    error = failure instanceof Error ? failure.message : String(failure)
    log.warn({ err: failure, cloud: reading.cloud }, 'a cloud could not be read to its end')
  }
  await door.enter(entry, (ctx) => closePages(ctx, reading, complete))
  let found = 0
  for (let at: typeof firstComparison | null = firstComparison; at; ) {
    const here: typeof firstComparison = at
    const step = await door.enter(entry, (ctx) => comparePage(ctx, reading, complete, here))
    found = step.found
    at = step.next
  }
  const status = complete.length === 0 ? 'FAILED' : error === null && complete.length >= 5 ? 'DONE' : 'PARTIAL'
  await door.enter(entry, (ctx) => endReading(ctx, reading, { status, requests, counts, complete, found, error }))
  return reading.id
}

/** One page, kept with what the register knows of it. */
const keepBatch = async (ctx: Ctx, reading: Reading, kind: ObservedKind, things: readonly ReadThing[]): Promise<void> =>
  keepRead(ctx, reading, kind, await keptOf(ctx, reading.connectionId, kind, things))

/** Things as they were read, with what the register knows of them: made by us, in motion, promised. */
export async function keptOf(ctx: Ctx, connectionId: string, kind: ObservedKind, things: readonly ReadThing[]) {
  const known = await registeredOf(ctx.db, connectionId, things)
  const ordered = await orderedOf(
    ctx.db,
    connectionId,
    things.map(({ externalId }) => externalId),
    ctx.now.subtract({ minutes: ORDER_MINUTES }),
  )
  const promised = kind === 'quota' ? await promisedQuotas(ctx.db, connectionId) : undefined
  return things.map(({ externalId, name, projectId, key, moving, facts }) => ({
    externalId,
    name,
    projectId,
    facts: { ...facts, ...(key ? { key } : {}), ...(promised?.has(externalId) ? { promised: promised.get(externalId) } : {}) },
    registered: known.get(externalId)?.present ?? false,
    moving: moving || (known.get(externalId)?.moving ?? false) || ordered.has(externalId),
  }))
}
