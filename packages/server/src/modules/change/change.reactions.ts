import type { ChangeStatus } from '@changbai/contract/change.shapes.ts'
import type { Ctx, Events } from '../../platform/ctx.ts'
import { closeStep, openStep, returnSteps, type Step } from '../admission/index.ts'
import { personNames } from '../identity/index.ts'
import { correlateMessage } from '../process/index.ts'
import { type ChangeRow, ENDED, lockChange, updateChange } from './change.store.ts'

const KEY = 'resource-change'
const BY_NODE: Readonly<Record<string, ChangeStatus>> = {
  assessImpact: 'UNDER_REVIEW',
  assessCapacity: 'UNDER_REVIEW',
  approveNormal: 'PENDING_APPROVAL',
  reviewMeeting: 'PENDING_APPROVAL',
  approveMajor: 'PENDING_APPROVAL',
  approveEmergency: 'PENDING_APPROVAL',
  handleFailure: 'FULFILL_FAILED',
  verifyChange: 'DELIVERED',
}
/** The status a change has while this step is open; null: as before. */
function statusAt(node: string, row: ChangeRow): ChangeStatus | null {
  if (node === 'fillChangeForm') return row.returned ? 'RETURNED' : 'DRAFT'
  if (node === 'acceptChange') return row.reviewed ? 'UNDER_REVIEW' : 'SUBMITTED'
  return BY_NODE[node] ?? null
}
const rowFor = async (ctx: Ctx, told: { processKey: string; businessKey: string }): Promise<ChangeRow | undefined> =>
  told.processKey === KEY ? lockChange(ctx.db, told.businessKey) : undefined

async function stepOf(ctx: Ctx, task: Events['task.created']): Promise<Step> {
  const names = task.assignee ? await personNames(ctx, [task.assignee]) : new Map<string, string>()
  return {
    taskId: task.taskId,
    node: task.node,
    name: task.name,
    assigneeName: task.assignee ? (names.get(task.assignee) ?? null) : null,
    candidateRoles: task.roles,
    since: ctx.now.toString(),
    dueAt: task.dueAt?.toString() ?? null,
  }
}

async function stepOpened(ctx: Ctx, task: Events['task.created']): Promise<void> {
  const row = await rowFor(ctx, task)
  if (!row || task.kind === 'ADDED') return
  const steps = openStep(row.steps, await stepOf(ctx, task))
  await updateChange(ctx.db, row.id, { status: statusAt(task.node, row) ?? row.status, steps: JSON.stringify(steps) }, ctx.now)
}
async function stepDone(ctx: Ctx, task: Events['task.completed']): Promise<void> {
  const row = await rowFor(ctx, task)
  if (row) await updateChange(ctx.db, row.id, { steps: JSON.stringify(closeStep(row.steps, task.taskId)) }, ctx.now)
}
async function stepReassigned(ctx: Ctx, task: Events['task.assigned']): Promise<void> {
  const row = await rowFor(ctx, task)
  const before = row?.steps.find((step) => step.taskId === task.taskId)
  if (!row || !before) return
  const steps = openStep(row.steps, { ...(await stepOf(ctx, task)), since: before.since })
  await updateChange(ctx.db, row.id, { steps: JSON.stringify(steps) }, ctx.now)
}
async function stepReturned(ctx: Ctx, task: Events['task.returned']): Promise<void> {
  const row = await rowFor(ctx, task)
  if (!row) return
  const conclusion = {
    node: task.node,
    result: 'RETURN',
    comment: [task.comment ?? '', ...task.reasons.map((one) => one.text)].filter(Boolean).join('；'),
    facts: {},
    byName: ctx.actor.name,
    at: ctx.now.toString(),
  }
  const back = task.toNode === 'fillChangeForm'
  await updateChange(
    ctx.db,
    row.id,
    {
      reviewed: true,
      returned: back,
      ...(back ? { status: 'RETURNED' as const } : {}),
      steps: JSON.stringify(returnSteps(row.steps, task.toNode)),
      conclusions: JSON.stringify([...row.conclusions, conclusion]),
    },
    ctx.now,
  )
}
async function stepRecalled(ctx: Ctx, task: Events['task.recalled']): Promise<void> {
  const row = await rowFor(ctx, task)
  if (row) await updateChange(ctx.db, row.id, { steps: JSON.stringify(returnSteps(row.steps, task.node)) }, ctx.now)
}
/** Ended from outside: before the first review that is a withdrawal. */
async function instanceEnded(ctx: Ctx, instance: Events['instance.ended']): Promise<void> {
  const row = await rowFor(ctx, instance)
  if (!row) return
  const stopped = instance.status !== 'COMPLETED' && !ENDED.includes(row.status)
  const status = stopped ? (row.reviewed ? 'CANCELLED' : 'WITHDRAWN') : row.status
  await updateChange(ctx.db, row.id, { status, steps: '[]', working: false, ...(stopped ? { closed_at: ctx.now } : {}) }, ctx.now)
  if (stopped)
    await ctx.record({
      kind: status === 'WITHDRAWN' ? 'change.withdrawn' : 'change.cancelled',
      subject: { type: 'change', id: row.id },
      tenantId: row.tenant_id,
      before: { status: row.status },
      after: { status },
      data: { reason: instance.reason },
    })
}

/** The customer has recognised the window of a change, or has not. */
async function downtimeDecided(ctx: Ctx, told: Events['downtime.decided']): Promise<void> {
  if (told.source?.type !== 'change') return
  const [changeId = ''] = told.source.id.split('/')
  await correlateMessage(ctx, {
    name: 'change.downtime-decided',
    key: changeId,
    payload: { recognisedByCustomer: told.recognised },
    dedupId: `${told.downtimeId}`,
  })
}

export const changeReactions = { stepOpened, stepDone, stepReassigned, stepReturned, stepRecalled, instanceEnded, downtimeDecided }
