import type { PlanStatus } from '@changbai/contract/assessment.ts'
import type { DigestAlgorithm } from '@changbai/verify/digest.ts'
import { type ColumnType, type Generated, sql } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'

interface Goal {
  metric: string
  baseline: string
  target: string
}
export interface Verified {
  at: string
  byName: string
  actual: string
  reached: boolean
}
declare module '../../platform/db.ts' {
  interface Tables {
    assessment: {
      id: string
      number: string
      quarter: string
      status: 'DRAFT' | 'PUBLISHED'
      conclusion: Generated<string>
      prepared_by: string | null
      prepared_by_name: string
      opened_at: Temporal.Instant
      published_at: Temporal.Instant | null
      content: string | null
      digest: string | null
      digest_algorithm: DigestAlgorithm | null
    }
    assessment_issue: {
      id: string
      assessment_id: string
      text: string
      severity: 'HIGH' | 'MEDIUM' | 'LOW'
      basis: string
      need_improve: boolean
      at: Temporal.Instant
    }
    optimisation: {
      id: string
      number: string
      issue_id: string
      kind: 'PROCESS' | 'PLATFORM'
      status: PlanStatus
      goal: ColumnType<Goal, string, string>
      measures: string
      budget_yuan: number | null
      risks: string
      prepared_by: string
      prepared_by_name: string
      prepared_at: Temporal.Instant
      begun_at: Temporal.Instant | null
      ended_at: Temporal.Instant | null
      verified: ColumnType<Verified | null, string | undefined, string>
    }
    optimisation_milestone: {
      id: string
      optimisation_id: string
      name: string
      due_on: Temporal.PlainDate
      owner_name: string
      done_at: Temporal.Instant | null
      evidence: Generated<string>
    }
    optimisation_review: {
      id: string
      optimisation_id: string
      result: 'PASS' | 'REVISE' | 'REJECT'
      attendees: string
      comment: string
      by_name: string
      at: Temporal.Instant
    }
    optimisation_track: {
      id: string
      optimisation_id: string
      month: string
      progress: number
      deviation: string
      adjustment: string
      by_name: string
      at: Temporal.Instant
    }
  }
}
export type AssessmentRow = Row<'assessment'>
export type IssueRow = Row<'assessment_issue'>
export type PlanRow = Row<'optimisation'>

export const findAssessment = (db: Db, id: string, lock = false): Promise<AssessmentRow | undefined> => {
  const query = db.selectFrom('assessment').selectAll().where('id', '=', id)
  return (lock ? query.forUpdate() : query).executeTakeFirst()
}
export const assessmentOf = (db: Db, quarter: string): Promise<AssessmentRow | undefined> =>
  db.selectFrom('assessment').selectAll().where('quarter', '=', quarter).executeTakeFirst()
export const firstQuarter = async (db: Db): Promise<string | null> =>
  (await db.selectFrom('assessment').select('quarter').orderBy('quarter').limit(1).executeTakeFirst())?.quarter ?? null
export const insertAssessment = (db: Db, row: NewRow<'assessment'>): Promise<AssessmentRow | undefined> =>
  db
    .insertInto('assessment')
    .values(row)
    .onConflict((conflict) => conflict.column('quarter').doNothing())
    .returningAll()
    .executeTakeFirst()
export const updateAssessment = (db: Db, id: string, change: RowChange<'assessment'>): Promise<AssessmentRow> =>
  db.updateTable('assessment').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
/** Newest first. Served by index assessment_quarter. */
export function listAssessments(
  db: Db,
  filter: { after?: { quarter: string; id: string } | undefined; limit: number },
): Promise<AssessmentRow[]> {
  let query = db.selectFrom('assessment').selectAll()
  const { after } = filter
  if (after) query = query.where(sql<boolean>`(quarter, id) < (${after.quarter}, ${after.id}::uuid)`)
  return query.orderBy('quarter', 'desc').orderBy('id', 'desc').limit(filter.limit).execute()
}

export type IssueWithPlan = IssueRow & { plan_id: string | null; plan_status: PlanStatus | null }
export const issuesOf = (db: Db, assessmentIds: readonly string[]): Promise<IssueWithPlan[]> =>
  assessmentIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('assessment_issue')
        .leftJoin('optimisation', 'optimisation.issue_id', 'assessment_issue.id')
        .selectAll('assessment_issue')
        .select(['optimisation.id as plan_id', 'optimisation.status as plan_status'])
        .where('assessment_id', 'in', assessmentIds)
        .orderBy('assessment_issue.id')
        .execute()
