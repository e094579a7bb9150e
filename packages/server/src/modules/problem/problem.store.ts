import type { ProblemEventKind, ProblemState } from '@changbai/contract/known-problem.ts'
import { sql } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'

interface ProblemTable {
  id: string
  number: string
  title: string
  description: string
  nature: string | null
  root_cause: string
  workaround: string
  solution: string
  state: ProblemState
  owner_id: string | null
  resolved_by: string | null
  resolved_at: Temporal.Instant | null
  closed_at: Temporal.Instant | null
  created_at: Temporal.Instant
  updated_at: Temporal.Instant
}
interface LinkTable {
  incident_id: string
  problem_id: string
  began_at: Temporal.Instant
  recurred: boolean
  after_days: number | null
  linked_at: Temporal.Instant
  linked_by: string
}
interface EventTable {
  id: string
  problem_id: string
  kind: ProblemEventKind
  at: Temporal.Instant
  by_name: string
  text: string
}
declare module '../../platform/db.ts' {
  interface Tables {
    problem: ProblemTable
    problem_incident: LinkTable
    problem_event: EventTable
  }
}
export type ProblemRow = Row<'problem'>
export type LinkRow = Row<'problem_incident'>

export const insertProblem = async (db: Db, row: NewRow<'problem'>): Promise<void> => {
  await db.insertInto('problem').values(row).execute()
}
export const findProblem = (db: Db, id: string): Promise<ProblemRow | undefined> =>
  db.selectFrom('problem').selectAll().where('id', '=', id).executeTakeFirst()
export const lockProblem = (db: Db, id: string): Promise<ProblemRow | undefined> =>
  db.selectFrom('problem').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const updateProblem = (db: Db, id: string, change: RowChange<'problem'>, at: Temporal.Instant): Promise<ProblemRow> =>
  db
    .updateTable('problem')
    .set({ ...change, updated_at: at })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()

const TEXT = sql`number || ' ' || title || ' ' || description || ' ' || root_cause || ' ' || workaround`
/** Newest first, a row more than asked; ids carry their time. */
export async function listProblems(
  db: Db,
  filter: { q?: string | undefined; state?: ProblemState | undefined; open?: boolean | undefined },
  cursor: Cursor | undefined,
  limit: number,
): Promise<ProblemRow[]> {
  const like = `%${(filter.q ?? '').replace(/[\\%_]/g, '\\$&')}%`
  const { rows } = await sql<ProblemRow>`
    select * from problem
    where ${filter.state ? sql`state = ${filter.state}` : sql`true`}
      and ${filter.open ? sql`state <> 'CLOSED'` : sql`true`}
      and ${filter.q ? sql`zh_grams(${TEXT}) @> zh_grams(${filter.q}) and ${TEXT} ilike ${like}` : sql`true`}
      and ${cursor ? sql`id < ${cursor[1]}::uuid` : sql`true`}
    order by id desc limit ${limit + 1}`.execute(db)
  return rows
}
/** Those with a way round that share any two characters with what was asked, the most first. Served by problem_text. */
export async function similarProblems(db: Db, asked: string, limit: number): Promise<ProblemRow[]> {
  const { rows } = await sql<ProblemRow>`
    select problem.* from problem
    where workaround <> '' and zh_grams(${TEXT}) && zh_grams(${asked})
    order by cardinality(array(select unnest(zh_grams(${TEXT})) intersect select unnest(zh_grams(${asked})))) desc, id desc
    limit ${limit}`.execute(db)
  return rows
}

export const linksOf = async (db: Db, problemIds: readonly string[]): Promise<LinkRow[]> =>
  problemIds.length === 0
    ? []
    : db.selectFrom('problem_incident').selectAll().where('problem_id', 'in', problemIds).orderBy('began_at').execute()
export const linkOfIncident = (db: Db, incidentId: string): Promise<LinkRow | undefined> =>
  db.selectFrom('problem_incident').selectAll().where('incident_id', '=', incidentId).executeTakeFirst()
export const insertLink = async (db: Db, row: NewRow<'problem_incident'>): Promise<void> => {
  await db.insertInto('problem_incident').values(row).execute()
}
export const deleteLink = async (db: Db, problemId: string, incidentId: string): Promise<boolean> =>
  (await db.deleteFrom('problem_incident').where('problem_id', '=', problemId).where('incident_id', '=', incidentId).executeTakeFirst())
    .numDeletedRows > 0n
/** Served by problem_incident_recurred. */
export const recurrencesBetween = (db: Db, from: Temporal.Instant, to: Temporal.Instant): Promise<LinkRow[]> =>
  db
    .selectFrom('problem_incident')
    .selectAll()
    .where('recurred', '=', true)
    .where('began_at', '>=', from)
    .where('began_at', '<', to)
    .orderBy('began_at')
    .orderBy('incident_id')
    .execute()

export const insertProblemEvent = async (db: Db, row: NewRow<'problem_event'>): Promise<void> => {
  await db.insertInto('problem_event').values(row).execute()
}
export const problemEvents = (db: Db, problemId: string): Promise<Row<'problem_event'>[]> =>
  db.selectFrom('problem_event').selectAll().where('problem_id', '=', problemId).orderBy('at').orderBy('id').execute()
