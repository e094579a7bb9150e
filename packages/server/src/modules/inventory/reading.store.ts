import type { ObservedKind } from '@changbai/contract/inventory.drift.ts'
import { type ColumnType, sql } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'
import type { ObservedFacts, Recorded } from './drift.domain.ts'

type Json<T> = ColumnType<T, string, string>
declare module '../../platform/db.ts' {
  interface Tables {
    cloud_reading: {
      id: string
      connection_id: string
      cloud: string
      cause: 'SCHEDULE' | 'DEMAND'
      started_at: Temporal.Instant
      ended_at: Temporal.Instant | null
      status: 'RUNNING' | 'DONE' | 'PARTIAL' | 'FAILED'
      requests: number
      counts: Json<Partial<Record<ObservedKind, number>>>
      complete: Json<ObservedKind[]>
      found: number
      error: string | null
    }
    observed_thing: {
      connection_id: string
      kind: ObservedKind
      external_id: string
      name: string
      project_id: string
      facts: Json<ObservedFacts & Record<string, unknown>>
      registered: boolean
      moving: boolean
      first_seen_at: Temporal.Instant
      read_at: Temporal.Instant
      reading_id: string
      gone_at: Temporal.Instant | null
    }
  }
}
export type ReadingRow = Row<'cloud_reading'>
export type ObservedRow = Row<'observed_thing'>
/** Pages of a reading and of its comparison. */
export const PAGE = 1_000
const NO_ID = '00000000-0000-0000-0000-000000000000'

