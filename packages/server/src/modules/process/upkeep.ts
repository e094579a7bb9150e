import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type JobKind, jobKind } from '../../platform/jobs.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { heldName, heldOf } from './bpmn/engine/arming.ts'
import type { Run } from './bpmn/engine/run.ts'
import type { TaskRow } from './bpmn/engine/state.ts'
import { lengthen } from './bpmn/model/span.ts'
import { type Lateness, latenessAt } from './jobs.store.ts'
import { changeTree } from './session.ts'
import { limitedTasks, tasksAssignedTo } from './tasks.store.ts'

function rearm(run: Run, task: TaskRow): boolean {
  if (task.dueLimit === null || task.dueAt === null || (task.status !== 'OPEN' && task.status !== 'BLOCKED')) return false
  const node = run.nodeAt(task)
  const held = node.kind === 'user' ? heldOf(run.instanceOf(task).vars, node.dueFrom) : 0
  const dueAt = run.env.addTime(task.dueFromAt, lengthen(task.dueLimit, held))
  if (dueAt.equals(task.dueAt)) return false
  const before = task.dueAt
  task.dueAt = dueAt
  run.touchTask(task)
  for (const job of run.jobs.values()) {
    if (job.taskId !== task.id || job.percent === null) continue
    job.dueAt = run.env.shareOf(task.dueFromAt, dueAt, job.percent / 100)
    run.touchJob(job)
  }
  run.record('timer', {
    instanceId: task.instanceId,
    node: task.node,
    tokenId: task.tokenId,
    lineage: task.lineage,
    taskId: task.id,
    data: { recomputed: true, from: before.toString(), dueAt: dueAt.toString() },
  })
  return true
}

export interface HeldStart {
  instanceId: string
  /** The variable with the instant, as `wf:dueFrom` names it. */
  start: string
  workdays: number
}

/** A named start stood still for so many working days: limits of working days that count from it, open now or opened later, are longer by them. */
export async function holdStart(ctx: Ctx, { instanceId, start, workdays }: HeldStart): Promise<void> {
  await changeTree(ctx, { instance: instanceId }, (run) => {
    for (const instance of run.instances.values()) {
      if (instance.vars[start] === undefined) continue
      run.setVars(instance, { [heldName(start)]: heldOf(instance.vars, start) + workdays })
    }
    for (const task of run.tasks.values()) rearm(run, task)
  })
}

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'process.recompute-due': Record<string, never>
  }
}

/** After a change of the calendar: open limits and their reminders are counted again from their start, a tree a transaction. */
export async function recomputeDue({ door }: Pick<Runtime, 'door'>): Promise<number> {
  const actor = systemActor('process')
  const rows = await door.enter({ actor, readOnly: true }, (ctx) => limitedTasks(ctx.db))
  let changed = 0
  for (const root of new Set(rows.map((row) => row.root_id))) {
    changed += await door.enter({ actor }, async (ctx) => {
      const { value } = await changeTree(ctx, { root }, (run) => [...run.tasks.values()].filter((task) => rearm(run, task)).length)
      return value
    })
  }
  return changed
}

export const processJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({
    name: 'process.recompute-due',
    keyed: true,
    handler: async () => {
      await recomputeDue(runtime())
    },
  }),
]

/** How far the engine is behind, for whoever watches the platform itself. */
export const lateness = (ctx: Ctx): Promise<Lateness> => latenessAt(ctx.db, ctx.now)

/** How much would pass on, for the one who prepares it: a number, nothing of the matters. */
export const countAssignedTasks = async (ctx: Ctx, personId: string): Promise<number> => (await tasksAssignedTo(ctx.db, personId)).length

/** Gives all open tasks of a leaver to another person in one step. Returns how many. */
export async function handOverTasks(
  ctx: Ctx,
  fromPersonId: string,
  to: { personId: string; name: string },
  comment: string,
): Promise<number> {
  let moved = 0
  for (const row of await tasksAssignedTo(ctx.db, fromPersonId)) {
    await changeTree(ctx, { task: row.id }, (run) => {
      const task = run.tasks.get(row.id)
      if (!task || task.assignee !== fromPersonId || (task.status !== 'OPEN' && task.status !== 'BLOCKED')) return
      task.assignee = to.personId
      task.claimedAt = ctx.now
      run.touchTask(task)
      moved += 1
      run.record('transfer', {
        instanceId: task.instanceId,
        node: task.node,
        tokenId: task.tokenId,
        lineage: task.lineage,
        taskId: task.id,
        data: { from: fromPersonId, to: to.personId, toName: to.name, comment },
      })
    })
  }
  if (moved > 0)
    await ctx.record({ kind: 'task.handed-over', subject: { type: 'person', id: fromPersonId }, data: { to: to.personId, tasks: moved } })
  return moved
}
