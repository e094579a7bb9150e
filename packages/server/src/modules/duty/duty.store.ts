import type { Role } from '@changbai/contract/capability.ts'
import type { DutyLine, DutyPlace } from '@changbai/contract/duty.ts'
import { sql } from 'kysely'
import type { Db, NewRow, Row } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'

interface OfficerTable {
  person_id: string
  lines: DutyLine[]
  passed_on: Temporal.PlainDate | null
  drilled_on: Temporal.PlainDate | null
  updated_at: Temporal.Instant
  updated_by: string
}
interface RosterTable {
  id: string
  line: DutyLine
  from_on: Temporal.PlainDate
  to_on: Temporal.PlainDate
  state: 'DRAFT' | 'PUBLISHED'
  made_by: string
  made_at: Temporal.Instant
  published_by: string | null
  published_at: Temporal.Instant | null
}
interface ShiftTable {
  id: string
  roster_id: string
  line: DutyLine
  starts_at: Temporal.Instant
  ends_at: Temporal.Instant
  primary_id: string
  backup_id: string
  published: boolean
}
interface SwapTable {
  id: string
  shift_id: string
  place: DutyPlace
  from_id: string
  to_id: string
  reason: string
  state: 'ASKED' | 'AGREED' | 'REFUSED' | 'WITHDRAWN'
  asked_at: Temporal.Instant
  answered_at: Temporal.Instant | null
}
interface PostTable {
  id: string
  role: Role
  holder_id: string
  deputy_id: string
  from_on: Temporal.PlainDate
  to_on: Temporal.PlainDate | null
}
interface FeedTable {
  person_id: string
  token_hash: string
  made_at: Temporal.Instant
}
declare module '../../platform/db.ts' {
  interface Tables {
    duty_officer: OfficerTable
    duty_roster: RosterTable
    duty_shift: ShiftTable
    duty_swap: SwapTable
    duty_post: PostTable
    duty_feed: FeedTable
  }
}
export type ShiftRow = Row<'duty_shift'>
export type RosterRow = Row<'duty_roster'>
export type SwapRow = Row<'duty_swap'>

export const officerRows = (db: Db): Promise<Row<'duty_officer'>[]> =>
  db.selectFrom('duty_officer').selectAll().orderBy('person_id').execute()
export const officersById = async (db: Db, ids: readonly string[]): Promise<Map<string, Row<'duty_officer'>>> => {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('duty_officer').selectAll().where('person_id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.person_id, row]))
}
export const saveOfficerRow = (db: Db, row: NewRow<'duty_officer'>) =>
  db
    .insertInto('duty_officer')
    .values(row)
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(row))
    .execute()

/** Published shifts under way at an instant; at most one a line. Served by duty_shift_time. */
export const shiftsAt = (db: Db, at: Temporal.Instant): Promise<ShiftRow[]> =>
  db
    .selectFrom('duty_shift')
    .selectAll()
    .where('published', '=', true)
    .where('starts_at', '<=', at)
    .where('ends_at', '>', at)
    .orderBy('line')
    .execute()

export interface ShiftFilter {
  from: Temporal.Instant
  to: Temporal.Instant
  line?: DutyLine | undefined
  personId?: string | undefined
}
/** Published shifts that touch [from, to), in order of time. */
export const publishedShifts = (db: Db, filter: ShiftFilter): Promise<ShiftRow[]> => {
  const { line, personId } = filter
  return db
    .selectFrom('duty_shift')
    .selectAll()
    .where('published', '=', true)
    .where('starts_at', '<', filter.to)
    .where('ends_at', '>', filter.from)
    .$if(line !== undefined, (query) => query.where('line', '=', line as DutyLine))
    .$if(personId !== undefined, (query) =>
      query.where(({ or, eb }) => or([eb('primary_id', '=', personId as string), eb('backup_id', '=', personId as string)])),
    )
    .orderBy('starts_at')
    .orderBy('line')
    .execute()
}
/** When the first published shift of a line begins. */
export async function firstPublishedAt(db: Db, line: DutyLine): Promise<Temporal.Instant | undefined> {
  const row = await db
    .selectFrom('duty_shift')
    .select('starts_at')
    .where('line', '=', line)
    .where('published', '=', true)
    .orderBy('starts_at')
    .limit(1)
    .executeTakeFirst()
  return row?.starts_at
}
export const shiftsOfRoster = (db: Db, rosterId: string): Promise<ShiftRow[]> =>
  db.selectFrom('duty_shift').selectAll().where('roster_id', '=', rosterId).orderBy('starts_at').orderBy('id').execute()
export const shiftRow = (db: Db, id: string): Promise<ShiftRow | undefined> =>
  db.selectFrom('duty_shift').selectAll().where('id', '=', id).executeTakeFirst()
