import type { Role } from '@changbai/contract/capability.ts'
import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'
import type { SetupFacts } from './checklist.domain.ts'

const rowsOf = async <T>(query: ReturnType<typeof sql<T>>, db: Db): Promise<T[]> => (await query.execute(db)).rows

/** Eleven reads over indexes and small tables; `now` is the caller's. */
export async function readSetupFacts(
  db: Db,
  now: Temporal.Instant,
): Promise<
  Pick<
    SetupFacts,
    'holders' | 'mixedAdministrators' | 'bureaus' | 'headlessBureaus' | 'planVersion' | 'years' | 'clouds' | 'channels' | 'withoutLocal'
  > & {
    active: number
    heard: number
    directory: NonNullable<SetupFacts['directory']>
  }
> {
  const holders = await rowsOf(
    sql<{
      role: Role
      n: number
    }>`select g.role, count(distinct g.person_id)::int as n from role_grant g join person p on p.id = g.person_id
      where g.status = 'IN_FORCE' and p.active
      and (exists (select 1 from password w where w.person_id = p.id) or exists (select 1 from ldap_account l where l.person_id = p.id)) group by g.role`,
    db,
  )
  const mixed = await rowsOf(
    sql<{ name: string }>`select p.name from role_grant g join person p on p.id = g.person_id where g.status = 'IN_FORCE' and p.active
      and g.role in ('SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN') group by p.id, p.name having count(distinct g.role) > 1`,
    db,
  )
  const bureaus = await rowsOf(
    sql<{ name: string; headless: boolean }>`select t.short_name as name,
      (select count(distinct g.role) from role_grant g join person p on p.id = g.person_id
        where g.tenant_id = t.id and g.status = 'IN_FORCE' and p.active and g.role in ('APP_PROJECT_MANAGER', 'TENANT_APPROVER')) < 2 as headless
      from tenant t where t.status = 'ACTIVE' order by t.code`,
    db,
  )
  const plan = await rowsOf(sql<{ version: number | null }>`select max(version) as version from plan_version`, db)
  const years = await rowsOf(
    sql<{ year: number; published: boolean }>`select year, status = 'PUBLISHED' as published from calendar_year`,
    db,
  )
  const clouds = await rowsOf(
    sql<{ name: string; driver: string; well: boolean; fresh: boolean; problems: string[] }>`select name, driver,
      coalesce((check_result->>'ok')::boolean, false) as well,
      coalesce((check_result->>'at')::timestamptz > ${now}::timestamptz - interval '1 day', false) as fresh,
      coalesce((select array_agg(one) from jsonb_array_elements_text(check_result->'problems') one), '{}') as problems
      from cloud_connection where status = 'ACTIVE' order by name`,
    db,
  )
  const channels = await rowsOf(
    sql<
      SetupFacts['channels'][number]
    >`select channel, (select d.state from notice_delivery d where d.channel_id = c.id order by d.id desc limit 1) as "lastState"
      from notification_channel c where state = 'ACTIVE' and channel in ('EMAIL', 'SMS')`,
    db,
  )
  const probes = await rowsOf(
    sql<{ active: number; heard: number }>`select count(*)::int as active,
      count(*) filter (where last_seen_at > ${now}::timestamptz - interval '10 minutes')::int as heard from probe where state = 'ACTIVE'`,
    db,
  )
  const local = await rowsOf(
    sql<{
      role: Role
    }>`select distinct g.role from role_grant g join person p on p.id = g.person_id and p.active where g.status = 'IN_FORCE'
      and g.role in ('SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN') and not exists (select 1 from ldap_account l where l.person_id = p.id)`,
    db,
  )
  const directory = await rowsOf(
    sql<NonNullable<SetupFacts['directory']>>`select s.outcome as "lastOutcome", s.problem,
      coalesce(s.at > ${now}::timestamptz - interval '2 days', false) as fresh,
      (select count(*)::int from ldap_account where state = 'PENDING' and presence = 'PRESENT') as pending
      from (select 1) one left join lateral (select * from ldap_sync order by at desc, id desc limit 1) s on true`,
    db,
  )
  return {
    directory: directory[0] ?? { lastOutcome: null, problem: null, fresh: false, pending: 0 },
    withoutLocal: (['SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN'] as const).filter((role) => !local.some((one) => one.role === role)),
    holders: Object.fromEntries(holders.map(({ role, n }) => [role, n])),
    mixedAdministrators: mixed.map(({ name }) => name),
    bureaus: bureaus.length,
    headlessBureaus: bureaus.filter(({ headless }) => headless).map(({ name }) => name),
    planVersion: plan[0]?.version ?? null,
    years,
    clouds,
    channels,
    active: probes[0]?.active ?? 0,
    heard: probes[0]?.heard ?? 0,
  }
}

/** What a sheet names by code or sign-in. */
export const personIdOf = async (db: Db, signIn: string): Promise<string | undefined> =>
  (await rowsOf(sql<{ id: string }>`select id from person where sign_in = ${signIn}`, db))[0]?.id
export const tenantIdOf = async (db: Db, code: string): Promise<string | undefined> =>
  (await rowsOf(sql<{ id: string }>`select id from tenant where code = ${code}`, db))[0]?.id
export const applicationOf = async (db: Db, code: string): Promise<{ id: string; tenantId: string } | undefined> =>
  (await rowsOf(sql<{ id: string; tenantId: string }>`select id, tenant_id as "tenantId" from application where code = ${code}`, db))[0]
export const hasGrant = async (
  db: Db,
  one: { personId: string; role: Role; tenantId: string | null; applicationId: string | null },
): Promise<boolean> =>
  (
    await rowsOf(
      sql`select 1 from role_grant where person_id = ${one.personId} and role = ${one.role} and status in ('PROPOSED', 'IN_FORCE')
        and tenant_id is not distinct from ${one.tenantId}::uuid and application_id is not distinct from ${one.applicationId}::uuid`,
      db,
    )
  ).length > 0

/** Tries one row inside the transaction: what it wrote is undone if it throws, and the transaction lives on. */
export async function attemptRow<T>(db: Db, run: () => Promise<T>): Promise<{ done: T } | { error: unknown }> {
  await sql`savepoint setup_row`.execute(db)
  try {
    const done = await run()
    await sql`release savepoint setup_row`.execute(db)
    return { done }
  } catch (error) {
    await sql`rollback to savepoint setup_row`.execute(db)
    await sql`release savepoint setup_row`.execute(db)
    return { error }
  }
}
/** Keeps all rows or none. */
export async function keepOrUndo<T>(db: Db, run: () => Promise<{ keep: boolean; result: T }>): Promise<T> {
  await sql`savepoint setup_sheet`.execute(db)
  const { keep, result } = await run()
  if (!keep) await sql`rollback to savepoint setup_sheet`.execute(db)
  await sql`release savepoint setup_sheet`.execute(db)
  return result
}
