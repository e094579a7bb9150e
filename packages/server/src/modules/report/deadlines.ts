import type { ReportDeadline, ReportStep } from '@changbai/contract/report.shapes.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { loadCalendar } from '../calendar/index.ts'
import { paramsOn, requirePlan } from '../plan/index.ts'
import { type DueDay, reportDays } from './days.domain.ts'
import { type ReportRow, receiptsOf } from './report.store.ts'

/** The three days of a month, by the parameters in force on the first day of the month they fall into. */
export async function daysOf(ctx: Ctx, month: string): Promise<DueDay[]> {
  const plan = paramsOn(await requirePlan(ctx), Temporal.PlainDate.from(`${month}-01`).add({ months: 1 }))
  const days = {
    draftDay: plan.number('report.monthlyDraftDay'),
    internalDay: plan.number('report.monthlyInternalDay'),
    presentDay: plan.number('report.monthlyPresentDay'),
    rollOver: plan.flag('report.rollOverHolidays'),
  }
  return reportDays(month, days, await loadCalendar(ctx))
}

export const HEARERS = ['CUSTOMER_OM_MANAGER', 'CUSTOMER_LEADER'] as const
/** Both of the customer must say that they heard it; then it was presented when it was presented. */
export const presentedAt = (row: ReportRow, receipts: readonly { report_id: string; role: string }[]): Temporal.Instant | null =>
  row.presentation && HEARERS.every((role) => receipts.some((one) => one.report_id === row.id && one.role === role))
    ? Temporal.Instant.from(row.presentation.at)
    : null

export async function doneOf(ctx: Ctx, rows: readonly ReportRow[]): Promise<Map<string, Record<ReportStep, Temporal.Instant | null>>> {
  const receipts = await receiptsOf(
    ctx.db,
    rows.map(({ id }) => id),
  )
  return new Map(
    rows.map((row) => [row.id, { DRAFT: row.submitted_at, INTERNAL: row.approved_at, PRESENT: presentedAt(row, receipts) }] as const),
  )
}

export const toDeadline = (ctx: Ctx, day: DueDay, done: Temporal.Instant | null): ReportDeadline => ({
  step: day.step,
  writtenOn: day.writtenOn.toString(),
  dueOn: day.dueOn.toString(),
  dueAt: day.dueAt.toString(),
  moved: day.moved,
  provisional: day.provisional,
  doneAt: done?.toString() ?? null,
  late: Temporal.Instant.compare(done ?? ctx.now, day.dueAt) > 0,
})
