import type { Db } from '../../platform/db.ts'
import type { ClauseSpan } from '../plan/index.ts'

type OfLine = readonly ['clause', '4.3-1a' | '4.3-1b'] | readonly ['kind', 'NETWORK']

/** Whoever moved or cancelled ones aside. */
const clauseLines = (db: Db, of: OfLine) =>
  db
    .selectFrom('work_order_line as line')
    .innerJoin('work_order as order', 'order.id', 'line.work_order_id')
    .leftJoin('work_order_hold as hold', (join) =>
      join.onRef('hold.work_order_id', '=', 'line.work_order_id').on('hold.state', '=', 'HELD'),
    )
    .select([
      'line.id',
      'line.no',
      'line.title',
      'line.received_at',
      'line.workdays',
      'line.held_days',
      'line.due_at',
      'line.delivered_at',
      'line.provisional',
      'hold.decided_at as held_at',
      'order.id as order_id',
      'order.no as order_no',
      'order.tenant_id',
      'order.application_id',
    ])
    .where(`line.${of[0]}`, '=', of[1])
    .where('line.state', 'not in', ['MOVED', 'CANCELLED'])

/** Lines whose own clock ends in the span, by index work_order_line_clause_due; after them those whose clock stands still since before it, by work_order_hold_one_open. */
export async function linesDue(db: Db, of: OfLine, { from, to }: ClauseSpan) {
  const inSpan = await clauseLines(db, of).where('line.due_at', '>=', from).where('line.due_at', '<', to).orderBy('line.due_at').execute()
  const standing = await clauseLines(db, of)
    .where('hold.decided_at', 'is not', null)
    .where('line.delivered_at', 'is', null)
    .where('line.due_at', '<', from)
    .orderBy('line.due_at')
    .execute()
  return [...inSpan, ...standing]
}

/** Served by index work_order_started. */
export const ordersStarted = (db: Db, { from, to }: ClauseSpan) =>
  db
    .selectFrom('work_order')
    .select(['id', 'no', 'tenant_id', 'application_id', 'approved_at', 'started_at', 'instance_id'])
    .where('started_at', '>=', from)
    .where('started_at', '<', to)
    .orderBy('started_at')
    .execute()

/** Lines a driver was to make and that were delivered, of these orders. */
export async function driverLinesOf(db: Db, orderIds: readonly string[]) {
  if (orderIds.length === 0) return []
  return db
    .selectFrom('work_order_line')
    .select(['work_order_id', 'result'])
    .where('work_order_id', 'in', orderIds)
    .where('way', '=', 'DRIVER')
    .where('delivered_at', 'is not', null)
    .execute()
}

/** Served by index work_order_delivered. */
export const ordersDelivered = (db: Db, from: Temporal.Instant, to: Temporal.Instant) =>
  db
    .selectFrom('work_order')
    .select(['id', 'no', 'tenant_id', 'application_id', 'notified_at', 'delivered_at', 'share', 'acceptance'])
    .where('delivered_at', '>=', from)
    .where('delivered_at', '<', to)
    .orderBy('delivered_at')
    .execute()

/** Orders that were objected to at least once. */
export async function objectedOrders(db: Db, orderIds: readonly string[]): Promise<Set<string>> {
  if (orderIds.length === 0) return new Set()
  const rows = await db
    .selectFrom('work_order_event')
    .select('work_order_id')
    .distinct()
    .where('work_order_id', 'in', orderIds)
    .where('kind', '=', 'objected')
    .execute()
  return new Set(rows.map((row) => row.work_order_id))
}

/** How many credentials each order has, and when the last of them was collected; null while one waits. */
export async function collectionOf(db: Db, orderIds: readonly string[]) {
  if (orderIds.length === 0) return []
  return db
    .selectFrom('work_order_credential')
    .select(({ fn }) => [
      'work_order_id',
      fn.countAll<number>().as('credentials'),
      fn.count<number>('collected_at').as('collected'),
      fn.max('collected_at').as('last_at'),
    ])
    .where('work_order_id', 'in', orderIds)
    .groupBy('work_order_id')
    .execute()
}
