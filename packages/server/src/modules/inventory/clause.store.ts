import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'
import type { ClauseSpan } from '../plan/index.ts'

export interface ApplicationHeld {
  id: string
  tenant_id: string
  name: string
}

/** Applications that stood in the register at an instant. */
export async function applicationsAt(db: Db, at: Temporal.Instant): Promise<ApplicationHeld[]> {
  const { rows } = await sql<ApplicationHeld>`
    select id, tenant_id, name from application
    where created_at <= ${at} and (retired_at is null or retired_at > ${at}) order by id`.execute(db)
  return rows
}

/** Production applications in use, by code. */
export async function onlineApplicationRows(db: Db): Promise<{ id: string; code: string; name: string }[]> {
  const { rows } = await sql<{ id: string; code: string; name: string }>`
    select id, code, name from application where state = 'ONLINE' and env = 'PROD' and retired_at is null order by code`.execute(db)
  return rows
}

export interface Matched {
  connection_id: string
  kind: string
  external_id: string
  name: string
  /** The difference that was live then; null: alike, or kept as it is by decision. */
  drift_id: string | null
  tenant_id: string | null
  seen_at: Temporal.Instant
}
/**
 * What was in the clouds at an instant, each with its live difference; then what is recorded and was not there. Others' things that lie in projects
 * which are not ours are none of ours; the register's own, not recorded yet, are on their way. At most 100,000.
 */
export async function thingsMatched(db: Db, at: Temporal.Instant): Promise<Matched[]> {
  const { rows } = await sql<Matched>`
    with live as (
      select * from drift where first_seen_at <= ${at} and (ended_at is null or ended_at > ${at})
        and not (status = 'KEPT' and decided_at <= ${at}) and kind in ('server', 'volume', 'network', 'address')
    )
    select o.connection_id, o.kind, o.external_id, o.name, l.id as drift_id, l.tenant_id, o.read_at as seen_at
    from observed_thing o left join live l on l.connection_id = o.connection_id and l.kind = o.kind and l.external_id = o.external_id
    where o.kind in ('server', 'volume', 'network', 'address') and o.first_seen_at <= ${at} and (o.gone_at is null or o.gone_at > ${at})
      and (o.project_id = '' or l.id is not null or exists (
        select from observed_thing p where p.connection_id = o.connection_id and p.kind = 'project' and p.external_id = o.project_id and p.registered))
    union all
    select connection_id, kind, external_id, name, id, tenant_id, last_seen_at from live where verdict = 'MISSING'
    order by 1, 2, 3 limit 100000`.execute(db)
  return rows
}
/** When each cloud was last read to its end before an instant. */
export async function lastReadings(
  db: Db,
  at: Temporal.Instant,
): Promise<{ connection_id: string; cloud: string; ended_at: Temporal.Instant | null }[]> {
  const { rows } = await sql<{ connection_id: string; cloud: string; ended_at: Temporal.Instant | null }>`
    select connection_id, max(cloud) as cloud, max(ended_at) filter (where status = 'DONE' and ended_at <= ${at}) as ended_at
    from cloud_reading where started_at <= ${at} group by connection_id order by connection_id`.execute(db)
  return rows
}

export interface Decided {
  id: string
  label: string
  at: Temporal.Instant
  proposed_by: string | null
  decided_by: string | null
}

/** Base parameters and templates put in force during the span. A version of the parameters is proposed and decided by one person, the IaaS administrator. */
export async function basicsDecided(db: Db, { from, to }: ClauseSpan): Promise<{ parameters: Decided[]; templates: Decided[] }> {
  const parameters = await sql<Decided>`
    select version::text as id, 'v' || version as label, at, null as proposed_by, by_person_id as decided_by
    from base_parameters where at >= ${from} and at < ${to} order by version`.execute(db)
  const templates = await sql<Decided>`
    select id::text, name as label, decided_at as at, proposed_by, decided_by from flavor where decided_at >= ${from} and decided_at < ${to} and state <> 'REJECTED'
    union all
    select id::text, name, decided_at, proposed_by, decided_by from image where decided_at >= ${from} and decided_at < ${to} and state <> 'REJECTED'
    order by at, id`.execute(db)
  return { parameters: parameters.rows, templates: templates.rows }
}

/** Hardware models with servers in use at an instant, and when their last test before it passed. */
export async function modelsInUse(db: Db, at: Temporal.Instant) {
  const { rows } = await sql<{ id: string; label: string; passed: boolean; test_id: string | null }>`
    select m.id, m.vendor || ' ' || m.model as label, coalesce(t.result = 'PASS', false) as passed, t.id as test_id
    from hardware_model m
    left join lateral (
      select id, result from hardware_acceptance_test where hardware_model_id = m.id and at <= ${at} order by at desc limit 1
    ) t on true
    where exists (
      select from server s where s.hardware_model_id = m.id and s.created_at <= ${at} and (s.retired_at is null or s.retired_at > ${at})
    ) order by m.id`.execute(db)
  return rows
}
