import type { Db, Row, RowChange } from '../../platform/db.ts'

interface StatusTokenTable {
  id: string
  tenant_id: string
  name: string
  token_sha256: string
  state: 'PENDING' | 'ACTIVE' | 'REVOKED'
  created_by: string
  created_by_person_id: string
  created_at: Temporal.Instant
  decided_by: string | null
  decided_at: Temporal.Instant | null
  last_used_at: Temporal.Instant | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    status_token: StatusTokenTable
  }
}
export type StatusTokenRow = Row<'status_token'>

/** Newest first. Served by index status_token_list. */
export const allStatusTokens = (db: Db): Promise<StatusTokenRow[]> =>
  db.selectFrom('status_token').selectAll().orderBy('created_at', 'desc').limit(500).execute()
export const statusTokenById = (db: Db, id: string) => db.selectFrom('status_token').selectAll().where('id', '=', id).executeTakeFirst()
export const statusTokenBySecret = (db: Db, sha256: string) =>
  db.selectFrom('status_token').selectAll().where('token_sha256', '=', sha256).executeTakeFirst()
export async function insertStatusToken(db: Db, row: StatusTokenRow): Promise<void> {
  await db.insertInto('status_token').values(row).execute()
}
export async function updateStatusToken(db: Db, id: string, change: RowChange<'status_token'>): Promise<void> {
  await db.updateTable('status_token').set(change).where('id', '=', id).execute()
}
