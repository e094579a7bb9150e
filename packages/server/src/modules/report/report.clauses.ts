import type { ReportStep } from '@changbai/contract/report.shapes.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type ClauseSource, type ClauseSpan, obligation } from '../plan/index.ts'
import { daysOf, doneOf } from './deadlines.ts'
import { monthBefore } from './parts.ts'
import { findReport, firstReportedMonth } from './report.store.ts'

/** Reports whose day may lie in a span: a day moves by a holiday, never by a month. */
const monthsAround = ({ from }: ClauseSpan): string[] => {
  const last = monthBefore(from)
  return [Temporal.PlainDate.from(`${last}-01`).subtract({ months: 1 }).toString().slice(0, 7), last]
}

const stepOf = (of: string, step: ReportStep): ClauseSource => ({
  of,
  meter: 'deadline-met',
  async read(ctx: Ctx, span) {
    const first = await firstReportedMonth(ctx.db)
    const found = []
    for (const month of monthsAround(span)) {
      const day = (await daysOf(ctx, month)).find((one) => one.step === step)
      if (!day || Temporal.Instant.compare(day.dueAt, span.from) <= 0 || Temporal.Instant.compare(day.dueAt, span.to) > 0) continue
      const row = await findReport(ctx.db, month)
      const done = row ? ((await doneOf(ctx, [row])).get(row.id)?.[step] ?? null) : null
      found.push(
        obligation({
          id: `${of}:${month}`,
          subject: { type: 'report', id: month, label: month },
          startedAt: Temporal.PlainDate.from(`${month}-01`).add({ months: 1 }).toZonedDateTime('Asia/Shanghai').toInstant().toString(),
          dueAt: day.dueAt.toString(),
          doneAt: done?.toString() ?? null,
          // handed in without one of the five it was in time, but not what was asked for
          kept: step === 'DRAFT' && done ? (row?.complete ?? null) : null,
          missing: first === null || month < first ? 'NOTHING_RECORDED' : null,
          provisional: day.provisional,
          evidence: row ? [{ type: 'report', id: row.id }] : [],
        }),
      )
    }
    return found
  },
})

/** @clause 5.7-1 5.7-2a 5.7-2b */
export const reportClauses: readonly ClauseSource[] = [
  stepOf('monthly-report-draft', 'DRAFT'),
  stepOf('monthly-report-internal', 'INTERNAL'),
  stepOf('monthly-report-presented', 'PRESENT'),
]
