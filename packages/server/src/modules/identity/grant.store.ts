import type { Role } from '@changbai/contract/capability.ts'
import { sql } from 'kysely'
import type { Grant } from '../../platform/actor.ts'
import type { Db } from '../../platform/db.ts'

export type GrantStatus = 'PROPOSED' | 'IN_FORCE' | 'REJECTED' | 'WITHDRAWN' | 'LAPSED'
interface GrantTable {
  id: string
  person_id: string
  role: Role
  tenant_id: string | null
  application_id: string | null
  status: GrantStatus
  reason: string
  proposed_by: string | null
  proposed_at: Temporal.Instant
  decided_by: string | null
  decided_at: Temporal.Instant | null
  ended_at: Temporal.Instant | null
}
interface DelegationTable {
  id: string
  from_person_id: string
  to_person_id: string
  role: Role
  from_at: Temporal.Instant
  until_at: Temporal.Instant
  reason: string
  ended_at: Temporal.Instant | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    role_grant: GrantTable
    delegation: DelegationTable
  }
}

export const insertGrant = (db: Db, row: GrantTable) => db.insertInto('role_grant').values(row).execute()
export const lockGrant = (db: Db, id: string) => db.selectFrom('role_grant').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const updateGrant = (db: Db, id: string, change: Partial<GrantTable>) =>
  db.updateTable('role_grant').set(change).where('id', '=', id).execute()

/** Roles in force or waiting for approval: both count for separation of duties. */
export async function rolesOf(db: Db, personId: string): Promise<Role[]> {
  const rows = await db
    .selectFrom('role_grant')
    .select('role')
    .distinct()
    .where('person_id', '=', personId)
    .where('status', 'in', ['IN_FORCE', 'PROPOSED'])
    .execute()
  return rows.map((row) => row.role)
}

export async function grantsOf(db: Db, personId: string, now: Temporal.Instant): Promise<Grant[]> {
  const { rows } = await sql<{ grants: Grant[] }>`select grants_of(${personId}, ${now}) as grants`.execute(db)
  return rows[0]?.grants ?? []
}

export interface GrantView extends GrantTable {
  person_name: string
  tenant_name: string | null
  proposed_name: string | null
  decided_name: string | null
}

/** Newest first. Served by index role_grant_recent. */
export async function listGrants(
  db: Db,
  filter: {
    id?: string
    status?: GrantStatus | undefined
    personId?: string | undefined
    role?: Role | undefined
    after?: { at: Temporal.Instant; id: string } | undefined
    limit: number
  },
): Promise<GrantView[]> {
  const { rows } = await sql<GrantView>`
    select g.*, p.name as person_name, t.short_name as tenant_name, a.name as proposed_name, b.name as decided_name
    from role_grant g join person p on p.id = g.person_id
      left join tenant t on t.id = g.tenant_id
      left join person a on a.id = g.proposed_by
      left join person b on b.id = g.decided_by
    where true
      ${filter.id ? sql`and g.id = ${filter.id}` : sql``}
      ${filter.status ? sql`and g.status = ${filter.status}` : sql``}
      ${filter.personId ? sql`and g.person_id = ${filter.personId}` : sql``}
      ${filter.role ? sql`and g.role = ${filter.role}` : sql``}
      ${filter.after ? sql`and (g.proposed_at, g.id) < (${filter.after.at}, ${filter.after.id})` : sql``}
    order by g.proposed_at desc, g.id desc limit ${filter.limit}`.execute(db)
  return rows
}

/** Active people who hold the role where the work lies: everywhere, in the bureau, or for the application. */
export async function personsHolding(
  db: Db,
  role: Role,
  place: { tenantId?: string | null | undefined; applicationId?: string | null | undefined },
): Promise<string[]> {
  const { rows } = await sql<{ person_id: string }>`
    select distinct g.person_id from role_grant g join person p on p.id = g.person_id and p.active
    where g.role = ${role} and g.status = 'IN_FORCE'
      and (g.tenant_id is null or g.tenant_id = ${place.tenantId ?? null})
      and (g.application_id is null or g.application_id = ${place.applicationId ?? null})`.execute(db)
  return rows.map((row) => row.person_id)
}

/** Everybody active in this role, wherever. */
export const countHolders = async (db: Db, role: Role): Promise<number> => {
  const { rows } = await sql<{ n: number }>`
    select count(distinct g.person_id) as n from role_grant g join person p on p.id = g.person_id and p.active
    where g.role = ${role} and g.status = 'IN_FORCE'`.execute(db)
  return rows[0]?.n ?? 0
}

export const insertDelegation = (db: Db, row: DelegationTable) => db.insertInto('delegation').values(row).execute()
export const lockDelegation = (db: Db, id: string) =>
  db.selectFrom('delegation').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const endDelegationRow = (db: Db, id: string, at: Temporal.Instant) =>
  db.updateTable('delegation').set({ ended_at: at }).where('id', '=', id).execute()
export async function delegationsOf(db: Db, personId: string) {
  const { rows } = await sql<DelegationTable & { from_name: string; to_name: string }>`
    select d.*, a.name as from_name, b.name as to_name
    from delegation d join person a on a.id = d.from_person_id join person b on b.id = d.to_person_id
    where d.from_person_id = ${personId} or d.to_person_id = ${personId}
    order by d.until_at desc limit 100`.execute(db)
  return rows
}
