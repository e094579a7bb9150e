import type { LineKind, LineSpec, LineState, WorkOrderKind, WorkOrderStatus } from '@changbai/contract/provisioning.ts'
import { type ColumnType, type Generated, type SelectQueryBuilder, sql } from 'kysely'
import type { Scope } from '../../platform/actor.ts'
import type { Db, NewRow, Row, RowChange, Tables } from '../../platform/db.ts'
import { searchPage, searchText } from '../../platform/text-search.ts'
import type { Words } from './provisioning.domain.ts'

/** Read parsed, written as text. */
type Json<T> = ColumnType<T, string, string>
type JsonOrNull<T> = ColumnType<T | null, string | null | undefined, string | null>

export interface Who {
  id: string | null
  name: string
}
export interface SelfCheck {
  by: Who
  at: string
  items: { lineId: string; key: string; ok: boolean; expected: string; found: string }[]
}
export interface Share {
  sharedAt: string
  dueAt: string
  ackAt: string | null
  ackBy: Who | null
  documents: string[]
}
export interface Acceptance {
  result: 'ACCEPTED' | 'OBJECTED' | 'DEFAULT'
  by: Who
  at: string
  comment: string
}
export interface Trial {
  from: string
  until: string
  endedAt: string | null
  endedBy: Who | null
}
export interface LineResult {
  name: string
  externalId: string | null
  addresses: string[]
  facts: Record<string, string>
}
export interface CheckItem {
  key: string
  label: Words
  done: boolean
  note: string
}

interface OrderTable {
  id: string
  no: string
  rev: Generated<number>
  kind: WorkOrderKind
  status: WorkOrderStatus
  request_id: string
  request_no: string
  request_kind: string
  application_id: string
  application_name: string
  tenant_id: string
  tenant_name: string
  env: 'PROD' | 'TEST' | 'DEV' | 'DR'
  applicant_id: string | null
  approved_at: Temporal.Instant
  parent_id: string | null
  connection_id: string | null
  instance_id: string | null
  received_at: Temporal.Instant
  due_at: Temporal.Instant
  started_at: Temporal.Instant | null
  notified_at: Temporal.Instant | null
  delivered_at: Temporal.Instant | null
  self_check: JsonOrNull<SelfCheck>
  share: JsonOrNull<Share>
  acceptance: JsonOrNull<Acceptance>
  trial: JsonOrNull<Trial>
  archived_at: Temporal.Instant | null
  created_at: Temporal.Instant
}
interface LineTable {
  id: string
  work_order_id: string
  no: number
  kind: LineKind
  way: 'DRIVER' | 'MANUAL'
  manual_reason: string | null
  state: LineState
  title: string
  spec: Json<LineSpec>
  clause: '4.3-1a' | '4.3-1b'
  workdays: number
  received_at: Temporal.Instant
  due_at: Temporal.Instant
  due_on: Temporal.PlainDate
  provisional: boolean
  held_days: Generated<number>
  delivered_at: Temporal.Instant | null
  checklist: Json<CheckItem[]>
  result: ColumnType<LineResult[], string | undefined, string>
  error: string | null
  usage_until: Temporal.PlainDate
  recorded_at: Temporal.Instant | null
}
interface EventTable {
  id: string
  work_order_id: string
  line_id: string | null
  at: Temporal.Instant
  kind: string
  by_id: string | null
  by_name: string
  by_system: boolean
  zh: string
  en: string
  data: ColumnType<Record<string, unknown>, string | undefined, string>
}
interface HoldTable {
  id: string
  work_order_id: string
  reason: string
  state: 'PROPOSED' | 'HELD' | 'REFUSED' | 'ENDED' | 'LAPSED'
  proposed_by: string
  proposed_by_name: string
  proposed_at: Temporal.Instant
  decided_by: string | null
  decided_by_name: string | null
  decided_at: Temporal.Instant | null
  ended_at: Temporal.Instant | null
}
interface CredentialTable {
  id: string
  work_order_id: string
  line_id: string
  label: string
  address: string | null
  user_name: string
  sealed: string | null
  ready_at: Temporal.Instant | null
  collected_at: Temporal.Instant | null
  collected_by: string | null
  collected_by_name: string | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    work_order: OrderTable
    work_order_line: LineTable
    work_order_step: { line_id: string; seq: number; resource_key: string }
    work_order_event: EventTable
    work_order_hold: HoldTable
    work_order_credential: CredentialTable
    work_order_link: {
      token_sha256: string
      work_order_id: string
      ends_at: Temporal.Instant
      ended_at: Temporal.Instant | null
      created_at: Temporal.Instant
    }
    work_order_signature: {
      work_order_id: string
      party: 'APPLICATION' | 'PROVIDER' | 'CUSTOMER'
      by_id: string
      by_name: string
      at: Temporal.Instant
      comment: string
    }
    work_order_lease_reminder: { line_id: string; usage_until: Temporal.PlainDate; days_before: number; at: Temporal.Instant }
  }
}

