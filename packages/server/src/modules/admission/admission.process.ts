import { admissionForms, admissionProblems } from '@changbai/contract/admission.ts'
import { numberOf, textOf } from '@changbai/contract/gaps.ts'
import { reaches, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { SHANGHAI, shanghaiDay } from '../../platform/time.ts'
import { addApplication, applicationsById, changeApplication } from '../inventory/index.ts'
import { correlateMessage, registerAccess, registerForm, registerService, type TaskCall } from '../process/index.ts'
import { tellAdmission, tellDemand } from './admission.notices.ts'
import { placeOf } from './admission.service.ts'
import { type AdmissionRow, admissionOfCode, findAdmission, lockAdmission, updateAdmission } from './admission.store.ts'
import { holderOfCode } from './code-holder.ts'
import { leaderReasons, outOfScope, validUntil } from './domain/admission.ts'
import { catalogTotals, emptyTotals } from './domain/catalog.ts'
import { closeForms, digestOfForms, freezeForms, hasFile, openForms, readForm } from './form.service.ts'
import { leaderLimits, maxMlpsLevel } from './limits.ts'
import { addReview, addSignature, answerDemand, openDemand } from './matter.service.ts'

const rowOf = async (ctx: Ctx, id: string): Promise<AdmissionRow> => {
  const row = await lockAdmission(ctx.db, id)
  if (!row) throw new Error(`admission ${id} is gone`)
  return row
}
const subjectOf = (row: AdmissionRow) => ({ type: 'admission', id: row.id })

/** Checks and freezes both forms; a system out of scope goes its way to a recorded rejection, but not after a return. */
async function handIn(ctx: Ctx, task: TaskCall, data: { rev?: number | undefined; catalogRev?: number | undefined }) {
  const row = await rowOf(ctx, task.businessKey)
  const content = (await readForm(ctx, row.form_id)).content
  const isOut = outOfScope(content, maxMlpsLevel(ctx)).length > 0
  if (isOut && row.returned) fail(admissionProblems.outOfScope)
  const holder = await holderOfCode(ctx, row, content)
  if (holder?.number) fail(admissionProblems.alreadyAdmitted, { admissionNo: holder.number })
  if (holder) fail(admissionProblems.codeTaken, { code: holder.code })
  const reason = row.submitted_at ? 'RESUBMITTED' : 'SUBMITTED'
  await freezeForms(
    ctx,
    [{ formId: row.form_id, rev: data.rev }, ...(isOut ? [] : [{ formId: row.catalog_id, rev: data.catalogRev }])],
    reason,
  )
  await closeForms(ctx, [row.form_id, row.catalog_id])
  const totals = catalogTotals((await readForm(ctx, row.catalog_id)).content)
  const mlpsLevel = numberOf(content.mlpsLevel)
  await updateAdmission(
    ctx.db,
    row.id,
    { totals: JSON.stringify(totals), returned: false, submitted_at: row.submitted_at ?? ctx.now },
    ctx.now,
  )
  await ctx.record({ kind: 'admission.submitted', subject: subjectOf(row), tenantId: row.tenant_id, data: { round: row.round } })
  return { needsLeader: leaderReasons({ kind: row.kind, mlpsLevel, totals }, leaderLimits(ctx)).length > 0 }
}

async function sign(ctx: Ctx, task: TaskCall, data: { means: 'LETTER' | 'ELECTRONIC'; letterNo: string }) {
  const row = await rowOf(ctx, task.businessKey)
  if (task.outcome === 'REJECT') {
    await openForms(ctx, [row.form_id, row.catalog_id])
    await addReview(
      ctx,
      { type: 'admission', id: row.id, round: row.round },
      { node: task.node, roles: ['TENANT_APPROVER'], result: 'REJECT', comment: task.comment ?? '' },
    )
    await updateAdmission(ctx.db, row.id, { returned: true }, ctx.now)
    return {}
  }
  if (data.means === 'LETTER' && !(await hasFile(ctx, row.form_id, 'officialLetter'))) fail(admissionProblems.letterMissing)
  const digest = await digestOfForms(ctx, [row.form_id, row.catalog_id])
  await addSignature(ctx, { type: 'admission', id: row.id }, { ...data, digest })
  await ctx.record({ kind: 'admission.signed', subject: subjectOf(row), tenantId: row.tenant_id, data: { ...data, digest } })
  return {}
}

const REVIEWERS: Readonly<Record<string, readonly string[]>> = {
  formalReview: ['OPERATION_MANAGER'],
  technicalReview: ['MAINTENANCE_MANAGER'],
  capacityReview: ['BUILD_PROJECT_MANAGER'],
  customerReview: ['CUSTOMER_OM_MANAGER'],
  leaderApprove: ['CUSTOMER_LEADER'],
  fulfilBuildDemand: ['BUILD_PROJECT_MANAGER'],
}

/** Keeps an opinion; from the first one on the applicant can no longer withdraw alone. */
async function review(ctx: Ctx, task: TaskCall, facts: Record<string, unknown>): Promise<AdmissionRow> {
  const row = await rowOf(ctx, task.businessKey)
  const [result, comment] = [task.outcome ?? 'DONE', task.comment ?? '']
  await addReview(
    ctx,
    { type: 'admission', id: row.id, round: row.round },
    { node: task.node, roles: REVIEWERS[task.node] ?? [], result, comment, facts },
  )
  const { conditions } = facts
  await updateAdmission(
    ctx.db,
    row.id,
    { reviewed: true, ...(typeof conditions === 'string' && conditions !== '' ? { conditions } : {}) },
    ctx.now,
  )
  await ctx.record({
    kind: 'admission.reviewed',
    subject: subjectOf(row),
    tenantId: row.tenant_id,
    data: { node: task.node, result, ...facts },
  })
  return row
}

/** Rejecting demands reason and advice (A9). */
async function decide(ctx: Ctx, task: TaskCall, data: { advice: string; conditions: string }) {
  if (task.outcome === 'REJECT' && (!task.comment?.trim() || data.advice === '')) fail(admissionProblems.reasonRequired)
  const row = await review(ctx, task, data)
  if (task.outcome === 'REJECT') {
    const rejection = { code: 'NOT_APPROVED' as const, reason: task.comment ?? '', advice: data.advice }
    await updateAdmission(ctx.db, row.id, { rejection: JSON.stringify(rejection) }, ctx.now)
  }
  const since = row.steps.find((step) => step.node === task.node)?.since
  return task.node === 'customerReview' && since ? { customerReceivedAt: since } : {}
}

async function autoValidate(ctx: Ctx, admissionId: string) {
  const row = await rowOf(ctx, admissionId)
  const reasons = outOfScope((await readForm(ctx, row.form_id)).content, maxMlpsLevel(ctx))
  const duplicate = row.app_code && row.kind !== 'EXPANSION' ? await admissionOfCode(ctx.db, row.app_code, row.id) : undefined
  const digest = await digestOfForms(ctx, [row.form_id, row.catalog_id])
  await ctx.record({
    kind: 'admission.validated',
    subject: subjectOf(row),
    tenantId: row.tenant_id,
    data: { outOfScope: reasons.map((one) => one.code), duplicateOf: duplicate?.number ?? null, digest },
  })
  if (reasons.length > 0) {
    const rejection = {
      code: 'OUT_OF_SCOPE' as const,
      reason: reasons.map((one) => one.message.zh.split('，')[0]).join('；'),
      advice: '请按国家规定另行部署；非涉密且三级及以下的部分可另行申请准入',
    }
    await updateAdmission(ctx.db, row.id, { rejection: JSON.stringify(rejection) }, ctx.now)
  }
  return { outOfScope: reasons.length > 0 }
}

async function reject(ctx: Ctx, admissionId: string) {
  const before = await rowOf(ctx, admissionId)
  const row = await updateAdmission(ctx.db, admissionId, { status: 'REJECTED', decided_at: ctx.now, steps: JSON.stringify([]) }, ctx.now)
  await ctx.record({
    kind: 'admission.rejected',
    subject: subjectOf(row),
    tenantId: row.tenant_id,
    before: { status: before.status },
    after: { status: row.status, rejection: row.rejection },
  })
  await tellAdmission(ctx, 'admission.rejected', row)
  return {}
}

async function createBuildDemand(ctx: Ctx, admissionId: string) {
  const row = await rowOf(ctx, admissionId)
  await openDemand(ctx, { type: 'admission', id: row.id, tenantId: row.tenant_id }, { ...emptyTotals(), ...row.totals })
  await tellDemand(ctx, { application: row.app_name, no: row.number, link: `/admissions/${row.id}` })
  return {}
}

/** The number an application keeps: an expansion goes under the number it has (one admission for one system). */
async function numberFor(ctx: Ctx, row: AdmissionRow): Promise<{ admissionNo: string; applicationId: string }> {
  const content = (await readForm(ctx, row.form_id)).content
  if (row.application_id) {
    const application = (await applicationsById(ctx, [row.application_id])).get(row.application_id)
    const admissionNo = application?.admissionNo ?? (await nextNumber(ctx.db, 'ZR', shanghaiDay(ctx.now)))
    await changeApplication(ctx, row.application_id, { admissionNo, mlpsLevel: row.mlps_level ?? 1 }, 'admission')
    return { admissionNo, applicationId: row.application_id }
  }
  const admissionNo = await nextNumber(ctx.db, 'ZR', shanghaiDay(ctx.now))
  const application = await addApplication(
    ctx,
    {
      tenantId: row.tenant_id,
      name: row.app_name,
      code: row.app_code ?? row.number,
      mlpsLevel: row.mlps_level ?? 1,
      state: 'PREPARING',
      admissionNo,
      projectManagerId: row.applicant_id,
      contact: `${textOf(content.contactName)} ${textOf(content.contactPhone)}`.trim(),
      goLiveOn: textOf(content.goLiveOn) || null,
    },
    'admission',
  )
  return { admissionNo, applicationId: application.id }
}

const REMIND_DAYS_KEY = 'admission.remindBeforeDays'

async function grant(ctx: Ctx, admissionId: string) {
  const before = await rowOf(ctx, admissionId)
  const { admissionNo, applicationId } = await numberFor(ctx, before)
  const until = validUntil(shanghaiDay(ctx.now), ctx.plan.number('admission.validDays'))
  const row = await updateAdmission(
    ctx.db,
    admissionId,
    { status: 'APPROVED', decided_at: ctx.now, admission_no: admissionNo, application_id: applicationId, valid_until: until },
    ctx.now,
  )
  await ctx.record({
    kind: 'admission.granted',
    subject: subjectOf(row),
    tenantId: row.tenant_id,
    before: { status: before.status },
    after: { status: row.status, admissionNo, applicationId, validUntil: until.toString() },
  })
  const midnight = (day: Temporal.PlainDate) => day.toZonedDateTime(SHANGHAI).toInstant().toString()
  const nineOClock = until
    .subtract({ days: ctx.plan.number(REMIND_DAYS_KEY) })
    .toZonedDateTime({ timeZone: SHANGHAI, plainTime: '09:00' })
    .toInstant()
    .toString()
  return { remindAt: nineOClock, validUntilAt: midnight(until.add({ days: 1 })) }
}

async function notifyGranted(ctx: Ctx, admissionId: string) {
  const row = await rowOf(ctx, admissionId)
  await tellAdmission(ctx, 'admission.granted', row)
  return {}
}

async function remindExpiry(ctx: Ctx, admissionId: string) {
  const row = await rowOf(ctx, admissionId)
  await tellAdmission(ctx, 'admission.expiring', row)
  return {}
}

async function expire(ctx: Ctx, admissionId: string) {
  const before = await rowOf(ctx, admissionId)
  const row = await updateAdmission(ctx.db, admissionId, { status: 'EXPIRED', steps: JSON.stringify([]) }, ctx.now)
  await closeForms(ctx, [row.form_id, row.catalog_id])
  await ctx.record({
    kind: 'admission.expired',
    subject: subjectOf(row),
    tenantId: row.tenant_id,
    before: { status: before.status },
    after: { status: row.status },
  })
  await tellAdmission(ctx, 'admission.expired', row)
  return {}
}

/**
 * The first request under an admission was handed in: the admission no longer lapses.
 * @clause 4.1
 */
export async function useAdmission(ctx: Ctx, admissionId: string): Promise<void> {
  const row = await rowOf(ctx, admissionId)
  if (row.used_at) return
  await updateAdmission(ctx.db, admissionId, { used_at: ctx.now }, ctx.now)
  await correlateMessage(ctx, { name: 'admission.used', key: admissionId })
  await ctx.record({ kind: 'admission.used', subject: subjectOf(row), tenantId: row.tenant_id })
}

export function registerAdmissionProcess(): void {
  const forms = admissionForms
  registerForm({ key: 'admission.prepare', schema: forms['admission.prepare'], handler: handIn })
  registerForm({ key: 'admission.sign', schema: forms['admission.sign'], handler: sign })
  registerForm({
    key: 'admission.formalReview',
    schema: forms['admission.formalReview'],
    handler: async (ctx, task) => {
      await review(ctx, task, {})
      return {}
    },
  })
  registerForm({
    key: 'admission.technicalReview',
    schema: forms['admission.technicalReview'],
    handler: async (ctx, task, data) => {
      await review(ctx, task, data)
      return {}
    },
  })
  registerForm({
    key: 'admission.capacityReview',
    schema: forms['admission.capacityReview'],
    handler: async (ctx, task, data) => {
      await review(ctx, task, data)
      return { capacity: data.capacity }
    },
  })
  registerForm({
    key: 'admission.fulfilBuildDemand',
    schema: forms['admission.fulfilBuildDemand'],
    handler: async (ctx, task, data) => {
      const row = await review(ctx, task, data)
      await answerDemand(
        ctx,
        { type: 'admission', id: row.id },
        { status: task.outcome === 'READY' ? 'READY' : 'CANNOT', readyOn: data.readyOn, comment: task.comment ?? '' },
      )
      return {}
    },
  })
  registerForm({ key: 'admission.customerReview', schema: forms['admission.customerReview'], handler: decide })
  registerForm({ key: 'admission.leaderApprove', schema: forms['admission.leaderApprove'], handler: decide })
  const services: Record<string, (ctx: Ctx, admissionId: string) => Promise<Record<string, unknown>>> = {
    'admission.autoValidate': autoValidate,
    'admission.reject': reject,
    'admission.createBuildDemand': createBuildDemand,
    'admission.grant': grant,
    'admission.notifyGranted': notifyGranted,
    'admission.remindExpiry': remindExpiry,
    'admission.expire': expire,
  }
  for (const [topic, run] of Object.entries(services))
    registerService({ topic, mode: 'tx', run: (ctx, call) => run(ctx, call.businessKey) })
  registerAccess('admission', async (ctx, id) => {
    const row = await findAdmission(ctx.db, id)
    return row !== undefined && reaches(scopeOf(ctx.actor, 'admission.read', 'R', 'r'), placeOf(row))
  })
}
