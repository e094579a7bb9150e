import { sql } from 'kysely'
import type { Database, Db } from '../../platform/db.ts'

interface PasswordTable {
  person_id: string
  set_at: Temporal.Instant
  hash: string
  temporary: boolean
}
interface FailureTable {
  key: string
  failures: number
  last_at: Temporal.Instant
  locked_until: Temporal.Instant | null
}
interface SecondFactorTable {
  person_id: string
  secret: string
  confirmed_at: Temporal.Instant | null
  last_step: number
  recovery: string[]
}
/** SELF: by the same person from another session; OTHER: by the security administrator; CLOSED: with the account. */
/** Of what a browser calls itself, as much is kept. */
export const AGENT_MAX = 300
export type EndedWhy = 'SIGNED_OUT' | 'IDLE' | 'AGE' | 'SELF' | 'OTHER' | 'PASSWORD' | 'SECOND_FACTOR' | 'CLOSED' | 'STOLEN'
interface SessionTable {
  id: string
  digest: string
  person_id: string
  started_at: Temporal.Instant
  seen_at: Temporal.Instant
  ends_at: Temporal.Instant
  address: string
  user_agent: string
  idle_minutes: number
  password_due_at: Temporal.Instant | null
  previous_sign_in_at: Temporal.Instant | null
  ended_at: Temporal.Instant | null
  ended_why: EndedWhy | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    password: PasswordTable
    sign_in_failure: FailureTable
    second_factor: SecondFactorTable
    session: SessionTable
  }
}

export type SecondFactor = SecondFactorTable

export const currentPassword = (db: Db, personId: string) =>
  db.selectFrom('password').selectAll().where('person_id', '=', personId).orderBy('set_at', 'desc').limit(1).executeTakeFirst()
export const recentPasswords = (db: Db, personId: string, count: number) =>
  db.selectFrom('password').selectAll().where('person_id', '=', personId).orderBy('set_at', 'desc').limit(count).execute()
export const insertPassword = (db: Db, row: PasswordTable) =>
  db
    .insertInto('password')
    .values(row)
    .onConflict((conflict) => conflict.columns(['person_id', 'set_at']).doUpdateSet({ hash: row.hash, temporary: row.temporary }))
    .execute()

/** Locks the counter, making it when it is not there, so that failures at the same moment all count. */
export async function lockFailures(db: Db, key: string, at: Temporal.Instant): Promise<FailureTable> {
  await db
    .insertInto('sign_in_failure')
    .values({ key, failures: 0, last_at: at, locked_until: null })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute()
  return db.selectFrom('sign_in_failure').selectAll().where('key', '=', key).forUpdate().executeTakeFirstOrThrow()
}
export const saveFailures = (db: Db, row: FailureTable) =>
  db
    .updateTable('sign_in_failure')
    .set({ failures: row.failures, last_at: row.last_at, locked_until: row.locked_until })
    .where('key', '=', row.key)
    .execute()
export const clearFailures = (db: Db, key: string) => db.deleteFrom('sign_in_failure').where('key', '=', key).execute()

export const secondFactorOf = (db: Db, personId: string) =>
  db.selectFrom('second_factor').selectAll().where('person_id', '=', personId).forUpdate().executeTakeFirst()
export const saveSecondFactor = (db: Db, row: SecondFactorTable) =>
  db
    .insertInto('second_factor')
    .values(row)
    .onConflict((conflict) =>
      conflict.column('person_id').doUpdateSet({
        secret: row.secret,
        confirmed_at: row.confirmed_at,
        last_step: row.last_step,
        recovery: row.recovery,
      }),
    )
    .execute()
export const deleteSecondFactor = (db: Db, personId: string) => db.deleteFrom('second_factor').where('person_id', '=', personId).execute()
export const hasSecondFactor = async (db: Db, personId: string): Promise<boolean> =>
  (await db
    .selectFrom('second_factor')
    .select('person_id')
    .where('person_id', '=', personId)
    .where('confirmed_at', 'is not', null)
    .executeTakeFirst()) !== undefined

