import type { Db, Row, RowChange } from '../../platform/db.ts'

interface ScreenTable {
  id: string
  name: string
  token_sha256: string
  state: 'PENDING' | 'ACTIVE' | 'REVOKED'
  created_by: string
  created_by_person_id: string
  created_at: Temporal.Instant
  decided_by: string | null
  decided_at: Temporal.Instant | null
  last_seen_at: Temporal.Instant | null
  last_address: string | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    alarm_screen: ScreenTable
  }
}
export type ScreenRow = Row<'alarm_screen'>

export const allScreens = (db: Db): Promise<ScreenRow[]> =>
  db.selectFrom('alarm_screen').selectAll().orderBy('created_at', 'desc').limit(200).execute()
export const screenById = (db: Db, id: string) => db.selectFrom('alarm_screen').selectAll().where('id', '=', id).executeTakeFirst()
export const screenByToken = (db: Db, sha256: string) =>
  db.selectFrom('alarm_screen').selectAll().where('token_sha256', '=', sha256).executeTakeFirst()
/** @returns false when a live screen has the name */
export async function insertScreen(db: Db, row: ScreenRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('alarm_screen')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}
export async function updateScreen(db: Db, id: string, change: RowChange<'alarm_screen'>): Promise<void> {
  await db.updateTable('alarm_screen').set(change).where('id', '=', id).execute()
}
