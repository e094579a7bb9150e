import type { Role } from '@changbai/contract/capability.ts'
import { sql } from 'kysely'
import type { Grant } from '../../platform/actor.ts'
import type { Db } from '../../platform/db.ts'
import { forget } from '../../platform/memo.ts'

/** What a command has read of who holds what; forgotten by whatever writes a grant, a delegation or who is active. */
export const HOLDERS = 'holders:'

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

export async function insertGrant(db: Db, row: GrantTable): Promise<void> {
  forget(db, HOLDERS)
  await db.insertInto('role_grant').values(row).execute()
}
export const lockGrant = (db: Db, id: string) => db.selectFrom('role_grant').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export async function updateGrant(db: Db, id: string, change: Partial<GrantTable>): Promise<void> {
  forget(db, HOLDERS)
  await db.updateTable('role_grant').set(change).where('id', '=', id).execute()
}

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

export interface HeldGrantRow extends Grant {
  /** Whose role it is when it is lent, and until when. */
  lender_id: string | null
  lender: string | null
  until_at: Temporal.Instant | null
}
/** What grants_of gives, with the lenders named: the same role held and borrowed stands twice. */
export async function heldGrants(db: Db, personId: string, now: Temporal.Instant): Promise<HeldGrantRow[]> {
  const { rows } = await sql<HeldGrantRow>`
    select role, tenant_id as "tenantId", application_id as "applicationId", null::uuid as lender_id, null as lender, null::timestamptz as until_at
    from role_grant where person_id = ${personId} and status = 'IN_FORCE'
    union all
    select g.role, g.tenant_id, g.application_id, l.id, l.name, d.until_at
    from delegation d join person l on l.id = d.from_person_id and l.active
      join role_grant g on g.person_id = d.from_person_id and g.role = d.role and g.status = 'IN_FORCE'
    where d.to_person_id = ${personId} and d.ended_at is null and d.from_at <= ${now} and d.until_at > ${now}
    order by until_at nulls first, role`.execute(db)
  return rows
}

export interface GrantView extends GrantTable {
  person_name: string
  tenant_name: string | null
  proposed_name: string | null
  decided_name: string | null
  has_password: boolean
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
    select g.*, p.name as person_name, t.short_name as tenant_name, a.name as proposed_name, b.name as decided_name,
      (exists (select from password w where w.person_id = g.person_id) or exists (select from ldap_account l where l.person_id = g.person_id)) as has_password
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

/** Active people who hold the role where the work lies (everywhere, in the bureau, for the application), by grant or by delegation. */
export async function personsHolding(
  db: Db,
  roles: readonly Role[],
  place: { tenantId: string | null; applicationId: string | null },
  now: Temporal.Instant,
): Promise<Map<Role, string[]>> {
  const { rows } = await sql<{ role: Role; person_id: string }>`
    with held as (
      select g.role, g.person_id from role_grant g join person p on p.id = g.person_id and p.active
      where g.role = any(${roles}::text[]) and g.status = 'IN_FORCE'
        and (g.tenant_id is null or g.tenant_id = ${place.tenantId})
        and (g.application_id is null or g.application_id = ${place.applicationId})
    )
    select role, person_id from held
    union
    select d.role, d.to_person_id from held join delegation d on d.from_person_id = held.person_id and d.role = held.role
      join person p on p.id = d.to_person_id and p.active
    where d.ended_at is null and d.from_at <= ${now} and d.until_at > ${now}`.execute(db)
  const byRole = Map.groupBy(rows, (row) => row.role)
  return new Map(roles.map((role) => [role, (byRole.get(role) ?? []).map((row) => row.person_id)]))
}

/** Everybody active in this role, wherever. */
export const countHolders = async (db: Db, role: Role): Promise<number> => {
  const { rows } = await sql<{ n: number }>`
    select count(distinct g.person_id) as n from role_grant g join person p on p.id = g.person_id and p.active
    where g.role = ${role} and g.status = 'IN_FORCE'`.execute(db)
  return rows[0]?.n ?? 0
}

export async function insertDelegation(db: Db, row: DelegationTable): Promise<void> {
  forget(db, HOLDERS)
  await db.insertInto('delegation').values(row).execute()
}
export const lockDelegation = (db: Db, id: string) =>
  db.selectFrom('delegation').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export async function endDelegationRow(db: Db, id: string, at: Temporal.Instant): Promise<void> {
  forget(db, HOLDERS)
  await db.updateTable('delegation').set({ ended_at: at }).where('id', '=', id).execute()
}
/** Who acts for this person now. */
export const delegatesOf = async (db: Db, personId: string, now: Temporal.Instant): Promise<string[]> =>
  (
    await db
      .selectFrom('delegation')
      .select('to_person_id')
      .distinct()
      .where('from_person_id', '=', personId)
      .where('ended_at', 'is', null)
      .where('from_at', '<=', now)
      .where('until_at', '>', now)
      .execute()
  ).map((row) => row.to_person_id)
export async function delegationsOf(db: Db, personId: string) {
  const { rows } = await sql<DelegationTable & { from_name: string; to_name: string }>`
    select d.*, a.name as from_name, b.name as to_name
    from delegation d join person a on a.id = d.from_person_id join person b on b.id = d.to_person_id
    where d.from_person_id = ${personId} or d.to_person_id = ${personId}
    order by d.until_at desc limit 100`.execute(db)
  return rows
}
