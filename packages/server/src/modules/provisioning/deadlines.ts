import type { Ctx } from '../../platform/ctx.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { loadWorkClock } from '../process/index.ts'

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
  const clock = await loadWorkClock(ctx)
  const at = clock.addTime(from, `${workdays}wd`)
  return { at, on: shanghaiDay(at), provisional: false }
}
