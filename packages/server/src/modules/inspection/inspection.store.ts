import type { Answer, CheckIn, InvalidReason, RoundItem, RoundKind } from '@changbai/contract/inspection.ts'
import { type ColumnType, sql } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'

/** Read parsed, written as text. */
type Json<T> = ColumnType<T, string | undefined, string>
export type KeptAnswer = Answer & { incidentId: string | null; incidentNo: string | null }

interface RoundTable {
  id: string
  number: string
  kind: RoundKind
  on_day: Temporal.PlainDate
  window_key: string
  window_from: Temporal.Instant
  window_to: Temporal.Instant
  inspector_id: string
  inspector_name: string
  client_key: string
  check_in: Json<CheckIn>
  items: Json<RoundItem[]>
  answers: Json<KeptAnswer[]>
  started_at: Temporal.Instant
  done_at: Temporal.Instant | null
  received_at: Temporal.Instant | null
  conclusion: 'NORMAL' | 'ABNORMAL' | null
  abnormal: ColumnType<number, number | undefined, number>
  valid: boolean | null
  invalid: Json<InvalidReason[]>
  reviewed_by: string | null
  reviewed_by_name: string | null
  reviewed_at: Temporal.Instant | null
  review_comment: string | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    inspection_round: RoundTable
    inspection_point: {
      id: string
      code: string
      title: string
      room: string
      seq: number
      created_at: Temporal.Instant
      retired_at: Temporal.Instant | null
    }
    inspection_probe: { application_id: string; at: Temporal.Instant; verdict: 'UP' | 'DOWN' | 'ABSTAIN'; latency_ms: number | null }
    inspection_alarm: { id: string; level: 'I' | 'II' | 'III' | 'IV'; lost: boolean }
    inspection_value: { round_id: string; code: string; at: Temporal.Instant; value: number }
  }
}
export type RoundRow = Row<'inspection_round'>

/** The same phone sends the same round twice: the first stays. */
export async function insertRound(db: Db, row: NewRow<'inspection_round'>): Promise<RoundRow> {
  await db
    .insertInto('inspection_round')
    .values(row)
    .onConflict((conflict) => conflict.columns(['inspector_id', 'client_key']).doNothing())
    .execute()
  return db
    .selectFrom('inspection_round')
    .selectAll()
    .where('inspector_id', '=', row.inspector_id)
    .where('client_key', '=', row.client_key)
    .executeTakeFirstOrThrow()
}

export const findByClientKey = (db: Db, inspectorId: string, clientKey: string): Promise<RoundRow | undefined> =>
  db
    .selectFrom('inspection_round')
    .selectAll()
    .where('inspector_id', '=', inspectorId)
    .where('client_key', '=', clientKey)
    .executeTakeFirst()
export const findRound = (db: Db, id: string): Promise<RoundRow | undefined> =>
  db.selectFrom('inspection_round').selectAll().where('id', '=', id).executeTakeFirst()
export const lockRound = (db: Db, id: string): Promise<RoundRow | undefined> =>
  db.selectFrom('inspection_round').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const updateRound = (db: Db, id: string, change: RowChange<'inspection_round'>): Promise<RoundRow> =>
  db.updateTable('inspection_round').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()

/** Served by index inspection_round_day. */
export const roundsOfDay = (db: Db, on: Temporal.PlainDate): Promise<RoundRow[]> =>
  db.selectFrom('inspection_round').selectAll().where('on_day', '=', on).orderBy('started_at').execute()

/** Newest first. Served by indexes inspection_round_recent and inspection_round_kind. */
export function listRounds(
  db: Db,
  filter: {
    kinds: readonly RoundKind[]
    valid?: boolean | undefined
    abnormal?: boolean | undefined
    after?: { at: Temporal.Instant; id: string } | undefined
    limit: number
  },
): Promise<RoundRow[]> {
  let query = db.selectFrom('inspection_round').selectAll().where('kind', 'in', filter.kinds)
  if (filter.valid !== undefined) query = query.where('valid', '=', filter.valid)
  if (filter.abnormal !== undefined) query = query.where('abnormal', filter.abnormal ? '>' : '=', 0)
  const { after } = filter
  if (after) query = query.where(sql<boolean>`(started_at, id) < (${after.at}, ${after.id}::uuid)`)
  return query.orderBy('started_at', 'desc').orderBy('id', 'desc').limit(filter.limit).execute()
}

