import { commonProblems, type ProblemKind } from '@changbai/contract/problem.ts'
import { processProblems } from '@changbai/contract/process.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Db } from '../../platform/db.ts'
import { notifyLive } from '../../platform/door.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { lenderFor } from './authority.ts'
import { BpmnError, type Env, Refusal, Undecidable } from './bpmn/engine/env.ts'
import { Run } from './bpmn/engine/run.ts'
import { deliverMessage, failService, finishService } from './bpmn/engine/signalling.ts'
import { emptyState } from './bpmn/engine/state.ts'
import { type Loaded, lockTree, saveChanges, type TreeRef } from './engine.store.ts'
import { type ServiceCall, serviceOf } from './handlers.ts'
import { lockMessageKey, takeMessage } from './messages.store.ts'
import { publishChanges } from './notices.ts'
import { loadWorkClock, processPorts } from './ports.ts'
import { type Latest, loadCalled, loadProgram, programOf } from './programs.ts'

/** A message for a tree that is being played in this very transaction; it is delivered before the tree is saved. */
export interface Inbound {
  name: string
  key: string
  payload: Record<string, unknown>
}
interface Active {
  run: Run
  inbox: Inbound[]
}
const active = new WeakMap<Db, Map<string, Active>>()

/** The tree if it is being played in this transaction already: a service handler may not change it behind the interpreter's back. */
export const activeTree = (ctx: Ctx, rootId: string): Active | undefined => active.get(ctx.db)?.get(rootId)

/** A timer this far ahead is found by the sweep a minute; a nearer one wakes the workers. */
const WAKE_SECONDS = 60

const refusals: Readonly<Record<string, ProblemKind>> = {
  'task-unknown': commonProblems.notFound,
  'task-blocked': processProblems.taskBlocked,
  'task-gone': processProblems.taskGone,
  claimed: processProblems.claimedByOther,
  'not-claimable': processProblems.notYours,
  'no-return': processProblems.noReturn,
  'no-recall': processProblems.noRecall,
  'job-gone': processProblems.noIncident,
}

/** Who was faster, when, and with what result; who it waits for. */
function explain(run: Run, refusal: Refusal, tree: Loaded): Record<string, unknown> {
  const { params } = refusal
  const task = typeof params.taskId === 'string' ? run.tasks.get(params.taskId) : undefined
  if (!task) return params
  const waiting = [...run.tasks.values()]
    .filter((one) => one.anchor === task.id && one.status === 'OPEN')
    .map((one) => tree.names.get(one.id) ?? '')
  const name = run.nodeAt(task).name
  return {
    ...params,
    task: name,
    step: params.step ?? name,
    by: task.doneByName ?? (task.status === 'CANCELLED' ? '' : (tree.names.get(task.id) ?? '')),
    at: (task.doneAt ?? task.claimedAt)?.toString() ?? null,
    outcome: task.outcome ?? task.status,
    waitingFor: waiting.join('、'),
    who: tree.names.get(task.id) ?? '',
  }
}

function asProblem(ctx: Ctx, run: Run, tree: Loaded, error: unknown): never {
  if (error instanceof Undecidable) {
    fail(processProblems.cannotDecide, { element: error.element, reason: ctx.locale === 'en-US' ? error.en : error.zh })
  }
  if (error instanceof Refusal) fail(refusals[error.code] ?? commonProblems.conflict, explain(run, error, tree))
  throw error
}

async function environment(ctx: Ctx, defIds: readonly string[]): Promise<Env> {
  for (const defId of defIds) await loadProgram(ctx.db, defId)
  const latest: Latest = await loadCalled(ctx, defIds)
  const clock = await loadWorkClock(ctx)
  return {
    now: ctx.now,
    newId: () => newId(),
    addTime: clock.addTime,
    shareOf: clock.shareOf,
    parameter: (key) => ctx.plan.duration(key),
    programOf,
    latest(key) {
      const found = latest.get(key)
      if (!found) throw new Undecidable(key, `找不到被调用的流程：${key}`, `the called process is not deployed: ${key}`)
      return found
    },
    by: { personId: ctx.actor.personId, name: ctx.actor.name },
    onBehalfOf: (roles, place) => lenderFor(ctx.actor, roles, place)?.name ?? null,
  }
}

/** Runs service handlers, delivers messages that were early, until nothing more happens by itself. */
async function settle(ctx: Ctx, { run, inbox }: Active): Promise<void> {
  const asked = new Set<string>()
  run.drain()
  for (;;) {
    const call = run.calls.shift()
    const message = inbox.shift()
    if (call) await runTxService(ctx, run, call)
    if (message) deliverInbound(run, message)
    if (call || message) continue
    const wait = [...run.waits.values()].find((one) => !asked.has(one.id) && run.changes().newWaits.includes(one))
    if (!wait) return
    asked.add(wait.id)
    await lockMessageKey(ctx.db, wait.name, wait.key)
    const early = await takeMessage(ctx.db, wait.name, wait.key, ctx.now)
    if (early) deliverMessage(run, wait.id, early.payload)
  }
}

