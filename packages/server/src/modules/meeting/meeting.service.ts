import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import {
  type Attendee,
  type Meeting,
  type MeetingGroup,
  type MeetingItem,
  type MeetingSummary,
  type meetingApi,
  meetingProblems,
  type NextPlan,
} from '@changbai/contract/meeting.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan, personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { loadBusinessClock } from '../calendar/index.ts'
import { bureauHolders, holdersOf, personNames } from '../identity/index.ts'
import { FOUR_GROUPS, gapsOf, groupsPresent, mondayOf, spanOfWeek, weekOf } from './meeting.domain.ts'
import { tellMeeting } from './meeting.notices.ts'
import * as store from './meeting.store.ts'

type Api = typeof meetingApi
type Row = store.MeetingRow

/** Who comes for each group, by role; the customer's manager and leader beside the four. */
const GROUP_ROLES = {
  OPERATION: ['OPERATION_MANAGER'],
  MAINTENANCE: ['MAINTENANCE_MANAGER', 'MAINTENANCE_ENGINEER'],
  APPLICATION: ['APP_PROJECT_MANAGER'],
  CONSTRUCTION: ['BUILD_PROJECT_MANAGER'],
  CUSTOMER: ['CUSTOMER_OM_MANAGER', 'CUSTOMER_LEADER'],
} as const satisfies Record<MeetingGroup, readonly string[]>
const GROUPS = [...FOUR_GROUPS, 'CUSTOMER'] as const
/** Project managers of forty bureaus do not all sit in one room. */
const INVITED_MAX = 20

const groupOf = (ctx: Ctx): MeetingGroup | undefined =>
  GROUPS.find((group) => GROUP_ROLES[group].some((role) => ctx.actor.grants.some((grant) => grant.role === role)))
const minutesOf = (row: Row) => ({
  heldAt: row.held_at,
  attendees: row.attendees,
  majorEvents: row.major_events,
  noneDeclared: row.none_declared,
  nextPlans: row.next_plans,
})
const isBefore = (a: Temporal.Instant, b: Temporal.Instant): boolean => Temporal.Instant.compare(a, b) < 0

const toItem = (ctx: Ctx, row: store.ItemRow): MeetingItem => ({
  id: row.id,
  kind: row.kind,
  week: row.week,
  meetingId: row.meeting_id,
  text: row.text,
  ownerId: row.owner_id,
  ownerName: row.owner_name,
  dueOn: row.due_on.toString(),
  doneAt: row.done_at?.toString() ?? null,
  doneNote: row.done_note,
  overdue: row.done_at === null && Temporal.PlainDate.compare(row.due_on, shanghaiDay(ctx.now)) < 0,
  mine: row.owner_id === ctx.actor.personId,
})
const toSummary = (ctx: Ctx, row: Row, openItems: number): MeetingSummary => ({
  id: row.id,
  number: row.number,
  week: row.week,
  status: row.status,
  heldAt: row.held_at?.toString() ?? null,
  place: row.place,
  groups: groupsPresent(row.attendees),
  archiveDueAt: row.archive_due_at?.toString() ?? null,
  archivedAt: row.archived_at?.toString() ?? null,
  late: row.archive_due_at !== null && isBefore(row.archive_due_at, row.archived_at ?? ctx.now),
  openItems,
})

