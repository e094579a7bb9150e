import type { Criterion, Severity } from '@changbai/contract/incident.ts'
import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'
import type { ClockKind } from './clocks.domain.ts'

interface Matter {
  id: string
  number: string
  tenant_id: string | null
  application_id: string | null
}
interface Between {
  from: Temporal.Instant
  to: Temporal.Instant
}

/** Clocks of incidents of one highest severity that fall due in the span; a duplicate counts with the one it was merged into. */
export async function clocksDue(
  db: Db,
  severity: Severity,
  { from, to }: Between,
): Promise<(Matter & { clock: ClockKind; start_at: Temporal.Instant; due_at: Temporal.Instant; done_at: Temporal.Instant | null })[]> {
  const { rows } = await sql<Awaited<ReturnType<typeof clocksDue>>[number]>`
    select i.id, i.number, i.tenant_id, i.application_id, c.clock, c.start_at, c.due_at, c.done_at
    from incident_clock c join incident i on i.id = c.incident_id
    where i.top_severity = ${severity} and i.merged_into_id is null and c.due_at >= ${from} and c.due_at < ${to}
    order by c.due_at, i.id, c.clock`.execute(db)
  return rows
}

export interface MajorRow extends Matter {
  clock_start_at: Temporal.Instant
  /** When it first was I or II. */
  major_at: Temporal.Instant
  told_at: Temporal.Instant | null
  begun_at: Temporal.Instant | null
}
/** Incidents that were I or II from some instant of this time on, with when the leader was told and when somebody began. */
export async function majorIncidents(db: Db, { from, to }: Between): Promise<MajorRow[]> {
  const { rows } = await sql<MajorRow>`
    select * from (
      select i.id, i.number, i.tenant_id, i.application_id, i.clock_start_at,
        case when i.first_severity in ('I', 'II') then i.created_at
          else (select min(e.recorded_at) from incident_event e where e.incident_id = i.id and e.kind = 'LEVEL' and e.level in ('I', 'II')) end as major_at,
        (select min(n.at) from incident_leader_notice n where n.incident_id = i.id) as told_at,
        (select min(e.at) from incident_event e where e.incident_id = i.id and e.kind in ('TAKEN', 'RESPONDED')) as begun_at
      from incident i where i.top_severity in ('I', 'II') and i.merged_into_id is null
    ) m where major_at >= ${from} and major_at < ${to} order by major_at, id`.execute(db)
  return rows
}

export interface PaperRow extends Matter {
  due_at: Temporal.Instant
  done_at: Temporal.Instant | null
}
/** First reports that fall due in the span. */
export async function reportsDue(db: Db, { from, to }: Between): Promise<PaperRow[]> {
  const { rows } = await sql<PaperRow>`
    select i.id, i.number, i.tenant_id, i.application_id, i.report_due_at as due_at,
      (select min(e.at) from incident_event e where e.incident_id = i.id and e.kind = 'REPORT') as done_at
    from incident i where i.report_due_at >= ${from} and i.report_due_at < ${to} and i.merged_into_id is null order by 5, 1`.execute(db)
  return rows
}
/** Post-mortems that fall due in the span; done when both leaders have approved and the incident is closed. */
export async function postmortemsDue(db: Db, { from, to }: Between): Promise<PaperRow[]> {
  const { rows } = await sql<PaperRow>`
    select id, number, tenant_id, application_id, postmortem_due_at as due_at, closed_at as done_at
    from incident where postmortem_due_at >= ${from} and postmortem_due_at < ${to} and merged_into_id is null order by 5, 1`.execute(db)
  return rows
}
export async function reportedIncidents(
  db: Db,
  { from, to }: Between,
): Promise<(Matter & { reported_at: Temporal.Instant; severity: Severity; criteria: Criterion[] })[]> {
  const { rows } = await sql<Awaited<ReturnType<typeof reportedIncidents>>[number]>`
    select id, number, tenant_id, application_id, reported_at, severity, criteria
    from incident where reported_at >= ${from} and reported_at < ${to} and merged_into_id is null order by reported_at, id`.execute(db)
  return rows
}

/** Preventive actions that fall due in the span, the day itself included. */
export async function actionsDue(
  db: Db,
  { from, to }: Between,
): Promise<(Matter & { action_id: string; description: string; due_at: Temporal.Instant; done_at: Temporal.Instant | null })[]> {
  const { rows } = await sql<Awaited<ReturnType<typeof actionsDue>>[number]>`
    select * from (
      select i.id, i.number, i.tenant_id, i.application_id, a.id as action_id, a.description,
        ((a.due_on + 1)::timestamp at time zone 'Asia/Shanghai') - interval '1 millisecond' as due_at, a.done_at
      from incident_action a join incident i on i.id = a.incident_id
    ) d where due_at >= ${from} and due_at < ${to} order by due_at, action_id`.execute(db)
  return rows
}
/** Solution clocks of all severities that fall due in the span, of incidents somebody of the provider handles. */
export async function solutionsDue(
  db: Db,
  { from, to }: Between,
): Promise<(Matter & { start_at: Temporal.Instant; due_at: Temporal.Instant; done_at: Temporal.Instant | null })[]> {
  const { rows } = await sql<Awaited<ReturnType<typeof solutionsDue>>[number]>`
    select i.id, i.number, i.tenant_id, i.application_id, c.start_at, c.due_at, c.done_at
    from incident_clock c join incident i on i.id = c.incident_id
    where c.clock = 'solution' and i.merged_into_id is null and c.due_at >= ${from} and c.due_at < ${to} order by c.due_at, i.id`.execute(
    db,
  )
  return rows
}
