import { isDeepStrictEqual } from 'node:util'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type ParameterChange, type planApi, planProblems } from '@changbai/contract/plan.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan, personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Row } from '../../platform/db.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { flawsOfValue } from './domain/document.ts'
import { valueInForce } from './domain/values.ts'
import { type LoadedPlan, requirePlan } from './params.ts'
import { changeRows, insertChange, lockChange, lockPlan, moveChange, saveValue } from './plan.store.ts'

declare module '../../platform/ctx.ts' {
  interface Events {
    /** An approved value will hold from `startsOn`; limits that run already keep theirs. */
    'plan.changed': { key: string; startsOn: string }
  }
}

function mayOf(ctx: Ctx, row: Row<'plan_change'>): ParameterChange['may'] {
  const me = ctx.actor.personId
  if (me === null) return []
  const isOpen = row.status === 'PROPOSED' || row.status === 'REVIEWED'
  const isOther = row.proposed_by !== me
  const canReview = actorCan(ctx.actor, 'plan.edit', 'A')
  const canApprove = actorCan(ctx.actor, 'plan.approve', 'A')
  return [
    ...(row.status === 'PROPOSED' && isOther && canReview ? (['REVIEW'] as const) : []),
    ...(row.status === 'REVIEWED' && isOther && row.reviewed_by !== me && canApprove ? (['APPROVE'] as const) : []),
    ...(isOpen && isOther && (canReview || canApprove) ? (['REJECT'] as const) : []),
    ...(isOpen && !isOther ? (['WITHDRAW'] as const) : []),
  ]
}

export function changeView(ctx: Ctx, plan: LoadedPlan, row: Row<'plan_change'>): ParameterChange {
  const settled =
    row.settled_at === null ? null : { byName: row.settled_by_name ?? '', at: row.settled_at.toString(), comment: row.settle_comment ?? '' }
  return {
    id: row.id,
    key: row.key,
    title: plan.document.parameters.find((one) => one.key === row.key)?.title ?? { zh: row.key, en: row.key },
    before: row.before,
    after: row.after,
    startsOn: row.starts_on.toString(),
    reason: row.reason,
    status: row.status,
    proposedByName: row.proposed_by_name,
    proposedAt: row.proposed_at.toString(),
    reviewed:
      row.reviewed_at === null
        ? null
        : { byName: row.reviewed_by_name ?? '', at: row.reviewed_at.toString(), comment: row.review_comment ?? '' },
    approved: row.status === 'APPROVED' ? settled : null,
    rejected: row.status === 'REJECTED' ? settled : null,
    may: mayOf(ctx, row),
  }
}

/** A new value with its first day and its reason; in force only after a second person and the customer (ruling 12). */
export async function proposeParameterChange(
  ctx: Ctx,
  { key, value, startsOn, reason }: Input<typeof planApi.proposeChange>,
): Promise<Reply<typeof planApi.proposeChange>> {
  const plan = await requirePlan(ctx)
  const parameter = plan.document.parameters.find((one) => one.key === key) ?? fail(planProblems.noParameter, { key })
  const start = Temporal.PlainDate.from(startsOn)
  if (Temporal.PlainDate.compare(start, shanghaiDay(ctx.now)) <= 0) fail(planProblems.startsInPast)
  const [flaw] = flawsOfValue(parameter, value)
  if (flaw) fail(planProblems.badValue, { key, reason: [flaw.path.join('.'), flaw.reason].filter(Boolean).join(': ') })
  const before = valueInForce(plan.values.get(key) ?? [], start)?.value ?? parameter.value
  if (isDeepStrictEqual(before, value)) fail(planProblems.unchanged)

  const id = newId(ctx.now.epochMilliseconds)
  await insertChange(ctx.db, {
    id,
    key,
    before: JSON.stringify(before),
    after: JSON.stringify(value),
    starts_on: start,
    reason,
    status: 'PROPOSED',
    proposed_by: personOf(ctx.actor),
    proposed_by_name: ctx.actor.name,
    proposed_at: ctx.now,
  })
  await ctx.record({
    kind: 'plan.change-proposed',
    subject: { type: 'plan_change', id },
    before,
    after: value,
    data: { key, startsOn, reason },
  })
  const row = (await lockChange(ctx.db, id)) ?? fail(commonProblems.notFound)
  return changeView(ctx, plan, row)
}

async function lockOpen(ctx: Ctx, changeId: string): Promise<Row<'plan_change'>> {
  const change = (await lockChange(ctx.db, changeId)) ?? fail(commonProblems.notFound)
  if (change.status !== 'PROPOSED' && change.status !== 'REVIEWED') fail(planProblems.decided, { status: change.status })
  return change
}

