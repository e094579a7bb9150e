import type { MatterKind, MatterStatus, Totals } from '@changbai/contract/forms.ts'
import { type SelectQueryBuilder, sql } from 'kysely'
import type { Scope } from '../../platform/actor.ts'
import type { Db, NewRow, Row, RowChange, Tables } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'
import type { Step } from './domain/steps.ts'
import type { Json } from './form.store.ts'

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
export type AdmissionSort = '-updatedAt' | 'updatedAt' | '-number' | 'number' | '-submittedAt'
const SORT_COLUMN = { updatedAt: 'updated_at', number: 'number', submittedAt: 'submitted_at' } as const

type AdmissionQuery = SelectQueryBuilder<Tables, 'admission', AdmissionRow>
const inScope = (query: AdmissionQuery, scope: Scope): AdmissionQuery => {
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

/** One page, a row more than asked to know whether there is a next one. Served by admission_updated, admission_tenant_updated or admission_text. */
export function listAdmissions(
  db: Db,
  filter: AdmissionFilter,
  scope: Scope,
  sort: AdmissionSort,
  cursor: Cursor | undefined,
  limit: number,
): Promise<AdmissionRow[]> {
  const descending = sort.startsWith('-')
  const column = SORT_COLUMN[sort.replace('-', '') as keyof typeof SORT_COLUMN]
  let query = inScope(db.selectFrom('admission').selectAll(), scope)
  if (filter.statuses) query = query.where(sql<string>`status`, 'in', filter.statuses)
  if (filter.kind) query = query.where('kind', '=', filter.kind)
  if (filter.tenantId) query = query.where('tenant_id', '=', filter.tenantId)
  if (filter.applicantId) query = query.where('applicant_id', '=', filter.applicantId)
  if (filter.q) {
    const text = sql`number || ' ' || app_name || ' ' || coalesce(app_code, '') || ' ' || applicant_name || ' ' || coalesce(admission_no, '')`
    const like = `%${filter.q.replace(/[\\%_]/g, '\\$&')}%`
    query = query.where(sql<boolean>`zh_grams(${text}) @> zh_grams(${filter.q}) and ${text} ilike ${like}`)
  }
  // without a date a matter has not been handed in: it comes last in both directions
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

export const cursorOf = (row: AdmissionRow, sort: AdmissionSort): Cursor => {
  if (sort.endsWith('number')) return [row.number, row.id]
  if (sort.endsWith('submittedAt')) return [(row.submitted_at ?? Temporal.Instant.fromEpochMilliseconds(0)).toString(), row.id]
  return [row.updated_at.toString(), row.id]
}

/** Granted admissions still good for a request: used once, or not past their last day. Newest first, at most 200. */
export const usableAdmissions = (
  db: Db,
  scope: Scope,
  today: Temporal.PlainDate,
  tenantId: string | undefined,
): Promise<AdmissionRow[]> => {
  const query = inScope(db.selectFrom('admission').selectAll(), scope)
    .where('status', '=', 'APPROVED')
    .where((eb) => eb.or([eb('used_at', 'is not', null), eb('valid_until', '>=', today)]))
  return (tenantId ? query.where('tenant_id', '=', tenantId) : query).orderBy('decided_at', 'desc').limit(200).execute()
}
