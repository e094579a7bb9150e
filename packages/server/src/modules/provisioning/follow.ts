import type { TimelineEntry } from '@changbai/contract/request.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { followFulfilment } from '../request/index.ts'
import { eventsOf, linesOf, type OrderRow, ordersOfRequest } from './provisioning.store.ts'

const STAGES = ['FULFILLING', 'DELIVERED', 'ACCEPTED', 'CLOSED'] as const
const stageOf: Record<OrderRow['status'], (typeof STAGES)[number] | null> = {
  RECEIVED: null,
  RETURNED: null,
  FULFILLING: 'FULFILLING',
  FULFILL_FAILED: 'FULFILLING',
  CHECKING: 'FULFILLING',
  DELIVERED: 'DELIVERED',
  ACCEPTED: 'ACCEPTED',
  TRIAL: 'ACCEPTED',
  CLOSED: 'CLOSED',
  CANCELLED: null,
}

/** The request is as far as the slowest of its work orders; one that failed shows at once, and with the last of them it is cancelled. */
export async function followRequest(ctx: Ctx, requestId: string): Promise<void> {
  const all = await ordersOfRequest(ctx.db, requestId)
  const orders = all.filter((order) => order.status !== 'CANCELLED')
  if (all.length > 0 && orders.length === 0) return followFulfilment(ctx, { requestId, status: 'CANCELLED' })
  if (orders.length === 0) return
  if (orders.some((order) => order.status === 'FULFILL_FAILED')) return followFulfilment(ctx, { requestId, status: 'FULFILL_FAILED' })
  const stages = orders.map((order) => stageOf[order.status])
  const begun = stages.filter((stage) => stage !== null)
  if (begun.length === 0) return
  const slowest = begun.length < stages.length ? 0 : Math.min(...begun.map((stage) => STAGES.indexOf(stage)))
  await followFulfilment(ctx, { requestId, status: STAGES[slowest] ?? 'FULFILLING' })
}

/** Steps of a work order that belong to the hand-over and after; everything before is the making. */
const HAND_OVER = new Set(['delivered', 'collect-reminded', 'credential-link', 'credentials-collected', 'shared', 'share-acknowledged'])
const AFTER = [
  'objected',
  'rectified',
  'accepted',
  'launch-signed',
  'trial-started',
  'trial-extended',
  'went-live',
  'archived',
  'lease-reminded',
  'lease-ended',
]
for (const kind of AFTER) HAND_OVER.add(kind)

/** What the work orders add to the one course of a request: all that happened, and the limits of lines still open. */
export async function timelineOf(ctx: Ctx, requestId: string): Promise<TimelineEntry[]> {
  const orders = await ordersOfRequest(ctx.db, requestId)
  const events = await eventsOf(
    ctx.db,
    orders.map((order) => order.id),
  )
  const numbers = new Map(orders.map((order) => [order.id, order.no]))
  const past = events.map(
    (event): TimelineEntry => ({
      part: HAND_OVER.has(event.kind) ? 'DELIVERY' : 'WORK_ORDER',
      state: 'PAST',
      at: event.at.toString(),
      dueAt: null,
      title: { zh: event.zh, en: event.en },
      note: numbers.get(event.work_order_id) ?? null,
      actorName: event.by_name,
      by: event.by_system ? 'SYSTEM' : 'PERSON',
      link: { type: 'work-order', id: event.work_order_id },
    }),
  )
  const open = orders.filter((order) => order.delivered_at === null && order.status !== 'CANCELLED')
  const now = await Array.fromAsync(open, async (order): Promise<TimelineEntry> => {
    const left = (await linesOf(ctx.db, order.id)).filter((line) => ['PENDING', 'WORKING', 'FAILED'].includes(line.state)).length
    return {
      part: 'WORK_ORDER',
      state: 'NOW',
      at: null,
      dueAt: order.due_at.toString(),
      title: { zh: `${order.no} 办理中，还有 ${left} 行`, en: `${order.no} under way, ${left} lines left` },
      note: null,
      actorName: null,
      by: 'SYSTEM',
      link: { type: 'work-order', id: order.id },
    }
  })
  return [...past, ...now]
}
