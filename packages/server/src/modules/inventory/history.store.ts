import { sql } from 'kysely'
import type { Db, NewRow, Row } from '../../platform/db.ts'

declare module '../../platform/db.ts' {
  interface Tables {
    item_change: ItemChangeTable
  }
}

interface ItemChangeTable {
  id: string
  item_type: string
  item_id: string
  at: Temporal.Instant
  by_person_id: string | null
  by_name: string
  action: string
  via: string
  before: unknown
  after: unknown
}

export const insertChange = (db: Db, row: NewRow<'item_change'>) =>
  db
    .insertInto('item_change')
    .values({
      ...row,
      before: row.before === null ? null : JSON.stringify(row.before),
      after: row.after === null ? null : JSON.stringify(row.after),
    })
    .execute()

/** Changes of one item, newest first. Served by item_change_item. */
export async function changesOf(db: Db, itemId: string, belowId: string | undefined, limit: number): Promise<Row<'item_change'>[]> {
  const { rows } = await sql<Row<'item_change'>>`
    select * from item_change where item_id = ${itemId} and ${belowId === undefined ? sql`true` : sql`id < ${belowId}::uuid`}
    order by id desc limit ${limit}`.execute(db)
  return rows
}
