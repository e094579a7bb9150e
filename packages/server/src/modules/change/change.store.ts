import type { ChangeCategory, ChangeForm, ChangeItem, ChangeOutcome, ChangeStatus } from '@changbai/contract/change.shapes.ts'
import type { Bilingual } from '@changbai/contract/form-words.ts'
import { type ColumnType, type Generated, type Selectable, sql } from 'kysely'
import type { Scope } from '../../platform/actor.ts'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'
import { type Step, withinScope } from '../admission/index.ts'

type Json<T> = ColumnType<T, string, string>
type FilledJson<T> = ColumnType<T, string | undefined, string>
export interface Conclusion {
  node: string
  result: string
  comment: string
  facts: Record<string, unknown>
  byName: string
  at: string
}
interface ChangeTable {
  id: string
  number: string
  rev: Generated<number>
  title: Generated<string>
  category: ChangeCategory
  status: ChangeStatus
  outcome: ChangeOutcome | null
  tenant_id: string | null
  application_id: string | null
  application_name: Generated<string>
  applicant_id: string
  applicant_name: string
  standard_id: string | null
  incident_id: string | null
  drift_id: string | null
  form: Json<ChangeForm>
  items: FilledJson<ChangeItem[]>
  ci_ids: Generated<string[]>
  affected_ids: Generated<string[]>
  derived_ids: Generated<string[]>
  major_reasons: FilledJson<Bilingual[]>
  downtime: Generated<boolean>
  window_from: Temporal.Instant | null
  window_to: Temporal.Instant | null
  downtime_round: Generated<number>
  steps: FilledJson<Step[]>
  conclusions: FilledJson<Conclusion[]>
  reviewed: Generated<boolean>
  returned: Generated<boolean>
  working: Generated<boolean>
  backup_ref: Generated<string>
  rejection: Generated<string>
  actual_from: Temporal.Instant | null
  actual_to: Temporal.Instant | null
  retro_due_at: Temporal.Instant | null
  retro_done_at: Temporal.Instant | null
  violation: Generated<boolean>
  instance_id: string | null
  created_at: Temporal.Instant
  updated_at: Temporal.Instant
  submitted_at: Temporal.Instant | null
  decided_at: Temporal.Instant | null
  closed_at: Temporal.Instant | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    change_request: ChangeTable
  }
}
export type ChangeRow = Selectable<ChangeTable>
/** Ended for good. */
export const ENDED: readonly ChangeStatus[] = ['CLOSED', 'REJECTED', 'WITHDRAWN', 'CANCELLED', 'EXPIRED']

export const insertChange = (db: Db, row: NewRow<'change_request'>) => db.insertInto('change_request').values(row).execute()
export const findChange = (db: Db, id: string): Promise<ChangeRow | undefined> =>
  db.selectFrom('change_request').selectAll().where('id', '=', id).executeTakeFirst()
