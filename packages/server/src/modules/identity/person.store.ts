import { type Generated, sql } from 'kysely'
import type { Locale } from '../../platform/ctx.ts'
import type { Db } from '../../platform/db.ts'
import { forget } from '../../platform/memo.ts'
import { HOLDERS } from './grant.store.ts'

interface TenantTable {
  id: string
  code: string
  name: string
  short_name: string
  status: 'PROPOSED' | 'ACTIVE' | 'CLOSED'
  created_at: Temporal.Instant
  credit_code: string | null
}
interface PersonTable {
  id: string
  sign_in: string
  name: string
  unit: string | null
  phone: string | null
  email: string | null
  active: boolean
  created_at: Temporal.Instant
  disabled_at: Temporal.Instant | null
  last_sign_in_at: Temporal.Instant | null
  locale: Locale | null
  tour_step: Generated<number>
  tour_done: Generated<boolean>
}
interface SetUpTable {
  singleton: boolean
  token_digest: string
  done_at: Temporal.Instant | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    tenant: TenantTable
    person: PersonTable
    set_up: SetUpTable
  }
}

export const insertPerson = (
  db: Db,
  person: Omit<PersonTable, 'active' | 'disabled_at' | 'last_sign_in_at' | 'locale' | 'tour_step' | 'tour_done'> & {
    locale?: Locale | null
  },
) =>
  db
    .insertInto('person')
    .values({ locale: null, ...person, active: true, disabled_at: null, last_sign_in_at: null })
    .onConflict((conflict) => conflict.column('sign_in').doNothing())
    .returningAll()
    .executeTakeFirst()

export const personById = (db: Db, id: string) => db.selectFrom('person').selectAll().where('id', '=', id).executeTakeFirst()
export const personBySignIn = (db: Db, signIn: string) =>
  db.selectFrom('person').selectAll().where('sign_in', '=', signIn).executeTakeFirst()
export const lockPerson = (db: Db, id: string) => db.selectFrom('person').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export async function setActive(db: Db, id: string, active: boolean, at: Temporal.Instant): Promise<void> {
  forget(db, HOLDERS)
  await db
    .updateTable('person')
    .set({ active, disabled_at: active ? null : at })
    .where('id', '=', id)
    .execute()
}

export const saveTour = (db: Db, id: string, { step, done }: { step: number; done: boolean }) =>
  db.updateTable('person').set({ tour_step: step, tour_done: done }).where('id', '=', id).execute()
export const saveContact = (db: Db, id: string, contact: { unit: string | null; phone: string | null; email: string | null }) =>
  db.updateTable('person').set(contact).where('id', '=', id).execute()
export const saveLocale = (db: Db, id: string, locale: Locale) => db.updateTable('person').set({ locale }).where('id', '=', id).execute()
/** Those who have chosen a language. */
export async function localesOf(db: Db, ids: readonly string[]): Promise<Map<string, Locale>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('person')
    .select(['id', 'locale'])
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.flatMap((row) => (row.locale ? [[row.id, row.locale] as const] : [])))
}

export interface PeopleFilter {
  id?: string
  q?: string | undefined
  active?: boolean | undefined
  role?: string | undefined
  after?: { name: string; id: string } | undefined
  limit: number
}

/** People by name in pinyin order. Served by index person_name; a search by person_search. */
export async function listPeople(db: Db, filter: PeopleFilter) {
  const { rows } = await sql<
    PersonTable & {
      roles: { role: string; tenantId: string | null; tenantName: string | null }[]
      locked_until: Temporal.Instant | null
      has_password: boolean
      second_factor: boolean
    }
  >`
    select p.*, f.locked_until,
      (exists (select from password w where w.person_id = p.id) or exists (select from ldap_account l where l.person_id = p.id)) as has_password,
      exists (select from second_factor s where s.person_id = p.id and s.confirmed_at is not null) as second_factor,
      coalesce((select jsonb_agg(jsonb_build_object('role', g.role, 'tenantId', g.tenant_id, 'tenantName', t.short_name) order by g.role)
        from role_grant g left join tenant t on t.id = g.tenant_id where g.person_id = p.id and g.status = 'IN_FORCE'), '[]') as roles
    from person p left join sign_in_failure f on f.key = 'person:' || p.id
    where true
      ${filter.id ? sql`and p.id = ${filter.id}` : sql``}
      ${filter.q ? sql`and zh_grams(p.name || ' ' || p.sign_in) @> zh_grams(${filter.q}) and (p.name || ' ' || p.sign_in) ilike ${`%${filter.q.replace(/[\\%_]/g, '\\$&')}%`}` : sql``}
      ${filter.active === undefined ? sql`` : sql`and p.active = ${filter.active}`}
      ${filter.role ? sql`and exists (select from role_grant g where g.person_id = p.id and g.status = 'IN_FORCE' and g.role = ${filter.role})` : sql``}
      ${filter.after ? sql`and (p.name collate "zh-x-icu", p.id) > (${filter.after.name} collate "zh-x-icu", ${filter.after.id})` : sql``}
    order by p.name collate "zh-x-icu", p.id
    limit ${filter.limit}`.execute(db)
  return rows
}

