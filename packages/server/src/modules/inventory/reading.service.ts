import type { ObservedKind } from '@changbai/contract/inventory.drift.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { newId } from '../../platform/ids.ts'
import { differencesOf, isUnrecorded, quotaDifferences } from './drift.domain.ts'
import { endAlike, endDrifts, type FoundDrift, keepDrifts } from './drift.store.ts'
import {
  failStaleReadings,
  findReading,
  insertReading,
  type KeptThing,
  keepObserved,
  latestReading,
  type MatchedKind,
  markGone,
  markOneGone,
  missingPage,
  type ObservedRow,
  observedPage,
  observedRow,
  PAGE,
  type RecordedRow,
  recordsOf,
  stalestQuotas,
  updateReading,
} from './reading.store.ts'

declare module '../../platform/ctx.ts' {
  interface Events {
    /** New ones only: who is told once is not told at every reading. */
    'inventory.drift-found': { connectionId: string; cloud: string; count: number; readingId: string }
  }
}

/** Longer than any reading takes; one that is older died. */
const STALE_MINUTES = 30
export interface Reading {
  id: string
  connectionId: string
  cloud: string
  startedAt: Temporal.Instant
}

/** Begins a reading of a cloud; null while another one of it is under way. */
export async function openReading(
  ctx: Ctx,
  { connectionId, cloud, cause }: { connectionId: string; cloud: string; cause: 'SCHEDULE' | 'DEMAND' },
): Promise<Reading | null> {
  await failStaleReadings(ctx.db, connectionId, ctx.now.subtract({ minutes: STALE_MINUTES }), ctx.now)
  const id = newId()
  const isFirst = await insertReading(ctx.db, {
    id,
    connection_id: connectionId,
    cloud,
    cause,
    started_at: ctx.now,
    status: 'RUNNING',
    requests: 0,
    counts: '{}',
    complete: '[]',
    found: 0,
  })
  return isFirst ? { id, connectionId, cloud, startedAt: ctx.now } : null
}

/** Keeps one page of what was read. */
export const keepRead = (ctx: Ctx, reading: Reading, kind: ObservedKind, things: readonly KeptThing[]): Promise<void> =>
  keepObserved(ctx.db, reading, kind, things, ctx.now)

/** Projects whose limits shall be read this time. */
export const quotasToRead = (ctx: Ctx, connectionId: string, projectIds: readonly string[], limit: number): Promise<string[]> =>
  stalestQuotas(ctx.db, connectionId, projectIds, limit)

/** After everything was read: what was not met in kinds read to the end is gone there. */
export const closePages = (ctx: Ctx, reading: Reading, complete: readonly ObservedKind[]): Promise<void> =>
  markGone(ctx.db, reading, complete, ctx.now)

/** The reading whose rows one thing joins that is read by itself: the one under way, or the last; none before the first. */
export async function readingToJoin(ctx: Ctx, connectionId: string): Promise<Reading | null> {
  const row = await latestReading(ctx.db, connectionId)
  return row ? { id: row.id, connectionId, cloud: row.cloud, startedAt: row.started_at } : null
}

/**
 * Compares one thing that was read by itself: the difference is the very row a whole reading would keep.
 * @param thing null: the cloud has none (any more)
 */
export async function compareOne(
  ctx: Ctx,
  reading: Reading,
  kind: MatchedKind,
  externalId: string,
  thing: KeptThing | null,
): Promise<void> {
  const [record] = await recordsOf(ctx.db, reading.connectionId, kind, [externalId])
  const isFresh = record !== undefined && Temporal.Instant.compare(record.updatedAt, reading.startedAt) >= 0
  let drifts: FoundDrift[] = []
  if (thing) {
    await keepObserved(ctx.db, reading, kind, [thing], ctx.now)
    if (thing.moving || isFresh) return
    const row = await observedRow(ctx.db, reading.connectionId, kind, externalId)
    if (!row) return
    if (record) drifts = driftOf(row, 'DIFFERS', record, differencesOf(kind, record, row.facts))
    else if (isUnrecorded({ kind, registered: row.registered, moving: row.moving, inOurProject: row.in_our_project, facts: row.facts }))
      drifts = [found(row, 'UNRECORDED', null, [])]
  } else {
    await markOneGone(ctx.db, reading.connectionId, kind, externalId, ctx.now)
    if (isFresh || record?.state === 'BUILDING') return
    if (record) drifts = [missing(kind, record)]
  }
  const fresh = await keepDrifts(ctx.db, reading, drifts, ctx.now)
  if (drifts.length === 0) await endAlike(ctx.db, reading.connectionId, kind, [externalId], ctx.now)
  if (fresh > 0)
    await ctx.publish('inventory.drift-found', {
      connectionId: reading.connectionId,
      cloud: reading.cloud,
      count: fresh,
      readingId: `${reading.id}/${externalId}`,
    })
}

const MATCHED: readonly MatchedKind[] = ['server', 'volume', 'network', 'address']
/** Where the comparison stands; a step a transaction, so that no page of the product waits for it. */
export interface Comparison {
  step: 'met' | 'missing'
  kind: MatchedKind | 'quota'
  after: string
  found: number
}
export const firstComparison: Comparison = { step: 'met', kind: 'server', after: '', found: 0 }

/**
 * Compares one page of a reading with the records and keeps what differs.
 * @param complete kinds read to the end; only of these something can be missing
 * @returns where to go on, null when all is compared
 */
