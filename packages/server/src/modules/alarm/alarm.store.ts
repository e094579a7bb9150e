import type { AlarmLevel, AlarmSource, AlarmState } from '@changbai/contract/alarm.shapes.ts'
import type { Bilingual } from '@changbai/contract/calendar.ts'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { Scope } from '../../platform/actor.ts'
import type { Db, Row, RowChange } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'
import type { CloseReason, Mute, Policy } from './stages/alarm.domain.ts'

type Words = z.infer<typeof Bilingual>
interface AlarmTable {
  id: string
  rev: number
  identity: string
  rule_id: string | null
  source: AlarmSource
  source_id: string | null
  title: Words
  hint: Words | null
  topic: string
  clause: string | null
  cause: string | null
  lost: boolean
  object_type: string | null
  object_id: string | null
  object_name: string
  tenant_id: string | null
  application_id: string | null
  labels: Record<string, string>
  value: number | null
  unit: string
  level: AlarmLevel
  top_level: AlarmLevel
  state: AlarmState
  close_reason: CloseReason | null
  since_at: Temporal.Instant
  fired_at: Temporal.Instant | null
  good_at: Temporal.Instant | null
  closed_at: Temporal.Instant | null
  missing_at: Temporal.Instant | null
  last_at: Temporal.Instant
  turns: string
  flapping: boolean
  storm: boolean
  root_id: string | null
  root_label: string | null
  muted: Mute | null
  told_level: AlarmLevel | null
  step: number
  timers: Record<string, number>
  next_at: Temporal.Instant | null
  policy: Policy
  group_key: string
  incident_id: string | null
  incident_number: string | null
  /** Outages this alarm wrote: `{applicationId, id}`. */
  outages: { applicationId: string; id: string }[]
  acked_by: string | null
  acked_by_name: string | null
  acked_at: Temporal.Instant | null
  note: string
  reopened: number
  signs: Record<string, string>
  created_at: Temporal.Instant
}
interface AlarmEventTable {
  id: string
  alarm_id: string
  at: Temporal.Instant
  stage: string
  reason: string
  params: Record<string, string | number>
  by_name: string
}
declare module '../../platform/db.ts' {
  interface Tables {
    alarm: AlarmTable
    alarm_event: AlarmEventTable
  }
}
export type AlarmRow = Row<'alarm'>
export type AlarmEventRow = Row<'alarm_event'>

/** The newest alarm of each identity, locked in one order; an open one if there is one. */
export async function lockNewest(db: Db, identities: readonly string[]): Promise<AlarmRow[]> {
  if (identities.length === 0) return []
  const { rows } = await sql<AlarmRow>`
    select * from alarm where id in (
      select distinct on (identity) id from alarm where identity = any (${[...identities]}::text[]) order by identity, id desc)
    order by identity for no key update`.execute(db)
  return rows
}
/** Nobody else decides about these identities until the transaction ends: two senders must not both begin one alarm. */
export async function lockIdentities(db: Db, identities: readonly string[]): Promise<void> {
  if (identities.length === 0) return
  await sql`select pg_advisory_xact_lock(7201, h) from (select distinct hashtext(i) as h from unnest(${[...identities]}::text[]) i order by 1) s`.execute(
    db,
  )
}
/** A row of the lock is skipped when somebody else decides about it right now. */
export async function lockDue(db: Db, now: Temporal.Instant, limit: number): Promise<AlarmRow[]> {
  const { rows } = await sql<AlarmRow>`
    select * from alarm where next_at <= ${now} order by next_at limit ${limit} for no key update skip locked`.execute(db)
  return rows
}
export const lockAlarms = async (db: Db, ids: readonly string[]): Promise<AlarmRow[]> =>
  ids.length === 0
    ? []
    : (await sql<AlarmRow>`select * from alarm where id = any (${[...ids]}::uuid[]) order by identity for no key update`.execute(db)).rows
export const findAlarm = (db: Db, id: string) => db.selectFrom('alarm').selectAll().where('id', '=', id).executeTakeFirst()

