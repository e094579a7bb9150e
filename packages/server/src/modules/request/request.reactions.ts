import type { MatterStatus } from '@changbai/contract/forms.ts'
import type { Ctx, Events } from '../../platform/ctx.ts'
import {
  addReview,
  closeForms,
  closeStep,
  ENDED,
  openForms,
  openStep,
  returnSteps,
  statusAt,
  statusOfCancelled,
  stepOf,
} from '../admission/index.ts'
import { lockRequest, type RequestRow, updateRequest } from './request.store.ts'

// The engine and the work orders tell what happened; the request's own row follows.

const APPLICANT_STEPS: ReadonlySet<string> = new Set(['prepareCatalog', 'fillProvisionForm'])

const rowFor = async (ctx: Ctx, notice: { processKey: string; businessKey: string }): Promise<RequestRow | undefined> =>
  notice.processKey === 'resource-request' ? lockRequest(ctx.db, notice.businessKey) : undefined

export async function stepOpened(ctx: Ctx, task: Events['task.created']): Promise<void> {
  const row = await rowFor(ctx, task)
  if (!row || task.kind === 'ADDED') return
  const status = statusAt(task.node, row) ?? row.status
  await updateRequest(ctx.db, row.id, { status, steps: JSON.stringify(openStep(row.steps, await stepOf(ctx, task))) }, ctx.now)
}

export async function stepDone(ctx: Ctx, task: Events['task.completed']): Promise<void> {
  const row = await rowFor(ctx, task)
  if (row) await updateRequest(ctx.db, row.id, { steps: JSON.stringify(closeStep(row.steps, task.taskId)) }, ctx.now)
}

export async function stepReassigned(ctx: Ctx, task: Events['task.assigned']): Promise<void> {
  const row = await rowFor(ctx, task)
  const before = row?.steps.find((step) => step.taskId === task.taskId)
  if (!row || !before) return
  const step = { ...(await stepOf(ctx, task)), since: before.since }
  await updateRequest(ctx.db, row.id, { steps: JSON.stringify(openStep(row.steps, step)) }, ctx.now)
}

/** 退回: a new round begins; back at the applicant both papers open again. */
export async function stepReturned(ctx: Ctx, task: Events['task.returned']): Promise<void> {
  const row = await rowFor(ctx, task)
  if (!row) return
  const toApplicant = APPLICANT_STEPS.has(task.toNode)
  await addReview(
    ctx,
    { type: 'request', id: row.id, round: row.round },
    { node: task.node, roles: task.roles, result: 'RETURN', comment: task.comment ?? '', points: task.reasons },
  )
  if (toApplicant) await openForms(ctx, [row.form_id, row.catalog_id])
  await updateRequest(
    ctx.db,
    row.id,
    {
      reviewed: true,
      round: row.round + 1,
      returned: toApplicant,
      ...(toApplicant ? { status: 'RETURNED' as const } : {}),
      steps: JSON.stringify(returnSteps(row.steps, task.toNode)),
    },
    ctx.now,
  )
  await ctx.record({
    kind: 'request.returned',
    subject: { type: 'request', id: row.id },
    tenantId: row.tenant_id,
    data: { node: task.node, toNode: task.toNode, reasons: task.reasons },
  })
}

export async function stepRecalled(ctx: Ctx, task: Events['task.recalled']): Promise<void> {
  const row = await rowFor(ctx, task)
  if (!row) return
  if (APPLICANT_STEPS.has(task.node)) await openForms(ctx, [row.form_id, row.catalog_id])
  await updateRequest(ctx.db, row.id, { steps: JSON.stringify(returnSteps(row.steps, task.node)) }, ctx.now)
}

export async function instanceEnded(ctx: Ctx, instance: Events['instance.ended']): Promise<void> {
  const row = await rowFor(ctx, instance)
  if (!row) return
  const status = instance.status === 'COMPLETED' || ENDED.has(row.status) || row.decided_at !== null ? row.status : statusOfCancelled(row)
  await updateRequest(ctx.db, row.id, { status, steps: JSON.stringify([]) }, ctx.now)
  await closeForms(ctx, [row.form_id, row.catalog_id])
  if (status !== row.status)
    await ctx.record({
      kind: status === 'WITHDRAWN' ? 'request.withdrawn' : 'request.cancelled',
      subject: { type: 'request', id: row.id },
      tenantId: row.tenant_id,
      before: { status: row.status },
      after: { status },
      data: { reason: instance.reason },
    })
}

/** Provisioning says how far the work orders of a request are, all of them together. */
export async function followFulfilment(
  ctx: Ctx,
  {
    requestId,
    status,
  }: {
    requestId: string
    status: Extract<MatterStatus, 'FULFILLING' | 'FULFILL_FAILED' | 'DELIVERED' | 'ACCEPTED' | 'CLOSED' | 'CANCELLED'>
  },
): Promise<void> {
  const row = await lockRequest(ctx.db, requestId)
  if (!row || row.status === status || ENDED.has(row.status)) return
  await updateRequest(ctx.db, requestId, { status, started_at: row.started_at ?? ctx.now }, ctx.now)
  await ctx.record({
    kind: `request.${status.toLowerCase().replace('_', '-')}`,
    subject: { type: 'request', id: requestId },
    tenantId: row.tenant_id,
    before: { status: row.status },
    after: { status },
  })
}
