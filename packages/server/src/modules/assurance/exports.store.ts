import type { DataClass, ExportState } from '@changbai/contract/exports.ts'
import { type ColumnType, sql } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'

interface ExportTable {
  id: string
  number: string
  path: string
  data_class: DataClass
  state: Exclude<ExportState, 'EXPIRED'>
  by_id: string | null
  by_name: string
  reason: string
  input: ColumnType<Record<string, unknown> | null, string | null, never>
  input_digest: string
  rows: number | null
  file_name: string | null
  at: Temporal.Instant
  decided_by: string | null
  decided_by_name: string | null
  decided_at: Temporal.Instant | null
  comment: string
  taken_at: Temporal.Instant | null
  expires_at: Temporal.Instant | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    export_record: ExportTable
  }
}
export type ExportRecord = Row<'export_record'>

export const insertExport = (db: Db, row: NewRow<'export_record'>): Promise<ExportRecord> =>
  db.insertInto('export_record').values(row).returningAll().executeTakeFirstOrThrow()
export const lockExport = (db: Db, id: string): Promise<ExportRecord | undefined> =>
  db.selectFrom('export_record').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const updateExport = (db: Db, id: string, change: RowChange<'export_record'>): Promise<ExportRecord> =>
  db.updateTable('export_record').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()

/** Newest first, a row more than asked; of one person, or of all. Served by export_record_recent and export_record_mine. */
export async function listExports(db: Db, personId: string | null, cursor: Cursor | undefined, limit: number): Promise<ExportRecord[]> {
  const { rows } = await sql<ExportRecord>`
    select * from export_record
    where ${personId ? sql`by_id = ${personId}::uuid` : sql`true`}
      and ${cursor ? sql`(at, id) < (${cursor[0]}::timestamptz, ${cursor[1]}::uuid)` : sql`true`}
    order by at desc, id desc limit ${limit + 1}`.execute(db)
  return rows
}
/** Taken since then, and how many of them a second person had approved. */
export async function countExports(db: Db, since: Temporal.Instant): Promise<{ taken: number; approved: number }> {
  const { rows } = await sql<{ taken: number; approved: number }>`
    select count(*) as taken, count(decided_by) as approved from export_record where state = 'TAKEN' and at >= ${since}`.execute(db)
  return rows[0] ?? { taken: 0, approved: 0 }
}
