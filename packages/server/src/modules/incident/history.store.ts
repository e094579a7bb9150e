import type { IncidentEventKind, IncidentStatus, Severity } from '@changbai/contract/incident.ts'
import { sql } from 'kysely'
import type { Db, NewRow, Row } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'
import type { ClockKind, Judgment } from './clocks.domain.ts'
import type { CorrectionRow } from './correction.store.ts'
import { factKinds } from './incident.domain.ts'

interface EventTable {
  id: string
  incident_id: string
  kind: IncidentEventKind
  at: Temporal.Instant
  recorded_at: Temporal.Instant
  by_id: string | null
  by_name: string
  text: string
  level: Severity | null
  for_at: Temporal.Instant | null
}
interface ClockTable {
  incident_id: string
  clock: ClockKind
  level: Severity
  start_at: Temporal.Instant
  due_at: Temporal.Instant
  done_at: Temporal.Instant | null
  judgments: unknown
  warned: number
  next_at: Temporal.Instant | null
}
interface LeaderTable {
  id: string
  incident_id: string
  person_id: string
  at: Temporal.Instant
  ack_at: Temporal.Instant | null
}
interface ActionTable {
  id: string
  incident_id: string
  description: string
  type: 'PREVENT' | 'DETECT' | 'MITIGATE'
  owner_id: string
  due_on: Temporal.PlainDate
  verify_method: string
  state: 'OPEN' | 'DONE' | 'VERIFIED'
  done_at: Temporal.Instant | null
  verified_at: Temporal.Instant | null
  verified_by: string | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    incident_event: EventTable
    incident_clock: ClockTable
    incident_leader_notice: LeaderTable
    incident_action: ActionTable
  }
}
export type EventRow = Row<'incident_event'> & {
  /** What was written down, where an agreed slip has put another instant in its place. */
  was_at: Temporal.Instant | null
}
export type ClockRow = Row<'incident_clock'>
export type ActionRow = Row<'incident_action'>
/** As stored: instants are text. */
export type StoredJudgment = { [K in keyof Omit<Judgment, 'state'>]: string }

export const insertEvents = async (db: Db, rows: readonly NewRow<'incident_event'>[]): Promise<void> => {
  if (rows.length > 0) await db.insertInto('incident_event').values(rows).execute()
}
/**
 * In the order in which it happened; where a slip was agreed, its instant stands in the place of what was written down, and the one agreed last
 * holds. Served by incident_event_of and incident_correction_of.
 */
export async function eventsOf(db: Db, incidentIds: readonly string[]): Promise<EventRow[]> {
  if (incidentIds.length === 0) return []
  const { rows } = await sql<Row<'incident_event'> & { to_at: Temporal.Instant | null }>`
    select e.*, c.to_at from incident_event e left join (
      select distinct on (event_id) event_id, to_at from incident_correction
      where incident_id = any(${incidentIds}::uuid[]) and state = 'AGREED' order by event_id, decided_at desc, id desc) c on c.event_id = e.id
    where e.incident_id = any(${incidentIds}::uuid[]) order by e.incident_id, coalesce(c.to_at, e.at), e.id`.execute(db)
  return rows.map(({ to_at, ...row }) => (to_at ? { ...row, at: to_at, was_at: row.at } : { ...row, was_at: null }))
}
/** What clocks are judged by, of many incidents: as eventsOf, without who and what was said. */
export async function clockEventsOf(
  db: Db,
  incidentIds: readonly string[],
): Promise<Pick<EventRow, 'incident_id' | 'kind' | 'at' | 'level' | 'for_at'>[]> {
  const { rows } = await sql<Awaited<ReturnType<typeof clockEventsOf>>[number]>`
    select e.incident_id, e.kind, coalesce(c.to_at, e.at) as at, e.level, e.for_at from incident_event e left join (
      select distinct on (event_id) event_id, to_at from incident_correction
      where incident_id = any(${incidentIds}::uuid[]) and state = 'AGREED' order by event_id, decided_at desc, id desc) c on c.event_id = e.id
    where e.incident_id = any(${incidentIds}::uuid[]) and e.kind = any(${factKinds}::text[])
    order by e.incident_id, coalesce(c.to_at, e.at), e.id`.execute(db)
  return rows
}
/** Which warning each clock has had, by incident and clock. */
export async function warnedOf(db: Db, incidentIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ key: string; warned: number }>`
    select incident_id || clock as key, warned from incident_clock where incident_id = any(${incidentIds}::uuid[])`.execute(db)
  return new Map(rows.map(({ key, warned }) => [key, warned]))
}

