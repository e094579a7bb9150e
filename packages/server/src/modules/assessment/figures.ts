import type { QuarterFigure } from '@changbai/contract/assessment.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { listAvailability } from '../availability/index.ts'
import { countsOf } from './figures.store.ts'
import { type QuarterSpan, quarterBefore, spanOfQuarter, trendOf } from './quarter.domain.ts'

/** What the board says of a month; the board lies above this module, so the app hands it in. */
export interface BoardPort {
  /** Share of clauses kept, and of single obligations of the named measures, 0..1; null where nothing was due. */
  month(ctx: Ctx, month: string): Promise<{ score: number | null; rateOf(measure: RegExp): number | null }>
}
let board: BoardPort = { month: async () => ({ score: null, rateOf: () => null }) }
/** Called once at start. */
export const registerBoard = (port: BoardPort): void => {
  board = port
}

type Values = Record<string, number | null>
const percent = (ratio: number | null): number | null => (ratio === null ? null : Math.floor(ratio * 10_000) / 100)
const mean = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((one) => one !== null)
  return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length
}
const rounded = (value: number | null, digits = 1): number | null => (value === null ? null : Number(value.toFixed(digits)))

async function valuesOf(ctx: Ctx, span: QuarterSpan): Promise<Values> {
  const counts = await countsOf(ctx.db, span)
  const { items } = await listAvailability(ctx, { year: Number(span.quarter.slice(0, 4)) }, { all: true })
  const months: Awaited<ReturnType<BoardPort['month']>>[] = []
  for (const month of span.months) {
    const first = Temporal.PlainDate.from(`${month}-01`).toZonedDateTime('Asia/Shanghai').toInstant()
    if (Temporal.Instant.compare(first, ctx.now) <= 0) months.push(await board.month(ctx, month))
  }
  const rate = (measure: RegExp) => percent(mean(months.map((one) => one.rateOf(measure))))
  const counted = items.reduce(
    (sum, item) =>
      sum + item.statement.months.filter(({ month }) => span.months.includes(month)).reduce((own, one) => own + one.countedMs, 0),
    0,
  )
  return {
    outageMinutes: items.length === 0 ? null : rounded(counted / 60_000),
    availability: items.length === 0 ? null : percent(items.filter(({ statement }) => statement.figures.met).length / items.length),
    incidents: counts.incidents,
    major: counts.major,
    security: counts.security,
    capacity: counts.vcpu,
    performance: rate(/^(cpu|memory|disk)-monitored|thresholds/),
    sla: percent(counts.clocks_due === 0 ? null : counts.clocks_met / counts.clocks_due),
    inspection: rate(/-round$/),
    change: rate(/^change-/),
    mttr: rounded(counts.mttr_minutes),
    satisfaction: rounded(counts.rating, 2),
    clauses: percent(mean(months.map(({ score }) => score))),
  }
}

const LINES: readonly (readonly [
  key: string,
  group: QuarterFigure['group'],
  zh: string,
  en: string,
  unit: string,
  better: QuarterFigure['better'],
])[] = [
  ['availability', 'OPERATION', '可用性达标应用', 'Applications on target', '%', 'MORE'],
  ['outageMinutes', 'OPERATION', '计入的中断', 'Counted outages', 'min', 'LESS'],
  ['incidents', 'OPERATION', '故障', 'Incidents', '起', 'LESS'],
  ['major', 'OPERATION', 'I、II 级故障', 'Incidents I and II', '起', 'LESS'],
  ['capacity', 'OPERATION', '在用 vCPU', 'vCPU in use', '核', 'MORE'],
  ['performance', 'OPERATION', '性能监测覆盖', 'Performance watched', '%', 'MORE'],
  ['security', 'OPERATION', '安全事件', 'Security incidents', '起', 'LESS'],
  ['sla', 'QUALITY', '故障时限达标', 'Incident limits met', '%', 'MORE'],
  ['inspection', 'QUALITY', '巡检完成', 'Rounds done', '%', 'MORE'],
  ['change', 'QUALITY', '变更合规', 'Changes on paper', '%', 'MORE'],
  ['mttr', 'QUALITY', '平均解决时间', 'Mean time to resolve', 'min', 'LESS'],
  ['satisfaction', 'QUALITY', '热线满意度', 'Satisfaction', '分', 'MORE'],
  ['clauses', 'QUALITY', '条款履约率', 'Clauses kept', '%', 'MORE'],
]

/** The figures of a quarter beside those of the one before, both counted anew from facts. @clause 5.5-1 */
export async function quarterFigures(ctx: Ctx, quarter: string): Promise<QuarterFigure[]> {
  const values = await valuesOf(ctx, spanOfQuarter(quarter))
  const before = await valuesOf(ctx, spanOfQuarter(quarterBefore(quarter)))
  return LINES.map(([key, group, zh, en, unit, better]) => {
    const [value, previous] = [values[key] ?? null, before[key] ?? null]
    return { key, group, label: { zh, en }, unit, value, previous, better, trend: trendOf({ value, previous, better }) }
  })
}