function deliverInbound(run: Run, { name, key, payload }: Inbound): void {
  const wait = [...run.waits.values()].find((one) => one.name === name && one.key === key)
  if (wait) deliverMessage(run, wait.id, payload)
}

export const serviceCall = (run: Run, row: { instanceId: string; node: string }): ServiceCall => {
  const instance = run.instanceOf(row)
  return {
    instanceId: instance.id,
    processKey: run.programOf(row).key,
    businessKey: instance.businessKey,
    node: row.node,
    vars: run.context(instance),
    tenantId: instance.tenantId,
    applicationId: instance.applicationId,
  }
}

async function runTxService(ctx: Ctx, run: Run, call: Run['calls'][number]): Promise<void> {
  if (run.tokens.get(call.tokenId)?.node !== call.node) return
  const service = serviceOf(call.topic)
  if (service?.mode !== 'tx') throw new Error(`no tx service for topic ${call.topic}`)
  let facts: Record<string, unknown> | undefined
  try {
    facts = await service.run(ctx, serviceCall(run, call))
  } catch (error) {
    if (!(error instanceof BpmnError)) throw error
    failService(run, call.tokenId, error, null)
    return
  }
  finishService(run, call.tokenId, facts ?? {})
}

/** Names of all people that the written tasks are given to. */
async function namesFor(ctx: Ctx, run: Run, tree: Loaded): Promise<(id: string) => string | null> {
  const names = new Map<string, string>()
  for (const task of run.tasks.values()) {
    const name = tree.names.get(task.id)
    if (task.assignee !== null && name) names.set(task.assignee, name)
    if (task.doneBy !== null && task.doneByName) names.set(task.doneBy, task.doneByName)
  }
  for (const one of run.instances.values()) if (one.starter !== null) names.set(one.starter, one.starterName)
  if (ctx.actor.personId !== null) names.set(ctx.actor.personId, ctx.actor.name)
  const { newTasks, tasks } = run.changes()
  const unknown = [...newTasks, ...tasks].flatMap((one) => (one.assignee !== null && !names.has(one.assignee) ? [one.assignee] : []))
  if (unknown.length > 0) for (const [id, name] of await processPorts().personNames(ctx, [...new Set(unknown)])) names.set(id, name)
  return (id) => names.get(id) ?? null
}

export interface Change<T> {
  value: T
  run: Run
  tree: Loaded
}
export interface ChangeOptions {
  /** task id -> what was filled in, stored with the task. */
  data?: Map<string, Record<string, unknown>>
}

async function play<T>(
  ctx: Ctx,
  tree: Loaded,
  defIds: readonly string[],
  act: (run: Run, tree: Loaded) => T | Promise<T>,
  { data = new Map() }: ChangeOptions,
): Promise<Change<T>> {
  const env = await environment(ctx, defIds)
  const run = new Run(env, tree.state)
  const session: Active = { run, inbox: [] }
  const trees = active.get(ctx.db) ?? new Map<string, Active>()
  active.set(ctx.db, trees)
  if (trees.has(tree.rootId)) throw new Error(`tree ${tree.rootId} is being played in this transaction already`)
  let value: T
  trees.set(tree.rootId, session)
  try {
    value = await act(run, tree)
    await settle(ctx, session)
  } catch (error) {
    return asProblem(ctx, run, tree, error)
  } finally {
    trees.delete(tree.rootId)
  }
  const nameOf = await namesFor(ctx, run, tree)
  const changes = run.changes()
  await saveChanges(ctx.db, changes, { now: ctx.now, extra: tree.extra, instances: run.instances, programOf, nameOf, data })
  const soon = ctx.now.add({ seconds: WAKE_SECONDS })
  const wakes = [...changes.newJobs, ...changes.jobs].some(
    (job) => job.kind !== 'reminder' && !job.dead && Temporal.Instant.compare(job.dueAt, soon) < 0,
  )
  if (wakes) await notifyLive(ctx.db, 'wf', '')
  await publishChanges(ctx, run)
  return { value, run, tree }
}

/** Locks a tree of instances, plays one command on it, writes and tells what changed. @throws notFound when there is no such tree */
export async function changeTree<T>(
  ctx: Ctx,
  ref: TreeRef,
  act: (run: Run, tree: Loaded) => T | Promise<T>,
  options: ChangeOptions = {},
): Promise<Change<T>> {
  const tree = (await lockTree(ctx.db, ref)) ?? fail(commonProblems.notFound)
  return play(ctx, tree, [...new Set(tree.state.instances.map((one) => one.defId))], act, options)
}

/** Begins a new tree. */
export function beginTree<T>(ctx: Ctx, rootId: string, defId: string, act: (run: Run) => T | Promise<T>): Promise<Change<T>> {
  const tree: Loaded = { rootId, state: emptyState(), extra: new Map(), names: new Map() }
  return play(ctx, tree, [defId], act, {})
}
