import { sql } from 'kysely'
import type { Locale } from '../../platform/ctx.ts'
import type { Db } from '../../platform/db.ts'

interface RegistrationTable {
  id: string
  number: string
  name: string
  credit_code: string
  pm_name: string
  pm_phone: string
  pm_email: string
  tl_name: string
  tl_phone: string
  tl_email: string
  letter_id: string
  locale: Locale
  address: string
  submitted_at: Temporal.Instant
  status: 'SUBMITTED' | 'TAKEN_ON' | 'REFUSED'
  reason: string | null
  decided_by: string | null
  decided_at: Temporal.Instant | null
  tenant_id: string | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    bureau_registration: RegistrationTable
  }
}

export type Registration = RegistrationTable
export const insertRegistration = (db: Db, row: RegistrationTable) => db.insertInto('bureau_registration').values(row).execute()
export const lockRegistration = (db: Db, id: string) =>
  db.selectFrom('bureau_registration').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const decideRegistration = (
  db: Db,
  id: string,
  change: Pick<RegistrationTable, 'status' | 'reason' | 'decided_by' | 'decided_at' | 'tenant_id'>,
) => db.updateTable('bureau_registration').set(change).where('id', '=', id).execute()

/** The letters of what waits under this code, to know a submission sent twice. */
export const waitingUnder = (db: Db, creditCode: string) =>
  db
    .selectFrom('bureau_registration')
    .select(['number', 'letter_id'])
    .where('credit_code', '=', creditCode)
    .where('status', '=', 'SUBMITTED')
    .limit(100)
    .execute()

export interface RegistrationView extends RegistrationTable {
  decided_name: string | null
  tenant_status: 'PROPOSED' | 'ACTIVE' | 'CLOSED' | null
  known: string | null
}
/** Newest first. Served by index bureau_registration_recent. */
export async function listRegistrations(
  db: Db,
  filter: { id?: string; status?: RegistrationTable['status'] | undefined },
): Promise<RegistrationView[]> {
  const { rows } = await sql<RegistrationView>`
    select r.*, p.name as decided_name, t.status as tenant_status,
      (select k.name from tenant k where (k.credit_code = r.credit_code or k.name = r.name) and k.id is distinct from r.tenant_id
        order by k.created_at limit 1) as known
    from bureau_registration r left join person p on p.id = r.decided_by left join tenant t on t.id = r.tenant_id
    where true
      ${filter.id ? sql`and r.id = ${filter.id}` : sql``}
      ${filter.status ? sql`and r.status = ${filter.status}` : sql``}
    order by r.submitted_at desc, r.id desc limit 200`.execute(db)
  return rows
}
