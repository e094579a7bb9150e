import { type ColumnType, sql } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import type { Listed } from './emergency.domain.ts'

/** Read parsed, written as text. */
type Json<T> = ColumnType<T, string, string>
interface PlanTable {
  id: string
  number: string
  name: string
  scenario: string
  triggers: string
  rto_minutes: number
  process_key: string
  contacts: Json<Listed[]>
  checklists: Json<Record<string, string[]>>
  version: number
  state: 'DRAFT' | 'APPROVED' | 'RETIRED'
  review_on: Temporal.PlainDate | null
  edited_by: string
  edited_by_name: string
  approved_by_name: string | null
  approved_at: Temporal.Instant | null
  created_at: Temporal.Instant
  updated_at: Temporal.Instant
}
declare module '../../platform/db.ts' {
  interface Tables {
    emergency_plan: PlanTable
  }
}
export type PlanRow = Row<'emergency_plan'>

export const insertPlan = async (db: Db, row: NewRow<'emergency_plan'>): Promise<void> => {
  await db.insertInto('emergency_plan').values(row).execute()
}
export const findPlan = (db: Db, id: string): Promise<PlanRow | undefined> =>
  db.selectFrom('emergency_plan').selectAll().where('id', '=', id).executeTakeFirst()
export const lockPlan = (db: Db, id: string): Promise<PlanRow | undefined> =>
  db.selectFrom('emergency_plan').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const updatePlan = (db: Db, id: string, change: RowChange<'emergency_plan'>) =>
  db.updateTable('emergency_plan').set(change).where('id', '=', id).execute()
/** An installation has a handful; two hundred is the end of what anybody keeps in order. */
export const allPlans = (db: Db): Promise<PlanRow[]> =>
  db.selectFrom('emergency_plan').selectAll().orderBy(sql`review_on asc nulls first`).orderBy('id').limit(200).execute()
/** Approved ones whose day of review has come. Served by emergency_plan_review. */
export const plansDueBy = (db: Db, on: Temporal.PlainDate): Promise<PlanRow[]> =>
  db.selectFrom('emergency_plan').selectAll().where('state', '=', 'APPROVED').where('review_on', '<=', on).orderBy('review_on').execute()
