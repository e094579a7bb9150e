import type { Attendee, MajorEvent, Meeting, MeetingGroup, NextPlan } from '@changbai/contract/meeting.ts'

const SHANGHAI = 'Asia/Shanghai'
export const FOUR_GROUPS = ['OPERATION', 'MAINTENANCE', 'APPLICATION', 'CONSTRUCTION'] as const satisfies readonly MeetingGroup[]

export const weekOf = (on: Temporal.PlainDate): string => `${on.yearOfWeek}-W${String(on.weekOfYear).padStart(2, '0')}`

/** Monday of an ISO week. */
export function mondayOf(week: string): Temporal.PlainDate {
  const [year, number] = [Number(week.slice(0, 4)), Number(week.slice(6))]
  // 4 January always lies in week 1
  const fourth = Temporal.PlainDate.from({ year, month: 1, day: 4 })
  return fourth.subtract({ days: fourth.dayOfWeek - 1 }).add({ weeks: number - 1 })
}
/** Half open. */
export function spanOfWeek(week: string): { from: Temporal.Instant; to: Temporal.Instant } {
  const monday = mondayOf(week)
  return { from: monday.toZonedDateTime(SHANGHAI).toInstant(), to: monday.add({ weeks: 1 }).toZonedDateTime(SHANGHAI).toInstant() }
}
/** A week in which nobody works asks for no meeting (domain, row 25). */
export const isRestWeek = (monday: Temporal.PlainDate, isWorkday: (on: Temporal.PlainDate) => boolean): boolean =>
  ![0, 1, 2, 3, 4, 5, 6].some((days) => isWorkday(monday.add({ days })))

export const groupsPresent = (attendees: readonly Attendee[]): MeetingGroup[] => [
  ...new Set(attendees.filter(({ present }) => present).map(({ group }) => group)),
]
/** @clause 5.6-1 */
export const hasFourGroups = (attendees: readonly Attendee[]): boolean => {
  const present = groupsPresent(attendees)
  return FOUR_GROUPS.every((group) => present.includes(group))
}

export interface Minutes {
  heldAt: unknown
  attendees: readonly Attendee[]
  majorEvents: readonly MajorEvent[]
  noneDeclared: boolean
  nextPlans: readonly NextPlan[]
}
/** What keeps minutes from being filed. An empty list of events must be said, not forgotten. */
export function gapsOf({ heldAt, attendees, majorEvents, noneDeclared, nextPlans }: Minutes): Meeting['gaps'] {
  const gaps: Meeting['gaps'] = []
  if (!heldAt) gaps.push('HELD')
  if (majorEvents.length === 0 && !noneDeclared) gaps.push('EVENTS')
  if (nextPlans.length === 0) gaps.push('PLANS')
  if (!attendees.some(({ present }) => present)) gaps.push('ATTENDANCE')
  return gaps
}
/** Both told and planned, the customer there, and the customer's own name under it. @clause 5.6-2 */
export const contentKept = (minutes: Minutes, customerSigned: boolean): boolean =>
  gapsOf(minutes).length === 0 && groupsPresent(minutes.attendees).includes('CUSTOMER') && customerSigned