export async function toMeeting(ctx: Ctx, row: Row): Promise<Meeting> {
  const items = await store.itemsOf(ctx.db, row.id)
  const acks = await store.acksOf(ctx.db, [row.id])
  const leads = actorCan(ctx.actor, 'meeting.minutes', 'C')
  const may: Meeting['may'] = []
  if (leads && row.status !== 'ARCHIVED') may.push('WRITE')
  if (leads && row.status === 'PREPARED') may.push('HOLD')
  if (leads && row.status === 'HELD') may.push('ARCHIVE')
  if (row.status !== 'ARCHIVED' && actorCan(ctx.actor, 'meeting.minutes', 'A')) may.push('COMMENT')
  if (row.status === 'ARCHIVED' && groupOf(ctx) && !acks.some((one) => one.person_id === ctx.actor.personId)) may.push('ACK')
  return {
    ...toSummary(ctx, row, items.filter((one) => one.done_at === null).length),
    rev: row.rev,
    hostName: row.host_name,
    attendees: row.attendees,
    majorEvents: row.major_events,
    noneDeclared: row.none_declared,
    nextPlans: row.next_plans,
    items: items.map((one) => toItem(ctx, one)),
    carried: (await store.carriedInto(ctx.db, row.week, row.prepared_at)).map((one) => toItem(ctx, one)),
    customerComment: row.customer_comment,
    acks: acks.map((one) => ({ personId: one.person_id, name: one.name, group: one.group, at: one.at.toString() })),
    gaps: gapsOf(minutesOf(row)),
    may,
  }
}

const reach = async (ctx: Ctx, id: string): Promise<Row> => (await store.lockMeeting(ctx.db, id)) ?? fail(commonProblems.notFound, { id })
const stillOpen = async (ctx: Ctx, id: string): Promise<Row> => {
  const row = await reach(ctx, id)
  return row.status === 'ARCHIVED' ? fail(meetingProblems.archived, {}) : row
}

export async function listMeetingPage(ctx: Ctx, { after, limit }: Input<Api['list']>): Promise<Reply<Api['list']>> {
  const cursor = readCursor(after)
  const rows = await store.listMeetings(ctx.db, { after: cursor && { week: cursor[0], id: cursor[1] }, limit: limit + 1 })
  const { items, next } = pageOf(rows, limit, (row) => [row.week, row.id])
  const open = await store.openCounts(
    ctx.db,
    items.map(({ id }) => id),
  )
  const thisWeek = weekOf(shanghaiDay(ctx.now))
  const prepared = (await store.meetingOfWeek(ctx.db, thisWeek)) !== undefined
  return { items: items.map((row) => toSummary(ctx, row, open.get(row.id) ?? 0)), next, thisWeek, prepared }
}

export async function listItemPage(ctx: Ctx, { after, limit, open, mine }: Input<Api['items']>): Promise<Reply<Api['items']>> {
  const cursor = readCursor(after)
  const rows = await store.listItems(ctx.db, {
    open,
    ownerId: mine ? personOf(ctx.actor) : undefined,
    after: cursor && { dueOn: cursor[0], id: cursor[1] },
    limit: limit + 1,
  })
  const { items, next } = pageOf(rows, limit, (row) => [row.due_on.toString(), row.id])
  return { items: items.map((row) => toItem(ctx, row)), next }
}

export async function getMeeting(ctx: Ctx, { meetingId }: Input<Api['get']>): Promise<Meeting> {
  const row = (await store.findMeeting(ctx.db, meetingId)) ?? fail(commonProblems.notFound, { meetingId })
  return toMeeting(ctx, row)
}

async function invitees(ctx: Ctx): Promise<Attendee[]> {
  const found: Attendee[] = []
  for (const group of GROUPS) {
    const ids = []
    for (const role of GROUP_ROLES[group]) {
      ids.push(...(await holdersOf(ctx, role)))
      // project managers hold their role for a bureau, not everywhere
      if (group === 'APPLICATION') ids.push(...(await bureauHolders(ctx, role, ctx.now)).map(({ personId }) => personId))
    }
    const names = await personNames(ctx, [...new Set(ids)])
    for (const [personId, name] of [...names].slice(0, INVITED_MAX)) {
      if (!found.some((one) => one.personId === personId)) found.push({ group, personId, name, present: false, leaveReason: '' })
    }
  }
  return found
}

