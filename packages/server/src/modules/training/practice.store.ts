import type { PracticeResult, Scenario, StepProgress } from '@changbai/contract/practice.ts'
import { type ColumnType, type Generated, sql } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'

/** Read parsed, written as text. */
type Json<T> = ColumnType<T, string | undefined, string>
export type PracticeState = 'PREPARING' | 'RUNNING' | 'CLEARING' | 'DONE' | 'LOST'

/** What the sandbox of one attempt holds, by ids of the practice world. */
export interface Sandbox {
  tenantId: string
  applicationId: string | null
  admissionId: string | null
}

declare module '../../platform/db.ts' {
  interface Tables {
    practice_scenario: {
      key: string
      place: number
      digest: string
      content: ColumnType<Scenario, string, string>
      loaded_at: Temporal.Instant
      retired_at: Temporal.Instant | null
    }
    practice_run: {
      id: string
      scenario_key: string
      scenario: ColumnType<Scenario, string, never>
      person_id: string
      name: string
      bureau_id: string | null
      reviewer: 'AUTO' | 'INSTRUCTOR'
      instructor_id: string | null
      instructor_name: string | null
      state: PracticeState
      attempt: Generated<number>
      sandbox: Json<Sandbox | null>
      left_over: Json<Sandbox[]>
      hints: Json<Record<string, number>>
      progress: Json<StepProgress[]>
      begun_at: Temporal.Instant
      ready_at: Temporal.Instant | null
      ended_at: Temporal.Instant | null
      score: number | null
      passed: boolean | null
      result: Json<PracticeResult | null>
      lost_because: string | null
      held_until: Temporal.Instant | null
    }
  }
}
export type RunRow = Row<'practice_run'>
export type ScenarioRow = Row<'practice_scenario'>

export const scenariosInForce = (db: Db): Promise<ScenarioRow[]> =>
  db.selectFrom('practice_scenario').selectAll().where('retired_at', 'is', null).orderBy('place').execute()
export const scenarioByKey = (db: Db, key: string): Promise<ScenarioRow | undefined> =>
  db.selectFrom('practice_scenario').selectAll().where('key', '=', key).where('retired_at', 'is', null).executeTakeFirst()
export const scenarioDigests = (db: Db) => db.selectFrom('practice_scenario').select(['key', 'digest', 'place', 'retired_at']).execute()
export const putScenario = (db: Db, row: NewRow<'practice_scenario'>) =>
  db
    .insertInto('practice_scenario')
    .values(row)
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({
        place: row.place,
        digest: row.digest,
        content: row.content,
        loaded_at: row.loaded_at,
        retired_at: null,
      }),
    )
    .execute()
export const retireScenario = (db: Db, key: string, at: Temporal.Instant) =>
  db.updateTable('practice_scenario').set({ retired_at: at }).where('key', '=', key).execute()

export const insertRun = (db: Db, row: NewRow<'practice_run'>): Promise<RunRow> =>
  db.insertInto('practice_run').values(row).returningAll().executeTakeFirstOrThrow()
export const findRun = (db: Db, id: string): Promise<RunRow | undefined> =>
  db.selectFrom('practice_run').selectAll().where('id', '=', id).executeTakeFirst()
export const lockRun = (db: Db, id: string): Promise<RunRow | undefined> =>
  db.selectFrom('practice_run').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const updateRun = (db: Db, id: string, change: RowChange<'practice_run'>): Promise<RunRow> =>
  db.updateTable('practice_run').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()

/** The one a person is at; served by index practice_run_open. */
export const openRunOf = (db: Db, personId: string): Promise<RunRow | undefined> =>
  db
    .selectFrom('practice_run')
    .selectAll()
    .where('person_id', '=', personId)
    .where('state', 'in', ['PREPARING', 'RUNNING'])
    .executeTakeFirst()
/** The one an instructor joined last and that still runs. */
export const joinedRunOf = (db: Db, personId: string): Promise<RunRow | undefined> =>
  db
    .selectFrom('practice_run')
    .selectAll()
    .where('instructor_id', '=', personId)
    .where('state', 'in', ['PREPARING', 'RUNNING'])
    .orderBy('begun_at', 'desc')
    .limit(1)
    .executeTakeFirst()
/** Served by index practice_run_active. */
export const activeRuns = (db: Db): Promise<RunRow[]> =>
  db
    .selectFrom('practice_run')
    .selectAll()
    .where((e) => e.or([e('state', 'in', ['PREPARING', 'RUNNING', 'CLEARING']), e('left_over', '!=', sql<never>`'[]'::jsonb`)]))
    .orderBy('begun_at')
    .limit(200)
    .execute()

/** Newest first. Served by practice_run_person or practice_run_begun. */
export function runsPage(
  db: Db,
  of: { personId?: string | undefined; state: 'open' | 'ended' | 'all'; after?: readonly [string, string] | undefined; limit: number },
): Promise<RunRow[]> {
  let query = db.selectFrom('practice_run').selectAll()
  if (of.personId) query = query.where('person_id', '=', of.personId)
  if (of.state === 'open') query = query.where('state', 'in', ['PREPARING', 'RUNNING'])
  if (of.state === 'ended') query = query.where('state', 'not in', ['PREPARING', 'RUNNING'])
  if (of.after) query = query.where(sql<boolean>`(begun_at, id) < (${of.after[0]}::timestamptz, ${of.after[1]}::uuid)`)
  return query.orderBy('begun_at', 'desc').orderBy('id', 'desc').limit(of.limit).execute()
}

/** Ended runs of one person, a row a scenario. */
export async function bestOf(
  db: Db,
  personId: string,
): Promise<{ scenario_key: string; tries: number; best: number | null; passed: boolean }[]> {
  const { rows } = await sql<{ scenario_key: string; tries: number; best: number | null; passed: boolean }>`
    select scenario_key, count(*)::int as tries, max(score) as best, bool_or(coalesce(passed, false)) as passed
    from practice_run where person_id = ${personId} and score is not null group by scenario_key`.execute(db)
  return rows
}
