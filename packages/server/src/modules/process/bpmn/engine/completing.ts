import { evaluateCondition, FeelError } from '../model/feel.ts'
import type { UserNode } from '../program.ts'
import { Refusal, Undecidable } from './env.ts'
import type { Run } from './run.ts'
import type { TaskRow, TokenRow } from './state.ts'

export interface Completion {
  outcome: string | null
  comment: string | null
  /** Facts that conditions need; business data stays in business tables. */
  facts: Record<string, unknown>
}

const isPending = (task: TaskRow): boolean => task.status === 'OPEN' || task.status === 'BLOCKED'

/** The task if it can be acted on. @throws Refusal naming what is in the way */
export function actionable(run: Run, taskId: string): { task: TaskRow; token: TokenRow; node: UserNode } {
  const task = run.tasks.get(taskId)
  if (!task) throw new Refusal('task-unknown', { taskId })
  if (task.status === 'BLOCKED') throw new Refusal('task-blocked', { taskId })
  const token = run.tokens.get(task.tokenId)
  if (task.status !== 'OPEN' || !token) throw new Refusal('task-gone', { taskId })
  const node = run.nodeAt(task)
  if (node.kind !== 'user') throw new Error(`${task.node} is no user task`)
  return { task, token, node }
}

export function noteTask(run: Run, kind: Parameters<Run['record']>[0], task: TaskRow, data: Record<string, unknown>): void {
  const { instanceId, node, tokenId, lineage } = task
  const onBehalfOf = run.env.onBehalfOf?.(task.roles, run.instanceOf(task)) ?? null
  run.record(kind, { instanceId, node, tokenId, lineage, taskId: task.id, data: onBehalfOf === null ? data : { ...data, onBehalfOf } })
}

export function closeTask(run: Run, task: TaskRow, { outcome, comment }: Completion): void {
  task.status = 'DONE'
  task.doneAt = run.env.now
  task.doneBy = run.by.personId
  task.doneByName = run.by.name
  task.outcome = outcome
  task.comment = comment
  run.touchTask(task)
  for (const job of run.jobs.values()) if (job.taskId === task.id) run.removeJob(job.id)
}

/** Votes of a countersignature by outcome; the outcomes the model declares are there from the start, with 0. */
function votesOf(node: UserNode, voices: readonly TaskRow[]): Record<string, number> {
  const votes: Record<string, number> = Object.fromEntries(node.outcomes.map((outcome) => [outcome, 0]))
  for (const { outcome } of voices) if (outcome !== null) votes[outcome] = (votes[outcome] ?? 0) + 1
  return votes
}

/** The voices of the round that is under way. */
const voicesOf = (run: Run, token: TokenRow, node: UserNode): TaskRow[] =>
  [...run.tasks.values()].filter((one) => one.tokenId === token.id && one.node === node.id && one.kind === 'EACH' && !one.superseded)

/** Whether the countersignature is decided; opens the next voice of a sequential one. */
function isDecided(run: Run, token: TokenRow, node: UserNode, outcome: string | null): boolean {
  const { many } = node
  if (!many) return true
  const round = voicesOf(run, token, node)
  const done = round.filter((one) => one.status === 'DONE')
  const total = token.items?.length ?? round.length
  const votes = votesOf(node, done)
  const instance = run.instanceOf(token)
  if (many.completion !== null) {
    try {
      const tally = { outcome, votes, done: done.length, open: total - done.length, total }
      if (evaluateCondition(many.completion, run.context(instance, tally))) return true
    } catch (error) {
      if (error instanceof FeelError) throw new Undecidable(node.id, error.zh, error.en)
      throw error
    }
  }
  if (done.length >= total) return true
  const waiting = round.some(isPending)
  if (many.sequential && !waiting) {
    run.openTask(token, node, done.length, { name: many.elementVariable, value: token.items?.[done.length] })
  }
  return false
}

/** The step is over: on by the model, or straight back to who returned it. */
function leaveStep(run: Run, token: TokenRow): void {
  const { jump } = token
  if (!jump) {
    run.leave(token)
    return
  }
  const gone = run.disarm(token)
  token.jump = null
  run.record('jump', {
    instanceId: token.instanceId,
    node: jump.node,
    tokenId: token.id,
    lineage: token.lineage,
    data: { from: token.node, gone },
  })
  if (jump.assignee !== null) run.preset.set(token.id, jump.assignee)
  run.goTo(token, jump.node)
}

function unblock(run: Run, task: TaskRow): void {
  task.status = 'OPEN'
  run.touchTask(task)
  run.opened.add(task.id)
}

/** An added signature is done: the task it was asked for may go on. */
function settleAdded(run: Run, task: TaskRow): void {
  const anchor = task.anchor === null ? undefined : run.tasks.get(task.anchor)
  if (!anchor || task.position !== 'BEFORE' || anchor.status !== 'BLOCKED') return
  const others = [...run.tasks.values()].some((one) => one.anchor === anchor.id && one.position === 'BEFORE' && isPending(one))
  if (!others) unblock(run, anchor)
}

/** 同意、驳回 and every other outcome: the model decides where to go. */
export function completeTask(run: Run, taskId: string, completion: Completion): void {
  const { task, token, node } = actionable(run, taskId)
  closeTask(run, task, completion)
  noteTask(run, 'complete', task, { outcome: completion.outcome, comment: completion.comment, position: task.position })
  if (task.kind === 'ADDED') settleAdded(run, task)
  else {
    const instance = run.instanceOf(token)
    run.setVars(instance, {
      outcome: completion.outcome,
      [node.id]: { outcome: completion.outcome, by: run.by.personId },
      ...completion.facts,
    })
    for (const one of run.tasks.values())
      if (one.anchor === task.id && one.position === 'AFTER' && one.status === 'BLOCKED') unblock(run, one)
    if (isDecided(run, token, node, completion.outcome)) {
      for (const one of run.tasks.values()) {
        if (one.tokenId !== token.id || one.kind !== 'EACH' || !isPending(one)) continue
        one.status = 'CANCELLED'
        one.doneAt = run.env.now
        run.touchTask(one)
      }
      if (node.many) {
        const voices = voicesOf(run, token, node).filter((one) => one.status === 'DONE')
        run.setVars(instance, { [node.id]: { outcome: completion.outcome, votes: votesOf(node, voices), done: voices.length } })
      }
    }
  }
  if (![...run.tasks.values()].some((one) => one.tokenId === token.id && isPending(one))) leaveStep(run, token)
  run.drain()
}
