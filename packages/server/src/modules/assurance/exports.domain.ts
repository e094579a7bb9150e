import type { DataClass } from '@changbai/contract/exports.ts'

type Words = { zh: string; en: string }

interface Leaving {
  title: Words
  /**
   * The columns in it, `table.column`, whose class decides; what is masked in every file does not count, nor do the names of those who did
   * the work it lists. None: internal.
   */
  columns: readonly string[]
}
const of = (zh: string, en: string, ...columns: string[]): Leaving => ({ title: { zh, en }, columns })

/** Everything that leaves as a file, by the address of its endpoint. */
export const EXPORTS: Readonly<Record<string, Leaving>> = {
  '/adoptable/sheet': of('可接管清单', 'Things to adopt'),
  '/admissions/export': of('准入申请清单', 'List of admissions'),
  '/requests/export': of('资源申请清单', 'List of requests'),
  '/work-orders/export': of('工单清单', 'List of work orders'),
  '/inventory/export': of('台账', 'Inventory', 'server.addresses', 'server.bmc_address'),
  '/showback/export': of('费用权重表', 'Cost weights'),
  '/monthly-reports/:month/figures': of('月报数字', 'Figures of the monthly report'),
  '/monthly-reports/:month/print': of('月报', 'Monthly report'),
  '/availability/:applicationId/export': of('可用性记录', 'Availability record'),
  '/compliance/months/:month/print': of('履约报告', 'Compliance report'),
  '/compliance/months/:month/export': of('履约证据', 'Evidence of compliance'),
  '/ledger/export': of('审计台账', 'Ledger', 'ledger_fact.address', 'ledger_fact.data'),
  '/controls/audit-export': of('审计资料', 'Audit workbook', 'ledger_fact.address', 'person.sign_in'),
  '/health/support-archive': of('支持档案', 'Support archive'),
  '/documents/:documentId/export': of('文档', 'Document'),
  '/archives': of('年度归档包', 'Archive of a year'),
  '/planning-papers/:paperId/print': of('规划建议', 'Planning paper'),
  '/migrations/:migrationId/print': of('迁移工作确认报告', 'Migration report'),
  '/meetings/:meetingId/print': of('会议纪要', 'Minutes'),
  '/reclaim/cases/:caseId/print': of('性能分析报告', 'Performance report'),
  '/incidents/:incidentId/print': of('故障报告', 'Incident report'),
  '/problems/:problemId/print': of('问题报告', 'Problem report'),
  '/emergencies/:emergencyId/print': of('应急报告', 'Emergency report'),
  '/inspections/:roundId/print': of('巡检报告', 'Inspection report'),
  '/changes/:changeId/print': of('变更单', 'Change form'),
  '/assessments/:assessmentId/print': of('系统评估报告', 'Assessment report'),
  '/training-exams/:examId/certificate': of('合格证书', 'Certificate'),
  '/forms/:formId/print': of('申请表', 'Form'),
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

export const CLASS_ORDER: readonly DataClass[] = ['public', 'internal', 'sensitive', 'personal', 'contact']
/** The most careful of several. */
export const mostCareful = (classes: readonly DataClass[]): DataClass => CLASS_ORDER.findLast((one) => classes.includes(one)) ?? 'internal'
export interface ExportLimits {
  rows: number
  from: DataClass
}
/** Does it need a second person? An empty list takes nothing out. */
export const needsApproval = ({ rows, from }: ExportLimits, taken: { rows: number | null; dataClass: DataClass }): boolean =>
  taken.rows !== 0 && (CLASS_ORDER.indexOf(taken.dataClass) >= CLASS_ORDER.indexOf(from) || (taken.rows ?? 0) >= rows)

export const classNames: Readonly<Record<DataClass, Words>> = {
  public: { zh: '公开', en: 'public' },
  internal: { zh: '内部', en: 'internal' },
  sensitive: { zh: '敏感', en: 'sensitive' },
  personal: { zh: '个人', en: 'personal' },
  contact: { zh: '联系方式', en: 'contact' },
}
