import type { ReportStep } from '@changbai/contract/report.shapes.ts'

const SHANGHAI = 'Asia/Shanghai'

/** What the reckoning must know of days. */
export interface ReportCalendar {
  dayAt(on: Temporal.PlainDate): { isWorkday: boolean; name: string | null; provisional: boolean }
}
export interface ReportDays {
  draftDay: number
  internalDay: number
  presentDay: number
  /** Does a day that is not worked move to the next working day? */
  rollOver: boolean
}
export interface DueDay {
  step: ReportStep
  /** As the plan writes it. */
  writtenOn: Temporal.PlainDate
  dueOn: Temporal.PlainDate
  /** The end of that day: done until then is in time. */
  dueAt: Temporal.Instant
  moved: string | null
  provisional: boolean
}

const MOVED_DAYS_MAX = 31
const restName = (day: { name: string | null }, on: Temporal.PlainDate): string => day.name ?? (on.dayOfWeek === 7 ? '周日' : '周六')

/**
 * The three days of one month's report, in the month after it. A day counts until its midnight; one that is not worked moves to the next working
 * day, and both are shown: two may fall on one day (October), and stay two obligations.
 * @clause 5.7-1 5.7-2a 5.7-2b
 */
export function reportDays(month: string, days: ReportDays, calendar: ReportCalendar): DueDay[] {
  const next = Temporal.PlainDate.from(`${month}-01`).add({ months: 1 })
  const steps: readonly (readonly [ReportStep, number])[] = [
    ['DRAFT', days.draftDay],
    ['INTERNAL', days.internalDay],
    ['PRESENT', days.presentDay],
  ]
  return steps.map(([step, day]) => {
    const writtenOn = next.with({ day })
    let dueOn = writtenOn
    let moved: string | null = null
    let provisional = calendar.dayAt(dueOn).provisional
    for (let n = 0; days.rollOver && !calendar.dayAt(dueOn).isWorkday && n < MOVED_DAYS_MAX; n += 1) {
      moved ??= restName(calendar.dayAt(dueOn), dueOn)
      dueOn = dueOn.add({ days: 1 })
      provisional ||= calendar.dayAt(dueOn).provisional
    }
    return { step, writtenOn, dueOn, dueAt: dueOn.add({ days: 1 }).toZonedDateTime(SHANGHAI).toInstant(), moved, provisional }
  })
}