export type OrderRow = Row<'work_order'>
export type LineRow = Row<'work_order_line'>
export type EventRow = Row<'work_order_event'>
export type HoldRow = Row<'work_order_hold'>
export type CredentialRow = Row<'work_order_credential'>

export const insertOrder = async (db: Db, row: NewRow<'work_order'>): Promise<void> => {
  await db.insertInto('work_order').values(row).execute()
}
export const insertLines = async (db: Db, rows: NewRow<'work_order_line'>[]): Promise<void> => {
  if (rows.length > 0) await db.insertInto('work_order_line').values(rows).execute()
}
export const orderById = (db: Db, id: string): Promise<OrderRow | undefined> =>
  db.selectFrom('work_order').selectAll().where('id', '=', id).executeTakeFirst()
export const lockOrder = (db: Db, id: string): Promise<OrderRow | undefined> =>
  db.selectFrom('work_order').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const updateOrder = async (db: Db, id: string, change: RowChange<'work_order'>): Promise<void> => {
  await db
    .updateTable('work_order')
    .set({ ...change, rev: sql<number>`rev + 1` })
    .where('id', '=', id)
    .execute()
}
export const linesOf = (db: Db, orderIds: string | readonly string[]): Promise<LineRow[]> =>
  db
    .selectFrom('work_order_line')
    .selectAll()
    .where('work_order_id', 'in', typeof orderIds === 'string' ? [orderIds] : [...orderIds])
    .orderBy('work_order_id')
    .orderBy('no')
    .execute()
export const updateLine = async (db: Db, id: string, change: RowChange<'work_order_line'>): Promise<void> => {
  await db.updateTable('work_order_line').set(change).where('id', '=', id).execute()
}

/** All lines an application holds or is to get, in every order that was not cancelled: what its quota must allow. */
export const standingSpecs = async (db: Db, applicationId: string): Promise<LineSpec[]> => {
  const rows = await db
    .selectFrom('work_order_line')
    .innerJoin('work_order', 'work_order.id', 'work_order_line.work_order_id')
    .select('work_order_line.spec')
    .where('work_order.application_id', '=', applicationId)
    .where('work_order_line.state', 'not in', ['MOVED', 'CANCELLED'])
    .execute()
  return rows.map((row) => row.spec)
}

/** Lines of other orders of an application that are on their way and not in the inventory yet. */
export const linesBeingMade = (db: Db, applicationId: string, exceptOrderId: string): Promise<LineRow[]> =>
  db
    .selectFrom('work_order_line')
    .innerJoin('work_order', 'work_order.id', 'work_order_line.work_order_id')
    .selectAll('work_order_line')
    .where('work_order.application_id', '=', applicationId)
    .where('work_order.id', '<>', exceptOrderId)
    .where('work_order_line.state', 'in', ['WORKING', 'FAILED'])
    .execute()

export async function replaceSteps(db: Db, lineId: string, keys: readonly string[]): Promise<void> {
  await db.deleteFrom('work_order_step').where('line_id', '=', lineId).execute()
  const rows = keys.map((resource_key, index) => ({ line_id: lineId, seq: index + 1, resource_key }))
  if (rows.length > 0) await db.insertInto('work_order_step').values(rows).execute()
}
export const stepsOf = (db: Db, lineIds: readonly string[]): Promise<{ line_id: string; seq: number; resource_key: string }[]> =>
  lineIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('work_order_step')
        .selectAll()
        .where('line_id', 'in', [...lineIds])
        .orderBy('line_id')
        .orderBy('seq')
        .execute()

