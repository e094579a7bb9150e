import { type assessmentApi, assessmentProblems, type Optimisation, type OptimisationSummary } from '@changbai/contract/assessment.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan, personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Row } from '../../platform/db.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { tellPlan } from './assessment.notices.ts'
import * as store from './assessment.store.ts'
import { monthsUnderWay } from './quarter.domain.ts'

type Api = typeof assessmentApi
type Plan = store.PlanWithIssue

/** A plan is tracked in each whole month after it began; verifying it is tracking it. @clause 5.5-3 */
export function trackedIn(plan: store.PlanRow, tracks: readonly Row<'optimisation_track'>[], month: string): Temporal.Instant | null {
  const found = tracks.find((one) => one.optimisation_id === plan.id && one.month === month)?.at
  const verified = plan.verified && shanghaiDay(Temporal.Instant.from(plan.verified.at)).toString().startsWith(month)
  return found ?? (verified && plan.verified ? Temporal.Instant.from(plan.verified.at) : null)
}
export const owesTrack = (plan: store.PlanRow, monthFrom: Temporal.Instant): boolean =>
  plan.begun_at !== null &&
  Temporal.Instant.compare(plan.begun_at, monthFrom) < 0 &&
  (plan.ended_at === null || Temporal.Instant.compare(plan.ended_at, monthFrom) > 0)

async function summaries(ctx: Ctx, plans: readonly Plan[]): Promise<OptimisationSummary[]> {
  const ids = plans.map(({ id }) => id)
  const milestones = await store.milestonesOf(ctx.db, ids)
  const tracks = await store.tracksOf(ctx.db, ids)
  const thisMonth = shanghaiDay(ctx.now).with({ day: 1 })
  const startOf = (month: string) => Temporal.PlainDate.from(`${month}-01`).toZonedDateTime('Asia/Shanghai').toInstant()
  return plans.map((plan) => {
    const own = milestones.filter((one) => one.optimisation_id === plan.id)
    const over = plan.begun_at ? monthsUnderWay(plan.begun_at, startOf(thisMonth.toString().slice(0, 7))) : []
    return {
      id: plan.id,
      number: plan.number,
      quarter: plan.quarter,
      issue: plan.issue,
      kind: plan.kind,
      status: plan.status,
      goal: plan.goal,
      progress: tracks.findLast((one) => one.optimisation_id === plan.id)?.progress ?? 0,
      milestones: own.length,
      milestonesDone: own.filter(({ done_at }) => done_at !== null).length,
      untracked: over.some((month) => owesTrack(plan, startOf(month)) && trackedIn(plan, tracks, month) === null),
    }
  })
}

async function toPlan(ctx: Ctx, plan: Plan): Promise<Optimisation> {
  const [summary] = await summaries(ctx, [plan])
  const milestones = await store.milestonesOf(ctx.db, [plan.id])
  const today = shanghaiDay(ctx.now)
  const can = (verb: 'C' | 'U' | 'A') => actorCan(ctx.actor, 'quarterly.assess', verb)
  const own = plan.prepared_by === ctx.actor.personId
  const may: Optimisation['may'] = []
  if (plan.status === 'REVISE' && can('C')) may.push('REVISE')
  if (plan.status === 'IN_REVIEW' && can('A') && !own) may.push('REVIEW')
  if (plan.status === 'ACTIVE' && can('U')) may.push('TRACK', 'MILESTONE')
  if (plan.status === 'ACTIVE' && can('A') && !own) may.push('VERIFY')
  return {
    ...(summary as OptimisationSummary),
    measures: plan.measures,
    budgetYuan: plan.budget_yuan,
    risks: plan.risks,
    preparedByName: plan.prepared_by_name,
    milestoneLines: milestones.map((one) => ({
      id: one.id,
      name: one.name,
      dueOn: one.due_on.toString(),
      ownerName: one.owner_name,
      doneAt: one.done_at?.toString() ?? null,
      evidence: one.evidence,
      overdue: one.done_at === null && Temporal.PlainDate.compare(one.due_on, today) < 0,
    })),
    reviews: (await store.reviewsOf(ctx.db, [plan.id])).map((one) => ({
      at: one.at.toString(),
      byName: one.by_name,
      result: one.result,
      attendees: one.attendees,
      comment: one.comment,
    })),
    tracks: (await store.tracksOf(ctx.db, [plan.id])).map((one) => ({
      at: one.at.toString(),
      byName: one.by_name,
      month: one.month,
      progress: one.progress,
      deviation: one.deviation,
      adjustment: one.adjustment,
    })),
    verified: plan.verified,
    may,
  }
}

