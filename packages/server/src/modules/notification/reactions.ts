import type { Role } from '@changbai/contract/capability.ts'
import { stepNameEn } from '@changbai/contract/step-names.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { notifyLive } from '../../platform/door.ts'
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
  parentId: string | null
  processKey: string
  title: string
  starter: string | null
  tenantId: string | null
  applicationId: string | null
}
interface Step {
  name: string
  assignee: string | null
  roles: readonly string[]
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

/** Step names stand in the process file in Chinese. */
const stepName = (name: string) => ({ zh: name, en: stepNameEn(name) })

const placeOf = ({ tenantId, applicationId }: { tenantId: string | null; applicationId: string | null }) => ({ tenantId, applicationId })

/** The one who has the task, else whoever may take it. */
const handlersOf = (step: Step, place: Parameters<typeof placeOf>[0]): Addressee[] =>
  step.assignee ? [{ personIds: [step.assignee] }] : step.roles.map((role) => ({ role: role as Role, ...placeOf(place) }))
const handlers = (task: TaskEvent): Addressee[] => handlersOf(task, task)
const superiors = (task: TaskEvent): Addressee[] =>
  [...new Set(task.roles.flatMap((role) => superior[role as Role] ?? []))].map((role) => ({ role, ...placeOf(task) }))

const taskNotice = (task: TaskEvent, more: Pick<NoticeInput, 'event' | 'to'> & Partial<NoticeInput>): NoticeInput => ({
  link: `/tasks/${task.taskId}`,
  tenantId: task.tenantId,
  ...more,
  params: { task: stepName(task.name), title: task.title, process: task.processKey, dueAt: task.dueAt, ...more.params },
})

interface Returned {
  byName: string
  comment: string | null
  reasons: readonly { field: string; text: string }[]
}

/** A step that came back is told with what is to be corrected, and told again each time; a new one once. */
export async function tellTaskCreated(ctx: Ctx, task: TaskEvent & { returned?: Returned | null }): Promise<void> {
  if (task.returned) {
    const { byName, comment, reasons } = task.returned
    const points = [...reasons.map(({ text }) => text), ...(comment ? [comment] : [])].join('；')
    await notify(ctx, taskNotice(task, { event: 'task.returned', to: handlers(task), params: { by: byName, comment: points } }))
    return
  }
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
export async function tellProcessIncident(ctx: Ctx, instance: InstanceEvent & { nodeName: string; error: string }): Promise<void> {
  await notify(ctx, {
    event: 'process.incident',
    to: [{ role: 'OPERATION_MANAGER' }, { role: 'IAAS_ADMIN' }],
    params: { title: instance.title, process: instance.processKey, node: stepName(instance.nodeName), error: instance.error },
    link: `/processes/instances/${instance.instanceId}`,
    tenantId: instance.tenantId,
  })
}

/** 撤销: whoever could do an open step consents or refuses, never who asked. */
export async function tellCancelRequested(
  ctx: Ctx,
  instance: InstanceEvent & { by: string; byName: string; reason: string; at: Temporal.Instant; steps: readonly Step[] },
): Promise<void> {
  await notify(ctx, {
    event: 'instance.cancel-requested',
    to: instance.steps.flatMap((step) => handlersOf(step, instance)),
    except: [instance.by],
    params: {
      title: instance.title,
      process: instance.processKey,
      by: instance.byName,
      reason: instance.reason,
      task: {
        zh: instance.steps.map(({ name }) => name).join('、'),
        en: instance.steps.map(({ name }) => stepNameEn(name)).join(', '),
      },
    },
    link: `/processes/instances/${instance.instanceId}`,
    tenantId: instance.tenantId,
    // asked again after a refusal is told again
    dedupKey: `instance.cancel-requested ${instance.instanceId} ${instance.at}`,
  })
}

export async function tellCancelAnswered(
  ctx: Ctx,
  instance: InstanceEvent & { consent: boolean; byName: string; askedBy: string; comment: string | null },
): Promise<void> {
  await notify(ctx, {
    event: instance.consent ? 'instance.cancel-consented' : 'instance.cancel-refused',
    to: { personIds: [instance.askedBy] },
    params: { title: instance.title, process: instance.processKey, by: instance.byName, comment: instance.comment },
    link: `/processes/instances/${instance.instanceId}`,
    tenantId: instance.tenantId,
  })
}

/** Stopped by somebody else than who began it, or by a fault: that person must not find out by chance. An ordinary end is told by its module. */
export async function tellInstanceStopped(ctx: Ctx, instance: InstanceEvent & { status: string; reason: string | null }): Promise<void> {
  const isMatter = instance.parentId === null && instance.starter !== null
  const isStopped = instance.status === 'CANCELLED' || instance.status === 'FAILED'
  if (!isMatter || !isStopped || instance.starter === ctx.actor.personId) return
  await notify(ctx, {
    event: 'instance.stopped',
    to: { personIds: [instance.starter ?? ''] },
    params: { title: instance.title, process: instance.processKey, reason: instance.reason },
    link: `/processes/instances/${instance.instanceId}`,
    tenantId: instance.tenantId,
  })
}
