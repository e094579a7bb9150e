import { type ColumnType, sql } from 'kysely'
import type { Db, NewRow, Row } from '../../../platform/db.ts'
import type { Facts, ResourceKind } from '../driver.ts'

interface ThingTable {
  connection_id: string
  key: string
  external_id: string
  kind: ResourceKind
  vcpu: number
  mem_mib: number
  disk_gib: number
  public_addresses: number
  ready_at: Temporal.Instant
  fate: 'ok' | 'error' | 'stuck'
  message: string
  facts: ColumnType<Facts, string, string>
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

/** Takes one hit of the oldest fault that meets this kind of thing. */
export async function takeFault(db: Db, connectionId: string, kind: ResourceKind): Promise<FaultKind | null> {
  const { rows } = await sql<{ fault: FaultKind }>`
    update sim_fault set remaining = remaining - 1
    where id = (
      select id from sim_fault
      where connection_id = ${connectionId} and remaining > 0 and (resource is null or resource = ${kind})
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
