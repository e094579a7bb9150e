import type { Attendee, MajorEvent, MeetingGroup, MeetingStatus, NextPlan } from '@changbai/contract/meeting.ts'
import { type ColumnType, type Generated, sql } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'

/** Read parsed, written as text. */
type Json<T> = ColumnType<T, string, string>

interface MeetingTable {
  id: string
  number: string
  week: string
  rev: Generated<number>
  status: MeetingStatus
  held_at: Temporal.Instant | null
  place: Generated<string>
  host_id: string
  host_name: string
  attendees: Json<Attendee[]>
  major_events: Json<MajorEvent[]>
  none_declared: Generated<boolean>
  next_plans: Json<NextPlan[]>
  customer_comment: Generated<string>
  archive_due_at: Temporal.Instant | null
  archived_at: Temporal.Instant | null
  prepared_at: Temporal.Instant
}
interface ItemTable {
  id: string
  meeting_id: string
  week: string
  kind: 'DECISION' | 'FOLLOW_UP'
  text: string
  owner_id: string
  owner_name: string
  due_on: Temporal.PlainDate
  done_at: Temporal.Instant | null
  done_note: Generated<string>
}
declare module '../../platform/db.ts' {
  interface Tables {
    meeting: MeetingTable
    meeting_item: ItemTable
    meeting_ack: { meeting_id: string; person_id: string; name: string; group: MeetingGroup; at: Temporal.Instant }
    meeting_incident: {
      id: string
      number: string
      title: string
      severity: string
      status: string
      clock_start_at: Temporal.Instant
      closed_at: Temporal.Instant | null
    }
    meeting_downtime: {
      id: string
      reason: string
      impact: string
      planned_from: Temporal.Instant
      planned_to: Temporal.Instant
      proposed_by: string
      proposed_by_person_id: string | null
    }
  }
}
export type MeetingRow = Row<'meeting'>
export type ItemRow = Row<'meeting_item'>

export const findMeeting = (db: Db, id: string): Promise<MeetingRow | undefined> =>
  db.selectFrom('meeting').selectAll().where('id', '=', id).executeTakeFirst()
export const lockMeeting = (db: Db, id: string): Promise<MeetingRow | undefined> =>
  db.selectFrom('meeting').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const meetingOfWeek = (db: Db, week: string): Promise<MeetingRow | undefined> =>
  db.selectFrom('meeting').selectAll().where('week', '=', week).executeTakeFirst()
/** Prepared twice at once it is one meeting: the second gets nothing. */
export const insertMeeting = (db: Db, row: NewRow<'meeting'>): Promise<MeetingRow | undefined> =>
  db
    .insertInto('meeting')
    .values(row)
    .onConflict((conflict) => conflict.column('week').doNothing())
    .returningAll()
    .executeTakeFirst()
