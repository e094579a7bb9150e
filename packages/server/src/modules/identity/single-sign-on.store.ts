import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'

export type ProviderStatus = 'PROPOSED' | 'IN_FORCE' | 'REJECTED' | 'REPLACED'
interface ProviderTable {
  id: string
  label: string
  issuer: string
  client_id: string
  client_secret: string
  claim: string
  required_method: string | null
  status: ProviderStatus
  metadata: unknown
  discovered_at: Temporal.Instant | null
  discovery_error: string | null
  proposed_by: string
  proposed_at: Temporal.Instant
  decided_by: string | null
  decided_at: Temporal.Instant | null
}
interface AttemptTable {
  state_digest: string
  provider_id: string
  browser_digest: string
  checks: string
  return_to: string
  expires_at: Temporal.Instant
}
interface LinkTable {
  issuer: string
  subject: string
  person_id: string
  linked_at: Temporal.Instant
}
declare module '../../platform/db.ts' {
  interface Tables {
    sso_provider: ProviderTable
    sso_attempt: AttemptTable
    sso_link: LinkTable
  }
}

export type Provider = ProviderTable
export interface ProviderView extends ProviderTable {
  proposed_name: string
  decided_name: string | null
}

export const insertProvider = (db: Db, row: Omit<ProviderTable, 'metadata' | 'discovered_at' | 'discovery_error'>) =>
  db
    .insertInto('sso_provider')
    .values({ ...row, metadata: null, discovered_at: null, discovery_error: null })
    .execute()
export const providerById = (db: Db, id: string) => db.selectFrom('sso_provider').selectAll().where('id', '=', id).executeTakeFirst()
export const lockProvider = (db: Db, id: string) =>
  db.selectFrom('sso_provider').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const providerInForce = (db: Db) => db.selectFrom('sso_provider').selectAll().where('status', '=', 'IN_FORCE').executeTakeFirst()
export const saveDiscovery = (db: Db, id: string, at: Temporal.Instant, found: { metadata: object } | { error: string }) =>
  db
    .updateTable('sso_provider')
    .set(
      'metadata' in found
        ? { metadata: JSON.stringify(found.metadata), discovered_at: at, discovery_error: null }
        : { discovery_error: found.error },
    )
    .where('id', '=', id)
    .execute()
export const replaceProviders = (db: Db) =>
  db.updateTable('sso_provider').set({ status: 'REPLACED' }).where('status', '=', 'IN_FORCE').execute()
export const decideProviderRow = (db: Db, id: string, status: ProviderStatus, by: string, at: Temporal.Instant) =>
  db.updateTable('sso_provider').set({ status, decided_by: by, decided_at: at }).where('id', '=', id).execute()

/** The settings, newest first, without their secrets' meaning. */
export async function listProviders(db: Db, id?: string): Promise<ProviderView[]> {
  const { rows } = await sql<ProviderView>`
    select s.*, a.name as proposed_name, b.name as decided_name
    from sso_provider s join person a on a.id = s.proposed_by left join person b on b.id = s.decided_by
    ${id ? sql`where s.id = ${id}` : sql``}
    order by s.proposed_at desc limit 50`.execute(db)
  return rows
}

/** Remembers a sign-in under way and forgets those that ran out. */
export async function insertAttempt(db: Db, row: AttemptTable, now: Temporal.Instant): Promise<void> {
  await db.deleteFrom('sso_attempt').where('expires_at', '<=', now).execute()
  await db.insertInto('sso_attempt').values(row).execute()
}
/** Takes the attempt out: a second arrival with the same state finds nothing. */
export const takeAttempt = (db: Db, stateDigest: string, browserDigest: string, now: Temporal.Instant) =>
  db
    .deleteFrom('sso_attempt')
    .where('state_digest', '=', stateDigest)
    .where('browser_digest', '=', browserDigest)
    .where('expires_at', '>', now)
    .returningAll()
    .executeTakeFirst()

export const linkOf = (db: Db, issuer: string, subject: string) =>
  db.selectFrom('sso_link').selectAll().where('issuer', '=', issuer).where('subject', '=', subject).executeTakeFirst()
/** False when the person is bound to another subject of that issuer already. */
export async function insertLink(db: Db, row: LinkTable): Promise<boolean> {
  const inserted = await db
    .insertInto('sso_link')
    .values(row)
    .onConflict((conflict) => conflict.columns(['issuer', 'person_id']).doNothing())
    .executeTakeFirst()
  return (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n
}
