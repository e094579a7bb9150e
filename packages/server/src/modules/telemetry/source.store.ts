import type { RejectReason } from '@changbai/contract/telemetry.ts'
import { type Generated, type Kysely, sql } from 'kysely'
import type { Db, NewRow, Row, RowChange, Tables } from '../../platform/db.ts'

interface SourceTable {
  id: string
  name: string
  note: string
  token_sha256: string
  state: 'PENDING' | 'ACTIVE' | 'REVOKED'
  silence_seconds: number
  created_by: string
  created_by_person_id: string
  created_at: Temporal.Instant
  decided_by: string | null
  decided_at: Temporal.Instant | null
  last_seen_at: Temporal.Instant | null
  last_address: string | null
  sender: string | null
  silent_since: Temporal.Instant | null
  skew_ms: number | null
  skewed_since: Temporal.Instant | null
}
interface MinuteTable {
  source_id: string
  minute: Temporal.Instant
  requests: number
  bytes: number
  samples: number
  rejected: number
}
interface RejectTable {
  source_id: string
  day: string
  reason: string
  count: Generated<number>
  last_at: Temporal.Instant
  example: string
}
declare module '../../platform/db.ts' {
  interface Tables {
    telemetry_source: SourceTable
    telemetry_source_minute: MinuteTable
    telemetry_reject: RejectTable
  }
}
export type SourceRecord = Row<'telemetry_source'>
export interface SourceFigures {
  samplesFive: number
  samplesDay: number
  rejectedDay: number
}
type Reading = Kysely<Tables>

export const allSources = (db: Db): Promise<SourceRecord[]> => db.selectFrom('telemetry_source').selectAll().orderBy('created_at').execute()
export const sourceById = (db: Db, id: string): Promise<SourceRecord | undefined> =>
  db.selectFrom('telemetry_source').selectAll().where('id', '=', id).executeTakeFirst()
export const lockSource = (db: Db, id: string): Promise<SourceRecord | undefined> =>
  db.selectFrom('telemetry_source').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const sourceByToken = (db: Reading, sha256: string): Promise<SourceRecord | undefined> =>
  db.selectFrom('telemetry_source').selectAll().where('token_sha256', '=', sha256).executeTakeFirst()
/** The source of the demo data, if there is one and it is approved. */
export const simulatedSource = (db: Db, sender: string): Promise<SourceRecord | undefined> =>
  db.selectFrom('telemetry_source').selectAll().where('sender', '=', sender).where('state', '=', 'ACTIVE').executeTakeFirst()
export async function insertSource(db: Db, row: NewRow<'telemetry_source'>): Promise<boolean> {
  const taken = await db
    .selectFrom('telemetry_source')
    .select('id')
    .where(sql<boolean>`lower(name) = lower(${row.name})`)
    .where('state', '<>', 'REVOKED')
    .executeTakeFirst()
  if (taken) return false
  await db.insertInto('telemetry_source').values(row).execute()
  return true
}
export async function updateSource(db: Db, id: string, change: RowChange<'telemetry_source'>): Promise<void> {
  await db.updateTable('telemetry_source').set(change).where('id', '=', id).execute()
}

/** What each source sent of late. */
export async function figuresOf(db: Db, now: Temporal.Instant): Promise<Map<string, SourceFigures>> {
  const { rows } = await sql<{ source_id: string; five: number; day: number; rejected: number }>`
    select source_id, coalesce(sum(samples) filter (where minute >= ${now.subtract({ minutes: 5 })}), 0) as five, sum(samples) as day, sum(rejected) as rejected
    from telemetry_source_minute where minute >= ${now.subtract({ hours: 24 })} group by source_id`.execute(db)
  return new Map(rows.map((row) => [row.source_id, { samplesFive: row.five, samplesDay: row.day, rejectedDay: row.rejected }]))
}
export const minutesOf = (db: Db, sourceId: string, from: Temporal.Instant) =>
  db
    .selectFrom('telemetry_source_minute')
    .selectAll()
    .where('source_id', '=', sourceId)
    .where('minute', '>=', from)
    .orderBy('minute')
    .limit(1440)
    .execute()
export async function rejectsOf(db: Db, sourceId: string, fromDay: string) {
  const { rows } = await sql<{ reason: RejectReason; count: number; last_at: Temporal.Instant; example: string }>`
    select reason, sum(count) as count, max(last_at) as last_at, (array_agg(example order by last_at desc))[1] as example
    from telemetry_reject where source_id = ${sourceId} and day >= ${fromDay}::date group by reason order by 2 desc`.execute(db)
  return rows
}

