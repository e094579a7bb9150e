import { z } from 'zod'
import { can, canAny, day, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { CurrentStep } from './forms.ts'
import { contactData } from './personal.ts'
import { problem } from './problem.ts'

// 业务迁移配合 (sections 3.7 and 4.5 of the domain).

export const Direction = z.enum(['INBOUND', 'INTRA', 'OUTBOUND'])
export type Direction = z.output<typeof Direction>
export const MigrationStatus = z.enum([
  'DRAFT',
  'SUBMITTED',
  'UNDER_REVIEW',
  'RETURNED',
  'PENDING_APPROVAL',
  'APPROVED',
  'FULFILLING',
  'DELIVERED',
  'CLOSED',
  'REJECTED',
  'WITHDRAWN',
  'CANCELLED',
  'EXPIRED',
])
export type MigrationStatus = z.output<typeof MigrationStatus>

/** 应用系统详细信息表: a line a host, as surveyed. Cores, GiB. */
export const SurveyLine = z.object({
  host: text(60, 1),
  os: text(60, 1),
  vcpu: z.int().min(1).max(1024),
  memGiB: z.int().min(1).max(16_384),
  diskGiB: z.int().min(1).max(1_000_000),
  middleware: text(200).default(''),
  database: text(200).default(''),
  ports: text(200).default(''),
  dependsOn: text(200).default(''),
})
export type SurveyLine = z.output<typeof SurveyLine>
/** 云资源测算清单: what it is to have here. */
export const SizingLine = z.object({
  name: text(60, 1),
  purpose: text(200).default(''),
  count: z.int().min(1).max(1000),
  vcpu: z.int().min(1).max(1024),
  memGiB: z.int().min(1).max(16_384),
  diskGiB: z.int().min(1).max(1_000_000),
})
export type SizingLine = z.output<typeof SizingLine>
export const SheetKind = z.enum(['SURVEY', 'SIZING'])

export const MigrationForm = z.object({
  sourceLocation: text(200).default(''),
  sourcePlatform: text(200).default(''),
  sourceOwner: text(200).default(''),
  /** Number of the filing of the protection level; needed to come in. */
  mlpsCert: text(100).default(''),
  dataGiB: z.int().min(0).max(10_000_000).default(0),
  maxDowntimeMin: z.int().min(0).max(100_000).default(0),
  preferredFrom: instant.nullable().default(null),
  preferredTo: instant.nullable().default(null),
  note: text(2000).default(''),
})
export type MigrationForm = z.output<typeof MigrationForm>

export const Method = z.enum(['IMAGE', 'REINSTALL', 'DB_REPLICATION', 'OFFLINE_COPY', 'MIXED'])
export const MigrationPlan = z.object({
  method: Method.default('MIXED'),
  steps: z
    .array(z.object({ action: text(500, 1), owner: text(60, 1), minutes: z.int().min(1).max(10_000) }))
    .max(60)
    .default([]),
  windowFrom: instant.nullable().default(null),
  windowTo: instant.nullable().default(null),
  downtimeMinutes: z.int().min(0).max(100_000).default(0),
  checks: z
    .array(z.object({ object: text(200, 1), method: z.enum(['COUNT', 'HASH', 'SAMPLE']), expected: text(200, 1) }))
    .max(60)
    .default([]),
  rollbackTrigger: text(2000).default(''),
  /** Not done by then: people decide whether it goes back. */
  rollbackDecisionAt: instant.nullable().default(null),
  securityMeasures: text(2000).default(''),
  contacts: z
    .array(z.object({ name: text(60, 1), phone: text(40, 1), role: text(60, 1) }))
    .max(30)
    .default([]),
})
export type MigrationPlan = z.output<typeof MigrationPlan>

/** One line of the run sheet: when it was begun and ended, by whom. */
export const RunStep = z.object({
  no: z.int(),
  action: z.string(),
  owner: z.string(),
  minutes: z.int(),
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  byName: z.string().nullable(),
  note: z.string(),
})
export type RunStep = z.output<typeof RunStep>
export const RunCheck = MigrationPlan.shape.checks.unwrap().element.extend({ found: z.string(), ok: z.boolean().nullable() })

export const MigrationConclusion = z.object({
  node: z.string(),
  result: z.string(),
  comment: z.string(),
  facts: z.record(z.string(), z.unknown()),
  byName: z.string(),
  at: instant,
})

export const MigrationSummary = z.object({
  id: z.uuid(),
  number: z.string(),
  direction: Direction,
  status: MigrationStatus,
  outcome: z.enum(['SUCCESS', 'ROLLED_BACK']).nullable(),
  applicationId: z.uuid(),
  applicationName: z.string(),
  tenantId: z.uuid(),
  applicantName: z.string(),
  windowFrom: instant.nullable(),
  updatedAt: instant,
  step: CurrentStep.nullable(),
})
export type MigrationSummary = z.output<typeof MigrationSummary>
export const MigrationDetail = MigrationSummary.extend({
  rev: z.int(),
  form: MigrationForm,
  survey: z.array(SurveyLine),
  sizing: z.array(SizingLine),
  plan: contactData(MigrationPlan, 'form', 'isPartner'),
  /** The caller asked for it, or may write its plan: those whom the plan names telephone one another. */
  isPartner: z.boolean(),
  run: z.array(RunStep),
  checks: z.array(RunCheck),
  /** Since when the cut-over runs, and by when it is decided whether it goes back. */
  cutoverAt: instant.nullable(),
  decisionAt: instant.nullable(),
  endedAt: instant.nullable(),
  observeUntil: instant.nullable(),
  requestNo: z.string(),
  conclusions: z.array(MigrationConclusion),
  signatures: z.array(z.object({ party: z.enum(['APPLICATION', 'OPERATION', 'CUSTOMER']), byName: z.string(), at: instant })),
  erasureProof: z.string(),
  rejection: z.string(),
  gaps: z.array(z.object({ field: z.string(), message: z.object({ zh: z.string(), en: z.string() }) })),
  instanceId: z.uuid().nullable(),
  may: z.array(z.enum(['EDIT_FORM', 'EDIT_SHEETS', 'EDIT_PLAN', 'RUN', 'SUBMIT'])),
})
export type MigrationDetail = z.output<typeof MigrationDetail>

export const migrationProblems = {
  notOpen: problem('migration.not-open', 409, { zh: '现在不是填写这一部分的时候', en: 'This part is not being written now' }),
  incomplete: problem('migration.incomplete', 422, { zh: '还缺：{fields}', en: 'Missing: {fields}' }),
  noAdmission: problem('migration.no-admission', 422, {
    zh: '入云须先有准入号和等保备案证明',
    en: 'Coming in needs an admission number and the filing of the protection level',
  }),
  noRequest: problem('migration.no-request', 422, {
    zh: '没有这个单号的资源申请，或资源还没有交付',
    en: 'No such resource request, or its resources are not delivered yet',
  }),
  noReclaim: problem('migration.no-reclaim', 422, {
    zh: '写明源端资源的回收单号（HS-…）：须是本应用的、未维持也未撤销的回收单{wrong}',
    en: 'Name the reclaim cases (HS-…) of what it ran on: of this application, neither kept nor cancelled{wrong}',
  }),
  reasonRequired: problem('migration.reason-required', 422, { zh: '须写明理由或证据', en: 'A reason or proof is required' }),
  badWindow: problem('migration.bad-window', 422, {
    zh: '窗口须在将来，且止晚于起',
    en: 'The window must lie ahead and end after it begins',
  }),
  runOpen: problem('migration.run-open', 409, {
    zh: '运行表还有未完成的步骤或未通过的校验：{what}',
    en: 'The run sheet has open steps or failed checks: {what}',
  }),
} as const

const migrationId = z.object({ migrationId: z.uuid() })
const see = canAny(['migration.read', 'R'], ['migration.read', 'r'])
const write = canAny(['migration.apply', 'C'], ['migration.apply', 'U'], ['migration.plan', 'X'], ['migration.plan', 'U'])

/** Forms of the process steps by form key; the outcomes are in the comment. */
export const migrationForms = {
  /** SUBMIT */
  'migration.fill': z.object({}),
  /** APPROVE, REJECT, ACCEPT, PASSED, FAILED, CONFIRM */
  'migration.opinion': z.object({}),
  /** SUBMIT */
  'migration.survey': z.object({}),
  /** FEASIBLE, INFEASIBLE */
  'migration.assess': z.object({ method: Method.default('MIXED'), risk: text(2000).default(''), advice: text(2000).default('') }),
  /** SUBMIT */
  'migration.plan': z.object({}),
  /** PASSED, PASS_WITH_CHANGES, FAILED */
  'migration.review': z.object({ attendees: text(500).default(''), conditions: text(2000).default('') }),
  /** READY */
  'migration.target': z.object({ requestNo: text(40).default('') }),
  /** PASSED, FAILED */
  'migration.rehearse': z.object({
    rehearsedOn: day.nullable().default(null),
    minutes: z.coerce.number().int().min(0).default(0),
    result: text(2000).default(''),
  }),
  /** RESCHEDULE, CANCEL */
  'migration.rearrange': z.object({ windowFrom: instant.nullable().default(null), windowTo: instant.nullable().default(null) }),
  /** DONE, ROLLBACK */
  'migration.cutover': z.object({}),
  /** ROLLBACK, EXTEND */
  'migration.decide': z.object({ minutes: z.coerce.number().int().min(5).max(1440).default(60) }),
  /** DONE */
  'migration.evidence': z.object({ evidence: text(2000).default('') }),
  /** SIGN */
  'migration.sign': z.object({}),
  /** DONE */
  'migration.erase': z.object({ evidence: text(2000).default(''), method: text(200).default('') }),
} as const

export const migrationApi = {
  list: endpoint({
    method: 'GET',
    path: '/migrations',
    summary: '业务迁移列表',
    access: see,
    input: pageInput.extend({ q: z.string().max(100).optional(), status: z.string().max(300).optional(), direction: Direction.optional() }),
    reply: page(MigrationSummary),
  }),
  start: endpoint({
    method: 'POST',
    path: '/migrations',
    summary: '发起迁移（草稿）',
    access: can('migration.apply', 'C'),
    input: z.object({ applicationId: z.uuid(), direction: Direction }),
    reply: MigrationDetail,
    problems: [migrationProblems.noAdmission],
  }),
  get: endpoint({
    method: 'GET',
    path: '/migrations/:migrationId',
    summary: '迁移详情',
    access: see,
    input: migrationId,
    reply: MigrationDetail,
  }),
  saveForm: endpoint({
    method: 'PUT',
    path: '/migrations/:migrationId/form',
    summary: '保存迁移申请',
    access: write,
    input: migrationId.extend({ rev: z.int(), form: MigrationForm }),
    reply: MigrationDetail,
    problems: [migrationProblems.notOpen],
  }),
  importSheet: endpoint({
    method: 'POST',
    path: '/migrations/:migrationId/sheets',
    summary: '导入《应用系统详细信息表》或《云资源测算清单》（xlsx、csv），逐行报错',
    access: write,
    kind: 'file',
    input: migrationId.extend({ sheet: SheetKind }),
    reply: z.object({
      rows: z.int(),
      kept: z.boolean(),
      errors: z.array(z.object({ row: z.int(), column: z.string(), message: z.string() })),
    }),
    problems: [migrationProblems.notOpen],
  }),
  savePlan: endpoint({
    method: 'PUT',
    path: '/migrations/:migrationId/plan',
    summary: '保存迁移方案',
    access: write,
    input: migrationId.extend({ rev: z.int(), plan: MigrationPlan }),
    reply: MigrationDetail,
    problems: [migrationProblems.notOpen],
  }),
  tick: endpoint({
    method: 'POST',
    path: '/migrations/:migrationId/run/:no',
    summary: '割接运行表：一步开始或完成',
    access: write,
    input: migrationId.extend({ no: z.coerce.number().int(), act: z.enum(['START', 'END']), note: text(500).default('') }),
    reply: MigrationDetail,
    problems: [migrationProblems.notOpen],
  }),
  check: endpoint({
    method: 'POST',
    path: '/migrations/:migrationId/checks/:no',
    summary: '割接校验：写下所见，是否相符',
    access: write,
    input: migrationId.extend({ no: z.coerce.number().int(), found: text(200, 1), ok: z.boolean() }),
    reply: MigrationDetail,
    problems: [migrationProblems.notOpen],
  }),
  print: endpoint({
    method: 'POST',
    path: '/migrations/:migrationId/print',
    summary: '迁移工作确认报告（Word；留痕）',
    access: see,
    kind: 'download',
    input: migrationId,
    reply: z.unknown(),
  }),
}
