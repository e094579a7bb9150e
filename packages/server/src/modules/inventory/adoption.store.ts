import type { AdoptableKind } from '@changbai/contract/inventory.adoption.ts'
import { sql } from 'kysely'
import type { Scope } from '../../platform/actor.ts'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'
import type { ObservedFacts } from './drift.domain.ts'

declare module '../../platform/db.ts' {
  interface Tables {
    adoption: {
      id: string
      number: string
      tenant_id: string
      application_id: string | null
      code: string
      name: string
      env: 'PROD' | 'TEST' | 'DEV' | 'DR'
      mlps_level: number
      how: 'PROJECT' | 'SHEET'
      note: string
      state: 'PROPOSED' | 'CONFIRMED' | 'RETURNED' | 'WITHDRAWN'
      admission_no: string | null
      proposed_by: string
      proposed_by_name: string
      proposed_at: Temporal.Instant
      decided_by: string | null
      decided_by_name: string | null
      decided_at: Temporal.Instant | null
      reason: string | null
    }
    adoption_thing: {
      adoption_id: string
      connection_id: string
      kind: AdoptableKind
      external_id: string
      name: string
      live: boolean
      refusal: string | null
      item_id: string | null
    }
  }
}
export type AdoptionRow = Row<'adoption'>

/** Recorded here, whoever entered it. */
const RECORDED = sql<boolean>`(
  exists (select from server s where s.connection_id = o.connection_id and s.external_id = o.external_id and s.retired_at is null)
  or exists (select from volume v where v.connection_id = o.connection_id and v.external_id = o.external_id and v.retired_at is null)
  or exists (select from network n where n.connection_id = o.connection_id and n.external_id = o.external_id and n.retired_at is null))`

/** There, neither made by us nor on record, at rest, and in no proposal. A project or a quota is nobody's resource. */
const FREE = sql<boolean>`o.gone_at is null and o.kind in ('server', 'volume', 'network', 'address') and not o.registered and not o.moving
  and not ${RECORDED} and not exists (select from adoption_thing t where t.connection_id = o.connection_id and t.kind = o.kind
    and t.external_id = o.external_id and t.live)`

export interface FreeThing {
  connection_id: string
  cloud: string
  kind: AdoptableKind
  external_id: string
  name: string
  project_id: string
  project_name: string
  facts: ObservedFacts
}
const PROJECT_NAME = sql`coalesce((select p.name from observed_thing p where p.connection_id = o.connection_id and p.kind = 'project' and p.external_id = o.project_id), o.project_id)`

/** What the cloud was called when it was last read. */
const CLOUD_NAME = sql`coalesce((select r.cloud from cloud_reading r where r.connection_id = o.connection_id order by r.started_at desc limit 1), '')`

/** By cloud, project and name; at most `limit`. */
export async function freeThings(
  db: Db,
  which: { connectionId?: string; projectId?: string; externalIds?: readonly string[] },
  limit: number,
): Promise<FreeThing[]> {
  const { rows } = await sql<FreeThing>`
    select o.connection_id, ${CLOUD_NAME} as cloud, o.kind, o.external_id, o.name, o.project_id, ${PROJECT_NAME} as project_name, o.facts
    from observed_thing o where ${FREE}
      ${which.connectionId === undefined ? sql`` : sql`and o.connection_id = ${which.connectionId}`}
      ${which.projectId === undefined ? sql`` : sql`and o.project_id = ${which.projectId}`}
      ${which.externalIds === undefined ? sql`` : sql`and o.external_id = any(${[...which.externalIds]}::text[])`}
    order by cloud, project_name, o.kind, o.name, o.external_id limit ${limit}`.execute(db)
  return rows
}

export interface FreeProject {
  connection_id: string
  cloud: string
  project_id: string
  project_name: string
  server: number
  volume: number
  network: number
  address: number
  application_ids: string[]
}
/** Projects with something left, and the applications whose recorded servers lie in them. */
export async function freeProjects(db: Db, limit: number): Promise<FreeProject[]> {
  const { rows } = await sql<FreeProject>`
    select o.connection_id, ${CLOUD_NAME} as cloud, o.project_id, ${PROJECT_NAME} as project_name,
      count(*) filter (where o.kind = 'server')::int as server, count(*) filter (where o.kind = 'volume')::int as volume,
      count(*) filter (where o.kind = 'network')::int as network, count(*) filter (where o.kind = 'address')::int as address,
      coalesce((select array_agg(distinct s.application_id) from observed_thing m
        join server s on s.connection_id = m.connection_id and s.external_id = m.external_id and s.retired_at is null
        where m.connection_id = o.connection_id and m.kind = 'server' and m.project_id = o.project_id and o.project_id <> ''
          and s.application_id is not null), '{}') as application_ids
    from observed_thing o where ${FREE}
    group by o.connection_id, o.project_id order by cloud, project_name limit ${limit}`.execute(db)
  return rows
}