export async function comparePage(
  ctx: Ctx,
  reading: Reading,
  complete: readonly ObservedKind[],
  at: Comparison,
): Promise<{ next: Comparison | null; found: number }> {
  const page = at.step === 'met' ? await compareMet(ctx, reading, at) : await compareMissing(ctx, reading, at.kind as MatchedKind, at.after)
  const found = at.found + (await keepDrifts(ctx.db, reading, page.drifts, ctx.now))
  if (page.last !== null) return { next: { ...at, after: page.last, found }, found }
  if (at.step === 'met' && at.kind !== 'quota' && complete.includes(at.kind))
    return { next: { ...at, step: 'missing', after: '', found }, found }
  const following = ([...MATCHED, 'quota'] as const)[[...MATCHED, 'quota'].indexOf(at.kind) + 1]
  return { next: following ? { step: 'met', kind: following, after: '', found } : null, found }
}

interface Page {
  drifts: FoundDrift[]
  /** The end of a full page; null: there is no more. */
  last: string | null
}

async function compareMet(ctx: Ctx, reading: Reading, { kind, after }: Comparison): Promise<Page> {
  const rows = await observedPage(ctx.db, reading, kind, after)
  const last = rows.length === PAGE ? (rows.at(-1)?.external_id ?? null) : null
  if (kind === 'quota') {
    const drifts = rows.flatMap((row) => driftOf(row, 'DIFFERS', null, quotaDifferences(row.facts)))
    // limits are read of some projects a time, so what is alike ends here and not with the reading
    const differing = new Set(drifts.map(({ externalId }) => externalId))
    const alike = rows.filter((row) => !differing.has(row.external_id)).map((row) => row.external_id)
    await endAlike(ctx.db, reading.connectionId, kind, alike, ctx.now)
    return { last, drifts }
  }
  const records = new Map(
    (
      await recordsOf(
        ctx.db,
        reading.connectionId,
        kind,
        rows.map((row) => row.external_id),
      )
    ).map((one) => [one.externalId, one]),
  )
  const drifts = rows.flatMap((row) => {
    const record = records.get(row.external_id)
    if (!record) {
      const thing = { kind, registered: row.registered, moving: row.moving, inOurProject: row.in_our_project, facts: row.facts }
      return isUnrecorded(thing) ? [found(row, 'UNRECORDED', null, [])] : []
    }
    // what moves there, or was changed here since the reading began, is judged at the next reading
    if (row.moving || Temporal.Instant.compare(record.updatedAt, reading.startedAt) >= 0) return []
    return driftOf(row, 'DIFFERS', record, differencesOf(kind, record, row.facts))
  })
  return { drifts, last }
}

async function compareMissing(ctx: Ctx, reading: Reading, kind: MatchedKind, after: string): Promise<Page> {
  const rows = await missingPage(ctx.db, reading, kind, after || null)
  return {
    drifts: rows.map((record) => missing(kind, record)),
    last: rows.length === PAGE ? (rows.at(-1)?.id ?? null) : null,
  }
}

const missing = (kind: MatchedKind, record: RecordedRow): FoundDrift => ({
  kind,
  externalId: record.externalId,
  verdict: 'MISSING',
  name: record.name,
  projectId: '',
  itemId: record.id,
  tenantId: record.tenantId,
  differences: [],
})
const found = (
  row: ObservedRow,
  verdict: 'UNRECORDED' | 'DIFFERS',
  record: RecordedRow | null,
  differences: FoundDrift['differences'],
): FoundDrift => ({
  kind: row.kind,
  externalId: row.external_id,
  verdict,
  name: record?.name ?? row.name,
  projectId: row.project_id,
  itemId: record?.id ?? null,
  tenantId: record?.tenantId ?? null,
  differences,
})
const driftOf = (row: ObservedRow, verdict: 'DIFFERS', record: RecordedRow | null, differences: FoundDrift['differences']): FoundDrift[] =>
  differences.length > 0 ? [found(row, verdict, record, differences)] : []

export interface ReadingResult {
  status: 'DONE' | 'PARTIAL' | 'FAILED'
  requests: number
  counts: Partial<Record<ObservedKind, number>>
  complete: readonly ObservedKind[]
  found: number
  error: string | null
}

/** Ends a reading: differences it did not meet any more have gone, and new ones are told of. */
/** How a reading ended; null for one that is not known. */
export async function readingEnd(ctx: Ctx, id: string): Promise<{ status: string; error: string | null } | null> {
  const row = await findReading(ctx.db, id)
  return row ? { status: row.status, error: row.error } : null
}

export async function endReading(ctx: Ctx, reading: Reading, result: ReadingResult): Promise<void> {
  const row = await findReading(ctx.db, reading.id)
  if (row?.status !== 'RUNNING') return
  const { status, requests, counts, complete, found: fresh, error } = result
  const gone = status === 'FAILED' ? 0 : await endDrifts(ctx.db, reading, complete, ctx.now)
  await updateReading(ctx.db, reading.id, {
    status,
    requests,
    counts: JSON.stringify(counts),
    complete: JSON.stringify(complete),
    found: fresh,
    error,
    ended_at: ctx.now,
  })
  await ctx.record({
    kind: 'inventory.cloud-read',
    subject: { type: 'cloud-connection', id: reading.connectionId },
    data: { readingId: reading.id, status, requests, counts, found: fresh, gone, error },
  })
  if (fresh > 0)
    await ctx.publish('inventory.drift-found', {
      connectionId: reading.connectionId,
      cloud: reading.cloud,
      count: fresh,
      readingId: reading.id,
    })
}
