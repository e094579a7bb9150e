import type { Role } from '@changbai/contract/capability.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { notifyLive } from '../../platform/door.ts'
import { tenantNames } from '../identity/index.ts'
import { type Addressee, LIVE_END, type NoticeInput, notify } from './notify.ts'

// What other modules publish becomes notices here; app/subscriptions.ts names one of these per event. The shapes are the parts of the events
// that are needed, because notification stands below the modules that publish them.

/** Somebody whose account is closed hears nothing more, in any open page. */
export const endLiveNotices = (ctx: Ctx, { personId }: { personId: string }): Promise<void> => notifyLive(ctx.db, LIVE_END, personId)

interface TaskEvent {
  taskId: string
  title: string
  name: string
  processKey: string
  assignee: string | null
  roles: readonly string[]
  tenantId: string | null
  applicationId: string | null
  dueAt: Temporal.Instant | null
}
interface InstanceEvent {
  instanceId: string
  processKey: string
  title: string
  tenantId: string | null
}
interface OrderEvent {
  workOrderId: string
  no: string
  requestId: string
  applicationId: string
  applicationName: string
  tenantId: string
  applicantId: string | null
}

/** Who is told at 100 % besides the handler: the next above each role. */
const superior: Partial<Record<Role, Role>> = {
  IAAS_ADMIN: 'OPERATION_MANAGER',
  OPERATION_TECHNICIAN: 'OPERATION_MANAGER',
  SERVICE_DESK: 'OPERATION_MANAGER',
  MAINTENANCE_ENGINEER: 'MAINTENANCE_MANAGER',
  DUTY_OFFICER: 'MAINTENANCE_MANAGER',
  OPERATION_MANAGER: 'PROVIDER_LEADER',
  MAINTENANCE_MANAGER: 'PROVIDER_LEADER',
  BUILD_PROJECT_MANAGER: 'PROVIDER_LEADER',
  APP_ENGINEER: 'APP_PROJECT_MANAGER',
  APP_PROJECT_MANAGER: 'TENANT_APPROVER',
  TENANT_ADMIN: 'TENANT_APPROVER',
  CUSTOMER_OM_MANAGER: 'CUSTOMER_LEADER',
}

const placeOf = ({ tenantId, applicationId }: { tenantId: string | null; applicationId: string | null }) => ({ tenantId, applicationId })

/** The one who has the task, else whoever may take it. */
const handlers = (task: TaskEvent): Addressee[] =>
  task.assignee ? [{ personIds: [task.assignee] }] : task.roles.map((role) => ({ role: role as Role, ...placeOf(task) }))
const superiors = (task: TaskEvent): Addressee[] =>
  [...new Set(task.roles.flatMap((role) => superior[role as Role] ?? []))].map((role) => ({ role, ...placeOf(task) }))

const taskNotice = (task: TaskEvent, more: Pick<NoticeInput, 'event' | 'to'> & Partial<NoticeInput>): NoticeInput => ({
  link: `/tasks/${task.taskId}`,
  tenantId: task.tenantId,
  ...more,
  params: { task: task.name, title: task.title, process: task.processKey, dueAt: task.dueAt, ...more.params },
})

export async function tellTaskCreated(ctx: Ctx, task: TaskEvent): Promise<void> {
  await notify(
    ctx,
    taskNotice(task, { event: 'task.created', to: handlers(task), dedupKey: `task.created ${task.taskId} ${task.assignee ?? ''}` }),
  )
}

export async function tellTaskAssigned(ctx: Ctx, task: TaskEvent & { comment: string | null }): Promise<void> {
  await notify(ctx, taskNotice(task, { event: 'task.assigned', to: handlers(task), params: { comment: task.comment } }))
}

export async function tellTaskUrged(ctx: Ctx, task: TaskEvent & { byName: string; comment: string | null }): Promise<void> {
  await notify(ctx, taskNotice(task, { event: 'task.urged', to: handlers(task), params: { by: task.byName, comment: task.comment } }))
}

/** 80 % of the limit: the handler. */
export async function tellTaskReminder(ctx: Ctx, task: TaskEvent & { percent: number }): Promise<void> {
  await notify(
    ctx,
    taskNotice(task, {
      event: 'task.reminder',
      to: handlers(task),
      params: { percent: task.percent },
      dedupKey: `task.reminder ${task.taskId} ${task.percent}`,
    }),
  )
}

/** 100 %: the handler and the next above. */
export async function tellTaskOverdue(ctx: Ctx, task: TaskEvent & { percent: number }): Promise<void> {
  await notify(
    ctx,
    taskNotice(task, {
      event: 'task.overdue',
      to: [...handlers(task), ...superiors(task)],
      params: { percent: task.percent },
      dedupKey: `task.overdue ${task.taskId} ${task.percent}`,
    }),
  )
}

/** 150 %: the customer's O&M manager, who acknowledges; the handler and the next above are told too. */
export async function tellTaskEscalated(ctx: Ctx, task: TaskEvent & { percent: number }): Promise<void> {
  await notify(
    ctx,
    taskNotice(task, {
      event: 'task.escalated',
      to: [{ role: 'CUSTOMER_OM_MANAGER' }, ...handlers(task), ...superiors(task)],
      params: { percent: task.percent },
      dedupKey: `task.escalated ${task.taskId} ${task.percent}`,
    }),
  )
}

/** A process that stopped is the operation manager's and the IaaS administrator's. */
export async function tellProcessIncident(ctx: Ctx, instance: InstanceEvent & { node: string; error: string }): Promise<void> {
  await notify(ctx, {
    event: 'process.incident',
    to: [{ role: 'OPERATION_MANAGER' }, { role: 'IAAS_ADMIN' }],
    params: { title: instance.title, process: instance.processKey, node: instance.node, error: instance.error },
    link: `/processes/instances/${instance.instanceId}`,
    tenantId: instance.tenantId,
  })
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
export const tellLeaseExpiring = (ctx: Ctx, order: OrderEvent & { title: string; usageUntil: string; daysLeft: number }) =>
  tellOrder(ctx, order, 'lease.expiring', bureauSide(order), { title: order.title, usageUntil: order.usageUntil, daysLeft: order.daysLeft })
export const tellLeaseExpired = (ctx: Ctx, order: OrderEvent & { title: string; usageUntil: string }) =>
  tellOrder(ctx, order, 'lease.expired', [...bureauSide(order), { role: 'OPERATION_MANAGER' }], {
    title: order.title,
    usageUntil: order.usageUntil,
  })