export const lockChange = (db: Db, id: string): Promise<ChangeRow | undefined> =>
  db.selectFrom('change_request').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export async function updateChange(db: Db, id: string, change: RowChange<'change_request'>, at: Temporal.Instant): Promise<ChangeRow> {
  return db
    .updateTable('change_request')
    .set({ ...change, updated_at: at, rev: sql<number>`rev + 1` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

export interface ChangeFilter {
  q?: string | undefined
  statuses?: string[] | undefined
  category?: ChangeCategory | undefined
  applicationId?: string | undefined
  ciId?: string | undefined
  applicantId?: string | undefined
}
/** The very expression of the index of grams. */
const TEXT = sql`number || ' ' || title || ' ' || application_name || ' ' || applicant_name`
const inSight = (scope: Scope) =>
  scope.all ? sql<boolean>`true` : sql<boolean>`(${withinScope(scope)} or affected_ids && ${[...scope.applicationIds]}::uuid[])`

/** One page, the last changed first, a row more than asked. Served by change_request_updated, change_request_tenant or change_request_text. */
export function listChanges(db: Db, filter: ChangeFilter, scope: Scope, cursor: Cursor | undefined, limit: number): Promise<ChangeRow[]> {
  let query = db.selectFrom('change_request').selectAll().where(inSight(scope))
  if (filter.statuses) query = query.where(sql<string>`status`, 'in', filter.statuses)
  if (filter.category) query = query.where('category', '=', filter.category)
  if (filter.applicationId) query = query.where(sql<boolean>`affected_ids @> array[${filter.applicationId}::uuid]`)
  if (filter.ciId) query = query.where(sql<boolean>`ci_ids @> array[${filter.ciId}::uuid]`)
  if (filter.applicantId) query = query.where('applicant_id', '=', filter.applicantId)
  if (filter.q)
    query = query.where(
      sql<boolean>`zh_grams(${TEXT}) @> zh_grams(${filter.q}) and ${TEXT} ilike ${`%${filter.q.replace(/[\\%_]/g, '\\$&')}%`}`,
    )
  if (cursor) query = query.where(sql<boolean>`(updated_at, id) < (${cursor[0]}::timestamptz, ${cursor[1]}::uuid)`)
  return query
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** Changes that are under way or planned with a window that reaches into this span; at most 1,000. */
export const changesBetween = (db: Db, from: Temporal.Instant, to: Temporal.Instant): Promise<ChangeRow[]> =>
  db
    .selectFrom('change_request')
    .selectAll()
    .where('window_from', '<', to)
    .where('window_to', '>', from)
    .where(sql<boolean>`status not in ('REJECTED', 'WITHDRAWN', 'CANCELLED', 'EXPIRED')`)
    .orderBy('window_from')
    .limit(1000)
    .execute()

/** Other changes on the same things whose window overlaps, not ended and handed in. */
export const overlapping = (
  db: Db,
  change: { id: string; ciIds: readonly string[]; from: Temporal.Instant; to: Temporal.Instant },
): Promise<ChangeRow[]> =>
  change.ciIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('change_request')
        .selectAll()
        .where('id', '<>', change.id)
        .where(sql<boolean>`ci_ids && ${[...change.ciIds]}::uuid[]`)
        .where('window_from', '<', change.to)
        .where('window_to', '>', change.from)
        .where(sql<boolean>`status not in ('DRAFT', 'CLOSED', 'REJECTED', 'WITHDRAWN', 'CANCELLED', 'EXPIRED')`)
        .orderBy('window_from')
        .limit(50)
        .execute()

/** Takes the things for this change until the transaction ends, so that two changes cannot both find them free; in one order. */
export async function lockThings(db: Db, ciIds: readonly string[]): Promise<void> {
  for (const id of [...ciIds].sort()) await sql`select pg_advisory_xact_lock(hashtextextended(${`change:${id}`}, 0))`.execute(db)
}

/** The change that is being done on one of these things right now. */
export const workingOn = (db: Db, id: string, ciIds: readonly string[]): Promise<Row<'change_request'> | undefined> =>
  db
    .selectFrom('change_request')
    .selectAll()
    .where('id', '<>', id)
    .where('working', '=', true)
    .where(sql<boolean>`ci_ids && ${[...ciIds]}::uuid[]`)
    .limit(1)
    .executeTakeFirst()

/** Handed in within a span, for the clause. */
export const changesClosedBetween = (db: Db, from: Temporal.Instant, to: Temporal.Instant): Promise<ChangeRow[]> =>
  db
    .selectFrom('change_request')
    .selectAll()
    .where('actual_from', '>=', from)
    .where('actual_from', '<', to)
    .orderBy('actual_from')
    .limit(10_000)
    .execute()

/** The change of this number if it is about this thing. */
export const changeAbout = (db: Db, number: string, ciId: string): Promise<ChangeRow | undefined> =>
  db
    .selectFrom('change_request')
    .selectAll()
    .where('number', '=', number)
    .where(sql<boolean>`ci_ids @> array[${ciId}::uuid]`)
    .executeTakeFirst()
