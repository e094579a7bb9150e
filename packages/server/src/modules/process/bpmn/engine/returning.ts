import { flowOf, nodeOf, type Program } from '../program.ts'
import { actionable, closeTask } from './completing.ts'
import { Refusal } from './env.ts'
import type { Run } from './run.ts'
import type { EventRow, TaskRow, TokenRow } from './state.ts'

/** Can a token walk from one element to another along flows, borders and into or out of sub-processes? */
function leadsTo(program: Program, from: string, to: string): boolean {
  const seen = new Set<string>()
  const todo = [from]
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    if (seen.has(id)) continue
    seen.add(id)
    const node = nodeOf(program, id)
    const next = [...node.out.map((flow) => flowOf(program, flow).to), ...node.boundaries]
    const inner = node.kind === 'sub' ? program.starts.get(node.id) : undefined
    if (inner) next.push(inner)
    if (node.kind === 'end' && program.nodes.has(node.scope))
      next.push(...nodeOf(program, node.scope).out.map((flow) => flowOf(program, flow).to))
    if (next.includes(to)) return true
    todo.push(...next)
  }
  return false
}

/**
 * Did the parallel branch of that step join the others already, while a side path out of it goes on? Whoever went back there would wait at the join for
 * branches that never come again. Until a join fires each of its branches has a token, be it one that waits.
 */
function isJoined(run: Run, target: TaskRow): boolean {
  const fork = target.lineage.at(-1)
  if (fork === undefined || run.tokens.has(target.tokenId)) return false
  const isMain = ({ strand }: TokenRow): boolean => strand === null || strand === target.tokenId || target.lineage.includes(strand)
  const hasSidePath = run.family(target.tokenId).some((one) => !isMain(one))
  return hasSidePath && ![...run.tokens.values()].some((one) => one.lineage.includes(fork) && isMain(one))
}

/** Finished human steps of my branch or of what it came from, newest first, one per step. */
export function returnTargets(run: Run, task: TaskRow): TaskRow[] {
  const program = run.programOf(task)
  const byStep = new Map<string, TaskRow>()
  const mine = new Set([task.tokenId, ...task.lineage])
  const done = [...run.tasks.values()].filter(
    (one) =>
      one.status === 'DONE' && one.kind !== 'ADDED' && !one.superseded && one.instanceId === task.instanceId && mine.has(one.tokenId),
  )
  done.sort((one, other) => Temporal.Instant.compare(other.doneAt ?? other.createdAt, one.doneAt ?? one.createdAt))
  for (const one of done) {
    if (one.node !== task.node && !byStep.has(one.node) && leadsTo(program, one.node, task.node) && !isJoined(run, one))
      byStep.set(one.node, one)
  }
  return [...byStep.values()]
}

/** Kills the family of a step and puts its token back on it, for the same person. */
function reopen(run: Run, target: TaskRow, kind: 'return' | 'recall', data: Record<string, unknown>, by: TaskRow): TokenRow {
  const family = run.family(target.tokenId)
  const host = run.tokens.get(target.tokenId)
  const parent = host ? host.parent : parentOf(run, target, family)
  const strand = family.map((one) => one.strand).find((id) => id !== null && (id === target.tokenId || target.lineage.includes(id))) ?? null
  const gone = run.kill(family)
  for (const one of run.tasks.values()) {
    const inside = one.tokenId === target.tokenId || one.lineage.includes(target.tokenId)
    const later = Temporal.Instant.compare(one.createdAt, target.createdAt) >= 0
    if (inside && later && !one.superseded) {
      one.superseded = true
      run.touchTask(one)
    }
  }
  const { id, name } = { id: target.node, name: run.nodeAt(target).name }
  run.record(kind, {
    instanceId: by.instanceId,
    node: by.node,
    tokenId: by.tokenId,
    lineage: by.lineage,
    taskId: by.id,
    data: { ...data, to: id, toName: name, gone },
  })
  const token = run.addToken({
    id: target.tokenId,
    instanceId: target.instanceId,
    parent,
    node: target.node,
    lineage: target.lineage,
    strand,
    fork: null,
  })
  if (target.doneBy !== null) run.preset.set(token.id, target.doneBy)
  return token
}

