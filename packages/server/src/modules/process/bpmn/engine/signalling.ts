import { type BpmnError, Refusal } from './env.ts'
import type { Run } from './run.ts'
import type { InstanceRow, JobRow, TaskRow, TokenRow } from './state.ts'

function hostOf(run: Run, row: { tokenId: string }): TokenRow {
  const token = run.tokens.get(row.tokenId)
  if (!token) throw new Refusal('token-gone', { tokenId: row.tokenId })
  return token
}

/** A border event fired, or the event the token rests on. */
function proceed(run: Run, token: TokenRow, node: string): void {
  if (token.node === node) {
    run.leave(token)
    return
  }
  const event = run.nodeAt({ instanceId: token.instanceId, node })
  if (event.kind !== 'boundary') throw new Error(`${node} does not wait`)
  if (event.interrupting) run.interrupt(token, node)
  else run.spawnBeside(token, node)
}

/** A due timer. Cycles arm themselves again. */
export function fireTimer(run: Run, jobId: string): void {
  const job = run.jobs.get(jobId)
  if (job?.kind !== 'timer') throw new Refusal('job-gone', { jobId })
  const token = hostOf(run, job)
  run.record('timer', {
    instanceId: job.instanceId,
    node: job.node,
    tokenId: token.id,
    lineage: token.lineage,
    data: { dueAt: job.dueAt.toString() },
  })
  if (!run.rearm(job)) run.removeJob(job.id)
  proceed(run, token, job.node)
  run.drain()
}

/** A share of a task's limit is used: each row fires once. @returns the task, or null when it is no longer open */
export function fireReminder(run: Run, jobId: string): { task: TaskRow; percent: number } | null {
  const job = run.jobs.get(jobId)
  if (job?.kind !== 'reminder') throw new Refusal('job-gone', { jobId })
  run.removeJob(job.id)
  const task = job.taskId === null ? undefined : run.tasks.get(job.taskId)
  if (!task || job.percent === null || (task.status !== 'OPEN' && task.status !== 'BLOCKED')) return null
  run.record('reminder', {
    instanceId: job.instanceId,
    node: job.node,
    tokenId: job.tokenId,
    lineage: task.lineage,
    taskId: task.id,
    data: { percent: job.percent },
  })
  return { task, percent: job.percent }
}

export function deliverMessage(run: Run, waitId: string, payload: Record<string, unknown>): void {
  const wait = run.waits.get(waitId)
  if (!wait) throw new Refusal('wait-gone', { waitId })
  const token = hostOf(run, wait)
  run.record('message', {
    instanceId: wait.instanceId,
    node: wait.node,
    tokenId: token.id,
    lineage: token.lineage,
    data: { name: wait.name, key: wait.key },
  })
  run.removeWait(wait.id)
  run.setVars(run.instanceOf(token), payload)
  proceed(run, token, wait.node)
  run.drain()
}

/** A service is done, by a handler in the transaction or by an outside job. */
export function finishService(run: Run, tokenId: string, facts: Record<string, unknown>): void {
  const token = hostOf(run, { tokenId })
  const node = run.nodeAt(token)
  if (node.kind !== 'service') throw new Refusal('token-gone', { tokenId })
  run.record('job', { instanceId: token.instanceId, node: node.id, tokenId: token.id, lineage: token.lineage, data: { topic: node.topic } })
  run.setVars(run.instanceOf(token), facts)
  run.leave(token)
  run.drain()
}

/** A service threw a business error: the innermost matching boundary takes it, else it is an incident. */
export function failService(run: Run, tokenId: string, error: BpmnError, job: JobRow | null): void {
  const token = hostOf(run, { tokenId })
  run.record('error', {
    instanceId: token.instanceId,
    node: token.node,
    tokenId: token.id,
    lineage: token.lineage,
    data: { code: error.code, error: error.message },
  })
  if (run.throwError(token, error.code)) {
    run.drain()
    return
  }
  raiseIncident(run, token, `${error.code}: ${error.message}`, job ?? retryRow(run, token))
}

/** A service that failed in the transaction has no row yet; an administrator's retry needs one. */
function retryRow(run: Run, token: TokenRow): JobRow {
  const node = run.nodeAt(token)
  return run.addJob({
    instanceId: token.instanceId,
    tokenId: token.id,
    node: token.node,
    kind: 'service',
    topic: node.kind === 'service' ? node.topic : null,
    dueAt: run.env.now,
    repeat: null,
    every: null,
    taskId: null,
    percent: null,
  })
}

/** Something a person has to look at; the token rests until it is retried. A failed border timer leaves its host alone. */
export function raiseIncident(run: Run, token: TokenRow, error: string, job: JobRow | null): void {
  if (job === null || job.node === token.node) {
    token.state = 'incident'
    run.touchToken(token)
  }
  if (job) {
    job.dead = true
    job.lastError = error
    run.touchJob(job)
  }
  run.record('incident', {
    instanceId: token.instanceId,
    node: job?.node ?? token.node,
    tokenId: token.id,
    lineage: token.lineage,
    data: { error, topic: job?.topic ?? null },
  })
}

/** An administrator lets the machine try again at once. */
export function retryJob(run: Run, jobId: string, comment: string): void {
  const job = run.jobs.get(jobId)
  const token = job && run.tokens.get(job.tokenId)
  if (!job?.dead || !token) throw new Refusal('job-gone', { jobId })
  job.dead = false
  job.attempts = 0
  job.dueAt = run.env.now
  run.touchJob(job)
  if (token.state === 'incident') {
    token.state = 'wait'
    run.touchToken(token)
  }
  run.record('retry', { instanceId: job.instanceId, node: job.node, tokenId: token.id, lineage: token.lineage, data: { comment } })
}

/** 撤回, 撤销 and 终止: everything stops; compensation is modelled, not implied. */
export function cancelTree(run: Run, root: InstanceRow, kind: 'withdraw' | 'cancel', reason: string): void {
  const gone = run.kill([...run.tokens.values()].filter((token) => token.instanceId === root.id))
  run.record(kind, { instanceId: root.id, data: { reason, gone } })
  run.endInstance(root, 'CANCELLED')
}
