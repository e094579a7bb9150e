import type {
  Criterion,
  HandlingPlan,
  IncidentReport,
  IncidentSource,
  IncidentStatus,
  IncidentTimeline,
  Postmortem,
  Severity,
} from '@changbai/contract/incident.ts'
import { type RawBuilder, sql } from 'kysely'
import type { Scope } from '../../platform/actor.ts'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import type { Cursor } from '../../platform/keyset.ts'
import { recalled, remember } from '../../platform/memo.ts'
import type { SeverityLimits } from './clocks.domain.ts'

/** A lowering both sides must agree to; whose name stands there has agreed. */
export interface LevelAsked {
  to: Severity
  criteria: Criterion[]
  reason: string
  byId: string
  byName: string
  at: string
  manager: string | null
  reporter: string | null
}
interface IncidentTable {
  id: string
  number: string
  title: string
  symptom: string
  criteria: Criterion[]
  severity: Severity
  top_severity: Severity
  first_severity: Severity
  status: IncidentStatus
  source: IncidentSource
  source_key: string | null
  tenant_id: string | null
  application_id: string | null
  reporter_id: string | null
  reporter_name: string
  reporter_phone: string
  handler_id: string | null
  handler_name: string | null
  is_security: boolean
  detected_at: Temporal.Instant | null
  reported_at: Temporal.Instant
  clock_start_at: Temporal.Instant
  scheduled_for: Temporal.Instant | null
  held: boolean
  limits: unknown
  merged_into_id: string | null
  parent_id: string | null
  plan: unknown
  report: unknown
  report_due_at: Temporal.Instant | null
  postmortem: unknown
  postmortem_due_at: Temporal.Instant | null
  level_asked: unknown
  rating: unknown
  instance_id: string | null
  task_id: string | null
  node: string | null
  rev: number
  created_at: Temporal.Instant
  updated_at: Temporal.Instant
  closed_at: Temporal.Instant | null
  broadcast_due_at: Temporal.Instant | null
  timeline: unknown
}
declare module '../../platform/db.ts' {
  interface Tables {
    incident: IncidentTable
  }
}
interface Papers {
  limits: SeverityLimits[]
  plan: HandlingPlan | null
  report: IncidentReport | null
  postmortem: Postmortem | null
  level_asked: LevelAsked | null
  rating: { score: number; comment: string } | null
  timeline: IncidentTimeline | null
}
export type IncidentRow = Omit<Row<'incident'>, keyof Papers> & Papers
const read = (row: Row<'incident'>): IncidentRow => row as unknown as IncidentRow

/** A row this transaction holds locked is read once: nobody else can change it. */
const held = (id: string): string => `incident:${id}`