/** The sub-process host a forked token lived in: the nearest of its lineage that is a scope and still there. */
function parentOf(run: Run, target: TaskRow, family: readonly TokenRow[]): string | null {
  const [any] = family
  if (!any) return null
  const hosts = target.lineage.filter((id) => run.tokens.get(id)?.state === 'scope' && run.tokens.get(id)?.instanceId === target.instanceId)
  return hosts.at(-1) ?? null
}

export interface ReturnOrder {
  toNode: string
  /** REDO walks the way again; DIRECT comes straight back; absent = DIRECT where the branch allows it. */
  mode?: 'REDO' | 'DIRECT' | undefined
  reasons: { field: string; text: string }[]
  comment: string | null
}

/**
 * 退回: cancels all that came from the step, parallel siblings too, and opens it again for who did it.
 * Coming back DIRECT means to this step within one branch, or to the fork when it was one of parallel reviews, so that all of them reopen.
 */
export function returnTask(run: Run, taskId: string, { toNode, mode, reasons, comment }: ReturnOrder): void {
  const { task, token } = actionable(run, taskId)
  const target = returnTargets(run, task).find((one) => one.node === toNode)
  if (!target) throw new Refusal('no-return', { step: toNode })
  const { fork } = token
  const sameBranch = target.tokenId === token.id
  const oneForkBelow = fork !== null && token.lineage.at(-1) === target.tokenId
  if (mode === 'DIRECT' && !sameBranch && !oneForkBelow) throw new Refusal('no-return', { step: toNode })
  const direct = mode !== 'REDO' && (sameBranch || oneForkBelow)
  const jump = direct ? { node: sameBranch ? task.node : (fork as string), assignee: sameBranch ? run.by.personId : null } : null

  closeTask(run, task, { outcome: 'RETURN', comment, facts: {} })
  const back = reopen(run, target, 'return', { reasons, comment, mode: direct ? 'DIRECT' : 'REDO' }, task)
  back.jump = jump
  run.returned.add(back.id)
  run.goTo(back, target.node)
  run.drain()
}

/** Events after which a step cannot be taken back: somebody acted, or something left the house. */
const BARRIERS = new Set<EventRow['kind']>(['complete', 'job', 'message', 'interrupt', 'error', 'return', 'migrate'])

/** What stands in the way of taking a finished step back, if anything. */
export const barrierAfter = (task: TaskRow, later: readonly EventRow[]): EventRow | undefined =>
  later.find((event) => BARRIERS.has(event.kind) && (event.tokenId === task.tokenId || event.lineage.includes(task.tokenId)))

/**
 * 收回: by who completed the step, while nobody has acted since.
 * @param later events of the tree after the completion, oldest first
 */
export function recallTask(run: Run, taskId: string, later: readonly EventRow[], comment: string | null): void {
  const task = run.tasks.get(taskId)
  if (!task) throw new Refusal('task-unknown', { taskId })
  const node = run.nodeAt(task)
  if (task.status !== 'DONE' || task.doneBy !== run.by.personId || task.superseded || task.kind !== 'MAIN') {
    throw new Refusal('no-recall', { step: node.name, by: task.doneByName ?? '' })
  }
  const barrier = barrierAfter(task, later)
  if (barrier) {
    const at = barrier.node === null ? node.name : (run.programOf(task).nodes.get(barrier.node)?.name ?? barrier.node)
    throw new Refusal('no-recall', { step: at, by: barrier.actorName ?? '' })
  }
  if (run.family(task.tokenId).length === 0 || isJoined(run, task)) throw new Refusal('no-recall', { step: node.name, by: '' })
  const token = reopen(run, task, 'recall', { comment }, task)
  run.goTo(token, task.node)
  run.drain()
}
