import type { CallType } from '@changbai/contract/desk.ts'
import { sql } from 'kysely'
import type { Db, NewRow, Row } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'

interface CallTable {
  id: string
  line: 'DESK' | 'MOBILE'
  called_at: Temporal.Instant
  answered_at: Temporal.Instant | null
  agent_id: string
  agent_name: string
  caller_name: string
  caller_org: string
  phone: string
  /** What calls were found by before numbers were sealed; emptied when a row is. */
  phone_digits: string
  type: CallType
  content: string
  result: string
  incident_id: string | null
  linked_no: string | null
  service_request_id: string | null
  rating: number | null
  created_at: Temporal.Instant
}
declare module '../../platform/db.ts' {
  interface Tables {
    hotline_call: CallTable
  }
}
export type CallRow = Row<'hotline_call'>

export const insertCall = (db: Db, row: NewRow<'hotline_call'>) => db.insertInto('hotline_call').values(row).execute()
export const findCall = (db: Db, id: string): Promise<CallRow | undefined> =>
  db.selectFrom('hotline_call').selectAll().where('id', '=', id).executeTakeFirst()
export const lockCall = (db: Db, id: string): Promise<CallRow | undefined> =>
  db.selectFrom('hotline_call').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const rateCallRow = (db: Db, id: string, rating: number) =>
  db.updateTable('hotline_call').set({ rating }).where('id', '=', id).execute()
/** The last calls from a number. Served by hotline_call_phone_index, and by hotline_call_phone for rows not sealed yet. */
export const callsFrom = (db: Db, number: { digits: string; indexes: readonly string[] }, limit: number): Promise<CallRow[]> =>
  db
    .selectFrom('hotline_call')
    .selectAll()
    .where(sql<boolean>`(phone_index = any(${number.indexes}::text[]) or phone_digits = ${number.digits})`)
    .orderBy('called_at', 'desc')
    .limit(limit)
    .execute()

const TEXT = sql`caller_name || ' ' || caller_org || ' ' || content`
/** Newest first, a row more than asked. */
export async function listCalls(
  db: Db,
  filter: { type?: CallType | undefined; q?: string | undefined },
  cursor: Cursor | undefined,
  limit: number,
): Promise<CallRow[]> {
  const like = `%${(filter.q ?? '').replace(/[\\%_]/g, '\\$&')}%`
  const { rows } = await sql<CallRow>`
    select * from hotline_call
    where ${filter.type ? sql`type = ${filter.type}` : sql`true`}
      and ${filter.q ? sql`zh_grams(${TEXT}) @> zh_grams(${filter.q}) and ${TEXT} ilike ${like}` : sql`true`}
      and ${cursor ? sql`(called_at, id) < (${cursor[0]}::timestamptz, ${cursor[1]}::uuid)` : sql`true`}
    order by called_at desc, id desc limit ${limit + 1}`.execute(db)
  return rows
}

export const callsBetween = (db: Db, from: Temporal.Instant, to: Temporal.Instant): Promise<CallRow[]> =>
  db
    .selectFrom('hotline_call')
    .selectAll()
    .where('called_at', '>=', from)
    .where('called_at', '<', to)
    .orderBy('called_at')
    .orderBy('id')
    .execute()

export interface CallCounts {
  calls: number
  answered: number
  inTime: number
  withResult: number
  faults: number
  linked: number
  rated: number
  averageScore: number | null
}
export async function countCalls(db: Db, from: Temporal.Instant, to: Temporal.Instant, answerSeconds: number): Promise<CallCounts> {
  const { rows } = await sql<CallCounts>`
    select count(*)::int as calls,
      count(answered_at)::int as answered,
      count(*) filter (where answered_at - called_at <= make_interval(secs => ${answerSeconds}))::int as "inTime",
      count(*) filter (where result <> '')::int as "withResult",
      count(*) filter (where type in ('FAULT', 'FACILITY_REPORT'))::int as faults,
      count(incident_id)::int as linked,
      count(rating)::int as rated,
      avg(rating)::float8 as "averageScore"
    from hotline_call where called_at >= ${from} and called_at < ${to}`.execute(db)
  return rows[0] as CallCounts
}
export async function countByType(db: Db, from: Temporal.Instant, to: Temporal.Instant): Promise<{ type: CallType; calls: number }[]> {
  const { rows } = await sql<{ type: CallType; calls: number }>`
    select type, count(*)::int as calls from hotline_call where called_at >= ${from} and called_at < ${to}
    group by type order by calls desc, type`.execute(db)
  return rows
}
