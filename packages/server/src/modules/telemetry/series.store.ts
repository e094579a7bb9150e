import type { Generated } from 'kysely'
import { type Kysely, sql } from 'kysely'
import type { Row, Tables } from '../../platform/db.ts'
import type { Labels, Matcher } from './series.domain.ts'

interface SeriesTable {
  id: Generated<number>
  digest: Buffer
  name: string
  labels: Labels
  item_id: string | null
  source_id: string | null
  created_at: Temporal.Instant
  newest_at: Temporal.Instant | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    telemetry_series: SeriesTable
  }
}
export type SeriesRecord = Row<'telemetry_series'>
type Reading = Kysely<Tables>

export interface NewSeries {
  digest: Buffer
  name: string
  labels: Labels
  itemId: string | null
}

/** Adds what is not there yet, if `mayAdd`, and gives back all that are there. */
export async function addSeries(
  db: Reading,
  added: readonly NewSeries[],
  sourceId: string | null,
  now: Temporal.Instant,
  mayAdd: boolean,
): Promise<SeriesRecord[]> {
  if (mayAdd) await insertSeries(db, added, sourceId, now)
  return db
    .selectFrom('telemetry_series')
    .selectAll()
    .where(
      'digest',
      'in',
      added.map(({ digest }) => digest),
    )
    .execute()
}

async function insertSeries(db: Reading, added: readonly NewSeries[], sourceId: string | null, now: Temporal.Instant): Promise<void> {
  const sent = JSON.stringify(
    added.map(({ digest, name, labels, itemId }) => ({ digest: digest.toString('hex'), name, labels, item_id: itemId })),
  )
  await sql`
    insert into telemetry_series (digest, name, labels, item_id, source_id, created_at)
    select decode(digest, 'hex'), name, labels, item_id, ${sourceId}, ${now}
    from jsonb_to_recordset(${sent}::jsonb) as s (digest text, name text, labels jsonb, item_id uuid)
    order by digest
    on conflict (digest) do nothing`.execute(db)
}

export async function countSeries(db: Reading): Promise<number> {
  const { count } = await db
    .selectFrom('telemetry_series')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

export async function saveNewest(db: Reading, ids: readonly number[], newestMs: readonly number[]): Promise<void> {
  await sql`
    update telemetry_series s set newest_at = greatest(s.newest_at, to_timestamp(n.ms / 1000.0))
    from unnest(${ids}::int[], ${newestMs}::float8[]) as n (id, ms) where s.id = n.id`.execute(db)
}

/** Series with these labels, by id. Regular expressions are PostgreSQL's and match the whole value. Served by the indexes on name, item and labels. */
export async function matchSeries(
  db: Reading,
  { matchers, itemIds }: { matchers: readonly Matcher[]; itemIds?: readonly string[] | undefined },
  limit: number,
): Promise<SeriesRecord[]> {
  let query = db.selectFrom('telemetry_series').selectAll().orderBy('id').limit(limit)
  if (itemIds) query = query.where('item_id', 'in', itemIds.length > 0 ? [...itemIds] : ['00000000-0000-0000-0000-000000000000'])
  const equal: Labels = {}
  for (const { label, op, value } of matchers) {
    const read = label === '__name__' ? sql<string>`name` : sql<string>`coalesce(labels ->> ${label}, '')`
    if (op === '=' && label === '__name__') query = query.where('name', '=', value)
    else if (op === '=' && value !== '') equal[label] = value
    else if (op === '=') query = query.where(sql<boolean>`${read} = ''`)
    else if (op === '!=') query = query.where(sql<boolean>`${read} <> ${value}`)
    else if (op === '=~') query = query.where(sql<boolean>`${read} ~ ${`^(?:${value})$`}`)
    else query = query.where(sql<boolean>`${read} !~ ${`^(?:${value})$`}`)
  }
  if (Object.keys(equal).length > 0) query = query.where(sql<boolean>`labels @> ${JSON.stringify(equal)}::jsonb`)
  return query.execute()
}

/** Names of what is measured, with how many series each has. */
export async function metricNames(db: Reading, itemId: string | undefined, limit: number): Promise<{ name: string; series: number }[]> {
  let query = db
    .selectFrom('telemetry_series')
    .select(['name', (eb) => eb.fn.countAll<number>().as('series')])
    .groupBy('name')
    .orderBy('name')
    .limit(limit)
  if (itemId) query = query.where('item_id', '=', itemId)
  const rows = await query.execute()
  return rows.map(({ name, series }) => ({ name, series: Number(series) }))
}

/** Series nobody has folded a sample of since. */
export async function forgetSeries(db: Reading, before: Temporal.Instant): Promise<void> {
  await sql`delete from telemetry_series where coalesce(newest_at, created_at) < ${before}`.execute(db)
}
