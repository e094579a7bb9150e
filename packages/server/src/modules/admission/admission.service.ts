import type { AdmissionDetail, AdmissionSummary, admissionApi } from '@changbai/contract/admission.ts'
import { admissionProblems } from '@changbai/contract/admission.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import type { MatterKind, MatterStatus, Totals } from '@changbai/contract/forms.ts'
import { numberOf, textOf } from '@changbai/contract/gaps.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { processProblems } from '@changbai/contract/process.ts'
import { personOf, reaches, requireScope, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { tenantNames } from '../identity/index.ts'
import { applicationsById } from '../inventory/index.ts'
import { cancelInstance, completeTask, startProcess } from '../process/index.ts'
import {
  type AdmissionRow,
  findAdmission,
  insertAdmission,
  listAdmissions,
  lockAdmission,
  updateAdmission,
  usableAdmissions,
} from './admission.store.ts'
import { ENDED, leaderReasons } from './domain/admission.ts'
import { catalogTotals, emptyTotals } from './domain/catalog.ts'
import { copyAttachments, createForm, formState, getForm, readForm } from './form.service.ts'
import type { FormRow } from './form.store.ts'
import { leaderLimits } from './limits.ts'
import { listReviews, listSignatures, showDemand, stepsNow } from './matter.service.ts'
import { cursorOf } from './matter-list.store.ts'

type Api = typeof admissionApi
const EDITABLE: ReadonlySet<MatterStatus> = new Set(['DRAFT', 'RETURNED'])
/** A migrated system assesses its load like a new one. */
export const catalogKindOf = (kind: MatterKind): 'NEW' | 'EXPANSION' => (kind === 'EXPANSION' ? 'EXPANSION' : 'NEW')

export const placeOf = (row: AdmissionRow) => ({ tenantId: row.tenant_id, applicationId: row.application_id })

/** @throws not-found for an admission out of reach */
export async function reachAdmission(ctx: Ctx, id: string, lock = false): Promise<AdmissionRow> {
  const row = (await (lock ? lockAdmission : findAdmission)(ctx.db, id)) ?? fail(commonProblems.notFound, { id })
  requireScope(ctx.actor, 'admission.read', ['R', 'r'], placeOf(row))
  return row
}

export const isEditable = (row: Pick<AdmissionRow, 'status'>): boolean => EDITABLE.has(row.status)
const mayWrite = (ctx: Ctx, row: AdmissionRow): boolean => reaches(scopeOf(ctx.actor, 'admission.submit', 'C', 'U'), placeOf(row))

/** Fields are typed by project manager and engineer; the stamped letter also by the bureau's head while it is being signed. */
export async function mayEditForm(ctx: Ctx, id: string, field: string | null): Promise<boolean> {
  const row = await reachAdmission(ctx, id)
  if (isEditable(row) && mayWrite(ctx, row)) return true
  const signing = row.steps.some((step) => step.node === 'tenantSign')
  return field === 'officialLetter' && signing && reaches(scopeOf(ctx.actor, 'admission.submit', 'A', 'C'), placeOf(row))
}

/** What the list shows of the form follows the form. */
export async function showContent(ctx: Ctx, form: FormRow): Promise<void> {
  if (form.kind === 'ADMISSION') {
    const level = numberOf(form.content.mlpsLevel)
    await updateAdmission(
      ctx.db,
      form.subjectId,
      {
        app_name: textOf(form.content.appName).slice(0, 200),
        app_code: textOf(form.content.appCode).slice(0, 60) || null,
        mlps_level: level !== null && Number.isInteger(level) && Math.abs(level) < 100 ? level : null,
      },
      ctx.now,
    )
    return
  }
  await updateAdmission(ctx.db, form.subjectId, { totals: JSON.stringify(catalogTotals(form.content)) }, ctx.now)
}

const toSummary = (row: AdmissionRow, tenantName: string, step: AdmissionSummary['step']): AdmissionSummary => {
  return {
    id: row.id,
    number: row.number,
    kind: row.kind,
    status: row.status,
    appName: row.app_name,
    appCode: row.app_code,
    tenantId: row.tenant_id,
    tenantName,
    applicationId: row.application_id,
    applicantName: row.applicant_name,
    mlpsLevel: row.mlps_level,
    admissionNo: row.admission_no,
    validUntil: row.valid_until?.toString() ?? null,
    submittedAt: row.submitted_at?.toString() ?? null,
    updatedAt: row.updated_at.toString(),
    step,
  }
}

const mayNow = (ctx: Ctx, row: AdmissionRow): AdmissionDetail['may'] => {
  const may: AdmissionDetail['may'] = []
  const mine = row.applicant_id === ctx.actor.personId
  if (isEditable(row) && mayWrite(ctx, row)) may.push('EDIT')
  if (isEditable(row) && mine) may.push('SUBMIT')
  if (mine && !row.reviewed && !ENDED.has(row.status) && row.status !== 'APPROVED') may.push('WITHDRAW')
  if (isUsable(ctx, row) && reaches(scopeOf(ctx.actor, 'request.submit', 'C'), placeOf(row))) may.push('START_REQUEST')
  return may
}

/** Good for a request: granted, and used before or not past its last day. */
export const isUsable = (ctx: Ctx, row: AdmissionRow): boolean =>
  row.status === 'APPROVED' &&
  row.application_id !== null &&
  (row.used_at !== null || (row.valid_until !== null && Temporal.PlainDate.compare(shanghaiDay(ctx.now), row.valid_until) <= 0))

export async function toDetail(ctx: Ctx, row: AdmissionRow): Promise<AdmissionDetail> {
  const names = await tenantNames(ctx, [row.tenant_id])
  const totals: Totals = { ...emptyTotals(), ...row.totals }
  return {
    ...toSummary(row, names.get(row.tenant_id) ?? '', (await stepsNow(ctx, [row])).get(row.id) ?? null),
    rev: row.rev,
    formId: row.form_id,
    catalogId: row.catalog_id,
    instanceId: row.instance_id,
    applicantId: row.applicant_id,
    totals,
    leaderReasons: leaderReasons({ kind: row.kind, mlpsLevel: row.mlps_level, totals }, leaderLimits(ctx)),
    reviews: await listReviews(ctx, 'admission', row.id, row.round),
    signatures: await listSignatures(ctx, 'admission', row.id),
    rejection: row.rejection,
    conditions: row.conditions,
    buildDemand: await showDemand(ctx, 'admission', row.id),
    createdAt: row.created_at.toString(),
    decidedAt: row.decided_at?.toString() ?? null,
    usedAt: row.used_at?.toString() ?? null,
    may: mayNow(ctx, row),
  }
}

export async function getAdmission(ctx: Ctx, { admissionId }: Input<Api['get']>): Promise<Reply<Api['get']>> {
  return toDetail(ctx, await reachAdmission(ctx, admissionId))
}

export async function listAdmissionPage(ctx: Ctx, input: Input<Api['list']>): Promise<Reply<Api['list']>> {
  const { q, status, kind, tenantId, mine, sort, after, limit } = input
  const filter = {
    q: q?.trim() || undefined,
    statuses: status ? status.split(',').filter(Boolean) : undefined,
    kind,
    tenantId,
    applicantId: mine ? personOf(ctx.actor) : undefined,
  }
  const rows = await listAdmissions(ctx.db, filter, scopeOf(ctx.actor, 'admission.read', 'R', 'r'), sort, readCursor(after), limit)
  const page = pageOf(rows, limit, (row) => cursorOf(row, sort))
  return { items: await summaries(ctx, page.items), next: page.next }
}

async function summaries(ctx: Ctx, rows: readonly AdmissionRow[]): Promise<AdmissionSummary[]> {
  const names = await tenantNames(ctx, [...new Set(rows.map((row) => row.tenant_id))])
  const steps = await stepsNow(ctx, rows)
  return rows.map((row) => toSummary(row, names.get(row.tenant_id) ?? '', steps.get(row.id) ?? null))
}

export async function listUsable(ctx: Ctx, { tenantId }: Input<Api['usable']>): Promise<Reply<Api['usable']>> {
  const rows = await usableAdmissions(ctx.db, scopeOf(ctx.actor, 'admission.read', 'R', 'r'), shanghaiDay(ctx.now), tenantId)
  return { items: await summaries(ctx, rows) }
}

/** The application an expansion is for: of this bureau, already admitted. */
async function expandedApplication(ctx: Ctx, tenantId: string, applicationId: string | undefined) {
  if (!applicationId) return fail(admissionProblems.applicationRequired)
  const application = (await applicationsById(ctx, [applicationId])).get(applicationId)
  if (!application || application.tenantId !== tenantId) return fail(commonProblems.notFound, { applicationId })
  return application
}

export async function startAdmission(ctx: Ctx, input: Input<Api['start']>): Promise<Reply<Api['start']>> {
  const { tenantId, kind } = input
  requireScope(ctx.actor, 'admission.submit', 'C', { tenantId, applicationId: input.applicationId ?? null })
  const application = kind === 'EXPANSION' ? await expandedApplication(ctx, tenantId, input.applicationId) : null
  const id = newId()
  const number = await nextNumber(ctx.db, 'ZS', shanghaiDay(ctx.now))
  const known = application
    ? { appName: application.name, appCode: application.code, mlpsLevel: application.mlpsLevel, classified: false }
    : input.appName
      ? { appName: input.appName }
      : {}
  const content = { ...known, contactName: ctx.actor.name }
  const owner = { subjectType: 'admission' as const, subjectId: id, tenantId }
  const formId = await createForm(ctx, { ...owner, kind: 'ADMISSION', forKind: catalogKindOf(kind), content })
  const appName = application?.name ?? input.appName ?? ''
  const catalog = {
    ...(appName ? { title: `《${appName}》系统能力目录` } : {}),
    preparedBy: ctx.actor.name,
    preparedOn: shanghaiDay(ctx.now).toString(),
  }
  const catalogId = await createForm(ctx, { ...owner, kind: 'CATALOG', forKind: catalogKindOf(kind), content: catalog })
  await insertAdmission(ctx.db, {
    id,
    number,
    kind,
    status: 'DRAFT',
    tenant_id: tenantId,
    application_id: application?.id ?? null,
    applicant_id: personOf(ctx.actor),
    applicant_name: ctx.actor.name,
    app_name: appName,
    app_code: application?.code ?? null,
    mlps_level: application?.mlpsLevel ?? null,
    form_id: formId,
    catalog_id: catalogId,
    instance_id: null,
    rev: 0,
    totals: JSON.stringify(emptyTotals()),
    reviewed: false,
    round: 0,
    returned: false,
    steps: JSON.stringify([]),
    admission_no: null,
    valid_until: null,
    conditions: null,
    rejection: null,
    created_at: ctx.now,
    updated_at: ctx.now,
    submitted_at: null,
    decided_at: null,
    used_at: null,
  })
  const { instanceId } = await startProcess(ctx, {
    key: 'admission',
    businessKey: id,
    title: appName || number,
    tenantId,
    applicationId: application?.id ?? null,
    vars: { outOfScope: false, needsLeader: false, capacity: 'SUFFICIENT' },
  })
  const row = await updateAdmission(ctx.db, id, { instance_id: instanceId }, ctx.now)
  await ctx.record({ kind: 'admission.started', subject: { type: 'admission', id }, tenantId, after: { number, kind } })
  return toDetail(ctx, row)
}

export async function getForms(ctx: Ctx, { admissionId }: Input<Api['forms']>): Promise<Reply<Api['forms']>> {
  const row = await reachAdmission(ctx, admissionId)
  return { form: await getForm(ctx, { formId: row.form_id }), catalog: await getForm(ctx, { formId: row.catalog_id }) }
}

export async function getGapsOf(ctx: Ctx, { admissionId }: Input<Api['gaps']>): Promise<Reply<Api['gaps']>> {
  const row = await reachAdmission(ctx, admissionId)
  const [form, catalog] = [await formState(ctx, row.form_id), await formState(ctx, row.catalog_id)]
  return { form, catalog, count: form.gaps.length + catalog.gaps.length }
}

/** The open step of a matter at one of these nodes. */
export const stepAt = (row: Pick<AdmissionRow, 'steps'>, ...nodes: string[]) => row.steps.find((step) => nodes.includes(step.node))

/** Hands in: completes the applicant's own step, whose form handler checks and freezes both forms. */
export async function submitAdmission(
  ctx: Ctx,
  { admissionId, rev, catalogRev, comment }: Input<Api['submit']>,
): Promise<Reply<Api['submit']>> {
  const row = await reachAdmission(ctx, admissionId, true)
  const step = stepAt(row, 'prepareAdmission')
  if (!step || !isEditable(row)) return fail(admissionProblems.notDraft)
  await completeTask(ctx, { taskId: step.taskId, outcome: 'SUBMIT', data: { rev, catalogRev }, comment: comment || undefined })
  return toDetail(ctx, await reachAdmission(ctx, admissionId))
}

export async function withdrawAdmission(ctx: Ctx, { admissionId, reason }: Input<Api['withdraw']>): Promise<Reply<Api['withdraw']>> {
  const row = await reachAdmission(ctx, admissionId, true)
  if (ENDED.has(row.status) || row.status === 'APPROVED' || !row.instance_id) return fail(admissionProblems.ended)
  if (row.applicant_id !== ctx.actor.personId) return fail(processProblems.notYours, { who: row.applicant_name })
  if (row.reviewed) return fail(admissionProblems.withdrawTooLate)
  await cancelInstance(ctx, { instanceId: row.instance_id, reason: reason || '申请人撤回' })
  return toDetail(ctx, await reachAdmission(ctx, admissionId))
}

/** What a request takes over from its admission. @throws not-found */
export async function admissionFor(ctx: Ctx, admissionId: string): Promise<AdmissionRow> {
  return reachAdmission(ctx, admissionId)
}

/** A catalogue for a request, beginning with that of its admission: content and attachments. */
export async function copyCatalog(ctx: Ctx, admission: AdmissionRow, requestId: string): Promise<string> {
  const source = await readForm(ctx, admission.catalog_id)
  const id = await createForm(ctx, {
    kind: 'CATALOG',
    subjectType: 'request',
    subjectId: requestId,
    tenantId: admission.tenant_id,
    forKind: source.forKind,
    content: { ...source.content, preparedBy: ctx.actor.name, preparedOn: shanghaiDay(ctx.now).toString() },
  })
  await copyAttachments(ctx, admission.catalog_id, id)
  return id
}
