import type { WorkCalendar } from './calendar.ts'
import { dayOf, SHANGHAI } from './shanghai.ts'

/** The spans of a working day in which work is done, in order, not overlapping, in Asia/Shanghai. */
export type BusinessHours = readonly { from: Temporal.PlainTime; to: Temporal.PlainTime }[]

/** @param spans as the plan writes them, e.g. `[['08:30','12:00'],['13:00','17:30']]`
 *  @throws RangeError for spans that are empty, overlap or run backwards */
export function readBusinessHours(spans: readonly (readonly [string, string])[]): BusinessHours {
  const hours = spans.map(([from, to]) => ({ from: Temporal.PlainTime.from(from), to: Temporal.PlainTime.from(to) }))
  if (hours.length === 0) throw new RangeError('business hours need at least one span')
  for (const [index, span] of hours.entries()) {
    const before = hours[index - 1]
    if (Temporal.PlainTime.compare(span.from, span.to) >= 0) throw new RangeError(`business hours ${span.from}–${span.to} run backwards`)
    if (before && Temporal.PlainTime.compare(before.to, span.from) > 0) throw new RangeError(`business hours overlap at ${span.from}`)
  }
  return hours
}

const instantOf = (on: Temporal.PlainDate, time: Temporal.PlainTime): number =>
  on.toZonedDateTime({ timeZone: SHANGHAI, plainTime: time }).epochMilliseconds

const toInstant = (milliseconds: number) => Temporal.Instant.fromEpochMilliseconds(milliseconds)

/** The instant at which the business day of `on` ends, whether or not it is worked. */
export function endOfBusiness(on: Temporal.PlainDate, hours: BusinessHours): Temporal.Instant {
  const last = hours.at(-1)
  if (!last) throw new RangeError('business hours need at least one span')
  return toInstant(instantOf(on, last.to))
}

/** Spans of work on one day, in epoch milliseconds; none on a day that is not worked. */
const spansOf = (on: Temporal.PlainDate, calendar: WorkCalendar, hours: BusinessHours): readonly (readonly [number, number])[] =>
  calendar.isWorkday(on) ? hours.map(({ from, to }) => [instantOf(on, from), instantOf(on, to)] as const) : []

const lengthOfDay = (hours: BusinessHours): number => hours.reduce((sum, { from, to }) => sum + from.until(to).total('milliseconds'), 0)

/** No run of days without work comes near this; a calendar that has one is broken and must not hang a server. */
const IDLE_DAYS_MAX = 60

/**
 * The instant by which this much business time has passed. Outside business hours the clock stands still; what is used up exactly at the
 * end of a span ends there, not at the beginning of the next.
 * @param milliseconds of business time, 0 or more
 */
export function addBusinessTime(
  from: Temporal.Instant,
  milliseconds: number,
  calendar: WorkCalendar,
  hours: BusinessHours,
): Temporal.Instant {
  if (milliseconds < 0) throw new RangeError('business time only runs forwards')
  if (milliseconds === 0) return from
  let left = milliseconds
  const firstDay = dayOf(from)
  const wholeDay = lengthOfDay(hours)
  let on = firstDay
  for (let idleDays = 0; idleDays <= IDLE_DAYS_MAX; on = on.add({ days: 1 })) {
    idleDays = calendar.isWorkday(on) ? 0 : idleDays + 1
    if (idleDays > 0) continue
    // a day that is used up and more needs no look at its spans
    if (left > wholeDay && !on.equals(firstDay)) {
      left -= wholeDay
      continue
    }
    for (const [start, end] of spansOf(on, calendar, hours)) {
      const begin = Math.max(start, from.epochMilliseconds)
      if (begin >= end) continue
      if (end - begin >= left) return toInstant(begin + left)
      left -= end - begin
    }
  }
  throw new RangeError(`no working day within ${IDLE_DAYS_MAX} days before ${on}`)
}

/** Business time between two instants in milliseconds; 0 when they are in the wrong order. */
export function businessMillisecondsBetween(
  from: Temporal.Instant,
  to: Temporal.Instant,
  calendar: WorkCalendar,
  hours: BusinessHours,
): number {
  let sum = 0
  const firstDay = dayOf(from)
  const lastDay = dayOf(to)
  const wholeDay = lengthOfDay(hours)
  for (let on = firstDay; Temporal.PlainDate.compare(on, lastDay) <= 0; on = on.add({ days: 1 })) {
    if (!on.equals(firstDay) && !on.equals(lastDay)) {
      if (calendar.isWorkday(on)) sum += wholeDay
      continue
    }
    for (const [start, end] of spansOf(on, calendar, hours)) {
      sum += Math.max(0, Math.min(end, to.epochMilliseconds) - Math.max(start, from.epochMilliseconds))
    }
  }
  return sum
}

/** The same in hours, for reading. */
export const businessHoursBetween = (from: Temporal.Instant, to: Temporal.Instant, calendar: WorkCalendar, hours: BusinessHours): number =>
  businessMillisecondsBetween(from, to, calendar, hours) / 3_600_000
