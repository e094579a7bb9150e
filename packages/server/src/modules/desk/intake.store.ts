import type { MailboxSettings, MailKind, MailState } from '@changbai/contract/desk-intake.ts'
import { type ColumnType, sql } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'

interface IntakeTable {
  id: string
  kind: 'TELEPHONE' | 'MAILBOX'
  name: string
  state: 'PENDING' | 'ACTIVE' | 'RETIRED'
  token_sha256: string | null
  settings: ColumnType<MailboxSettings | null, string | null, string | null>
  secret_sealed: string | null
  proposed_by: string
  proposed_by_name: string
  proposed_at: Temporal.Instant
  decided_by_name: string | null
  decided_at: Temporal.Instant | null
  uid_validity: string | null
  last_uid: ColumnType<number, number | undefined, number>
  last_ok_at: Temporal.Instant | null
  last_error: string | null
}
interface RingTable {
  id: string
  intake_id: string
  call_key: string
  line: 'DESK' | 'MOBILE'
  phone: string
  /** Empty since numbers are sealed. */
  phone_digits: string
  rang_at: Temporal.Instant
  answered_at: Temporal.Instant | null
  agent: string
  ended_at: Temporal.Instant | null
  recording: string
  call_id: string | null
}
interface MailTable {
  id: string
  intake_id: string
  uid: number
  message_key: string
  thread_id: string
  kind: MailKind
  state: MailState
  from_address: string
  from_name: string
  person_id: string | null
  tenant_id: string | null
  subject: string
  body: string
  size_bytes: number
  sent_at: Temporal.Instant | null
  received_at: Temporal.Instant
  file_ids: string[]
  refused: string[]
  incident_id: string | null
  service_request_id: string | null
  linked_no: string | null
  answer: string
  decided_by: string | null
  decided_at: Temporal.Instant | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    desk_intake: IntakeTable
    desk_ring: RingTable
    desk_mail: MailTable
  }
}
export type IntakeRow = Row<'desk_intake'>
export type RingRow = Row<'desk_ring'>
export type MailRow = Row<'desk_mail'>

export const insertIntake = async (db: Db, row: NewRow<'desk_intake'>): Promise<void> => {
  await db.insertInto('desk_intake').values(row).execute()
}
export const allIntakes = (db: Db): Promise<IntakeRow[]> =>
  db.selectFrom('desk_intake').selectAll().orderBy('proposed_at', 'desc').limit(100).execute()
export const lockIntake = (db: Db, id: string): Promise<IntakeRow | undefined> =>
  db.selectFrom('desk_intake').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const updateIntake = (db: Db, id: string, change: RowChange<'desk_intake'>): Promise<IntakeRow> =>
  db.updateTable('desk_intake').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
export const intakeByToken = (db: Db, tokenSha256: string): Promise<IntakeRow | undefined> =>
  db.selectFrom('desk_intake').selectAll().where('token_sha256', '=', tokenSha256).executeTakeFirst()
export const activeMailboxes = (db: Db): Promise<IntakeRow[]> =>
  db.selectFrom('desk_intake').selectAll().where('kind', '=', 'MAILBOX').where('state', '=', 'ACTIVE').orderBy('proposed_at').execute()

/** The row of a call, made if it is new; locked, so that two messages about one call come one after the other. */
export async function lockRing(db: Db, row: NewRow<'desk_ring'>): Promise<{ row: RingRow; isNew: boolean }> {
  const made = await db
    .insertInto('desk_ring')
    .values(row)
    .onConflict((conflict) => conflict.columns(['intake_id', 'call_key']).doNothing())
    .executeTakeFirst()
  const kept = await db
    .selectFrom('desk_ring')
    .selectAll()
    .where('intake_id', '=', row.intake_id)
    .where('call_key', '=', row.call_key)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return { row: kept, isNew: made.numInsertedOrUpdatedRows === 1n }
}
export const updateRing = (db: Db, id: string, change: RowChange<'desk_ring'>) =>
  db.updateTable('desk_ring').set(change).where('id', '=', id).execute()