export const findIssue = (db: Db, id: string): Promise<IssueRow | undefined> =>
  db.selectFrom('assessment_issue').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const insertIssue = async (db: Db, row: NewRow<'assessment_issue'>): Promise<void> =>
  void (await db.insertInto('assessment_issue').values(row).execute())
export const deleteIssue = async (db: Db, assessmentId: string, id: string): Promise<boolean> =>
  (await db.deleteFrom('assessment_issue').where('assessment_id', '=', assessmentId).where('id', '=', id).executeTakeFirst())
    .numDeletedRows === 1n

/** A plan with the words of its issue and the quarter it comes from. */
export type PlanWithIssue = PlanRow & { issue: string; quarter: string }
const plansWithIssue = (db: Db) =>
  db
    .selectFrom('optimisation')
    .innerJoin('assessment_issue', 'assessment_issue.id', 'optimisation.issue_id')
    .innerJoin('assessment', 'assessment.id', 'assessment_issue.assessment_id')
    .selectAll('optimisation')
    .select(['assessment_issue.text as issue', 'assessment.quarter'])
/** Newest first; ids sort by time. */
export function listPlans(
  db: Db,
  filter: { status?: PlanStatus | undefined; before?: string | undefined; limit: number },
): Promise<PlanWithIssue[]> {
  let query = plansWithIssue(db)
  if (filter.status) query = query.where('optimisation.status', '=', filter.status)
  if (filter.before) query = query.where('optimisation.id', '<', filter.before)
  return query.orderBy('optimisation.id', 'desc').limit(filter.limit).execute()
}
export const findPlan = (db: Db, id: string): Promise<PlanWithIssue | undefined> =>
  plansWithIssue(db).where('optimisation.id', '=', id).executeTakeFirst()
/** Under way in some part of a span. */
export const plansUnderWay = (db: Db, from: Temporal.Instant, to: Temporal.Instant): Promise<PlanWithIssue[]> =>
  plansWithIssue(db)
    .where('begun_at', '<', to)
    .where((eb) => eb.or([eb('ended_at', 'is', null), eb('ended_at', '>', from)]))
    .orderBy('optimisation.id')
    .execute()
export const lockPlan = async (db: Db, id: string): Promise<PlanWithIssue | undefined> => {
  await db.selectFrom('optimisation').select('id').where('id', '=', id).forUpdate().execute()
  return findPlan(db, id)
}
export const insertPlan = async (db: Db, row: NewRow<'optimisation'>): Promise<void> =>
  void (await db.insertInto('optimisation').values(row).execute())
export const updatePlan = async (db: Db, id: string, change: RowChange<'optimisation'>): Promise<void> =>
  void (await db.updateTable('optimisation').set(change).where('id', '=', id).execute())

export const milestonesOf = (db: Db, planIds: readonly string[]): Promise<Row<'optimisation_milestone'>[]> =>
  planIds.length === 0
    ? Promise.resolve([])
    : db.selectFrom('optimisation_milestone').selectAll().where('optimisation_id', 'in', planIds).orderBy('due_on').orderBy('id').execute()
export async function replaceMilestones(db: Db, planId: string, rows: readonly NewRow<'optimisation_milestone'>[]): Promise<void> {
  await db.deleteFrom('optimisation_milestone').where('optimisation_id', '=', planId).execute()
  if (rows.length > 0) await db.insertInto('optimisation_milestone').values(rows).execute()
}
export const finishMilestone = async (db: Db, planId: string, id: string, at: Temporal.Instant, evidence: string): Promise<boolean> =>
  (
    await db
      .updateTable('optimisation_milestone')
      .set({ done_at: at, evidence })
      .where('optimisation_id', '=', planId)
      .where('id', '=', id)
      .where('done_at', 'is', null)
      .executeTakeFirst()
  ).numUpdatedRows === 1n
export const reviewsOf = (db: Db, planIds: readonly string[]): Promise<Row<'optimisation_review'>[]> =>
  planIds.length === 0
    ? Promise.resolve([])
    : db.selectFrom('optimisation_review').selectAll().where('optimisation_id', 'in', planIds).orderBy('at').execute()
export const insertReview = async (db: Db, row: NewRow<'optimisation_review'>): Promise<void> =>
  void (await db.insertInto('optimisation_review').values(row).execute())
export const tracksOf = (db: Db, planIds: readonly string[]): Promise<Row<'optimisation_track'>[]> =>
  planIds.length === 0
    ? Promise.resolve([])
    : db.selectFrom('optimisation_track').selectAll().where('optimisation_id', 'in', planIds).orderBy('at').execute()
export const insertTrack = async (db: Db, row: NewRow<'optimisation_track'>): Promise<void> =>
  void (await db.insertInto('optimisation_track').values(row).execute())
