import type { MatterKind, MatterStatus, Totals } from '@changbai/contract/forms.ts'
import { type ColumnType, type SelectQueryBuilder, sql } from 'kysely'
import type { Scope } from '../../platform/actor.ts'
import type { Db, NewRow, Row, RowChange, Tables } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'
import type { Step } from '../admission/index.ts'
import type { PartialQuantity } from './domain/split.ts'

type Json<T> = ColumnType<T, string, string>
export interface Rejection {
  code: 'OUT_OF_SCOPE' | 'INFEASIBLE' | 'NO_CAPACITY' | 'NOT_APPROVED'
  reason: string
  advice: string
}
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
export type RequestSort = '-updatedAt' | 'updatedAt' | '-number' | 'number' | '-submittedAt'
const SORT_COLUMN = { updatedAt: 'updated_at', number: 'number', submittedAt: 'submitted_at' } as const

type RequestQuery = SelectQueryBuilder<Tables, 'request', RequestRow>
const inScope = (query: RequestQuery, scope: Scope): RequestQuery => {
  if (scope.all) return query
  const { tenantIds, applicationIds } = scope
  return query.where((eb) =>
    eb.or([
      ...(tenantIds.length > 0 ? [eb('tenant_id', 'in', tenantIds)] : []),
      ...(applicationIds.length > 0 ? [eb('application_id', 'in', applicationIds)] : []),
      eb.val(false),
    ]),
  )
}

/** One page, a row more than asked. Served by request_updated, request_tenant_updated, request_submitted or request_text. */
export function listRequests(
  db: Db,
  filter: RequestFilter,
  scope: Scope,
  sort: RequestSort,
  cursor: Cursor | undefined,
  limit: number,
): Promise<RequestRow[]> {
  const descending = sort.startsWith('-')
  const column = SORT_COLUMN[sort.replace('-', '') as keyof typeof SORT_COLUMN]
  let query = inScope(db.selectFrom('request').selectAll(), scope)
  if (filter.statuses) query = query.where(sql<string>`status`, 'in', filter.statuses)
  if (filter.kind) query = query.where('kind', '=', filter.kind)
  if (filter.env) query = query.where('env', '=', filter.env)
  if (filter.tenantId) query = query.where('tenant_id', '=', filter.tenantId)
  if (filter.applicationId) query = query.where('application_id', '=', filter.applicationId)
  if (filter.applicantId) query = query.where('applicant_id', '=', filter.applicantId)
  if (filter.q) {
    const text = sql`number || ' ' || app_name || ' ' || applicant_name || ' ' || admission_no`
    const like = `%${filter.q.replace(/[\\%_]/g, '\\$&')}%`
    query = query.where(sql<boolean>`zh_grams(${text}) @> zh_grams(${filter.q}) and ${text} ilike ${like}`)
  }
  // without a date a request has not been handed in: it comes last in both directions
  const key = column === 'submitted_at' ? sql`coalesce(submitted_at, 'epoch'::timestamptz)` : sql.ref(column)
  if (cursor) {
    const value = column === 'number' ? sql`${cursor[0]}` : sql`${cursor[0]}::timestamptz`
    query = query.where(
      descending
        ? sql<boolean>`(${key}, id) < (${value}, ${cursor[1]}::uuid)`
        : sql<boolean>`(${key}, id) > (${value}, ${cursor[1]}::uuid)`,
    )
  }
  const direction = descending ? 'desc' : 'asc'
  return query
    .orderBy(key, direction)
    .orderBy('id', direction)
    .limit(limit + 1)
    .execute()
}

export const cursorOf = (row: RequestRow, sort: RequestSort): Cursor => {
  if (sort.endsWith('number')) return [row.number, row.id]
  if (sort.endsWith('submittedAt')) return [(row.submitted_at ?? Temporal.Instant.fromEpochMilliseconds(0)).toString(), row.id]
  return [row.updated_at.toString(), row.id]
}