/** When the last round of the kind was done that counted, before an instant. Served by index inspection_round_done. */
export async function lastValidBefore(db: Db, kind: RoundKind, at: Temporal.Instant): Promise<Temporal.Instant | null> {
  const row = await db
    .selectFrom('inspection_round')
    .select('done_at')
    .where('kind', '=', kind)
    .where('valid', '=', true)
    .where('done_at', '<=', at)
    .orderBy('done_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.done_at ?? null
}

/** For clause meters. */
export const roundsDone = (db: Db, kind: RoundKind, from: Temporal.Instant, to: Temporal.Instant) =>
  db
    .selectFrom('inspection_round')
    .select(['id', 'done_at', 'valid'])
    .where('kind', '=', kind)
    .where('done_at', '>=', from)
    .where('done_at', '<', to)
    .orderBy('done_at')
    .execute()
export const anyRoundBefore = async (db: Db, kind: RoundKind, before: Temporal.Instant): Promise<boolean> =>
  (await db
    .selectFrom('inspection_round')
    .select('id')
    .where('kind', '=', kind)
    .where('done_at', '<', before)
    .limit(1)
    .executeTakeFirst()) !== undefined

export async function insertValues(db: Db, rows: NewRow<'inspection_value'>[]): Promise<void> {
  if (rows.length > 0) await db.insertInto('inspection_value').values(rows).execute()
}
/** Oldest first, at most 2,000: a year of three a day and more. Served by index inspection_value_series. */
export const valuesOf = (db: Db, code: string, from: Temporal.Instant) =>
  db
    .selectFrom('inspection_value')
    .select(['at', 'value', 'round_id'])
    .where('code', '=', code)
    .where('at', '>=', from)
    .orderBy('at')
    .limit(2000)
    .execute()

export const listPoints = (db: Db): Promise<Row<'inspection_point'>[]> =>
  db.selectFrom('inspection_point').selectAll().orderBy('seq').orderBy('code').limit(2000).execute()
/** @returns undefined where the code is taken */
export const insertPoint = (db: Db, row: NewRow<'inspection_point'>): Promise<Row<'inspection_point'> | undefined> =>
  db
    .insertInto('inspection_point')
    .values(row)
    .onConflict((conflict) => conflict.column('code').doNothing())
    .returningAll()
    .executeTakeFirst()
export const retirePointAt = (db: Db, id: string, at: Temporal.Instant): Promise<Row<'inspection_point'> | undefined> =>
  db
    .updateTable('inspection_point')
    .set(({ fn, val }) => ({ retired_at: fn.coalesce('retired_at', val(at)) }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()

/** The person's round of the stretch that is still open, begun on whatever device. */
export const openRoundOf = (
  db: Db,
  inspectorId: string,
  kind: RoundKind,
  on: Temporal.PlainDate,
  windowKey: string,
): Promise<RoundRow | undefined> =>
  db
    .selectFrom('inspection_round')
    .selectAll()
    .where('on_day', '=', on)
    .where('kind', '=', kind)
    .where('window_key', '=', windowKey)
    .where('inspector_id', '=', inspectorId)
    .where('done_at', 'is', null)
    .orderBy('started_at')
    .limit(1)
    .executeTakeFirst()

/** Newest verdicts of each probe of an application since an instant. */
export const probesSince = (db: Db, applicationIds: readonly string[], since: Temporal.Instant): Promise<Row<'inspection_probe'>[]> =>
  applicationIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('inspection_probe')
        .selectAll()
        .where('application_id', 'in', applicationIds)
        .where('at', '>=', since)
        .where('verdict', '<>', 'ABSTAIN')
        .orderBy('at')
        .execute()
export const firingAlarms = (db: Db): Promise<Row<'inspection_alarm'>[]> => db.selectFrom('inspection_alarm').selectAll().execute()