export const insertEvent = async (db: Db, row: NewRow<'work_order_event'>): Promise<void> => {
  await db.insertInto('work_order_event').values(row).execute()
}
export const eventsOf = (db: Db, orderIds: readonly string[]): Promise<EventRow[]> =>
  orderIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('work_order_event')
        .selectAll()
        .where('work_order_id', 'in', [...orderIds])
        .orderBy('at')
        .orderBy('id')
        .limit(2000)
        .execute()

export const ordersOfRequest = (db: Db, requestId: string): Promise<OrderRow[]> =>
  db.selectFrom('work_order').selectAll().where('request_id', '=', requestId).orderBy('received_at').orderBy('no').execute()

/** Not delivered and not cancelled; served by work_order_open_due. */
export const openOrders = (db: Db): Promise<OrderRow[]> =>
  db.selectFrom('work_order').selectAll().where('delivered_at', 'is', null).where('status', '<>', 'CANCELLED').orderBy('due_at').execute()

export interface OrderQuery {
  scope: Scope
  q?: string | undefined
  status?: readonly string[] | undefined
  kind?: WorkOrderKind | undefined
  applicationId?: string | undefined
  tenantId?: string | undefined
  requestId?: string | undefined
  overdueAt?: Temporal.Instant | undefined
  sort: '-receivedAt' | 'dueAt'
  after?: readonly [string, string] | undefined
  limit: number
}

export const within = <O>(query: SelectQueryBuilder<Tables, 'work_order', O>, scope: Scope): SelectQueryBuilder<Tables, 'work_order', O> =>
  scope.all
    ? query
    : query.where((where) =>
        where.or([
          where('work_order.tenant_id', '=', sql<string>`any(${scope.tenantIds}::uuid[])`),
          where('work_order.application_id', '=', sql<string>`any(${scope.applicationIds}::uuid[])`),
        ]),
      )

/** A line past its limit and not delivered; a limit that reaches into a year not announced yet finds nobody late. */
const withLateLine = <O>(
  query: SelectQueryBuilder<Tables, 'work_order', O>,
  at: Temporal.Instant,
): SelectQueryBuilder<Tables, 'work_order', O> =>
  query
    .where('work_order.delivered_at', 'is', null)
    .where('work_order.status', '<>', 'CANCELLED')
    .where((where) =>
      where.exists(
        where
          .selectFrom('work_order_line')
          .select('work_order_line.id')
          .whereRef('work_order_line.work_order_id', '=', 'work_order.id')
          .where('work_order_line.due_at', '<', at)
          .where('work_order_line.provisional', '=', false)
          .where('work_order_line.delivered_at', 'is', null)
          .where('work_order_line.state', 'not in', ['MOVED', 'CANCELLED']),
      ),
    )

/** Newest received first, or soonest due first; served by work_order_received and work_order_due. */
export function orderPage(db: Db, query: OrderQuery): Promise<OrderRow[]> {
  let select = within(db.selectFrom('work_order').selectAll(), query.scope)
  if (query.status?.length) select = select.where('status', 'in', query.status as WorkOrderStatus[])
  if (query.kind) select = select.where('kind', '=', query.kind)
  if (query.applicationId) select = select.where('application_id', '=', query.applicationId)
  if (query.tenantId) select = select.where('tenant_id', '=', query.tenantId)
  if (query.requestId) select = select.where('request_id', '=', query.requestId)
  if (query.overdueAt) select = withLateLine(select, query.overdueAt)
  const descending = query.sort === '-receivedAt'
  const column = descending ? ('received_at' as const) : ('due_at' as const)
  if (query.after) {
    const [at, id] = query.after
    select = select.where(
      descending
        ? sql<boolean>`(received_at, id) < (${at}::timestamptz, ${id}::uuid)`
        : sql<boolean>`(due_at, id) > (${at}::timestamptz, ${id}::uuid)`,
    )
  }
  const direction = descending ? ('desc' as const) : ('asc' as const)
  const ordered = select.orderBy(column, direction).orderBy('id', direction)
  if (!query.q) return ordered.limit(query.limit + 1).execute()
  const text = sql`no || ' ' || request_no || ' ' || application_name || ' ' || tenant_name`
  return searchPage(db, ordered, { key: sql.ref(column), direction }, searchText(text, query.q), query.limit)
}
