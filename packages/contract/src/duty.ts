import { z } from 'zod'
import { roleCodes } from './capability.ts'
import { can, canAny, day, endpoint, instant, nothing, page, pageInput, text } from './endpoint.ts'
import { contactData } from './personal.ts'
import { commonProblems, problem } from './problem.ts'

/** DESK_5X8 follows the working calendar and the hours of the hotline; the other two never close. */
export const DutyLine = z.enum(['DESK_5X8', 'MOBILE_7X24', 'FACILITY_7X24'])
export type DutyLine = z.output<typeof DutyLine>
export const DutyPlace = z.enum(['PRIMARY', 'BACKUP'])
export type DutyPlace = z.output<typeof DutyPlace>

export const dutyProblems = {
  gaps: problem('duty.gaps', 422, { zh: '值班表有空档或重叠，不能发布', en: 'The roster has gaps or overlaps and cannot be published' }),
  notQualified: problem('duty.not-qualified', 422, {
    zh: '{name} 在这一班开始时考核或演练不在有效期内，不能排班',
    en: '{name} has no valid test or drill at the start of this shift',
  }),
  samePerson: problem('duty.same-person', 422, { zh: '主班与备班不能是同一人', en: 'Primary and backup must be two people' }),
  published: problem('duty.published', 409, { zh: '已发布的值班表只能换班，不能直接改', en: 'A published roster changes only by swaps' }),
  periodTaken: problem('duty.period-taken', 409, {
    zh: '这条线路在这段时间已有值班表',
    en: 'This line already has a roster for these days',
  }),
  notYours: problem('duty.not-yours', 403, { zh: '只有这一班的当班人可以办理', en: 'Only whoever is on this shift may do this' }),
  decided: problem('duty.decided', 409, { zh: '这份换班申请已经处理过', en: 'This swap has been decided already' }),
  shiftOver: problem('duty.shift-over', 409, { zh: '这一班已经结束', en: 'This shift is over' }),
  busy: problem('duty.busy', 409, { zh: '{name} 同一时间已有别的班', en: '{name} already has another shift at that time' }),
  signed: problem('duty.signed', 409, { zh: '这份交接已经签收', en: 'This hand-over has been signed already' }),
}

const person = z.object({ id: z.uuid(), name: z.string() })
/** A span of one line with the two people who stand for it. Half-open: [startsAt, endsAt). */
export const Shift = z.object({
  id: z.uuid(),
  rosterId: z.uuid(),
  line: DutyLine,
  startsAt: instant,
  endsAt: instant,
  primary: person,
  backup: person,
  published: z.boolean(),
})
export type Shift = z.output<typeof Shift>

export const OnDuty = z.object({
  line: DutyLine,
  /** The telephone of the line itself. */
  phone: z.string(),
  /** Null: nobody is on duty, or the line is closed at this hour. */
  shift: z.object({ id: z.uuid(), startsAt: instant, endsAt: instant, primary: person, backup: person }).nullable(),
  /** Is the line supposed to be staffed at this instant? */
  open: z.boolean(),
})
export type OnDuty = z.output<typeof OnDuty>

/** Who is reached one after the other; phone numbers only for those who page. */
export const PagingStep = z.object({
  line: DutyLine.nullable(),
  place: z.enum(['PRIMARY', 'BACKUP', 'MANAGER', 'LEADER']),
  personId: z.uuid(),
  name: z.string(),
})

export const Officer = z.object({
  person,
  phone: contactData(z.string().nullable(), 'phone'),
  lines: z.array(DutyLine),
  /** Days of the last test passed and the last drill; both hold twelve months. */
  passedOn: day.nullable(),
  drilledOn: day.nullable(),
  /** Last day on which both are valid; null when one is missing. */
  validUntil: day.nullable(),
})
const flaw = z.object({ kind: z.enum(['GAP', 'OVERLAP', 'OUTSIDE']), from: instant, to: instant })
export const Roster = z.object({
  id: z.uuid(),
  line: DutyLine,
  fromOn: day,
  toOn: day,
  state: z.enum(['DRAFT', 'PUBLISHED']),
  madeBy: z.string(),
  publishedBy: z.string().nullable(),
  publishedAt: instant.nullable(),
  shifts: z.int(),
})
export const RosterDetail = Roster.extend({ items: z.array(Shift), flaws: z.array(flaw) })
export type RosterDetail = z.output<typeof RosterDetail>
/** When the next in the row takes over: with every shift, every day, or every Monday. */
export const RotationTurn = z.enum(['SHIFT', 'DAY', 'WEEK'])

