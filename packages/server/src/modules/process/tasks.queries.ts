import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { type processApi, processProblems, type TaskDetail } from '@changbai/contract/process.ts'
import { personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { SHANGHAI } from '../../platform/time.ts'
import { doersOf, doneBefore, mayAct, maySeeInstance } from './authority.ts'
import { returnTargets } from './bpmn/engine/returning.ts'
import { Run } from './bpmn/engine/run.ts'
import type { TaskRow } from './bpmn/engine/state.ts'
import type { UserNode } from './bpmn/program.ts'
import { type Loaded, readTreeOf } from './engine.store.ts'
import { branchRev, lastReturnTo } from './history.store.ts'
import { mayConsent, wasReviewed } from './instances.service.ts'
import { loadWorkClock } from './ports.ts'
import { taskBrief, taskBriefs } from './present.ts'
import { loadProgram, programOf } from './programs.ts'
import {
  countMyTasks,
  countOthersTasks,
  doneTasks,
  type MyTasks,
  myTasks,
  NO_LIMIT,
  othersTasks,
  type Stretch,
  type TaskListRow,
  taskData,
  tasksByIds,
} from './tasks.store.ts'

type Urgency = 'overdue' | 'today' | 'week' | 'later' | 'none'
const COUNT_LIMIT = 1_000

/** Stretches of urgency by contract days: until now, until midnight, seven days more, later, without a limit. */
function stretchOf(urgency: Urgency | undefined, now: Temporal.Instant): Stretch {
  const midnight = now.toZonedDateTimeISO(SHANGHAI).toPlainDate().add({ days: 1 }).toZonedDateTime(SHANGHAI)
  const today = midnight.toInstant()
  const week = midnight.add({ days: 7 }).toInstant()
  if (urgency === undefined) return {}
  return {
    overdue: { before: now },
    today: { from: now, before: today },
    week: { from: today, before: week },
    later: { from: week, before: NO_LIMIT },
    none: { from: NO_LIMIT },
  }[urgency]
}

/** My tasks: assigned to me or open to a role of mine, most urgent first. */
export async function tasksFor(ctx: Ctx, input: Input<typeof processApi.tasks>): Promise<Reply<typeof processApi.tasks>> {
  const rows = await myTasks(ctx.db, {
    personId: personOf(ctx.actor),
    grants: ctx.actor.grants,
    group: input.group,
    stretch: stretchOf(input.urgency, ctx.now),
    processKey: input.processKey,
    q: input.q,
    after: readCursor(input.after),
    limit: input.limit + 1,
  })
  const { items, next } = pageOf(rows, input.limit, (row) => [row.urgent_at.toString(), row.id])
  return { items: await taskBriefs(ctx, items), next }
}

export async function summariseTasks(ctx: Ctx): Promise<Reply<typeof processApi.taskSummary>> {
  const personId = personOf(ctx.actor)
  const query: MyTasks = { personId, grants: ctx.actor.grants, group: 'all', stretch: {}, limit: COUNT_LIMIT }
  const count = (urgency: Urgency) => countMyTasks(ctx.db, { ...query, stretch: stretchOf(urgency, ctx.now) })
  const midnight = stretchOf('today', ctx.now).before
  const [next] = await myTasks(ctx.db, { ...query, stretch: midnight ? { from: midnight } : {}, limit: 1 })
  return {
    overdue: await count('overdue'),
    today: await count('today'),
    week: await count('week'),
    later: await count('later'),
    none: await count('none'),
    mine: await countMyTasks(ctx.db, { ...query, group: 'mine' }),
    claimable: await countMyTasks(ctx.db, { ...query, group: 'claimable' }),
    nextDueAt: next?.due_at?.toString() ?? null,
    waiting: await countOthersTasks(ctx.db, { personId, grants: ctx.actor.grants, limit: COUNT_LIMIT }),
  }
}

export async function tasksOfOthers(ctx: Ctx, input: Input<typeof processApi.waiting>): Promise<Reply<typeof processApi.waiting>> {
  const rows = await othersTasks(ctx.db, {
    personId: personOf(ctx.actor),
    grants: ctx.actor.grants,
    q: input.q,
    after: readCursor(input.after),
    limit: input.limit + 1,
  })
  const { items, next } = pageOf(rows, input.limit, (row) => [row.urgent_at.toString(), row.id])
  return { items: await taskBriefs(ctx, items), next }
}

export async function tasksDone(ctx: Ctx, input: Input<typeof processApi.doneTasks>): Promise<Reply<typeof processApi.doneTasks>> {
  const rows = await doneTasks(ctx.db, {
    personId: personOf(ctx.actor),
    q: input.q,
    after: readCursor(input.after),
    limit: input.limit + 1,
  })
  const { items, next } = pageOf(rows, input.limit, (row) => [row.done_at?.toString() ?? '', row.id])
  const clock = await loadWorkClock(ctx)
  return {
    items: items.map((row) => ({
      ...taskBrief(row, ctx.now, clock),
      doneAt: row.done_at?.toString() ?? '',
      outcome: row.outcome,
      mayRecall: row.kind === 'MAIN' && !row.superseded,
    })),
    next,
  }
}

/** A run that only looks: nothing it does is written. */
export async function readingRun(ctx: Ctx, tree: Loaded): Promise<Run> {
  for (const { defId } of tree.state.instances) await loadProgram(ctx.db, defId)
  const refuse = (): never => {
    throw new Error('a reading run does not move')
  }
  return new Run(
    {
      now: ctx.now,
      newId: refuse,
      addTime: refuse,
      shareOf: refuse,
      parameter: refuse,
      latest: refuse,
      programOf,
      by: { personId: ctx.actor.personId, name: ctx.actor.name },
    },
    tree.state,
  )
}

interface Seen {
  ctx: Ctx
  run: Run
  tree: Loaded
  task: TaskRow
  node: UserNode
  row: TaskListRow
}

/** Why the reader cannot complete the task; null when they can. */
function hindrance({ ctx, run, tree, task, node }: Seen): { zh: string; en: string } | null {
  const instance = run.instanceOf(task)
  if (task.status === 'BLOCKED') {
    const names = [...run.tasks.values()]
      .filter((one) => one.anchor === task.id && one.status === 'OPEN')
      .map((one) => tree.names.get(one.id) ?? '')
    const [zh, en] = [processProblems.taskBlocked.title.zh, processProblems.taskBlocked.title.en]
    const fill = (text: string) => text.replace('{task}', node.name).replace('{waitingFor}', names.join('、'))
    return { zh: fill(zh), en: fill(en) }
  }
  if (task.status !== 'OPEN') return { zh: '这一步已办完', en: 'This step is done' }
  const who = doersOf(ctx, task, tree.names.get(task.id) ?? null)
  if (!mayAct(ctx.actor, task, instance)) {
    const { zh, en } = processProblems.notYours.title
    return { zh: zh.replace('{who}', who), en: en.replace('{who}', who) }
  }
  const step =
    task.kind === 'ADDED' ? null : doneBefore(programOf(instance.defId), run.tasks.values(), instance, node.id, ctx.actor.personId)
  if (step === null) return null
  const { zh, en } = processProblems.fourEyes.title
  return { zh: zh.replace('{step}', step), en: en.replace('{step}', step) }
}

function permissions(seen: Seen, free: boolean): TaskDetail['may'] {
  const { ctx, run, tree, task, node } = seen
  const root = run.instances.get(run.instanceOf(task).rootId) ?? run.instanceOf(task)
  const isStarter = root.starter !== null && root.starter === ctx.actor.personId
  const running = root.status === 'RUNNING'
  const asked = tree.extra.get(root.id)?.cancelRequest ?? null
  const reviewed = wasReviewed(run.tasks.values(), root.starter) !== undefined
  const open = free && task.status === 'OPEN'
  return {
    claim: open && task.assignee === null,
    release: open && task.assignee === ctx.actor.personId && task.roles.length > 0,
    complete: open,
    return: open && task.kind !== 'ADDED' && returnTargets(run, task).length > 0,
    transfer: open,
    delegate: open && task.kind !== 'ADDED',
    addSign: open && task.kind !== 'ADDED' && node.many === null,
    recall:
      task.status === 'DONE' &&
      task.doneBy === ctx.actor.personId &&
      task.kind === 'MAIN' &&
      !task.superseded &&
      run.family(task.tokenId).length > 0,
    withdraw: isStarter && running && !reviewed,
    requestCancel: isStarter && running && reviewed && asked === null,
    answerCancel: running && asked !== null && mayConsent(ctx, run, asked.by),
  }
}

const who = (personId: string | null, name: string | null) => ({ personId, name: name ?? '' })

/** An earlier approval of the same step by the same person, to be confirmed in one click after a resubmission (ruling 8). */
function earlierApproval({ ctx, run, task }: Seen): TaskDetail['earlier'] {
  const mine = [...run.tasks.values()].filter(
    (one) =>
      one.node === task.node &&
      one.instanceId === task.instanceId &&
      one.status === 'DONE' &&
      one.id !== task.id &&
      one.doneBy === ctx.actor.personId,
  )
  const last = mine.findLast((one) => one.outcome !== null && one.outcome !== 'RETURN' && one.outcome !== 'REJECT')
  if (!last?.doneAt) return null
  return { by: who(last.doneBy, last.doneByName), at: last.doneAt.toString(), outcome: last.outcome ?? '', comment: last.comment }
}

export async function taskDetail(ctx: Ctx, { taskId }: Input<typeof processApi.task>): Promise<Reply<typeof processApi.task>> {
  const tree = (await readTreeOf(ctx.db, { task: taskId })) ?? fail(commonProblems.notFound)
  const run = await readingRun(ctx, tree)
  const task = run.tasks.get(taskId) ?? fail(commonProblems.notFound)
  const instance = run.instanceOf(task)
  const root = run.instances.get(instance.rootId) ?? instance
  if (!(await maySeeInstance(ctx, { ...root, processKey: programOf(root.defId).key }, run.tasks.values()))) fail(commonProblems.notFound)
  const node = run.nodeAt(task)
  const [row] = await tasksByIds(ctx.db, [taskId])
  if (node.kind !== 'user' || !row) return fail(commonProblems.notFound)
  const seen: Seen = { ctx, run, tree, task, node, row }
  const hindered = hindrance(seen)
  const siblings = [...run.tasks.values()].filter(
    (one) => one.tokenId === task.tokenId && one.node === task.node && one.id !== task.id && !one.superseded && one.status !== 'CANCELLED',
  )
  const returned = await lastReturnTo(ctx.db, instance.id, task.node)
  const asked = tree.extra.get(root.id)?.cancelRequest ?? null
  return {
    ...taskBrief(row, ctx.now, await loadWorkClock(ctx)),
    rev: await branchRev(ctx.db, instance.id, task.tokenId),
    instanceStatus: instance.status,
    outcomes: node.outcomes,
    returnTo: returnTargets(run, task).map((one) => ({
      node: one.node,
      name: run.nodeAt(one).name,
      doneBy: who(one.doneBy, one.doneByName),
      doneAt: one.doneAt?.toString() ?? '',
    })),
    returnDefault: node.returnTo,
    may: permissions(seen, hindered === null),
    whyNot: hindered === null ? null : ctx.locale === 'en-US' ? hindered.en : hindered.zh,
    doneBy: task.doneAt ? who(task.doneBy, task.doneByName) : null,
    doneAt: task.doneAt?.toString() ?? null,
    outcome: task.outcome,
    comment: task.comment,
    data: (await taskData(ctx.db, taskId))?.data ?? null,
    returned,
    earlier: task.status === 'OPEN' ? earlierApproval(seen) : null,
    beside: siblings.map((one) => ({
      id: one.id,
      kind: one.kind,
      state: one.status,
      assignee: one.assignee === null ? null : who(one.assignee, tree.names.get(one.id) ?? null),
      roles: one.roles,
      name: node.name,
      createdAt: one.createdAt.toString(),
      outcome: one.outcome,
    })),
    cancelRequest: asked && { by: who(asked.by, asked.byName), at: asked.at, reason: asked.reason },
  }
}