export async function insertIncident(db: Db, row: NewRow<'incident'>): Promise<IncidentRow> {
  const inserted = read(await db.insertInto('incident').values(row).returningAll().executeTakeFirstOrThrow())
  remember(db, held(inserted.id), inserted)
  return inserted
}
export async function findIncident(db: Db, id: string): Promise<IncidentRow | undefined> {
  const mine = recalled<IncidentRow>(db, held(id))
  if (mine) return mine
  const row = await db.selectFrom('incident').selectAll().where('id', '=', id).executeTakeFirst()
  return row && read(row)
}
export async function findByNumber(db: Db, number: string): Promise<IncidentRow | undefined> {
  const row = await db.selectFrom('incident').selectAll().where('number', '=', number).executeTakeFirst()
  return row && read(row)
}
/** Without a lock on its key: lines of its history, which refer to it, are written by whoever warns of a clock meanwhile. */
export async function lockIncident(db: Db, id: string): Promise<IncidentRow | undefined> {
  const mine = recalled<IncidentRow>(db, held(id))
  if (mine) return mine
  const found = await db.selectFrom('incident').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
  if (!found) return undefined
  const row = read(found)
  remember(db, held(id), row)
  return row
}
export async function updateIncident(db: Db, id: string, change: RowChange<'incident'>, at: Temporal.Instant): Promise<IncidentRow> {
  const row = await db
    .updateTable('incident')
    .set({ ...change, updated_at: at, rev: sql<number>`rev + 1` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
  remember(db, held(id), read(row))
  return read(row)
}
/** Incidents by id, in any order. */
export const incidentsById = async (db: Db, ids: readonly string[]): Promise<IncidentRow[]> =>
  ids.length === 0 ? [] : (await db.selectFrom('incident').selectAll().where('id', 'in', ids).execute()).map(read)
/** The open incident an alarm opened before, locked. */
export async function openBySource(db: Db, sourceKey: string): Promise<IncidentRow | undefined> {
  const row = await db
    .selectFrom('incident')
    .selectAll()
    .where('source_key', '=', sourceKey)
    .where('status', '<>', 'CLOSED')
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row && read(row)
}
export const openIdsOf = async (
  db: Db,
  where: { phone: string; phoneIndexes: readonly string[]; tenantId?: string | null },
): Promise<IncidentRow[]> => {
  const { rows } = await sql<Row<'incident'>>`
    select * from incident where status <> 'CLOSED'
      and (${where.phone ? sql`(reporter_phone_index = any(${where.phoneIndexes}::text[]) or reporter_phone = ${where.phone})` : sql`false`} or ${where.tenantId ? sql`tenant_id = ${where.tenantId}::uuid` : sql`false`})
    order by id desc limit 20`.execute(db)
  return rows.map(read)
}

/** Major incidents of which a word is owed, locked; what another process holds is left to it. Served by incident_broadcast_due. */
export async function lockDueBroadcasts(db: Db, now: Temporal.Instant, limit: number): Promise<IncidentRow[]> {
  const { rows } = await sql<Row<'incident'>>`
    select * from incident where broadcast_due_at <= ${now} order by broadcast_due_at limit ${limit} for no key update skip locked`.execute(
    db,
  )
  return rows.map(read)
}

export interface IncidentFilter {
  q?: string | undefined
  state: 'open' | 'closed' | 'all'
  severities?: readonly string[] | undefined
  tenantId?: string | undefined
  /** Reported or handled by this person. */
  personId?: string | undefined
}
const TEXT = sql`number || ' ' || title || ' ' || reporter_name`

function conditions(filter: IncidentFilter, scope: Scope): RawBuilder<unknown> {
  const all: RawBuilder<unknown>[] = [sql`true`]
  if (!scope.all) all.push(sql`(tenant_id = any(${scope.tenantIds}::uuid[]) or application_id = any(${scope.applicationIds}::uuid[]))`)
  if (filter.state !== 'all') all.push(filter.state === 'open' ? sql`status <> 'CLOSED'` : sql`status = 'CLOSED'`)
  if (filter.severities?.length) all.push(sql`severity = any(${filter.severities}::text[])`)
  if (filter.tenantId) all.push(sql`tenant_id = ${filter.tenantId}::uuid`)
  if (filter.personId) all.push(sql`(reporter_id = ${filter.personId}::uuid or handler_id = ${filter.personId}::uuid)`)
  if (filter.q) {
    const like = `%${filter.q.replace(/[\\%_]/g, '\\$&')}%`
    all.push(sql`zh_grams(${TEXT}) @> zh_grams(${filter.q}) and ${TEXT} ilike ${like}`)
  }
  return sql.join(all, sql` and `)
}
/** What a line of a list shows: the papers and texts of fifty incidents would be read and parsed for nothing. */
const LINE = [
  'id',
  'number',
  'title',
  'severity',
  'top_severity',
  'status',
  'source',
  'tenant_id',
  'application_id',
  'reporter_name',
  'handler_name',
  'is_security',
  'clock_start_at',
  'held',
  'merged_into_id',
  'parent_id',
  'closed_at',
] as const
export type IncidentLine = Pick<IncidentRow, (typeof LINE)[number]>
const lineColumns = sql.join(LINE.map((name) => sql.ref(name)))

/** Newest first, a row more than asked. Ids carry their time, so one index serves order and paging. */
export async function listIncidents(
  db: Db,
  filter: IncidentFilter,
  scope: Scope,
  cursor: Cursor | undefined,
  limit: number,
): Promise<IncidentLine[]> {
  const { rows } = await sql<IncidentLine>`
    select ${lineColumns} from incident
    where ${conditions(filter, scope)} and ${cursor ? sql`id < ${cursor[1]}::uuid` : sql`true`}
    order by id desc limit ${limit + 1}`.execute(db)
  return rows
}
/** Exact to a thousand, then one more than that: "1,000+". */
export const COUNT_MAX = 1_000
export async function countIncidents(db: Db, filter: IncidentFilter, scope: Scope): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (select 1 from incident where ${conditions(filter, scope)} limit ${COUNT_MAX + 1}) found`.execute(db)
  return rows[0]?.count ?? 0
}
/** Open ones with a clock that still runs, the next limit first; at most 50. */
export async function runningIncidents(db: Db, scope: Scope): Promise<IncidentLine[]> {
  const { rows } = await sql<IncidentLine>`
    select ${lineColumns} from incident
    where ${conditions({ state: 'open' }, scope)} and merged_into_id is null
      and exists (select 1 from incident_clock c where c.incident_id = incident.id and c.done_at is null)
    order by (select min(c.due_at) from incident_clock c where c.incident_id = incident.id and c.done_at is null), id limit 50`.execute(db)
  return rows
}
/** Open ones of a source since an instant that are under no other yet, locked in the order of their ids; at most 500. */
export async function openedSince(db: Db, source: IncidentSource, since: Temporal.Instant): Promise<IncidentRow[]> {
  const rows = await db
    .selectFrom('incident')
    .selectAll()
    .where('source', '=', source)
    .where('status', '<>', 'CLOSED')
    .where('created_at', '>=', since)
    .where('parent_id', 'is', null)
    .where('merged_into_id', 'is', null)
    .orderBy('id')
    .limit(500)
    .forNoKeyUpdate()
    .execute()
  return rows.map(read)
}
