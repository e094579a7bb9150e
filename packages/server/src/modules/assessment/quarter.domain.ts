import type { QuarterFigure } from '@changbai/contract/assessment.ts'

const SHANGHAI = 'Asia/Shanghai'
const startOf = (on: Temporal.PlainDate): Temporal.Instant => on.toZonedDateTime(SHANGHAI).toInstant()
const firstDay = (quarter: string): Temporal.PlainDate =>
  Temporal.PlainDate.from({ year: Number(quarter.slice(0, 4)), month: (Number(quarter.slice(6)) - 1) * 3 + 1, day: 1 })

export interface QuarterSpan {
  quarter: string
  /** Half open. */
  from: Temporal.Instant
  to: Temporal.Instant
  months: string[]
}
export function spanOfQuarter(quarter: string): QuarterSpan {
  const first = firstDay(quarter)
  return {
    quarter,
    from: startOf(first),
    to: startOf(first.add({ months: 3 })),
    months: [0, 1, 2].map((months) => first.add({ months }).toString().slice(0, 7)),
  }
}
const named = (on: Temporal.PlainDate): string => `${on.year}-Q${Math.ceil(on.month / 3)}`
export const quarterBefore = (quarter: string): string => named(firstDay(quarter).subtract({ months: 3 }))
/** The last quarter that is over. */
export const lastQuarter = (on: Temporal.PlainDate): string => quarterBefore(named(on))

/** Until the end of that many days after the quarter's end (domain, row 31). @clause 5.5-1 */
export const dueOfQuarter = (quarter: string, days: number): Temporal.Instant => startOf(firstDay(quarter).add({ months: 3, days }))

/** @param value and `previous` in the figure's own unit */
export function trendOf({ value, previous, better }: Pick<QuarterFigure, 'value' | 'previous' | 'better'>): QuarterFigure['trend'] {
  if (value === null || previous === null || value === previous) return null
  return value > previous === (better === 'MORE') ? 'BETTER' : 'WORSE'
}

/** Months of which at least one instant lies within a half-open span, and that are over by `asOf`. */
export function monthsUnderWay(from: Temporal.Instant, to: Temporal.Instant): string[] {
  const months: string[] = []
  const last = to.subtract({ milliseconds: 1 }).toZonedDateTimeISO(SHANGHAI).toPlainDate()
  for (
    let on = from.toZonedDateTimeISO(SHANGHAI).toPlainDate().with({ day: 1 });
    Temporal.PlainDate.compare(on, last) <= 0;
    on = on.add({ months: 1 })
  )
    months.push(on.toString().slice(0, 7))
  return months
}
