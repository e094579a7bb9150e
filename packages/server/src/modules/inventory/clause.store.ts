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
