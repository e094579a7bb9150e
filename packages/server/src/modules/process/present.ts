import type { Reply } from '@changbai/contract/endpoint.ts'
import type { InstanceBrief, processApi, TaskBrief, TaskLimit } from '@changbai/contract/process.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Run } from './bpmn/engine/run.ts'
import type { InstanceRow } from './bpmn/engine/state.ts'
import { loadWorkClock, type WorkClock } from './ports.ts'
import { programOf, versionOf } from './programs.ts'
import { type LimitRow, limitRows, type TaskListRow } from './tasks.store.ts'

type Moved = Reply<typeof processApi.complete>

/** The limit of a step as it stands; the clock of a finished one stands still where it was done. */
export function taskLimit(row: Omit<LimitRow, 'id'>, now: Temporal.Instant, clock: Required<WorkClock>): TaskLimit {
  const { due_from_at: from, due_at: due, due_limit: limit, done_at: doneAt } = row
  const isOpen = row.status === 'OPEN' || row.status === 'BLOCKED'
  return {
    dueAt: due?.toString() ?? null,
    fromAt: from.toString(),
    limit,
    usedRatio: due && clock.usedShare(from, due, doneAt ?? now),
    left: due && limit !== null && isOpen ? clock.timeLeft(limit, due) : null,
  }
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

export function taskBrief(row: TaskListRow, now: Temporal.Instant, clock: Required<WorkClock>): TaskBrief {
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
    ...taskLimit(row, now, clock),
  }
}

/** What a command left behind: where the matter stands and what opened next. */
export function moved(run: Run, taskId: string, next: TaskBrief[]): Moved {
  const task = run.tasks.get(taskId)
  if (!task) throw new Error(`task ${taskId} is not loaded`)
  const instance = run.instanceOf(task)
  return { taskId, instanceId: instance.id, rev: instance.rev, instanceStatus: instance.status, next }
}

/** Rows as people see them, all by one reading of the calendar. */
export async function taskBriefs(ctx: Ctx, rows: readonly TaskListRow[]): Promise<TaskBrief[]> {
  if (rows.length === 0) return []
  const clock = await loadWorkClock(ctx)
  return rows.map((row) => taskBrief(row, ctx.now, clock))
}

/** Limits of steps by id, for the lists and pages of the matters they belong to. */
export async function taskLimits(ctx: Ctx, taskIds: readonly string[]): Promise<Map<string, TaskLimit>> {
  if (taskIds.length === 0) return new Map()
  const clock = await loadWorkClock(ctx)
  return new Map((await limitRows(ctx.db, taskIds)).map((row) => [row.id, taskLimit(row, ctx.now, clock)]))
}
