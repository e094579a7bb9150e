import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import type { HoldRow } from './provisioning.store.ts'

export const holdsOf = (db: Db, orderId: string): Promise<HoldRow[]> =>
  db.selectFrom('work_order_hold').selectAll().where('work_order_id', '=', orderId).orderBy('proposed_at').execute()
/** Since when the clocks of these orders stand still; one that runs is absent. */
export async function heldSince(db: Db, orderIds: readonly string[]): Promise<Map<string, Temporal.Instant>> {
  if (orderIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('work_order_hold')
    .select(['work_order_id', 'decided_at'])
    .where('work_order_id', 'in', orderIds)
    .where('state', '=', 'HELD')
    .execute()
  return new Map(rows.flatMap((row) => (row.decided_at ? [[row.work_order_id, row.decided_at] as const] : [])))
}
export const lockHold = (db: Db, orderId: string, id: string): Promise<HoldRow | undefined> =>
  db.selectFrom('work_order_hold').selectAll().where('id', '=', id).where('work_order_id', '=', orderId).forUpdate().executeTakeFirst()
export const insertHold = async (db: Db, row: NewRow<'work_order_hold'>): Promise<void> => {
  await db.insertInto('work_order_hold').values(row).execute()
}
export const updateHold = async (db: Db, id: string, change: RowChange<'work_order_hold'>): Promise<void> => {
  await db.updateTable('work_order_hold').set(change).where('id', '=', id).execute()
}

export const signaturesOf = (db: Db, orderId: string): Promise<Row<'work_order_signature'>[]> =>
  db.selectFrom('work_order_signature').selectAll().where('work_order_id', '=', orderId).orderBy('at').execute()
export const insertSignature = async (db: Db, row: NewRow<'work_order_signature'>): Promise<void> => {
  await db.insertInto('work_order_signature').values(row).execute()
}
