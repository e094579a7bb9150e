import type { Ctx } from '../../platform/ctx.ts'
import { workdayDeadline } from './deadlines.ts'
import { note } from './journal.ts'
import { linesOf, openOrders, updateLine, updateOrder } from './provisioning.store.ts'

/** The calendar changed: limits of lines not delivered yet are reckoned again from receipt. What was delivered stays judged as it was. */
export async function recomputeOrderDeadlines(ctx: Ctx): Promise<void> {
  for (const order of await openOrders(ctx.db)) {
    let dueAt = order.due_at
    for (const line of await linesOf(ctx.db, order.id)) {
      if (line.delivered_at !== null || line.state === 'MOVED' || line.state === 'CANCELLED') continue
      const due = await workdayDeadline(ctx, line.received_at, line.workdays + line.held_days)
      if (!due.at.equals(line.due_at) || due.provisional !== line.provisional)
        await updateLine(ctx.db, line.id, { due_at: due.at, due_on: due.on, provisional: due.provisional })
      dueAt = due.at
    }
    if (dueAt.equals(order.due_at)) continue
    await updateOrder(ctx.db, order.id, { due_at: dueAt })
    await note(
      ctx,
      order,
      'due-recomputed',
      { zh: '日历变动，时限重算', en: 'The calendar changed; limit reckoned again' },
      {
        before: { dueAt: order.due_at.toString() },
        after: { dueAt: dueAt.toString() },
      },
    )
  }
}
