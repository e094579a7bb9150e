import { type ColumnType, type Generated, type Selectable, sql } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import { newId } from '../../platform/ids.ts'
import type { CloudCapacity, CloudFlavor, CloudImage, Facts, ResourceKind, Want } from './driver.ts'

/** Read parsed, written as text. */
type Json<T> = ColumnType<T, string, string>
/** The same, with a default. */
type FilledJson<T> = ColumnType<T, string | undefined, string>

interface ConnectionTable {
  id: string
  name: string
  driver: 'openstack' | 'simulator' | 'manual'
  status: 'PROPOSED' | 'ACTIVE' | 'REJECTED' | 'RETIRED'
  settings: Json<Record<string, unknown>>
  sealed_secret: string | null
  proposed_by: string | null
  proposed_by_name: string
  proposed_at: Temporal.Instant
  decided_by: string | null
  decided_by_name: string | null
  decided_at: Temporal.Instant | null
  comment: string | null
  check_result: ColumnType<CheckResult | null, string | null | undefined, string | null>
  capacity: ColumnType<CloudCapacity | null, string | null | undefined, string | null>
  images: FilledJson<CloudImage[]>
  flavors: FilledJson<CloudFlavor[]>
  viewed_at: Temporal.Instant | null
}
export interface CheckResult {
  at: string
  ok: boolean
  services: { type: string; url: string; version: string | null }[]
  problems: string[]
}
export type ResourceState = 'INTENDED' | 'ASKED' | 'UNKNOWN' | 'BUILDING' | 'PRESENT' | 'FAILED' | 'REMOVING' | 'ABSENT'
interface ResourceTable {
  id: string
  connection_id: string
  key: string
  kind: ResourceKind
  name: string
  want: Json<Want>
  state: ResourceState
  external_id: string | null
  facts: FilledJson<Facts>
  owner_type: string
  owner_id: string
  attempts: Generated<number>
  asked_at: Temporal.Instant | null
  leased_until: Temporal.Instant | null
  look_after: Temporal.Instant | null
  building_since: Temporal.Instant | null
  rebuilds: Generated<number>
  rebuilding: Generated<boolean>
  setbacks: Generated<number>
  adopted: Generated<boolean>
  settled_at: Temporal.Instant | null
  error_kind: string | null
  last_error: string | null
  created_at: Temporal.Instant
}
declare module '../../platform/db.ts' {
  interface Tables {
    cloud_connection: ConnectionTable
    cloud_resource: ResourceTable
  }
}

export type ConnectionRow = Row<'cloud_connection'>
export type ResourceRow = Selectable<ResourceTable>

export const connections = (db: Db): Promise<ConnectionRow[]> =>
  db.selectFrom('cloud_connection').selectAll().orderBy('proposed_at', 'desc').orderBy('id').limit(200).execute()

export const connectionById = (db: Db, id: string): Promise<ConnectionRow | undefined> =>
  db.selectFrom('cloud_connection').selectAll().where('id', '=', id).executeTakeFirst()

export const lockConnection = (db: Db, id: string): Promise<ConnectionRow | undefined> =>
  db.selectFrom('cloud_connection').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export const activeConnection = (db: Db): Promise<ConnectionRow | undefined> =>
  db.selectFrom('cloud_connection').selectAll().where('status', '=', 'ACTIVE').executeTakeFirst()

export async function insertConnection(db: Db, row: NewRow<'cloud_connection'>): Promise<void> {
  await db.insertInto('cloud_connection').values(row).execute()
}

export async function updateConnection(db: Db, id: string, change: RowChange<'cloud_connection'>): Promise<void> {
  await db.updateTable('cloud_connection').set(change).where('id', '=', id).execute()
}

export async function retireActive(db: Db): Promise<void> {
  await db.updateTable('cloud_connection').set({ status: 'RETIRED' }).where('status', '=', 'ACTIVE').execute()
}

export interface Intent {
  connectionId: string
  key: string
  name: string
  want: Want
  ownerType: string
  ownerId: string
}