export async function listPlanPage(ctx: Ctx, { after, limit, status }: Input<Api['plans']>): Promise<Reply<Api['plans']>> {
  const rows = await store.listPlans(ctx.db, { status, before: readCursor(after)?.[1], limit: limit + 1 })
  const { items, next } = pageOf(rows, limit, (row) => ['', row.id])
  return { items: await summaries(ctx, items), next }
}
export async function getPlan(ctx: Ctx, { planId }: Input<Api['plan']>): Promise<Reply<Api['plan']>> {
  return toPlan(ctx, (await store.findPlan(ctx.db, planId)) ?? fail(commonProblems.notFound, { planId }))
}
async function at(ctx: Ctx, planId: string, ...statuses: Plan['status'][]): Promise<Plan> {
  const plan = (await store.lockPlan(ctx.db, planId)) ?? fail(commonProblems.notFound, { planId })
  return statuses.includes(plan.status) ? plan : fail(assessmentProblems.wrongStep, { status: plan.status })
}
const again = async (ctx: Ctx, planId: string): Promise<Optimisation> =>
  toPlan(ctx, (await store.findPlan(ctx.db, planId)) ?? fail(commonProblems.notFound, { planId }))

type Words = Pick<Input<Api['revise']>, 'kind' | 'goal' | 'measures' | 'budgetYuan' | 'risks' | 'milestones'>
const putMilestones = (ctx: Ctx, planId: string, lines: Words['milestones']): Promise<void> =>
  store.replaceMilestones(
    ctx.db,
    planId,
    lines.map((one) => ({
      id: newId(),
      optimisation_id: planId,
      name: one.name,
      due_on: Temporal.PlainDate.from(one.dueOn),
      owner_name: one.ownerName,
      done_at: null,
    })),
  )

/** @clause 5.5-2 */
export async function proposePlan(ctx: Ctx, input: Input<Api['propose']>): Promise<Reply<Api['propose']>> {
  const issue = (await store.findIssue(ctx.db, input.issueId)) ?? fail(commonProblems.notFound, { issueId: input.issueId })
  const [known] = (await store.issuesOf(ctx.db, [issue.assessment_id])).filter((one) => one.id === issue.id)
  if (known?.plan_id) fail(assessmentProblems.planned, {})
  const assessment = await store.findAssessment(ctx.db, issue.assessment_id)
  if (assessment?.status !== 'PUBLISHED') fail(assessmentProblems.wrongStep, {})
  const { kind, goal, measures, budgetYuan, risks, milestones } = input
  const id = newId()
  await store.insertPlan(ctx.db, {
    id,
    number: await nextNumber(ctx.db, 'YH', shanghaiDay(ctx.now)),
    issue_id: issue.id,
    kind,
    status: 'IN_REVIEW',
    goal: JSON.stringify(goal),
    measures,
    budget_yuan: budgetYuan,
    risks,
    prepared_by: personOf(ctx.actor),
    prepared_by_name: ctx.actor.name,
    prepared_at: ctx.now,
    begun_at: null,
    ended_at: null,
  })
  await putMilestones(ctx, id, milestones)
  await ctx.record({
    kind: 'optimisation.proposed',
    subject: { type: 'optimisation', id },
    after: { issueId: issue.id, goal, measures, budgetYuan, milestones },
  })
  await tellPlan(ctx, 'optimisation.review', { id, issue: issue.text }, [{ role: 'CUSTOMER_OM_MANAGER' }])
  return again(ctx, id)
}

