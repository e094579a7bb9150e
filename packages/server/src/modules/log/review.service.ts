import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type LogReview, type logApi, logProblems } from '@changbai/contract/log.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { SHANGHAI } from '../../platform/time.ts'
import { insertReview, type ReviewRecord, reviewsOf, summariseLines } from './review.store.ts'

type Api = typeof logApi

const spanOf = (day: string): [from: Temporal.Instant, to: Temporal.Instant] => {
  const date = Temporal.PlainDate.from(day)
  const start = (one: Temporal.PlainDate): Temporal.Instant => one.toZonedDateTime(SHANGHAI).toInstant()
  return [start(date), start(date.add({ days: 1 }))]
}
const toReview = (row: ReviewRecord): LogReview => ({
  id: row.id,
  day: row.day.toString(),
  summary: row.summary,
  finding: row.finding,
  byName: row.by_name,
  at: row.at.toString(),
})

export async function getReviews(ctx: Ctx, { day }: Input<Api['reviews']>): Promise<Reply<Api['reviews']>> {
  const [from, to] = spanOf(day)
  return { day, summary: await summariseLines(ctx.db, from, to), items: (await reviewsOf(ctx.db, day)).map(toReview) }
}

/** What was read is kept with the signature: lines go after their time, the record stays. @clause 5.2-4 */
export async function signReview(ctx: Ctx, { day, finding }: Input<Api['signReview']>): Promise<Reply<Api['signReview']>> {
  const [from, to] = spanOf(day)
  if (Temporal.Instant.compare(from, ctx.now) > 0) fail(logProblems.dayAhead)
  const summary = await summariseLines(ctx.db, from, to)
  const row = await insertReview(ctx.db, {
    id: newId(),
    day: Temporal.PlainDate.from(day),
    summary,
    finding,
    by_person_id: personOf(ctx.actor),
    by_name: ctx.actor.name,
    at: ctx.now,
  })
  if (!row) return fail(commonProblems.conflict, { day })
  await ctx.record({ kind: 'log-review.signed', subject: { type: 'log-review', id: row.id }, data: { day, lines: summary.lines, finding } })
  return toReview(row)
}
