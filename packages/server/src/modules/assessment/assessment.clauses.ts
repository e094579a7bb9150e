import type { Ctx } from '../../platform/ctx.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { type ClauseSource, obligation } from '../plan/index.ts'
import { dueAtOf } from './assessment.service.ts'
import { assessmentOf, firstQuarter, issuesOf, listAssessments, plansUnderWay, reviewsOf, tracksOf } from './assessment.store.ts'
import { owesTrack, trackedIn } from './optimisation.service.ts'
import { lastQuarter, quarterBefore, spanOfQuarter } from './quarter.domain.ts'

const SHANGHAI = 'Asia/Shanghai'
/** Assessments looked through for issues; four a year. */
const LOOKED_THROUGH = 200
/** A plan is made and reviewed by the end of the month after the assessment (ADR 0135). */
const reviewDueAt = (publishedAt: Temporal.Instant): Temporal.Instant =>
  shanghaiDay(publishedAt).with({ day: 1 }).add({ months: 2 }).toZonedDateTime(SHANGHAI).toInstant()

/** @clause 5.5-1 5.5-2 5.5-3 */
export const assessmentClauses: readonly ClauseSource[] = [
  {
    of: 'quarterly-assessment',
    meter: 'deadline-met',
    async read(ctx: Ctx, span) {
      const first = await firstQuarter(ctx.db)
      const last = lastQuarter(shanghaiDay(span.from))
      const found = []
      for (const quarter of [quarterBefore(last), last]) {
        const dueAt = await dueAtOf(ctx, quarter)
        if (Temporal.Instant.compare(dueAt, span.from) <= 0 || Temporal.Instant.compare(dueAt, span.to) > 0) continue
        const row = await assessmentOf(ctx.db, quarter)
        found.push(
          obligation({
            id: `quarterly-assessment:${quarter}`,
            subject: { type: 'assessment', id: row?.id ?? quarter, label: quarter },
            startedAt: spanOfQuarter(quarter).to.toString(),
            dueAt: dueAt.toString(),
            doneAt: row?.published_at?.toString() ?? null,
            missing: first === null || quarter < first ? 'NOTHING_RECORDED' : null,
            evidence: row ? [{ type: 'assessment', id: row.id }] : [],
          }),
        )
      }
      return found
    },
  },
  {
    of: 'optimisation-reviewed',
    meter: 'complete',
    async read(ctx: Ctx, span) {
      const published = (await listAssessments(ctx.db, { limit: LOOKED_THROUGH })).filter((one) => one.published_at !== null)
      const due = published.filter(({ published_at }) => {
        const at = reviewDueAt(published_at as Temporal.Instant)
        return Temporal.Instant.compare(at, span.from) > 0 && Temporal.Instant.compare(at, span.to) <= 0
      })
      const issues = await issuesOf(
        ctx.db,
        due.map(({ id }) => id),
      )
      const reviews = await reviewsOf(
        ctx.db,
        issues.flatMap((one) => one.plan_id ?? []),
      )
      return issues
        .filter((one) => one.need_improve)
        .map((one) => {
          const assessment = due.find(({ id }) => id === one.assessment_id)
          const review = reviews.find((each) => each.optimisation_id === one.plan_id)
          return obligation({
            id: `issue:${one.id}`,
            subject: { type: 'assessment', id: one.assessment_id, label: one.text },
            startedAt: assessment?.published_at?.toString() ?? null,
            dueAt: reviewDueAt(assessment?.published_at as Temporal.Instant).toString(),
            doneAt: review?.at.toString() ?? null,
            evidence: one.plan_id ? [{ type: 'optimisation', id: one.plan_id }] : [],
          })
        })
    },
  },
  {
    of: 'optimisation-tracked',
    meter: 'complete',
    async read(ctx: Ctx, span) {
      const month = shanghaiDay(span.from).toString().slice(0, 7)
      const plans = (await plansUnderWay(ctx.db, span.from, span.to)).filter((one) => owesTrack(one, span.from))
      const tracks = await tracksOf(
        ctx.db,
        plans.map(({ id }) => id),
      )
      return plans.map((plan) =>
        obligation({
          id: `track:${plan.id}:${month}`,
          subject: { type: 'optimisation', id: plan.id, label: plan.issue },
          startedAt: span.from.toString(),
          dueAt: span.to.toString(),
          doneAt: trackedIn(plan, tracks, month)?.toString() ?? null,
          evidence: [{ type: 'optimisation', id: plan.id }],
        }),
      )
    },
  },
]
