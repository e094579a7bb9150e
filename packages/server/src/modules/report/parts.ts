import type { ReportChart, ReportFigure, ReportTable, SectionCode, SectionFacts } from '@changbai/contract/report.shapes.ts'
import { SECTION_CODES } from '@changbai/contract/report.words.ts'

import type { Ctx } from '../../platform/ctx.ts'
import { shanghaiDay } from '../../platform/time.ts'

const SHANGHAI = 'Asia/Shanghai'
/** Months of a trend, the reported one last. */
const TREND_MONTHS = 12

export interface ReportSpan {
  month: string
  /** Half open. */
  from: Temporal.Instant
  to: Temporal.Instant
  /** Facts are known until then. */
  asOf: Temporal.Instant
  /** Twelve months, this one last, and where each ends. */
  trend: readonly { month: string; from: Temporal.Instant; at: Temporal.Instant }[]
}
/** What a module puts into one section; several may write into the same. */
export interface ReportPart {
  section: SectionCode
  read(ctx: Ctx, span: ReportSpan): Promise<Partial<SectionFacts>>
}

const parts: ReportPart[] = []
/** Called once at start, by the app for every module that reports. */
export function registerReportParts(offered: readonly ReportPart[]): void {
  for (const part of offered) if (!parts.includes(part)) parts.push(part)
}

const startOf = (on: Temporal.PlainDate): Temporal.Instant => on.toZonedDateTime(SHANGHAI).toInstant()

export function spanOf(month: string, asOf: Temporal.Instant): ReportSpan {
  const first = Temporal.PlainDate.from(`${month}-01`)
  const trend = Array.from({ length: TREND_MONTHS }, (_, index) => {
    const start = first.subtract({ months: TREND_MONTHS - 1 - index })
    return { month: start.toString().slice(0, 7), from: startOf(start), at: startOf(start.add({ months: 1 })) }
  })
  return { month, from: startOf(first), to: startOf(first.add({ months: 1 })), asOf, trend }
}
/** The month before the one of an instant. */
export const monthBefore = (at: Temporal.Instant): string => shanghaiDay(at).with({ day: 1 }).subtract({ months: 1 }).toString().slice(0, 7)

/** Every section with what the modules have, in order; one without any is there all the same. */
export async function assemble(ctx: Ctx, span: ReportSpan): Promise<{ code: SectionCode; facts: SectionFacts }[]> {
  const facts = new Map<SectionCode, SectionFacts>(SECTION_CODES.map((code) => [code, { figures: [], tables: [], charts: [] }]))
  for (const part of parts) {
    const found = await part.read(ctx, span)
    const held = facts.get(part.section) as SectionFacts
    held.figures.push(...(found.figures ?? []))
    held.tables.push(...(found.tables ?? []))
    held.charts.push(...(found.charts ?? []))
  }
  return SECTION_CODES.map((code) => ({ code, facts: facts.get(code) as SectionFacts }))
}

export const figure = (zh: string, en: string, value: ReportFigure['value'], unit = ''): ReportFigure => ({
  label: { zh, en },
  value,
  unit,
})
/** A share in per cent with two digits; a dash where nothing was due. */
export const share = (met: number, due: number): string => (due === 0 ? '—' : `${((met / due) * 100).toFixed(2)}%`)

type ColumnSpec = readonly [zh: string, en: string, figures?: 'figures', share?: number]
export const table = (
  zh: string,
  en: string,
  columns: readonly ColumnSpec[],
  rows: ReportTable['rows'],
  total = rows.length,
): ReportTable => ({
  title: { zh, en },
  columns: columns.map(([titleZh, titleEn, figures, width]) => ({
    title: { zh: titleZh, en: titleEn },
    figures: figures === 'figures',
    share: width ?? 1,
  })),
  rows,
  total,
})
export const chart = (
  kind: ReportChart['kind'],
  zh: string,
  en: string,
  unit: string,
  labels: readonly string[],
  series: readonly (readonly [zh: string, en: string, values: readonly (number | null)[]])[],
): ReportChart => ({
  kind,
  title: { zh, en },
  unit,
  labels: [...labels],
  series: series.map(([nameZh, nameEn, values]) => ({ name: { zh: nameZh, en: nameEn }, values: [...values] })),
})
