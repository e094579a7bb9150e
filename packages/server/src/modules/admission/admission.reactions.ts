import type { MatterStatus } from '@changbai/contract/forms.ts'
import type { Ctx, Events } from '../../platform/ctx.ts'
import { personNames } from '../identity/index.ts'
import { type AdmissionRow, lockAdmission, updateAdmission } from './admission.store.ts'
import { ENDED, statusAt } from './domain/admission.ts'
import { closeStep, openStep, returnSteps, type Step } from './domain/steps.ts'
import { closeForms, openForms } from './form.service.ts'
import { addReview } from './matter.service.ts'

// The engine tells what happened; the matter's own row follows: its status (section 1 of the domain), its open steps, its editable forms.

const APPLICANT_STEPS: ReadonlySet<string> = new Set(['prepareAdmission'])

/** An open step as the matter's row keeps it. */
export async function stepOf(ctx: Ctx, task: Events['task.created']): Promise<Step> {
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

const rowFor = async (ctx: Ctx, notice: { processKey: string; businessKey: string }): Promise<AdmissionRow | undefined> =>
  notice.processKey === 'admission' ? lockAdmission(ctx.db, notice.businessKey) : undefined

export async function stepOpened(ctx: Ctx, task: Events['task.created']): Promise<void> {
  const row = await rowFor(ctx, task)
  if (!row || task.kind === 'ADDED') return
  const status = statusAt(task.node, row) ?? row.status
  await updateAdmission(ctx.db, row.id, { status, steps: JSON.stringify(openStep(row.steps, await stepOf(ctx, task))) }, ctx.now)
}

export async function stepDone(ctx: Ctx, task: Events['task.completed']): Promise<void> {
  const row = await rowFor(ctx, task)
  if (row) await updateAdmission(ctx.db, row.id, { steps: JSON.stringify(closeStep(row.steps, task.taskId)) }, ctx.now)
}

export async function stepReassigned(ctx: Ctx, task: Events['task.assigned']): Promise<void> {
  const row = await rowFor(ctx, task)
  const before = row?.steps.find((step) => step.taskId === task.taskId)
  if (!row || !before) return
  const step = { ...(await stepOf(ctx, task)), since: before.since }
  await updateAdmission(ctx.db, row.id, { steps: JSON.stringify(openStep(row.steps, step)) }, ctx.now)
}

/** 退回: a new round begins; if it goes back to the applicant, the forms open again. */
export async function stepReturned(ctx: Ctx, task: Events['task.returned']): Promise<void> {
  const row = await rowFor(ctx, task)
  if (!row) return
  const toApplicant = APPLICANT_STEPS.has(task.toNode)
  await addReview(
    ctx,
    { type: 'admission', id: row.id, round: row.round },
    { node: task.node, roles: task.roles, result: 'RETURN', comment: task.comment ?? '', points: task.reasons },
  )
  if (toApplicant) await openForms(ctx, [row.form_id, row.catalog_id])
  await updateAdmission(
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
    kind: 'admission.returned',
    subject: { type: 'admission', id: row.id },
    tenantId: row.tenant_id,
    data: { node: task.node, toNode: task.toNode, reasons: task.reasons },
  })
}

/** 收回 of the applicant's own step: the forms open again. */
export async function stepRecalled(ctx: Ctx, task: Events['task.recalled']): Promise<void> {
  const row = await rowFor(ctx, task)
  if (!row) return
  if (APPLICANT_STEPS.has(task.node)) await openForms(ctx, [row.form_id, row.catalog_id])
  await updateAdmission(ctx.db, row.id, { steps: JSON.stringify(returnSteps(row.steps, task.node)) }, ctx.now)
}

/** The status of a matter whose process was ended from outside: before the first review that is a withdrawal. */
export const statusOfCancelled = (row: { reviewed: boolean }): MatterStatus => (row.reviewed ? 'CANCELLED' : 'WITHDRAWN')

export async function instanceEnded(ctx: Ctx, instance: Events['instance.ended']): Promise<void> {
  const row = await rowFor(ctx, instance)
  if (!row) return
  const status = instance.status === 'COMPLETED' || ENDED.has(row.status) || row.status === 'APPROVED' ? row.status : statusOfCancelled(row)
  await updateAdmission(ctx.db, row.id, { status, steps: JSON.stringify([]) }, ctx.now)
  await closeForms(ctx, [row.form_id, row.catalog_id])
  if (status !== row.status)
    await ctx.record({
      kind: status === 'WITHDRAWN' ? 'admission.withdrawn' : 'admission.cancelled',
      subject: { type: 'admission', id: row.id },
      tenantId: row.tenant_id,
      before: { status: row.status },
      after: { status },
      data: { reason: instance.reason },
    })
}
