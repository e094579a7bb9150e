import type { Assessment, AssessmentSummary, assessmentApi, QuarterFigure } from '@changbai/contract/assessment.ts'
import { assessmentProblems } from '@changbai/contract/assessment.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { paramsOn, requirePlan } from '../plan/index.ts'
import { tellAssessment } from './assessment.notices.ts'
import * as store from './assessment.store.ts'
import { quarterFigures } from './figures.ts'
import { dueOfQuarter, lastQuarter, spanOfQuarter } from './quarter.domain.ts'

type Api = typeof assessmentApi
type Row = store.AssessmentRow

/** By the parameter in force on the first day after the quarter. @clause 5.5-1 */
export async function dueAtOf(ctx: Ctx, quarter: string): Promise<Temporal.Instant> {
  const plan = paramsOn(await requirePlan(ctx), shanghaiDay(spanOfQuarter(quarter).to))
  return dueOfQuarter(quarter, plan.number('report.quarterlyDays'))
}

async function toSummary(ctx: Ctx, row: Row, issues: readonly store.IssueWithPlan[]): Promise<AssessmentSummary> {
  const own = issues.filter((one) => one.assessment_id === row.id)
  const dueAt = await dueAtOf(ctx, row.quarter)
  return {
    id: row.id,
    number: row.number,
    quarter: row.quarter,
    status: row.status,
    dueAt: dueAt.toString(),
    publishedAt: row.published_at?.toString() ?? null,
    late: Temporal.Instant.compare(row.published_at ?? ctx.now, dueAt) > 0,
    preparedByName: row.prepared_by_name,
    issues: own.length,
    withoutPlan: own.filter((one) => one.need_improve && one.plan_id === null).length,
  }
}

/** Figures, conclusion and issues as they were published, kept as text. */
interface Kept {
  quarter: string
  asOf: string
  figures: QuarterFigure[]
  conclusion: string
  issues: { text: string; severity: string; basis: string; needImprove: boolean }[]
}

export async function toAssessment(ctx: Ctx, row: Row): Promise<Assessment> {
  const issues = await store.issuesOf(ctx.db, [row.id])
  const kept = row.content === null ? null : (JSON.parse(row.content) as Kept)
  const draft = row.status === 'DRAFT'
  const leads = actorCan(ctx.actor, 'quarterly.assess', 'C')
  const may: Assessment['may'] = []
  if (draft && actorCan(ctx.actor, 'quarterly.assess', 'U')) may.push('WRITE')
  if (draft && leads) may.push('PUBLISH')
  if (!draft && leads && issues.some((one) => one.need_improve && one.plan_id === null)) may.push('PLAN')
  return {
    ...(await toSummary(ctx, row, issues)),
    asOf: kept?.asOf ?? ctx.now.toString(),
    figures: kept?.figures ?? (await quarterFigures(ctx, row.quarter)),
    conclusion: row.conclusion,
    issueLines: issues.map((one) => ({
      id: one.id,
      text: one.text,
      severity: one.severity,
      basis: one.basis,
      needImprove: one.need_improve,
      planId: one.plan_id,
    })),
    digest: row.digest && row.digest_algorithm ? { algorithm: row.digest_algorithm, value: row.digest } : null,
    may,
  }
}

export async function listAssessmentPage(ctx: Ctx, { after, limit }: Input<Api['list']>): Promise<Reply<Api['list']>> {
  const cursor = readCursor(after)
  const rows = await store.listAssessments(ctx.db, { after: cursor && { quarter: cursor[0], id: cursor[1] }, limit: limit + 1 })
  const { items, next } = pageOf(rows, limit, (row) => [row.quarter, row.id])
  const issues = await store.issuesOf(
    ctx.db,
    items.map(({ id }) => id),
  )
  const summaries = []
  for (const row of items) summaries.push(await toSummary(ctx, row, issues))
  const quarter = lastQuarter(shanghaiDay(ctx.now))
  const openable = actorCan(ctx.actor, 'quarterly.assess', 'C') && !(await store.assessmentOf(ctx.db, quarter)) ? quarter : null
  return { items: summaries, next, openable }
}

const reach = async (ctx: Ctx, id: string, lock = true): Promise<Row> =>
  (await store.findAssessment(ctx.db, id, lock)) ?? fail(commonProblems.notFound, { id })
const draft = async (ctx: Ctx, id: string): Promise<Row> => {
  const row = await reach(ctx, id)
  return row.status === 'DRAFT' ? row : fail(assessmentProblems.published, {})
}
export const getAssessment = async (ctx: Ctx, { assessmentId }: Input<Api['get']>): Promise<Assessment> =>
  toAssessment(ctx, await reach(ctx, assessmentId, false))

