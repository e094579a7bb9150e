import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { type processApi, processProblems } from '@changbai/contract/process.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { fieldErrors } from '../../platform/problem.ts'
import { lenderFor, requireDoer } from './authority.ts'
import { addSigners, claimTask as claim, type Person, releaseTask as release, transferTask as transfer } from './bpmn/engine/assigning.ts'
import { actionable, completeTask as complete } from './bpmn/engine/completing.ts'
import { returnTask as giveBack, recallTask as recall } from './bpmn/engine/returning.ts'
import type { Run } from './bpmn/engine/run.ts'
import type { TaskRow } from './bpmn/engine/state.ts'
import type { UserNode } from './bpmn/program.ts'
import type { Loaded } from './engine.store.ts'
import { type Facts, formOf } from './handlers.ts'
import { branchRev, eventsAfterCompletion } from './history.store.ts'
import { taskNotice } from './notices.ts'
import { loadWorkClock, processPorts } from './ports.ts'
import { moved, taskBrief, taskBriefs } from './present.ts'
import { changeTree, serviceCall } from './session.ts'
import { tasksByIds } from './tasks.store.ts'

/** The open task, for somebody who may do it. */
function claimable(ctx: Ctx, run: Run, tree: Loaded, taskId: string): ReturnType<typeof actionable> {
  const found = actionable(run, taskId)
  requireDoer(ctx, run, found.task, tree.names.get(taskId) ?? null)
  return found
}

/** @throws staleInstance when the form showed an older state of this branch of the matter */
async function requireRev(ctx: Ctx, task: TaskRow, rev: number | undefined): Promise<void> {
  if (rev === undefined) return
  const now = await branchRev(ctx.db, task.instanceId, task.tokenId)
  if (rev !== now) fail(processProblems.staleInstance, { rev: now })
}

async function briefOf(ctx: Ctx, taskId: string): Promise<Reply<typeof processApi.claim>> {
  const [row] = await tasksByIds(ctx.db, [taskId])
  return taskBrief(row ?? fail(commonProblems.notFound), ctx.now, await loadWorkClock(ctx))
}

async function movedBy(ctx: Ctx, run: Run, taskId: string): Promise<Reply<typeof processApi.complete>> {
  const rows = await tasksByIds(ctx.db, [...run.opened])
  return moved(
    run,
    taskId,
    await taskBriefs(
      ctx,
      rows.filter((row) => row.status === 'OPEN'),
    ),
  )
}

const recordTask = (ctx: Ctx, kind: string, run: Run, taskId: string, data: Record<string, unknown>): Promise<void> => {
  const task = run.tasks.get(taskId)
  const instance = task && run.instanceOf(task)
  const onBehalfOf = instance && lenderFor(ctx.actor, task.roles, instance)
  return ctx.record({
    kind,
    subject: { type: 'task', id: taskId },
    tenantId: instance?.tenantId ?? null,
    data: {
      node: task?.node,
      process: instance && run.programOf({ instanceId: instance.id }).key,
      businessKey: instance?.businessKey,
      ...(onBehalfOf && { onBehalfOf }),
      ...data,
    },
  })
}

async function person(ctx: Ctx, personId: string): Promise<Person> {
  const name = await processPorts().openPerson(ctx, personId)
  return { personId, name: name ?? fail(processProblems.unknownPerson, { personId }) }
}

export async function claimTask(ctx: Ctx, { taskId }: Input<typeof processApi.claim>): Promise<Reply<typeof processApi.claim>> {
  const { run } = await changeTree(ctx, { task: taskId }, (run, tree) => {
    const { task } = actionable(run, taskId)
    if (task.assignee !== null && task.assignee !== ctx.actor.personId && task.claimedAt !== null) {
      fail(processProblems.claimedByOther, { by: tree.names.get(taskId) ?? '', at: task.claimedAt.toString() })
    }
    claimable(ctx, run, tree, taskId)
    claim(run, taskId)
  })
  await recordTask(ctx, 'task.claimed', run, taskId, {})
  return briefOf(ctx, taskId)
}

