import type { MeasureSource, ReclaimMetric } from '@changbai/contract/reclaim.ts'
import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'
import type { DayRoll } from './rollup.domain.ts'

/** One measure of one item over an observation, from the roll-ups. `network` is both directions. */
export interface RolledFigure {
  itemId: string
  measure: string
  peak: number
  greatestDaySum: number
  measuredSeconds: number
}

/** What a month of everything comes to: a row a measure of an item. Served by reclaim_day_on. */
export async function rolledFigures(db: Db, from: string, to: string, itemIds?: readonly string[]): Promise<RolledFigure[]> {
  const { rows } = await sql<RolledFigure>`
    select item_id as "itemId", measure, max(peak) as peak, max(sum) as "greatestDaySum", sum(measured)::bigint as "measuredSeconds"
    from (
      select item_id, case when metric in ('netIn', 'netOut') then 'network' else metric end as measure, max(peak) as peak, sum(sum) as sum,
        min(measured_seconds) as measured
      from reclaim_day where on_day >= ${from}::date and on_day < ${to}::date and metric in ('cpu', 'memory', 'netIn', 'netOut', 'connections', 'used')
        and ${itemIds === undefined ? sql`true` : sql`item_id = any (${[...itemIds]}::uuid[])`}
      group by 1, 2, on_day
    ) days group by item_id, measure`.execute(db)
  return rows
}

export interface UsedOfPool {
  poolId: string
  what: 'vcpu' | 'memGiB' | 'storageGiB'
  on: string
  used: number
  size: number
}
/** Sums of sizes times the day's peaks, by pool and day, and the sizes of what was measured. Served by reclaim_day_on. */
export async function measuredUse(
  db: Db,
  days: readonly string[],
  things: readonly { id: string; poolId: string; type: string; vcpu: number; memGiB: number; gib: number }[],
): Promise<UsedOfPool[]> {
  const { rows } = await sql<UsedOfPool>`
    select t."poolId", m.what, d.on_day::text as "on", sum(m.size * least(d.peak, 100) / 100)::float8 as used, sum(m.size)::float8 as size
    from reclaim_day d
    join jsonb_to_recordset(${JSON.stringify(things)}::jsonb) t (id uuid, "poolId" uuid, type text, vcpu int, "memGiB" int, gib bigint) on t.id = d.item_id
    cross join lateral (values ('vcpu', 'cpu', t.vcpu::float8), ('memGiB', 'memory', t."memGiB"::float8), ('storageGiB', 'used', t.gib::float8)) m (what, metric, size)
    where d.on_day = any (${[...days]}::date[]) and d.metric = m.metric and (m.what = 'storageGiB') = (t.type = 'volume')
    group by t."poolId", m.what, d.on_day order by 1, 2, 3`.execute(db)
  return rows
}

export interface DayRow {
  onDay: Temporal.PlainDate
  metric: ReclaimMetric
  peak: number
  peakAt: Temporal.Instant
  mean: number
  sum: number
  measuredSeconds: number
  intervalSeconds: number
  source: MeasureSource
}
export async function daysOf(db: Db, itemId: string, from: string, to: string): Promise<DayRow[]> {
  const { rows } = await sql<DayRow>`
    select on_day as "onDay", metric, peak, peak_at as "peakAt", mean, sum, measured_seconds as "measuredSeconds", interval_seconds as "intervalSeconds", source
    from reclaim_day where item_id = ${itemId} and on_day >= ${from}::date and on_day < ${to}::date order by metric, on_day`.execute(db)
  return rows
}

/** First and last daily mean of the use of volumes, in one pass. */
export async function usedEnds(db: Db, from: string, to: string): Promise<Map<string, { first: number; last: number }>> {
  const { rows } = await sql<{ id: string; first: number; last: number }>`
    select item_id as id, (array_agg(mean order by on_day))[1] as first, (array_agg(mean order by on_day desc))[1] as last
    from reclaim_day where metric = 'used' and on_day >= ${from}::date and on_day < ${to}::date group by item_id`.execute(db)
  return new Map(rows.map(({ id, first, last }) => [id, { first, last }]))
}

/** The averages themselves, in order. */
export async function seriesOf(
  db: Db,
  itemId: string,
  metric: ReclaimMetric,
  from: string,
  to: string,
): Promise<{ atMs: number; value: number }[]> {
  const { rows } = await sql<{ on_day: Temporal.PlainDate; seconds: number[]; values: number[] }>`
    select on_day, seconds, values from reclaim_series
    where item_id = ${itemId} and metric = ${metric} and on_day >= ${from}::date and on_day < ${to}::date order by on_day`.execute(db)
  return rows.flatMap(({ on_day, seconds, values }) => {
    const start = Date.parse(`${on_day.toString()}T00:00:00+08:00`)
    return seconds.map((second, index) => ({ atMs: start + second * 1000, value: values[index] as number }))
  })
}

/** Keeps days as they are now measured; a day measured again replaces the one before. */
export async function saveDays(
  db: Db,
  of: { itemId: string; metric: ReclaimMetric; source: MeasureSource; intervalSeconds: number },
  days: readonly DayRoll[],
): Promise<void> {
  for (const day of days) {
    await sql`
      insert into reclaim_day (item_id, metric, on_day, peak, peak_at, mean, sum, measured_seconds, interval_seconds, source)
      values (${of.itemId}, ${of.metric}, ${day.onDay}::date, ${day.peak}, ${Temporal.Instant.fromEpochMilliseconds(day.peakAtMs)}, ${day.mean}, ${day.sum},
        ${day.measuredSeconds}, ${of.intervalSeconds}, ${of.source})
      on conflict (item_id, metric, on_day) do update set peak = excluded.peak, peak_at = excluded.peak_at, mean = excluded.mean, sum = excluded.sum,
        measured_seconds = excluded.measured_seconds, interval_seconds = excluded.interval_seconds, source = excluded.source`.execute(db)
    await sql`
      insert into reclaim_series (item_id, metric, on_day, seconds, values)
      values (${of.itemId}, ${of.metric}, ${day.onDay}::date, ${day.seconds}::int[], ${day.values}::float8[])
      on conflict (item_id, metric, on_day) do update set seconds = excluded.seconds, values = excluded.values`.execute(db)
  }
}
