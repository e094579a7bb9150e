import type { Reply } from '@changbai/contract/endpoint.ts'
import type { InstanceBrief, processApi, TaskBrief } from '@changbai/contract/process.ts'
import type { Run } from './bpmn/engine/run.ts'
import type { InstanceRow } from './bpmn/engine/state.ts'
import { programOf, versionOf } from './programs.ts'
import type { TaskListRow } from './tasks.store.ts'

type Moved = Reply<typeof processApi.complete>

/** Share of a limit that is used, cut to four decimals; null without a limit. */
export function usedRatio(from: Temporal.Instant, due: Temporal.Instant | null, now: Temporal.Instant): number | null {
  if (due === null) return null
  const whole = from.until(due).total('milliseconds')
  const used = from.until(now).total('milliseconds')
  if (whole <= 0) return used > 0 ? 1.5 : 1
  return Math.max(0, Math.trunc((used / whole) * 10_000) / 10_000)
}

export const instanceBrief = (row: InstanceRow): InstanceBrief => {
  const program = programOf(row.defId)
  return {
    id: row.id,
    processKey: program.key,
    processName: program.name,
    version: versionOf(row.defId),
    businessKey: row.businessKey,
    title: row.title,
    status: row.status,
    rev: row.rev,
    starter: { personId: row.starter, name: row.starterName },
    tenantId: row.tenantId,
    applicationId: row.applicationId,
    startedAt: row.startedAt.toString(),
    endedAt: row.endedAt?.toString() ?? null,
    parentId: row.parentInstance,
    rootId: row.rootId,
  }
}

/** The clock of a finished task stands still where it was done. */
export function taskBrief(row: TaskListRow, now: Temporal.Instant): TaskBrief {
  return {
    id: row.id,
    instanceId: row.instance_id,
    processKey: row.process_key,
    processName: row.process_name,
    businessKey: row.business_key,
    title: row.title,
    node: row.node,
    name: row.name,
    kind: row.kind,
    state: row.status,
    formKey: row.form_key,
    clause: row.clause,
    assignee: row.assignee === null ? null : { personId: row.assignee, name: row.assignee_name ?? '' },
    roles: row.roles,
    tenantId: row.tenant_id,
    applicationId: row.application_id,
    createdAt: row.created_at.toString(),
    dueAt: row.due_at?.toString() ?? null,
    fromAt: row.due_from_at.toString(),
    limit: row.due_limit,
    usedRatio: usedRatio(row.due_from_at, row.due_at, row.done_at ?? now),
  }
}

/** What a command left behind: where the matter stands and what opened next. */
export function moved(run: Run, taskId: string, next: TaskBrief[]): Moved {
  const task = run.tasks.get(taskId)
  if (!task) throw new Error(`task ${taskId} is not loaded`)
  const instance = run.instanceOf(task)
  return { taskId, instanceId: instance.id, rev: instance.rev, instanceStatus: instance.status, next }
}
