import type {
  Direction,
  MigrationDetail,
  MigrationForm,
  MigrationPlan,
  MigrationStatus,
  SizingLine,
  SurveyLine,
} from '@changbai/contract/migration.ts'
import { type ColumnType, type Generated, type Selectable, sql } from 'kysely'
import type { Scope } from '../../platform/actor.ts'
import type { Db, NewRow, RowChange } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'
import { type Step, withinScope } from '../admission/index.ts'

type Json<T> = ColumnType<T, string, string>
type FilledJson<T> = ColumnType<T, string | undefined, string>
interface MigrationTable {
  id: string
  number: string
  rev: Generated<number>
  direction: Direction
  status: MigrationStatus
  outcome: 'SUCCESS' | 'ROLLED_BACK' | null
  tenant_id: string
  application_id: string
  application_name: string
  applicant_id: string
  applicant_name: string
  form: Json<MigrationForm>
  survey: FilledJson<SurveyLine[]>
  sizing: FilledJson<SizingLine[]>
  plan: Json<MigrationPlan>
  run: FilledJson<MigrationDetail['run']>
  checks: FilledJson<MigrationDetail['checks']>
  cutover_at: Temporal.Instant | null
  decision_at: Temporal.Instant | null
  ended_at: Temporal.Instant | null
  observe_until: Temporal.Instant | null
  request_no: Generated<string>
  downtime_round: Generated<number>
  steps: FilledJson<Step[]>
  conclusions: FilledJson<MigrationDetail['conclusions']>
  signatures: FilledJson<MigrationDetail['signatures']>
  erasure_proof: Generated<string>
  rejection: Generated<string>
  reviewed: Generated<boolean>
  returned: Generated<boolean>
  instance_id: string | null
  created_at: Temporal.Instant
  updated_at: Temporal.Instant
  submitted_at: Temporal.Instant | null
  accepted_due_at: Temporal.Instant | null
  accepted_at: Temporal.Instant | null
  closed_at: Temporal.Instant | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    migration: MigrationTable
  }
}
export type MigrationRow = Selectable<MigrationTable>
export const ENDED: readonly MigrationStatus[] = ['CLOSED', 'REJECTED', 'WITHDRAWN', 'CANCELLED', 'EXPIRED']

export const insertMigration = (db: Db, row: NewRow<'migration'>) => db.insertInto('migration').values(row).execute()
export const findMigration = (db: Db, id: string): Promise<MigrationRow | undefined> =>
  db.selectFrom('migration').selectAll().where('id', '=', id).executeTakeFirst()
export const lockMigration = (db: Db, id: string): Promise<MigrationRow | undefined> =>
  db.selectFrom('migration').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const updateMigration = (db: Db, id: string, change: RowChange<'migration'>, at: Temporal.Instant): Promise<MigrationRow> =>
  db
    .updateTable('migration')
    .set({ ...change, updated_at: at, rev: sql<number>`rev + 1` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()

/** One page, the last changed first, a row more than asked. Served by migration_updated or migration_tenant. */
export function listMigrations(
  db: Db,
  filter: { q?: string | undefined; statuses?: string[] | undefined; direction?: Direction | undefined },
  scope: Scope,
  cursor: Cursor | undefined,
  limit: number,
): Promise<MigrationRow[]> {
  let query = db.selectFrom('migration').selectAll().where(withinScope(scope))
  if (filter.statuses) query = query.where(sql<string>`status`, 'in', filter.statuses)
  if (filter.direction) query = query.where('direction', '=', filter.direction)
  if (filter.q) query = query.where(sql<boolean>`number || ' ' || application_name ilike ${`%${filter.q.replace(/[\\%_]/g, '\\$&')}%`}`)
  if (cursor) query = query.where(sql<boolean>`(updated_at, id) < (${cursor[0]}::timestamptz, ${cursor[1]}::uuid)`)
  return query
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** Those whose acceptance falls due in a span, for the clause. */
export const migrationsDue = (db: Db, from: Temporal.Instant, to: Temporal.Instant): Promise<MigrationRow[]> =>
  db.selectFrom('migration').selectAll().where('accepted_due_at', '>=', from).where('accepted_due_at', '<', to).limit(10_000).execute()
