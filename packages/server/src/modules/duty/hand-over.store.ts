import type { DutyLine } from '@changbai/contract/duty.ts'
import { sql } from 'kysely'
import type { Db, NewRow, Row } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'

interface HandOverTable {
  id: string
  line: DutyLine
  shift_id: string
  from_id: string
  to_id: string
  note: string
  open_items: unknown
  given_at: Temporal.Instant
  taken_at: Temporal.Instant | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    duty_hand_over: HandOverTable
  }
}
export type HandOverRow = Row<'duty_hand_over'>

export const insertHandOver = (db: Db, row: NewRow<'duty_hand_over'>) =>
  db
    .insertInto('duty_hand_over')
    .values({ ...row, open_items: JSON.stringify(row.open_items) })
    .execute()
export const lockHandOver = (db: Db, id: string): Promise<HandOverRow | undefined> =>
  db.selectFrom('duty_hand_over').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const takeHandOverRow = (db: Db, id: string, at: Temporal.Instant) =>
  db.updateTable('duty_hand_over').set({ taken_at: at }).where('id', '=', id).execute()

/** Newest first. Served by duty_hand_over_given. */
export async function listHandOvers(db: Db, line: DutyLine | undefined, cursor: Cursor | undefined, limit: number): Promise<HandOverRow[]> {
  const { rows } = await sql<HandOverRow>`
    select * from duty_hand_over
    where ${line === undefined ? sql`true` : sql`line = ${line}`}
      and ${cursor === undefined ? sql`true` : sql`(given_at, id) < (${cursor[0]}::timestamptz, ${cursor[1]}::uuid)`}
    order by given_at desc, id desc limit ${limit + 1}`.execute(db)
  return rows
}
