import type { DeliveryState, NoticeChannel, NoticeTopic, NoticeUrgency } from '@changbai/contract/notification.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import type { Db, NewRow, Row } from '../../platform/db.ts'

declare module '../../platform/db.ts' {
  interface Tables {
    notice: NoticeTable
    notice_recipient: NoticeRecipientTable
    notice_delivery: NoticeDeliveryTable
  }
}
type State = z.output<typeof DeliveryState>

interface NoticeTable {
  id: string
  event: string
  topic: NoticeTopic
  urgency: NoticeUrgency
  title_zh: string
  body_zh: string
  title_en: string
  body_en: string
  link: string | null
  tenant_id: string | null
  needs_ack: boolean
  dedup_key: string | null
  created_at: Temporal.Instant
}
interface NoticeRecipientTable {
  id: string
  notice_id: string
  person_id: string
  read_at: Temporal.Instant | null
  ack_at: Temporal.Instant | null
  created_at: Temporal.Instant
}
interface NoticeDeliveryTable {
  id: string
  notice_id: string
  channel: NoticeChannel
  person_id: string | null
  channel_id: string | null
  locale: 'zh-CN' | 'en-US'
  address_sealed: string | null
  address_masked: string | null
  /** A link that is itself a secret; opened to be sent, gone once sent. */
  link_sealed: string | null
  state: State
  attempts: number
  created_at: Temporal.Instant
  sent_at: Temporal.Instant | null
  delivered_at: Temporal.Instant | null
  last_error: string | null
  /** The other side's own id of the message. */
  sent_reference: string | null
}

export type NoticeRow = Row<'notice'>
export type InboxRow = NoticeRow & Pick<Row<'notice_recipient'>, 'read_at' | 'ack_at'> & { recipient_id: string }
export type DeliveryRow = Row<'notice_delivery'>

