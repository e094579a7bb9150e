// Words of the monthly report without a schema, so that a page may show them at little cost.

/** The fourteen sections of the monthly report, in order. */
export const SECTION_CODES = [
  'overview',
  'resources',
  'availability',
  'incidents',
  'requests',
  'inspections',
  'security',
  'networkStorage',
  'hotline',
  'training',
  'meetingFollowUp',
  'risks',
  'nextMonthPlan',
  'appendices',
] as const
/** As printed and as shown. */
export const SECTION_TITLES: Readonly<Record<(typeof SECTION_CODES)[number], { zh: string; en: string }>> = {
  overview: { zh: '概述与结论', en: 'Overview' },
  resources: { zh: '资源情况', en: 'Resources' },
  availability: { zh: '服务可用性', en: 'Availability' },
  incidents: { zh: '故障处置', en: 'Incidents' },
  requests: { zh: '申请、分配与变更', en: 'Requests, provisioning and changes' },
  inspections: { zh: '巡检', en: 'Inspections' },
  security: { zh: '安全', en: 'Security' },
  networkStorage: { zh: '网络与存储', en: 'Network and storage' },
  hotline: { zh: '热线与服务台', en: 'Hotline' },
  training: { zh: '培训', en: 'Training' },
  meetingFollowUp: { zh: '例会与跟进事项', en: 'Meetings and follow-ups' },
  risks: { zh: '风险', en: 'Risks' },
  nextMonthPlan: { zh: '下月计划', en: 'Next month' },
  appendices: { zh: '附录', en: 'Appendices' },
}

/** The five parties that write it. */
export const REPORT_AUTHORS = [
  'OPERATION_MANAGER',
  'MAINTENANCE_MANAGER',
  'MAINTENANCE_ENGINEER',
  'APP_PROJECT_MANAGER',
  'BUILD_PROJECT_MANAGER',
] as const

/** The four groups that approve it within the provider, and who signs for each. */
export const REPORT_GROUPS = {
  OPERATION: 'OPERATION_MANAGER',
  MAINTENANCE: 'MAINTENANCE_MANAGER',
  APPLICATION: 'APP_PROJECT_MANAGER',
  CONSTRUCTION: 'BUILD_PROJECT_MANAGER',
} as const
