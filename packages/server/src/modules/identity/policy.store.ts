import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'

export interface SecurityPolicyTable {
  id: string
  failures_to_lock: number
  lock_minutes: number
  idle_minutes: number
  password_min_length: number
  password_classes: number
  password_days: number
  changed_by: string
  changed_at: Temporal.Instant
  reason: string
}
interface AddressRuleTable {
  id: string
  network: string
  note: string
  added_by: string
  added_at: Temporal.Instant
}
declare module '../../platform/db.ts' {
  interface Tables {
    security_policy: SecurityPolicyTable
    address_rule: AddressRuleTable
  }
}

/** The policy in force; none while nobody has made it stricter than the plan. */
export const newestPolicy = (db: Db) =>
  db.selectFrom('security_policy').selectAll().orderBy('changed_at', 'desc').orderBy('id', 'desc').limit(1).executeTakeFirst()
export const listPolicies = (db: Db) =>
  db
    .selectFrom('security_policy')
    .innerJoin('person', 'person.id', 'security_policy.changed_by')
    .selectAll('security_policy')
    .select('person.name as changed_name')
    .orderBy('changed_at', 'desc')
    .orderBy('security_policy.id', 'desc')
    .limit(20)
    .execute()
export const insertPolicy = (db: Db, row: SecurityPolicyTable) => db.insertInto('security_policy').values(row).execute()

export async function listAddresses(db: Db) {
  const { rows } = await sql<AddressRuleTable & { added_name: string }>`
    select r.id, r.network::text as network, r.note, r.added_at, r.added_by, p.name as added_name
    from address_rule r join person p on p.id = r.added_by order by r.network`.execute(db)
  return rows
}
/** False when the network is there already. */
export async function insertAddress(db: Db, row: AddressRuleTable): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into address_rule (id, network, note, added_by, added_at)
    values (${row.id}, network(${row.network}::inet), ${row.note}, ${row.added_by}, ${row.added_at})
    on conflict (network) do nothing`.execute(db)
  return (numAffectedRows ?? 0n) > 0n
}
export const deleteAddress = async (db: Db, id: string): Promise<boolean> =>
  ((await db.deleteFrom('address_rule').where('id', '=', id).executeTakeFirst()).numDeletedRows ?? 0n) > 0n

/** May one sign in from here? Without any rule: yes. */
export async function isAddressAllowed(db: Db, address: string): Promise<boolean> {
  const { rows } = await sql<{ allowed: boolean }>`
    select not exists (select from address_rule) or exists (select from address_rule where network >>= ${address}::inet) as allowed`.execute(
    db,
  )
  return rows[0]?.allowed ?? false
}