/** Writes the intent, or wakes one that was given up, removed, or wanted otherwise before. What exists stays as it is. */
export async function writeIntent(db: Db, intent: Intent, now: Temporal.Instant): Promise<void> {
  const want = JSON.stringify(intent.want)
  await sql`
    insert into cloud_resource (id, connection_id, key, kind, name, want, state, owner_type, owner_id, created_at)
    values (${newId()}, ${intent.connectionId}, ${intent.key}, ${intent.want.kind}, ${intent.name}, ${want}::jsonb, 'INTENDED',
            ${intent.ownerType}, ${intent.ownerId}, ${now})
    on conflict (key) do update set
      want = excluded.want, name = excluded.name,
      connection_id = case when cloud_resource.state = 'ABSENT' then excluded.connection_id else cloud_resource.connection_id end,
      state = 'INTENDED', look_after = null, rebuilds = 0, rebuilding = false, setbacks = 0, building_since = null,
      error_kind = null, last_error = null
    where cloud_resource.state in ('FAILED', 'ABSENT')
       or (cloud_resource.state <> 'REMOVING' and cloud_resource.want is distinct from excluded.want)`.execute(db)
}

export const lockResource = (db: Db, key: string): Promise<ResourceRow | undefined> =>
  db.selectFrom('cloud_resource').selectAll().where('key', '=', key).forUpdate().executeTakeFirst()

export const resourcesByKey = (db: Db, keys: readonly string[]): Promise<ResourceRow[]> =>
  keys.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('cloud_resource')
        .selectAll()
        .where('key', 'in', [...keys])
        .execute()

export async function updateResource(db: Db, key: string, change: RowChange<'cloud_resource'>): Promise<void> {
  await db.updateTable('cloud_resource').set(change).where('key', '=', key).execute()
}

export interface ResourceQuery {
  ownerId?: string | undefined
  kind?: ResourceKind | undefined
  state?: ResourceState | undefined
  after?: { at: string; id: string } | undefined
  limit: number
}
/** Newest first; served by cloud_resource_page, or cloud_resource_owner for one owner. */
export function resourcePage(db: Db, query: ResourceQuery): Promise<ResourceRow[]> {
  let select = db.selectFrom('cloud_resource').selectAll()
  if (query.ownerId) select = select.where('owner_id', '=', query.ownerId)
  if (query.kind) select = select.where('kind', '=', query.kind)
  if (query.state) select = select.where('state', '=', query.state)
  if (query.after) select = select.where(sql<boolean>`(created_at, id) < (${query.after.at}::timestamptz, ${query.after.id}::uuid)`)
  return select
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(query.limit + 1)
    .execute()
}

/** Addresses of the ports in a subnet that stands under our key. */
export async function portAddresses(db: Db, subnetKey: string): Promise<string[]> {
  const rows = await db
    .selectFrom('cloud_resource')
    .select('facts')
    .where('kind', '=', 'port')
    .where('state', 'not in', ['ABSENT', 'INTENDED'])
    .where(sql<boolean>`want->>'subnet' = ${subnetKey}`)
    .execute()
  return rows.flatMap((row) => (row.facts.addresses ?? '').split(',').filter((address) => address !== ''))
}

/** Promised but not built: what capacity must already count. */
export async function unbuiltDemand(
  db: Db,
  connectionId: string,
): Promise<{ vcpu: number; memGiB: number; diskGiB: number; publicAddresses: number }> {
  const { rows } = await sql<{ vcpu: number; mem: number; disk: number; addresses: number }>`
    select coalesce(sum((want->>'vcpu')::int) filter (where kind = 'server'), 0)::int as vcpu,
           coalesce(sum((want->>'memMiB')::int) filter (where kind = 'server'), 0)::int as mem,
           coalesce(sum((want->>'gib')::int) filter (where kind = 'volume'), 0)::int as disk,
           count(*) filter (where kind = 'address')::int as addresses
    from cloud_resource
    where connection_id = ${connectionId} and state not in ('PRESENT', 'ABSENT', 'BUILDING')`.execute(db)
  const [row] = rows
  return {
    vcpu: row?.vcpu ?? 0,
    memGiB: Math.ceil((row?.mem ?? 0) / 1024),
    diskGiB: row?.disk ?? 0,
    publicAddresses: row?.addresses ?? 0,
  }
}
