import type { SecurityService } from '@changbai/contract/provision-form.ts'
import type { SecurityOrder, SecurityOrderState } from '@changbai/contract/security.ts'
import { type ColumnType, type Generated, sql } from 'kysely'
import type { Scope } from '../../platform/actor.ts'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'

type Delivery = NonNullable<SecurityOrder['delivery']>
interface OrderTable {
  id: string
  number: string
  code: SecurityService
  months: number
  state: SecurityOrderState
  tenant_id: string
  application_id: string
  application_name: string
  reason: string
  requester_id: string
  requester_name: string
  handler_id: string | null
  handler_name: string | null
  submitted_at: Temporal.Instant
  due_at: Temporal.Instant
  provisional: boolean
  delivered_at: Temporal.Instant | null
  closed_at: Temporal.Instant | null
  delivery: ColumnType<Delivery | null, string | null, string | null>
  outcome_text: Generated<string>
  instance_id: string | null
  task_id: string | null
  node: string | null
}
interface HeldTable {
  id: string
  code: SecurityService
  tenant_id: string
  application_id: string
  application_name: string
  product: string
  owner_name: string
  scope: string
  begins_on: Temporal.PlainDate
  expires_on: Temporal.PlainDate
  source: 'ORDER' | 'WORK_ORDER' | 'RECORD'
  source_id: string
  source_number: string
  created_at: Temporal.Instant
  created_by_name: string
  ended_at: Temporal.Instant | null
  end_reason: Generated<string>
  reminded_days: number | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    security_order: OrderTable
    security_service: HeldTable
  }
}
export type OrderRow = Row<'security_order'>
export type HeldRow = Row<'security_service'>
const OPEN: readonly SecurityOrderState[] = ['SUBMITTED', 'IN_PROGRESS', 'DELIVERED']

export const insertOrder = async (db: Db, row: NewRow<'security_order'>): Promise<void> => {
  await db.insertInto('security_order').values(row).execute()
}
export const findOrder = (db: Db, id: string): Promise<OrderRow | undefined> =>
  db.selectFrom('security_order').selectAll().where('id', '=', id).executeTakeFirst()
export const lockOrder = (db: Db, id: string): Promise<OrderRow | undefined> =>
  db.selectFrom('security_order').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
export const updateOrder = (db: Db, id: string, change: RowChange<'security_order'>): Promise<OrderRow> =>
  db.updateTable('security_order').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
export const openOrderOf = (db: Db, applicationId: string, code: SecurityService): Promise<OrderRow | undefined> =>
  db
    .selectFrom('security_order')
    .selectAll()
    .where('application_id', '=', applicationId)
    .where('code', '=', code)
    .where('state', 'in', OPEN)
    .executeTakeFirst()

const reach = (scope: Scope) =>
  scope.all
    ? sql<boolean>`true`
    : sql<boolean>`(tenant_id = any (${scope.tenantIds}::uuid[]) or application_id = any (${scope.applicationIds}::uuid[]))`

export interface OrderFilter {
  state?: SecurityOrderState | undefined
  open?: boolean | undefined
  applicationId?: string | undefined
}
/** Newest first, a row more than asked; ids carry their time. */
export function orderPage(db: Db, filter: OrderFilter, scope: Scope, after: Cursor | undefined, limit: number): Promise<OrderRow[]> {
  let query = db.selectFrom('security_order').selectAll().where(reach(scope))
  if (filter.state) query = query.where('state', '=', filter.state)
  if (filter.open) query = query.where('state', 'in', OPEN)
  if (filter.applicationId) query = query.where('application_id', '=', filter.applicationId)
  if (after) query = query.where('id', '<', after[1])
  return query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** Written once for each source and service; written again it stays as it is. */
export async function insertHeld(db: Db, row: NewRow<'security_service'>): Promise<HeldRow | undefined> {
  return db
    .insertInto('security_service')
    .values(row)
    .onConflict((conflict) => conflict.columns(['source', 'source_id', 'code']).doNothing())
    .returningAll()
    .executeTakeFirst()
}
export const lockHeld = (db: Db, id: string): Promise<HeldRow | undefined> =>
  db.selectFrom('security_service').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
export const updateHeld = (db: Db, id: string, change: RowChange<'security_service'>): Promise<HeldRow> =>
  db.updateTable('security_service').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()

export interface HeldFilter {
  applicationId?: string | undefined
  code?: SecurityService | undefined
  ended?: boolean | undefined
}
/** What ends next comes first; a row more than asked. */
export function heldPage(db: Db, filter: HeldFilter, scope: Scope, after: Cursor | undefined, limit: number): Promise<HeldRow[]> {
  let query = db.selectFrom('security_service').selectAll().where(reach(scope))
  if (filter.applicationId) query = query.where('application_id', '=', filter.applicationId)
  if (filter.code) query = query.where('code', '=', filter.code)
  if (!filter.ended) query = query.where('ended_at', 'is', null)
  if (after) query = query.where(sql<boolean>`(expires_on, id) > (${after[0]}::date, ${after[1]}::uuid)`)
  return query
    .orderBy('expires_on')
    .orderBy('id')
    .limit(limit + 1)
    .execute()
}
/** Everything these applications ever held, and which services are on order. */
export const heldOf = (db: Db, applicationIds: readonly string[]): Promise<HeldRow[]> =>
  applicationIds.length === 0
    ? Promise.resolve([])
    : db.selectFrom('security_service').selectAll().where('application_id', 'in', applicationIds).execute()
export const openOrdersOf = (db: Db, applicationIds: readonly string[]): Promise<OrderRow[]> =>
  applicationIds.length === 0
    ? Promise.resolve([])
    : db.selectFrom('security_order').selectAll().where('application_id', 'in', applicationIds).where('state', 'in', OPEN).execute()
/** In force for part of a span of days, by those in scope. */
export const heldBetween = (db: Db, from: Temporal.PlainDate, to: Temporal.PlainDate, scope: Scope): Promise<HeldRow[]> =>
  db
    .selectFrom('security_service')
    .selectAll()
    .where(reach(scope))
    .where('begins_on', '<=', to)
    .where('expires_on', '>=', from)
    .orderBy('id')
    .execute()
/** Not ended, the last day within reach; at most 1,000. Served by security_service_expiry. */
export const expiringUntil = (db: Db, from: Temporal.PlainDate, until: Temporal.PlainDate): Promise<HeldRow[]> =>
  db
    .selectFrom('security_service')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('expires_on', '>=', from)
    .where('expires_on', '<=', until)
    .orderBy('expires_on')
    .limit(1000)
    .execute()