const columns = [
  'id',
  'rev',
  'identity',
  'rule_id',
  'source',
  'source_id',
  'title',
  'hint',
  'topic',
  'clause',
  'cause',
  'lost',
  'object_type',
  'object_id',
  'object_name',
  'tenant_id',
  'application_id',
  'labels',
  'value',
  'unit',
  'level',
  'top_level',
  'state',
  'close_reason',
  'since_at',
  'fired_at',
  'good_at',
  'closed_at',
  'missing_at',
  'last_at',
  'turns',
  'flapping',
  'storm',
  'root_id',
  'root_label',
  'muted',
  'told_level',
  'step',
  'timers',
  'next_at',
  'policy',
  'group_key',
  'incident_id',
  'incident_number',
  'outages',
  'acked_by',
  'acked_by_name',
  'acked_at',
  'note',
  'reopened',
  'signs',
  'created_at',
] as const satisfies readonly (keyof AlarmTable)[]
const listed = sql.join(columns.map((name) => sql.ref(name)))
const updates = sql.join(
  columns
    .filter((name) => name !== 'id' && name !== 'created_at' && name !== 'rev')
    .map((name) => sql`${sql.ref(name)} = excluded.${sql.ref(name)}`),
)
/** New and changed alarms in one statement. */
export async function saveAlarms(db: Db, rows: readonly AlarmRow[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into alarm (${listed}) select ${listed} from jsonb_populate_recordset(null::alarm, ${JSON.stringify(rows)}::jsonb)
    on conflict (id) do update set rev = alarm.rev + 1, ${updates}`.execute(db)
}
/** What a repeated sight changes of an alarm, and nothing else: a tenth of the work of writing the whole row. */
const repeated = ['value', 'last_at', 'turns', 'timers', 'next_at', 'signs', 'policy'] as const satisfies readonly (keyof AlarmTable)[]
const repeats: ReadonlySet<string> = new Set(repeated)
export const isRepeat = (before: AlarmRow, after: AlarmRow): boolean =>
  columns.every((name) => repeats.has(name) || before[name] === after[name] || JSON.stringify(before[name]) === JSON.stringify(after[name]))
export async function touchAlarms(db: Db, rows: readonly AlarmRow[]): Promise<void> {
  if (rows.length === 0) return
  const said = rows.map((row) => Object.fromEntries(['id' as const, ...repeated].map((name) => [name, row[name]])))
  await sql`
    update alarm set rev = alarm.rev + 1, ${sql.join(repeated.map((name) => sql`${sql.ref(name)} = t.${sql.ref(name)}`))}
    from jsonb_to_recordset(${JSON.stringify(said)}::jsonb) as t(id uuid, value float8, last_at timestamptz, turns text, timers jsonb,
      next_at timestamptz, signs jsonb, policy jsonb) where alarm.id = t.id`.execute(db)
}
export async function insertAlarmEvents(db: Db, rows: readonly AlarmEventRow[]): Promise<void> {
  if (rows.length === 0) return
  await sql`insert into alarm_event select * from jsonb_populate_recordset(null::alarm_event, ${JSON.stringify(rows)}::jsonb)`.execute(db)
}
/** The trail, oldest first; the newest 500 lines. */
export async function trailOf(db: Db, alarmId: string): Promise<AlarmEventRow[]> {
  const rows = await db.selectFrom('alarm_event').selectAll().where('alarm_id', '=', alarmId).orderBy('id', 'desc').limit(500).execute()
  return rows.reverse()
}
export const updateAlarm = (db: Db, id: string, change: RowChange<'alarm'>) =>
  db
    .updateTable('alarm')
    .set({ ...change, rev: sql<number>`rev + 1` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()

export async function joinIncident(db: Db, ids: readonly string[], incident: { id: string; number: string }): Promise<void> {
  await sql`update alarm set incident_id = ${incident.id}, incident_number = ${incident.number}, rev = rev + 1
    where id = any (${[...ids]}::uuid[])`.execute(db)
}

/** The incident of the storm that goes on: the next alarms join it without waiting for its row. */
export async function stormIncident(db: Db, since: Temporal.Instant): Promise<{ id: string; number: string } | undefined> {
  const row = await db
    .selectFrom('alarm')
    .select(['incident_id', 'incident_number'])
    .where('fired_at', '>=', since)
    .where('storm', '=', true)
    .where('incident_id', 'is not', null)
    .where('state', '<>', 'CLOSED')
    .orderBy('fired_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.incident_id ? { id: row.incident_id, number: row.incident_number ?? '' } : undefined
}

export interface RootRow {
  id: string
  objectId: string
  title: Words
  objectName: string
  state: AlarmState
}
/** Open alarms of things that are as good as gone; at most 500. Served by alarm_lost. */
export async function openLost(db: Db): Promise<RootRow[]> {
  const { rows } = await sql<RootRow>`
    select id, object_id as "objectId", title, object_name as "objectName", state from alarm
    where lost and state in ('SUSPECTED', 'FIRING', 'RECOVERING') and object_id is not null order by id limit 500`.execute(db)
  return rows
}
export async function firedSince(db: Db, since: Temporal.Instant): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (select 1 from alarm where fired_at >= ${since} limit 10000) f`.execute(db)
  return rows[0]?.count ?? 0
}
/** Open alarms of these objects that could follow from another one; ids only. */
export async function openOf(db: Db, objectIds: readonly string[], but: string): Promise<string[]> {
  if (objectIds.length === 0) return []
  const { rows } = await sql<{ id: string }>`
    select id from alarm where object_id = any (${[...objectIds]}::uuid[]) and state in ('FIRING', 'RECOVERING') and id <> ${but}::uuid order by identity limit 1000`.execute(
    db,
  )
  return rows.map(({ id }) => id)
}
export async function childrenOf(db: Db, rootId: string): Promise<AlarmRow[]> {
  return db.selectFrom('alarm').selectAll().where('root_id', '=', rootId).orderBy('id', 'desc').limit(200).execute()
}

export interface AlarmFilter {
  state: 'open' | 'closed' | 'all'
  levels?: readonly string[] | undefined
  q?: string | undefined
  topic?: string | undefined
  ruleId?: string | undefined
  objectId?: string | undefined
  applicationId?: string | undefined
  incidentId?: string | undefined
  untold?: boolean
  unassigned?: boolean
  unacked?: boolean
  roots?: boolean
}
export function conditions(filter: AlarmFilter, scope: Scope): RawBuilder<unknown> {
  const all: RawBuilder<unknown>[] = [sql`close_reason is distinct from 'NEVER_FIRED'`]
  if (!scope.all) all.push(sql`(tenant_id = any(${scope.tenantIds}::uuid[]) or application_id = any(${scope.applicationIds}::uuid[]))`)
  if (filter.state === 'open') all.push(sql`state in ('SUSPECTED', 'FIRING', 'RECOVERING')`)
  if (filter.state === 'closed') all.push(sql`state = 'CLOSED'`)
  if (filter.levels?.length) all.push(sql`level = any(${[...filter.levels]}::text[])`)
  if (filter.topic) all.push(sql`topic = ${filter.topic}`)
  if (filter.ruleId) all.push(sql`rule_id = ${filter.ruleId}`)
  if (filter.objectId) all.push(sql`object_id = ${filter.objectId}::uuid`)
  if (filter.applicationId) all.push(sql`application_id = ${filter.applicationId}::uuid`)
  if (filter.incidentId) all.push(sql`incident_id = ${filter.incidentId}::uuid`)
  if (filter.untold) all.push(sql`told_level is null`)
  if (filter.unassigned) all.push(sql`object_id is null`)
  if (filter.unacked) all.push(sql`acked_at is null`)
  if (filter.roots) all.push(sql`root_id is null`)
  if (filter.q) {
    const like = `%${filter.q.replace(/[\\%_]/g, '\\$&')}%`
    all.push(sql`(object_name || ' ' || (title ->> 'zh') || ' ' || (title ->> 'en') || ' ' || coalesce(rule_id, '')) ilike ${like}`)
  }
  return sql.join(all, sql` and `)
}
/** Newest first, a row more than asked. */
export async function listAlarms(
  db: Db,
  filter: AlarmFilter,
  scope: Scope,
  cursor: Cursor | undefined,
  limit: number,
): Promise<AlarmRow[]> {
  const { rows } = await sql<AlarmRow>`
    select * from alarm where ${conditions(filter, scope)} and ${cursor ? sql`id < ${cursor[1]}::uuid` : sql`true`}
    order by id desc limit ${limit + 1}`.execute(db)
  return rows
}
/** Exact to a thousand, then one more. */
export async function countAlarms(db: Db, filter: AlarmFilter, scope: Scope): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (select 1 from alarm where ${conditions(filter, scope)} limit 1001) f`.execute(db)
  return rows[0]?.count ?? 0
}
export async function countOpenByLevel(db: Db, scope: Scope): Promise<Record<AlarmLevel, number>> {
  const { rows } = await sql<{ level: AlarmLevel; count: number }>`
    select level, count(*)::int as count from alarm where ${conditions({ state: 'open' }, scope)} and state <> 'SUSPECTED' group by level`.execute(
    db,
  )
  const counts = { I: 0, II: 0, III: 0, IV: 0 }
  for (const { level, count } of rows) counts[level] = count
  return counts
}
/** Alarms of the digest: level IV that fired within the span and nobody was told of by another way. */
export async function digestOf(db: Db, from: Temporal.Instant, to: Temporal.Instant): Promise<{ count: number; names: string[] }> {
  const { rows } = await sql<{ name: string; count: number }>`
    select (title ->> 'zh') || '：' || object_name as name, (count(*) over ())::int as count from alarm
    where level = 'IV' and told_level = 'IV' and incident_id is null and fired_at >= ${from} and fired_at < ${to} order by fired_at desc limit 5`.execute(
    db,
  )
  return { count: rows[0]?.count ?? 0, names: rows.map(({ name }) => name) }
}
/** Suspicions that came to nothing after a week, closed alarms after four hundred days. */
export async function forgetAlarms(db: Db, now: Temporal.Instant): Promise<void> {
  await sql`delete from alarm where close_reason = 'NEVER_FIRED' and closed_at < ${now.subtract({ hours: 168 })}`.execute(db)
  await sql`delete from alarm where state = 'CLOSED' and closed_at < ${now.subtract({ hours: 9600 })}`.execute(db)
}
/** Open alarms that belong to something of the inventory; at most 20,000. */
export async function openOnObjects(db: Db): Promise<{ id: string; objectId: string }[]> {
  const { rows } = await sql<{ id: string; objectId: string }>`
    select id, object_id as "objectId" from alarm where state <> 'CLOSED' and object_id is not null limit 20000`.execute(db)
  return rows
}