/** All that is shown beside an incident, in one statement: its history, slips, leaders told, actions, and those it is tied to. */
interface Surroundings {
  events: EventRow[]
  corrections: CorrectionRow[]
  leaders: LeaderRow[]
  actions: ActionRow[]
  related: RelatedRow[]
}
type LeaderRow = Row<'incident_leader_notice'>
export interface RelatedRow {
  id: string
  number: string
  title: string
  status: IncidentStatus
  tenant_id: string | null
  application_id: string | null
  parent_id: string | null
  merged_into_id: string | null
}
export async function surroundingsOf(
  db: Db,
  { id, parent_id, merged_into_id }: { id: string; parent_id: string | null; merged_into_id: string | null },
): Promise<Surroundings> {
  const above = [parent_id, merged_into_id].filter((one) => one !== null)
  const { rows } = await sql<Record<keyof Surroundings, Record<string, unknown>[]>>`
    select
      (select coalesce(jsonb_agg(to_jsonb(e) || jsonb_build_object('to_at', c.to_at) order by coalesce(c.to_at, e.at), e.id), '[]')
        from incident_event e left join (
          select distinct on (event_id) event_id, to_at from incident_correction
          where incident_id = ${id} and state = 'AGREED' order by event_id, decided_at desc, id desc) c on c.event_id = e.id
        where e.incident_id = ${id}) as events,
      (select coalesce(jsonb_agg(to_jsonb(c) order by c.asked_at, c.id), '[]') from incident_correction c where c.incident_id = ${id}) as corrections,
      (select coalesce(jsonb_agg(to_jsonb(l) order by l.at, l.id), '[]') from incident_leader_notice l where l.incident_id = ${id}) as leaders,
      (select coalesce(jsonb_agg(to_jsonb(a) order by a.due_on, a.id), '[]') from incident_action a where a.incident_id = ${id}) as actions,
      (select coalesce(jsonb_agg(to_jsonb(r) order by r.id), '[]') from (
        select id, number, title, status, tenant_id, application_id, parent_id, merged_into_id from incident
        where parent_id = ${id} or merged_into_id = ${id} or id = any(${above}::uuid[])) r) as related`.execute(db)
  const found = rows[0] as (typeof rows)[number]
  return {
    events: found.events.map((raw) => {
      const { to_at, ...row } = revive<Row<'incident_event'> & { to_at: Temporal.Instant | null }>(raw)
      return to_at ? { ...row, at: to_at, was_at: row.at } : { ...row, was_at: null }
    }),
    corrections: found.corrections.map((raw) => revive<CorrectionRow>(raw)),
    leaders: found.leaders.map((raw) => revive<LeaderRow>(raw)),
    actions: found.actions.map((raw) => revive<ActionRow>(raw)),
    related: found.related as unknown as RelatedRow[],
  }
}
/** A row that came as JSON: columns of instants end in `at`, those of days in `_on`. */
const revive = <T>(raw: Record<string, unknown>): T =>
  Object.fromEntries(
    Object.entries(raw).map(([name, value]) => [
      name,
      typeof value !== 'string'
        ? value
        : name === 'at' || name.endsWith('_at')
          ? Temporal.Instant.from(value)
          : name.endsWith('_on')
            ? Temporal.PlainDate.from(value)
            : value,
    ]),
  ) as T

export const clocksOf = async (db: Db, incidentIds: readonly string[]): Promise<ClockRow[]> =>
  incidentIds.length === 0
    ? []
    : db.selectFrom('incident_clock').selectAll().where('incident_id', 'in', incidentIds).orderBy('incident_id').execute()

