import { type ColumnType, type RawBuilder, sql } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../../platform/db.ts'
import type { Facts, ResourceKind } from '../driver.ts'

/** What a simulated thing is beside its size; values are text. `server`: whom a volume hangs on. */
export type SimState = Partial<
  Record<'status' | 'image' | 'fault' | 'server' | 'type' | 'rules' | 'limits' | 'before' | 'oldVcpu' | 'oldMemMiB' | 'lastOrder', string>
>
/** An order under way, and what the thing is when its time has come. */
export interface SimDoing {
  task: string
  untilAt: string
  becomes: SimState
  vcpu?: number
  memMiB?: number
  gib?: number
}
interface ThingTable {
  connection_id: string
  key: string
  external_id: string
  kind: ResourceKind | 'image' | 'volumeSnapshot'
  vcpu: number
  mem_mib: number
  disk_gib: number
  public_addresses: number
  ready_at: Temporal.Instant
  fate: 'ok' | 'error' | 'stuck'
  message: string
  facts: ColumnType<Facts, string, string>
  state: ColumnType<SimState, string | undefined, string>
  doing: ColumnType<SimDoing | null, string | null | undefined, string | null>
  created_at: Temporal.Instant
}
interface FaultTable {
  id: string
  connection_id: string
  resource: ResourceKind | null
  fault: FaultKind
  remaining: number
  created_at: Temporal.Instant
}
export type FaultKind =
  | 'unauthorised'
  | 'forbidden'
  | 'conflict'
  | 'quota'
  | 'throttled'
  | 'error500'
  | 'timeout'
  | 'timeoutAfterCommit'
  | 'noValidHost'
  | 'stuckBuild'
  | ActFault
/** Faults that meet only what is done to things that exist. */
type ActFault = 'busy' | 'actFails' | 'vanish'
declare module '../../../platform/db.ts' {
  interface Tables {
    sim_thing: ThingTable
    sim_fault: FaultTable
  }
}
export type ThingRow = Row<'sim_thing'>
export type FaultRow = Row<'sim_fault'>

export const thing = (db: Db, connectionId: string, key: string): Promise<ThingRow | undefined> =>
  db.selectFrom('sim_thing').selectAll().where('connection_id', '=', connectionId).where('key', '=', key).executeTakeFirst()

export const thingById = (db: Db, connectionId: string, externalId: string): Promise<ThingRow | undefined> =>
  db
    .selectFrom('sim_thing')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .where(sql<boolean>`external_id::text = ${externalId}`)
    .forUpdate()
    .executeTakeFirst()

export async function updateThing(db: Db, connectionId: string, key: string, change: RowChange<'sim_thing'>): Promise<void> {
  await db.updateTable('sim_thing').set(change).where('connection_id', '=', connectionId).where('key', '=', key).execute()
}

/** The volumes hang on this server from now on. */
export async function hangOn(db: Db, connectionId: string, keys: readonly string[], server: string): Promise<void> {
  if (keys.length === 0) return
  await sql`update sim_thing set state = state || jsonb_build_object('server', ${server}::text)
    where connection_id = ${connectionId} and key in (${sql.join([...keys])})`.execute(db)
}

/** The server is gone: its volumes are free. */
export async function letGo(db: Db, connectionId: string, server: string): Promise<void> {
  await sql`update sim_thing set state = state - 'server' where connection_id = ${connectionId} and state->>'server' = ${server}`.execute(
    db,
  )
}

export async function insertThing(db: Db, row: NewRow<'sim_thing'>): Promise<void> {
  await db.insertInto('sim_thing').values(row).execute()
}

export async function deleteThing(db: Db, connectionId: string, key: string): Promise<void> {
  await db.deleteFrom('sim_thing').where('connection_id', '=', connectionId).where('key', '=', key).execute()
}

export async function usage(
  db: Db,
  connectionId: string,
): Promise<{ vcpu: number; memMiB: number; diskGiB: number; publicAddresses: number }> {
  const row = await db
    .selectFrom('sim_thing')
    .select([
      sql<number>`coalesce(sum(vcpu), 0)::int`.as('vcpu'),
      sql<number>`coalesce(sum(mem_mib), 0)::bigint`.as('memMiB'),
      sql<number>`coalesce(sum(disk_gib), 0)::bigint`.as('diskGiB'),
      sql<number>`coalesce(sum(public_addresses), 0)::int`.as('publicAddresses'),
    ])
    .where('connection_id', '=', connectionId)
    .where('fate', '<>', 'error')
    .executeTakeFirstOrThrow()
  return row
}

/** How many things of the kind exist: gives addresses out one after the other. */
export const countThings = async (db: Db, connectionId: string, kind: ResourceKind): Promise<number> => {
  const row = await db
    .selectFrom('sim_thing')
    .select(sql<number>`count(*)::int`.as('n'))
    .where('connection_id', '=', connectionId)
    .where('kind', '=', kind)
    .executeTakeFirstOrThrow()
  return row.n
}

export const faults = (db: Db): Promise<FaultRow[]> =>
  db.selectFrom('sim_fault').selectAll().where('remaining', '>', 0).orderBy('created_at').orderBy('id').limit(200).execute()

/** Takes one hit of the oldest fault that meets this kind of thing when it is made or removed. */
export const takeFault = (db: Db, connectionId: string, kind: ResourceKind): Promise<FaultKind | null> =>
  takeOne(db, connectionId, kind, sql`fault not in ('busy', 'actFails', 'vanish')`)

/** The same when something is done to it; a stuck build meets only what is built, a lack of hosts only what needs one. */
export const takeActFault = (db: Db, connectionId: string, kind: string, needsHost: boolean): Promise<FaultKind | null> =>
  takeOne(db, connectionId, kind, needsHost ? sql`fault <> 'stuckBuild'` : sql`fault not in ('stuckBuild', 'noValidHost')`)

async function takeOne(db: Db, connectionId: string, kind: string, meets: RawBuilder<unknown>): Promise<FaultKind | null> {
  const { rows } = await sql<{ fault: FaultKind }>`
    update sim_fault set remaining = remaining - 1
    where id = (
      select id from sim_fault
      where connection_id = ${connectionId} and remaining > 0 and (resource is null or resource = ${kind}) and ${meets}
      order by created_at, id limit 1 for update
    )
    returning fault`.execute(db)
  return rows[0]?.fault ?? null
}

export async function insertFault(db: Db, row: NewRow<'sim_fault'>): Promise<void> {
  await db.insertInto('sim_fault').values(row).execute()
}

export const deleteFault = async (db: Db, id: string): Promise<boolean> => {
  const { numDeletedRows } = await db.deleteFrom('sim_fault').where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}
