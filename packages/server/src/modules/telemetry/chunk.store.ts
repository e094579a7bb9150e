import { type Kysely, sql } from 'kysely'
import type { Db, Tables } from '../../platform/db.ts'

type Reading = Kysely<Tables>
const at = (ms: number): Temporal.Instant => Temporal.Instant.fromEpochMilliseconds(ms)

export interface ChunkRecord {
  seriesId: number
  windowMs: number
  data: Buffer
}
interface RawChunk {
  series_id: number
  window_at: Temporal.Instant
  data: Buffer
}
const toChunk = (row: RawChunk): ChunkRecord => ({
  seriesId: row.series_id,
  windowMs: row.window_at.epochMilliseconds,
  data: row.data,
})

/** Chunks of these series whose window begins within the span, by series and time. Served by the primary key. */
export async function readChunks(db: Reading, seriesIds: readonly number[], fromMs: number, toMs: number): Promise<ChunkRecord[]> {
  const { rows } = await sql<RawChunk>`
    select series_id, window_at, data from telemetry_chunk
    where series_id = any(${seriesIds}::int[]) and window_at >= ${at(fromMs)} and window_at < ${at(toMs)}
    order by series_id, window_at`.execute(db)
  return rows.map(toChunk)
}

/** All chunks of one window after a series id, in order of series. */
export async function chunksOfWindow(db: Reading, windowMs: number, afterSeriesId: number, limit: number): Promise<ChunkRecord[]> {
  const { rows } = await sql<RawChunk>`
    select series_id, window_at, data from telemetry_chunk where window_at = ${at(windowMs)} and series_id > ${afterSeriesId}
    order by series_id limit ${limit}`.execute(db)
  return rows.map(toChunk)
}

/** All bytes in one parameter and cut up on the server: an array of bytea would travel as text of twice the size. */
export async function saveChunks(db: Db, chunks: readonly (ChunkRecord & { samples: number })[]): Promise<void> {
  const { bytes, starts, lengths } = packed(chunks.map(({ data }) => data))
  await sql`
    insert into telemetry_chunk (series_id, window_at, samples, data)
    select s, to_timestamp(w / 1000.0), n, substring(${bytes}::bytea from b for l)
    from unnest(${chunks.map(({ seriesId }) => seriesId)}::int[], ${chunks.map(({ windowMs }) => windowMs)}::float8[],
      ${chunks.map(({ samples }) => samples)}::int[], ${starts}::int[], ${lengths}::int[]) as c (s, w, n, b, l)
    on conflict (series_id, window_at) do update set samples = excluded.samples, data = excluded.data`.execute(db)
}

export interface RollupRecord {
  seriesId: number
  day: string
  five: Buffer
  hour: Buffer
}
interface RawRollup {
  series_id: number
  day: Temporal.PlainDate
  five: Buffer
  hour: Buffer
}

/** Roll-ups of these series, days (UTC) inclusive, by series and day; the bytes of one kind only where only those are read. */
export async function readRollups(
  db: Reading,
  seriesIds: readonly number[],
  fromDay: string,
  toDay: string,
  kind: 'five' | 'hour' | 'both',
): Promise<RollupRecord[]> {
  const { rows } = await sql<RawRollup>`
    select series_id, day, ${kind === 'hour' ? sql`''::bytea` : sql.ref('five')} as five, ${kind === 'five' ? sql`''::bytea` : sql.ref('hour')} as hour
    from telemetry_rollup where series_id = any(${seriesIds}::int[]) and day >= ${fromDay}::date and day <= ${toDay}::date
    order by series_id, day`.execute(db)
  return rows.map((row) => ({ seriesId: row.series_id, day: row.day.toString(), five: row.five, hour: row.hour }))
}

export async function saveRollups(db: Db, rollups: readonly RollupRecord[]): Promise<void> {
  const five = packed(rollups.map((row) => row.five))
  const hour = packed(rollups.map((row) => row.hour))
  await sql`
    insert into telemetry_rollup (series_id, day, five, hour)
    select s, d, substring(${five.bytes}::bytea from fb for fl), substring(${hour.bytes}::bytea from hb for hl)
    from unnest(${rollups.map(({ seriesId }) => seriesId)}::int[], ${rollups.map(({ day }) => day)}::date[],
      ${five.starts}::int[], ${five.lengths}::int[], ${hour.starts}::int[], ${hour.lengths}::int[]) as r (s, d, fb, fl, hb, hl)
    on conflict (series_id, day) do update set five = excluded.five, hour = excluded.hour`.execute(db)
}

