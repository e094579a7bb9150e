import type { MatterKind, MatterStatus, Totals } from '@changbai/contract/forms.ts'
import { sql } from 'kysely'
import type { Scope } from '../../platform/actor.ts'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'
import { searchPage, searchText } from '../../platform/text-search.ts'
import type { Step } from './domain/steps.ts'
import type { Json } from './form.store.ts'
import { type MatterSort, orderOf, withinScope } from './matter-list.store.ts'

export interface Rejection {
  code: 'OUT_OF_SCOPE' | 'INFEASIBLE' | 'NO_CAPACITY' | 'NOT_APPROVED'
  reason: string
  advice: string
}
interface AdmissionTable {
  id: string
  number: string
  kind: MatterKind
  status: MatterStatus
  tenant_id: string
  application_id: string | null
  applicant_id: string
  applicant_name: string
  app_name: string
  app_code: string | null
  mlps_level: number | null
  form_id: string
  catalog_id: string
  instance_id: string | null
  rev: number
  totals: Json<Partial<Totals>>
  reviewed: boolean
  round: number
  returned: boolean
  steps: Json<Step[]>
  admission_no: string | null
  valid_until: Temporal.PlainDate | null
  conditions: string | null
  rejection: Json<Rejection> | null
  created_at: Temporal.Instant
  updated_at: Temporal.Instant
  submitted_at: Temporal.Instant | null
  decided_at: Temporal.Instant | null
  used_at: Temporal.Instant | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    admission: AdmissionTable
  }
}
export type AdmissionRow = Row<'admission'>

export const insertAdmission = (db: Db, row: NewRow<'admission'>) => db.insertInto('admission').values(row).execute()
export const findAdmission = (db: Db, id: string): Promise<AdmissionRow | undefined> =>
  db.selectFrom('admission').selectAll().where('id', '=', id).executeTakeFirst()
export const lockAdmission = (db: Db, id: string): Promise<AdmissionRow | undefined> =>
  db.selectFrom('admission').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export async function updateAdmission(db: Db, id: string, change: RowChange<'admission'>, at: Temporal.Instant): Promise<AdmissionRow> {
  return db
    .updateTable('admission')
    .set({ ...change, updated_at: at, rev: sql<number>`rev + 1` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** An open or granted admission of a new or migrated system with this code; letters of either case are the same. */
export const admissionOfCode = (db: Db, code: string, exceptId: string): Promise<AdmissionRow | undefined> =>
  db
    .selectFrom('admission')
    .selectAll()
    .where(sql`lower(app_code)`, '=', code.toLowerCase())
    .where('kind', '<>', 'EXPANSION')
    .where('status', 'not in', ['DRAFT', 'REJECTED', 'WITHDRAWN', 'CANCELLED', 'EXPIRED'])
    .where('id', '<>', exceptId)
    .limit(1)
    .executeTakeFirst()

export interface AdmissionFilter {
  q?: string | undefined
  statuses?: string[] | undefined
  kind?: MatterKind | undefined
  tenantId?: string | undefined
  applicantId?: string | undefined
}
/** One page, a row more than asked to know whether there is a next one. Served by admission_updated, admission_tenant_updated or admission_text. */
export async function listAdmissions(
  db: Db,
  filter: AdmissionFilter,
  scope: Scope,
  sort: MatterSort,
  cursor: Cursor | undefined,
  limit: number,
): Promise<AdmissionRow[]> {
  const order = orderOf(sort)
  let query = db.selectFrom('admission').selectAll().where(withinScope(scope))
  if (filter.statuses) query = query.where(sql<string>`status`, 'in', filter.statuses)
  if (filter.kind) query = query.where('kind', '=', filter.kind)
  if (filter.tenantId) query = query.where('tenant_id', '=', filter.tenantId)
  if (filter.applicantId) query = query.where('applicant_id', '=', filter.applicantId)
  if (cursor) query = query.where(order.beyond(cursor))
  const ordered = query.orderBy(order.key, order.direction).orderBy('id', order.direction)
  if (!filter.q) return ordered.limit(limit + 1).execute()
  const text = sql`number || ' ' || app_name || ' ' || coalesce(app_code, '') || ' ' || applicant_name || ' ' || coalesce(admission_no, '')`
  return searchPage(db, ordered, order, searchText(text, filter.q), limit)
}

/** Granted admissions still good for a request: used once, or not past their last day. Newest first, at most 200. */
export const usableAdmissions = (
  db: Db,
  scope: Scope,
  today: Temporal.PlainDate,
  tenantId: string | undefined,
): Promise<AdmissionRow[]> => {
  const query = db
    .selectFrom('admission')
    .selectAll()
    .where(withinScope(scope))
    .where('status', '=', 'APPROVED')
    .where((eb) => eb.or([eb('used_at', 'is not', null), eb('valid_until', '>=', today)]))
  return (tenantId ? query.where('tenant_id', '=', tenantId) : query).orderBy('decided_at', 'desc').limit(200).execute()
}