export const insertSession = async (db: Db, row: SessionTable): Promise<void> => {
  await db.insertInto('session').values(row).execute()
  await db.updateTable('person').set({ last_sign_in_at: row.started_at }).where('id', '=', row.person_id).execute()
}
/** Ends what is still open of the session, or of the person's sessions but one; says which. */
export function endSessionRows(
  db: Db,
  which: { id: string } | { personId: string; exceptId?: string | null },
  why: EndedWhy,
  at: Temporal.Instant,
): Promise<{ id: string; person_id: string }[]> {
  let query = db.updateTable('session').set({ ended_at: at, ended_why: why }).where('ended_at', 'is', null)
  if ('id' in which) query = query.where('id', '=', which.id)
  else {
    query = query.where('person_id', '=', which.personId)
    if (which.exceptId) query = query.where('id', '!=', which.exceptId)
  }
  return query.returning(['id', 'person_id']).execute()
}
/** Ends sessions nobody has used for their idle time, or that are over age; served by index session_open. */
export async function endStaleRows(db: Db, now: Temporal.Instant) {
  const { rows } = await sql<{ id: string; person_id: string; ended_why: EndedWhy; seen_at: Temporal.Instant }>`
    update session set ended_at = ${now}, ended_why = case when ends_at <= ${now} then 'AGE' else 'IDLE' end
    where ended_at is null and (ends_at <= ${now} or seen_at <= ${now}::timestamptz - make_interval(mins => idle_minutes))
    returning id, person_id, ended_why, seen_at`.execute(db)
  return rows
}
export const sessionById = (db: Db, id: string) => db.selectFrom('session').selectAll().where('id', '=', id).executeTakeFirst()

/** Moves the idle clock; at most once in 30 seconds a session, so that reading pages does not write all the time. */
export async function touchSession(db: Database, id: string, at: Temporal.Instant): Promise<void> {
  await db
    .updateTable('session')
    .set({ seen_at: at })
    .where('id', '=', id)
    .where('seen_at', '<', at.subtract({ seconds: 30 }))
    .where('ended_at', 'is', null)
    .execute()
}

export interface SessionActor {
  session_id: string
  user_agent: string
  person_id: string
  name: string
  grants: { role: string; tenantId: string | null; applicationId: string | null }[]
}

export interface OpenSession extends SessionTable {
  person_name: string
}
/** Sessions that still work, newest use first. */
export async function openSessions(db: Db, now: Temporal.Instant, personId?: string): Promise<OpenSession[]> {
  const { rows } = await sql<OpenSession>`
    select s.*, p.name as person_name from session s join person p on p.id = s.person_id
    where s.ended_at is null and s.ends_at > ${now} and s.seen_at > ${now}::timestamptz - make_interval(mins => s.idle_minutes)
      ${personId ? sql`and s.person_id = ${personId}` : sql``}
    order by s.seen_at desc limit 500`.execute(db)
  return rows
}

/** The password is new: the session goes on without restriction. */
export const renewSession = (db: Db, id: string, passwordDueAt: Temporal.Instant) =>
  db.updateTable('session').set({ password_due_at: passwordDueAt }).where('id', '=', id).execute()

/**
 * The person behind a live session with everything held now, delegated roles included: one statement. Past the age of the password
 * nothing is held until it is changed.
 */
export async function sessionActor(db: Db, digest: string, now: Temporal.Instant, address: string): Promise<SessionActor | undefined> {
  const { rows } = await sql<SessionActor>`
    select s.id as session_id, s.user_agent, p.id as person_id, p.name,
      case when s.password_due_at <= ${now} then '[]'::jsonb else grants_of(p.id, ${now}) end as grants
    from session s join person p on p.id = s.person_id and p.active
    where s.digest = ${digest} and s.ended_at is null and s.ends_at > ${now}
      and s.seen_at > ${now}::timestamptz - make_interval(mins => s.idle_minutes)
      and (not exists (select from address_rule) or exists (select from address_rule where network >>= ${address}::inet))`.execute(db)
  return rows[0]
}
