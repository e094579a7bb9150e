/** What a step asks for beside the opinion, by form key. The contract's form schema checks it; this says how it is asked. */
export interface StepField {
  name: string
  kind: 'choice' | 'short' | 'long' | 'number' | 'day'
  zh: string
  en: string
  options?: readonly { value: string; zh: string; en: string }[]
  unit?: string
  /** Only asked with these outcomes. */
  only?: readonly string[]
  /** Only asked while another field has one of these values; a choice not yet touched has its first. */
  when?: { field: string; in: readonly string[] }
  required?: boolean
}

const conclusion: StepField = {
  name: 'conclusion',
  kind: 'choice',
  zh: '结论',
  en: 'Conclusion',
  options: [
    { value: 'FEASIBLE', zh: '可行', en: 'Feasible' },
    { value: 'FEASIBLE_WITH_CONDITIONS', zh: '有条件可行', en: 'Feasible with conditions' },
    { value: 'INFEASIBLE', zh: '不可行', en: 'Not feasible' },
  ],
}
const conditions: StepField = { name: 'conditions', kind: 'long', zh: '附带条件', en: 'Conditions', only: ['APPROVE'] }
const conditionsOfReview: StepField = {
  name: 'conditions',
  kind: 'long',
  zh: '条件',
  en: 'Conditions',
  required: true,
  when: { field: 'conclusion', in: ['FEASIBLE_WITH_CONDITIONS'] },
}
const advice: StepField = { name: 'advice', kind: 'long', zh: '改进建议', en: 'What to improve', only: ['REJECT'], required: true }
const adviceForInfeasible: StepField = {
  name: 'advice',
  kind: 'long',
  zh: '改进建议',
  en: 'What to improve',
  required: true,
  when: { field: 'conclusion', in: ['INFEASIBLE'] },
}
const decision = [conditions, advice]
const means: StepField[] = [
  {
    name: 'means',
    kind: 'choice',
    zh: '确认方式',
    en: 'Confirmed by',
    only: ['APPROVE'],
    options: [
      { value: 'ELECTRONIC', zh: '在线确认', en: 'Here, electronically' },
      { value: 'LETTER', zh: '盖章公函（已附）', en: 'A stamped letter (attached)' },
    ],
  },
  {
    name: 'letterNo',
    kind: 'short',
    zh: '公函文号',
    en: 'Letter number',
    only: ['APPROVE'],
    required: true,
    when: { field: 'means', in: ['LETTER'] },
  },
]
const buildDemand: StepField[] = [{ name: 'readyOn', kind: 'day', zh: '预计备妥日期', en: 'Ready on' }]

const tier: StepField = {
  name: 'tier',
  kind: 'choice',
  zh: '新档位（降档时）',
  en: 'New tier, if it changes',
  options: [
    { value: '', zh: '不变', en: 'as it is' },
    { value: 'SAS', zh: 'SAS', en: 'SAS' },
    { value: 'SATA', zh: 'SATA', en: 'SATA' },
  ],
}
const analysis = (options: StepField['options']): StepField[] => [
  { name: 'gapReason', kind: 'long', zh: '配置与负载差异原因', en: 'Why load and size differ', required: true },
  { name: 'recommendation', kind: 'choice', zh: '建议', en: 'Proposal', options: options ?? [] },
  { name: 'recommendationText', kind: 'long', zh: '建议说明', en: 'The proposal in words', required: true },
  { name: 'target', kind: 'short', zh: '目标配置', en: 'Size wanted' },
]

const doneWithProof: StepField[] = [
  { name: 'evidence', kind: 'long', zh: '做了什么、证据在哪', en: 'What was done and where the proof is', required: true },
]

