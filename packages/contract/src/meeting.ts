import { z } from 'zod'
import { can, canAny, day, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { problem } from './problem.ts'

/** An ISO week, Monday to Sunday in Asia/Shanghai. */
export const isoWeek = z.string().regex(/^20\d\d-W(0[1-9]|[1-4]\d|5[0-3])$/)
/** The four groups, and the customer. */
export const MeetingGroup = z.enum(['OPERATION', 'MAINTENANCE', 'APPLICATION', 'CONSTRUCTION', 'CUSTOMER'])
export type MeetingGroup = z.infer<typeof MeetingGroup>
export const MeetingStatus = z.enum(['PREPARED', 'HELD', 'ARCHIVED'])
export type MeetingStatus = z.infer<typeof MeetingStatus>

export const Attendee = z.object({
  group: MeetingGroup,
  personId: z.uuid(),
  name: text(80, 1),
  present: z.boolean(),
  leaveReason: text(200).default(''),
})
export type Attendee = z.infer<typeof Attendee>
export const MajorEvent = z.object({
  incidentId: z.uuid().nullable(),
  number: text(40).default(''),
  text: text(500, 1),
  status: text(200).default(''),
})
export type MajorEvent = z.infer<typeof MajorEvent>
export const NextPlan = z.object({ text: text(500, 1), ownerId: z.uuid(), ownerName: text(80, 1), dueOn: day })
export type NextPlan = z.infer<typeof NextPlan>

/** A decision, or what is left to follow: tracked over the weeks until it is done. */
export const MeetingItem = z.object({
  id: z.uuid(),
  kind: z.enum(['DECISION', 'FOLLOW_UP']),
  week: isoWeek,
  meetingId: z.uuid(),
  text: z.string(),
  ownerId: z.uuid(),
  ownerName: z.string(),
  dueOn: day,
  doneAt: instant.nullable(),
  doneNote: z.string(),
  overdue: z.boolean(),
  mine: z.boolean(),
})
export type MeetingItem = z.infer<typeof MeetingItem>

export const MeetingSummary = z.object({
  id: z.uuid(),
  number: z.string(),
  week: isoWeek,
  status: MeetingStatus,
  heldAt: instant.nullable(),
  place: z.string(),
  /** Groups of which somebody was there. */
  groups: z.array(MeetingGroup),
  archiveDueAt: instant.nullable(),
  archivedAt: instant.nullable(),
  late: z.boolean(),
  openItems: z.int(),
})
export type MeetingSummary = z.infer<typeof MeetingSummary>

export const Meeting = MeetingSummary.extend({
  rev: z.int(),
  hostName: z.string(),
  attendees: z.array(Attendee),
  majorEvents: z.array(MajorEvent),
  /** Said expressly that there was none. */
  noneDeclared: z.boolean(),
  nextPlans: z.array(NextPlan),
  /** Of this meeting. */
  items: z.array(MeetingItem),
  /** Of earlier meetings, still open when this one was prepared or later. */
  carried: z.array(MeetingItem),
  customerComment: z.string(),
  acks: z.array(z.object({ personId: z.uuid(), name: z.string(), group: MeetingGroup, at: instant })),
  /** What still keeps it from being filed. */
  gaps: z.array(z.enum(['HELD', 'EVENTS', 'PLANS', 'ATTENDANCE'])),
  may: z.array(z.enum(['WRITE', 'HOLD', 'ARCHIVE', 'COMMENT', 'ACK'])),
})
export type Meeting = z.infer<typeof Meeting>

export const meetingProblems = {
  exists: problem('meeting.exists', 409, { zh: '{week} 的例会已经准备', en: 'The meeting of {week} is prepared already' }),
  wrongStep: problem('meeting.wrong-step', 409, { zh: '例会现在不在这一步', en: 'The meeting is not at this step' }),
  archived: problem('meeting.archived', 409, { zh: '纪要已经存档，不能再改', en: 'The minutes are filed and stay as they are' }),
  future: problem('meeting.future', 422, { zh: '时间晚于现在，或不在 {week} 内', en: 'That is later than now, or not within {week}' }),
  incomplete: problem('meeting.incomplete', 422, {
    zh: '纪要还不完整：须记上周重大事件（或声明无）、下周计划、到会情况',
    en: 'Not complete: last week’s major events (or none, said expressly), next week’s plans, and who was there',
  }),
  notOwner: problem('meeting.not-owner', 403, { zh: '这一项由 {name} 负责', en: '{name} answers for this item' }),
  itemDone: problem('meeting.item-done', 409, { zh: '这一项已经完成', en: 'This item is done already' }),
} as const

const read = canAny(['meeting.minutes', 'C'], ['meeting.minutes', 'U'], ['meeting.minutes', 'A'], ['meeting.minutes', 'r'])
const lead = can('meeting.minutes', 'C')
const take = canAny(['meeting.minutes', 'C'], ['meeting.minutes', 'U'], ['meeting.minutes', 'A'])
const one = z.object({ meetingId: z.uuid() })
const item = z.object({
  kind: z.enum(['DECISION', 'FOLLOW_UP']),
  text: text(500, 1),
  ownerId: z.uuid(),

  dueOn: day,
})

export const meetingApi = {
  list: endpoint({
    method: 'GET',
    path: '/meetings',
    summary: '周例会',
    access: read,
    input: pageInput,
    reply: page(MeetingSummary).extend({ thisWeek: isoWeek, prepared: z.boolean() }),
  }),
  items: endpoint({
    method: 'GET',
    path: '/meeting-items',
    summary: '例会决议与跟进事项',
    access: read,
    input: pageInput.extend({ open: z.stringbool().optional(), mine: z.stringbool().optional() }),
    reply: page(MeetingItem),
  }),
  get: endpoint({ method: 'GET', path: '/meetings/:meetingId', summary: '一次例会', access: read, input: one, reply: Meeting }),
  prepare: endpoint({
    method: 'POST',
    path: '/meetings',
    summary: '准备本周例会：由上周故障、下周计划、未完事项预填',
    access: lead,
    input: z.object({ week: isoWeek.optional() }),
    reply: Meeting,
    problems: [meetingProblems.exists, meetingProblems.future],
  }),
  save: endpoint({
    method: 'PUT',
    path: '/meetings/:meetingId',
    summary: '保存议程与纪要',
    access: lead,
    input: one.extend({
      rev: z.int(),
      place: text(200),
      attendees: z.array(Attendee).max(100),
      majorEvents: z.array(MajorEvent).max(100),
      noneDeclared: z.boolean(),
      nextPlans: z.array(NextPlan).max(100),
    }),
    reply: Meeting,
    problems: [meetingProblems.archived],
  }),
  hold: endpoint({
    method: 'POST',
    path: '/meetings/:meetingId/hold',
    summary: '登记开会',
    access: lead,
    input: one.extend({ heldAt: instant, place: text(200, 1) }),
    reply: Meeting,
    problems: [meetingProblems.wrongStep, meetingProblems.future],
  }),
  addItem: endpoint({
    method: 'POST',
    path: '/meetings/:meetingId/items',
    summary: '加一条决议或跟进事项',
    access: lead,
    input: one.extend(item.shape),
    reply: Meeting,
    problems: [meetingProblems.archived],
  }),
  finishItem: endpoint({
    method: 'POST',
    path: '/meeting-items/:itemId/done',
    summary: '完成一项',
    access: take,
    input: z.object({ itemId: z.uuid(), note: text(500, 1) }),
    reply: MeetingItem,
    problems: [meetingProblems.notOwner, meetingProblems.itemDone],
  }),
  comment: endpoint({
    method: 'POST',
    path: '/meetings/:meetingId/comment',
    summary: '甲方意见',
    access: can('meeting.minutes', 'A'),
    input: one.extend({ comment: text(2000, 1) }),
    reply: Meeting,
    problems: [meetingProblems.archived],
  }),
  archive: endpoint({
    method: 'POST',
    path: '/meetings/:meetingId/archive',
    summary: '纪要存档',
    access: lead,
    input: one,
    reply: Meeting,
    problems: [meetingProblems.wrongStep, meetingProblems.incomplete],
  }),
  ack: endpoint({
    method: 'POST',
    path: '/meetings/:meetingId/ack',
    summary: '签阅纪要',
    access: take,
    input: one,
    reply: Meeting,
    problems: [meetingProblems.wrongStep],
  }),
  print: endpoint({
    method: 'POST',
    path: '/meetings/:meetingId/print',
    summary: '会议纪要（Word）',
    access: read,
    input: one,
    reply: z.unknown(),
    kind: 'download',
  }),
} as const