export async function insertReading(db: Db, row: NewRow<'cloud_reading'>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('cloud_reading')
    .values(row)
    .onConflict((conflict) => conflict.column('connection_id').where('status', '=', 'RUNNING').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** A process that died in the middle leaves its reading running; the next one finds it stale. */
export async function failStaleReadings(db: Db, connectionId: string, before: Temporal.Instant, now: Temporal.Instant): Promise<void> {
  await db
    .updateTable('cloud_reading')
    .set({ status: 'FAILED', ended_at: now, error: 'the process that read ended before it was done' })
    .where('connection_id', '=', connectionId)
    .where('status', '=', 'RUNNING')
    .where('started_at', '<', before)
    .execute()
}

export const findReading = (db: Db, id: string): Promise<ReadingRow | undefined> =>
  db.selectFrom('cloud_reading').selectAll().where('id', '=', id).executeTakeFirst()
export async function updateReading(db: Db, id: string, change: RowChange<'cloud_reading'>): Promise<void> {
  await db.updateTable('cloud_reading').set(change).where('id', '=', id).execute()
}

export interface KeptThing {
  externalId: string
  name: string
  projectId: string
  facts: Readonly<Record<string, unknown>>
  registered: boolean
  moving: boolean
}

/** One page of what was read: one statement, whatever its length. */
export async function keepObserved(
  db: Db,
  reading: { id: string; connectionId: string },
  kind: ObservedKind,
  things: readonly KeptThing[],
  now: Temporal.Instant,
): Promise<void> {
  if (things.length === 0) return
  await sql`
    insert into observed_thing (connection_id, kind, external_id, name, project_id, facts, registered, moving, first_seen_at, read_at, reading_id)
    select ${reading.connectionId}, ${kind}, r."externalId", r.name, r."projectId", r.facts, r.registered, r.moving, ${now}, ${now}, ${reading.id}
    from jsonb_to_recordset(${JSON.stringify(things)}::jsonb) r ("externalId" text, name text, "projectId" text, facts jsonb, registered boolean, moving boolean)
    on conflict (connection_id, kind, external_id) do update set name = excluded.name, project_id = excluded.project_id, facts = excluded.facts,
      registered = excluded.registered, moving = excluded.moving, read_at = excluded.read_at, reading_id = excluded.reading_id, gone_at = null`.execute(
    db,
  )
}

/** What a complete reading of a kind did not meet is gone there. */
export async function markGone(
  db: Db,
  reading: { id: string; connectionId: string },
  kinds: readonly ObservedKind[],
  now: Temporal.Instant,
): Promise<void> {
  await db
    .updateTable('observed_thing')
    .set({ gone_at: now })
    .where('connection_id', '=', reading.connectionId)
    .where('kind', 'in', kinds.length > 0 ? [...kinds] : ['quota'])
    .where('reading_id', '<>', reading.id)
    .where('gone_at', 'is', null)
    .execute()
}

/** It lies in a project that we made, or the cloud tells no projects. */
const IN_OUR_PROJECT = sql<boolean>`o.project_id = '' or exists (select from observed_thing p where p.connection_id = o.connection_id
  and p.kind = 'project' and p.external_id = o.project_id and p.registered)`

/** What this reading met of a kind, by the cloud's id. */
export const observedPage = (
  db: Db,
  reading: { id: string; connectionId: string },
  kind: ObservedKind,
  after: string,
): Promise<(ObservedRow & { in_our_project: boolean })[]> =>
  db
    .selectFrom('observed_thing as o')
    .selectAll('o')
    .select(IN_OUR_PROJECT.as('in_our_project'))
    .where('o.connection_id', '=', reading.connectionId)
    .where('o.kind', '=', kind)
    .where('o.reading_id', '=', reading.id)
    .where('o.external_id', '>', after)
    .orderBy('o.external_id')
    .limit(PAGE)
    .execute()

/** The reading under way, or the last one. Served by cloud_reading_latest. */
export const latestReading = (db: Db, connectionId: string): Promise<ReadingRow | undefined> =>
  db
    .selectFrom('cloud_reading')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst()
/** One thing as it is kept. */
export const observedRow = (
  db: Db,
  connectionId: string,
  kind: ObservedKind,
  externalId: string,
): Promise<(ObservedRow & { in_our_project: boolean }) | undefined> =>
  db
    .selectFrom('observed_thing as o')
    .selectAll('o')
    .select(IN_OUR_PROJECT.as('in_our_project'))
    .where('o.connection_id', '=', connectionId)
    .where('o.kind', '=', kind)
    .where('o.external_id', '=', externalId)
    .executeTakeFirst()
export async function markOneGone(
  db: Db,
  connectionId: string,
  kind: ObservedKind,
  externalId: string,
  now: Temporal.Instant,
): Promise<void> {
  await db
    .updateTable('observed_thing')
    .set({ gone_at: now })
    .where('connection_id', '=', connectionId)
    .where('kind', '=', kind)
    .where('external_id', '=', externalId)
    .where('gone_at', 'is', null)
    .execute()
}

export type MatchedKind = 'server' | 'volume' | 'network' | 'address'
export interface RecordedRow extends Recorded {
  id: string
  externalId: string
  tenantId: string | null
  updatedAt: Temporal.Instant
}
/** How each kind is recorded here; a public address is a network item of that kind. */
const recorded: Record<MatchedKind, { table: string; columns: string; also: string }> = {
  server: { table: 'server', columns: 'i.vcpu, i.mem_gib as "memGiB", i.addresses', also: 'true' },
  volume: {
    table: 'volume',
    columns: `i.gib, (select s.external_id from server s where s.id = i.server_id and s.connection_id = i.connection_id) as "serverExternalId"`,
    also: 'true',
  },
  network: { table: 'network', columns: 'i.cidr', also: "i.kind <> 'PUBLIC_ADDRESS'" },
  address: { table: 'network', columns: 'i.address', also: "i.kind = 'PUBLIC_ADDRESS'" },
}
const selectRecorded = (kind: MatchedKind) =>
  sql.raw(
    `select i.id, i.external_id as "externalId", i.tenant_id as "tenantId", i.updated_at as "updatedAt", i.name, i.state, ${recorded[kind].columns}
     from ${recorded[kind].table} i where i.retired_at is null and ${recorded[kind].also}`,
  )

/** Records of things by the cloud's ids. Served by an index a kind. */
export async function recordsOf(db: Db, connectionId: string, kind: MatchedKind, externalIds: readonly string[]): Promise<RecordedRow[]> {
  const { rows } = await sql<RecordedRow>`
    ${selectRecorded(kind)} and i.connection_id = ${connectionId} and i.external_id = any (${[...externalIds]}::text[])`.execute(db)
  return rows
}

/**
 * Records of this cloud that a complete reading did not meet; those changed since it began are judged at the next. One look by key a record: an
 * anti-join was planned quadratic while the table was new and had no statistics.
 */
export async function missingPage(
  db: Db,
  reading: { id: string; connectionId: string; startedAt: Temporal.Instant },
  kind: MatchedKind,
  after: string | null,
): Promise<RecordedRow[]> {
  const { rows } = await sql<RecordedRow>`
    ${selectRecorded(kind)} and i.connection_id = ${reading.connectionId} and i.external_id is not null and i.state <> 'BUILDING'
      and i.updated_at < ${reading.startedAt} and i.id > ${after ?? NO_ID}::uuid
      and (select o.gone_at is null from observed_thing o
        where o.connection_id = i.connection_id and o.kind = ${kind} and o.external_id = i.external_id) is not true
    order by i.id limit ${PAGE}`.execute(db)
  return rows
}

export const readingPage = (db: Db, after: Cursor | undefined, limit: number): Promise<ReadingRow[]> => {
  let select = db.selectFrom('cloud_reading').selectAll()
  if (after) select = select.where(sql<boolean>`(started_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  return select.orderBy('started_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

/** What is there now of a kind, by name. */
export function observedNow(
  db: Db,
  kind: ObservedKind,
  q: string | undefined,
  after: Cursor | undefined,
  limit: number,
): Promise<ObservedRow[]> {
  let select = db.selectFrom('observed_thing').selectAll().where('kind', '=', kind).where('gone_at', 'is', null)
  if (q) {
    const like = `%${q.replaceAll(/[\\%_]/g, '\\$&')}%`
    select = select.where((where) => where.or([where('name', 'ilike', like), where('external_id', 'ilike', like)]))
  }
  if (after) select = select.where(sql<boolean>`(name, external_id) > (${after[0]}, ${after[1]})`)
  return select.orderBy('name').orderBy('external_id').limit(limit).execute()
}

/** Of these projects those whose limits were read longest ago, never read first. */
export async function stalestQuotas(db: Db, connectionId: string, projectIds: readonly string[], limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select p.id from unnest(${[...projectIds]}::text[]) p(id)
      left join observed_thing o on o.connection_id = ${connectionId} and o.kind = 'quota' and o.external_id = p.id
    order by o.read_at nulls first, p.id limit ${limit}`.execute(db)
  return rows.map(({ id }) => id)
}

/** The server recorded under a cloud's id. */
export async function serverByExternalId(db: Db, connectionId: string, externalId: string): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select id from server where connection_id = ${connectionId} and external_id = ${externalId} and retired_at is null`.execute(db)
  return rows[0]?.id ?? null
}

export const findObserved = (db: Db, connectionId: string, kind: ObservedKind, externalId: string): Promise<ObservedRow | undefined> =>
  db
    .selectFrom('observed_thing')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .where('kind', '=', kind)
    .where('external_id', '=', externalId)
    .executeTakeFirst()