export interface Tally {
  requests: number
  bytes: number
  samples: number
  rejected: number
}
/** What one source sent since it was last noted. */
export interface SourceTally extends Tally {
  address: string
  sender: string
  reasons: Map<RejectReason, { count: number; example: string }>
  /** The furthest any newest sample was ahead of our clock as it arrived; below zero it was behind. Absent: no samples. */
  aheadMs?: number
}
export async function addTally(db: Db, sourceId: string, now: Temporal.Instant, tally: Tally): Promise<void> {
  await sql`
    insert into telemetry_source_minute (source_id, minute, requests, bytes, samples, rejected)
    values (${sourceId}, date_trunc('minute', ${now}::timestamptz), ${tally.requests}, ${tally.bytes}, ${tally.samples}, ${tally.rejected})
    on conflict (source_id, minute) do update set requests = telemetry_source_minute.requests + excluded.requests,
      bytes = telemetry_source_minute.bytes + excluded.bytes, samples = telemetry_source_minute.samples + excluded.samples,
      rejected = telemetry_source_minute.rejected + excluded.rejected`.execute(db)
}
export async function addRejects(
  db: Db,
  sourceId: string,
  now: Temporal.Instant,
  reason: string,
  count: number,
  example: string,
): Promise<void> {
  await sql`
    insert into telemetry_reject (source_id, day, reason, count, last_at, example)
    values (${sourceId}, (${now}::timestamptz at time zone 'Asia/Shanghai')::date, ${reason}, ${count}, ${now}, ${example})
    on conflict (source_id, day, reason) do update set count = telemetry_reject.count + excluded.count, last_at = excluded.last_at, example = excluded.example`.execute(
    db,
  )
}
export async function forgetTallies(db: Db, now: Temporal.Instant): Promise<void> {
  await sql`delete from telemetry_source_minute where minute < ${now.subtract({ hours: 8 * 24 })}`.execute(db)
  await sql`delete from telemetry_reject where last_at < ${now.subtract({ hours: 180 * 24 })}`.execute(db)
}

/** Sources that have spoken once, are quiet for longer than allowed and were not found silent before; they are marked. */
export async function takeSilent(db: Db, now: Temporal.Instant): Promise<SourceRecord[]> {
  const { rows } = await sql<{ id: string }>`
    update telemetry_source set silent_since = last_seen_at
    where state = 'ACTIVE' and silent_since is null and silence_seconds > 0 and last_seen_at < ${now}::timestamptz - silence_seconds * interval '1 second'
    returning id`.execute(db)
  if (rows.length === 0) return []
  return db
    .selectFrom('telemetry_source')
    .selectAll()
    .where(
      'id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute()
}

/** What the demo's sender calls itself: its samples are written where they belong and go through nobody's hands. */
export const SIMULATED = 'simulated'
/** When samples were last taken in from anybody, to the minute. */
export async function lastAccepted(db: Db, now: Temporal.Instant): Promise<Temporal.Instant | null> {
  const { rows } = await sql<{ at: Temporal.Instant | null }>`
    select max(minute) as at from telemetry_source_minute m join telemetry_source s on s.id = m.source_id
    where samples > 0 and minute >= ${now.subtract({ hours: 1 })} and s.sender is distinct from ${SIMULATED}`.execute(db)
  return rows[0]?.at ?? null
}

/** How much room the store takes, and how far back it reaches. */
export async function storeSizes(db: Db): Promise<{ chunk_bytes: number; rollup_bytes: number; oldest: Temporal.Instant | null }> {
  const { rows } = await sql<{ chunk_bytes: number; rollup_bytes: number; oldest: Temporal.Instant | null }>`
    select (select coalesce(sum(pg_total_relation_size(inhrelid)), 0) from pg_inherits where inhparent = 'telemetry_chunk'::regclass) as chunk_bytes,
      (select coalesce(sum(pg_total_relation_size(inhrelid)), 0) from pg_inherits where inhparent = 'telemetry_rollup'::regclass) as rollup_bytes,
      (select min(window_at) from telemetry_window) as oldest`.execute(db)
  return rows[0] as { chunk_bytes: number; rollup_bytes: number; oldest: Temporal.Instant | null }
}
