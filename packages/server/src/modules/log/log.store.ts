import { type ColumnType, type Generated, type Kysely, type RawBuilder, sql } from 'kysely'
import type { Db, Row, Tables } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'

interface LineTable {
  id: Generated<number>
  received_at: Temporal.Instant
  sent_at: Temporal.Instant | null
  device: string
  item_id: string | null
  facility: number
  severity: number
  app: string
  text: string
}
interface DeviceTable {
  name: string
  address: string
  item_id: string | null
  first_at: Temporal.Instant
  last_at: Temporal.Instant
  lines: number
}
interface QueryTable<Q = Record<string, unknown>> {
  id: string
  person_id: string
  name: string
  is_shared: boolean
  query: ColumnType<Q, string, string>
  created_at: Temporal.Instant
}
declare module '../../platform/db.ts' {
  interface Tables {
    log_line: LineTable
    log_device: DeviceTable
    log_query: QueryTable
  }
}
export type LineRecord = Row<'log_line'>
export type QueryRecord = Row<'log_query'>
type Reading = Kysely<Tables>

export interface NewLine {
  receivedMs: number
  sentMs: number | null
  device: string
  address: string
  itemId: string | null
  facility: number
  severity: number
  app: string
  text: string
}

/** All lines in one statement with one parameter a column: durable when it returns. */
export async function insertLines(db: Reading, lines: readonly NewLine[]): Promise<void> {
  await sql`
    insert into log_line (received_at, sent_at, device, item_id, facility, severity, app, text)
    select to_timestamp(r / 1000.0), to_timestamp(s / 1000.0), d, i, f, v, a, t
    from unnest(${lines.map((line) => line.receivedMs)}::float8[], ${lines.map((line) => line.sentMs)}::float8[],
      ${lines.map((line) => line.device)}::text[], ${lines.map((line) => line.itemId)}::uuid[],
      ${lines.map((line) => line.facility)}::smallint[], ${lines.map((line) => line.severity)}::smallint[],
      ${lines.map((line) => line.app)}::text[], ${lines.map((line) => line.text)}::text[]) as l (r, s, d, i, f, v, a, t)`.execute(db)
}

export interface DeviceTally {
  address: string
  itemId: string | null
  lines: number
  firstMs: number
  lastMs: number
}
export async function noteDevices(db: Reading, tallies: ReadonlyMap<string, DeviceTally>): Promise<void> {
  const all = [...tallies].sort(([a], [b]) => (a < b ? -1 : 1))
  await sql`
    insert into log_device (name, address, item_id, first_at, last_at, lines)
    select n, a, i, to_timestamp(f / 1000.0), to_timestamp(l / 1000.0), c
    from unnest(${all.map(([name]) => name)}::text[], ${all.map(([, one]) => one.address)}::text[], ${all.map(([, one]) => one.itemId)}::uuid[],
      ${all.map(([, one]) => one.firstMs)}::float8[], ${all.map(([, one]) => one.lastMs)}::float8[], ${all.map(([, one]) => one.lines)}::bigint[])
      as d (n, a, i, f, l, c)
    on conflict (name) do update set address = excluded.address, item_id = excluded.item_id,
      last_at = greatest(log_device.last_at, excluded.last_at), lines = log_device.lines + excluded.lines`.execute(db)
}
export const allDevices = (db: Db) => db.selectFrom('log_device').selectAll().orderBy('last_at', 'desc').limit(5_000).execute()

export interface LineQuery {
  from: Temporal.Instant
  to: Temporal.Instant
  words: readonly string[]
  device?: string | undefined
  app?: string | undefined
  itemId?: string | undefined
  severity?: number | undefined
}
const escapeLike = (word: string): string => word.replaceAll(/[\\%_]/g, '\\$&')

/** Newest first. Served by the partitions of the span, and within them by the index on device, on text (words of three and more), or the key. */
export async function searchLines(db: Db, query: LineQuery, after: Cursor | undefined, limit: number): Promise<LineRecord[]> {
  const parts: RawBuilder<unknown>[] = [sql`received_at >= ${query.from}`, sql`received_at < ${query.to}`]
  for (const word of query.words) parts.push(sql`text ilike ${`%${escapeLike(word)}%`}`)
  if (query.device) parts.push(sql`device = ${query.device}`)
  if (query.app) parts.push(sql`app = ${query.app}`)
  if (query.itemId) parts.push(sql`item_id = ${query.itemId}`)
  if (query.severity !== undefined) parts.push(sql`severity <= ${query.severity}`)
  if (after) parts.push(sql`(received_at, id) < (${after[0]}::timestamptz, ${after[1]}::bigint)`)
  const { rows } = await sql<LineRecord>`
    select id, received_at, sent_at, device, item_id, facility, severity, app, text from log_line
    where ${sql.join(parts, sql` and `)} order by received_at desc, id desc limit ${limit}`.execute(db)
  return rows
}

export const queriesFor = (db: Db, personId: string): Promise<QueryRecord[]> =>
  db
    .selectFrom('log_query')
    .selectAll()
    .where((eb) => eb.or([eb('person_id', '=', personId), eb('is_shared', '=', true)]))
    .orderBy('name')
    .limit(200)
    .execute()
export async function saveLogQuery(
  db: Db,
  row: { id: string; personId: string; name: string; isShared: boolean; query: object; now: Temporal.Instant },
): Promise<QueryRecord> {
  const change = { is_shared: row.isShared, query: JSON.stringify(row.query) }
  return db
    .insertInto('log_query')
    .values({ id: row.id, person_id: row.personId, name: row.name, created_at: row.now, ...change })
    .onConflict((conflict) => conflict.columns(['person_id', 'name']).doUpdateSet(change))
    .returningAll()
    .executeTakeFirstOrThrow()
}
export async function deleteLogQuery(db: Db, id: string, personId: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('log_query').where('id', '=', id).where('person_id', '=', personId).executeTakeFirst()
  return numDeletedRows > 0n
}

/** Makes the partition of a day, unless it is there or a restore put lines of that day into the default one. */
export async function addLogDay(db: Db, day: string, next: string): Promise<void> {
  const table = `log_line_${day.replaceAll('-', '')}`
  const { rows } = await sql<{ there: boolean }>`
    select to_regclass(${`public.${table}`}) is not null or exists (select from log_line_default
      where received_at >= ${`${day} 00:00:00+00`}::timestamptz and received_at < ${`${next} 00:00:00+00`}::timestamptz) as there`.execute(
    db,
  )
  if (rows[0]?.there) return
  await sql`create table ${sql.table(table)} partition of log_line
    for values from (${sql.lit(`${day} 00:00:00+00`)}) to (${sql.lit(`${next} 00:00:00+00`)})`.execute(db)
}
/** Drops the partitions of days before this one. */
export async function dropLogDays(db: Db, before: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'log_line'::regclass and c.relname ~ '_[0-9]{8}$' and c.relname < ${`log_line_${before.replaceAll('-', '')}`}`.execute(
    db,
  )
  for (const { name } of rows) await sql`drop table ${sql.table(name)}`.execute(db)
  await sql`delete from log_line_default where received_at < ${`${before} 00:00:00+00`}::timestamptz`.execute(db)
  return rows.map(({ name }) => name)
}
