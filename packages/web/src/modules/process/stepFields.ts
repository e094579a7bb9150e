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
const conditions: StepField = { name: 'conditions', kind: 'long', zh: '条件', en: 'Conditions', only: ['APPROVE'] }
const advice: StepField = { name: 'advice', kind: 'long', zh: '改进建议', en: 'What to improve', only: ['REJECT'], required: true }
const adviceForInfeasible: StepField = { name: 'advice', kind: 'long', zh: '改进建议（不可行时）', en: 'Advice (if not feasible)' }
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
  { name: 'letterNo', kind: 'short', zh: '公函文号', en: 'Letter number', only: ['APPROVE'] },
]
const buildDemand: StepField[] = [{ name: 'readyOn', kind: 'day', zh: '预计备妥日期', en: 'Ready on' }]

export const stepFields: Readonly<Record<string, readonly StepField[]>> = {
  'admission.sign': means,
  'request.sign': means,
  'admission.technicalReview': [conclusion, conditions, adviceForInfeasible],
  'request.technicalReview': [conclusion, conditions, adviceForInfeasible],
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
}

/** Forms whose opinion must not be empty. */
export const opinionRequired = new Set([
  'provisioning.clarify',
  'provisioning.manualFix',
  'provisioning.rectify',
  'provisioning.overdueAcceptance',
])
/** Forms that are handed in on their own page. */
export const pageForms = new Set([
  'admission.prepare',
  'admission.correct',
  'request.prepareCatalog',
  'request.fillForm',
  'request.correct',
])