/** Ten people whose name holds the text, active ones only, with the roles they hold. */
export async function findPeople(db: Db, q: string, role: string | undefined, tenantIds: readonly string[] | null) {
  const { rows } = await sql<{ id: string; name: string; unit: string | null; roles: string[] }>`
    select p.id, p.name, p.unit,
      coalesce((select array_agg(distinct g.role) from role_grant g where g.person_id = p.id and g.status = 'IN_FORCE'), '{}') as roles
    from person p
    where p.active and p.name ilike ${`%${q.replace(/[\\%_]/g, '\\$&')}%`}
      ${role ? sql`and exists (select from role_grant g where g.person_id = p.id and g.status = 'IN_FORCE' and g.role = ${role})` : sql``}
      ${tenantIds === null ? sql`` : sql`and exists (select from role_grant g where g.person_id = p.id and g.status = 'IN_FORCE' and g.tenant_id = any(${tenantIds}::uuid[]))`}
    order by p.name collate "zh-x-icu", p.id limit 20`.execute(db)
  return rows
}

export async function namesOfPersons(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('person')
    .select(['id', 'name'])
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}

export async function namesOfTenants(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('tenant')
    .select(['id', 'name'])
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}

export const insertTenant = (db: Db, tenant: TenantTable) =>
  db
    .insertInto('tenant')
    .values(tenant)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()
/** A bureau proposed with its people is one from the first grant in force on; false: it was one already. */
export const activateTenant = async (db: Db, id: string): Promise<boolean> =>
  (await db.updateTable('tenant').set({ status: 'ACTIVE' }).where('id', '=', id).where('status', '=', 'PROPOSED').executeTakeFirst())
    .numUpdatedRows > 0n

export const tenantById = (db: Db, id: string) => db.selectFrom('tenant').selectAll().where('id', '=', id).executeTakeFirst()

/** Bureaus by name; `ids` null: all. */
export async function listTenants(db: Db, ids: readonly string[] | null, q: string | undefined) {
  let query = db.selectFrom('tenant').selectAll()
  if (ids) query = query.where('id', 'in', ids.length > 0 ? [...ids] : ['00000000-0000-0000-0000-000000000000'])
  if (q) query = query.where('name', 'ilike', `%${q.replace(/[\\%_]/g, '\\$&')}%`)
  return query.orderBy(sql`name collate "zh-x-icu"`).limit(1000).execute()
}

export const setUpRow = (db: Db) => db.selectFrom('set_up').selectAll().forUpdate().executeTakeFirst()
export const openSetUpRow = (db: Db, tokenDigest: string) =>
  db
    .insertInto('set_up')
    .values({ singleton: true, token_digest: tokenDigest, done_at: null })
    .onConflict((conflict) => conflict.column('singleton').doUpdateSet({ token_digest: tokenDigest }).where('set_up.done_at', 'is', null))
    .execute()
export const isSetUpOpen = async (db: Db): Promise<boolean> =>
  (await db.selectFrom('set_up').select('done_at').executeTakeFirst())?.done_at === null
export const closeSetUp = (db: Db, at: Temporal.Instant) => db.updateTable('set_up').set({ done_at: at }).execute()
export const countPeople = async (db: Db): Promise<number> =>
  (
    await db
      .selectFrom('person')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
  ).n
