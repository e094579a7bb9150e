import type { Ctx } from '../../platform/ctx.ts'
import type { Run } from './bpmn/engine/run.ts'
import type { EventRow, InstanceRow, TaskRow } from './bpmn/engine/state.ts'
import type { InstanceNotice, TaskNotice } from './events.ts'

export function taskNotice(run: Run, task: TaskRow): TaskNotice {
  const instance = run.instanceOf(task)
  const node = run.nodeAt(task)
  return {
    taskId: task.id,
    instanceId: instance.id,
    rootId: instance.rootId,
    processKey: run.programOf(task).key,
    businessKey: instance.businessKey,
    title: instance.title,
    node: node.id,
    name: node.name,
    kind: task.kind,
    formKey: task.formKey,
    clause: node.clause,
    assignee: task.assignee,
    roles: task.roles,
    tenantId: instance.tenantId,
    applicationId: instance.applicationId,
    dueAt: task.dueAt,
  }
}

export const instanceNotice = (run: Run, instance: InstanceRow): InstanceNotice => ({
  instanceId: instance.id,
  rootId: instance.rootId,
  parentId: instance.parentInstance,
  processKey: run.programOf({ instanceId: instance.id }).key,
  businessKey: instance.businessKey,
  title: instance.title,
  starter: instance.starter,
  tenantId: instance.tenantId,
  applicationId: instance.applicationId,
})

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

async function publishTaskEvent(ctx: Ctx, run: Run, event: EventRow, task: TaskRow): Promise<void> {
  const notice = taskNotice(run, task)
  const comment = textOrNull(event.data.comment)
  const by = event.actor
  if (event.kind === 'complete') await ctx.publish('task.completed', { ...notice, outcome: task.outcome, by, comment })
  else if (event.kind === 'recall') await ctx.publish('task.recalled', { ...notice, by, comment })
  else if (event.kind === 'transfer') await ctx.publish('task.assigned', { ...notice, by, comment })
  else if (event.kind === 'return') {
    const reasons = (event.data.reasons ?? []) as { field: string; text: string }[]
    await ctx.publish('task.returned', { ...notice, by, comment, reasons, toNode: String(event.data.to) })
  } else if (event.kind === 'reminder') {
    const percent = Number(event.data.percent)
    const type = percent < 100 ? 'task.reminder' : percent < 150 ? 'task.overdue' : 'task.escalated'
    await ctx.publish(type, { ...notice, percent })
  }
}

/** What was said if this command sent something back. */
function returnedBy(ctx: Ctx, run: Run) {
  const event = run.events.find((one) => one.kind === 'return')
  if (!event) return null
  const reasons = (event.data.reasons ?? []) as { field: string; text: string }[]
  return { toNode: String(event.data.to), byName: ctx.actor.name, comment: textOrNull(event.data.comment), reasons }
}

/** Tells other modules what a command did, after it was written. */
export async function publishChanges(ctx: Ctx, run: Run): Promise<void> {
  const reason = textOrNull(run.events.find((event) => event.kind === 'withdraw' || event.kind === 'cancel')?.data.reason)
  for (const event of run.events) {
    const task = event.taskId === null ? undefined : run.tasks.get(event.taskId)
    const instance = run.instanceOf(event)
    if (task) await publishTaskEvent(ctx, run, event, task)
    else if (event.kind === 'start') await ctx.publish('instance.started', instanceNotice(run, instance))
    else if (event.kind === 'end' && instance.status !== 'RUNNING') {
      await ctx.publish('instance.ended', { ...instanceNotice(run, instance), status: instance.status, vars: instance.vars, reason })
    } else if (event.kind === 'incident') {
      const { error, topic } = event.data
      await ctx.publish('process.incident', {
        ...instanceNotice(run, instance),
        node: event.node ?? '',
        nodeName: (event.node && run.programOf({ instanceId: instance.id }).nodes.get(event.node)?.name) || (event.node ?? ''),
        error: String(error),
        topic: textOrNull(topic),
      })
    }
  }
  const returned = returnedBy(ctx, run)
  for (const id of run.opened) {
    const task = run.tasks.get(id)
    if (task?.status !== 'OPEN') continue
    await ctx.publish('task.created', { ...taskNotice(run, task), returned: returned?.toNode === task.node ? returned : null })
  }
}