export async function openAssessment(ctx: Ctx, { quarter }: Input<Api['open']>): Promise<Reply<Api['open']>> {
  return toAssessment(ctx, (await openQuarter(ctx, quarter)) ?? fail(assessmentProblems.exists, { quarter }))
}
/** @returns nothing when it is open already */
export async function openQuarter(ctx: Ctx, quarter: string): Promise<Row | undefined> {
  if (Temporal.Instant.compare(ctx.now, spanOfQuarter(quarter).to) < 0) fail(assessmentProblems.notOver, { quarter })
  if (await store.assessmentOf(ctx.db, quarter)) return undefined
  const row = await store.insertAssessment(ctx.db, {
    id: newId(),
    number: await nextNumber(ctx.db, 'PG', shanghaiDay(ctx.now)),
    quarter,
    status: 'DRAFT',
    prepared_by: ctx.actor.personId,
    prepared_by_name: ctx.actor.name,
    opened_at: ctx.now,
    published_at: null,
    content: null,
    digest: null,
    digest_algorithm: null,
  })
  if (!row) return undefined
  await ctx.record({ kind: 'assessment.opened', subject: { type: 'assessment', id: row.id }, data: { quarter } })
  await tellAssessment(ctx, 'assessment.opened', row, {
    dueOn: shanghaiDay((await dueAtOf(ctx, quarter)).subtract({ milliseconds: 1 })).toString(),
  })
  return row
}

export async function concludeAssessment(ctx: Ctx, { assessmentId, conclusion }: Input<Api['conclude']>): Promise<Reply<Api['conclude']>> {
  const row = await draft(ctx, assessmentId)
  const changed = await store.updateAssessment(ctx.db, row.id, {
    conclusion,
    prepared_by: ctx.actor.personId,
    prepared_by_name: ctx.actor.name,
  })
  await ctx.record({
    kind: 'assessment.concluded',
    subject: { type: 'assessment', id: row.id },
    before: { conclusion: row.conclusion },
    after: { conclusion },
  })
  return toAssessment(ctx, changed)
}
export async function addIssue(ctx: Ctx, input: Input<Api['addIssue']>): Promise<Reply<Api['addIssue']>> {
  const row = await draft(ctx, input.assessmentId)
  const { text, severity, basis, needImprove } = input
  await store.insertIssue(ctx.db, { id: newId(), assessment_id: row.id, text, severity, basis, need_improve: needImprove, at: ctx.now })
  await ctx.record({
    kind: 'assessment.issue-added',
    subject: { type: 'assessment', id: row.id },
    after: { text, severity, basis, needImprove },
  })
  return toAssessment(ctx, row)
}
export async function dropIssue(ctx: Ctx, { assessmentId, issueId }: Input<Api['dropIssue']>): Promise<Reply<Api['dropIssue']>> {
  const row = await draft(ctx, assessmentId)
  const issue = await store.findIssue(ctx.db, issueId)
  if (!issue || !(await store.deleteIssue(ctx.db, row.id, issueId))) fail(commonProblems.notFound, { issueId })
  await ctx.record({
    kind: 'assessment.issue-dropped',
    subject: { type: 'assessment', id: row.id },
    before: { text: issue.text, severity: issue.severity, basis: issue.basis },
  })
  return toAssessment(ctx, row)
}

/** From then on figures and words stay as they were. @clause 5.5-1 */
export async function publishAssessment(ctx: Ctx, { assessmentId }: Input<Api['publish']>): Promise<Reply<Api['publish']>> {
  const row = await draft(ctx, assessmentId)
  const issues = await store.issuesOf(ctx.db, [row.id])
  const content: Kept = {
    quarter: row.quarter,
    asOf: ctx.now.toString(),
    figures: await quarterFigures(ctx, row.quarter),
    conclusion: row.conclusion,
    issues: issues.map((one) => ({ text: one.text, severity: one.severity, basis: one.basis, needImprove: one.need_improve })),
  }
  const text = JSON.stringify(content)
  const digest = ctx.crypto.digest(text)
  const published = await store.updateAssessment(ctx.db, row.id, {
    status: 'PUBLISHED',
    published_at: ctx.now,
    content: text,
    digest,
    digest_algorithm: ctx.crypto.digestAlgorithm,
  })
  await ctx.record({ kind: 'assessment.published', subject: { type: 'assessment', id: row.id }, after: { quarter: row.quarter, digest } })
  await tellAssessment(ctx, 'assessment.published', row, {})
  return toAssessment(ctx, published)
}