export async function releaseTask(ctx: Ctx, { taskId }: Input<typeof processApi.release>): Promise<Reply<typeof processApi.release>> {
  const { run } = await changeTree(ctx, { task: taskId }, (run, tree) => {
    claimable(ctx, run, tree, taskId)
    release(run, taskId)
  })
  await recordTask(ctx, 'task.released', run, taskId, {})
  return briefOf(ctx, taskId)
}

/** Checks what was filled in and lets the owning module write its rows. */
async function runForm(
  ctx: Ctx,
  run: Run,
  task: TaskRow,
  completion: { outcome: string | null; comment: string | null },
  data: Record<string, unknown>,
): Promise<Facts> {
  if (task.formKey === null) return {}
  const form = formOf(task.formKey)
  if (!form) throw new Error(`no form ${task.formKey}`)
  const parsed = form.schema.safeParse(data)
  if (!parsed.success) fail(processProblems.badData, {}, fieldErrors(parsed.error, ctx.locale))
  return (await form.handler(ctx, { ...serviceCall(run, task), taskId: task.id, ...completion }, parsed.data)) ?? {}
}

function requireOutcome(node: UserNode, task: TaskRow, outcome: string | null): void {
  if (task.kind === 'ADDED' || node.outcomes.length === 0) return
  if (outcome === null || !node.outcomes.includes(outcome)) {
    fail(processProblems.badOutcome, { outcome: outcome ?? '', outcomes: node.outcomes.join('、') })
  }
}

export interface CompleteOrder {
  taskId: string
  outcome?: string | undefined
  data?: Record<string, unknown>
  rev?: number | undefined
  comment?: string | undefined
}

/**
 * Completes a step: authorise, check the form, write the business rows, move the tokens, all in the caller's transaction.
 * Of two at once exactly one wins; the other is told who, when and with what outcome.
 */
export async function completeTask(ctx: Ctx, order: CompleteOrder): Promise<Reply<typeof processApi.complete>> {
  return movedBy(ctx, await passTask(ctx, order), order.taskId)
}

/** Likewise, for a caller who shows something else than where the matter has gone. */
export async function passTask(ctx: Ctx, order: CompleteOrder): Promise<Run> {
  const { taskId, rev, data = {} } = order
  const outcome = order.outcome ?? null
  const comment = order.comment ?? null
  const filled = new Map<string, Record<string, unknown>>([[taskId, data]])
  const { run } = await changeTree(
    ctx,
    { task: taskId },
    async (run, tree) => {
      const { task, node } = claimable(ctx, run, tree, taskId)
      await requireRev(ctx, task, rev)
      if (outcome === 'RETURN' && node.returnTo !== null && !node.outcomes.includes('RETURN') && task.kind !== 'ADDED') {
        giveBack(run, taskId, { toNode: node.returnTo, reasons: [], comment })
        return
      }
      requireOutcome(node, task, outcome)
      const facts = await runForm(ctx, run, task, { outcome, comment }, data)
      complete(run, taskId, { outcome, comment, facts })
    },
    { data: filled },
  )
  await recordTask(ctx, 'task.completed', run, taskId, { outcome, comment, form: data })
  return run
}

export async function returnTask(
  ctx: Ctx,
  { taskId, toNode, mode, reasons, comment, rev }: Input<typeof processApi.return>,
): Promise<Reply<typeof processApi.return>> {
  const { run } = await changeTree(ctx, { task: taskId }, async (run, tree) => {
    const { task } = claimable(ctx, run, tree, taskId)
    await requireRev(ctx, task, rev)
    giveBack(run, taskId, { toNode, mode, reasons, comment: comment ?? null })
  })
  await recordTask(ctx, 'task.returned', run, taskId, { toNode, mode, reasons, comment: comment ?? null })
  return movedBy(ctx, run, taskId)
}

