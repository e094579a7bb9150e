import type { TimeLeft } from '@changbai/contract/calendar.ts'
import { addBusinessTime, type BusinessHours, businessMillisecondsBetween, endOfBusiness } from './business.ts'
import type { WorkCalendar } from './calendar.ts'
import { type Limit, parseLimit } from './limit.ts'
import { dayOf, SHANGHAI } from './shanghai.ts'

/**
 * The day on which the n-th working day after the day of receipt falls. The day of receipt does not count, whatever the hour and whether or
 * not it is worked; make-up working days count, holidays and the rest days moved to them do not.
 * @param workdays 1 or more
 * @clause 4.3-1a
 * @clause 4.3-1b
 */
export function workdayDeadline(receivedOn: Temporal.PlainDate, workdays: number, calendar: WorkCalendar): Temporal.PlainDate {
  if (!Number.isInteger(workdays) || workdays < 1) throw new RangeError(`working days must be a whole number from 1: ${workdays}`)
  let on = receivedOn
  for (let counted = 0; counted < workdays; ) {
    on = on.add({ days: 1 })
    if (calendar.isWorkday(on)) counted += 1
  }
  return on
}

/** Working days end with the business day of the last, business hours run only while there is business, natural time runs always. */
export function dueAt(from: Temporal.Instant, limit: Limit | string, calendar: WorkCalendar, hours: BusinessHours): Temporal.Instant {
  const l = typeof limit === 'string' ? parseLimit(limit) : limit
  if (l.unit === 'WORKDAYS') return endOfBusiness(workdayDeadline(dayOf(from), l.workdays, calendar), hours)
  if (l.unit === 'BUSINESS_HOURS') return addBusinessTime(from, l.hours * 3_600_000, calendar, hours)
  return from.toZonedDateTimeISO(SHANGHAI).add(l.duration).toInstant()
}

/**
 * The instant at which this share of a limit is used up, in business time; 0.8 warns, 1.5 escalates. Between two instants without business
 * time in between (a limit in natural time over a holiday) it is the share of natural time.
 */
export function shareOfLimit(
  from: Temporal.Instant,
  due: Temporal.Instant,
  share: number,
  calendar: WorkCalendar,
  hours: BusinessHours,
): Temporal.Instant {
  if (share === 1) return due
  const total = businessMillisecondsBetween(from, due, calendar, hours)
  if (total === 0) return from.add({ milliseconds: Math.round(from.until(due).total('milliseconds') * share) })
  if (share > 1) return addBusinessTime(due, Math.round(total * (share - 1)), calendar, hours)
  return addBusinessTime(from, Math.round(total * share), calendar, hours)
}

/**
 * Working days left after today: 0 on the day it is due, negative for the working days that have passed since.
 * Provisional when a day in between lies in a year that is not announced.
 */
export function remainingWorkdays(
  now: Temporal.Instant,
  due: Temporal.Instant,
  calendar: WorkCalendar,
): { workdays: number; provisional: boolean } {
  const today = dayOf(now)
  const dueOn = dayOf(due)
  const isLate = Temporal.PlainDate.compare(today, dueOn) > 0
  const [first, last] = isLate ? [dueOn, today] : [today, dueOn]
  let workdays = 0
  let provisional = calendar.dayAt(last).provisional
  for (let on = first.add({ days: 1 }); Temporal.PlainDate.compare(on, last) <= 0; on = on.add({ days: 1 })) {
    const day = calendar.dayAt(on)
    if (day.isWorkday) workdays += 1
    provisional ||= day.provisional
  }
  return { workdays: isLate && workdays > 0 ? -workdays : workdays, provisional }
}

/**
 * Share of a limit that is used at an instant, cut to four decimals; 1 = at the limit, over 1 = late. The inverse of `shareOfLimit`: the warning
 * at 0.8 comes when this says 0.8.
 */
export function usedShare(
  from: Temporal.Instant,
  due: Temporal.Instant,
  at: Temporal.Instant,
  calendar: WorkCalendar,
  hours: BusinessHours,
): number {
  if (Temporal.Instant.compare(at, from) <= 0) return 0
  const business = (start: Temporal.Instant, end: Temporal.Instant) => businessMillisecondsBetween(start, end, calendar, hours)
  const natural = (start: Temporal.Instant, end: Temporal.Instant) => start.until(end).total('milliseconds')
  const reckon = business(from, due) > 0 ? business : natural
  const whole = reckon(from, due)
  if (whole <= 0) return 1
  const late = Temporal.Instant.compare(at, due) > 0
  const share = late ? 1 + reckon(due, at) / whole : reckon(from, at) / whole
  return Math.trunc(share * 10_000) / 10_000
}

/** Working time left of a limit, as it is counted: days of a limit in days, minutes of one in hours; none for natural time. */
export function timeLeft(
  limit: Limit | string,
  now: Temporal.Instant,
  due: Temporal.Instant,
  calendar: WorkCalendar,
  hours: BusinessHours,
): TimeLeft | null {
  const l = typeof limit === 'string' ? parseLimit(limit) : limit
  if (l.unit === 'NATURAL') return null
  if (l.unit === 'WORKDAYS') return { unit: 'WORKDAYS', count: remainingWorkdays(now, due, calendar).workdays }
  const late = Temporal.Instant.compare(now, due) > 0
  const milliseconds = late
    ? businessMillisecondsBetween(due, now, calendar, hours)
    : businessMillisecondsBetween(now, due, calendar, hours)
  const minutes = Math.floor(milliseconds / 60_000)
  return { unit: 'BUSINESS_MINUTES', count: late && minutes > 0 ? -minutes : minutes }
}
