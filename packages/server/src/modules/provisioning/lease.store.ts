import { sql } from 'kysely'
import type { Scope } from '../../platform/actor.ts'
import type { Db, NewRow, Row } from '../../platform/db.ts'
import { type LineRow, type OrderRow, within } from './provisioning.store.ts'

export interface LeaseQuery {
  scope: Scope
  applicationId?: string | undefined
  until?: Temporal.PlainDate | undefined
  after?: readonly [string, string] | undefined
  limit: number
}
/** Soonest to end first; served by work_order_line_lease. */
export function leasePage(db: Db, query: LeaseQuery): Promise<(LineRow & { order: OrderRow })[]> {
  let select = within(db.selectFrom('work_order'), query.scope)
    .innerJoin('work_order_line', 'work_order_line.work_order_id', 'work_order.id')
    .selectAll('work_order_line')
    .select(sql<string>`to_jsonb(work_order)`.as('order'))
    .where('work_order_line.state', 'in', ['DELIVERED', 'ACCEPTED'])
  if (query.applicationId) select = select.where('work_order.application_id', '=', query.applicationId)
  if (query.until) select = select.where('work_order_line.usage_until', '<=', query.until)
  if (query.after) {
    const [on, id] = query.after
    select = select.where(sql<boolean>`(work_order_line.usage_until, work_order_line.id) > (${on}::date, ${id}::uuid)`)
  }
  return select
    .orderBy('work_order_line.usage_until')
    .orderBy('work_order_line.id')
    .limit(query.limit + 1)
    .execute() as unknown as Promise<(LineRow & { order: OrderRow })[]>
}
export const remindersOf = (db: Db, lineIds: readonly string[]): Promise<Row<'work_order_lease_reminder'>[]> =>
  lineIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('work_order_lease_reminder')
        .selectAll()
        .where('line_id', 'in', [...lineIds])
        .execute()
export const insertReminder = async (db: Db, row: NewRow<'work_order_lease_reminder'>): Promise<void> => {
  await db
    .insertInto('work_order_lease_reminder')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
