import type { DataClass } from '@changbai/contract/exports.ts'

type Words = { zh: string; en: string }

const of = (dataClass: DataClass, zh: string, en: string): { dataClass: DataClass; title: Words } => ({ dataClass, title: { zh, en } })

/** Everything that leaves as a file, by the address of its endpoint, with the most careful class of data in it. */
export const EXPORTS: Readonly<Record<string, { dataClass: DataClass; title: Words }>> = {
  '/adoptable/sheet': of('internal', '可接管清单', 'Things to adopt'),
  '/admissions/export': of('internal', '准入申请清单', 'List of admissions'),
  '/requests/export': of('internal', '资源申请清单', 'List of requests'),
  '/work-orders/export': of('internal', '工单清单', 'List of work orders'),
  '/inventory/export': of('sensitive', '台账', 'Inventory'),
  '/showback/export': of('internal', '费用权重表', 'Cost weights'),
  '/monthly-reports/:month/figures': of('internal', '月报数字', 'Figures of the monthly report'),
  '/monthly-reports/:month/print': of('internal', '月报', 'Monthly report'),
  '/availability/:applicationId/export': of('internal', '可用性记录', 'Availability record'),
  '/compliance/months/:month/print': of('internal', '履约报告', 'Compliance report'),
  '/compliance/months/:month/export': of('internal', '履约证据', 'Evidence of compliance'),
  '/ledger/export': of('personal', '审计台账', 'Ledger'),
  '/controls/audit-export': of('personal', '审计资料', 'Audit workbook'),
  '/health/support-archive': of('internal', '支持档案', 'Support archive'),
  '/documents/:documentId/export': of('internal', '文档', 'Document'),
  '/archives': of('internal', '年度归档包', 'Archive of a year'),
  '/planning-papers/:paperId/print': of('internal', '规划建议', 'Planning paper'),
  '/migrations/:migrationId/print': of('internal', '迁移工作确认报告', 'Migration report'),
  '/meetings/:meetingId/print': of('internal', '会议纪要', 'Minutes'),
  '/reclaim/cases/:caseId/print': of('internal', '性能分析报告', 'Performance report'),
  '/incidents/:incidentId/print': of('internal', '故障报告', 'Incident report'),
  '/problems/:problemId/print': of('internal', '问题报告', 'Problem report'),
  '/emergencies/:emergencyId/print': of('internal', '应急报告', 'Emergency report'),
  '/inspections/:roundId/print': of('internal', '巡检报告', 'Inspection report'),
  '/changes/:changeId/print': of('internal', '变更单', 'Change form'),
  '/assessments/:assessmentId/print': of('internal', '系统评估报告', 'Assessment report'),
  '/training-exams/:examId/certificate': of('internal', '合格证书', 'Certificate'),
  '/forms/:formId/print': of('internal', '申请表', 'Form'),
}

/** Downloads that take no data out, each with its reason. */
export const NO_EXPORTS: Readonly<Record<string, string>> = {
  '/setup/template': 'an empty form',
  '/manual/:role/print': 'text we ship',
  '/files/:fileId/content': 'the file of a page, under the permission of that page',
  '/forms/:formId/attachments/:fileId': 'the file of a form, under the permission of that form',
  '/session/single-sign-on/callback': 'a redirect of the sign-in',
  '/duty/feed/:token': 'a calendar its owner subscribed to; shifts without telephone numbers',
  '/measurements/:applicationId/export': 'a read-only interface with keys of its own, each call on record, limited by address and rate',
}

const ORDER: readonly DataClass[] = ['public', 'internal', 'sensitive', 'personal']
export interface ExportLimits {
  rows: number
  from: DataClass
}
/** Does it need a second person? An empty list takes nothing out. */
export const needsApproval = ({ rows, from }: ExportLimits, taken: { rows: number | null; dataClass: DataClass }): boolean =>
  taken.rows !== 0 && (ORDER.indexOf(taken.dataClass) >= ORDER.indexOf(from) || (taken.rows ?? 0) >= rows)

export const classNames: Readonly<Record<DataClass, Words>> = {
  public: { zh: '公开', en: 'public' },
  internal: { zh: '内部', en: 'internal' },
  sensitive: { zh: '敏感', en: 'sensitive' },
  personal: { zh: '个人', en: 'personal' },
}
