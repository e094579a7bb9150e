import type { WorkOrderStatus } from '@changbai/contract/provisioning.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { ordersOfRequest } from './provisioning.store.ts'

export type RequestProgress = 'FULFILLING' | 'FULFILL_FAILED' | 'DELIVERED' | 'ACCEPTED' | 'CLOSED'

/** From least to most finished. */
const ORDER: readonly RequestProgress[] = ['FULFILL_FAILED', 'FULFILLING', 'DELIVERED', 'ACCEPTED', 'CLOSED']
const STANDS: Partial<Record<WorkOrderStatus, RequestProgress>> = {
  FULFILL_FAILED: 'FULFILL_FAILED',
  DELIVERED: 'DELIVERED',
  ACCEPTED: 'ACCEPTED',
  TRIAL: 'ACCEPTED',
  CLOSED: 'CLOSED',
}

/** Where a request stands: where the least finished of its work orders stands; cancelled ones do not count. Null without any. */
export async function requestProgress(ctx: Ctx, requestId: string): Promise<RequestProgress | null> {
  const orders = (await ordersOfRequest(ctx.db, requestId)).filter((order) => order.status !== 'CANCELLED')
  const stands = orders.map((order) => STANDS[order.status] ?? 'FULFILLING')
  return ORDER.find((one) => stands.includes(one)) ?? null
}
