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
