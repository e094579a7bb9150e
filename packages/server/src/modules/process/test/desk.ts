import type { Actor } from '../../../platform/actor.ts'
import { ProblemError } from '../../../platform/fail.ts'
import { instanceView } from '../instances.queries.ts'
import { startProcess } from '../instances.service.ts'
import { tasksFor } from '../tasks.queries.ts'
import { completeTask } from '../tasks.service.ts'
import { openWorld, type World } from './world.ts'

/** A world with the people of the reviews, and short ways to do what tests do again and again. */
export async function openDesk() {
  const w: World = await openWorld()
  const people = {
    om: w.person('王运营', 'OPERATION_MANAGER'),
    mm: w.person('李运维', 'MAINTENANCE_MANAGER'),
    bm: w.person('赵建设', 'BUILD_PROJECT_MANAGER'),
    pm: w.person('钱项目', 'APP_PROJECT_MANAGER'),
  }
  let matters = 0
  const openTask = async (actor: Actor, instanceId: string) => {
    const { items } = await w.as(actor, (ctx) => tasksFor(ctx, { group: 'all', limit: 200 }))
    const task = items.find((one) => one.instanceId === instanceId)
    if (!task) throw new Error(`${actor.name} has no task of ${instanceId}`)
    return task
  }
  return {
    w,
    ...people,
    openTask,
    begin(key: string, actor: Actor = people.pm, vars: Record<string, unknown> = {}) {
      matters += 1
      const businessKey = `matter-${matters}`
      const title = `第 ${matters} 件`
      return w.as(actor, async (ctx) => ({ businessKey, ...(await startProcess(ctx, { key, businessKey, title, vars })) }))
    },
    async act(actor: Actor, instanceId: string, outcome?: string, data: Record<string, unknown> = {}) {
      const task = await openTask(actor, instanceId)
      return w.as(actor, (ctx) => completeTask(ctx, { taskId: task.id, outcome, data }))
    },
    view: (instanceId: string) => w.as(null, (ctx) => instanceView(ctx, { instanceId })),
  }
}
export type Desk = Awaited<ReturnType<typeof openDesk>>

export async function problemOf(work: Promise<unknown>): Promise<ProblemError> {
  try {
    await work
  } catch (error) {
    if (error instanceof ProblemError) return error
    throw error
  }
  throw new Error('no problem was raised')
}
