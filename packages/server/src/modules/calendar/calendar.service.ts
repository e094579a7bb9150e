import { type CalendarYear, type calendarApi, calendarProblems, type TimeLeft } from '@changbai/contract/calendar.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Row } from '../../platform/db.ts'
import { fail } from '../../platform/fail.ts'
import { calendarRevision, dayRows, openChangeCounts, readYears, yearRow, yearRows } from './calendar.store.ts'
import { type BusinessHours, businessMillisecondsBetween, readBusinessHours } from './domain/business.ts'
import { createCalendar, type WorkCalendar } from './domain/calendar.ts'
import { dueAt, remainingWorkdays, shareOfLimit, timeLeft, usedShare } from './domain/deadline.ts'
import { explainDeadline } from './domain/explain.ts'

declare module '../../platform/ctx.ts' {
  interface Events {
    /** Days changed or a year was announced: whoever keeps due times of open work recomputes those that reach into [from, to]. */
    'calendar.changed': { year: number; from: string; to: string; publishes: boolean }
  }
}

/** Copies by revision; the revision is read in every transaction, so no process works with an old calendar. */
const copies = new Map<string, WorkCalendar>()
const COPIES_MAX = 8

/** The calendar as this transaction sees it. */
export async function loadCalendar(ctx: Pick<Ctx, 'db'>): Promise<WorkCalendar> {
  const revision = await calendarRevision(ctx.db)
  const copy = revision === null ? undefined : copies.get(revision)
  if (copy) return copy
  const calendar = createCalendar(await readYears(ctx.db))
  if (revision !== null) {
    if (copies.size >= COPIES_MAX) copies.clear()
    copies.set(revision, calendar)
  }
  return calendar
}

/** Business hours are a parameter of the plan. */
export const businessHoursOf = (ctx: Pick<Ctx, 'plan'>): BusinessHours =>
  readBusinessHours(ctx.plan.value<[string, string][]>('calendar.businessHours'))

/** The working calendar for one command: what the process engine asks of it. */
export interface BusinessClock {
  /** End of `2wd`, `2bh` or an ISO duration from an instant. */
  addTime(from: Temporal.Instant, limit: string): Temporal.Instant
  /** Instant at which this share of the limit is used, in business time. */
  shareOf(from: Temporal.Instant, due: Temporal.Instant, share: number): Temporal.Instant
  /** Share of the limit used at an instant: when a reminder at 0.8 is due, this is 0.8. */
  usedShare(from: Temporal.Instant, due: Temporal.Instant, at: Temporal.Instant): number
  /** Working time left of a limit, now unless another instant is given; null for natural time. */
  timeLeft(limit: string, due: Temporal.Instant, at?: Temporal.Instant): TimeLeft | null
  remaining(due: Temporal.Instant): { workdays: number; provisional: boolean }
  explain(from: Temporal.Instant, limit: string): ReturnType<typeof explainDeadline>
  /** Hours of business between two instants. */
  businessMilliseconds(from: Temporal.Instant, to: Temporal.Instant): number
}

export async function loadBusinessClock(ctx: Pick<Ctx, 'db' | 'plan' | 'now'>): Promise<BusinessClock> {
  const calendar = await loadCalendar(ctx)
  const hours = businessHoursOf(ctx)
  return {
    addTime: (from, limit) => dueAt(from, limit, calendar, hours),
    shareOf: (from, due, share) => shareOfLimit(from, due, share, calendar, hours),
    usedShare: (from, due, at) => usedShare(from, due, at, calendar, hours),
    timeLeft: (limit, due, at = ctx.now) => timeLeft(limit, at, due, calendar, hours),
    remaining: (due) => remainingWorkdays(ctx.now, due, calendar),
    explain: (from, limit) => explainDeadline(from, limit, calendar, hours),
    businessMilliseconds: (from, to) => businessMillisecondsBetween(from, to, calendar, hours),
  }
}

function toYear(row: Row<'calendar_year'>, calendar: WorkCalendar, pendingChanges: number): CalendarYear {
  let workdays = 0
  let holidays = 0
  let makeUpDays = 0
  for (let on = Temporal.PlainDate.from({ year: row.year, month: 1, day: 1 }); on.year === row.year; on = on.add({ days: 1 })) {
    const day = calendar.dayAt(on)
    if (day.isWorkday) workdays += 1
    if (day.kind === 'STATUTORY' || day.kind === 'IN_LIEU_REST') holidays += 1
    if (day.kind === 'MAKEUP_WORK') makeUpDays += 1
  }
  return {
    year: row.year,
    status: row.status,
    publishedDoc: row.published_doc,
    source: row.source,
    publishedAt: row.published_at?.toString() ?? null,
    workdays,
    holidays,
    makeUpDays,
    pendingChanges,
  }
}

export async function listYears(ctx: Ctx): Promise<Reply<typeof calendarApi.years>> {
  const calendar = await loadCalendar(ctx)
  const pending = await openChangeCounts(ctx.db)
  return { items: (await yearRows(ctx.db)).map((row) => toYear(row, calendar, pending.get(row.year) ?? 0)) }
}

export async function readYear(ctx: Ctx, { year }: Input<typeof calendarApi.year>): Promise<Reply<typeof calendarApi.year>> {
  const calendar = await loadCalendar(ctx)
  const row = (await yearRow(ctx.db, year)) ?? {
    year,
    status: 'PROVISIONAL' as const,
    published_doc: '',
    source: '',
    published_at: null,
  }
  const special = new Map((await dayRows(ctx.db, year)).map((one) => [one.on_day.toString(), one]))
  const pending = await openChangeCounts(ctx.db)
  const days: Reply<typeof calendarApi.year>['days'] = []
  for (let on = Temporal.PlainDate.from({ year, month: 1, day: 1 }); on.year === year; on = on.add({ days: 1 })) {
    const { kind, isWorkday, name, nameEn, publishedDoc } = calendar.dayAt(on)
    const edited = special.get(on.toString())
    days.push({
      on: on.toString(),
      kind,
      isWorkday,
      name,
      nameEn,
      publishedDoc,
      changedBy: edited?.changed_by_name ?? null,
      approvedBy: edited?.approved_by_name ?? null,
    })
  }
  return { ...toYear(row, calendar, pending.get(year) ?? 0), days }
}

export async function explainDeadlineFor(
  ctx: Ctx,
  { from, limit }: Input<typeof calendarApi.explainDeadline>,
): Promise<Reply<typeof calendarApi.explainDeadline>> {
  const clock = await loadBusinessClock(ctx)
  try {
    return clock.explain(Temporal.Instant.from(from), limit)
  } catch (error) {
    if (error instanceof RangeError) fail(calendarProblems.outOfRange)
    throw error
  }
}

export async function readRemaining(ctx: Ctx, input: Input<typeof calendarApi.remaining>): Promise<Reply<typeof calendarApi.remaining>> {
  const due = Temporal.Instant.from(input.dueAt)
  const clock = await loadBusinessClock(ctx)
  const yearsAway = Math.abs(ctx.now.until(due).total('hours')) / 8766
  if (yearsAway > 5) fail(calendarProblems.outOfRange)
  const late = Temporal.Instant.compare(ctx.now, due) > 0
  const milliseconds = late ? clock.businessMilliseconds(due, ctx.now) : clock.businessMilliseconds(ctx.now, due)
  const minutes = Math.floor(milliseconds / 60_000)
  return { ...clock.remaining(due), businessMinutes: late && minutes > 0 ? -minutes : minutes, overdue: late }
}
