import { z } from 'zod'
import { can, canAny, day, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import {
  Consequence,
  CurrentStep,
  count,
  type FileField,
  type FormSection,
  FormState,
  FormView,
  field,
  formProblems,
  hint,
  MatterKind,
  MatterStatus,
  Review,
  Signature,
  shortText,
  Totals,
} from './forms.ts'
import { problem } from './problem.ts'
import { SheetFormat, sheetProblems } from './sheet.ts'

// 准入 (section 3.1 and 4.15 of the domain). The strict shape of a finished admission form; drafts may hold anything under these names.

export const AdmissionKind = MatterKind
const subject = {
  appName: field(shortText(), { zh: '应用系统名称', en: 'Application' }),
  appCode: field(
    z
      .string()
      .trim()
      .regex(/^[A-Za-z][A-Za-z0-9-]{1,39}$/),
    {
      zh: '应用编码',
      en: 'Application code',
      hint: hint('字母开头，2 至 40 位字母、数字、短横', 'A letter, then letters, digits, hyphens; 2 to 40'),
    },
  ),
  contactName: field(shortText(), { zh: '联系人', en: 'Contact' }),
  contactPhone: field(
    z
      .string()
      .trim()
      .regex(/^1[3-9]\d{9}$/),
    { zh: '手机', en: 'Mobile', hint: hint('11 位手机号', 'An 11-digit mobile number') },
  ),
  goLiveOn: field(day, { zh: '计划上线', en: 'Goes live on' }),
}
const grounds = {
  basisDocNo: field(shortText(), {
    zh: '建设依据文号',
    en: 'Basis, document number',
    hint: hint('立项批复或预算文件的文号', 'Number of the approval or budget paper'),
  }),
  funding: field(shortText(0).optional(), { zh: '预算渠道', en: 'Funding' }),
}
const protection = {
  nonClassifiedDeclared: field(z.boolean(), { zh: '声明不涉密', en: 'Declared non-classified' }),
  classified: field(z.boolean(), {
    zh: '是否涉密',
    en: 'Classified',
    hint: hint('涉密系统不上政务云', 'Classified systems stay off this cloud'),
  }),
  mlpsLevel: field(count(1, 5), {
    zh: '等保级别',
    en: 'MLPS level',
    hint: hint('一至五级；四级及以上不上政务云', 'Level 1 to 5; level 4 and above stays off this cloud'),
  }),
  mlpsFilingNo: field(shortText(0).optional(), { zh: '定级备案号', en: 'MLPS filing number' }),
}
export const AdmissionContent = z.object({ ...subject, ...grounds, ...protection })
export type AdmissionContent = z.infer<typeof AdmissionContent>

export const admissionFiles: Record<string, FileField> = {
  basisFile: { section: '2', zh: '建设依据（立项或预算文件）', en: 'Basis (approval or budget paper)', required: 'always' },
  mlpsCert: { section: '3', zh: '等保定级或备案证明', en: 'MLPS grading or filing certificate', required: 'sometimes' },
  cryptoPlan: { section: '3', zh: '密码应用方案', en: 'Cryptography plan', required: 'sometimes' },
  officialLetter: { section: '4', zh: '盖章公函', en: 'Stamped letter', required: 'sometimes' },
}
export const admissionSections: readonly FormSection[] = [
  { id: '1', zh: '系统基本信息', en: 'The system', fields: Object.keys(subject) },
  { id: '2', zh: '立项与预算依据', en: 'Grounds', fields: [...Object.keys(grounds), 'basisFile'] },
  { id: '3', zh: '安全与密码', en: 'Security', fields: [...Object.keys(protection), 'mlpsCert', 'cryptoPlan'] },
  { id: '4', zh: '单位确认', en: 'Bureau', fields: ['officialLetter'] },
]

/**
 * Forms of the process steps: what `POST /tasks/:id/complete` carries as `data`, by form key. `outcome` and `comment` travel beside it;
 * returning a paper is the engine's own verb, with reasons by field.
 */
const decision = z.object({
  /** Required with REJECT: what would have to change. */
  advice: text(4000).default(''),
  conditions: text(4000).default(''),
})
export const signForm = z.object({
  /** LETTER needs the stamped letter attached to the form as `officialLetter`; ELECTRONIC is the signer's own confirmation. */
  means: z.enum(['LETTER', 'ELECTRONIC']).default('ELECTRONIC'),
  letterNo: text(200).default(''),
})
export const capacityForecast = z.object({
  pool: text(200).default(''),
  /** Share of the pool allocated after this application, percent. */
  vcpuAfterPct: z.number().min(0).max(1000).nullable().default(null),
  memAfterPct: z.number().min(0).max(1000).nullable().default(null),
  storageAfterPct: z.number().min(0).max(1000).nullable().default(null),
})
export const buildForm = z.object({ readyOn: day.nullable().default(null) })
export const admissionForms = {
  /** SUBMIT */
  'admission.prepare': z.object({ rev: z.int().optional(), catalogRev: z.int().optional() }),
  /** APPROVE, REJECT (back to the applicant) */
  'admission.sign': signForm,
  /** APPROVE */
  'admission.formalReview': z.object({}),
  /** APPROVE */
  'admission.technicalReview': z.object({
    conclusion: z.enum(['FEASIBLE', 'FEASIBLE_WITH_CONDITIONS', 'INFEASIBLE']).default('FEASIBLE'),
    conditions: text(4000).default(''),
    advice: text(4000).default(''),
  }),
  /** APPROVE */
  'admission.capacityReview': z.object({
    capacity: z.enum(['SUFFICIENT', 'INSUFFICIENT']).default('SUFFICIENT'),
    forecast: capacityForecast.optional(),
  }),
  /** READY, CANNOT */
  'admission.fulfilBuildDemand': buildForm,
  /** APPROVE, REJECT (with the comment as reason, and advice) */
  'admission.customerReview': decision,
  /** APPROVE, REJECT (with the comment as reason, and advice) */
  'admission.leaderApprove': decision,
} as const

export const RejectionCode = z.enum(['OUT_OF_SCOPE', 'INFEASIBLE', 'NO_CAPACITY', 'NOT_APPROVED'])

export const AdmissionSummary = z.object({
  id: z.uuid(),
  number: z.string(),
  kind: AdmissionKind,
  status: MatterStatus,
  appName: z.string(),
  appCode: z.string().nullable(),
  tenantId: z.uuid(),
  tenantName: z.string(),
  applicationId: z.uuid().nullable(),
  applicantName: z.string(),
  mlpsLevel: z.int().nullable(),
  admissionNo: z.string().nullable(),
  validUntil: day.nullable(),
  submittedAt: instant.nullable(),
  updatedAt: instant,
  step: CurrentStep.nullable(),
})
export type AdmissionSummary = z.infer<typeof AdmissionSummary>

export const AdmissionDetail = AdmissionSummary.extend({
  rev: z.int(),
  formId: z.uuid(),
  catalogId: z.uuid(),
  instanceId: z.uuid().nullable(),
  applicantId: z.uuid(),
  totals: Totals,
  leaderReasons: z.array(Consequence),
  reviews: z.array(Review),
  signatures: z.array(Signature),
  rejection: z.object({ code: RejectionCode, reason: z.string(), advice: z.string() }).nullable(),
  conditions: z.string().nullable(),
  buildDemand: z
    .object({ id: z.uuid(), status: z.enum(['OPEN', 'READY', 'CANNOT']), shortage: Totals.partial(), readyOn: day.nullable() })
    .nullable(),
  createdAt: instant,
  decidedAt: instant.nullable(),
  usedAt: instant.nullable(),
  /** What this person may do now with the matter itself; the steps' own verbs come with the task. */
  may: z.array(z.enum(['EDIT', 'SUBMIT', 'WITHDRAW', 'START_REQUEST'])),
})
export type AdmissionDetail = z.infer<typeof AdmissionDetail>

export const admissionProblems = {
  notDraft: problem('admission.not-draft', 409, {
    zh: '这份准入申请不在填写或补正状态',
    en: 'This admission is not being filled in or corrected',
  }),
  withdrawTooLate: problem('admission.withdraw-too-late', 409, {
    zh: '首位审核人已开始处理，不能直接撤回；可以申请撤销，由当前处理人同意',
    en: 'The first reviewer has begun; it cannot be withdrawn. Ask to cancel instead: the present handler decides',
  }),
  ended: problem('admission.ended', 409, { zh: '这份申请已经办结', en: 'This matter has ended' }),
  reasonRequired: problem('admission.reason-required', 422, {
    zh: '不予通过须写明原因和改进建议',
    en: 'A rejection gives the reason and what to improve',
  }),
  letterMissing: problem('admission.letter-missing', 422, {
    zh: '选择公函确认时，须先上传盖章公函',
    en: 'Attach the stamped letter first, or confirm electronically',
  }),
  alreadyAdmitted: problem('admission.already-admitted', 409, {
    zh: '这个应用已有准入号 {admissionNo}（一系统一准入），扩容请选“扩容”',
    en: 'This application already holds admission {admissionNo}; choose “expansion”',
  }),
  codeTaken: problem('admission.code-taken', 409, {
    zh: '编码 {code} 已被占用，请核对编码或换一个；有疑问请联系运营管理员',
    en: 'Code {code} is taken; check it or choose another, or ask the operation manager',
  }),
  outOfScope: problem('admission.out-of-scope', 409, {
    zh: '补正后的内容不在政务云范围内（涉密或等保四级及以上），请撤销这份申请',
    en: 'What was corrected is out of scope (classified, or level 4 and above); cancel this admission',
  }),
  applicationRequired: problem('admission.application-required', 422, {
    zh: '扩容须选已有的应用',
    en: 'An expansion names an existing application',
  }),
} as const

const admissionId = z.object({ admissionId: z.uuid() })
const submit = can('admission.submit', 'C')
const see = canAny(['admission.read', 'R'], ['admission.read', 'r'])

const admissionList = pageInput.extend({
  q: z.string().max(100).optional(),
  /** Comma list of statuses. */
  status: z.string().max(300).optional(),
  kind: AdmissionKind.optional(),
  tenantId: z.uuid().optional(),
  mine: z.stringbool().optional(),
  sort: z.enum(['-updatedAt', 'updatedAt', '-number', 'number', '-submittedAt']).default('-updatedAt'),
})

export const admissionApi = {
  list: endpoint({
    method: 'GET',
    path: '/admissions',
    summary: '准入申请列表',
    access: see,
    input: admissionList,
    reply: page(AdmissionSummary),
  }),
  exportList: endpoint({
    method: 'POST',
    path: '/admissions/export',
    summary: '导出准入申请清单（同列表的条件；留痕）',
    access: see,
    kind: 'download',
    input: admissionList.omit({ after: true, limit: true }).extend({ format: SheetFormat.default('xlsx') }),
    reply: z.unknown(),
    problems: [sheetProblems.tooLong],
  }),
  start: endpoint({
    method: 'POST',
    path: '/admissions',
    summary: '新建准入申请（草稿）',
    access: submit,
    input: z.object({ tenantId: z.uuid(), kind: AdmissionKind, applicationId: z.uuid().optional(), appName: text(200).optional() }),
    reply: AdmissionDetail,
    problems: [admissionProblems.alreadyAdmitted, admissionProblems.applicationRequired],
  }),
  get: endpoint({
    method: 'GET',
    path: '/admissions/:admissionId',
    summary: '准入申请详情',
    access: see,
    input: admissionId,
    reply: AdmissionDetail,
  }),
  /** Both forms of the matter, admission form first. */
  forms: endpoint({
    method: 'GET',
    path: '/admissions/:admissionId/forms',
    summary: '准入申请的两份表单',
    access: see,
    input: admissionId,
    reply: z.object({ form: FormView, catalog: FormView }),
  }),
  /** What is missing in both forms together, and what handing in would bring about. */
  gaps: endpoint({
    method: 'GET',
    path: '/admissions/:admissionId/gaps',
    summary: '提交前还差哪些',
    access: see,
    input: admissionId,
    reply: z.object({ form: FormState, catalog: FormState, count: z.int() }),
  }),
  /** Hands in, first or after a return. `rev` and `catalogRev` are those the person has seen. */
  submit: endpoint({
    method: 'POST',
    path: '/admissions/:admissionId/submit',
    summary: '提交准入申请',
    access: submit,
    input: admissionId.extend({ rev: z.int(), catalogRev: z.int(), comment: text(4000).default('') }),
    reply: AdmissionDetail,
    problems: [
      admissionProblems.notDraft,
      admissionProblems.alreadyAdmitted,
      admissionProblems.codeTaken,
      formProblems.incomplete,
      formProblems.stale,
    ],
  }),
  withdraw: endpoint({
    method: 'POST',
    path: '/admissions/:admissionId/withdraw',
    summary: '撤回（首个审核人处理之前）',
    access: can('admission.withdraw', 'C'),
    input: admissionId.extend({ reason: text(1000).default('') }),
    reply: AdmissionDetail,
    problems: [admissionProblems.withdrawTooLate, admissionProblems.ended],
  }),
  /** Granted admissions on which a request can be started: valid, of the caller's bureaus. */
  usable: endpoint({
    method: 'GET',
    path: '/admission-numbers',
    summary: '可用的准入号',
    access: see,
    input: z.object({ tenantId: z.uuid().optional() }),
    reply: z.object({ items: z.array(AdmissionSummary) }),
  }),
}