const refuseOwn = (ctx: Ctx, ...others: (string | null)[]): void => {
  if (others.includes(personOf(ctx.actor))) fail(planProblems.samePerson)
}

export async function reviewParameterChange(
  ctx: Ctx,
  { changeId, comment }: Input<typeof planApi.reviewChange>,
): Promise<Reply<typeof planApi.reviewChange>> {
  const change = await lockOpen(ctx, changeId)
  if (change.status !== 'PROPOSED') fail(planProblems.decided, { status: change.status })
  refuseOwn(ctx, change.proposed_by)
  const row = await moveChange(ctx.db, changeId, {
    status: 'REVIEWED',
    reviewed_by: personOf(ctx.actor),
    reviewed_by_name: ctx.actor.name,
    reviewed_at: ctx.now,
    review_comment: comment,
  })
  await ctx.record({ kind: 'plan.change-reviewed', subject: { type: 'plan_change', id: changeId }, data: { key: change.key, comment } })
  return changeView(ctx, await requirePlan(ctx), row)
}

const settlement = (ctx: Ctx, status: 'APPROVED' | 'REJECTED' | 'WITHDRAWN', comment: string) => ({
  status,
  settled_by: personOf(ctx.actor),
  settled_by_name: ctx.actor.name,
  settled_at: ctx.now,
  settle_comment: comment,
})

export async function approveParameterChange(
  ctx: Ctx,
  { changeId, comment }: Input<typeof planApi.approveChange>,
): Promise<Reply<typeof planApi.approveChange>> {
  const change = await lockOpen(ctx, changeId)
  if (change.status !== 'REVIEWED') fail(planProblems.notReviewed)
  refuseOwn(ctx, change.proposed_by, change.reviewed_by)
  const startsOn = change.starts_on.toString()
  if (Temporal.PlainDate.compare(change.starts_on, shanghaiDay(ctx.now)) <= 0) fail(planProblems.startPassed, { startsOn })

  await lockPlan(ctx.db)
  const row = await moveChange(ctx.db, changeId, settlement(ctx, 'APPROVED', comment))
  await saveValue(ctx.db, {
    id: newId(ctx.now.epochMilliseconds),
    key: change.key,
    starts_on: change.starts_on,
    value: JSON.stringify(change.after),
    reason: change.reason,
    by_name: `${change.proposed_by_name}, ${change.reviewed_by_name}, ${ctx.actor.name}`,
    change_id: changeId,
  })
  await ctx.record({
    kind: 'plan.change-approved',
    subject: { type: 'plan_change', id: changeId },
    before: change.before,
    after: change.after,
    data: { key: change.key, startsOn, comment },
  })
  await ctx.publish('plan.changed', { key: change.key, startsOn })
  return changeView(ctx, await requirePlan(ctx), row)
}

export async function rejectParameterChange(
  ctx: Ctx,
  { changeId, comment }: Input<typeof planApi.rejectChange>,
): Promise<Reply<typeof planApi.rejectChange>> {
  const change = await lockOpen(ctx, changeId)
  refuseOwn(ctx, change.proposed_by)
  const row = await moveChange(ctx.db, changeId, settlement(ctx, 'REJECTED', comment))
  await ctx.record({ kind: 'plan.change-rejected', subject: { type: 'plan_change', id: changeId }, data: { key: change.key, comment } })
  return changeView(ctx, await requirePlan(ctx), row)
}

export async function withdrawParameterChange(
  ctx: Ctx,
  { changeId }: Input<typeof planApi.withdrawChange>,
): Promise<Reply<typeof planApi.withdrawChange>> {
  const change = await lockOpen(ctx, changeId)
  if (change.proposed_by !== personOf(ctx.actor)) fail(commonProblems.notFound)
  const row = await moveChange(ctx.db, changeId, settlement(ctx, 'WITHDRAWN', ''))
  await ctx.record({ kind: 'plan.change-withdrawn', subject: { type: 'plan_change', id: changeId }, data: { key: change.key } })
  return changeView(ctx, await requirePlan(ctx), row)
}

export async function listParameterChanges(ctx: Ctx, input: Input<typeof planApi.changes>): Promise<Reply<typeof planApi.changes>> {
  const { key, status, limit } = input
  const plan = await requirePlan(ctx)
  const rows = await changeRows(ctx.db, { key, status, before: readCursor(input.after)?.[1], limit: limit + 1 })
  const { items, next } = pageOf(rows, limit, (row) => ['', row.id])
  return { items: items.map((row) => changeView(ctx, plan, row)), next }
}