export const Swap = z.object({
  id: z.uuid(),
  shift: Shift,
  place: DutyPlace,
  from: person,
  to: person,
  reason: z.string(),
  state: z.enum(['ASKED', 'AGREED', 'REFUSED', 'WITHDRAWN']),
  askedAt: instant,
  answeredAt: instant.nullable(),
  /** The caller is the one who is asked. */
  mine: z.boolean(),
})
export const HandOver = z.object({
  id: z.uuid(),
  line: DutyLine,
  shiftId: z.uuid(),
  from: person,
  to: person,
  note: z.string(),
  openItems: z.array(z.string()),
  /** Signed by both: who goes writes it, who comes takes it over. */
  givenAt: instant,
  takenAt: instant.nullable(),
})
export const Post = z.object({
  id: z.uuid(),
  role: z.enum(roleCodes),
  holder: person,
  deputy: person,
  fromOn: day,
  toOn: day.nullable(),
})
export const PageState = z.enum(['RUNNING', 'ACKNOWLEDGED', 'EXHAUSTED', 'ENDED'])
export const DutyPage = z.object({
  id: z.uuid(),
  subjectType: z.string(),
  subjectId: z.uuid(),
  title: z.string(),
  state: PageState,
  startedAt: instant,
  nextAt: instant.nullable(),
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt: instant.nullable(),
  tries: z.array(z.object({ seq: z.int(), name: z.string(), place: z.string(), at: instant, mine: z.boolean() })),
})
export type DutyPage = z.output<typeof DutyPage>

const see = canAny(['duty.roster.manage', 'r'], ['duty.roster.manage', 'R'], ['duty.roster.manage', 'U'])
const manage = can('duty.roster.manage', 'U')
/** Whoever stands on a roster: they hold one of these. */
const officer = canAny(['duty.roster.manage', 'r'], ['duty.roster.manage', 'U'])
const span = { fromOn: day, toOn: day }
const twoPeople = { primaryId: z.uuid(), backupId: z.uuid() }