/** The same summed-up day for many series: each payload is sent once. */
export async function saveSharedRollups(
  db: Db,
  day: string,
  payloads: readonly { five: Buffer; hour: Buffer }[],
  rows: readonly { seriesId: number; payload: number }[],
): Promise<void> {
  const five = packed(payloads.map((one) => one.five))
  const hour = packed(payloads.map((one) => one.hour))
  await sql`
    insert into telemetry_rollup (series_id, day, five, hour)
    select r.s, ${day}::date, p.five, p.hour
    from unnest(${rows.map(({ seriesId }) => seriesId)}::int[], ${rows.map(({ payload }) => payload)}::int[]) as r (s, n)
    join (select n - 1 as n, substring(${five.bytes}::bytea from fb for fl) as five, substring(${hour.bytes}::bytea from hb for hl) as hour
      from unnest(${five.starts}::int[], ${five.lengths}::int[], ${hour.starts}::int[], ${hour.lengths}::int[])
        with ordinality as q (fb, fl, hb, hl, n)) p on p.n = r.n
    on conflict (series_id, day) do update set five = excluded.five, hour = excluded.hour`.execute(db)
}

export async function markWindowsRolled(db: Db, windows: readonly number[], at: Temporal.Instant): Promise<void> {
  await sql`update telemetry_window set rolled_at = ${at}
    where window_at = any(select to_timestamp(ms / 1000.0) from unnest(${[...windows]}::bigint[]) ms)`.execute(db)
}

function packed(parts: readonly Buffer[]): { bytes: Buffer; starts: number[]; lengths: number[] } {
  const starts: number[] = []
  let end = 1
  for (const part of parts) {
    starts.push(end)
    end += part.length
  }
  return { bytes: Buffer.concat(parts), starts, lengths: parts.map(({ length }) => length) }
}

export interface WindowRecord {
  windowMs: number
  isRolled: boolean
}
export async function windowsBetween(db: Reading, fromMs: number, toMs: number): Promise<WindowRecord[]> {
  const { rows } = await sql<{ window_at: Temporal.Instant; rolled: boolean }>`
    select window_at, rolled_at is not null as rolled from telemetry_window where window_at >= ${at(fromMs)} and window_at < ${at(toMs)}
    order by window_at`.execute(db)
  return rows.map((row) => ({ windowMs: row.window_at.epochMilliseconds, isRolled: row.rolled }))
}
/** Notes windows and tells which of them were summed up before. */
export async function noteWindows(db: Db, windows: readonly number[]): Promise<Set<number>> {
  const { rows } = await sql<{ window_at: Temporal.Instant; rolled: boolean }>`
    insert into telemetry_window (window_at) select to_timestamp(w / 1000.0) from unnest(${windows}::float8[]) w
    on conflict (window_at) do update set window_at = excluded.window_at returning window_at, rolled_at is not null as rolled`.execute(db)
  return new Set(rows.filter(({ rolled }) => rolled).map(({ window_at }) => window_at.epochMilliseconds))
}
/** The oldest window that began before and is not summed up. */
export async function windowDue(db: Db, beforeMs: number): Promise<number | null> {
  const { rows } = await sql<{ window_at: Temporal.Instant }>`
    select window_at from telemetry_window where rolled_at is null and window_at < ${at(beforeMs)} order by window_at limit 1`.execute(db)
  return rows[0]?.window_at.epochMilliseconds ?? null
}
export async function markRolled(db: Db, windowMs: number, now: Temporal.Instant): Promise<void> {
  await sql`update telemetry_window set rolled_at = ${now} where window_at = ${at(windowMs)}`.execute(db)
}

/** One writer of chunks at a time, over all processes; false: another is at it. */
export async function lockFolding(db: Db): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(7201960) as mine`.execute(db)
  return rows[0]?.mine ?? false
}
export async function forgetWindows(db: Db, before: Temporal.Instant): Promise<void> {
  await sql`delete from telemetry_window where window_at < ${before}`.execute(db)
}
