import { type Generated, sql } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import type { Json } from './chain.store.ts'

interface KeyTable {
  id: string
  name: string
  party: 'CUSTOMER' | 'THIRD_PARTY'
  token_sha256: string
  networks: Json<string[]>
  calls_per_minute: number
  state: 'PENDING' | 'ACTIVE' | 'REVOKED'
  created_by: string
  created_by_person_id: string
  created_at: Temporal.Instant
  decided_by: string | null
  decided_at: Temporal.Instant | null
  minute: Temporal.Instant | null
  calls_in_minute: Generated<number>
  last_used_at: Temporal.Instant | null
}
interface AccessTable {
  id: Generated<number>
  key_id: string
  at: Temporal.Instant
  address: string
  path: string
}
declare module '../../platform/db.ts' {
  interface Tables {
    measurement_key: KeyTable
    measurement_access: AccessTable
  }
}
export type KeyRecord = Row<'measurement_key'>

export const allKeys = (db: Db): Promise<KeyRecord[]> =>
  db.selectFrom('measurement_key').selectAll().orderBy('created_at', 'desc').execute()
export const keyById = (db: Db, id: string): Promise<KeyRecord | undefined> =>
  db.selectFrom('measurement_key').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const keyByToken = (db: Db, sha256: string): Promise<KeyRecord | undefined> =>
  db.selectFrom('measurement_key').selectAll().where('token_sha256', '=', sha256).executeTakeFirst()
export async function insertKey(db: Db, row: NewRow<'measurement_key'>): Promise<void> {
  await db.insertInto('measurement_key').values(row).execute()
}
export async function updateKey(db: Db, id: string, change: RowChange<'measurement_key'>): Promise<void> {
  await db.updateTable('measurement_key').set(change).where('id', '=', id).execute()
}
/** Counts a call in its minute, across all processes. @returns how many calls this minute has seen with it */
export async function countCall(db: Db, id: string, now: Temporal.Instant): Promise<number> {
  const minute = now.round({ smallestUnit: 'minute', roundingMode: 'floor' })
  const row = await db
    .updateTable('measurement_key')
    .set({
      calls_in_minute: sql<number>`case when minute = ${minute} then calls_in_minute + 1 else 1 end`,
      minute,
      last_used_at: now,
    })
    .where('id', '=', id)
    .returning('calls_in_minute')
    .executeTakeFirstOrThrow()
  return row.calls_in_minute
}
export async function insertAccess(db: Db, row: NewRow<'measurement_access'>): Promise<void> {
  await db.insertInto('measurement_access').values(row).execute()
}
