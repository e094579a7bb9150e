import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import type { Totals } from '@changbai/contract/forms.ts'
import { numberOf, textOf } from '@changbai/contract/gaps.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { processProblems } from '@changbai/contract/process.ts'
import { type RequestDetail, type RequestSummary, type requestApi, requestProblems } from '@changbai/contract/request.ts'
import { personOf, reaches, requireScope, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { shanghaiDay } from '../../platform/time.ts'
import {
  admissionFor,
  catalogCalculations,
  catalogKindOf,
  catalogTotals,
  copyCatalog,
  createForm,
  cursorOf,
  ENDED,
  emptyTotals,
  type FormRow,
  formState,
  getForm,
  isUsable,
  leaderLimits,
  leaderReasons,
  listReviews,
  listSignatures,
  readForm,
  showDemand,
  stepsNow,
} from '../admission/index.ts'
import { tenantNames } from '../identity/index.ts'
import { cancelInstance, completeTask, startProcess } from '../process/index.ts'
import { freeCapacity } from './capacity.ts'
import { listChoices } from './choices.ts'
import { securityPackage } from './domain/provision.ts'
import { recommend } from './domain/recommendation.ts'
import { checkTotals, type Flavors, provisionTotals } from './domain/totals.ts'
import { tellRequest } from './request.notices.ts'
import { childrenOf, findRequest, insertRequest, listRequests, lockRequest, type RequestRow, updateRequest } from './request.store.ts'

type Api = typeof requestApi
export const placeOf = (row: RequestRow) => ({ tenantId: row.tenant_id, applicationId: row.application_id })

/** @throws not-found for a request out of reach */
export async function reachRequest(ctx: Ctx, id: string, lock = false): Promise<RequestRow> {
  const row = (await (lock ? lockRequest : findRequest)(ctx.db, id)) ?? fail(commonProblems.notFound, { id })
  requireScope(ctx.actor, 'request.read', ['R', 'r'], placeOf(row))
  return row
}

const stepAt = (row: RequestRow, ...nodes: string[]) => row.steps.find((step) => nodes.includes(step.node))
const isOpen = (row: RequestRow): boolean => row.status === 'DRAFT' || row.status === 'RETURNED'
const mayWrite = (ctx: Ctx, row: RequestRow): boolean => reaches(scopeOf(ctx.actor, 'request.submit', 'C', 'U'), placeOf(row))

/** Both papers are open while a request is drafted or corrected; the stamped letter also while it is being signed. */
export async function mayEditForm(ctx: Ctx, id: string, field: string | null): Promise<boolean> {
  const row = await reachRequest(ctx, id)
  if (isOpen(row) && mayWrite(ctx, row)) return true
  return (
    field === 'officialLetter' &&
    stepAt(row, 'tenantSign') !== undefined &&
    reaches(scopeOf(ctx.actor, 'request.submit', 'A', 'C'), placeOf(row))
  )
}

const dayOf = (value: unknown): Temporal.PlainDate | null => {
  const text = textOf(value)
  try {
    return /^\d{4}-\d\d-\d\d$/.test(text) ? Temporal.PlainDate.from(text, { overflow: 'reject' }) : null
  } catch {
    return null
  }
}
const ENVIRONMENTS = new Set(['PROD', 'TEST', 'DEV', 'DR'])
const flavorsOf = async (ctx: Ctx): Promise<Flavors> =>
  new Map((await listChoices(ctx)).flavors.map((one) => [one.id, { vcpu: one.vcpu, memGiB: one.memGiB }]))

/** What lists show of the forms follows the forms. */
export async function showContent(ctx: Ctx, form: FormRow): Promise<void> {
  if (form.kind === 'CATALOG') {
    const level = numberOf(form.content.mlpsLevel)
    const change = { catalog_totals: JSON.stringify(catalogTotals(form.content)), catalog_final: false }
    await updateRequest(
      ctx.db,
      form.subjectId,
      level !== null && [1, 2, 3].includes(level) ? { ...change, mlps_level: level } : change,
      ctx.now,
    )
    return
  }
  const env = textOf(form.content.env)
  await updateRequest(
    ctx.db,
    form.subjectId,
    {
      env: ENVIRONMENTS.has(env) ? (env as RequestRow['env']) : null,
      usage_until: dayOf(form.content.usageUntilOn),
      expected_on: dayOf(form.content.expectedOn),
      totals: JSON.stringify(provisionTotals(form.content, await flavorsOf(ctx))),
    },
    ctx.now,
  )
}

const fullTotals = (totals: Partial<Totals>): Totals => ({ ...emptyTotals(), ...totals })

const toSummary = (row: RequestRow, tenantName: string, step: RequestSummary['step']): RequestSummary => ({
  id: row.id,
  number: row.number,
  kind: row.kind,
  status: row.status,
  outcome: row.outcome,
  appName: row.app_name,
  applicationId: row.application_id,
  tenantId: row.tenant_id,
  tenantName,
  admissionId: row.admission_id,
  admissionNo: row.admission_no,
  env: row.env,
  applicantName: row.applicant_name,
  totals: fullTotals(row.totals),
  submittedAt: row.submitted_at?.toString() ?? null,
  updatedAt: row.updated_at.toString(),
  step,
})

export const leaderReasonsOf = (ctx: Ctx, row: Pick<RequestRow, 'kind' | 'mlps_level' | 'totals'>) =>
  leaderReasons({ kind: row.kind, mlpsLevel: row.mlps_level, totals: fullTotals(row.totals) }, leaderLimits(ctx))

function mayNow(ctx: Ctx, row: RequestRow): RequestDetail['may'] {
  const may: RequestDetail['may'] = []
  const mine = row.applicant_id === ctx.actor.personId
  if (isOpen(row) && mayWrite(ctx, row)) may.push('EDIT_CATALOG', 'EDIT_FORM')
  if (mine && stepAt(row, 'prepareCatalog')) may.push('FINALISE_CATALOG')
  if (mine && stepAt(row, 'fillProvisionForm')) may.push('SUBMIT')
  if (mine && !row.reviewed && !ENDED.has(row.status) && row.decided_at === null) may.push('WITHDRAW')
  if (row.status === 'APPROVED' && row.started_at === null && reaches(scopeOf(ctx.actor, 'request.withdraw', 'C'), placeOf(row)))
    may.push('CANCEL')
  return may
}

export async function toDetail(ctx: Ctx, row: RequestRow): Promise<RequestDetail> {
  const names = await tenantNames(ctx, [row.tenant_id])
  const parent = row.parent_id ? await findRequest(ctx.db, row.parent_id) : undefined
  const children = await childrenOf(ctx.db, row.id)
  return {
    ...toSummary(row, names.get(row.tenant_id) ?? '', (await stepsNow(ctx, [row])).get(row.id) ?? null),
    rev: row.rev,
    formId: row.form_id,
    catalogId: row.catalog_id,
    catalogFinal: row.catalog_final,
    instanceId: row.instance_id,
    applicantId: row.applicant_id,
    mlpsLevel: row.mlps_level,
    usageUntilOn: row.usage_until?.toString() ?? null,
    expectedOn: row.expected_on?.toString() ?? null,
    totalsCheck: checkTotals(fullTotals(row.totals), fullTotals(row.catalog_totals), ctx.plan.number('request.sumTolerancePercent')),
    leaderReasons: leaderReasonsOf(ctx, row),
    reviews: await listReviews(ctx, 'request', row.id, row.round),
    signatures: await listSignatures(ctx, 'request', row.id),
    rejection: row.rejection,
    conditions: row.conditions,
    proposedSplit: row.proposed_split,
    parent: parent ? { id: parent.id, number: parent.number } : null,
    children: children.map((one) => ({ id: one.id, number: one.number, status: one.status })),
    buildDemand: await showDemand(ctx, 'request', row.id),
    createdAt: row.created_at.toString(),
    decidedAt: row.decided_at?.toString() ?? null,
    may: mayNow(ctx, row),
  }
}

export const getRequest = async (ctx: Ctx, { requestId }: Input<Api['get']>): Promise<Reply<Api['get']>> =>
  toDetail(ctx, await reachRequest(ctx, requestId))

export async function listRequestPage(ctx: Ctx, input: Input<Api['list']>): Promise<Reply<Api['list']>> {
  const { q, status, mine, sort, after, limit, kind, env, tenantId, applicationId } = input
  const filter = {
    kind,
    env,
    tenantId,
    applicationId,
    q: q?.trim() || undefined,
    statuses: status ? status.split(',').filter(Boolean) : undefined,
    applicantId: mine ? personOf(ctx.actor) : undefined,
  }
  const rows = await listRequests(ctx.db, filter, scopeOf(ctx.actor, 'request.read', 'R', 'r'), sort, readCursor(after), limit)
  const { items, next } = pageOf(rows, limit, (row) => cursorOf(row, sort))
  const names = await tenantNames(ctx, [...new Set(items.map((row) => row.tenant_id))])
  const steps = await stepsNow(ctx, items)
  return { items: items.map((row) => toSummary(row, names.get(row.tenant_id) ?? '', steps.get(row.id) ?? null)), next }
}

/**
 * Begins a request under a valid admission; its kind is that of the admission, its catalogue begins as the admission's.
 * @clause 4.1
 */
export async function startRequest(ctx: Ctx, { admissionId }: Input<Api['start']>): Promise<Reply<Api['start']>> {
  const admission = await admissionFor(ctx, admissionId)
  requireScope(ctx.actor, 'request.submit', 'C', { tenantId: admission.tenant_id, applicationId: admission.application_id })
  const { application_id: applicationId, admission_no: admissionNo } = admission
  if (!isUsable(ctx, admission) || !applicationId || !admissionNo)
    return fail(requestProblems.admissionInvalid, { admissionNo: admissionNo ?? admission.number })
  const id = newId()
  const number = await nextNumber(ctx.db, 'SQ', shanghaiDay(ctx.now))
  const tenantId = admission.tenant_id
  const catalogId = await copyCatalog(ctx, admission, id)
  const formId = await createForm(ctx, {
    kind: 'PROVISION_FORM',
    subjectType: 'request',
    subjectId: id,
    tenantId,
    forKind: catalogKindOf(admission.kind),
    content: { contactName: ctx.actor.name, secItems: securityPackage(admission.mlps_level).map((service) => ({ service })) },
  })
  await insertRequest(ctx.db, {
    id,
    number,
    kind: admission.kind,
    status: 'DRAFT',
    outcome: null,
    tenant_id: tenantId,
    application_id: applicationId,
    app_name: admission.app_name,
    admission_id: admission.id,
    admission_no: admissionNo,
    mlps_level: admission.mlps_level,
    applicant_id: personOf(ctx.actor),
    applicant_name: ctx.actor.name,
    form_id: formId,
    catalog_id: catalogId,
    catalog_final: false,
    instance_id: null,
    rev: 0,
    env: null,
    usage_until: null,
    expected_on: null,
    totals: JSON.stringify(emptyTotals()),
    catalog_totals: JSON.stringify(fullTotals(admission.totals)),
    reviewed: false,
    round: 0,
    returned: false,
    steps: JSON.stringify([]),
    proposed_split: JSON.stringify([]),
    parent_id: null,
    conditions: null,
    rejection: null,
    started_at: null,
    created_at: ctx.now,
    updated_at: ctx.now,
    submitted_at: null,
    decided_at: null,
  })
  const row = await beginProcess(ctx, id, { isRemainder: false })
  await ctx.record({
    kind: 'request.started',
    subject: { type: 'request', id },
    tenantId,
    after: { number, admissionNo, kind: admission.kind },
  })
  return toDetail(ctx, row)
}

export async function beginProcess(ctx: Ctx, id: string, vars: Record<string, unknown>): Promise<RequestRow> {
  const row = await reachRequest(ctx, id)
  const { instanceId } = await startProcess(ctx, {
    key: 'resource-request',
    businessKey: id,
    title: `${row.app_name} ${row.number}`,
    tenantId: row.tenant_id,
    applicationId: row.application_id,
    starter: { personId: row.applicant_id, name: row.applicant_name },
    vars: { needsLeader: false, capacity: 'SUFFICIENT', ...vars },
  })
  return updateRequest(ctx.db, id, { instance_id: instanceId }, ctx.now)
}

export async function getForms(ctx: Ctx, { requestId }: Input<Api['forms']>): Promise<Reply<Api['forms']>> {
  const row = await reachRequest(ctx, requestId)
  return { form: await getForm(ctx, { formId: row.form_id }), catalog: await getForm(ctx, { formId: row.catalog_id }) }
}

export async function getGapsOf(ctx: Ctx, { requestId }: Input<Api['gaps']>): Promise<Reply<Api['gaps']>> {
  const row = await reachRequest(ctx, requestId)
  const [form, catalog] = [await formState(ctx, row.form_id), await formState(ctx, row.catalog_id)]
  const totalsCheck = checkTotals(
    form.totals ?? emptyTotals(),
    catalog.totals ?? emptyTotals(),
    ctx.plan.number('request.sumTolerancePercent'),
  )
  return { form, catalog, totalsCheck, count: form.gaps.length + catalog.gaps.length }
}

export async function getChoices(ctx: Ctx, { requestId }: Input<Api['choices']>): Promise<Reply<Api['choices']>> {
  const row = await reachRequest(ctx, requestId)
  return { ...(await listChoices(ctx)), securityPackage: securityPackage(row.mlps_level) }
}

/** B5: what the assessed load alone would justify, beside what is asked for. */
export async function getRecommendation(ctx: Ctx, { requestId }: Input<Api['recommendation']>): Promise<Reply<Api['recommendation']>> {
  const row = await reachRequest(ctx, requestId)
  const kind = catalogKindOf(row.kind)
  const content = (await readForm(ctx, row.catalog_id)).content
  const asked = provisionTotals((await readForm(ctx, row.form_id)).content, await flavorsOf(ctx))
  return { items: recommend(content, catalogCalculations(content, kind), asked, kind) }
}

export async function finaliseCatalog(
  ctx: Ctx,
  { requestId, catalogRev }: Input<Api['finaliseCatalog']>,
): Promise<Reply<Api['finaliseCatalog']>> {
  const row = await reachRequest(ctx, requestId, true)
  const step = stepAt(row, 'prepareCatalog')
  if (!step || !isOpen(row)) return fail(requestProblems.notDraft)
  await completeTask(ctx, { taskId: step.taskId, outcome: 'SUBMIT', data: { catalogRev } })
  return toDetail(ctx, await reachRequest(ctx, requestId))
}

export async function submitRequest(
  ctx: Ctx,
  { requestId, rev, catalogRev, comment }: Input<Api['submit']>,
): Promise<Reply<Api['submit']>> {
  const row = await reachRequest(ctx, requestId, true)
  if (!isOpen(row)) return fail(requestProblems.notDraft)
  const step = stepAt(row, 'fillProvisionForm')
  if (!step) return fail(requestProblems.catalogOpen)
  await completeTask(ctx, { taskId: step.taskId, outcome: 'SUBMIT', data: { rev, catalogRev }, comment: comment || undefined })
  return toDetail(ctx, await reachRequest(ctx, requestId))
}

export async function withdrawRequest(ctx: Ctx, { requestId, reason }: Input<Api['withdraw']>): Promise<Reply<Api['withdraw']>> {
  const row = await reachRequest(ctx, requestId, true)
  if (ENDED.has(row.status) || row.decided_at !== null || !row.instance_id) return fail(requestProblems.ended)
  if (row.applicant_id !== ctx.actor.personId) return fail(processProblems.notYours, { who: row.applicant_name })
  if (row.reviewed) return fail(requestProblems.withdrawTooLate)
  await cancelInstance(ctx, { instanceId: row.instance_id, reason: reason || '申请人撤回' })
  return toDetail(ctx, await reachRequest(ctx, requestId))
}

/** Approved but not begun: the project manager cancels alone, the customer's manager is told (B9). */
export async function cancelRequest(ctx: Ctx, { requestId, reason }: Input<Api['cancel']>): Promise<Reply<Api['cancel']>> {
  const row = await reachRequest(ctx, requestId, true)
  requireScope(ctx.actor, 'request.withdraw', 'C', placeOf(row))
  if (ENDED.has(row.status)) return fail(requestProblems.ended)
  if (row.status !== 'APPROVED' || row.started_at !== null) return fail(requestProblems.notCancellable)
  const cancelled = await updateRequest(ctx.db, row.id, { status: 'CANCELLED' }, ctx.now)
  await ctx.record({
    kind: 'request.cancelled',
    subject: { type: 'request', id: row.id },
    tenantId: row.tenant_id,
    before: { status: row.status },
    after: { status: 'CANCELLED' },
    data: { reason },
  })
  await ctx.publish('request.cancelled', { requestId: row.id, tenantId: row.tenant_id, number: row.number, appName: row.app_name, reason })
  await freeCapacity(ctx, cancelled)
  await tellRequest(ctx, 'request.cancelled', cancelled, reason)
  return toDetail(ctx, cancelled)
}
