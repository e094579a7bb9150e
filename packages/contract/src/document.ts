import { z } from 'zod'
import { Digest } from './compliance.ts'
import { can, canAny, day, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { isoWeek } from './meeting.ts'
import { problem } from './problem.ts'

export const Guidance = z.object({
  id: z.uuid(),
  number: z.string(),
  quarter: z.string(),
  title: z.string(),
  text: z.string(),
  byName: z.string(),
  at: instant,
})
export type Guidance = z.infer<typeof Guidance>

/** What the operation manager looks at each week. */
export const BoardFigures = z.object({
  incidentsOpened: z.int(),
  incidentsOpen: z.int(),
  linesDue: z.int(),
  linesMet: z.int(),
  linesOverdue: z.int(),
  rounds: z.int(),
  roundsValid: z.int(),
  calls: z.int(),
  coordinationOverdue: z.int(),
})
export const BoardWeek = z.object({
  week: isoWeek,
  figures: BoardFigures,
  signedByName: z.string().nullable(),
  signedAt: instant.nullable(),
  remarks: z.string(),
})
export type BoardWeek = z.infer<typeof BoardWeek>

export const Coordination = z.object({
  id: z.uuid(),
  number: z.string(),
  title: z.string(),
  party: z.string(),
  ownerId: z.uuid(),
  ownerName: z.string(),
  dueOn: day,
  openedAt: instant,
  closedAt: instant.nullable(),
  result: z.string(),
  overdue: z.boolean(),
})
export type Coordination = z.infer<typeof Coordination>

export const PlanningPaper = z.object({
  id: z.uuid(),
  number: z.string(),
  year: z.int(),
  tenantId: z.uuid(),
  tenantName: z.string(),
  status: z.enum(['DRAFT', 'SENT', 'ACKNOWLEDGED']),
  figures: z.object({
    servers: z.int(),
    serversAdded: z.int(),
    vcpu: z.int(),
    memGib: z.int(),
    volumeGib: z.int(),
    volumeAddedGib: z.int(),
    incidents: z.int(),
  }),
  advice: z.string(),
  asOf: instant,
  sentAt: instant.nullable(),
  ackByName: z.string().nullable(),
  ackAt: instant.nullable(),
  ackComment: z.string(),
  may: z.array(z.enum(['WRITE', 'SEND', 'ACK'])),
})
export type PlanningPaper = z.infer<typeof PlanningPaper>

export const DocumentVersion = z.object({
  version: z.int(),
  fileId: z.uuid(),
  fileName: z.string(),
  digest: Digest,
  byName: z.string(),
  at: instant,
  note: z.string(),
})
export const LibraryDocument = z.object({
  id: z.uuid(),
  title: z.string(),
  kind: z.enum(['MANUAL', 'REGULATION', 'CONTRACT', 'RECORD', 'OTHER']),
  /** Kept at least until this day. */
  keepUntil: day,
  retiredAt: instant.nullable(),
  versions: z.array(DocumentVersion),
})
export type LibraryDocument = z.infer<typeof LibraryDocument>
export const ArchivePackage = z.object({ id: z.uuid(), year: z.int(), files: z.int(), digest: Digest, byName: z.string(), at: instant })
export type ArchivePackage = z.infer<typeof ArchivePackage>

export const documentProblems = {
  signed: problem('document.signed', 409, { zh: '{week} 的运营看板已经签阅', en: 'The board of {week} is signed already' }),
  future: problem('document.future', 422, { zh: '{week} 还没有开始', en: '{week} has not begun' }),
  closed: problem('document.closed', 409, { zh: '这一项已经关闭', en: 'It is closed already' }),
  exists: problem('document.exists', 409, {
    zh: '这个单位 {year} 年的规划建议已经有了',
    en: 'This bureau has its paper of {year} already',
  }),
  wrongStep: problem('document.wrong-step', 409, { zh: '现在不在这一步', en: 'It is not at this step' }),
  kept: problem('document.kept', 409, { zh: '保存期到 {day}，此前不能停用', en: 'To be kept until {day}; it cannot be retired before' }),
  noAdvice: problem('document.no-advice', 422, { zh: '请先写建议', en: 'Write the advice first' }),
} as const

const read = can('document.read', 'R')
const readOwn = can('document.read', 'r')
const write = can('document.write', 'C')
const paper = z.object({ paperId: z.uuid() })
const doc = z.object({ documentId: z.uuid() })

export const documentApi = {
  guidance: endpoint({ method: 'GET', path: '/guidance', summary: '运营指导', access: read, input: pageInput, reply: page(Guidance) }),
  addGuidance: endpoint({
    method: 'POST',
    path: '/guidance',
    summary: '发布运营指导',
    access: write,
    input: z.object({ title: text(200, 1), text: text(8000, 2) }),
    reply: Guidance,
  }),
  board: endpoint({
    method: 'GET',
    path: '/operations-board',
    summary: '运营看板：最近各周',
    access: read,
    input: z.object({ weeks: z.coerce.number().int().min(1).max(53).default(12) }),
    reply: z.object({ items: z.array(BoardWeek), maySign: z.boolean() }),
  }),
  signBoard: endpoint({
    method: 'POST',
    path: '/operations-board/:week/sign',
    summary: '签阅一周的运营看板',
    access: write,
    input: z.object({ week: isoWeek, remarks: text(2000).default('') }),
    reply: BoardWeek,
    problems: [documentProblems.signed, documentProblems.future],
  }),
  coordination: endpoint({
    method: 'GET',
    path: '/coordination',
    summary: '协调事项',
    access: read,
    input: pageInput.extend({ open: z.stringbool().optional() }),
    reply: page(Coordination),
  }),
  openCoordination: endpoint({
    method: 'POST',
    path: '/coordination',
    summary: '登记协调事项',
    access: write,
    input: z.object({ title: text(500, 1), party: text(200, 1), ownerId: z.uuid(), dueOn: day }),
    reply: Coordination,
  }),
  closeCoordination: endpoint({
    method: 'POST',
    path: '/coordination/:itemId/close',
    summary: '关闭协调事项',
    access: write,
    input: z.object({ itemId: z.uuid(), result: text(2000, 1) }),
    reply: Coordination,
    problems: [documentProblems.closed],
  }),
  papers: endpoint({
    method: 'GET',
    path: '/planning-papers',
    summary: '年度规划建议',
    access: readOwn,
    input: pageInput,
    reply: page(PlanningPaper),
  }),
  paper: endpoint({
    method: 'GET',
    path: '/planning-papers/:paperId',
    summary: '一份规划建议',
    access: readOwn,
    input: paper,
    reply: PlanningPaper,
  }),
  printPaper: endpoint({
    method: 'POST',
    path: '/planning-papers/:paperId/print',
    summary: '规划建议（Word）',
    access: readOwn,
    input: paper,
    reply: z.unknown(),
    kind: 'download',
  }),
  makePaper: endpoint({
    method: 'POST',
    path: '/planning-papers',
    summary: '为一个单位按实测数据起草规划建议',
    access: write,
    input: z.object({ year: z.int().min(2000).max(2200), tenantId: z.uuid() }),
    reply: PlanningPaper,
    problems: [documentProblems.exists],
  }),
  advise: endpoint({
    method: 'PUT',
    path: '/planning-papers/:paperId',
    summary: '写建议',
    access: write,
    input: paper.extend({ advice: text(8000, 2) }),
    reply: PlanningPaper,
    problems: [documentProblems.wrongStep],
  }),
  sendPaper: endpoint({
    method: 'POST',
    path: '/planning-papers/:paperId/send',
    summary: '发给单位',
    access: write,
    input: paper,
    reply: PlanningPaper,
    problems: [documentProblems.wrongStep, documentProblems.noAdvice],
  }),
  ackPaper: endpoint({
    method: 'POST',
    path: '/planning-papers/:paperId/ack',
    summary: '单位签收',
    access: can('document.acknowledge', 'A'),
    input: paper.extend({ comment: text(1000).default('') }),
    reply: PlanningPaper,
    problems: [documentProblems.wrongStep],
  }),
  library: endpoint({ method: 'GET', path: '/documents', summary: '文档库', access: read, input: pageInput, reply: page(LibraryDocument) }),
  addDocument: endpoint({
    method: 'POST',
    path: '/documents',
    summary: '收入文档库',
    access: write,
    input: z.object({
      title: text(200, 1),
      kind: LibraryDocument.shape.kind,
      keepUntil: day,
      fileId: z.uuid(),
      note: text(500).default(''),
    }),
    reply: LibraryDocument,
  }),
  addVersion: endpoint({
    method: 'POST',
    path: '/documents/:documentId/versions',
    summary: '加新版本',
    access: write,
    input: doc.extend({ fileId: z.uuid(), note: text(500, 1) }),
    reply: LibraryDocument,
    problems: [documentProblems.closed],
  }),
  retire: endpoint({
    method: 'POST',
    path: '/documents/:documentId/retire',
    summary: '停用；保存期内不能',
    access: write,
    input: doc,
    reply: LibraryDocument,
    problems: [documentProblems.kept, documentProblems.closed],
  }),
  exportDocument: endpoint({
    method: 'POST',
    path: '/documents/:documentId/export',
    summary: '导出一个版本；Word 加姓名与时间水印',
    access: read,
    input: doc.extend({ version: z.int().min(1) }),
    reply: z.unknown(),
    kind: 'download',
  }),
  archives: endpoint({
    method: 'GET',
    path: '/archives',
    summary: '年度归档包',
    access: read,
    input: z.object({}),
    reply: z.object({ items: z.array(ArchivePackage) }),
  }),
  archive: endpoint({
    method: 'POST',
    path: '/archives',
    summary: '打出一年的归档包（zip，含逐件摘要）',
    access: canAny(['document.write', 'C']),
    input: z.object({ year: z.int().min(2000).max(2200) }),
    reply: z.unknown(),
    kind: 'download',
  }),
} as const