export interface ClockWrite {
  incidentId: string
  clock: ClockKind
  level: Severity
  startAt: string
  dueAt: string
  doneAt: string | null
  judgments: StoredJudgment[]
  nextAt: string | null
}
/** Writes many clocks in one statement, those that changed; what was warned of stays. */
export async function writeClocks(db: Db, rows: readonly ClockWrite[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into incident_clock (incident_id, clock, level, start_at, due_at, done_at, judgments, warned, next_at)
    select r."incidentId", r.clock, r.level, r."startAt", r."dueAt", r."doneAt", r.judgments, 0, r."nextAt"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r("incidentId" uuid, clock text, level text, "startAt" timestamptz,
      "dueAt" timestamptz, "doneAt" timestamptz, judgments jsonb, "nextAt" timestamptz)
    on conflict (incident_id, clock) do update set level = excluded.level, start_at = excluded.start_at, due_at = excluded.due_at,
      done_at = excluded.done_at, judgments = excluded.judgments, next_at = excluded.next_at
    where (incident_clock.level, incident_clock.start_at, incident_clock.due_at, incident_clock.done_at, incident_clock.judgments, incident_clock.next_at)
      is distinct from (excluded.level, excluded.start_at, excluded.due_at, excluded.done_at, excluded.judgments, excluded.next_at)`.execute(
    db,
  )
}
/** Clocks whose next warning is due, locked; what another process holds is left to it. Served by incident_clock_next. */
export async function lockDueClocks(db: Db, now: Temporal.Instant, limit: number): Promise<ClockRow[]> {
  const { rows } = await sql<ClockRow>`
    select * from incident_clock where next_at <= ${now} order by next_at limit ${limit} for update skip locked`.execute(db)
  return rows
}
export const settleWarning = (db: Db, row: Pick<ClockRow, 'incident_id' | 'clock'>, warned: number, nextAt: Temporal.Instant | null) =>
  db
    .updateTable('incident_clock')
    .set({ warned, next_at: nextAt })
    .where('incident_id', '=', row.incident_id)
    .where('clock', '=', row.clock)
    .execute()

/** @returns whether this leader had not been told before */
export async function insertLeaderNotice(db: Db, row: NewRow<'incident_leader_notice'>): Promise<boolean> {
  const result = await db
    .insertInto('incident_leader_notice')
    .values(row)
    .onConflict((conflict) => conflict.columns(['incident_id', 'person_id']).doNothing())
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}
export async function ackLeaderNotice(db: Db, incidentId: string, personId: string, at: Temporal.Instant): Promise<boolean> {
  const result = await db
    .updateTable('incident_leader_notice')
    .set({ ack_at: at })
    .where('incident_id', '=', incidentId)
    .where('person_id', '=', personId)
    .where('ack_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

export const actionsOf = (db: Db, incidentId: string): Promise<ActionRow[]> =>
  db.selectFrom('incident_action').selectAll().where('incident_id', '=', incidentId).orderBy('due_on').orderBy('id').execute()
export const actionsOfIncidents = async (db: Db, incidentIds: readonly string[]): Promise<ActionRow[]> =>
  incidentIds.length === 0
    ? []
    : db.selectFrom('incident_action').selectAll().where('incident_id', 'in', incidentIds).orderBy('due_on').orderBy('id').execute()
/** The one due first on top, a row more than asked. Served by incident_action_due. */
export async function listActions(
  db: Db,
  filter: { state?: ActionRow['state'] | undefined; ownerId?: string | undefined },
  cursor: Cursor | undefined,
  limit: number,
): Promise<ActionRow[]> {
  const { rows } = await sql<ActionRow>`
    select * from incident_action
    where ${filter.state ? sql`state = ${filter.state}` : sql`true`}
      and ${filter.ownerId ? sql`owner_id = ${filter.ownerId}::uuid` : sql`true`}
      and ${cursor ? sql`(due_on, id) > (${cursor[0]}::date, ${cursor[1]}::uuid)` : sql`true`}
    order by due_on, id limit ${limit + 1}`.execute(db)
  return rows
}
/** Open ones due until a day, and those done that nobody has verified; the one due first on top, at most 1,000. Served by incident_action_open and incident_action_unverified. */
export async function openActionsUntil(
  db: Db,
  until: Temporal.PlainDate,
): Promise<(ActionRow & { number: string; title: string; severity: Severity; tenant_id: string | null })[]> {
  const { rows } = await sql<Awaited<ReturnType<typeof openActionsUntil>>[number]>`
    select a.*, i.number, i.title, i.severity, i.tenant_id from incident_action a join incident i on i.id = a.incident_id
    where a.state = 'DONE' or (a.state = 'OPEN' and a.due_on <= ${until}) order by a.due_on, a.id limit 1000`.execute(db)
  return rows
}
/** A new version of the post-mortem brings its own list; what is done or verified stays. */
export async function replaceOpenActions(db: Db, incidentId: string, rows: readonly NewRow<'incident_action'>[]): Promise<void> {
  await db.deleteFrom('incident_action').where('incident_id', '=', incidentId).where('state', '=', 'OPEN').execute()
  if (rows.length > 0) await db.insertInto('incident_action').values(rows).execute()
}
export const settleActionRow = (db: Db, id: string, change: Partial<NewRow<'incident_action'>>) =>
  db.updateTable('incident_action').set(change).where('id', '=', id).execute()
