import type { MatterKind, MatterStatus, Totals } from '@changbai/contract/forms.ts'
import { type ColumnType, sql } from 'kysely'
import type { Scope } from '../../platform/actor.ts'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'
import { searchPage, searchText } from '../../platform/text-search.ts'
import { type MatterSort, orderOf, type Rejection, type Step, withinScope } from '../admission/index.ts'
import type { PartialQuantity } from './domain/split.ts'

type Json<T> = ColumnType<T, string, string>
interface RequestTable {
  id: string
  number: string
  kind: MatterKind
  status: MatterStatus
  outcome: 'SUCCESS' | 'PARTIAL' | null
  tenant_id: string
  application_id: string
  app_name: string
  admission_id: string
  admission_no: string
  mlps_level: number | null
  applicant_id: string
  applicant_name: string
  form_id: string
  catalog_id: string
  catalog_final: boolean
  instance_id: string | null
  rev: number
  env: 'PROD' | 'TEST' | 'DEV' | 'DR' | null
  usage_until: Temporal.PlainDate | null
  expected_on: Temporal.PlainDate | null
  totals: Json<Partial<Totals>>
  catalog_totals: Json<Partial<Totals>>
  reviewed: boolean
  round: number
  returned: boolean
  steps: Json<Step[]>
  proposed_split: Json<PartialQuantity[]>
  parent_id: string | null
  conditions: string | null
  rejection: Json<Rejection> | null
  started_at: Temporal.Instant | null
  created_at: Temporal.Instant
  updated_at: Temporal.Instant
  submitted_at: Temporal.Instant | null
  decided_at: Temporal.Instant | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    request: RequestTable
  }
}
export type RequestRow = Row<'request'>

export const insertRequest = (db: Db, row: NewRow<'request'>) => db.insertInto('request').values(row).execute()
export const findRequest = (db: Db, id: string): Promise<RequestRow | undefined> =>
  db.selectFrom('request').selectAll().where('id', '=', id).executeTakeFirst()
export const requestByNumber = (db: Db, number: string): Promise<RequestRow | undefined> =>
  db.selectFrom('request').selectAll().where('number', '=', number).executeTakeFirst()
export const lockRequest = (db: Db, id: string): Promise<RequestRow | undefined> =>
  db.selectFrom('request').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
/** Requests split off from this one, oldest first. */
export const childrenOf = (db: Db, id: string): Promise<RequestRow[]> =>
  db.selectFrom('request').selectAll().where('parent_id', '=', id).orderBy('created_at').execute()

export async function updateRequest(db: Db, id: string, change: RowChange<'request'>, at: Temporal.Instant): Promise<RequestRow> {
  return db
    .updateTable('request')
    .set({ ...change, updated_at: at, rev: sql<number>`rev + 1` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

export interface RequestFilter {
  q?: string | undefined
  statuses?: string[] | undefined
  kind?: MatterKind | undefined
  env?: 'PROD' | 'TEST' | 'DEV' | 'DR' | undefined
  tenantId?: string | undefined
  applicationId?: string | undefined
  applicantId?: string | undefined
}
/** One page, a row more than asked. Served by request_updated, request_tenant_updated, request_submitted or request_text. */
export async function listRequests(
  db: Db,
  filter: RequestFilter,
  scope: Scope,
  sort: MatterSort,
  cursor: Cursor | undefined,
  limit: number,
): Promise<RequestRow[]> {
  const order = orderOf(sort)
  let query = db.selectFrom('request').selectAll().where(withinScope(scope))
  if (filter.statuses) query = query.where(sql<string>`status`, 'in', filter.statuses)
  if (filter.kind) query = query.where('kind', '=', filter.kind)
  if (filter.env) query = query.where('env', '=', filter.env)
  if (filter.tenantId) query = query.where('tenant_id', '=', filter.tenantId)
  if (filter.applicationId) query = query.where('application_id', '=', filter.applicationId)
  if (filter.applicantId) query = query.where('applicant_id', '=', filter.applicantId)
  if (cursor) query = query.where(order.beyond(cursor))
  const ordered = query.orderBy(order.key, order.direction).orderBy('id', order.direction)
  if (!filter.q) return ordered.limit(limit + 1).execute()
  const text = sql`number || ' ' || app_name || ' ' || applicant_name || ' ' || admission_no`
  return searchPage(db, ordered, order, searchText(text, filter.q), limit)
}