export const lockShift = (db: Db, id: string): Promise<ShiftRow | undefined> =>
  db.selectFrom('duty_shift').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const insertShifts = async (db: Db, rows: readonly NewRow<'duty_shift'>[]): Promise<void> => {
  if (rows.length > 0) await db.insertInto('duty_shift').values(rows).execute()
}
export const updateShift = (
  db: Db,
  id: string,
  change: Partial<Pick<NewRow<'duty_shift'>, 'starts_at' | 'ends_at' | 'primary_id' | 'backup_id'>>,
) => db.updateTable('duty_shift').set(change).where('id', '=', id).execute()
export const deleteShift = (db: Db, id: string) => db.deleteFrom('duty_shift').where('id', '=', id).execute()

export const insertRoster = (db: Db, row: NewRow<'duty_roster'>) => db.insertInto('duty_roster').values(row).execute()
export const lockRoster = (db: Db, id: string): Promise<RosterRow | undefined> =>
  db.selectFrom('duty_roster').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const rosterRow = (db: Db, id: string): Promise<RosterRow | undefined> =>
  db.selectFrom('duty_roster').selectAll().where('id', '=', id).executeTakeFirst()
/** Rosters of the line that share a day with these. */
export const rostersWithin = (db: Db, line: DutyLine, fromOn: Temporal.PlainDate, toOn: Temporal.PlainDate): Promise<RosterRow[]> =>
  db.selectFrom('duty_roster').selectAll().where('line', '=', line).where('from_on', '<=', toOn).where('to_on', '>=', fromOn).execute()
export const deleteRoster = (db: Db, id: string) => db.deleteFrom('duty_roster').where('id', '=', id).execute()
export async function publishRoster(db: Db, id: string, by: string, at: Temporal.Instant): Promise<void> {
  await db.updateTable('duty_roster').set({ state: 'PUBLISHED', published_by: by, published_at: at }).where('id', '=', id).execute()
  await db.updateTable('duty_shift').set({ published: true }).where('roster_id', '=', id).execute()
}
/** Newest days first. */
export async function listRosters(
  db: Db,
  line: DutyLine | undefined,
  cursor: Cursor | undefined,
  limit: number,
): Promise<(RosterRow & { shifts: number })[]> {
  const { rows } = await sql<RosterRow & { shifts: number }>`
    select r.*, (select count(*) from duty_shift s where s.roster_id = r.id)::int as shifts from duty_roster r
    where ${line === undefined ? sql`true` : sql`line = ${line}`}
      and ${cursor === undefined ? sql`true` : sql`(from_on, id) < (${cursor[0]}::date, ${cursor[1]}::uuid)`}
    order by from_on desc, id desc limit ${limit + 1}`.execute(db)
  return rows
}

export const insertSwap = (db: Db, row: NewRow<'duty_swap'>) => db.insertInto('duty_swap').values(row).execute()
export const lockSwap = (db: Db, id: string): Promise<SwapRow | undefined> =>
  db.selectFrom('duty_swap').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const settleSwap = (db: Db, id: string, state: SwapRow['state'], at: Temporal.Instant) =>
  db.updateTable('duty_swap').set({ state, answered_at: at }).where('id', '=', id).execute()
/** The last hundred. */
export const swapRows = (db: Db): Promise<SwapRow[]> =>
  db.selectFrom('duty_swap').selectAll().orderBy('asked_at', 'desc').orderBy('id', 'desc').limit(100).execute()

/** Posts that are held on a day. */
export const postsOn = (db: Db, on: Temporal.PlainDate): Promise<Row<'duty_post'>[]> =>
  db
    .selectFrom('duty_post')
    .selectAll()
    .where('from_on', '<=', on)
    .where(({ or, eb }) => or([eb('to_on', 'is', null), eb('to_on', '>=', on)]))
    .orderBy('role')
    .execute()
/** A new holder from a day on: what began on or after that day goes, what runs into it ends the day before. */
export async function replacePost(db: Db, row: NewRow<'duty_post'> & { from_on: Temporal.PlainDate; role: Role }): Promise<void> {
  await db.deleteFrom('duty_post').where('role', '=', row.role).where('from_on', '>=', row.from_on).execute()
  await db
    .updateTable('duty_post')
    .set({ to_on: row.from_on.subtract({ days: 1 }) })
    .where('role', '=', row.role)
    .where(({ or, eb }) => or([eb('to_on', 'is', null), eb('to_on', '>=', row.from_on)]))
    .execute()
  await db.insertInto('duty_post').values(row).execute()
}

export const saveFeed = (db: Db, row: NewRow<'duty_feed'>) =>
  db
    .insertInto('duty_feed')
    .values(row)
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(row))
    .execute()
export const feedByToken = (db: Db, hash: string): Promise<Row<'duty_feed'> | undefined> =>
  db.selectFrom('duty_feed').selectAll().where('token_hash', '=', hash).executeTakeFirst()
