import { z } from 'zod'
import { Digest, month } from './compliance.ts'
import { can, canAny, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { problem } from './problem.ts'
import { Report, ReportAuthor, ReportComment, ReportGroup, ReportSummary, SectionCode } from './report.shapes.ts'
import { SheetFormat, sheetProblems } from './sheet.ts'

export const reportProblems = {
  notOver: problem('report.not-over', 409, {
    zh: '{month} 还没有结束，不能编写月报',
    en: '{month} is not over; its report cannot be opened yet',
  }),
  exists: problem('report.exists', 409, { zh: '{month} 的月报已经打开', en: 'The report of {month} is open already' }),
  closed: problem('report.closed', 409, {
    zh: '月报已提交内审，评述不能再改；退回后可改，定稿后走勘误',
    en: 'It is handed in: comments stay as they are. They open again when it is returned; afterwards there are errata',
  }),
  wrongStep: problem('report.wrong-step', 409, { zh: '月报现在不在这一步', en: 'The report is not at this step' }),
  notAuthor: problem('report.not-author', 403, { zh: '你不是这一方的编写人', en: 'You do not write for this party' }),
  unsigned: problem('report.unsigned', 422, {
    zh: '还有 {parties} 没有签名；仍要提交请写明原因（不计入按期齐全）',
    en: '{parties} have not signed yet; say why to hand it in all the same (it then does not count as complete)',
  }),
  commentConflict: problem('report.comment-conflict', 409, {
    zh: '{by} 同时改了同一处，两份都保留着，请合并后再保存',
    en: '{by} changed the same lines meanwhile; both texts are kept, merge them and save again',
  }),
  approvedAlready: problem('report.approved-already', 409, {
    zh: '这个组已经签过这一版',
    en: 'This group has signed this version already',
  }),
  templateMark: problem('report.template-mark', 422, { zh: '模板不能用：{flaws}', en: 'The template cannot be used: {flaws}' }),
  templateMissing: problem('report.template-missing', 409, { zh: '还没有可用的月报模板', en: 'There is no template of the report yet' }),
  noConverter: problem('report.no-converter', 409, {
    zh: '本机没有装 LibreOffice，不能生成 PDF；请下载 Word，或用浏览器打印本页',
    en: 'LibreOffice is not installed here, so there is no PDF; take the Word document, or print this page',
  }),
  samePerson: problem('report.same-person', 403, { zh: '须由另一人批准', en: 'Another person approves it' }),
} as const

const read = canAny(
  ['monthlyReport.draft', 'C'],
  ['monthlyReport.draft', 'U'],
  ['monthlyReport.draft', 'r'],
  ['monthlyReport.receive', 'A'],
  ['monthlyReport.receive', 'r'],
)
const write = canAny(['monthlyReport.draft', 'C'], ['monthlyReport.draft', 'U'])
const lead = can('monthlyReport.draft', 'C')
const one = z.object({ month })
const step = [reportProblems.wrongStep]

export const ReportTemplate = z.object({
  id: z.uuid(),
  digest: Digest,
  source: z.enum(['PLAN', 'UPLOAD']),
  byName: z.string(),
  at: instant,
  approvedByName: z.string().nullable(),
  approvedAt: instant.nullable(),
  inForce: z.boolean(),
  may: z.array(z.enum(['APPROVE'])),
})
export type ReportTemplate = z.infer<typeof ReportTemplate>

export const reportApi = {
  list: endpoint({
    method: 'GET',
    path: '/monthly-reports',
    summary: '月报',
    access: read,
    input: pageInput,
    reply: page(ReportSummary).extend({ openable: month.nullable() }),
  }),
  get: endpoint({ method: 'GET', path: '/monthly-reports/:month', summary: '一份月报', access: read, input: one, reply: Report }),
  open: endpoint({
    method: 'POST',
    path: '/monthly-reports',
    summary: '打开一个月的月报',
    access: lead,
    input: one,
    reply: Report,
    problems: [reportProblems.notOver, reportProblems.exists],
  }),
  comment: endpoint({
    method: 'PUT',
    path: '/monthly-reports/:month/sections/:section/comment',
    summary: '写一章的评述；与他人同时改动时按段合并',
    access: write,
    input: one.extend({ section: SectionCode, author: ReportAuthor, baseRev: z.int().min(0), text: text(8000) }),
    reply: z.object({ comment: ReportComment, merged: z.boolean() }),
    problems: [reportProblems.closed, reportProblems.notAuthor, reportProblems.commentConflict],
  }),
  sign: endpoint({
    method: 'POST',
    path: '/monthly-reports/:month/sign',
    summary: '编写方签名',
    access: write,
    input: one.extend({ author: ReportAuthor }),
    reply: Report,
    problems: [reportProblems.closed, reportProblems.notAuthor],
  }),
  submit: endpoint({
    method: 'POST',
    path: '/monthly-reports/:month/submit',
    summary: '提交内审；此刻的数字随版本固定',
    access: lead,
    input: one.extend({ missingReason: text(500).default('') }),
    reply: Report,
    problems: [...step, reportProblems.unsigned],
  }),
  approve: endpoint({
    method: 'POST',
    path: '/monthly-reports/:month/approve',
    summary: '内审：四组各一签，或退回',
    access: can('monthlyReport.internalApprove', 'A'),
    input: one.extend({ group: ReportGroup, result: z.enum(['APPROVE', 'RETURN']), comment: text(500).default('') }),
    reply: Report,
    problems: [...step, reportProblems.notAuthor, reportProblems.approvedAlready],
  }),
  present: endpoint({
    method: 'POST',
    path: '/monthly-reports/:month/present',
    summary: '登记汇报',
    access: lead,
    input: one.extend({ at: instant, place: text(200, 1), feedback: text(2000).default('') }),
    reply: Report,
    problems: step,
  }),
  receive: endpoint({
    method: 'POST',
    path: '/monthly-reports/:month/receive',
    summary: '甲方运维经理、领导确认听取',
    access: can('monthlyReport.receive', 'A'),
    input: one.extend({ feedback: text(2000).default('') }),
    reply: Report,
    problems: step,
  }),
  erratum: endpoint({
    method: 'POST',
    path: '/monthly-reports/:month/errata',
    summary: '勘误：原文不动，两处并列',
    access: lead,
    input: one.extend({ section: SectionCode, wrong: text(500, 1), right: text(500, 1), reason: text(500, 2) }),
    reply: Report,
    problems: step,
  }),
  agreeErratum: endpoint({
    method: 'POST',
    path: '/monthly-reports/:month/errata/:erratumId/agree',
    summary: '甲方认可勘误',
    access: can('monthlyReport.receive', 'A'),
    input: one.extend({ erratumId: z.uuid() }),
    reply: Report,
    problems: step,
  }),
  print: endpoint({
    method: 'POST',
    path: '/monthly-reports/:month/print',
    summary: '月报（Word 或 PDF）',
    access: read,
    input: one.extend({ format: z.enum(['docx', 'pdf']).default('docx') }),
    reply: z.unknown(),
    kind: 'download',
    problems: [reportProblems.templateMissing, reportProblems.templateMark, reportProblems.noConverter],
  }),
  figures: endpoint({
    method: 'POST',
    path: '/monthly-reports/:month/figures',
    summary: '月报数字（xlsx、csv）',
    access: read,
    input: one.extend({ format: SheetFormat.default('xlsx') }),
    reply: z.unknown(),
    kind: 'download',
    problems: [sheetProblems.tooLong],
  }),
  templates: endpoint({
    method: 'GET',
    path: '/monthly-report-templates',
    summary: '月报模板',
    access: can('document.template', 'R'),
    input: z.object({}),
    reply: z.object({ items: z.array(ReportTemplate), marks: z.array(z.string()) }),
  }),
  proposeTemplate: endpoint({
    method: 'POST',
    path: '/monthly-report-templates',
    summary: '提交新模板；先核对标记',
    access: can('document.template', 'C'),
    input: z.object({}),
    reply: ReportTemplate,
    kind: 'file',
    problems: [reportProblems.templateMark],
  }),
  approveTemplate: endpoint({
    method: 'POST',
    path: '/monthly-report-templates/:templateId/approve',
    summary: '批准模板，此后打印用它',
    access: can('document.template', 'A'),
    input: z.object({ templateId: z.uuid() }),
    reply: ReportTemplate,
    problems: [reportProblems.samePerson, reportProblems.wrongStep],
  }),
} as const
