import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'

export interface FactRow {
  id: string
  at: Temporal.Instant
  kind: string
  actor_person_id: string | null
  subject_type: string
  subject_id: string
}

/** What happened in one sandbox bureau, in order; served by the ledger's index on `at`. */
export async function factsOf(db: Db, tenantId: string, from: Temporal.Instant): Promise<FactRow[]> {
  const { rows } = await sql<FactRow>`
    select id, at, kind, actor_person_id, subject_type, subject_id from ledger_fact
    where at >= ${from} and tenant_id = ${tenantId} order by at, id limit 2000`.execute(db)
  return rows
}

export async function isTenantOpen(db: Db, tenantId: string): Promise<boolean> {
  const { rows } = await sql`select from tenant where id = ${tenantId} and status = 'ACTIVE'`.execute(db)
  return rows.length > 0
}

/** What a person of the house may do in the practice world now, in the shape of the session. */
export async function seatOf(db: Db, personId: string, now: Temporal.Instant): Promise<{ name: string; grants: unknown[] } | undefined> {
  const { rows } = await sql<{ name: string; grants: unknown[] }>`
    select name, grants_of(id, ${now}) as grants from person where id = ${personId} and active`.execute(db)
  return rows[0]
}

/** The same person is asked for every page: nobody is offered a tour of a practice. */
export async function skipTour(db: Db, personId: string): Promise<void> {
  await sql`update person set tour_done = true where id = ${personId}`.execute(db)
}

export async function endGrantsOf(db: Db, personId: string, now: Temporal.Instant): Promise<void> {
  await sql`update role_grant set status = 'LAPSED', ended_at = ${now} where person_id = ${personId} and status = 'IN_FORCE'`.execute(db)
}

export async function hasGrant(db: Db, personId: string, role: string): Promise<boolean> {
  const { rows } = await sql`select from role_grant where person_id = ${personId} and role = ${role} and status = 'IN_FORCE'`.execute(db)
  return rows.length > 0
}

/** Grants of a bureau end with it, and it is closed. */
export async function closeTenant(db: Db, tenantId: string, now: Temporal.Instant): Promise<void> {
  await sql`update role_grant set status = 'LAPSED', ended_at = ${now} where tenant_id = ${tenantId} and status = 'IN_FORCE'`.execute(db)
  await sql`update tenant set status = 'CLOSED' where id = ${tenantId}`.execute(db)
}

export async function runningInstances(db: Db, tenantId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from wf_instance where tenant_id = ${tenantId} and status = 'RUNNING' and parent_instance is null`.execute(db)
  return rows.map(({ id }) => id)
}

/** The simulated cloud forgets what a bureau had, so that the next one finds room. */
export async function forgetThings(db: Db, tenantId: string): Promise<void> {
  await sql`
    delete from sim_thing t using cloud_resource r
    where t.connection_id = r.connection_id and t.key = r.key
      and r.owner_id in (select l.id::text from work_order_line l join work_order w on w.id = l.work_order_id where w.tenant_id = ${tenantId}
        union all select id::text from application where tenant_id = ${tenantId})`.execute(db)
}

export async function personBySignIn(db: Db, signIn: string): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`select id from person where sign_in = ${signIn} and active`.execute(db)
  return rows[0]?.id ?? null
}

/** Does anybody hold the role? */
export async function hasGrantedRole(db: Db, role: string): Promise<boolean> {
  const { rows } = await sql`select from role_grant where role = ${role} and status = 'IN_FORCE' limit 1`.execute(db)
  return rows.length > 0
}
