import { z } from 'zod'
import { buildForm, RejectionCode, signForm } from './admission.ts'
import { can, canAny, day, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import {
  bilingual,
  Consequence,
  CurrentStep,
  FormState,
  FormView,
  formProblems,
  MatterKind,
  MatterStatus,
  Review,
  Signature,
  Totals,
} from './forms.ts'
import { problem } from './problem.ts'
import { Environment, SecurityService } from './provision-form.ts'
import { SheetFormat, sheetProblems } from './sheet.ts'

// 资源申请 (section 3.2 of the domain).

/** A line of the provision form by list and place, e.g. `vmItems.0`; quantities are what can be given now. */
export const PartialLine = z.object({ path: z.string().regex(/^(vmItems|bmItems|storageItems)\.\d{1,4}$/), quantity: z.int().min(0) })

const decision = z.object({ advice: text(4000).default(''), conditions: text(4000).default('') })
/** Forms of the process steps by form key; the outcomes are in the comment. */
export const requestForms = {
  /** SUBMIT: the catalogue is final */
  'request.prepareCatalog': z.object({ catalogRev: z.int().optional() }),
  /** SUBMIT */
  'request.fillForm': z.object({ rev: z.int().optional(), catalogRev: z.int().optional() }),
  /** APPROVE, REJECT (back to the applicant) */
  'request.sign': signForm,
  /** APPROVE */
  'request.preReview': z.object({ recommendation: text(4000).default('') }),
  /** APPROVE; conclusion INFEASIBLE goes to the customer with advice */
  'request.technicalReview': z.object({
    conclusion: z.enum(['FEASIBLE', 'FEASIBLE_WITH_CONDITIONS', 'INFEASIBLE']).default('FEASIBLE'),
    conditions: text(4000).default(''),
    advice: text(4000).default(''),
  }),
  /** APPROVE; `capacity` says what to do when the pool is short */
  'request.capacityReview': z.object({
    capacity: z.enum(['SUFFICIENT', 'PARTIAL', 'WAIT', 'REFUSE']).default('SUFFICIENT'),
    /** With PARTIAL: what can be given now; lines left out are given whole. */
    partial: z.array(PartialLine).max(2000).default([]),
    pool: text(200).default(''),
    vcpuAfterPct: z.number().min(0).max(1000).nullable().default(null),
  }),
  /** APPROVE (split), REJECT (wait for the whole) */
  'request.confirmSplit': z.object({}),
  /** READY, CANNOT */
  'request.fulfilBuildDemand': buildForm,
  /** APPROVE, REJECT (with the comment as reason, and advice) */
  'request.customerApprove': decision,
  /** APPROVE, REJECT (with the comment as reason, and advice) */
  'request.leaderApprove': decision,
} as const

export const RequestSummary = z.object({
  id: z.uuid(),
  number: z.string(),
  kind: MatterKind,
  status: MatterStatus,
  outcome: z.enum(['SUCCESS', 'PARTIAL']).nullable(),
  appName: z.string(),
  applicationId: z.uuid(),
  tenantId: z.uuid(),
  tenantName: z.string(),
  admissionId: z.uuid(),
  admissionNo: z.string(),
  env: Environment.nullable(),
  applicantName: z.string(),
  totals: Totals,
  submittedAt: instant.nullable(),
  updatedAt: instant,
  step: CurrentStep.nullable(),
})
export type RequestSummary = z.infer<typeof RequestSummary>

/** The 10 % check between the form's lines and the catalogue's totals, one row a figure. */
export const TotalsCheck = z.object({
  key: z.string(),
  label: bilingual,
  unit: z.string(),
  form: z.number(),
  catalog: z.number(),
  /** Difference in percent of the catalogue's figure, cut to one decimal; null where the catalogue has none of it. */
  deviationPct: z.number().nullable(),
  within: z.boolean(),
})
export type TotalsCheck = z.infer<typeof TotalsCheck>

export const RequestDetail = RequestSummary.extend({
  rev: z.int(),
  formId: z.uuid(),
  catalogId: z.uuid(),
  catalogFinal: z.boolean(),
  instanceId: z.uuid().nullable(),
  applicantId: z.uuid(),
  mlpsLevel: z.int().nullable(),
  usageUntilOn: day.nullable(),
  expectedOn: day.nullable(),
  totalsCheck: z.array(TotalsCheck),
  leaderReasons: z.array(Consequence),
  reviews: z.array(Review),
  signatures: z.array(Signature),
  rejection: z.object({ code: RejectionCode, reason: z.string(), advice: z.string() }).nullable(),
  conditions: z.string().nullable(),
  /** Proposed split of the last capacity review, until the project manager answered. */
  proposedSplit: z.array(PartialLine),
  parent: z.object({ id: z.uuid(), number: z.string() }).nullable(),
  children: z.array(z.object({ id: z.uuid(), number: z.string(), status: MatterStatus })),
  buildDemand: z
    .object({ id: z.uuid(), status: z.enum(['OPEN', 'READY', 'CANNOT']), shortage: Totals.partial(), readyOn: day.nullable() })
    .nullable(),
  createdAt: instant,
  decidedAt: instant.nullable(),
  may: z.array(z.enum(['EDIT_CATALOG', 'FINALISE_CATALOG', 'EDIT_FORM', 'SUBMIT', 'WITHDRAW', 'CANCEL'])),
})
export type RequestDetail = z.infer<typeof RequestDetail>

/** One line of the matter's whole course. `future` lines are computed; `at` is then the date if all goes by its limits. */
export const TimelineEntry = z.object({
  part: z.enum(['REQUEST', 'WORK_ORDER', 'DELIVERY']),
  state: z.enum(['PAST', 'NOW', 'FUTURE']),
  at: instant.nullable(),
  dueAt: instant.nullable(),
  title: bilingual,
  note: z.string().nullable(),
  actorName: z.string().nullable(),
  /** People in ink, the system in ink2. */
  by: z.enum(['PERSON', 'SYSTEM']),
  link: z.object({ type: z.string(), id: z.string() }).nullable(),
})
export type TimelineEntry = z.infer<typeof TimelineEntry>

const Choice = z.object({ id: z.string(), name: z.string(), note: z.string().nullable() })
export const Choices = z.object({
  flavors: z.array(Choice.extend({ vcpu: z.int(), memGiB: z.number() })),
  images: z.array(Choice),
  zones: z.array(Choice),
  models: z.array(Choice.extend({ tested: z.boolean() })),
  backupPolicies: z.array(Choice),
  /** Security services that the application's protection level brings along. */
  securityPackage: z.array(SecurityService),
})

export const requestProblems = {
  notDraft: problem('request.not-draft', 409, { zh: '这份申请不在填写或补正状态', en: 'This request is not being filled in or corrected' }),
  catalogOpen: problem('request.catalog-open', 409, {
    zh: '先把系统能力目录定稿，再提交开通申请表',
    en: 'Finish the capability catalogue first',
  }),
  admissionInvalid: problem('request.admission-invalid', 409, {
    zh: '准入号 {admissionNo} 已失效，须重新准入',
    en: 'Admission {admissionNo} has lapsed; apply for admission again',
  }),
  kindMismatch: problem('request.kind-mismatch', 422, {
    zh: '申请类型须与准入一致（{kind}）',
    en: 'The kind must be that of the admission ({kind})',
  }),
  withdrawTooLate: problem('request.withdraw-too-late', 409, {
    zh: '首位审核人已开始处理，不能直接撤回；可以申请撤销，由当前处理人同意',
    en: 'The first reviewer has begun; it cannot be withdrawn. Ask to cancel instead: the present handler decides',
  }),
  ended: problem('request.ended', 409, { zh: '这份申请已经办结', en: 'This request has ended' }),
  notCancellable: problem('request.not-cancellable', 409, {
    zh: '开通已经开始，不能再取消',
    en: 'Provisioning has begun; it can no longer be cancelled',
  }),
  badSplit: problem('request.bad-split', 422, {
    zh: '拆分数量须小于申请数量，且至少有一行先行满足',
    en: 'A split gives less than asked, and at least something now',
  }),
} as const

const requestId = z.object({ requestId: z.uuid() })
const submit = can('request.submit', 'C')
const see = canAny(['request.read', 'R'], ['request.read', 'r'])

const requestList = pageInput.extend({
  q: z.string().max(100).optional(),
  /** Comma list of statuses. */
  status: z.string().max(300).optional(),
  kind: MatterKind.optional(),
  env: Environment.optional(),
  tenantId: z.uuid().optional(),
  applicationId: z.uuid().optional(),
  mine: z.stringbool().optional(),
  sort: z.enum(['-updatedAt', 'updatedAt', '-number', 'number', '-submittedAt']).default('-updatedAt'),
})

export const requestApi = {
  list: endpoint({
    method: 'GET',
    path: '/requests',
    summary: '资源申请列表',
    access: see,
    input: requestList,
    reply: page(RequestSummary),
  }),
  exportList: endpoint({
    method: 'POST',
    path: '/requests/export',
    summary: '导出资源申请清单（同列表的条件；留痕）',
    access: see,
    kind: 'download',
    input: requestList.omit({ after: true, limit: true }).extend({ format: SheetFormat.default('xlsx') }),
    reply: z.unknown(),
    problems: [sheetProblems.tooLong],
  }),
  start: endpoint({
    method: 'POST',
    path: '/requests',
    summary: '发起资源申请（草稿）',
    access: submit,
    input: z.object({ admissionId: z.uuid() }),
    reply: RequestDetail,
    problems: [requestProblems.admissionInvalid, requestProblems.kindMismatch],
  }),
  get: endpoint({
    method: 'GET',
    path: '/requests/:requestId',
    summary: '资源申请详情',
    access: see,
    input: requestId,
    reply: RequestDetail,
  }),
  forms: endpoint({
    method: 'GET',
    path: '/requests/:requestId/forms',
    summary: '申请的两份表单',
    access: see,
    input: requestId,
    reply: z.object({ form: FormView, catalog: FormView }),
  }),
  gaps: endpoint({
    method: 'GET',
    path: '/requests/:requestId/gaps',
    summary: '提交前还差哪些',
    access: see,
    input: requestId,
    reply: z.object({ form: FormState, catalog: FormState, totalsCheck: z.array(TotalsCheck), count: z.int() }),
  }),
  choices: endpoint({
    method: 'GET',
    path: '/requests/:requestId/choices',
    summary: '可选的规格、镜像、可用区、机型、备份策略',
    access: see,
    input: requestId,
    reply: Choices,
  }),
  /** Specification computed from the assessed load, to set against what is asked for. */
  recommendation: endpoint({
    method: 'GET',
    path: '/requests/:requestId/recommendation',
    summary: '按评估量推荐的规格',
    access: see,
    input: requestId,
    reply: z.object({
      items: z.array(
        z.object({ subject: bilingual, asked: z.number(), recommended: z.number().nullable(), unit: z.string(), why: bilingual }),
      ),
    }),
  }),
  finaliseCatalog: endpoint({
    method: 'POST',
    path: '/requests/:requestId/catalog/finalise',
    summary: '检查并定稿系统能力目录',
    access: canAny(['request.submit', 'C'], ['request.submit', 'U']),
    input: requestId.extend({ catalogRev: z.int() }),
    reply: RequestDetail,
    problems: [requestProblems.notDraft, formProblems.incomplete, formProblems.stale],
  }),
  /** Hands in, first or after a return. */
  submit: endpoint({
    method: 'POST',
    path: '/requests/:requestId/submit',
    summary: '提交资源申请',
    access: submit,
    input: requestId.extend({ rev: z.int(), catalogRev: z.int().optional(), comment: text(4000).default('') }),
    reply: RequestDetail,
    problems: [requestProblems.notDraft, requestProblems.catalogOpen, formProblems.incomplete, formProblems.stale],
  }),
  withdraw: endpoint({
    method: 'POST',
    path: '/requests/:requestId/withdraw',
    summary: '撤回（首个审核人处理之前）',
    access: can('request.withdraw', 'C'),
    input: requestId.extend({ reason: text(1000).default('') }),
    reply: RequestDetail,
    problems: [requestProblems.withdrawTooLate, requestProblems.ended],
  }),
  /** After approval and before provisioning has begun the project manager cancels alone; the customer's manager is told. */
  cancel: endpoint({
    method: 'POST',
    path: '/requests/:requestId/cancel',
    summary: '批准后、开通前取消（甲方知悉）',
    access: can('request.withdraw', 'C'),
    input: requestId.extend({ reason: text(1000, 1) }),
    reply: RequestDetail,
    problems: [requestProblems.notCancellable, requestProblems.ended],
  }),
  timeline: endpoint({
    method: 'GET',
    path: '/requests/:requestId/timeline',
    summary: '全程：申请、工单、交付',
    access: see,
    input: requestId,
    reply: z.object({ items: z.array(TimelineEntry) }),
  }),
}
