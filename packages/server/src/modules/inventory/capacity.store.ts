import { type ColumnType, sql } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'
import type { Allocation } from './pool.store.ts'

type Json<T> = ColumnType<T, string, string>
export interface MilestoneRow {
  id: string
  name: string
  dueOn: string
  doneOn: string | null
  evidence: string
}
declare module '../../platform/db.ts' {
  interface Tables {
    build_project: {
      id: string
      rev: number
      number: string
      name: string
      pool_id: string
      vcpu: number
      mem_gib: number
      storage_gib: number
      public_addresses: number
      baremetal: number
      reason: string
      milestones: Json<MilestoneRow[]>
      due_on: Temporal.PlainDate
      status: 'BUILDING' | 'DELIVERED' | 'CANCELLED'
      created_by: string | null
      created_by_name: string
      created_at: Temporal.Instant
      updated_at: Temporal.Instant
      ended_at: Temporal.Instant | null
      ended_by_name: string | null
      comment: string
    }
    capacity_plan: {
      id: string
      quarter: string
      version: number
      summary: string
      measures: string
      outlook: Json<unknown>
      made_by: string | null
      made_by_name: string
      made_at: Temporal.Instant
    }
  }
}
export type ProjectRow = Row<'build_project'>
export type PlanRow = Row<'capacity_plan'>

/** Every promise of a pool since an instant; served by pool_allocation_time. */
export const promisesSince = (db: Db, since: Temporal.Instant): Promise<Allocation[]> =>
  db
    .selectFrom('pool_allocation')
    .selectAll()
    .where((where) => where.or([where('state', '<>', 'RELEASED'), where('changed_at', '>=', since)]))
    .orderBy('reserved_at')
    .orderBy('id')
    .execute()

/** The number of the next project of a day; two at the same moment wait for each other. */
export async function nextProjectNumber(db: Db, on: string): Promise<string> {
  await sql`select pg_advisory_xact_lock(hashtext('build_project.number'))`.execute(db)
  const prefix = `JS-${on.replaceAll('-', '')}-`
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from build_project where number like ${`${prefix}%`}`.execute(db)
  return `${prefix}${String((rows[0]?.n ?? 0) + 1).padStart(3, '0')}`
}
export async function insertProject(db: Db, row: NewRow<'build_project'>): Promise<void> {
  await db.insertInto('build_project').values(row).execute()
}
export const lockProject = (db: Db, id: string): Promise<ProjectRow | undefined> =>
  db.selectFrom('build_project').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export async function updateProject(db: Db, id: string, change: RowChange<'build_project'>): Promise<void> {
  await db
    .updateTable('build_project')
    .set({ ...change, rev: sql<number>`rev + 1` })
    .where('id', '=', id)
    .execute()
}
export function projectPage(
  db: Db,
  status: ProjectRow['status'] | undefined,
  after: Cursor | undefined,
  limit: number,
): Promise<ProjectRow[]> {
  let select = db.selectFrom('build_project').selectAll()
  if (status) select = select.where('status', '=', status)
  if (after) select = select.where(sql<boolean>`(created_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  return select.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}
/** Under way, of all pools. */
export const openProjects = (db: Db): Promise<ProjectRow[]> =>
  db.selectFrom('build_project').selectAll().where('status', '=', 'BUILDING').orderBy('due_on').orderBy('id').execute()

export async function insertPlan(db: Db, row: Omit<NewRow<'capacity_plan'>, 'version'>): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('capacity_plan.version'))`.execute(db)
  const before = await db
    .selectFrom('capacity_plan')
    .select('version')
    .where('quarter', '=', row.quarter)
    .orderBy('version', 'desc')
    .executeTakeFirst()
  await db
    .insertInto('capacity_plan')
    .values({ ...row, version: (before?.version ?? 0) + 1 })
    .execute()
}
export const planPage = (db: Db, after: Cursor | undefined, limit: number): Promise<PlanRow[]> => {
  let select = db.selectFrom('capacity_plan').selectAll()
  if (after) select = select.where(sql<boolean>`(made_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  return select.orderBy('made_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}
export const plansMade = (db: Db, from: Temporal.Instant, to: Temporal.Instant): Promise<Pick<PlanRow, 'id' | 'made_at'>[]> =>
  db
    .selectFrom('capacity_plan')
    .select(['id', 'made_at'])
    .where('made_at', '>=', from)
    .where('made_at', '<', to)
    .orderBy('made_at')
    .execute()
export const anyPlanBefore = async (db: Db, before: Temporal.Instant): Promise<boolean> =>
  (await db.selectFrom('capacity_plan').select('id').where('made_at', '<', before).limit(1).executeTakeFirst()) !== undefined
