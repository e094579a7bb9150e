import type { UserNode } from '../program.ts'
import { actionable, noteTask } from './completing.ts'
import { Refusal } from './env.ts'
import type { Run } from './run.ts'
import type { TaskRow } from './state.ts'

export interface Person {
  personId: string
  name: string
}

/** 认领: one winner; who comes later is told who was first. */
export function claimTask(run: Run, taskId: string): TaskRow {
  const { task } = actionable(run, taskId)
  if (task.assignee !== null && task.assignee !== run.by.personId) throw new Refusal('claimed', { taskId })
  if (task.assignee === null) {
    task.assignee = run.by.personId
    task.claimedAt = run.env.now
    run.touchTask(task)
    noteTask(run, 'claim', task, {})
  }
  return task
}

/** Back to everybody with the role; a task given to a person by the model has no role to go back to. */
export function releaseTask(run: Run, taskId: string): TaskRow {
  const { task } = actionable(run, taskId)
  if (task.roles.length === 0) throw new Refusal('not-claimable', { taskId })
  task.assignee = null
  task.claimedAt = null
  run.touchTask(task)
  noteTask(run, 'release', task, {})
  return task
}

/** 转办: the task is another person's from now on. */
export function transferTask(run: Run, taskId: string, to: Person, comment: string): TaskRow {
  const { task } = actionable(run, taskId)
  const from = task.assignee
  task.assignee = to.personId
  task.claimedAt = run.env.now
  run.touchTask(task)
  noteTask(run, 'transfer', task, { from, to: to.personId, toName: to.name, comment })
  return task
}

function addedTask(
  run: Run,
  anchor: TaskRow,
  node: UserNode,
  to: Person,
  position: NonNullable<TaskRow['position']>,
  seq: number,
): TaskRow {
  const task: TaskRow = {
    ...anchor,
    id: run.env.newId(),
    node: node.id,
    kind: 'ADDED',
    status: position === 'AFTER' ? 'BLOCKED' : 'OPEN',
    assignee: to.personId,
    roles: [],
    formKey: null,
    createdAt: run.env.now,
    claimedAt: null,
    seq,
    anchor: anchor.id,
    position,
  }
  run.addTask(task)
  run.armReminders(task)
  return task
}

/** 加签 before, beside or after the task; 委派 is one signature before, coming back to who delegated. */
export function addSigners(
  run: Run,
  taskId: string,
  people: readonly Person[],
  position: NonNullable<TaskRow['position']>,
  comment: string,
  kind: 'addsign' | 'delegate' = 'addsign',
): TaskRow[] {
  const { task, node } = actionable(run, taskId)
  const added = people.map((to, seq) => addedTask(run, task, node, to, position, seq))
  if (position === 'BEFORE') {
    task.assignee ??= run.by.personId
    task.status = 'BLOCKED'
  }
  run.touchTask(task)
  noteTask(run, kind, task, { position, to: people.map((to) => to.personId), toNames: people.map((to) => to.name), comment })
  return added
}