/** @returns whether the ring was there and not written down yet */
export const linkRing = async (db: Db, id: string, callId: string): Promise<boolean> =>
  (await db.updateTable('desk_ring').set({ call_id: callId }).where('id', '=', id).where('call_id', 'is', null).executeTakeFirst())
    .numUpdatedRows === 1n
/** Calls of the last day nobody has written down. Served by desk_ring_open. */
export const openRings = (db: Db, since: Temporal.Instant): Promise<RingRow[]> =>
  db
    .selectFrom('desk_ring')
    .selectAll()
    .where('call_id', 'is', null)
    .where('rang_at', '>=', since)
    .orderBy('rang_at', 'desc')
    .limit(50)
    .execute()

/** @returns whether the letter is new: one that came in before, by whichever mailbox, is not taken twice */
export async function insertMail(db: Db, row: NewRow<'desk_mail'>): Promise<boolean> {
  const made = await db
    .insertInto('desk_mail')
    .values(row)
    .onConflict((conflict) => conflict.column('message_key').doNothing())
    .executeTakeFirst()
  return made.numInsertedOrUpdatedRows === 1n
}
export const lockMail = (db: Db, id: string): Promise<MailRow | undefined> =>
  db.selectFrom('desk_mail').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const updateMail = (db: Db, id: string, change: RowChange<'desk_mail'>): Promise<MailRow> =>
  db.updateTable('desk_mail').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
export const findMail = (db: Db, id: string): Promise<MailRow | undefined> =>
  db.selectFrom('desk_mail').selectAll().where('id', '=', id).executeTakeFirst()
/** The letter a thread goes on from: the nearest one known among what it answers, or the one whose sign stands in the subject. */
export async function mailBefore(db: Db, keys: readonly string[], sign: string | null): Promise<MailRow | undefined> {
  const { rows } = await sql<MailRow>`
    select * from desk_mail
    where message_key = any(${keys}::text[]) or (${sign !== null} and right(id::text, 12) = ${sign ?? ''})
    order by array_position(${keys}::text[], message_key) desc nulls last, received_at desc limit 1`.execute(db)
  return rows[0]
}
/** How many of the same sender and subject came in since. */
export async function alikeSince(db: Db, fromAddress: string, subject: string, since: Temporal.Instant): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from desk_mail
    where received_at >= ${since} and lower(from_address) = lower(${fromAddress}) and subject = ${subject}`.execute(db)
  return rows[0]?.count ?? 0
}
const TEXT = sql`subject || ' ' || from_name || ' ' || from_address`
/** Newest first, a row more than asked. */
export async function listMails(
  db: Db,
  filter: { q?: string | undefined; state?: MailState | undefined; kind?: MailKind | undefined },
  cursor: Cursor | undefined,
  limit: number,
): Promise<(MailRow & { earlier: number })[]> {
  const like = `%${(filter.q ?? '').replace(/[\\%_]/g, '\\$&')}%`
  const { rows } = await sql<MailRow & { earlier: number }>`
    select m.*, (select count(*)::int from desk_mail o where o.thread_id = m.thread_id and (o.received_at, o.id) < (m.received_at, m.id)) as earlier
    from desk_mail m
    where ${filter.state ? sql`state = ${filter.state}` : sql`true`}
      and ${filter.kind ? sql`kind = ${filter.kind}` : sql`true`}
      and ${filter.q ? sql`zh_grams(${TEXT}) @> zh_grams(${filter.q}) and ${TEXT} ilike ${like}` : sql`true`}
      and ${cursor ? sql`(received_at, id) < (${cursor[0]}::timestamptz, ${cursor[1]}::uuid)` : sql`true`}
    order by received_at desc, id desc limit ${limit + 1}`.execute(db)
  return rows
}
