import { admissionProblems } from '@changbai/contract/admission.ts'
import type { DraftContent } from '@changbai/contract/forms.ts'
import { compact } from '@changbai/contract/gaps.ts'
import { ProvisionContent } from '@changbai/contract/provision-form.ts'
import type { LineSpec } from '@changbai/contract/provisioning.ts'
import { requestForms, requestProblems } from '@changbai/contract/request.ts'
import { reaches, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { shanghaiDay } from '../../platform/time.ts'
import {
  addReview,
  addSignature,
  answerDemand,
  catalogKindOf,
  closeForms,
  copyAttachments,
  createForm,
  digestOfForms,
  emptyTotals,
  freezeForms,
  hasFile,
  openDemand,
  openForms,
  readForm,
  replaceContent,
  tellDemand,
  useAdmission,
} from '../admission/index.ts'
import { tenantNames } from '../identity/index.ts'
import { registerAccess, registerForm, registerService, startProcess, type TaskCall } from '../process/index.ts'
import { linesOf } from './approved.ts'
import { findCapacity, promiseCapacity } from './capacity.ts'
import { type PartialQuantity, splitForm } from './domain/split.ts'
import { tellRequest } from './request.notices.ts'
import { leaderReasonsOf, placeOf } from './request.service.ts'
import { findRequest, insertRequest, lockRequest, type RequestRow, updateRequest } from './request.store.ts'

declare module '../../platform/ctx.ts' {
  interface Events {
    /** Everything provisioning needs to dispatch work orders. */
    'request.approved': {
      requestId: string
      requestNo: string
      requestKind: string
      applicationId: string
      applicationName: string
      tenantId: string
      tenantName: string
      env: 'PROD' | 'TEST' | 'DEV' | 'DR'
      usageUntil: Temporal.PlainDate
      applicantId: string
      approvedAt: Temporal.Instant
      lines: LineSpec[]
    }
    'request.cancelled': { requestId: string; tenantId: string; number: string; appName: string; reason: string }
  }
}

const rowOf = async (ctx: Ctx, id: string): Promise<RequestRow> => {
  const row = await lockRequest(ctx.db, id)
  if (!row) throw new Error(`request ${id} is gone`)
  return row
}
const subjectOf = (row: RequestRow) => ({ type: 'request', id: row.id })
const matterOf = (row: RequestRow) => ({ type: 'request' as const, id: row.id, round: row.round, tenantId: row.tenant_id })

/** 检查并定稿: the catalogue is complete; it stays open with the form until both are handed in. @clause 4.2-1 */
async function finalise(ctx: Ctx, task: TaskCall, data: { catalogRev?: number | undefined }) {
  const row = await rowOf(ctx, task.businessKey)
  await freezeForms(ctx, [{ formId: row.catalog_id, rev: data.catalogRev }], 'FINALISED')
  await openForms(ctx, [row.catalog_id])
  // sent back for the catalogue alone and now going straight back to the reviewer: both papers close again
  if (row.returned && row.submitted_at) await closeForms(ctx, [row.form_id, row.catalog_id])
  await updateRequest(ctx.db, row.id, { catalog_final: true, returned: false }, ctx.now)
  await ctx.record({ kind: 'request.catalog-finalised', subject: subjectOf(row), tenantId: row.tenant_id, data: { rev: data.catalogRev } })
  return { needsLeader: leaderReasonsOf(ctx, row).length > 0 }
}

/** Hands in both papers; the first time also uses the admission. @clause 4.2-4 */
async function handIn(ctx: Ctx, task: TaskCall, data: { rev?: number | undefined; catalogRev?: number | undefined }) {
  const row = await rowOf(ctx, task.businessKey)
  const forms = [
    { formId: row.form_id, rev: data.rev },
    { formId: row.catalog_id, rev: data.catalogRev },
  ]
  await freezeForms(ctx, forms, row.submitted_at ? 'RESUBMITTED' : 'SUBMITTED')
  await updateRequest(ctx.db, row.id, { returned: false, catalog_final: true, submitted_at: row.submitted_at ?? ctx.now }, ctx.now)
  if (!row.submitted_at) await useAdmission(ctx, row.admission_id)
  await ctx.record({
    kind: 'request.submitted',
    subject: subjectOf(row),
    tenantId: row.tenant_id,
    data: { round: row.round, totals: row.totals },
  })
  return { needsLeader: leaderReasonsOf(ctx, row).length > 0 }
}

async function sign(ctx: Ctx, task: TaskCall, data: { means: 'LETTER' | 'ELECTRONIC'; letterNo: string }) {
  const row = await rowOf(ctx, task.businessKey)
  if (task.outcome === 'REJECT') {
    await openForms(ctx, [row.form_id, row.catalog_id])
    await addReview(ctx, matterOf(row), { node: task.node, roles: ['TENANT_APPROVER'], result: 'REJECT', comment: task.comment ?? '' })
    await updateRequest(ctx.db, row.id, { returned: true }, ctx.now)
    return {}
  }
  if (data.means === 'LETTER' && !(await hasFile(ctx, row.form_id, 'officialLetter'))) fail(admissionProblems.letterMissing)
  const digest = await digestOfForms(ctx, [row.form_id, row.catalog_id])
  await addSignature(ctx, matterOf(row), { ...data, digest })
  await ctx.record({ kind: 'request.signed', subject: subjectOf(row), tenantId: row.tenant_id, data: { ...data, digest } })
  return {}
}

const REVIEWERS: Readonly<Record<string, readonly string[]>> = {
  preReview: ['OPERATION_MANAGER'],
  technicalReview: ['MAINTENANCE_MANAGER'],
  capacityReview: ['BUILD_PROJECT_MANAGER'],
  fulfilBuildDemand: ['BUILD_PROJECT_MANAGER'],
  customerApprove: ['CUSTOMER_OM_MANAGER'],
  leaderApprove: ['CUSTOMER_LEADER'],
  confirmSplit: ['APP_PROJECT_MANAGER'],
}

async function review(ctx: Ctx, task: TaskCall, facts: Record<string, unknown>): Promise<RequestRow> {
  const row = await rowOf(ctx, task.businessKey)
  const [result, comment] = [task.outcome ?? 'DONE', task.comment ?? '']
  await addReview(ctx, matterOf(row), { node: task.node, roles: REVIEWERS[task.node] ?? [], result, comment, facts })
  const { conditions } = facts
  await updateRequest(
    ctx.db,
    row.id,
    { reviewed: true, ...(typeof conditions === 'string' && conditions !== '' ? { conditions } : {}) },
    ctx.now,
  )
  await ctx.record({
    kind: 'request.reviewed',
    subject: subjectOf(row),
    tenantId: row.tenant_id,
    data: { node: task.node, result, ...facts },
  })
  return row
}

/** Capacity short: part now (the project manager must agree), wait, or advise against it. */
async function reviewCapacity(ctx: Ctx, task: TaskCall, data: { capacity: string; partial: PartialQuantity[] }) {
  const pools = await findCapacity(ctx, await rowOf(ctx, task.businessKey))
  const row = await review(ctx, task, { ...data, pools })
  if (data.capacity === 'PARTIAL') {
    const split = splitForm((await readForm(ctx, row.form_id)).content, data.partial)
    if (!split.ok) fail(requestProblems.badSplit, { reason: split.reason })
  }
  await updateRequest(ctx.db, row.id, { proposed_split: JSON.stringify(data.capacity === 'PARTIAL' ? data.partial : []) }, ctx.now)
  return { capacity: data.capacity }
}

async function decide(ctx: Ctx, task: TaskCall, data: { advice: string; conditions: string }) {
  if (task.outcome === 'REJECT' && (!task.comment?.trim() || data.advice === '')) fail(admissionProblems.reasonRequired)
  const row = await review(ctx, task, data)
  if (task.outcome === 'REJECT') {
    const rejection = { code: 'NOT_APPROVED' as const, reason: task.comment ?? '', advice: data.advice }
    await updateRequest(ctx.db, row.id, { rejection: JSON.stringify(rejection) }, ctx.now)
  }
  const since = row.steps.find((step) => step.node === task.node)?.since
  return task.node === 'customerApprove' && since ? { customerReceivedAt: since } : {}
}

/** A request for what waits, with its own number, papers and process, which begins at the queue for capacity. */
async function createRemainder(ctx: Ctx, row: RequestRow, later: DraftContent): Promise<void> {
  const id = newId()
  const number = await nextNumber(ctx.db, 'SQ', shanghaiDay(ctx.now))
  const catalog = await readForm(ctx, row.catalog_id)
  const owner = {
    subjectType: 'request' as const,
    subjectId: id,
    tenantId: row.tenant_id,
    forKind: catalogKindOf(row.kind),
    editable: false,
  }
  const formId = await createForm(ctx, {
    ...owner,
    kind: 'PROVISION_FORM',
    content: { ...later, deviationReason: `由 ${row.number} 拆出的余量` },
  })
  const catalogId = await createForm(ctx, { ...owner, kind: 'CATALOG', content: catalog.content })
  await copyAttachments(ctx, row.form_id, formId)
  await copyAttachments(ctx, row.catalog_id, catalogId)
  await insertRequest(ctx.db, {
    ...row,
    id,
    number,
    status: 'WAITLISTED',
    outcome: null,
    form_id: formId,
    catalog_id: catalogId,
    instance_id: null,
    rev: 0,
    totals: JSON.stringify(emptyTotals()),
    catalog_totals: JSON.stringify(row.catalog_totals),
    reviewed: true,
    round: 0,
    returned: false,
    steps: JSON.stringify([]),
    proposed_split: JSON.stringify([]),
    parent_id: row.id,
    conditions: null,
    rejection: null,
    started_at: null,
    created_at: ctx.now,
    updated_at: ctx.now,
    submitted_at: ctx.now,
    decided_at: null,
  })
  await replaceContent(ctx, formId, { ...later, deviationReason: `由 ${row.number} 拆出的余量` }, 'SPLIT')
  const remainder = await rowOf(ctx, id)
  const { instanceId } = await startProcess(ctx, {
    key: 'resource-request',
    businessKey: id,
    title: `${row.app_name} ${number}`,
    tenantId: row.tenant_id,
    applicationId: row.application_id,
    starter: { personId: row.applicant_id, name: row.applicant_name },
    vars: { isRemainder: true, needsLeader: leaderReasonsOf(ctx, remainder).length > 0, capacity: 'WAIT' },
  })
  await updateRequest(ctx.db, id, { instance_id: instanceId }, ctx.now)
}

async function split(ctx: Ctx, requestId: string) {
  const row = await rowOf(ctx, requestId)
  const parts = splitForm((await readForm(ctx, row.form_id)).content, row.proposed_split)
  if (!parts.ok) throw new Error(`the agreed split of ${row.number} does not fit its form: ${parts.reason}`)
  const reason = `容量不足，余量另行排队（${row.number}）`
  await replaceContent(ctx, row.form_id, { ...parts.now, deviationReason: parts.now.deviationReason || reason }, 'SPLIT')
  await createRemainder(ctx, row, parts.later)
  const now = await updateRequest(ctx.db, row.id, { outcome: 'PARTIAL', proposed_split: JSON.stringify([]) }, ctx.now)
  await ctx.record({
    kind: 'request.split',
    subject: subjectOf(row),
    tenantId: row.tenant_id,
    before: { totals: row.totals },
    after: { totals: now.totals },
  })
  return { needsLeader: leaderReasonsOf(ctx, now).length > 0 }
}

async function createBuildDemand(ctx: Ctx, requestId: string) {
  const row = await rowOf(ctx, requestId)
  await openDemand(ctx, matterOf(row), { ...emptyTotals(), ...row.totals })
  await tellDemand(ctx, { application: row.app_name, no: row.number, link: `/requests/${row.id}` })
  return {}
}

async function reject(ctx: Ctx, requestId: string) {
  const before = await rowOf(ctx, requestId)
  const row = await updateRequest(ctx.db, requestId, { status: 'REJECTED', decided_at: ctx.now, steps: JSON.stringify([]) }, ctx.now)
  await ctx.record({
    kind: 'request.rejected',
    subject: subjectOf(row),
    tenantId: row.tenant_id,
    before: { status: before.status },
    after: { status: row.status, rejection: row.rejection },
  })
  await tellRequest(ctx, 'request.rejected', row)
  return {}
}

async function expire(ctx: Ctx, requestId: string) {
  const before = await rowOf(ctx, requestId)
  const row = await updateRequest(ctx.db, requestId, { status: 'EXPIRED', steps: JSON.stringify([]) }, ctx.now)
  await closeForms(ctx, [row.form_id, row.catalog_id])
  await ctx.record({
    kind: 'request.expired',
    subject: subjectOf(row),
    tenantId: row.tenant_id,
    before: { status: before.status },
    after: { status: row.status },
  })
  await tellRequest(ctx, 'request.expired', row)
  return {}
}

/** Approved: work orders are dispatched in the same transaction, so that no approval is without them. @clause 4.3-0 */
async function createWorkOrders(ctx: Ctx, requestId: string) {
  const before = await rowOf(ctx, requestId)
  const row = await updateRequest(
    ctx.db,
    requestId,
    { status: 'APPROVED', decided_at: ctx.now, outcome: before.outcome ?? 'SUCCESS' },
    ctx.now,
  )
  await promiseCapacity(ctx, row)
  const content = ProvisionContent.parse(compact((await readForm(ctx, row.form_id)).content))
  await ctx.record({
    kind: 'request.approved',
    subject: subjectOf(row),
    tenantId: row.tenant_id,
    before: { status: before.status },
    after: { status: row.status, totals: row.totals },
  })
  const names = await tenantNames(ctx, [row.tenant_id])
  await ctx.publish('request.approved', {
    requestId,
    requestNo: row.number,
    requestKind: row.kind,
    applicationId: row.application_id,
    applicationName: row.app_name,
    tenantId: row.tenant_id,
    tenantName: names.get(row.tenant_id) ?? '',
    env: content.env,
    usageUntil: Temporal.PlainDate.from(content.usageUntilOn),
    applicantId: row.applicant_id,
    approvedAt: ctx.now,
    lines: await linesOf(ctx, content),
  })
  await tellRequest(ctx, 'request.approved', row)
  return {}
}

export function registerRequestProcess(): void {
  const forms = requestForms
  registerForm({ key: 'request.prepareCatalog', schema: forms['request.prepareCatalog'], handler: finalise })
  registerForm({ key: 'request.fillForm', schema: forms['request.fillForm'], handler: handIn })
  registerForm({ key: 'request.sign', schema: forms['request.sign'], handler: sign })
  registerForm({ key: 'request.capacityReview', schema: forms['request.capacityReview'], handler: reviewCapacity })
  registerForm({ key: 'request.customerApprove', schema: forms['request.customerApprove'], handler: decide })
  registerForm({ key: 'request.leaderApprove', schema: forms['request.leaderApprove'], handler: decide })
  for (const key of ['request.preReview', 'request.technicalReview', 'request.confirmSplit'] as const)
    registerForm({
      key,
      schema: forms[key],
      handler: async (ctx, task, data) => {
        await review(ctx, task, data)
        return {}
      },
    })
  registerForm({
    key: 'request.fulfilBuildDemand',
    schema: forms['request.fulfilBuildDemand'],
    handler: async (ctx, task, data) => {
      const row = await review(ctx, task, data)
      await answerDemand(ctx, matterOf(row), {
        status: task.outcome === 'READY' ? 'READY' : 'CANNOT',
        readyOn: data.readyOn,
        comment: task.comment ?? '',
      })
      return {}
    },
  })
  const services: Record<string, (ctx: Ctx, requestId: string) => Promise<Record<string, unknown>>> = {
    'request.split': split,
    'request.createBuildDemand': createBuildDemand,
    'request.reject': reject,
    'request.expire': expire,
    'request.createWorkOrders': createWorkOrders,
  }
  for (const [topic, run] of Object.entries(services))
    registerService({ topic, mode: 'tx', run: (ctx, call) => run(ctx, call.businessKey) })
  registerAccess('resource-request', async (ctx, id) => {
    const row = await findRequest(ctx.db, id)
    return row !== undefined && reaches(scopeOf(ctx.actor, 'request.read', 'R', 'r'), placeOf(row))
  })
}
