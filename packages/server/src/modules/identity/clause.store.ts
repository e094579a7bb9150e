import type { Role } from '@changbai/contract/capability.ts'
import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'

export interface GrantHeld {
  id: string
  role: Role
  person_id: string
  person_name: string
  tenant_id: string | null
  application_id: string | null
  proposed_by: string | null
  decided_by: string | null
}

/** Grants that were in force at an instant, of one role or of all. */
export async function grantsHeldAt(db: Db, at: Temporal.Instant, role?: Role): Promise<GrantHeld[]> {
  const { rows } = await sql<GrantHeld>`
    select g.id, g.role, g.person_id, p.name as person_name, g.tenant_id, g.application_id, g.proposed_by, g.decided_by
    from role_grant g join person p on p.id = g.person_id
    where g.decided_at <= ${at} and (g.ended_at is null or g.ended_at > ${at}) and g.status in ('IN_FORCE', 'WITHDRAWN', 'LAPSED')
      and (p.disabled_at is null or p.disabled_at > ${at}) ${role ? sql`and g.role = ${role}` : sql``}
    order by g.id`.execute(db)
  return rows
}

/**
 * Moments at which nobody held the role: of the moments given, and of those within the span at which somebody stopped holding it.
 * @returns null if nobody has ever held it
 */
export async function momentsUnheld(
  db: Db,
  role: Role,
  given: readonly Temporal.Instant[],
  { from, to }: { from: Temporal.Instant; to: Temporal.Instant },
): Promise<{ firstAt: Temporal.Instant; unheld: Temporal.Instant[] } | null> {
  const { rows } = await sql<{ first_at: Temporal.Instant | null; unheld: string[] | null }>`
    with held as (
      select g.decided_at as since, least(g.ended_at, p.disabled_at) as until from role_grant g join person p on p.id = g.person_id
      where g.role = ${role} and g.decided_at is not null and g.status in ('IN_FORCE', 'WITHDRAWN', 'LAPSED')
    ), moment as (
      select unnest(${given.map(String)}::timestamptz[]) as at union select until from held where until >= ${from} and until < ${to}
    )
    select (select min(since) from held) as first_at,
      (select array_agg(to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) from moment
       where not exists (select from held where since <= at and (until is null or until > at))) as unheld`.execute(db)
  const row = rows[0]
  return row?.first_at ? { firstAt: row.first_at, unheld: (row.unheld ?? []).map((text) => Temporal.Instant.from(text)) } : null
}