export const updateMeeting = (db: Db, id: string, change: RowChange<'meeting'>): Promise<MeetingRow> =>
  db
    .updateTable('meeting')
    .set({ ...change, rev: sql`rev + 1` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
/** Newest week first. Served by index meeting_week. */
export function listMeetings(db: Db, filter: { after?: { week: string; id: string } | undefined; limit: number }): Promise<MeetingRow[]> {
  let query = db.selectFrom('meeting').selectAll()
  const { after } = filter
  if (after) query = query.where(sql<boolean>`(week, id) < (${after.week}, ${after.id}::uuid)`)
  return query.orderBy('week', 'desc').orderBy('id', 'desc').limit(filter.limit).execute()
}
/** For clause meters and reports. Served by index meeting_held. */
export const meetingsHeld = (db: Db, from: Temporal.Instant, to: Temporal.Instant): Promise<MeetingRow[]> =>
  db.selectFrom('meeting').selectAll().where('held_at', '>=', from).where('held_at', '<', to).orderBy('held_at').execute()
export const meetingsDue = (db: Db, from: Temporal.Instant, to: Temporal.Instant): Promise<MeetingRow[]> =>
  db
    .selectFrom('meeting')
    .selectAll()
    .where('archive_due_at', '>', from)
    .where('archive_due_at', '<=', to)
    .orderBy('archive_due_at')
    .execute()
export const anyMeetingBefore = async (db: Db, before: Temporal.Instant): Promise<boolean> =>
  (await db.selectFrom('meeting').select('id').where('held_at', '<', before).limit(1).executeTakeFirst()) !== undefined

export const itemsOf = (db: Db, meetingId: string): Promise<ItemRow[]> =>
  db.selectFrom('meeting_item').selectAll().where('meeting_id', '=', meetingId).orderBy('id').execute()
/** Of earlier weeks, open or finished since; at most 200. */
export const carriedInto = (db: Db, week: string, since: Temporal.Instant): Promise<ItemRow[]> =>
  db
    .selectFrom('meeting_item')
    .selectAll()
    .where('week', '<', week)
    .where((eb) => eb.or([eb('done_at', 'is', null), eb('done_at', '>=', since)]))
    .orderBy('due_on')
    .orderBy('id')
    .limit(200)
    .execute()
export const openCounts = async (db: Db, meetingIds: readonly string[]): Promise<Map<string, number>> =>
  meetingIds.length === 0
    ? new Map()
    : new Map(
        (
          await db
            .selectFrom('meeting_item')
            .select(['meeting_id', (eb) => eb.fn.countAll<number>().as('n')])
            .where('meeting_id', 'in', meetingIds)
            .where('done_at', 'is', null)
            .groupBy('meeting_id')
            .execute()
        ).map(({ meeting_id, n }) => [meeting_id, n]),
      )
/** Due soonest first. Served by index meeting_item_due. */
export function listItems(
  db: Db,
  filter: { open?: boolean | undefined; ownerId?: string | undefined; after?: { dueOn: string; id: string } | undefined; limit: number },
): Promise<ItemRow[]> {
  let query = db.selectFrom('meeting_item').selectAll()
  if (filter.open !== undefined) query = query.where('done_at', filter.open ? 'is' : 'is not', null)
  if (filter.ownerId !== undefined) query = query.where('owner_id', '=', filter.ownerId)
  const { after } = filter
  if (after) query = query.where(sql<boolean>`(due_on, id) > (${after.dueOn}::date, ${after.id}::uuid)`)
  return query.orderBy('due_on').orderBy('id').limit(filter.limit).execute()
}
export const insertItem = async (db: Db, row: NewRow<'meeting_item'>): Promise<void> =>
  void (await db.insertInto('meeting_item').values(row).execute())
export const lockItem = (db: Db, id: string): Promise<ItemRow | undefined> =>
  db.selectFrom('meeting_item').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const finishItem = (db: Db, id: string, at: Temporal.Instant, note: string): Promise<ItemRow> =>
  db.updateTable('meeting_item').set({ done_at: at, done_note: note }).where('id', '=', id).returningAll().executeTakeFirstOrThrow()

export const acksOf = (db: Db, meetingIds: readonly string[]): Promise<Row<'meeting_ack'>[]> =>
  meetingIds.length === 0
    ? Promise.resolve([])
    : db.selectFrom('meeting_ack').selectAll().where('meeting_id', 'in', meetingIds).orderBy('at').execute()
export const insertAck = async (db: Db, row: NewRow<'meeting_ack'>): Promise<void> =>
  void (await db
    .insertInto('meeting_ack')
    .values(row)
    .onConflict((conflict) => conflict.columns(['meeting_id', 'person_id']).doNothing())
    .execute())

/** Major ones that began in the span, and whatever is still open; gravest first, at most 50. */
export const incidentsFor = (db: Db, from: Temporal.Instant, to: Temporal.Instant): Promise<Row<'meeting_incident'>[]> =>
  db
    .selectFrom('meeting_incident')
    .selectAll()
    .where('clock_start_at', '<', to)
    .where((eb) => eb.or([eb.and([eb('clock_start_at', '>=', from), eb('severity', 'in', ['I', 'II'])]), eb('closed_at', 'is', null)]))
    .orderBy('severity')
    .orderBy('clock_start_at')
    .limit(50)
    .execute()
/** Planned downtimes that begin in the span. */
export const downtimesFor = (db: Db, from: Temporal.Instant, to: Temporal.Instant): Promise<Row<'meeting_downtime'>[]> =>
  db
    .selectFrom('meeting_downtime')
    .selectAll()
    .where('planned_from', '>=', from)
    .where('planned_from', '<', to)
    .orderBy('planned_from')
    .limit(50)
    .execute()
