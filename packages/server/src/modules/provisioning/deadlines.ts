import type { Ctx } from '../../platform/ctx.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { loadBusinessClock } from '../calendar/index.ts'

export interface Deadline {
  at: Temporal.Instant
  on: Temporal.PlainDate
  /** The calendar of that year is not published yet: no breach is found by it. */
  provisional: boolean
}

/**
 * End of business of the n-th working day after the day of dispatch; that day itself does not count.
 * @clause 4.3-1a
 */
export async function workdayDeadline(ctx: Ctx, from: Temporal.Instant, workdays: number): Promise<Deadline> {
  const { dueAt, dueOn, provisional } = (await loadBusinessClock(ctx)).explain(from, `${workdays}wd`)
  return { at: Temporal.Instant.from(dueAt), on: Temporal.PlainDate.from(dueOn), provisional }
}

/** Working days after the day of `from`, up to and including the day of `until`. */
export async function workdaysBetween(ctx: Ctx, from: Temporal.Instant, until: Temporal.Instant): Promise<number> {
  const last = shanghaiDay(until)
  let days = 0
  // a suspension of more than a year is a cancelled order
  while (days < 260) {
    const { on } = await workdayDeadline(ctx, from, days + 1)
    if (Temporal.PlainDate.compare(on, last) > 0) break
    days += 1
  }
  return days
}
