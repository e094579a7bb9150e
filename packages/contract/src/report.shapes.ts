import { z } from 'zod'
import { Bilingual } from './calendar.ts'
import { Digest, month } from './compliance.ts'
import { day, instant, text } from './endpoint.ts'
import { REPORT_AUTHORS, SECTION_CODES } from './report.words.ts'

export const SectionCode = z.enum(SECTION_CODES)
export type SectionCode = z.infer<typeof SectionCode>
export const ReportAuthor = z.enum(REPORT_AUTHORS)
export type ReportAuthor = z.infer<typeof ReportAuthor>

export const ReportGroup = z.enum(['OPERATION', 'MAINTENANCE', 'APPLICATION', 'CONSTRUCTION'])
export type ReportGroup = z.infer<typeof ReportGroup>

const Cell = z.union([z.string(), z.number(), z.null()])
export const ReportTable = z.object({
  title: Bilingual,
  columns: z.array(z.object({ title: Bilingual, figures: z.boolean().default(false), share: z.number().default(1) })),
  rows: z.array(z.array(Cell)),
  /** Rows there are; more than are listed where the list was cut. */
  total: z.int(),
})
export type ReportTable = z.infer<typeof ReportTable>
/** Labels are plain ASCII (months, codes): a picture carries no Chinese text, its legend stands under it. */
export const ReportChart = z.object({
  kind: z.enum(['bar', 'line']),
  title: Bilingual,
  unit: z.string(),
  labels: z.array(z.string()),
  series: z.array(z.object({ name: Bilingual, values: z.array(z.number().nullable()) })),
})
export type ReportChart = z.infer<typeof ReportChart>
export const ReportFigure = z.object({ label: Bilingual, value: z.union([z.string(), z.number(), z.null()]), unit: z.string() })
export type ReportFigure = z.infer<typeof ReportFigure>

/** What the product itself puts into a section. */
export const SectionFacts = z.object({ figures: z.array(ReportFigure), tables: z.array(ReportTable), charts: z.array(ReportChart) })
export type SectionFacts = z.infer<typeof SectionFacts>

export const ReportComment = z.object({
  author: ReportAuthor,
  text: text(8000),
  /** Counts the savings of this comment; a saving names the one it began from. */
  rev: z.int(),
  byName: z.string(),
  at: instant,
})
export type ReportComment = z.infer<typeof ReportComment>
export const ReportSection = z.object({ code: SectionCode, facts: SectionFacts, comments: z.array(ReportComment) })
export type ReportSection = z.infer<typeof ReportSection>

export const ReportStep = z.enum(['DRAFT', 'INTERNAL', 'PRESENT'])
export type ReportStep = z.infer<typeof ReportStep>
/** `writtenOn` is the day the plan writes, `dueOn` the day it moves to where that one is not worked. */
export const ReportDeadline = z.object({
  step: ReportStep,
  writtenOn: day,
  dueOn: day,
  dueAt: instant,
  /** Why it moved, e.g. 国庆节; null where it did not. */
  moved: z.string().nullable(),
  provisional: z.boolean(),
  doneAt: instant.nullable(),
  late: z.boolean(),
})
export type ReportDeadline = z.infer<typeof ReportDeadline>

export const ReportStatus = z.enum(['DRAFT', 'INTERNAL', 'APPROVED', 'PRESENTED'])
export type ReportStatus = z.infer<typeof ReportStatus>

export const ReportSummary = z.object({
  id: z.uuid(),
  month,
  number: z.string(),
  status: ReportStatus,
  version: z.int(),
  signed: z.array(ReportAuthor),
  approved: z.array(ReportGroup),
  deadlines: z.array(ReportDeadline),
  errata: z.int(),
})
export type ReportSummary = z.infer<typeof ReportSummary>

export const Report = ReportSummary.extend({
  /** Facts as of this instant: now while it is a draft, the handing-in afterwards. */
  asOf: instant,
  sections: z.array(ReportSection),
  signatures: z.array(z.object({ author: ReportAuthor, byName: z.string(), at: instant })),
  missingReason: z.string(),
  approvals: z.array(
    z.object({
      group: ReportGroup,
      version: z.int(),
      result: z.enum(['APPROVE', 'RETURN']),
      comment: z.string(),
      byName: z.string(),
      at: instant,
    }),
  ),
  presentation: z.object({ at: instant, place: z.string(), feedback: z.string(), byName: z.string(), recordedAt: instant }).nullable(),
  received: z.array(
    z.object({ role: z.enum(['CUSTOMER_OM_MANAGER', 'CUSTOMER_LEADER']), byName: z.string(), at: instant, feedback: z.string() }),
  ),
  versions: z.array(z.object({ version: z.int(), at: instant, byName: z.string(), digest: Digest, frozen: z.boolean() })),
  errataLines: z.array(
    z.object({
      id: z.uuid(),
      section: SectionCode,
      wrong: z.string(),
      right: z.string(),
      reason: z.string(),
      byName: z.string(),
      at: instant,
      agreedByName: z.string().nullable(),
      agreedAt: instant.nullable(),
      digest: Digest,
    }),
  ),
  may: z.array(z.enum(['WRITE', 'SIGN', 'SUBMIT', 'APPROVE', 'PRESENT', 'RECEIVE', 'CORRECT', 'AGREE'])),
  /** For which authors and groups the caller acts. */
  as: z.object({ authors: z.array(ReportAuthor), groups: z.array(ReportGroup) }),
  /** Whether this installation can turn the document into PDF. */
  pdf: z.boolean(),
})
export type Report = z.infer<typeof Report>
