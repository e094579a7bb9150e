import { z } from 'zod'
import { buildForm, RejectionCode, signForm } from './admission.ts'
import { StorageKind, storageKindNames, Zone, zoneNames } from './catalog.ts'
import { can, canAny, day, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import {
  bilingual,
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
  list,
  longText,
  MatterKind,
  MatterStatus,
  Review,
  Signature,
  shortText,
  Totals,
} from './forms.ts'
import { problem } from './problem.ts'

// 资源申请 (sections 3.2 and 4.2 of the domain): 《吉林省政务云资源开通申请表》, strict shape of the finished form.

export const Environment = z.enum(['PROD', 'TEST', 'DEV', 'DR'])
export const DiskType = z.enum(['SSD', 'SAS', 'SATA'])
export const Protocol = z.enum(['TCP', 'UDP', 'ICMP', 'ANY'])
export const SecurityService = z.enum(['WAF', 'HOST_PROTECTION', 'BASTION', 'LOG_AUDIT', 'VULN_SCAN'])
export type SecurityService = z.infer<typeof SecurityService>
export const environmentNames = {
  PROD: hint('生产', 'Production'),
  TEST: hint('测试', 'Test'),
  DEV: hint('开发', 'Development'),
  DR: hint('灾备', 'Disaster recovery'),
}
export const securityServiceNames: Record<SecurityService, { zh: string; en: string }> = {
  WAF: hint('Web 应用防火墙', 'Web application firewall'),
  HOST_PROTECTION: hint('主机防护', 'Host protection'),
  BASTION: hint('堡垒机', 'Bastion'),
  LOG_AUDIT: hint('日志审计', 'Log audit'),
  VULN_SCAN: hint('漏洞扫描', 'Vulnerability scan'),
}

export const DataDisk = z.object({
  gib: field(count(10, 32_768), { zh: '容量', en: 'Size', unit: 'GiB', hint: hint('10 至 32,768 GiB', '10 to 32,768 GiB') }),
  type: field(DiskType, { zh: '类型', en: 'Type' }),
})
export const VmItem = z.object({
  hostName: field(z.string().regex(/^[a-z][a-z0-9-]{2,40}$/), {
    zh: '名称',
    en: 'Host name',
    hint: hint('小写字母开头，3 至 41 位小写字母、数字、短横', 'A lower-case letter, then lower-case letters, digits, hyphens; 3 to 41'),
  }),
  purpose: field(shortText(), { zh: '用途', en: 'Purpose' }),
  flavorId: field(z.string().max(100).optional(), {
    zh: '规格',
    en: 'Flavour',
    hint: hint('选目录内规格，或写 vCPU 与内存', 'A flavour of the catalogue, or vCPU and memory'),
  }),
  vcpu: field(count(1, 64).optional(), { zh: 'vCPU', en: 'vCPU', unit: '核', hint: hint('1 至 64', '1 to 64') }),
  memGiB: field(count(1, 512).optional(), { zh: '内存', en: 'Memory', unit: 'GiB', hint: hint('1 至 512', '1 to 512') }),
  imageId: field(z.string().min(1).max(100), { zh: '镜像', en: 'Image' }),
  rootGiB: field(count(40, 500), { zh: '系统盘', en: 'Root disk', unit: 'GiB', hint: hint('40 至 500 GiB', '40 to 500 GiB') }),
  dataDisks: field(z.array(DataDisk).max(24).optional(), { zh: '数据盘', en: 'Data disks' }),
  az: field(shortText(), { zh: '可用区', en: 'Zone of availability' }),
  antiAffinity: field(shortText(0).optional(), { zh: '反亲和组', en: 'Anti-affinity group' }),
  count: field(count(1, 50), { zh: '数量', en: 'Count', unit: '台', hint: hint('1 至 50', '1 to 50') }),
})
export type VmItem = z.infer<typeof VmItem>
export const BmItem = z.object({
  modelId: field(z.string().min(1).max(100), {
    zh: '机型',
    en: 'Model',
    hint: hint('须已通过新机型可用性测试', 'The model must have passed the acceptance test'),
  }),
  purpose: field(shortText(), { zh: '用途', en: 'Purpose' }),
  cpu: field(shortText(0).optional(), { zh: 'CPU', en: 'CPU' }),
  memGiB: field(count(1, 65_536).optional(), { zh: '内存', en: 'Memory', unit: 'GiB' }),
  disks: field(shortText(0).optional(), { zh: '硬盘', en: 'Disks' }),
  nics: field(shortText(0).optional(), { zh: '网卡', en: 'Network cards' }),
  gpu: field(shortText(0).optional(), { zh: 'GPU', en: 'GPU' }),
  raid: field(z.enum(['RAID0', 'RAID1', 'RAID5', 'RAID6', 'RAID10', 'JBOD']), { zh: 'RAID', en: 'RAID' }),
  os: field(shortText(), { zh: '操作系统', en: 'Operating system' }),
  count: field(count(1, 50), { zh: '数量', en: 'Count', unit: '台' }),
  justification: field(longText(), {
    zh: '理由',
    en: 'Why not virtual',
    long: true,
    hint: hint('说明为何不能用虚拟机', 'Say why a virtual machine will not do'),
  }),
})
export type BmItem = z.infer<typeof BmItem>
export const StorageItem = z.object({
  kind: field(StorageKind, { zh: '类型', en: 'Kind', choices: storageKindNames }),
  purpose: field(shortText(), { zh: '用途', en: 'Purpose' }),
  gib: field(count(1, 10_000_000), { zh: '容量', en: 'Capacity', unit: 'GiB' }),
  tier: field(z.enum(['HIGH', 'STANDARD', 'ARCHIVE']), {
    zh: '性能档',
    en: 'Tier',
    choices: { HIGH: hint('高性能', 'High'), STANDARD: hint('标准', 'Standard'), ARCHIVE: hint('归档', 'Archive') },
  }),
  protocol: field(z.enum(['NFS', 'CIFS', 'S3']).optional(), {
    zh: '共享协议',
    en: 'Protocol',
    hint: hint('文件存储选 NFS 或 CIFS，对象存储选 S3', 'NFS or CIFS for files, S3 for objects'),
  }),
  attachTo: field(shortText(0).optional(), {
    zh: '挂载到',
    en: 'Attached to',
    hint: hint('虚拟机行的名称', 'Host name of a virtual machine line'),
  }),
  backupPolicyId: field(z.string().min(1).max(100), { zh: '备份策略', en: 'Backup policy' }),
})
export type StorageItem = z.infer<typeof StorageItem>
export const PortRule = z.object({
  src: field(shortText(), {
    zh: '源',
    en: 'Source',
    hint: hint('网段，如 10.1.0.0/24；全部为 0.0.0.0/0', 'A range such as 10.1.0.0/24; everywhere is 0.0.0.0/0'),
  }),
  dst: field(shortText(), { zh: '目的', en: 'Destination' }),
  proto: field(Protocol, { zh: '协议', en: 'Protocol' }),
  port: field(z.string().regex(/^(any|\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*)$/), {
    zh: '端口',
    en: 'Port',
    hint: hint('如 443、8000-8010、80,443；全部为 any', 'Like 443, 8000-8010, 80,443; all is any'),
  }),
  purpose: field(shortText(), { zh: '用途', en: 'Purpose' }),
  until: field(day.optional(), { zh: '有效至', en: 'Until' }),
})
export type PortRule = z.infer<typeof PortRule>
export const NetItem = z.object({
  zone: field(Zone, { zh: '区域', en: 'Zone', choices: zoneNames }),
  cidr: field(shortText(0).optional(), {
    zh: '网段',
    en: 'Range',
    hint: hint('如 10.12.3.0/24，可留空由平台分配', 'Like 10.12.3.0/24; empty lets the platform choose'),
  }),
  publicIp: field(count(0, 100).optional(), { zh: '公网地址', en: 'Public addresses', unit: '个' }),
  mbps: field(count(1, 100_000).optional(), {
    zh: '带宽',
    en: 'Bandwidth',
    unit: 'Mbps',
    hint: hint('互联网区或有公网地址时必填', 'Required in the Internet zone or with public addresses'),
  }),
  domain: field(shortText(0).optional(), { zh: '域名', en: 'Domain' }),
  icp: field(shortText(0).optional(), {
    zh: '备案号',
    en: 'ICP filing',
    hint: hint('有域名并对互联网开放时必填', 'Required for a domain open to the Internet'),
  }),
  rules: field(list(PortRule), { zh: '端口策略', en: 'Port rules' }),
  loadBalancer: field(z.boolean().optional(), { zh: '负载均衡', en: 'Load balancer' }),
})
export type NetItem = z.infer<typeof NetItem>
export const SecItem = z.object({
  service: field(SecurityService, { zh: '服务', en: 'Service', choices: securityServiceNames }),
  note: field(shortText(0).optional(), { zh: '说明', en: 'Note' }),
})
export type SecItem = z.infer<typeof SecItem>

const applicant = {
  contactName: field(shortText(), { zh: '联系人', en: 'Contact' }),
  phone: field(
    z
      .string()
      .trim()
      .regex(/^1[3-9]\d{9}$/),
    { zh: '手机', en: 'Mobile', hint: hint('11 位手机号', 'An 11-digit mobile number') },
  ),
  expectedOn: field(day.optional(), {
    zh: '期望到位',
    en: 'Wanted by',
    hint: hint('不早于提交日加开通时限', 'Not before hand-in plus the time limit'),
  }),
  usageUntilOn: field(day, { zh: '使用期限', en: 'Used until' }),
  env: field(Environment, { zh: '环境', en: 'Environment', choices: environmentNames }),
  basisNote: field(shortText(0).optional(), { zh: '申请依据说明', en: 'Grounds' }),
}
const lines = {
  vmItems: field(list(VmItem).optional(), { zh: '虚拟机', en: 'Virtual machines' }),
  bmItems: field(list(BmItem).optional(), { zh: '物理机', en: 'Physical servers' }),
  storageItems: field(list(StorageItem).optional(), { zh: '存储', en: 'Storage' }),
  netItems: field(list(NetItem).optional(), { zh: '网络', en: 'Network' }),
  secItems: field(z.array(SecItem).max(20).optional(), { zh: '安全', en: 'Security' }),
}
const remarks = {
  deviationReason: field(shortText(0).optional(), {
    zh: '与目录不一致的说明',
    en: 'Why it differs from the catalogue',
    hint: hint('合计与目录总结相差超过 10% 时必填', 'Required when a total differs from the catalogue by more than 10 %'),
  }),
}
export const ProvisionContent = z.object({ ...applicant, ...lines, ...remarks })
export type ProvisionContent = z.infer<typeof ProvisionContent>

export const provisionFiles: Record<string, FileField> = {
  basis: { section: '1', zh: '申请依据', en: 'Grounds', required: 'always' },
  officialLetter: { section: '1', zh: '盖章公函', en: 'Stamped letter', required: 'sometimes' },
}
export const provisionSections: readonly FormSection[] = [
  { id: '1', zh: '申请信息', en: 'Applicant', fields: [...Object.keys(applicant), 'basis', 'officialLetter'] },
  { id: '2', zh: '虚拟机', en: 'Virtual machines', fields: ['vmItems'] },
  { id: '3', zh: '物理机', en: 'Physical servers', fields: ['bmItems'] },
  { id: '4', zh: '存储', en: 'Storage', fields: ['storageItems'] },
  { id: '5', zh: '网络', en: 'Network', fields: ['netItems'] },
  { id: '6', zh: '安全', en: 'Security', fields: ['secItems'] },
  { id: '7', zh: '合计与说明', en: 'Totals', fields: Object.keys(remarks) },
]

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

export const requestApi = {
  list: endpoint({
    method: 'GET',
    path: '/requests',
    summary: '资源申请列表',
    access: see,
    input: pageInput.extend({
      q: z.string().max(100).optional(),
      /** Comma list of statuses. */
      status: z.string().max(300).optional(),
      kind: MatterKind.optional(),
      env: Environment.optional(),
      tenantId: z.uuid().optional(),
      applicationId: z.uuid().optional(),
      mine: z.stringbool().optional(),
      sort: z.enum(['-updatedAt', 'updatedAt', '-number', 'number', '-submittedAt']).default('-updatedAt'),
    }),
    reply: page(RequestSummary),
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