const REASONS: Record<string, string> = { UPGRADE: '升级', UPDATE: '更新', MAINTENANCE: '维护' }
/** Prepares a week's meeting: what happened since the last one, what is planned, who comes. @clause 5.6-2 */
export async function prepareMeeting(ctx: Ctx, input: Input<Api['prepare']>): Promise<Reply<Api['prepare']>> {
  const thisWeek = weekOf(shanghaiDay(ctx.now))
  const week = input.week ?? thisWeek
  if (week > thisWeek) fail(meetingProblems.future, { week })
  const monday = mondayOf(week)
  const before = spanOfWeek(weekOf(monday.subtract({ weeks: 1 })))
  const own = spanOfWeek(week)
  const next = spanOfWeek(weekOf(monday.add({ weeks: 1 })))
  const incidents = await store.incidentsFor(ctx.db, before.from, own.from)
  const downtimes = await store.downtimesFor(ctx.db, own.from, next.to)
  const host = { id: personOf(ctx.actor), name: ctx.actor.name }
  const plans: NextPlan[] = downtimes.map((one) => ({
    text: `计划停机（${REASONS[one.reason] ?? one.reason}）：${one.impact}`.slice(0, 500),
    ownerId: one.proposed_by_person_id ?? host.id,
    ownerName: one.proposed_by,
    dueOn: shanghaiDay(one.planned_from).toString(),
  }))
  const row = await store.insertMeeting(ctx.db, {
    id: newId(),
    number: await nextNumber(ctx.db, 'LH', shanghaiDay(ctx.now)),
    week,
    status: 'PREPARED',
    held_at: null,
    host_id: host.id,
    host_name: host.name,
    attendees: JSON.stringify(await invitees(ctx)),
    major_events: JSON.stringify(
      incidents.map((one) => ({
        incidentId: one.id,
        number: one.number,
        text: `${one.severity} 级：${one.title}`.slice(0, 500),
        status: one.closed_at ? '已关闭' : '处理中',
      })),
    ),
    next_plans: JSON.stringify(plans),
    archive_due_at: null,
    archived_at: null,
    prepared_at: ctx.now,
  })
  if (!row) fail(meetingProblems.exists, { week })
  await ctx.record({
    kind: 'meeting.prepared',
    subject: { type: 'meeting', id: row.id },
    data: { week, events: incidents.length, plans: plans.length },
  })
  await tellMeeting(
    ctx,
    'meeting.prepared',
    row,
    row.attendees.map(({ personId }) => personId),
  )
  return toMeeting(ctx, row)
}

export async function saveMeeting(ctx: Ctx, input: Input<Api['save']>): Promise<Reply<Api['save']>> {
  const row = await stillOpen(ctx, input.meetingId)
  if (row.rev !== input.rev) fail(commonProblems.stale, { rev: row.rev })
  const { place, attendees, majorEvents, noneDeclared, nextPlans } = input
  const saved = await store.updateMeeting(ctx.db, row.id, {
    place,
    attendees: JSON.stringify(attendees),
    major_events: JSON.stringify(majorEvents),
    none_declared: noneDeclared,
    next_plans: JSON.stringify(nextPlans),
  })
  await ctx.record({
    kind: 'meeting.saved',
    subject: { type: 'meeting', id: row.id },
    before: minutesOf(row),
    after: { attendees, majorEvents, noneDeclared, nextPlans },
  })
  return toMeeting(ctx, saved)
}

/** Records that it was held; the minutes are due from then. @clause 5.6-1 5.6-3 */
export async function holdMeeting(ctx: Ctx, { meetingId, heldAt, place }: Input<Api['hold']>): Promise<Reply<Api['hold']>> {
  const row = await reach(ctx, meetingId)
  if (row.status !== 'PREPARED') fail(meetingProblems.wrongStep, { status: row.status })
  const at = Temporal.Instant.from(heldAt)
  const span = spanOfWeek(row.week)
  if (isBefore(ctx.now, at) || isBefore(at, span.from) || !isBefore(at, span.to)) fail(meetingProblems.future, { week: row.week })
  const due = (await loadBusinessClock(ctx)).addTime(at, ctx.plan.duration('report.minutes'))
  const held = await store.updateMeeting(ctx.db, row.id, { status: 'HELD', held_at: at, place, archive_due_at: due })
  await ctx.record({
    kind: 'meeting.held',
    subject: { type: 'meeting', id: row.id },
    data: { heldAt, place, archiveDueAt: due.toString() },
  })
  return toMeeting(ctx, held)
}

