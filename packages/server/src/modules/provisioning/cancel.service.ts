import type { Ctx } from '../../platform/ctx.ts'
import { cancelInstance } from '../process/index.ts'
import { cancelOrder } from './delivery.ts'
import { ordersOfRequest } from './provisioning.store.ts'

/** The applicant cancelled an approved request before anything was made: its work orders end with it. */
export async function cancelOrdersOf(ctx: Ctx, { requestId, reason }: { requestId: string; reason: string }): Promise<void> {
  for (const order of await ordersOfRequest(ctx.db, requestId)) {
    if (order.status === 'CANCELLED' || order.status === 'CLOSED') continue
    if (order.instance_id) await cancelInstance(ctx, { instanceId: order.instance_id, reason })
    await cancelOrder(ctx, order, reason)
  }
}
