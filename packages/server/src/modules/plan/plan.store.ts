import type { ParameterChangeStatus, ParameterValue } from '@changbai/contract/plan.ts'
import type { ColumnType } from 'kysely'
import type { z } from 'zod'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import { newId } from '../../platform/ids.ts'
import type { PlanDocument } from './domain/document.ts'

/** Read parsed, written as text. */
type Json<T> = ColumnType<T, string, string>

interface StateTable {
  only: ColumnType<boolean, boolean | undefined, never>
  revision: string
}
interface VersionTable {
  version: number
  digest: string
  digest_algorithm: string
  source: string
  document: Json<PlanDocument>
  loaded_at: Temporal.Instant
  loaded_by: string
}
interface ChangeTable {
  id: string
  key: string
  before: Json<ParameterValue>
  after: Json<ParameterValue>
  starts_on: Temporal.PlainDate
  reason: string
  status: z.infer<typeof ParameterChangeStatus>
  proposed_by: string
  proposed_by_name: string
  proposed_at: Temporal.Instant
  reviewed_by: string | null
  reviewed_by_name: string | null
  reviewed_at: Temporal.Instant | null
  review_comment: string | null
  settled_by: string | null
  settled_by_name: string | null
  settled_at: Temporal.Instant | null
  settle_comment: string | null
}
interface ValueTable {
  id: string
  key: string
  starts_on: Temporal.PlainDate | null
  value: Json<ParameterValue>
  reason: string
  by_name: string
  change_id: string | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    plan_state: StateTable
    plan_version: VersionTable
    plan_change: ChangeTable
    plan_value: ValueTable
  }
}

/** Changes whenever the plan or any value does; null on a database without a plan. */
export const planRevision = async (db: Db): Promise<string | null> =>
  (await db.selectFrom('plan_state').select('revision').executeTakeFirst())?.revision ?? null

/** Waits for whoever changes the plan at the same time. */
export async function lockPlan(db: Db): Promise<void> {
  await db
    .insertInto('plan_state')
    .values({ revision: newId() })
    .onConflict((conflict) => conflict.column('only').doUpdateSet({ revision: newId() }))
    .execute()
}

export const latestVersion = (db: Db): Promise<Row<'plan_version'> | undefined> =>
  db.selectFrom('plan_version').selectAll().orderBy('version', 'desc').limit(1).executeTakeFirst()

/** Newest first, without the files themselves. */
export const versionHeads = (db: Db) =>
  db
    .selectFrom('plan_version')
    .select(['version', 'digest', 'digest_algorithm', 'loaded_at', 'loaded_by', 'document'])
    .orderBy('version', 'desc')
    .limit(20)
    .execute()

export async function insertVersion(db: Db, row: NewRow<'plan_version'>): Promise<void> {
  await db.insertInto('plan_version').values(row).execute()
}

/** Every value that ever held or will, oldest first; the loaded ones (no day) before all. */
export const valueRows = (db: Db): Promise<Row<'plan_value'>[]> =>
  db
    .selectFrom('plan_value')
    .selectAll()
    .orderBy('key')
    .orderBy('starts_on', (order) => order.asc().nullsFirst())
    .execute()

export async function insertValues(db: Db, rows: NewRow<'plan_value'>[]): Promise<void> {
  if (rows.length > 0) await db.insertInto('plan_value').values(rows).execute()
}
/** An approved change of the same day replaces what was approved for it before. */
export async function saveValue(db: Db, row: NewRow<'plan_value'>): Promise<void> {
  const { value, reason, by_name, change_id } = row
  await db
    .insertInto('plan_value')
    .values(row)
    .onConflict((conflict) => conflict.columns(['key', 'starts_on']).doUpdateSet({ value, reason, by_name, change_id: change_id ?? null }))
    .execute()
}

export const openChangeCounts = async (db: Db): Promise<Map<string, number>> => {
  const rows = await db
    .selectFrom('plan_change')
    .select(({ fn }) => ['key', fn.countAll<number>().as('count')])
    .where('status', 'in', ['PROPOSED', 'REVIEWED'])
    .groupBy('key')
    .execute()
  return new Map(rows.map((row) => [row.key, row.count]))
}

export async function insertChange(db: Db, row: NewRow<'plan_change'>): Promise<void> {
  await db.insertInto('plan_change').values(row).execute()
}
export const lockChange = (db: Db, id: string): Promise<Row<'plan_change'> | undefined> =>
  db.selectFrom('plan_change').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const moveChange = (db: Db, id: string, change: RowChange<'plan_change'>): Promise<Row<'plan_change'>> =>
  db.updateTable('plan_change').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()

/** Newest first; ids sort by time. Served by indexes plan_change_recent and plan_change_key. */
export function changeRows(
  db: Db,
  filter: { key?: string | undefined; status?: ChangeTable['status'] | undefined; before?: string | undefined; limit: number },
): Promise<Row<'plan_change'>[]> {
  let query = db.selectFrom('plan_change').selectAll().orderBy('id', 'desc').limit(filter.limit)
  if (filter.key !== undefined) query = query.where('key', '=', filter.key)
  if (filter.status !== undefined) query = query.where('status', '=', filter.status)
  if (filter.before !== undefined) query = query.where('id', '<', filter.before)
  return query.execute()
}
