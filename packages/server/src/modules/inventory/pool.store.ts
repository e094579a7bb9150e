import type { Amounts } from '@changbai/contract/inventory.ts'
import { sql } from 'kysely'
import type { Db, Row } from '../../platform/db.ts'

declare module '../../platform/db.ts' {
  interface Tables {
    pool_allocation: PoolAllocationTable
  }
}

interface PoolAllocationTable {
  id: string
  pool_id: string
  holder_type: string
  holder_id: string
  label: string
  state: 'RESERVED' | 'COMMITTED' | 'RELEASED'
  vcpu: number
  mem_gib: number
  storage_gib: number
  public_addresses: number
  baremetal: number
  reserved_at: Temporal.Instant
  changed_at: Temporal.Instant
}

export type Allocation = Row<'pool_allocation'>
export interface Holder {
  type: string
  id: string
}

export const amountsOf = (row: Pick<Allocation, 'vcpu' | 'mem_gib' | 'storage_gib' | 'public_addresses' | 'baremetal'>): Amounts => ({
  vcpu: row.vcpu,
  memGiB: row.mem_gib,
  storageGiB: row.storage_gib,
  publicAddresses: row.public_addresses,
  baremetal: row.baremetal,
})
const columnsOf = (amounts: Amounts) => ({
  vcpu: amounts.vcpu,
  mem_gib: amounts.memGiB,
  storage_gib: amounts.storageGiB,
  public_addresses: amounts.publicAddresses,
  baremetal: amounts.baremetal,
})

/** Locks pools against other promises, in one order so that two callers never wait for each other. */
export async function lockPools(db: Db, ids: readonly string[]): Promise<void> {
  await sql`select 1 from pool where id = any (${[...ids]}::uuid[]) order by id for update`.execute(db)
}

/** Pools in use that something of this zone and environment may be drawn from. */
export async function poolIdsFor(db: Db, zone: string | undefined, env: string | undefined): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from pool where retired_at is null
      and ${zone === undefined ? sql`true` : sql`zone = ${zone}`}
      and ${env === undefined ? sql`true` : sql`(env is null or env = ${env})`}`.execute(db)
  return rows.map(({ id }) => id)
}

/** What is promised and used of each pool. */
export async function takenOf(db: Db, poolIds: readonly string[]): Promise<Map<string, { reserved: Amounts; committed: Amounts }>> {
  const { rows } = await sql<Allocation>`
    select pool_id, state, sum(vcpu)::bigint as vcpu, sum(mem_gib)::bigint as mem_gib, sum(storage_gib)::bigint as storage_gib,
      sum(public_addresses)::bigint as public_addresses, sum(baremetal)::bigint as baremetal
    from pool_allocation where pool_id = any (${[...poolIds]}::uuid[]) and state <> 'RELEASED' group by pool_id, state`.execute(db)
  const none = { vcpu: 0, memGiB: 0, storageGiB: 0, publicAddresses: 0, baremetal: 0 }
  const taken = new Map(poolIds.map((id) => [id, { reserved: none, committed: none }]))
  for (const row of rows) {
    const sums = taken.get(row.pool_id)
    if (sums) taken.set(row.pool_id, { ...sums, [row.state === 'RESERVED' ? 'reserved' : 'committed']: amountsOf(row) })
  }
  return taken
}

export const lockAllocation = (db: Db, holder: Holder) =>
  db
    .selectFrom('pool_allocation')
    .selectAll()
    .where('holder_type', '=', holder.type)
    .where('holder_id', '=', holder.id)
    .where('state', '<>', 'RELEASED')
    .forUpdate()
    .executeTakeFirst()

export const insertAllocation = (
  db: Db,
  row: { id: string; poolId: string; holder: Holder; label: string; amounts: Amounts; now: Temporal.Instant },
) =>
  db
    .insertInto('pool_allocation')
    .values({
      id: row.id,
      pool_id: row.poolId,
      holder_type: row.holder.type,
      holder_id: row.holder.id,
      label: row.label,
      state: 'RESERVED',
      ...columnsOf(row.amounts),
      reserved_at: row.now,
      changed_at: row.now,
    })
    .execute()

export const updateAllocation = (
  db: Db,
  id: string,
  change: { state: Allocation['state']; amounts?: Amounts | undefined },
  now: Temporal.Instant,
) =>
  db
    .updateTable('pool_allocation')
    .set({ state: change.state, changed_at: now, ...(change.amounts ? columnsOf(change.amounts) : {}) })
    .where('id', '=', id)
    .execute()

export async function allocationsOf(
  db: Db,
  poolId: string,
  withReleased: boolean,
  belowId: string | undefined,
  limit: number,
): Promise<Allocation[]> {
  let query = db.selectFrom('pool_allocation').selectAll().where('pool_id', '=', poolId)
  if (!withReleased) query = query.where('state', '<>', 'RELEASED')
  if (belowId) query = query.where('id', '<', belowId)
  return query.orderBy('id', 'desc').limit(limit).execute()
}
