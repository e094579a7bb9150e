import { sql } from 'kysely'
import type { Db, Row } from '../../platform/db.ts'

interface ReadingTable {
  metric: string
  object_key: string
  object_id: string | null
  labels: Record<string, string>
  value: number
  first_at: Temporal.Instant
  last_at: Temporal.Instant
}
declare module '../../platform/db.ts' {
  interface Tables {
    alarm_reading: ReadingTable
  }
}
export type ReadingRow = Row<'alarm_reading'>

/** The newest word stays, whoever brings it. */
export async function saveReadings(db: Db, rows: readonly Omit<ReadingRow, 'first_at'>[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into alarm_reading (metric, object_key, object_id, labels, value, first_at, last_at)
    select metric, object_key, object_id, labels, value, last_at, last_at from jsonb_populate_recordset(null::alarm_reading, ${JSON.stringify(rows)}::jsonb)
    order by metric, object_key
    on conflict (metric, object_key) do update set object_id = excluded.object_id, labels = excluded.labels, value = excluded.value,
      last_at = excluded.last_at where alarm_reading.last_at < excluded.last_at`.execute(db)
}
/** Stretches as they are, for demo data; what is there already stays. */
export async function beginReadings(db: Db, rows: readonly ReadingRow[]): Promise<void> {
  await sql`insert into alarm_reading select * from jsonb_populate_recordset(null::alarm_reading, ${JSON.stringify(rows)}::jsonb)
    on conflict (metric, object_key) do nothing`.execute(db)
}
/** Readings that stopped between two instants, at most 5,000. Served by alarm_reading_last. */
export const stoppedBetween = (db: Db, from: Temporal.Instant, to: Temporal.Instant): Promise<ReadingRow[]> =>
  db
    .selectFrom('alarm_reading')
    .selectAll()
    .where('last_at', '>', from)
    .where('last_at', '<=', to)
    .orderBy('last_at')
    .limit(5_000)
    .execute()
export const readingsOf = (db: Db, objectIds: readonly string[]): Promise<ReadingRow[]> =>
  objectIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('alarm_reading')
        .selectAll()
        .where('object_id', 'in', [...objectIds])
        .execute()
/** Objects a metric was read of since then. */
export async function readSince(db: Db, since: Temporal.Instant): Promise<{ metric: string; objectId: string; fresh: boolean }[]> {
  const { rows } = await sql<{ metric: string; objectId: string; fresh: boolean }>`
    select metric, object_id as "objectId", max(last_at) >= ${since} as fresh from alarm_reading where object_id is not null group by metric, object_id`.execute(
    db,
  )
  return rows
}
/** What nobody has reported for two days is forgotten; the page then says it never came. */
export async function forgetReadings(db: Db, now: Temporal.Instant): Promise<void> {
  await sql`delete from alarm_reading where last_at < ${now.subtract({ hours: 48 })}`.execute(db)
}
