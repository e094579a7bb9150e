import { sql } from 'kysely'
import type { Db, NewRow, Row } from '../../platform/db.ts'

declare module '../../platform/db.ts' {
  interface Tables {
    address_range: {
      id: string
      pool: string
      cidr: string
      application_id: string
      env: string
      allotted_at: Temporal.Instant
      released_at: Temporal.Instant | null
    }
    address_allotment: {
      id: string
      pool: string
      address: string
      range_id: string | null
      resource_key: string
      line_id: string
      allotted_at: Temporal.Instant
      released_at: Temporal.Instant | null
    }
  }
}
export type RangeRow = Row<'address_range'>

/** One at a time gives addresses out, in every process; ends with the transaction. */
export const lockAddresses = async (db: Db): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtext('address_range'))`.execute(db)
}

export const rangeOf = (db: Db, applicationId: string, env: string): Promise<RangeRow | undefined> =>
  db
    .selectFrom('address_range')
    .selectAll()
    .where('application_id', '=', applicationId)
    .where('env', '=', env)
    .where('released_at', 'is', null)
    .executeTakeFirst()

export const rangesHeld = (db: Db): Promise<RangeRow[]> =>
  db.selectFrom('address_range').selectAll().where('released_at', 'is', null).execute()

export const insertRange = async (db: Db, row: NewRow<'address_range'>): Promise<void> => {
  await db.insertInto('address_range').values(row).execute()
}

export const releaseRange = async (db: Db, id: string, now: Temporal.Instant): Promise<void> => {
  await db.updateTable('address_range').set({ released_at: now }).where('id', '=', id).execute()
}

/** Addresses in use, of one range or, for null, the public ones of one pool; as text without length. */
export async function addressesHeld(db: Db, rangeId: string | null): Promise<string[]> {
  let select = db.selectFrom('address_allotment').select(sql<string>`host(address)`.as('address')).where('released_at', 'is', null)
  select = rangeId === null ? select.where('range_id', 'is', null) : select.where('range_id', '=', rangeId)
  return (await select.execute()).map((row) => row.address)
}

export async function addressesByKey(db: Db, keys: readonly string[]): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map()
  const rows = await db
    .selectFrom('address_allotment')
    .select(['resource_key', sql<string>`host(address)`.as('address')])
    .where('resource_key', 'in', [...keys])
    .where('released_at', 'is', null)
    .execute()
  return new Map(rows.map((row) => [row.resource_key, row.address]))
}

export const insertAddress = async (db: Db, row: NewRow<'address_allotment'>): Promise<void> => {
  await db.insertInto('address_allotment').values(row).execute()
}

/** What the cloud gave in the end: whoever was to have this address has not got it, and gets another. */
export async function holdActual(
  db: Db,
  held: Pick<NewRow<'address_allotment'>, 'id' | 'pool' | 'address' | 'resource_key' | 'line_id' | 'allotted_at'>,
): Promise<void> {
  await db
    .updateTable('address_allotment')
    .set({ released_at: held.allotted_at })
    .where('address', '=', held.address)
    .where('resource_key', '<>', held.resource_key)
    .where('released_at', 'is', null)
    .execute()
  const { numUpdatedRows } = await db
    .updateTable('address_allotment')
    .set({ address: held.address })
    .where('resource_key', '=', held.resource_key)
    .where('released_at', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows === 0n)
    await db
      .insertInto('address_allotment')
      .values({ ...held, range_id: null })
      .execute()
}

export const keysHeldBy = async (db: Db, lineIds: readonly string[]): Promise<string[]> => {
  if (lineIds.length === 0) return []
  const rows = await db
    .selectFrom('address_allotment')
    .select('resource_key')
    .where('line_id', 'in', [...lineIds])
    .where('released_at', 'is', null)
    .execute()
  return rows.map((row) => row.resource_key)
}

export const releaseKeys = async (db: Db, keys: readonly string[], now: Temporal.Instant): Promise<void> => {
  if (keys.length === 0) return
  await db
    .updateTable('address_allotment')
    .set({ released_at: now })
    .where('resource_key', 'in', [...keys])
    .where('released_at', 'is', null)
    .execute()
}
