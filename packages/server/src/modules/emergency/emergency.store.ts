import type { EmergencyMode, EmergencyState } from '@changbai/contract/emergency.ts'
import { type ColumnType, sql } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'
import type { Listed } from './emergency.domain.ts'

/** Read parsed, written as text. */
type Json<T> = ColumnType<T, string, string>
/** The plan as it was when it was set going. */
export interface PlanThen {
  name: string
  version: number
  rtoMinutes: number
  processKey: string
  contacts: Listed[]
  checklists: Record<string, string[]>
  participants: string[]
}
interface EmergencyTable {
  id: string
  number: string
  mode: EmergencyMode
  plan_id: string
  plan: Json<PlanThen>
  reason: string
  incident_id: string | null
  state: EmergencyState
  commander_id: string
  operator_id: string
  liaison_id: string
  approver_id: string
  activated_by: string
  activated_at: Temporal.Instant
  update_due_at: Temporal.Instant | null
  restored_at: Temporal.Instant | null
  summary: ColumnType<{ result: string; findings: string; improvements: string } | null, string | null, string | null>
  closed_at: Temporal.Instant | null
  instance_id: string | null
}
interface EventTable {
  id: string
  emergency_id: string
  kind: string
  node: string | null
  at: Temporal.Instant
  by_name: string
  text: string
  checked: Json<string[]>
}
interface CallTable {
  emergency_id: string
  person_id: string
  seq: number
  duty: string
  notice_id: string | null
  sent_at: Temporal.Instant
}
declare module '../../platform/db.ts' {
  interface Tables {
    emergency: EmergencyTable
    emergency_event: EventTable
    emergency_call: CallTable
  }
}
export type EmergencyRow = Row<'emergency'>

export const insertEmergency = async (db: Db, row: NewRow<'emergency'>): Promise<void> => {
  await db.insertInto('emergency').values(row).execute()
}
export const findEmergency = (db: Db, id: string): Promise<EmergencyRow | undefined> =>
  db.selectFrom('emergency').selectAll().where('id', '=', id).executeTakeFirst()
export const lockEmergency = (db: Db, id: string): Promise<EmergencyRow | undefined> =>
  db.selectFrom('emergency').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
export const updateEmergency = (db: Db, id: string, change: RowChange<'emergency'>) =>
  db.updateTable('emergency').set(change).where('id', '=', id).execute()
/** Newest first, a row more than asked; ids carry their time. */
export async function listEmergencies(
  db: Db,
  filter: { mode?: EmergencyMode | undefined; state?: EmergencyState | undefined; planId?: string | undefined },
  cursor: Cursor | undefined,
  limit: number,
): Promise<EmergencyRow[]> {
  const { rows } = await sql<EmergencyRow>`
    select * from emergency
    where ${filter.mode ? sql`mode = ${filter.mode}` : sql`true`}
      and ${filter.state ? sql`state = ${filter.state}` : sql`true`}
      and ${filter.planId ? sql`plan_id = ${filter.planId}::uuid` : sql`true`}
      and ${cursor ? sql`id < ${cursor[1]}::uuid` : sql`true`}
    order by id desc limit ${limit + 1}`.execute(db)
  return rows
}
/** When each plan was last drilled to its end. */
export async function lastDrills(db: Db): Promise<Map<string, Temporal.Instant>> {
  const { rows } = await sql<{ plan_id: string; at: Temporal.Instant }>`
    select plan_id, max(closed_at) as at from emergency where mode = 'DRILL' and closed_at is not null group by plan_id`.execute(db)
  return new Map(rows.map((row) => [row.plan_id, row.at]))
}
/** Of which a word is owed, locked; what another process holds is left to it. Served by emergency_update_due. */
export async function lockDueUpdates(db: Db, now: Temporal.Instant, limit: number): Promise<EmergencyRow[]> {
  const { rows } = await sql<EmergencyRow>`
    select * from emergency where update_due_at <= ${now} order by update_due_at limit ${limit} for no key update skip locked`.execute(db)
  return rows
}

export const insertEmergencyEvent = async (db: Db, row: NewRow<'emergency_event'>): Promise<void> => {
  await db.insertInto('emergency_event').values(row).execute()
}
export const emergencyEvents = (db: Db, id: string): Promise<Row<'emergency_event'>[]> =>
  db.selectFrom('emergency_event').selectAll().where('emergency_id', '=', id).orderBy('at').orderBy('id').execute()
export const insertCalls = async (db: Db, rows: readonly NewRow<'emergency_call'>[]): Promise<void> => {
  if (rows.length > 0) await db.insertInto('emergency_call').values(rows).execute()
}
export const callsOf = (db: Db, id: string): Promise<Row<'emergency_call'>[]> =>
  db.selectFrom('emergency_call').selectAll().where('emergency_id', '=', id).orderBy('seq').execute()