export async function recallTask(ctx: Ctx, { taskId, comment }: Input<typeof processApi.recall>): Promise<Reply<typeof processApi.recall>> {
  const { run } = await changeTree(ctx, { task: taskId }, async (run, tree) => {
    const task = run.tasks.get(taskId)
    if (task?.doneBy !== ctx.actor.personId) fail(commonProblems.notFound)
    recall(run, taskId, await eventsAfterCompletion(ctx.db, tree.rootId, taskId), comment ?? null)
  })
  await recordTask(ctx, 'task.recalled', run, taskId, { comment: comment ?? null })
  return movedBy(ctx, run, taskId)
}

export async function transferTask(
  ctx: Ctx,
  { taskId, toPersonId, comment }: Input<typeof processApi.transfer>,
): Promise<Reply<typeof processApi.transfer>> {
  const to = await person(ctx, toPersonId)
  const { run } = await changeTree(ctx, { task: taskId }, (run, tree) => {
    claimable(ctx, run, tree, taskId)
    transfer(run, taskId, to, comment)
  })
  await recordTask(ctx, 'task.transferred', run, taskId, { to: to.personId, comment })
  return briefOf(ctx, taskId)
}

export async function delegateTask(
  ctx: Ctx,
  { taskId, toPersonId, comment }: Input<typeof processApi.delegate>,
): Promise<Reply<typeof processApi.delegate>> {
  const to = await person(ctx, toPersonId)
  const { run } = await changeTree(ctx, { task: taskId }, (run, tree) => {
    claimable(ctx, run, tree, taskId)
    addSigners(run, taskId, [to], 'BEFORE', comment, 'delegate')
  })
  await recordTask(ctx, 'task.delegated', run, taskId, { to: to.personId, comment })
  return briefOf(ctx, taskId)
}

export async function addSign(
  ctx: Ctx,
  { taskId, personIds, when, comment }: Input<typeof processApi.addSign>,
): Promise<Reply<typeof processApi.addSign>> {
  const people: Person[] = []
  for (const id of new Set(personIds)) people.push(await person(ctx, id))
  const { run, value } = await changeTree(ctx, { task: taskId }, (run, tree) => {
    claimable(ctx, run, tree, taskId)
    return addSigners(run, taskId, people, when, comment)
  })
  await recordTask(ctx, 'task.signers-added', run, taskId, { to: personIds, when, comment })
  const rows = await tasksByIds(
    ctx.db,
    value.map((task) => task.id),
  )
  return { added: await taskBriefs(ctx, rows) }
}

/** 催办: anyone who takes part in the matter may ask its handler to hurry. */
export async function remindTask(ctx: Ctx, { taskId, comment }: Input<typeof processApi.remind>): Promise<Reply<typeof processApi.remind>> {
  const { run, value } = await changeTree(ctx, { task: taskId }, async (run, tree) => {
    const task = run.tasks.get(taskId) ?? fail(commonProblems.notFound)
    const mine = [...run.tasks.values()].some((one) => one.doneBy === ctx.actor.personId || one.assignee === ctx.actor.personId)
    if (run.instanceOf(task).starter !== ctx.actor.personId && !mine) fail(commonProblems.notFound)
    actionable(run, taskId)
    run.record('reminder', {
      instanceId: task.instanceId,
      node: task.node,
      tokenId: task.tokenId,
      lineage: task.lineage,
      data: { urged: true, comment: comment ?? null },
    })
    await ctx.publish('task.urged', { ...taskNotice(run, task), by: ctx.actor.personId, byName: ctx.actor.name, comment: comment ?? null })
    return task.assignee === null
      ? task.roles.map((role) => ({ personId: null, name: role }))
      : [{ personId: task.assignee, name: tree.names.get(taskId) ?? '' }]
  })
  await recordTask(ctx, 'task.urged', run, taskId, { comment: comment ?? null })
  return { reminded: value }
}
