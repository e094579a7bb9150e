import { z } from 'zod'
import { can, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { problem } from './problem.ts'

/** What kind of data a column holds, the most careful last. `contact`: how a person is reached, or their identity number. */
export const DataClass = z.enum(['public', 'internal', 'sensitive', 'personal', 'contact'])
export type DataClass = z.infer<typeof DataClass>

export const exportProblems = {
  needsApproval: problem('export.needs-approval', 409, {
    zh: '这次导出{rows}属“{className}”数据，须先由另一人批准；请说明用途后提交',
    en: 'This export{rows} of {className} data needs the approval of a second person; say what it is for',
  }),
  notApproved: problem('export.not-approved', 409, {
    zh: '这份批准不适用：已用过、已过期、未批准，或导出的条件变了',
    en: 'That approval does not apply: used, expired, not given, or for another export',
  }),
  notPending: problem('export.not-pending', 409, { zh: '这份申请已经处理过', en: 'That request has been settled already' }),
  own: problem('export.own', 409, { zh: '自己的导出申请须由另一人批准', en: 'Somebody else has to approve your own export' }),
}

export const ExportState = z.enum(['TAKEN', 'PENDING', 'APPROVED', 'REFUSED', 'EXPIRED'])
export type ExportState = z.infer<typeof ExportState>

/** One export: taken, or asked for. */
export const ExportRow = z.object({
  id: z.uuid(),
  /** Stands in the file. */
  number: z.string(),
  /** What was exported: the address of the endpoint, and its words. */
  path: z.string(),
  title: z.object({ zh: z.string(), en: z.string() }),
  dataClass: DataClass,
  state: ExportState,
  byName: z.string(),
  reason: z.string(),
  at: instant,
  rows: z.number().int().nullable(),
  fileName: z.string().nullable(),
  decidedByName: z.string().nullable(),
  decidedAt: instant.nullable(),
  comment: z.string(),
  takenAt: instant.nullable(),
  /** Until when an approved one may be taken. */
  expiresAt: instant.nullable(),
  /** Is it mine to take, or to decide on? */
  mine: z.boolean(),
  mayDecide: z.boolean(),
  /** What it was asked with, to take it by the same words; only for whoever asked. */
  input: z.record(z.string(), z.unknown()).nullable(),
})
export type ExportRow = z.infer<typeof ExportRow>

/** Exports of data out of the product: each has a number that stands in the file; large and careful ones need a second person. */
export const exportsApi = {
  list: endpoint({
    method: 'GET',
    path: '/exports',
    summary: '全部导出与申请，最近的在前',
    access: can('export.read', 'R'),
    input: pageInput,
    reply: page(ExportRow),
  }),
  mine: endpoint({
    method: 'GET',
    path: '/exports/mine',
    summary: '我的导出与申请',
    access: 'signed-in',
    input: pageInput,
    reply: page(ExportRow),
  }),
  ask: endpoint({
    method: 'POST',
    path: '/exports',
    summary: '申请一次需批准的导出',
    access: 'signed-in',
    input: z.object({ path: z.string().max(200), input: z.record(z.string(), z.unknown()), reason: text(500, 2) }),
    reply: ExportRow,
  }),
  decide: endpoint({
    method: 'POST',
    path: '/exports/:exportId/decide',
    summary: '批准或退回一次导出',
    access: can('export.approve', 'A'),
    input: z.object({ exportId: z.uuid(), approve: z.boolean(), comment: text(500).default('') }),
    reply: ExportRow,
    problems: [exportProblems.notPending, exportProblems.own],
  }),
} as const
