import { z } from 'zod'
import { can, day, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { problem } from './problem.ts'

/**
 * WORKDAY and WEEKEND are what the week says; STATUTORY is a day of a holiday, IN_LIEU_REST a rest day moved there from a weekend (休),
 * MAKEUP_WORK a weekend day that is worked (班). Only WORKDAY and MAKEUP_WORK count.
 */
export const dayKinds = ['WORKDAY', 'WEEKEND', 'STATUTORY', 'IN_LIEU_REST', 'MAKEUP_WORK'] as const
export const DayKind = z.enum(dayKinds)
export type DayKind = z.infer<typeof DayKind>

/** PROVISIONAL: the State Council has not announced the year yet; nothing is called overdue by such a day alone. */
export const YearStatus = z.enum(['PUBLISHED', 'PROVISIONAL'])
export type YearStatus = z.infer<typeof YearStatus>

/** The same sentence in both languages. */
export const Bilingual = z.object({ zh: z.string(), en: z.string() })
export type Bilingual = z.infer<typeof Bilingual>

/** Working days `2wd` (end of business of the last), business hours `2bh`, or natural time in ISO 8601 (`PT24H`). */
export const Limit = z
  .string()
  .regex(/^(?:[1-9]\d{0,3}(?:wd|bh)|P(?=.)(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)$/, 'such as 2wd, 2bh, PT24H or P30D')

/**
 * What is left of a limit in working time: working days after today (0 on the day it is due), or whole minutes of business.
 * Negative: so many have passed since. Limits in natural time have none.
 */
export const TimeLeft = z.object({ unit: z.enum(['WORKDAYS', 'BUSINESS_MINUTES']), count: z.int() })
export type TimeLeft = z.infer<typeof TimeLeft>

export const CalendarDay = z.object({
  on: day,
  kind: DayKind,
  isWorkday: z.boolean(),
  /** Name of the holiday, e.g. 国庆节; null on an ordinary day. */
  name: z.string().nullable(),
  nameEn: z.string().nullable(),
  /** The notice the day comes from; null on an ordinary day. */
  publishedDoc: z.string().nullable(),
  /** Who put the day there and who agreed, when it was changed in the editor. */
  changedBy: z.string().nullable(),
  approvedBy: z.string().nullable(),
})
export type CalendarDay = z.infer<typeof CalendarDay>

export const CalendarYear = z.object({
  year: z.int(),
  status: YearStatus,
  publishedDoc: z.string(),
  /** Where the days were taken from. */
  source: z.string(),
  /** When the year became PUBLISHED here; null while PROVISIONAL. */
  publishedAt: instant.nullable(),
  workdays: z.int(),
  holidays: z.int(),
  makeUpDays: z.int(),
  pendingChanges: z.int(),
})
export type CalendarYear = z.infer<typeof CalendarYear>

/** One day of the reckoning and why it counts or not. */
export const DeadlineDay = z.object({
  on: day,
  /** 1 = Monday ... 7 = Sunday. */
  weekday: z.int().min(1).max(7),
  kind: DayKind,
  name: z.string().nullable(),
  counts: z.boolean(),
  /** 1 for the first day that counts; null for one that does not. */
  index: z.int().nullable(),
  reason: Bilingual,
  /** The day lies in a year that is not announced yet. */
  provisional: z.boolean(),
})
export type DeadlineDay = z.infer<typeof DeadlineDay>

export const Deadline = z.object({
  from: instant,
  receivedOn: day,
  limit: Limit,
  dueOn: day,
  dueAt: instant,
  days: z.array(DeadlineDay),
  provisional: z.boolean(),
  /** The rule in one sentence: what does not count, which make-up days do, when it ends. */
  rule: Bilingual,
  /** Notices the days rest on. */
  sources: z.array(z.string()),
})
export type Deadline = z.infer<typeof Deadline>

export const ChangeStatus = z.enum(['PROPOSED', 'APPROVED', 'REJECTED', 'WITHDRAWN'])
export const DayChange = z.object({
  on: day,
  kind: DayKind,
  name: text(60).nullable(),
  nameEn: text(80).nullable().default(null),
})
export type DayChange = z.infer<typeof DayChange>

export const CalendarChange = z.object({
  id: z.uuid(),
  year: z.int(),
  /** True: the year becomes PUBLISHED with this change. */
  publishes: z.boolean(),
  publishedDoc: z.string(),
  reason: z.string(),
  status: ChangeStatus,
  days: z.array(DayChange.extend({ before: DayKind, beforeName: z.string().nullable() })),
  proposedBy: z.uuid(),
  proposedByName: z.string(),
  proposedAt: instant,
  decidedByName: z.string().nullable(),
  decidedAt: instant.nullable(),
  comment: z.string().nullable(),
  /** The caller is another person with the right to decide. */
  mayDecide: z.boolean(),
})
export type CalendarChange = z.infer<typeof CalendarChange>

export const calendarProblems = {
  samePerson: problem('calendar.same-person', 403, {
    zh: '须由另一人复核，提出人不能批准自己的改动',
    en: 'A second person must agree; you proposed this change yourself',
  }),
  decided: problem('calendar.decided', 409, {
    zh: '{by} 已处理这项改动',
    en: '{by} has already decided this change',
  }),
  nothingChanged: problem('calendar.nothing-changed', 422, {
    zh: '与现有日历相同，没有要改的内容',
    en: 'The calendar already says this; there is nothing to change',
  }),
  otherYear: problem('calendar.other-year', 422, {
    zh: '{on} 不在 {year} 年',
    en: '{on} is not in {year}',
  }),
  wrongKind: problem('calendar.wrong-kind', 422, {
    zh: '{on} 是{weekday}，不能定为 {kind}',
    en: '{on} cannot be {kind}: look at the day of the week',
  }),
  outOfRange: problem('calendar.out-of-range', 422, {
    zh: '日期超出日历范围（2004 年至 2099 年）',
    en: 'The day lies outside the calendar (2004 to 2099)',
  }),
} as const

export const calendarApi = {
  years: endpoint({
    method: 'GET',
    path: '/calendar/years',
    summary: '日历年份',
    access: can('calendar.read', 'R'),
    input: z.object({}),
    reply: z.object({ items: z.array(CalendarYear) }),
  }),
  year: endpoint({
    method: 'GET',
    path: '/calendar/years/:year',
    summary: '一年的逐日日历',
    access: can('calendar.read', 'R'),
    input: z.object({ year: z.coerce.number().int().min(2004).max(2099) }),
    reply: CalendarYear.extend({ days: z.array(CalendarDay) }),
    problems: [calendarProblems.outOfRange],
  }),
  explainDeadline: endpoint({
    method: 'GET',
    path: '/calendar/deadline',
    summary: '时限逐日说明',
    access: can('calendar.read', 'R'),
    input: z.object({ from: instant, limit: Limit }),
    reply: Deadline,
    problems: [calendarProblems.outOfRange],
  }),
  remaining: endpoint({
    method: 'GET',
    path: '/calendar/remaining',
    summary: '距期限还剩几个工作日',
    access: can('calendar.read', 'R'),
    input: z.object({ dueAt: instant }),
    reply: z.object({
      /** Negative: working days overdue. 0: due today. */
      workdays: z.int(),
      businessMinutes: z.int(),
      overdue: z.boolean(),
      provisional: z.boolean(),
    }),
  }),
  changes: endpoint({
    method: 'GET',
    path: '/calendar/changes',
    summary: '日历改动',
    access: can('calendar.read', 'R'),
    input: pageInput.extend({ year: z.coerce.number().int().optional(), status: ChangeStatus.optional() }),
    reply: page(CalendarChange),
  }),
  proposeChange: endpoint({
    method: 'POST',
    path: '/calendar/changes',
    summary: '提出日历改动或公布一年',
    access: can('calendar.edit', 'C'),
    input: z.object({
      year: z.int().min(2004).max(2099),
      publishes: z.boolean().default(false),
      publishedDoc: text(200, 2),
      reason: text(500, 2),
      days: z.array(DayChange).max(366),
    }),
    reply: CalendarChange,
    problems: [calendarProblems.nothingChanged, calendarProblems.otherYear, calendarProblems.wrongKind],
  }),
  decideChange: endpoint({
    method: 'POST',
    path: '/calendar/changes/:changeId/decide',
    summary: '复核日历改动',
    access: can('calendar.edit', 'A'),
    input: z.object({ changeId: z.uuid(), decision: z.enum(['APPROVE', 'REJECT']), comment: text(500).default('') }),
    reply: CalendarChange,
    problems: [calendarProblems.samePerson, calendarProblems.decided],
  }),
  withdrawChange: endpoint({
    method: 'POST',
    path: '/calendar/changes/:changeId/withdraw',
    summary: '撤回自己提出的日历改动',
    access: can('calendar.edit', 'C'),
    input: z.object({ changeId: z.uuid() }),
    reply: CalendarChange,
    problems: [calendarProblems.decided],
  }),
} as const
