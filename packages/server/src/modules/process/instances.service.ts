import { ROLES } from '@changbai/contract/capability.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { type processApi, processProblems } from '@changbai/contract/process.ts'
import { personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { mayAct } from './authority.ts'
import type { Run } from './bpmn/engine/run.ts'
import { cancelTree, deliverMessage } from './bpmn/engine/signalling.ts'
import type { InstanceRow, TaskRow } from './bpmn/engine/state.ts'
import { latestDefinitions } from './definitions.store.ts'
import type { Loaded } from './engine.store.ts'
import { insertMessage, lockMessageKey, waitFor } from './messages.store.ts'
import { instanceNotice } from './notices.ts'
import { instanceBrief } from './present.ts'
import { activeTree, beginTree, changeTree } from './session.ts'

/** Messages nobody waits for are kept this long. */
const MESSAGE_DAYS = 30

export interface StartOrder {
  key: string
  businessKey: string
  /** What people read in lists: the matter's name. */
  title: string
  tenantId?: string | null
  applicationId?: string | null
  /** Facts for conditions. */
  vars?: Record<string, unknown>
  /** Who began it when not the actor, e.g. the applicant of the request that led here. */
  starter?: { personId: string; name: string }
}

/**
 * Starts the newest version of a process.
 * @throws Error when no version is deployed: a mistake of the product, not of the caller
 */
export async function startProcess(ctx: Ctx, order: StartOrder): Promise<{ instanceId: string; status: InstanceRow['status'] }> {
  const [def] = await latestDefinitions(ctx.db, [order.key])
  if (!def) throw new Error(`process ${order.key} is not deployed`)
  const id = newId()
  const starter = order.starter ?? { personId: ctx.actor.personId, name: ctx.actor.name }
  const { value } = await beginTree(ctx, id, def.id, (run) =>
    run.startInstance(
      {
        id,
        defId: def.id,
        rootId: id,
        parentInstance: null,
        parentToken: null,
        businessKey: order.businessKey,
        title: order.title,
        starter: starter.personId,
        starterName: starter.name,
        tenantId: order.tenantId ?? null,
        applicationId: order.applicationId ?? null,
        vars: order.vars ?? {},
      },
      null,
    ),
  )
  await ctx.record({
    kind: 'process.started',
    subject: { type: 'instance', id },
    tenantId: value.tenantId,
    after: { process: order.key, businessKey: order.businessKey, title: order.title },
  })
  return { instanceId: id, status: value.status }
}

export interface MessageOrder {
  name: string
  key: string
  payload?: Record<string, unknown>
  /** The sender's own id of the message: a repeat is ignored. */
  dedupId?: string
}

/** Delivers a message to whoever waits for it, or keeps it until somebody does. Works from inside a service of the same tree. */
export async function correlateMessage(
  ctx: Ctx,
  { name, key, payload = {}, dedupId }: MessageOrder,
): Promise<'delivered' | 'kept' | 'repeated'> {
  await lockMessageKey(ctx.db, name, key)
  const wait = await waitFor(ctx.db, name, key)
  const playing = wait && activeTree(ctx, wait.rootId)
  const row = {
    id: newId(),
    name,
    key,
    payload: JSON.stringify(payload),
    dedup_id: dedupId ?? null,
    received_at: ctx.now,
    expires_at: ctx.now.add({ hours: 24 * MESSAGE_DAYS }),
    taken_at: wait ? ctx.now : null,
  }
  if (dedupId !== undefined || !wait) {
    if (!(await insertMessage(ctx.db, row))) return 'repeated'
  }
  if (!wait) return 'kept'
  if (playing) playing.inbox.push({ name, key, payload })
  else {
    await changeTree(ctx, { root: wait.rootId }, (run) => {
      const live = run.waits.get(wait.id) ?? [...run.waits.values()].find((one) => one.name === name && one.key === key)
      if (live) deliverMessage(run, live.id, payload)
    })
  }
  return 'delivered'
}

const rootOf = (run: Run, instanceId: string): InstanceRow => {
  const instance = run.instances.get(instanceId) ?? fail(commonProblems.notFound)
  return run.instances.get(instance.rootId) ?? instance
}

const requireRunning = (instance: InstanceRow): void => {
  if (instance.status !== 'RUNNING') fail(processProblems.ended, { status: instance.status })
}

/** For other modules: stops a matter's process, e.g. when its request is cancelled by rule. */
export async function cancelInstance(ctx: Ctx, { instanceId, reason }: { instanceId: string; reason: string }): Promise<void> {
  await changeTree(ctx, { instance: instanceId }, (run) => {
    const root = rootOf(run, instanceId)
    requireRunning(root)
    cancelTree(run, root, 'cancel', reason)
  })
  await ctx.record({ kind: 'process.cancelled', subject: { type: 'instance', id: instanceId }, data: { reason } })
}

/** A step of the applicant's own bureau (drafting, signing) is no review yet. */
export const isReview = (task: Pick<TaskRow, 'roles' | 'assignee'>, starter: string | null): boolean =>
  !(task.assignee !== null && task.assignee === starter) &&
  !(task.roles.length > 0 && task.roles.every((role) => (ROLES as Record<string, { scope: string }>)[role]?.scope === 'TENANT'))

export const wasReviewed = (tasks: Iterable<TaskRow>, starter: string | null): TaskRow | undefined =>
  [...tasks].find((task) => task.status === 'DONE' && task.doneBy !== starter && isReview(task, starter))

/** 撤回: the applicant, before the first review (ruling 8). */
export async function withdrawInstance(
  ctx: Ctx,
  { instanceId, reason }: Input<typeof processApi.withdraw>,
): Promise<Reply<typeof processApi.withdraw>> {
  const { run } = await changeTree(ctx, { instance: instanceId }, (run) => {
    const root = rootOf(run, instanceId)
    if (root.starter !== personOf(ctx.actor)) fail(commonProblems.notFound)
    requireRunning(root)
    if (wasReviewed(run.tasks.values(), root.starter)) fail(processProblems.noWithdraw)
    cancelTree(run, root, 'withdraw', reason)
  })
  await ctx.record({ kind: 'process.withdrawn', subject: { type: 'instance', id: instanceId }, data: { reason } })
  return instanceBrief(rootOf(run, instanceId))
}

/** 撤销, first half: the applicant asks. */
export async function requestCancel(
  ctx: Ctx,
  { instanceId, reason }: Input<typeof processApi.requestCancel>,
): Promise<Reply<typeof processApi.requestCancel>> {
  const by = personOf(ctx.actor)
  const { run } = await changeTree(ctx, { instance: instanceId }, async (run, tree) => {
    const root = rootOf(run, instanceId)
    if (root.starter !== by) fail(commonProblems.notFound)
    requireRunning(root)
    const extra = tree.extra.get(root.id) ?? fail(commonProblems.notFound)
    if (extra.cancelRequest) fail(processProblems.cancelPending)
    extra.cancelRequest = { by, byName: ctx.actor.name, at: ctx.now.toString(), reason }
    run.record('cancel-request', { instanceId: root.id, data: { reason } })
    const steps = [...run.tasks.values()]
      .filter((task) => task.status === 'OPEN')
      .map((task) => ({ taskId: task.id, name: run.nodeAt(task).name, assignee: task.assignee, roles: [...task.roles] }))
    await ctx.publish('instance.cancel-requested', { ...instanceNotice(run, root), by, byName: ctx.actor.name, reason, at: ctx.now, steps })
  })
  await ctx.record({ kind: 'process.cancel-requested', subject: { type: 'instance', id: instanceId }, data: { reason } })
  return instanceBrief(rootOf(run, instanceId))
}

/** Whoever could do an open step may consent, but never who asked. */
export const mayConsent = (ctx: Ctx, run: Pick<Run, 'tasks' | 'instanceOf'>, askedBy: string): boolean =>
  ctx.actor.personId !== askedBy &&
  [...run.tasks.values()].some((task) => task.status === 'OPEN' && mayAct(ctx.actor, task, run.instanceOf(task)))

/** 撤销, second half: the current handler consents or refuses. */
export async function answerCancel(
  ctx: Ctx,
  { instanceId, consent, comment }: Input<typeof processApi.answerCancel>,
): Promise<Reply<typeof processApi.answerCancel>> {
  const { run } = await changeTree(ctx, { instance: instanceId }, async (run, tree: Loaded) => {
    const root = rootOf(run, instanceId)
    // whoever has no part in it must not learn that it exists
    if (root.starter !== ctx.actor.personId && !mayConsent(ctx, run, '')) fail(commonProblems.notFound)
    requireRunning(root)
    const extra = tree.extra.get(root.id) ?? fail(commonProblems.notFound)
    const asked = extra.cancelRequest ?? fail(processProblems.noCancelRequest)
    if (!mayConsent(ctx, run, asked.by)) fail(processProblems.notYours, { who: '' })
    if (consent) cancelTree(run, root, 'cancel', asked.reason)
    else {
      extra.cancelRequest = null
      run.record('cancel-refused', { instanceId: root.id, data: { comment: comment ?? null } })
    }
    await ctx.publish('instance.cancel-answered', {
      ...instanceNotice(run, root),
      consent,
      by: ctx.actor.personId,
      byName: ctx.actor.name,
      askedBy: asked.by,
      comment: comment ?? null,
    })
  })
  const kind = consent ? 'process.cancelled' : 'process.cancel-refused'
  await ctx.record({ kind, subject: { type: 'instance', id: instanceId }, data: { comment: comment ?? null } })
  return instanceBrief(rootOf(run, instanceId))
}