export async function addMeetingItem(ctx: Ctx, input: Input<Api['addItem']>): Promise<Reply<Api['addItem']>> {
  const { meetingId, kind, text, ownerId, dueOn } = input
  const row = await stillOpen(ctx, meetingId)
  const ownerName = (await personNames(ctx, [ownerId])).get(ownerId) ?? fail(commonProblems.notFound, { ownerId })
  const id = newId()
  await store.insertItem(ctx.db, {
    id,
    meeting_id: row.id,
    week: row.week,
    kind,
    text,
    owner_id: ownerId,
    owner_name: ownerName,
    due_on: Temporal.PlainDate.from(dueOn),
    done_at: null,
  })
  await ctx.record({
    kind: 'meeting.item-added',
    subject: { type: 'meeting', id: row.id },
    data: { itemId: id, kind, text, ownerId, dueOn },
  })
  await tellMeeting(ctx, 'meeting.item', row, [ownerId], { text, dueOn })
  return toMeeting(ctx, row)
}

/** By its owner; whoever leads the meetings may do it for them. */
export async function finishMeetingItem(ctx: Ctx, { itemId, note }: Input<Api['finishItem']>): Promise<Reply<Api['finishItem']>> {
  const item = (await store.lockItem(ctx.db, itemId)) ?? fail(commonProblems.notFound, { itemId })
  if (item.owner_id !== ctx.actor.personId && !actorCan(ctx.actor, 'meeting.minutes', 'C'))
    fail(meetingProblems.notOwner, { name: item.owner_name })
  if (item.done_at) fail(meetingProblems.itemDone, {})
  const done = await store.finishItem(ctx.db, itemId, ctx.now, note)
  await ctx.record({ kind: 'meeting.item-done', subject: { type: 'meeting', id: item.meeting_id }, data: { itemId, note } })
  return toItem(ctx, done)
}

export async function commentMeeting(ctx: Ctx, { meetingId, comment }: Input<Api['comment']>): Promise<Reply<Api['comment']>> {
  const row = await stillOpen(ctx, meetingId)
  const saved = await store.updateMeeting(ctx.db, row.id, { customer_comment: comment })
  await ctx.record({
    kind: 'meeting.commented',
    subject: { type: 'meeting', id: row.id },
    before: { comment: row.customer_comment },
    after: { comment },
  })
  return toMeeting(ctx, saved)
}

/** Files the minutes; from then on they stay as they are. @clause 5.6-3 */
export async function archiveMeeting(ctx: Ctx, { meetingId }: Input<Api['archive']>): Promise<Reply<Api['archive']>> {
  const row = await reach(ctx, meetingId)
  if (row.status !== 'HELD') fail(meetingProblems.wrongStep, { status: row.status })
  const gaps = gapsOf(minutesOf(row))
  if (gaps.length > 0) fail(meetingProblems.incomplete, { gaps })
  const filed = await store.updateMeeting(ctx.db, row.id, { status: 'ARCHIVED', archived_at: ctx.now })
  await ctx.record({
    kind: 'meeting.archived',
    subject: { type: 'meeting', id: row.id },
    after: { week: row.week, ...minutesOf(row), heldAt: row.held_at?.toString() },
  })
  await tellMeeting(
    ctx,
    'meeting.archived',
    filed,
    filed.attendees.map(({ personId }) => personId),
  )
  return toMeeting(ctx, filed)
}

export async function ackMeeting(ctx: Ctx, { meetingId }: Input<Api['ack']>): Promise<Reply<Api['ack']>> {
  const row = await reach(ctx, meetingId)
  const group = groupOf(ctx)
  if (row.status !== 'ARCHIVED' || !group) fail(meetingProblems.wrongStep, { status: row.status })
  await store.insertAck(ctx.db, { meeting_id: row.id, person_id: personOf(ctx.actor), name: ctx.actor.name, group, at: ctx.now })
  await ctx.record({ kind: 'meeting.acknowledged', subject: { type: 'meeting', id: row.id }, data: { group } })
  return toMeeting(ctx, row)
}