export const stepFields: Readonly<Record<string, readonly StepField[]>> = {
  'change.assess': [
    {
      name: 'risk',
      kind: 'choice',
      zh: '风险',
      en: 'Risk',
      options: [
        { value: 'M', zh: '中', en: 'Medium' },
        { value: 'L', zh: '低', en: 'Low' },
        { value: 'H', zh: '高', en: 'High' },
      ],
    },
    { name: 'impact', kind: 'long', zh: '影响', en: 'Impact' },
  ],
  'change.meeting': [
    { name: 'attendees', kind: 'short', zh: '到会', en: 'Present' },
    { name: 'minutes', kind: 'long', zh: '评审纪要', en: 'Minutes', required: true },
  ],
  'change.approve': [{ name: 'advice', kind: 'long', zh: '改进建议', en: 'What to improve', only: ['REJECT'] }],
  'change.backup': [{ name: 'backupRef', kind: 'short', zh: '备份在哪里', en: 'Where the backup is', only: ['DONE'], required: true }],
  'change.byHand': doneWithProof,
  'migration.evidence': doneWithProof,
  'migration.erase': [{ name: 'method', kind: 'short', zh: '清除方式', en: 'Method', required: true }, ...doneWithProof],
  'migration.assess': [
    {
      name: 'method',
      kind: 'choice',
      zh: '迁移方式',
      en: 'Method',
      options: [
        { value: 'MIXED', zh: '组合', en: 'Mixed' },
        { value: 'IMAGE', zh: '整机镜像', en: 'Image' },
        { value: 'REINSTALL', zh: '应用重装', en: 'Reinstall' },
        { value: 'DB_REPLICATION', zh: '数据库同步', en: 'Database replication' },
        { value: 'OFFLINE_COPY', zh: '文件离线拷贝', en: 'Offline copy' },
      ],
    },
    { name: 'risk', kind: 'long', zh: '风险', en: 'Risk' },
    { name: 'advice', kind: 'long', zh: '改造建议', en: 'What to change', only: ['INFEASIBLE'], required: true },
  ],
  'migration.review': [
    { name: 'attendees', kind: 'short', zh: '到会', en: 'Present' },
    { name: 'conditions', kind: 'long', zh: '须修改之处', en: 'What to change', only: ['PASS_WITH_CHANGES'], required: true },
  ],
  'migration.target': [{ name: 'requestNo', kind: 'short', zh: '资源申请单号', en: 'Number of the resource request', required: true }],
  'migration.rehearse': [
    { name: 'rehearsedOn', kind: 'day', zh: '演练日期', en: 'On' },
    { name: 'minutes', kind: 'number', zh: '耗时', en: 'Took', unit: 'min' },
    { name: 'result', kind: 'long', zh: '演练结果', en: 'Result', required: true },
  ],
  'migration.decide': [{ name: 'minutes', kind: 'number', zh: '延窗', en: 'More time', unit: 'min', only: ['EXTEND'] }],
  'change.verify': [{ name: 'found', kind: 'long', zh: '验证所见', en: 'What was found' }],
  'change.review': [
    { name: 'cause', kind: 'long', zh: '失败原因', en: 'Why it failed', required: true },
    { name: 'lesson', kind: 'long', zh: '改进措施', en: 'What is done about it', required: true },
  ],
  'change.close': [
    {
      name: 'partial',
      kind: 'choice',
      zh: '结果',
      en: 'Result',
      options: [
        { value: 'false', zh: '全部完成', en: 'All of it' },
        { value: 'true', zh: '部分完成', en: 'In part' },
      ],
    },
  ],
  'change.papers': [{ name: 'account', kind: 'long', zh: '补单说明', en: 'Account of what was done', required: true }],
  'admission.sign': means,
  'request.sign': means,
  'admission.technicalReview': [conclusion, conditionsOfReview, adviceForInfeasible],
  'request.technicalReview': [conclusion, conditionsOfReview, adviceForInfeasible],
  'admission.capacityReview': [
    {
      name: 'capacity',
      kind: 'choice',
      zh: '容量',
      en: 'Capacity',
      options: [
        { value: 'SUFFICIENT', zh: '足够', en: 'Sufficient' },
        { value: 'INSUFFICIENT', zh: '不足', en: 'Not sufficient' },
      ],
    },
  ],
  'request.capacityReview': [
    {
      name: 'capacity',
      kind: 'choice',
      zh: '容量',
      en: 'Capacity',
      options: [
        { value: 'SUFFICIENT', zh: '足够', en: 'Sufficient' },
        { value: 'PARTIAL', zh: '不足，先满足一部分', en: 'Short: give a part now' },
        { value: 'WAIT', zh: '不足，排队等扩容', en: 'Short: wait for expansion' },
        { value: 'REFUSE', zh: '不足，建议否决', en: 'Short: advise to refuse' },
      ],
    },
    { name: 'pool', kind: 'short', zh: '资源池', en: 'Pool' },
    { name: 'vcpuAfterPct', kind: 'number', zh: '分配后 vCPU 占比', en: 'vCPU allocated afterwards', unit: '%' },
  ],
  'request.preReview': [{ name: 'recommendation', kind: 'long', zh: '推荐规格', en: 'Recommended specification' }],
  'admission.customerReview': decision,
  'admission.leaderApprove': decision,
  'request.customerApprove': decision,
  'request.leaderApprove': decision,
  'admission.fulfilBuildDemand': buildDemand,
  'request.fulfilBuildDemand': buildDemand,
  'provisioning.verify': [
    { name: 'returnReason', kind: 'long', zh: '退回原因', en: 'Why it is returned', only: ['RETURN'], required: true },
    {
      name: 'attribution',
      kind: 'choice',
      zh: '归因',
      en: 'Due to',
      only: ['RETURN'],
      options: [
        { value: 'APPLICATION', zh: '应用方', en: 'The application side' },
        { value: 'PROVIDER', zh: '乙方', en: 'The provider' },
        { value: 'CUSTOMER', zh: '甲方', en: 'The customer' },
      ],
    },
  ],
  'reclaim.report': analysis([
    { value: 'RELEASE', zh: '释放', en: 'Release' },
    { value: 'RIGHT_SIZE', zh: '换小规格', en: 'Make smaller' },
    { value: 'CLUSTER_SHRINK', zh: '缩减集群', en: 'Shrink the cluster' },
    { value: 'KEEP', zh: '维持', en: 'Keep' },
  ]),
  'reclaim.storageReport': analysis([
    { value: 'RELEASE', zh: '释放', en: 'Release' },
    { value: 'SHRINK', zh: '换小卷', en: 'Make smaller' },
    { value: 'TIER_DOWN', zh: '降档', en: 'Cheaper tier' },
    { value: 'KEEP', zh: '维持', en: 'Keep' },
  ]),
  'reclaim.assess': [{ name: 'nodes', kind: 'number', zh: '拟释放节点数（集群）', en: 'Nodes to go (cluster)', unit: '个' }],
  'reclaim.tenantConfirm': [
    { name: 'minNodes', kind: 'number', zh: '最少节点数（集群）', en: 'Nodes needed at least (cluster)', unit: '个', only: ['CONFIRM'] },
  ],
  'reclaim.declareData': [
    {
      name: 'declaration',
      kind: 'choice',
      zh: '数据处置声明',
      en: 'About the data',
      only: ['AGREE'],
      options: [
        { value: 'BACKED_UP', zh: '数据已备份', en: 'It is backed up' },
        { value: 'NOT_NEEDED', zh: '数据不需保留', en: 'It is not needed' },
      ],
    },
  ],
  'reclaim.evidence': [
    { name: 'ref', kind: 'short', zh: '凭据（位置、单号或说明）', en: 'Evidence: place, number or words', required: true },
  ],
  'reclaim.sanitize': [
    { name: 'method', kind: 'short', zh: '清除方式', en: 'How it was erased', required: true },
    { name: 'operator', kind: 'short', zh: '操作人', en: 'Done by', required: true },
    { name: 'witness', kind: 'short', zh: '见证人', en: 'Witness', required: true },
    { name: 'evidence', kind: 'long', zh: '证据', en: 'Evidence', required: true },
  ],
  'reclaim.change': [
    { name: 'changeNo', kind: 'short', zh: '变更单号', en: 'Change number', required: true },
    { name: 'vcpu', kind: 'number', zh: '替换后 vCPU（服务器）', en: 'vCPU afterwards (server)', unit: '核' },
    { name: 'memGiB', kind: 'number', zh: '替换后内存（服务器）', en: 'Memory afterwards (server)', unit: 'GiB' },
    { name: 'gib', kind: 'number', zh: '新卷容量（换小卷）', en: 'Size of the new volume', unit: 'GiB' },
    tier,
  ],
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === ''

/** Values with the untouched choices at their first option, as the page shows them. */
export const settled = (fields: readonly StepField[], data: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const first = fields.flatMap((field) => (field.kind === 'choice' ? [[field.name, field.options?.[0]?.value] as const] : []))
  return Object.fromEntries([...first, ...Object.entries(data)].filter(([, value]) => !isEmpty(value)))
}

/** The fields to ask for with an outcome; null = before one is chosen, so those of a refusal wait. */
export function fieldsFor(
  fields: readonly StepField[],
  outcome: string | null,
  data: Readonly<Record<string, unknown>>,
  first: string | undefined,
): StepField[] {
  const values = settled(fields, data)
  return fields.filter(
    (field) =>
      (!field.only || field.only.includes(outcome ?? first ?? '')) &&
      (!field.when || field.when.in.includes(String(values[field.when.field]))),
  )
}

export const missingOf = (fields: readonly StepField[], data: Readonly<Record<string, unknown>>): StepField[] => {
  const values = settled(fields, data)
  return fields.filter((field) => field.required && isEmpty(values[field.name]))
}

/** Forms whose opinion must not be empty, with every outcome or with those named. */
const opinions: Readonly<Record<string, readonly string[] | 'ALWAYS'>> = {
  'change.failure': 'ALWAYS',
  'change.assess': ['OPPOSE'],
  'change.meeting': ['FAILED'],
  'change.verify': ['FAILED'],
  'migration.decide': 'ALWAYS',
  'migration.opinion': ['FAILED', 'REJECT'],
  'migration.review': ['FAILED'],
  'migration.cutover': ['ROLLBACK'],
  'reclaim.tenantConfirm': ['OBJECT'],
  'reclaim.declareData': ['REFUSE'],
  'reclaim.reassess': 'ALWAYS',
  'reclaim.coordinate': 'ALWAYS',
  'reclaim.arbitrate': 'ALWAYS',
  'provisioning.clarify': 'ALWAYS',
  'provisioning.manualFix': 'ALWAYS',
  'provisioning.rectify': 'ALWAYS',
  'provisioning.overdueAcceptance': 'ALWAYS',
}
/** @param outcome null: before one is chosen */
export const opinionRequired = (formKey: string, outcome: string | null): boolean => {
  const wanted = opinions[formKey]
  return wanted === 'ALWAYS' || (outcome !== null && (wanted?.includes(outcome) ?? false))
}
/** Forms that are handed in on their own page. */
export const pageForms = new Set([
  'change.fill',
  'admission.prepare',
  'admission.correct',
  'request.prepareCatalog',
  'request.fillForm',
  'request.correct',
])
