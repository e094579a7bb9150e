import { provisioningProblems } from '@changbai/contract/provisioning.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { startOrderProcess } from './create.service.ts'
import { note } from './journal.ts'
import { checklistOf } from './provisioning.domain.ts'
import { insertLines, insertOrder, linesOf, type OrderRow, orderById, updateLine, updateOrder } from './provisioning.store.ts'

/**
 * Partial delivery: what is ready goes on to be handed over; the lines that failed continue in a work order of their own, with the clock they
 * had. Splitting wins nobody time.
 * @clause 4.3-1a
 */
export async function splitOrder(ctx: Ctx, order: OrderRow): Promise<void> {
  const lines = await linesOf(ctx.db, order.id)
  const failed = lines.filter((line) => line.state === 'FAILED')
  const kept = lines.filter((line) => ['READY', 'PENDING', 'WORKING'].includes(line.state))
  if (failed.length === 0 || kept.length === 0) fail(provisioningProblems.wrongState)
  const { rev: _rev, self_check: _check, share: _share, acceptance: _acceptance, trial: _trial, ...same } = order
  const childId = newId(ctx.now.epochMilliseconds)
  await insertOrder(ctx.db, {
    ...same,
    id: childId,
    no: await nextNumber(ctx.db, 'GD', shanghaiDay(ctx.now)),
    status: 'RECEIVED',
    parent_id: order.id,
    instance_id: null,
    started_at: null,
    notified_at: null,
    delivered_at: null,
    archived_at: null,
    created_at: ctx.now,
  })
  await insertLines(
    ctx.db,
    failed.map((line, index) => ({
      ...line,
      id: newId(ctx.now.epochMilliseconds),
      work_order_id: childId,
      no: index + 1,
      state: 'PENDING' as const,
      spec: JSON.stringify(line.spec),
      checklist: JSON.stringify(checklistOf(line.spec).map((item) => ({ ...item, done: false, note: '' }))),
      result: '[]',
      error: null,
    })),
  )
  for (const line of failed) await updateLine(ctx.db, line.id, { state: 'MOVED' })
  await updateOrder(ctx.db, order.id, { status: 'FULFILLING' })
  const child = (await orderById(ctx.db, childId)) as OrderRow
  await note(
    ctx,
    order,
    'split',
    { zh: `${failed.length} 行转入 ${child.no}，时限不变`, en: `${failed.length} lines go on in ${child.no}, same limit` },
    {
      after: { child: child.no, lines: failed.map((line) => line.no) },
    },
  )
  await note(
    ctx,
    child,
    'dispatched',
    { zh: `由 ${order.no} 拆出，时限不变`, en: `Split off ${order.no}, same limit` },
    { after: { parent: order.no } },
  )
  await startOrderProcess(ctx, child)
}
