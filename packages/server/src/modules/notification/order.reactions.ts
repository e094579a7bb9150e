import type { Ctx } from '../../platform/ctx.ts'
import { tenantNames } from '../identity/index.ts'
import { type Addressee, type NoticeInput, notify } from './notify.ts'

// Work orders and leases: who is told what, by the parts of their events that are needed.

interface OrderEvent {
  workOrderId: string
  no: string
  requestId: string
  applicationId: string
  applicationName: string
  tenantId: string
  applicantId: string | null
}

const bureauSide = (order: OrderEvent): Addressee[] => {
  const place = { tenantId: order.tenantId, applicationId: order.applicationId }
  const managers: Addressee = { role: 'APP_PROJECT_MANAGER', ...place }
  return order.applicantId ? [{ personIds: [order.applicantId] }, managers] : [managers]
}

async function tellOrder(ctx: Ctx, order: OrderEvent, event: string, to: Addressee[], params: NoticeInput['params'] = {}): Promise<void> {
  const bureau = (await tenantNames(ctx, [order.tenantId])).get(order.tenantId)
  await notify(ctx, {
    event,
    to,
    params: { no: order.no, application: order.applicationName, bureau, ...params },
    link: `/work-orders/${order.workOrderId}`,
    tenantId: order.tenantId,
  })
}

export const tellOrderDispatched = (ctx: Ctx, order: OrderEvent & { dueAt: Temporal.Instant }) =>
  tellOrder(ctx, order, 'work-order.dispatched', [{ role: 'OPERATION_MANAGER' }], { dueAt: order.dueAt })
export const tellOrderReturned = (ctx: Ctx, order: OrderEvent & { reason: string }) =>
  tellOrder(ctx, order, 'work-order.returned', bureauSide(order), { reason: order.reason })
export const tellOrderReady = (ctx: Ctx, order: OrderEvent & { deliveredAt: Temporal.Instant; linkEndsAt: Temporal.Instant | null }) =>
  tellOrder(
    ctx,
    order,
    'work-order.ready',
    [...bureauSide(order), { role: 'TENANT_ADMIN', tenantId: order.tenantId, applicationId: order.applicationId }],
    {
      deliveredAt: order.deliveredAt,
      linkEndsAt: order.linkEndsAt,
    },
  )
export const tellCredentialsWaiting = (ctx: Ctx, order: OrderEvent) =>
  tellOrder(ctx, order, 'work-order.credentials-waiting', bureauSide(order))
export const tellAcceptanceLate = (ctx: Ctx, order: OrderEvent) => tellOrder(ctx, order, 'work-order.acceptance-late', bureauSide(order))
export const tellOrderShared = (ctx: Ctx, order: OrderEvent) =>
  tellOrder(ctx, order, 'work-order.shared', [{ role: 'MAINTENANCE_MANAGER' }])
export const tellOrderObjected = (ctx: Ctx, order: OrderEvent & { objections: number }) =>
  tellOrder(ctx, order, 'work-order.objected', [{ role: 'OPERATION_MANAGER' }, { role: 'OPERATION_TECHNICIAN' }], {
    count: order.objections,
  })
export const tellOrderCancelled = (ctx: Ctx, order: OrderEvent & { reason: string }) =>
  tellOrder(ctx, order, 'work-order.cancelled', [...bureauSide(order), { role: 'OPERATION_MANAGER' }], { reason: order.reason })
/** Only the customer can let the clock stand still. */
export const tellHoldProposed = (ctx: Ctx, order: OrderEvent & { reason: string }) =>
  tellOrder(ctx, order, 'work-order.hold-proposed', [{ role: 'CUSTOMER_OM_MANAGER' }], { reason: order.reason })
export const tellOrderAccepted = (ctx: Ctx, order: OrderEvent & { byDefault: boolean }) =>
  tellOrder(ctx, order, order.byDefault ? 'work-order.accepted-by-default' : 'work-order.accepted', [
    { role: 'OPERATION_MANAGER' },
    ...(order.byDefault ? bureauSide(order) : []),
  ])
export const tellLaunchConfirmed = (ctx: Ctx, order: OrderEvent) =>
  tellOrder(ctx, order, 'work-order.launch-confirmed', [
    ...bureauSide(order),
    { role: 'OPERATION_MANAGER' },
    { role: 'CUSTOMER_OM_MANAGER' },
  ])
export const tellOrderClosed = (ctx: Ctx, order: OrderEvent) => tellOrder(ctx, order, 'work-order.closed', bureauSide(order))
export const tellLeaseExpiring = (ctx: Ctx, order: OrderEvent & { title: string; usageUntil: string; daysLeft: number }) =>
  tellOrder(ctx, order, 'lease.expiring', bureauSide(order), { title: order.title, usageUntil: order.usageUntil, daysLeft: order.daysLeft })
export const tellLeaseExpired = (ctx: Ctx, order: OrderEvent & { title: string; usageUntil: string }) =>
  tellOrder(ctx, order, 'lease.expired', [...bureauSide(order), { role: 'OPERATION_MANAGER' }], {
    title: order.title,
    usageUntil: order.usageUntil,
  })
