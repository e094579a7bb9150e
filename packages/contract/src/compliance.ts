import { z } from 'zod'
import { Bilingual } from './calendar.ts'
import { roleCodes } from './capability.ts'
import { can, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { ClauseMeter, Frequency } from './plan.ts'
import { problem } from './problem.ts'

/** NO_DATA counts as not kept; NOT_TRIGGERED: nothing fell due, neither good nor bad. */
export const ClauseState = z.enum(['COMPLIANT', 'AT_RISK', 'BREACHED', 'WAIVED', 'NOT_APPLICABLE', 'NO_DATA', 'NOT_TRIGGERED'])
export type ClauseState = z.infer<typeof ClauseState>
export const ObligationState = z.enum(['MET', 'BREACHED', 'MISSING', 'WAIVED', 'NOT_APPLICABLE', 'AT_RISK', 'OPEN'])
export type ObligationState = z.infer<typeof ObligationState>

/** A calendar month in Asia/Shanghai, `YYYY-MM`. */
export const month = z.string().regex(/^20\d\d-(0[1-9]|1[0-2])$/)

export const ClauseFigure = z.object({
  state: ClauseState,
  /** Met, breached, missing and waived. */
  due: z.int(),
  met: z.int(),
  breached: z.int(),
  missing: z.int(),
  waived: z.int(),
  notApplicable: z.int(),
  open: z.int(),
  atRisk: z.int(),
  /** met / (due − waived), 0..1; null where nothing fell due. */
  rate: z.number().nullable(),
})
export type ClauseFigure = z.infer<typeof ClauseFigure>

export const ClauseOnBoard = z.object({
  id: z.string(),
  alias: z.string().nullable(),
  chapter: z.string(),
  title: Bilingual,
  obligors: z.array(z.enum([...roleCodes, 'PROVIDER'] as const)),
  frequency: Frequency,
  redLine: z.boolean(),
  meter: ClauseMeter.nullable(),
  /** Nothing in this installation records what the clause is judged by. */
  withoutSource: z.boolean(),
  figure: ClauseFigure,
  /** What was frozen at the month's end, where the figure differs from it today. */
  frozen: ClauseFigure.nullable(),
  /** The caller holds a role that owes it. */
  mine: z.boolean(),
})
export type ClauseOnBoard = z.infer<typeof ClauseOnBoard>

export const Digest = z.object({ algorithm: z.string(), value: z.string() })
export const Freeze = z.object({ month, planVersion: z.int(), frozenAt: instant, byName: z.string(), digest: Digest })
export type Freeze = z.infer<typeof Freeze>

export const BoardFigure = z.object({
  /** Share of clauses kept among those that count, 0..1. */
  score: z.number().nullable(),
  light: z.enum(['RED', 'AMBER', 'GREEN']),
  counts: z.record(ClauseState, z.int()),
})

export const ObligationLine = z.object({
  id: z.string(),
  clauseId: z.string(),
  subject: z.object({ type: z.string(), id: z.string(), label: z.string() }),
  tenantName: z.string().nullable(),
  startedAt: instant.nullable(),
  dueAt: instant,
  doneAt: instant.nullable(),
  kept: z.boolean().nullable(),
  missing: z.string().nullable(),
  state: ObligationState,
  evidence: z.array(z.object({ type: z.string(), id: z.string() })),
  waiver: z.object({ id: z.uuid(), reason: z.string(), decidedByName: z.string().nullable() }).nullable(),
})
export type ObligationLine = z.infer<typeof ObligationLine>

export const WaiverStatus = z.enum(['PROPOSED', 'GRANTED', 'REFUSED', 'WITHDRAWN'])
export const Waiver = z.object({
  id: z.uuid(),
  month,
  clauseId: z.string(),
  obligationId: z.string(),
  label: z.string(),
  reason: z.string(),
  status: WaiverStatus,
  proposedByName: z.string(),
  proposedAt: instant,
  decidedByName: z.string().nullable(),
  decidedAt: instant.nullable(),
  comment: z.string(),
  may: z.array(z.enum(['DECIDE'])),
})
export type Waiver = z.infer<typeof Waiver>

export const complianceProblems = {
  noConverter: problem('compliance.no-converter', 503, {
    zh: '服务器上没有安装 LibreOffice，请导出 Word',
    en: 'LibreOffice is not installed on the server; export Word instead',
  }),
  future: problem('compliance.future', 422, { zh: '{month} 还没有开始', en: '{month} has not begun' }),
  notOver: problem('compliance.not-over', 409, { zh: '{month} 还没有结束，不能冻结', en: '{month} is not over; it cannot be frozen yet' }),
  frozen: problem('compliance.frozen', 409, {
    zh: '{month} 已冻结；更正请走更正单，两个值都会保留',
    en: '{month} is frozen; a correction keeps both values',
  }),
  notFrozen: problem('compliance.not-frozen', 409, { zh: '{month} 尚未冻结，无需更正', en: '{month} is not frozen; nothing to correct' }),
  unchanged: problem('compliance.unchanged', 422, {
    zh: '{month} 重算结果与冻结值一致，无需更正',
    en: '{month} recomputes to what was frozen; nothing to correct',
  }),
  noObligation: problem('compliance.no-obligation', 404, {
    zh: '{month} 的条款 {clauseId} 没有这项履约义务',
    en: 'Clause {clauseId} owes no such thing in {month}',
  }),
  notWaivable: problem('compliance.not-waivable', 422, {
    zh: '只有未履约、缺证据或将逾期的义务可以提请豁免',
    en: 'Only what is breached, lacks evidence or is about to be late can be waived',
  }),
  waiverOpen: problem('compliance.waiver-open', 409, { zh: '这项义务已有豁免单', en: 'A waiver of it exists already' }),
  decided: problem('compliance.decided', 409, { zh: '这张单已处理完毕', en: 'It is settled already' }),
  samePerson: problem('compliance.same-person', 403, {
    zh: '须由另一人决定，提出人不能处理自己的单据',
    en: 'Another person decides; you proposed it yourself',
  }),
} as const

const monthInput = z.object({ month: month.optional() })
const decision = z.object({ id: z.uuid(), grant: z.boolean(), comment: text(500).default('') })

export const Correction = z.object({
  id: z.uuid(),
  month,
  reason: z.string(),
  status: WaiverStatus,
  /** Clauses whose figure changes: both values stay readable. */
  changes: z.array(z.object({ clauseId: z.string(), before: ClauseFigure, after: ClauseFigure })),
  proposedByName: z.string(),
  proposedAt: instant,
  decidedByName: z.string().nullable(),
  decidedAt: instant.nullable(),
  comment: z.string(),
  may: z.array(z.enum(['DECIDE'])),
})
export type Correction = z.infer<typeof Correction>

export const complianceApi = {
  board: endpoint({
    method: 'GET',
    path: '/compliance/board',
    summary: '履约看板',
    access: can('compliance.board.view', 'r'),
    input: monthInput,
    reply: z.object({
      month,
      asOf: instant,
      planVersion: z.int(),
      /** Whose obligations are counted: all, or those of the caller's bureaus. */
      scope: z.enum(['ALL', 'OWN']),
      board: BoardFigure,
      freeze: Freeze.nullable(),
      chapters: z.array(z.object({ chapter: z.string(), title: Bilingual })),
      clauses: z.array(ClauseOnBoard),
    }),
    problems: [complianceProblems.future],
  }),
  clause: endpoint({
    method: 'GET',
    path: '/compliance/clauses/:clauseId',
    summary: '一条条款的履约',
    access: can('compliance.board.view', 'r'),
    input: monthInput.extend({ clauseId: text(40, 1), state: ObligationState.optional(), after: text(200).optional() }),
    reply: z.object({
      month,
      asOf: instant,
      clause: ClauseOnBoard,
      formula: Bilingual,
      evidence: Bilingual,
      /** The months before this one and this one, oldest first. */
      history: z.array(z.object({ month, figure: ClauseFigure, isFrozen: z.boolean() })),
      obligations: page(ObligationLine),
    }),
    problems: [complianceProblems.future, complianceProblems.noObligation],
  }),
  mine: endpoint({
    method: 'GET',
    path: '/compliance/mine',
    summary: '今天我欠什么',
    access: can('compliance.board.view', 'r'),
    input: z.object({}),
    reply: z.object({ asOf: instant, items: z.array(ObligationLine.extend({ title: Bilingual })) }),
  }),
  freezes: endpoint({
    method: 'GET',
    path: '/compliance/freezes',
    summary: '已冻结的月份',
    access: can('compliance.board.view', 'R'),
    input: z.object({}),
    reply: z.object({ items: z.array(Freeze) }),
  }),
  freeze: endpoint({
    method: 'POST',
    path: '/compliance/months/:month/freeze',
    summary: '冻结一个月的履约结果',
    access: can('compliance.freeze', 'X'),
    input: z.object({ month }),
    reply: Freeze,
    problems: [complianceProblems.notOver, complianceProblems.frozen],
  }),
  corrections: endpoint({
    method: 'GET',
    path: '/compliance/corrections',
    summary: '更正单',
    access: can('compliance.board.view', 'R'),
    input: pageInput.extend({ month: month.optional() }),
    reply: page(Correction),
  }),
  proposeCorrection: endpoint({
    method: 'POST',
    path: '/compliance/months/:month/corrections',
    summary: '提出更正',
    access: can('compliance.freeze', 'X'),
    input: z.object({ month, reason: text(500, 5) }),
    reply: Correction,
    problems: [complianceProblems.notFrozen, complianceProblems.unchanged, complianceProblems.waiverOpen],
  }),
  decideCorrection: endpoint({
    method: 'POST',
    path: '/compliance/corrections/:id/decision',
    summary: '甲方决定更正',
    access: can('compliance.waive', 'A'),
    input: decision,
    reply: Correction,
    problems: [complianceProblems.decided, complianceProblems.samePerson],
  }),
  waivers: endpoint({
    method: 'GET',
    path: '/compliance/waivers',
    summary: '豁免单',
    access: can('compliance.board.view', 'R'),
    input: pageInput.extend({ month: month.optional(), status: WaiverStatus.optional() }),
    reply: page(Waiver),
  }),
  proposeWaiver: endpoint({
    method: 'POST',
    path: '/compliance/waivers',
    summary: '提请豁免',
    access: can('compliance.waive', 'C'),
    input: z.object({ month, clauseId: text(40, 1), obligationId: text(200, 1), reason: text(500, 5) }),
    reply: Waiver,
    problems: [complianceProblems.noObligation, complianceProblems.notWaivable, complianceProblems.waiverOpen, complianceProblems.frozen],
  }),
  decideWaiver: endpoint({
    method: 'POST',
    path: '/compliance/waivers/:id/decision',
    summary: '甲方决定豁免',
    access: can('compliance.waive', 'A'),
    input: decision,
    reply: Waiver,
    problems: [complianceProblems.decided, complianceProblems.samePerson],
  }),
  print: endpoint({
    method: 'POST',
    path: '/compliance/months/:month/print',
    summary: '一个月的履约报告（Word 或 PDF）',
    access: can('compliance.board.view', 'R'),
    input: z.object({ month, format: z.enum(['docx', 'pdf']).default('docx') }),
    reply: z.unknown(),
    kind: 'download',
    problems: [complianceProblems.future, complianceProblems.noConverter],
  }),
  export: endpoint({
    method: 'POST',
    path: '/compliance/months/:month/export',
    summary: '导出一个月的履约证据',
    access: can('compliance.board.view', 'R'),
    input: z.object({ month }),
    reply: z.unknown(),
    kind: 'download',
    problems: [complianceProblems.future],
  }),
} as const
