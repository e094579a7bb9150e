import { type ColumnType, sql } from 'kysely'
import type { Db } from '../../platform/db.ts'

export interface LdapAccountTable {
  entry_id: string
  dn: string
  sign_in: string
  name: string
  unit: string | null
  phone: string | null
  email: string | null
  state: 'PENDING' | 'LINKED' | 'IGNORED'
  presence: 'PRESENT' | 'DISABLED' | 'GONE'
  person_id: string | null
  first_seen_at: Temporal.Instant
  seen_at: Temporal.Instant
  decided_by: string | null
  decided_at: Temporal.Instant | null
}
interface Leaver {
  personId: string
  signIn: string
  name: string
  why: 'DISABLED' | 'GONE'
  closed: boolean
}
export interface LdapSyncRow {
  id: string
  at: Temporal.Instant
  cause: 'NIGHTLY' | 'ASKED'
  asked_by: string | null
  outcome: 'DONE' | 'HELD' | 'FAILED'
  problem: string | null
  found: number
  counts: { added: number; changed: number; leaving: number; back: number; unusable: number }
  leavers: Leaver[]
}
interface LdapSyncTable extends Omit<LdapSyncRow, 'counts' | 'leavers'> {
  counts: ColumnType<LdapSyncRow['counts'], string>
  leavers: ColumnType<LdapSyncRow['leavers'], string>
}
declare module '../../platform/db.ts' {
  interface Tables {
    ldap_account: LdapAccountTable
    ldap_sync: LdapSyncTable
  }
}

/** One synchronisation at a time, until the end of the transaction. */
export const lockSync = (db: Db) => sql`select pg_advisory_xact_lock(hashtext('ldap-sync'))`.execute(db)

export const allAccounts = (db: Db) => db.selectFrom('ldap_account').selectAll().execute()
export const lockAccount = (db: Db, entryId: string) =>
  db.selectFrom('ldap_account').selectAll().where('entry_id', '=', entryId).forUpdate().executeTakeFirst()

const ROWS_AT_ONCE = 500

/** New and changed entries as they are now; what was decided of them stays. */
export async function saveAccounts(
  db: Db,
  rows: readonly Omit<LdapAccountTable, 'state' | 'person_id' | 'first_seen_at' | 'decided_by' | 'decided_at'>[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
    await db
      .insertInto('ldap_account')
      .values(
        rows.slice(from, from + ROWS_AT_ONCE).map((row) => ({
          ...row,
          state: 'PENDING' as const,
          person_id: null,
          first_seen_at: row.seen_at,
          decided_by: null,
          decided_at: null,
        })),
      )
      .onConflict((conflict) =>
        conflict.column('entry_id').doUpdateSet((eb) => ({
          dn: eb.ref('excluded.dn'),
          sign_in: eb.ref('excluded.sign_in'),
          name: eb.ref('excluded.name'),
          unit: eb.ref('excluded.unit'),
          phone: eb.ref('excluded.phone'),
          email: eb.ref('excluded.email'),
          presence: eb.ref('excluded.presence'),
          seen_at: eb.ref('excluded.seen_at'),
        })),
      )
      .execute()
}
export const markGone = async (db: Db, entryIds: readonly string[]): Promise<void> => {
  if (entryIds.length === 0) return
  await db
    .updateTable('ldap_account')
    .set({ presence: 'GONE' })
    .where('entry_id', 'in', [...entryIds])
    .execute()
}
export const decideAccount = (db: Db, entryId: string, to: Pick<LdapAccountTable, 'state' | 'person_id' | 'decided_by' | 'decided_at'>) =>
  db.updateTable('ldap_account').set(to).where('entry_id', '=', entryId).execute()

/** Who signs in under this name by the directory; two of one name are nobody. */
export async function accountToAsk(db: Db, signIn: string): Promise<LdapAccountTable | undefined> {
  const rows = await db
    .selectFrom('ldap_account')
    .selectAll()
    .where('sign_in', '=', signIn)
    .where('presence', '!=', 'GONE')
    .where('state', '!=', 'IGNORED')
    .limit(2)
    .execute()
  return rows.length === 1 ? rows[0] : undefined
}
export const accountOfPerson = (db: Db, personId: string) =>
  db.selectFrom('ldap_account').selectAll().where('person_id', '=', personId).executeTakeFirst()

/** A password from before the directory kept it does not come back. */
export const dropPasswords = (db: Db, personId: string) => db.deleteFrom('password').where('person_id', '=', personId).execute()

export interface AccountView extends LdapAccountTable {
  here_id: string | null
  here_name: string | null
  here_active: boolean | null
  here_administrator: boolean
}
/** By name in pinyin order, with whoever it is, or would become, here. Served by index ldap_account_listed. */
export async function listAccounts(
  db: Db,
  filter: {
    entryId?: string
    state?: LdapAccountTable['state']
    q?: string | undefined
    after?: { name: string; id: string } | undefined
    limit: number
  },
): Promise<AccountView[]> {
  const { rows } = await sql<AccountView>`
    select a.*, p.id as here_id, p.name as here_name, p.active as here_active,
      exists (select from role_grant g where g.person_id = p.id and g.status in ('PROPOSED', 'IN_FORCE')
        and g.role in ('SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN')) as here_administrator
    from ldap_account a left join person p on case when a.person_id is null then p.sign_in = a.sign_in else p.id = a.person_id end
    where true
      ${filter.entryId ? sql`and a.entry_id = ${filter.entryId}` : sql``}
      ${filter.state ? sql`and a.state = ${filter.state} and (a.state = 'LINKED' or a.presence = 'PRESENT')` : sql``}
      ${filter.q ? sql`and (a.name || ' ' || a.sign_in || ' ' || coalesce(a.unit, '')) ilike ${`%${filter.q.replace(/[\\%_]/g, '\\$&')}%`}` : sql``}
      ${filter.after ? sql`and (a.name collate "zh-x-icu", a.entry_id) > (${filter.after.name} collate "zh-x-icu", ${filter.after.id})` : sql``}
    order by a.name collate "zh-x-icu", a.entry_id limit ${filter.limit}`.execute(db)
  return rows
}
export async function countAccounts(db: Db): Promise<{ pending: number; linked: number; ignored: number }> {
  const { rows } = await sql<{ pending: number; linked: number; ignored: number }>`
    select count(*) filter (where state = 'PENDING' and presence = 'PRESENT')::int as pending,
      count(*) filter (where state = 'LINKED')::int as linked, count(*) filter (where state = 'IGNORED')::int as ignored
    from ldap_account`.execute(db)
  return rows[0] ?? { pending: 0, linked: 0, ignored: 0 }
}

export const insertSync = (db: Db, row: LdapSyncRow) =>
  db
    .insertInto('ldap_sync')
    .values({ ...row, counts: JSON.stringify(row.counts), leavers: JSON.stringify(row.leavers) })
    .execute()
export const recentSyncs = async (db: Db, limit: number) =>
  (
    await sql<LdapSyncRow & { asked_name: string | null }>`
      select s.*, p.name as asked_name from ldap_sync s left join person p on p.id = s.asked_by order by s.at desc, s.id desc limit ${limit}`.execute(
      db,
    )
  ).rows

/** The last reading of the directory; absent where none is connected. */
export const newestSync = (db: Db): Promise<Pick<LdapSyncRow, 'at' | 'outcome'> | undefined> =>
  db.selectFrom('ldap_sync').select(['at', 'outcome']).orderBy('at', 'desc').limit(1).executeTakeFirst()