/** @returns whether it is new: the same matter is told once */
export async function insertNotice(db: Db, row: NewRow<'notice'>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('notice')
    .values(row)
    .onConflict((conflict) => conflict.column('dedup_key').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export const insertRecipients = (db: Db, rows: readonly NewRow<'notice_recipient'>[]) =>
  db
    .insertInto('notice_recipient')
    .values([...rows])
    .execute()

export const insertDeliveries = (db: Db, rows: readonly NewRow<'notice_delivery'>[]) =>
  db
    .insertInto('notice_delivery')
    .values([...rows])
    .execute()

export interface InboxFilter {
  unread: boolean
  unacknowledged: boolean
  topic?: NoticeTopic | undefined
}

const inboxOf = (db: Db, personId: string) =>
  db
    .selectFrom('notice_recipient')
    .innerJoin('notice', 'notice.id', 'notice_recipient.notice_id')
    .selectAll('notice')
    .select(['notice_recipient.read_at', 'notice_recipient.ack_at', 'notice_recipient.id as recipient_id'])
    .where('notice_recipient.person_id', '=', personId)

/** One person's notices, newest first. Served by notice_recipient_inbox. */
export function listInbox(db: Db, personId: string, filter: InboxFilter, belowId: string | undefined, limit: number): Promise<InboxRow[]> {
  let query = inboxOf(db, personId)
  if (filter.unread) query = query.where('notice_recipient.read_at', 'is', null)
  if (filter.unacknowledged) query = query.where('notice.needs_ack', '=', true).where('notice_recipient.ack_at', 'is', null)
  if (filter.topic) query = query.where('notice.topic', '=', filter.topic)
  if (belowId) query = query.where('notice_recipient.id', '<', belowId)
  return query.orderBy('notice_recipient.id', 'desc').limit(limit).execute()
}

export const findInboxNotice = (db: Db, personId: string, noticeId: string): Promise<InboxRow | undefined> =>
  inboxOf(db, personId).where('notice.id', '=', noticeId).executeTakeFirst()

export async function countUnread(db: Db, personId: string): Promise<{ unread: number; unacknowledged: number }> {
  const { rows } = await sql<{ unread: number; unacknowledged: number }>`
    select count(*) filter (where r.read_at is null) as unread, count(*) filter (where n.needs_ack and r.ack_at is null) as unacknowledged
    from notice_recipient r join notice n on n.id = r.notice_id
    where r.person_id = ${personId} and (r.read_at is null or (n.needs_ack and r.ack_at is null))`.execute(db)
  return rows[0] ?? { unread: 0, unacknowledged: 0 }
}

/** Marks some notices, or all there are, as read. */
export async function markRead(db: Db, personId: string, noticeIds: readonly string[] | undefined, now: Temporal.Instant): Promise<void> {
  let query = db.updateTable('notice_recipient').set({ read_at: now }).where('person_id', '=', personId).where('read_at', 'is', null)
  if (noticeIds) query = query.where('notice_id', 'in', [...noticeIds, '00000000-0000-0000-0000-000000000000'])
  await query.execute()
}

export async function markAcknowledged(db: Db, personId: string, noticeId: string, now: Temporal.Instant): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('notice_recipient')
    .set((eb) => ({ ack_at: now, read_at: eb.fn.coalesce('read_at', sql<Temporal.Instant>`${now}::timestamptz`) }))
    .where('person_id', '=', personId)
    .where('notice_id', '=', noticeId)
    .where('ack_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** A notice for those of these people who are told it. */
export const recipientsAmong = (db: Db, noticeId: string, personIds: readonly string[]) =>
  db
    .selectFrom('notice_recipient')
    .innerJoin('notice', 'notice.id', 'notice_recipient.notice_id')
    .selectAll('notice')
    .select(['notice_recipient.person_id', 'notice_recipient.read_at', 'notice_recipient.ack_at', 'notice_recipient.id as recipient_id'])
    .where('notice_id', '=', noticeId)
    .where('person_id', 'in', [...personIds])
    .execute()

/** A delivery with its notice, locked, so that two workers never send it together. */
export const lockDelivery = (db: Db, id: string) =>
  db
    .selectFrom('notice_delivery')
    .innerJoin('notice', 'notice.id', 'notice_delivery.notice_id')
    .selectAll('notice_delivery')
    .select([
      'notice.title_zh',
      'notice.body_zh',
      'notice.title_en',
      'notice.body_en',
      'notice.link',
      'notice.urgency',
      'notice.event',
      'notice.dedup_key',
    ])
    .where('notice_delivery.id', '=', id)
    .forUpdate('notice_delivery')
    .executeTakeFirst()

/** Every way to its people has failed at least once and none has worked: to be asked after a failure. */
export async function isUnreached(db: Db, noticeId: string): Promise<boolean> {
  const works = await db
    .selectFrom('notice_delivery')
    .select('id')
    .where('notice_id', '=', noticeId)
    .where('person_id', 'is not', null)
    .where((eb) => eb.or([eb('state', 'in', ['SENT', 'DELIVERED']), eb.and([eb('state', '=', 'PENDING'), eb('last_error', 'is', null)])]))
    .limit(1)
    .executeTakeFirst()
  return works === undefined
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** A delivery by our id of it, or by the gateway's, locked. Served by the primary key and notice_delivery_reference. */
export const lockSent = (db: Db, channel: NoticeChannel, id: string): Promise<DeliveryRow | undefined> =>
  db
    .selectFrom('notice_delivery')
    .selectAll()
    .where('channel', '=', channel)
    .where((eb) => eb.or([eb('sent_reference', '=', id), ...(UUID.test(id) ? [eb('id', '=', id)] : [])]))
    .limit(1)
    .forUpdate()
    .executeTakeFirst()

export const updateDelivery = (
  db: Db,
  id: string,
  change: Partial<Pick<DeliveryRow, 'state' | 'attempts' | 'sent_at' | 'delivered_at' | 'last_error' | 'sent_reference' | 'link_sealed'>>,
) => db.updateTable('notice_delivery').set(change).where('id', '=', id).execute()

export interface DeliveryFilter {
  channel?: NoticeChannel | undefined
  state?: State | undefined
  personId?: string | undefined
  event?: string | undefined
}

/** Deliveries, newest first, with the acknowledgement of the one who was told. */
export function listDeliveries(db: Db, filter: DeliveryFilter, belowId: string | undefined, limit: number) {
  let query = db
    .selectFrom('notice_delivery')
    .innerJoin('notice', 'notice.id', 'notice_delivery.notice_id')
    .leftJoin('notice_recipient', (join) =>
      join
        .onRef('notice_recipient.notice_id', '=', 'notice_delivery.notice_id')
        .onRef('notice_recipient.person_id', '=', 'notice_delivery.person_id'),
    )
    .selectAll('notice_delivery')
    .select(['notice.event', 'notice_recipient.ack_at'])
  if (filter.channel) query = query.where('notice_delivery.channel', '=', filter.channel)
  if (filter.state) query = query.where('notice_delivery.state', '=', filter.state)
  if (filter.personId) query = query.where('notice_delivery.person_id', '=', filter.personId)
  if (filter.event) query = query.where('notice.event', '=', filter.event)
  if (belowId) query = query.where('notice_delivery.id', '<', belowId)
  return query.orderBy('notice_delivery.id', 'desc').limit(limit).execute()
}

/** Pending ones count only after a first try failed: what was just written is on its way. */
export async function countUndelivered(db: Db, since: Temporal.Instant): Promise<{ count: number; oldestAt: Temporal.Instant | null }> {
  const row = await db
    .selectFrom('notice_delivery')
    .select(({ fn }) => [fn.countAll<number>().as('count'), fn.min('created_at').filterWhere('state', '=', 'PENDING').as('oldestAt')])
    .where((eb) => eb.or([eb('state', '=', 'FAILED'), eb.and([eb('state', '=', 'PENDING'), eb('last_error', 'is not', null)])]))
    .where('created_at', '>=', since)
    .executeTakeFirstOrThrow()
  return { count: Number(row.count), oldestAt: row.oldestAt }
}