export async function revisePlan(ctx: Ctx, input: Input<Api['revise']>): Promise<Reply<Api['revise']>> {
  const plan = await at(ctx, input.planId, 'REVISE')
  const { kind, goal, measures, budgetYuan, risks, milestones } = input
  await store.updatePlan(ctx.db, plan.id, {
    status: 'IN_REVIEW',
    kind,
    goal: JSON.stringify(goal),
    measures,
    budget_yuan: budgetYuan,
    risks,
  })
  await putMilestones(ctx, plan.id, milestones)
  await ctx.record({
    kind: 'optimisation.revised',
    subject: { type: 'optimisation', id: plan.id },
    before: { goal: plan.goal, measures: plan.measures },
    after: { goal, measures, budgetYuan, milestones },
  })
  await tellPlan(ctx, 'optimisation.review', plan, [{ role: 'CUSTOMER_OM_MANAGER' }])
  return again(ctx, plan.id)
}

/** @clause 5.5-2 */
export async function reviewPlan(ctx: Ctx, { planId, result, attendees, comment }: Input<Api['review']>): Promise<Reply<Api['review']>> {
  const plan = await at(ctx, planId, 'IN_REVIEW')
  if (plan.prepared_by === ctx.actor.personId) fail(assessmentProblems.samePerson)
  await store.insertReview(ctx.db, {
    id: newId(),
    optimisation_id: planId,
    result,
    attendees,
    comment,
    by_name: ctx.actor.name,
    at: ctx.now,
  })
  const next = {
    PASS: { status: 'ACTIVE', begun_at: ctx.now },
    REVISE: { status: 'REVISE' },
    REJECT: { status: 'REJECTED', ended_at: ctx.now },
  } as const
  await store.updatePlan(ctx.db, planId, next[result])
  await ctx.record({ kind: 'optimisation.reviewed', subject: { type: 'optimisation', id: planId }, after: { result, attendees, comment } })
  await tellPlan(ctx, 'optimisation.reviewed', plan, [{ personIds: [plan.prepared_by] }], {
    result: { PASS: '通过', REVISE: '修改后再审', REJECT: '不通过' }[result],
  })
  return again(ctx, planId)
}

/** @clause 5.5-3 */
export async function trackPlan(ctx: Ctx, { planId, progress, deviation, adjustment }: Input<Api['track']>): Promise<Reply<Api['track']>> {
  const plan = await at(ctx, planId, 'ACTIVE')
  const month = shanghaiDay(ctx.now).toString().slice(0, 7)
  await store.insertTrack(ctx.db, {
    id: newId(),
    optimisation_id: plan.id,
    month,
    progress,
    deviation,
    adjustment,
    by_name: ctx.actor.name,
    at: ctx.now,
  })
  await ctx.record({
    kind: 'optimisation.tracked',
    subject: { type: 'optimisation', id: plan.id },
    after: { month, progress, deviation, adjustment },
  })
  return again(ctx, planId)
}

export async function finishMilestone(
  ctx: Ctx,
  { planId, milestoneId, evidence }: Input<Api['finishMilestone']>,
): Promise<Reply<Api['finishMilestone']>> {
  const plan = await at(ctx, planId, 'ACTIVE')
  if (!(await store.finishMilestone(ctx.db, plan.id, milestoneId, ctx.now, evidence))) fail(commonProblems.notFound, { milestoneId })
  await ctx.record({
    kind: 'optimisation.milestone-done',
    subject: { type: 'optimisation', id: plan.id },
    after: { milestoneId, evidence },
  })
  return again(ctx, planId)
}

/** Did it bring what it was for? By somebody else than who proposed it, once every milestone is done. */
export async function verifyPlan(ctx: Ctx, { planId, actual, reached }: Input<Api['verify']>): Promise<Reply<Api['verify']>> {
  const plan = await at(ctx, planId, 'ACTIVE')
  if (plan.prepared_by === ctx.actor.personId) fail(assessmentProblems.samePerson)
  const open = (await store.milestonesOf(ctx.db, [plan.id])).filter(({ done_at }) => done_at === null).length
  if (open > 0) fail(assessmentProblems.milestonesOpen, { n: open })
  const verified = { at: ctx.now.toString(), byName: ctx.actor.name, actual, reached }
  await store.updatePlan(ctx.db, plan.id, { status: 'VERIFIED', ended_at: ctx.now, verified: JSON.stringify(verified) })
  await ctx.record({ kind: 'optimisation.verified', subject: { type: 'optimisation', id: plan.id }, after: verified })
  return again(ctx, planId)
}
