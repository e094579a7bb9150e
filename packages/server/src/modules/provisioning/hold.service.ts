import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { type provisioningApi, provisioningProblems } from '@changbai/contract/provisioning.ts'
import { personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { holdStart } from '../process/index.ts'
import { workdayDeadline, workdaysBetween } from './deadlines.ts'
import { noticeOf } from './events.ts'
import { holdsOf, insertHold, lockHold, updateHold } from './hold.store.ts'
import { note } from './journal.ts'
import { type HoldRow, linesOf, lockOrder, type OrderRow, updateLine, updateOrder } from './provisioning.store.ts'
import { toWorkOrder } from './work-order.service.ts'

const lockOpen = async (ctx: Ctx, id: string): Promise<OrderRow> => {
  const order = (await lockOrder(ctx.db, id)) ?? fail(commonProblems.notFound)
  if (order.delivered_at !== null || order.status === 'CANCELLED') fail(provisioningProblems.wrongState)
  return order
}

/** Only missing information of the applicant is a reason, and only with the customer's consent does the clock stop. */
export async function proposeHold(
  ctx: Ctx,
  { workOrderId, reason }: Input<typeof provisioningApi.proposeHold>,
): Promise<Reply<typeof provisioningApi.proposeHold>> {
  const order = await lockOpen(ctx, workOrderId)
  if ((await holdsOf(ctx.db, order.id)).some((hold) => hold.state === 'PROPOSED' || hold.state === 'HELD'))
    fail(provisioningProblems.wrongState)
  await insertHold(ctx.db, {
    id: newId(),
    work_order_id: order.id,
    reason,
    state: 'PROPOSED',
    proposed_by: personOf(ctx.actor),
    proposed_by_name: ctx.actor.name,
    proposed_at: ctx.now,
  })
  await note(ctx, order, 'hold-proposed', { zh: `提请中止计时：${reason}`, en: `Suspension proposed: ${reason}` }, { data: { reason } })
  await ctx.publish('work-order.hold-proposed', { ...noticeOf(order), reason })
  return toWorkOrder(ctx, order.id)
}

export async function decideHold(
  ctx: Ctx,
  { workOrderId, holdId, approve, comment }: Input<typeof provisioningApi.decideHold>,
): Promise<Reply<typeof provisioningApi.decideHold>> {
  const order = await lockOpen(ctx, workOrderId)
  const hold = (await lockHold(ctx.db, order.id, holdId)) ?? fail(commonProblems.notFound)
  if (hold.state !== 'PROPOSED') fail(provisioningProblems.wrongState)
  if (hold.proposed_by === ctx.actor.personId) fail(provisioningProblems.samePerson)
  await updateHold(ctx.db, hold.id, {
    state: approve ? 'HELD' : 'REFUSED',
    decided_by: personOf(ctx.actor),
    decided_by_name: ctx.actor.name,
    decided_at: ctx.now,
  })
  await note(
    ctx,
    order,
    approve ? 'held' : 'hold-refused',
    approve
      ? { zh: '甲方认可，时限中止', en: 'The clock is suspended with the customer’s consent' }
      : { zh: '甲方不认可中止计时', en: 'Suspension refused' },
    {
      data: { comment },
    },
  )
  return toWorkOrder(ctx, order.id)
}

export async function endHold(
  ctx: Ctx,
  { workOrderId, holdId }: Input<typeof provisioningApi.endHold>,
): Promise<Reply<typeof provisioningApi.endHold>> {
  const order = await lockOpen(ctx, workOrderId)
  const hold = (await lockHold(ctx.db, order.id, holdId)) ?? fail(commonProblems.notFound)
  if (hold.state !== 'HELD') fail(provisioningProblems.wrongState)
  const workdays = await resume(ctx, order, hold)
  if (workdays > 0 && order.instance_id) await holdStart(ctx, { instanceId: order.instance_id, start: 'receivedAt', workdays })
  return toWorkOrder(ctx, order.id)
}

/** What is delivered waits for nothing: a clock that stands still goes on, and nobody is asked any more. */
export async function closeHolds(ctx: Ctx, order: OrderRow): Promise<void> {
  for (const hold of await holdsOf(ctx.db, order.id)) {
    if (hold.state === 'HELD') await resume(ctx, order, hold)
    if (hold.state === 'PROPOSED') await updateHold(ctx.db, hold.id, { state: 'LAPSED', ended_at: ctx.now })
  }
}

/**
 * The clock goes on: the working days that ended while it stood still are added to each open line's limit. The day of the consent does not
 * count, as the day of dispatch does not.
 */
async function resume(ctx: Ctx, order: OrderRow, hold: HoldRow): Promise<number> {
  if (!hold.decided_at) throw new Error(`hold ${hold.id} stands without a decision`)
  const days = await workdaysBetween(ctx, hold.decided_at, ctx.now)
  let dueAt = order.due_at
  for (const line of await linesOf(ctx.db, order.id)) {
    if (line.delivered_at !== null) continue
    const held = line.held_days + days
    const due = await workdayDeadline(ctx, line.received_at, line.workdays + held)
    await updateLine(ctx.db, line.id, { held_days: held, due_at: due.at, due_on: due.on, provisional: due.provisional })
    dueAt = due.at
  }
  await updateHold(ctx.db, hold.id, { state: 'ENDED', ended_at: ctx.now })
  await updateOrder(ctx.db, order.id, { due_at: dueAt })
  await note(
    ctx,
    order,
    'resumed',
    { zh: `恢复计时，顺延 ${days} 个工作日`, en: `The clock goes on, ${days} working days later` },
    {
      before: { dueAt: order.due_at.toString() },
      after: { dueAt: dueAt.toString(), days },
    },
  )
  return days
}