export async function knownApplications(db: Db): Promise<{ id: string; tenantId: string; code: string; name: string }[]> {
  const { rows } = await sql<{ id: string; tenantId: string; code: string; name: string }>`
    select id, tenant_id as "tenantId", code, name from application where retired_at is null`.execute(db)
  return rows
}

export const insertAdoption = (db: Db, row: NewRow<'adoption'>) => db.insertInto('adoption').values(row).execute()
export const insertThings = (db: Db, rows: readonly NewRow<'adoption_thing'>[]) =>
  db
    .insertInto('adoption_thing')
    .values([...rows])
    .execute()
export const lockAdoption = (db: Db, id: string): Promise<AdoptionRow | undefined> =>
  db.selectFrom('adoption').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const openAdoptionOf = (db: Db, code: string): Promise<AdoptionRow | undefined> =>
  db.selectFrom('adoption').selectAll().where('state', '=', 'PROPOSED').where(sql<boolean>`lower(code) = lower(${code})`).executeTakeFirst()
export const updateAdoption = (db: Db, id: string, change: RowChange<'adoption'>) =>
  db.updateTable('adoption').set(change).where('id', '=', id).execute()
export const freeThingsOf = (db: Db, adoptionId: string) =>
  db.updateTable('adoption_thing').set({ live: false }).where('adoption_id', '=', adoptionId).execute()
export const updateThing = (
  db: Db,
  key: { adoption_id: string; connection_id: string; kind: AdoptableKind; external_id: string },
  change: RowChange<'adoption_thing'>,
) =>
  db
    .updateTable('adoption_thing')
    .set(change)
    .where('adoption_id', '=', key.adoption_id)
    .where('connection_id', '=', key.connection_id)
    .where('kind', '=', key.kind)
    .where('external_id', '=', key.external_id)
    .execute()

export interface ThingView {
  connection_id: string
  kind: AdoptableKind
  external_id: string
  name: string
  live: boolean
  refusal: string | null
  item_id: string | null
  facts: ObservedFacts | null
  /** Still there and still on no record. */
  adoptable: boolean
}
/** Volumes and addresses after the servers they belong to. */
export async function thingsOf(db: Db, adoptionId: string): Promise<ThingView[]> {
  const { rows } = await sql<ThingView>`
    select t.connection_id, t.kind, t.external_id, t.name, t.live, t.refusal, t.item_id, o.facts,
      coalesce(o.gone_at is null and not o.registered and not ${RECORDED}, false) as adoptable
    from adoption_thing t left join observed_thing o on o.connection_id = t.connection_id and o.kind = t.kind and o.external_id = t.external_id
    where t.adoption_id = ${adoptionId}
    order by array_position(array['network', 'server', 'volume', 'address'], t.kind), t.name, t.external_id`.execute(db)
  return rows
}

export interface AdoptionView extends AdoptionRow {
  server: number
  volume: number
  network: number
  address: number
}
/** Newest first. Served by adoption_page. */
export async function adoptionPage(
  db: Db,
  filter: { id?: string; state?: string | undefined; tenantId?: string | undefined; scope: Scope },
  after: Cursor | undefined,
  limit: number,
): Promise<AdoptionView[]> {
  const { scope } = filter
  const { rows } = await sql<AdoptionView>`
    select a.*, n.* from adoption a
    cross join lateral (select count(*) filter (where kind = 'server')::int as server, count(*) filter (where kind = 'volume')::int as volume,
      count(*) filter (where kind = 'network')::int as network, count(*) filter (where kind = 'address')::int as address
      from adoption_thing where adoption_id = a.id and refusal is null) n
    where true
      ${scope.all ? sql`` : sql`and (a.tenant_id = any(${[...scope.tenantIds]}::uuid[]) or a.application_id = any(${[...scope.applicationIds]}::uuid[]))`}
      ${filter.id ? sql`and a.id = ${filter.id}` : sql``}
      ${filter.state ? sql`and a.state = ${filter.state}` : sql``}
      ${filter.tenantId ? sql`and a.tenant_id = ${filter.tenantId}` : sql``}
      ${after ? sql`and (a.proposed_at, a.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
    order by a.proposed_at desc, a.id desc limit ${limit}`.execute(db)
  return rows
}

/** The instant from which an application is recorded that a take-over brought in; undefined for any other. */
export async function adoptedAt(db: Db, applicationId: string): Promise<Temporal.Instant | undefined> {
  const { rows } = await sql<{ at: Temporal.Instant }>`
    select min(d.decided_at) as at from adoption d join application a on a.id = d.application_id
    where d.application_id = ${applicationId} and d.state = 'CONFIRMED' and a.created_at = d.decided_at having min(d.decided_at) is not null`.execute(
    db,
  )
  return rows[0]?.at
}
