import { sql } from 'kysely'
import type { Ctx } from '../../platform/ctx.ts'
import { blindIndexesOf } from '../../platform/sealed-columns.ts'

export interface Caller {
  id: string
  name: string
  unit: string | null
  /** The bureau of the first grant that lies in one. */
  tenantId: string | null
}
/** People in service with this telephone number, written with or without signs between; at most five. */
export async function peopleWithPhone({ db, crypto }: Ctx, phone: string): Promise<Caller[]> {
  const digits = phone.replace(/\D/g, '')
  const { rows } = await sql<Caller>`
    select p.id, p.name, p.unit,
      (select g.tenant_id from role_grant g where g.person_id = p.id and g.status = 'IN_FORCE' and g.tenant_id is not null
       order by g.proposed_at limit 1) as "tenantId"
    from person p where p.active and (p.phone_index = any(${blindIndexesOf(crypto.ring, 'phone', digits)}::text[])
      or (p.phone_index is null and p.phone is not null and regexp_replace(p.phone, '[^0-9]', '', 'g') = ${digits}))
    order by p.name limit 5`.execute(db)
  return rows
}
/** People in service with this mail address, in any case of letters; at most five. That a letter says so proves nothing. */
export async function peopleWithEmail({ db, crypto }: Ctx, email: string): Promise<Caller[]> {
  const { rows } = await sql<Caller>`
    select p.id, p.name, p.unit,
      (select g.tenant_id from role_grant g where g.person_id = p.id and g.status = 'IN_FORCE' and g.tenant_id is not null
       order by g.proposed_at limit 1) as "tenantId"
    from person p where p.active and (p.email_index = any(${blindIndexesOf(crypto.ring, 'email', email)}::text[])
      or (p.email_index is null and lower(p.email) = lower(${email})))
    order by p.name limit 5`.execute(db)
  return rows
}