export const dutyApi = {
  now: endpoint({
    method: 'GET',
    path: '/duty/now',
    summary: '当前谁在值班',
    access: 'signed-in',
    input: z.object({ at: instant.optional() }),
    reply: z.object({ at: instant, lines: z.array(OnDuty) }),
  }),
  pagingOrder: endpoint({
    method: 'GET',
    path: '/duty/paging-order',
    summary: '呼叫次序：主班、备班、运维管理员、主管领导',
    access: see,
    input: z.object({ at: instant.optional() }),
    reply: z.object({ items: z.array(PagingStep) }),
  }),
  shifts: endpoint({
    method: 'GET',
    path: '/duty/shifts',
    summary: '排班日历：已发布的各班，最多 100 天',
    access: see,
    input: z.object({ ...span, line: DutyLine.optional(), mine: z.stringbool().default(false) }),
    reply: z.object({ items: z.array(Shift) }),
    problems: [commonProblems.invalid],
  }),
  officers: endpoint({
    method: 'GET',
    path: '/duty/officers',
    summary: '值班人员、线路与考核演练',
    access: see,
    input: z.object({}),
    reply: z.object({ items: z.array(Officer) }),
  }),
  saveOfficer: endpoint({
    method: 'PUT',
    path: '/duty/officers/:personId',
    summary: '登记值班人员的线路、考核与演练日期',
    access: manage,
    input: z.object({
      personId: z.uuid(),
      lines: z.array(DutyLine).max(3),
      passedOn: day.nullable(),
      drilledOn: day.nullable(),
    }),
    reply: nothing,
  }),
  rosters: endpoint({
    method: 'GET',
    path: '/duty/rosters',
    summary: '值班表，新的在前',
    access: see,
    input: pageInput.extend({ line: DutyLine.optional() }),
    reply: page(Roster),
  }),
  roster: endpoint({
    method: 'GET',
    path: '/duty/rosters/:rosterId',
    summary: '一张值班表：各班、空档与重叠',
    access: see,
    input: z.object({ rosterId: z.uuid() }),
    reply: RosterDetail,
  }),
  /** Makes a draft by rotation; the desk on working days only, the other lines on every day. */
  draft: endpoint({
    method: 'POST',
    path: '/duty/rosters',
    summary: '按轮换规则起草值班表',
    access: manage,
    input: z.object({
      line: DutyLine,
      ...span,
      /** In the order they take turns; each is backed up by the next. */
      personIds: z.array(z.uuid()).min(2).max(30),
      turn: RotationTurn,
      /** Times of day at which shifts of the lines that never close begin, e.g. 08:00 and 20:00. */
      changesAt: z
        .array(z.iso.time({ precision: -1 }))
        .min(1)
        .max(4)
        .default(['08:00', '20:00']),
    }),
    reply: RosterDetail,
    problems: [dutyProblems.periodTaken, dutyProblems.notQualified, dutyProblems.samePerson, commonProblems.invalid],
  }),
  saveShift: endpoint({
    method: 'PUT',
    path: '/duty/shifts/:shiftId',
    summary: '改草稿中的一班',
    access: manage,
    input: z.object({ shiftId: z.uuid(), startsAt: instant, endsAt: instant, ...twoPeople }),
    reply: RosterDetail,
    problems: [dutyProblems.published, dutyProblems.notQualified, dutyProblems.samePerson, commonProblems.invalid],
  }),
  removeShift: endpoint({
    method: 'DELETE',
    path: '/duty/shifts/:shiftId',
    summary: '从草稿中删除一班',
    access: manage,
    input: z.object({ shiftId: z.uuid() }),
    reply: RosterDetail,
    problems: [dutyProblems.published],
  }),
  publish: endpoint({
    method: 'POST',
    path: '/duty/rosters/:rosterId/publish',
    summary: '发布；有空档、重叠或人员不合格则拒绝',
    access: manage,
    input: z.object({ rosterId: z.uuid() }),
    reply: RosterDetail,
    problems: [dutyProblems.gaps, dutyProblems.notQualified, dutyProblems.busy, dutyProblems.published],
  }),
  discard: endpoint({
    method: 'DELETE',
    path: '/duty/rosters/:rosterId',
    summary: '删除草稿',
    access: manage,
    input: z.object({ rosterId: z.uuid() }),
    reply: nothing,
    problems: [dutyProblems.published],
  }),
  swaps: endpoint({
    method: 'GET',
    path: '/duty/swaps',
    summary: '换班申请，新的在前',
    access: see,
    input: z.object({}),
    reply: z.object({ items: z.array(Swap) }),
  }),
  askSwap: endpoint({
    method: 'POST',
    path: '/duty/shifts/:shiftId/swap',
    summary: '请另一人顶班，对方同意后生效',
    access: officer,
    input: z.object({ shiftId: z.uuid(), toId: z.uuid(), reason: text(300, 1) }),
    reply: Swap,
    problems: [dutyProblems.notYours, dutyProblems.notQualified, dutyProblems.busy, dutyProblems.samePerson, dutyProblems.shiftOver],
  }),
  answerSwap: endpoint({
    method: 'POST',
    path: '/duty/swaps/:swapId/answer',
    summary: '同意或拒绝换班；提出人可撤回',
    access: officer,
    input: z.object({ swapId: z.uuid(), answer: z.enum(['AGREED', 'REFUSED', 'WITHDRAWN']) }),
    reply: Swap,
    problems: [dutyProblems.notYours, dutyProblems.decided, dutyProblems.notQualified, dutyProblems.busy, dutyProblems.shiftOver],
  }),
  handOvers: endpoint({
    method: 'GET',
    path: '/duty/hand-overs',
    summary: '交接记录，新的在前',
    access: see,
    input: pageInput.extend({ line: DutyLine.optional() }),
    reply: page(HandOver),
  }),
  giveHandOver: endpoint({
    method: 'POST',
    path: '/duty/shifts/:shiftId/hand-over',
    summary: '交班人写交接并签字',
    access: officer,
    input: z.object({ shiftId: z.uuid(), toId: z.uuid(), note: text(2000, 1), openItems: z.array(text(300, 1)).max(50).default([]) }),
    reply: HandOver,
    problems: [dutyProblems.notYours, dutyProblems.samePerson],
  }),
  takeHandOver: endpoint({
    method: 'POST',
    path: '/duty/hand-overs/:handOverId/take',
    summary: '接班人签收',
    access: officer,
    input: z.object({ handOverId: z.uuid() }),
    reply: HandOver,
    problems: [dutyProblems.notYours, dutyProblems.signed],
  }),
  posts: endpoint({
    method: 'GET',
    path: '/duty/posts',
    summary: '岗位的在岗人与代岗人；没有代岗人的岗位列在缺口里',
    access: see,
    input: z.object({ on: day.optional() }),
    reply: z.object({ on: day, items: z.array(Post), missing: z.array(z.enum(roleCodes)) }),
  }),
  savePost: endpoint({
    method: 'POST',
    path: '/duty/posts',
    summary: '设岗：在岗人与代岗人，自某日起；此前的设岗到前一日为止',
    access: manage,
    input: z.object({ role: z.enum(roleCodes), holderId: z.uuid(), deputyId: z.uuid(), fromOn: day }),
    reply: nothing,
    problems: [dutyProblems.samePerson, dutyProblems.notYours],
  }),
  /** The address is shown once; a new one makes the old one void. */
  makeFeed: endpoint({
    method: 'POST',
    path: '/duty/feed',
    summary: '我的值班日历订阅地址（iCal）',
    access: officer,
    input: z.object({}),
    reply: z.object({ path: z.string() }),
  }),
  feed: endpoint({
    method: 'GET',
    path: '/duty/feed/:token',
    summary: '值班日历（iCal）；知道地址者可读',
    access: 'public',
    input: z.object({ token: z.string().max(100) }),
    reply: z.unknown(),
    kind: 'download',
  }),
  pages: endpoint({
    method: 'GET',
    path: '/duty/pages',
    summary: '呼叫记录：进行中的在前',
    access: see,
    input: z.object({ open: z.stringbool().default(false), subjectId: z.uuid().optional() }),
    reply: z.object({ items: z.array(DutyPage) }),
  }),
  acknowledgePage: endpoint({
    method: 'POST',
    path: '/duty/pages/:pageId/acknowledge',
    summary: '应答呼叫：我来处理，不再往下呼',
    access: canAny(['duty.roster.manage', 'r'], ['duty.roster.manage', 'U'], ['incident.severity.override', 'A']),
    input: z.object({ pageId: z.uuid() }),
    reply: DutyPage,
    problems: [dutyProblems.notYours],
  }),
}
