import type { Entry } from '@changbai/verify/availability/chain.ts'
import type { Known } from '@changbai/verify/availability/statement.ts'
import type { ColumnType, Generated, Selectable } from 'kysely'
import type { Db } from '../../platform/db.ts'

/** Read parsed, written as text. */
export type Json<T> = ColumnType<T, string, string>

interface ChainTable {
  application_id: string
  seq: number
  at: Temporal.Instant
  kind: Entry['kind']
  by_name: string
  by_person_id: string | null
  body: Json<Entry['body']>
  previous: string
  digest_algorithm: Generated<string>
  digest: string
}
interface AccountTable {
  application_id: string
  seq: number
  head: string
  facts: Json<Known>
  is_open: boolean
  judged_until: Temporal.Instant | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    availability_chain: ChainTable
    availability_account: AccountTable
  }
}

export interface Account {
  applicationId: string
  seq: number
  head: string
  kept: Known
  judgedUntil: Temporal.Instant | null
}

/** The one writer of a chain holds its account's row. */
export async function lockAccount(db: Db, applicationId: string): Promise<Account | undefined> {
  const row = await db
    .selectFrom('availability_account')
    .selectAll()
    .where('application_id', '=', applicationId)
    .forUpdate()
    .executeTakeFirst()
  return row && toAccount(row)
}

export async function createAccount(db: Db, applicationId: string, head: string, kept: Known): Promise<void> {
  await db
    .insertInto('availability_account')
    .values({ application_id: applicationId, seq: 0, head, facts: JSON.stringify(kept), is_open: false, judged_until: null })
    .onConflict((conflict) => conflict.column('application_id').doNothing())
    .execute()
}

/** Accounts of the applications given, in one read by primary key. */
export async function accountsOf(db: Db, applicationIds: readonly string[]): Promise<Account[]> {
  if (applicationIds.length === 0) return []
  const rows = await db
    .selectFrom('availability_account')
    .selectAll()
    .where('application_id', 'in', [...applicationIds])
    .execute()
  return rows.map(toAccount)
}

/** Those of the applications given where something goes on. */
export async function openAccounts(db: Db, applicationIds: readonly string[]): Promise<Set<string>> {
  if (applicationIds.length === 0) return new Set()
  const rows = await db
    .selectFrom('availability_account')
    .select('application_id')
    .where('application_id', 'in', [...applicationIds])
    .where('is_open', '=', true)
    .execute()
  return new Set(rows.map((row) => row.application_id))
}

export const allAccounts = async (db: Db): Promise<Account[]> =>
  (await db.selectFrom('availability_account').selectAll().orderBy('application_id').execute()).map(toAccount)

const toAccount = (row: {
  application_id: string
  seq: number
  head: string
  facts: Known
  judged_until: Temporal.Instant | null
}): Account => ({
  applicationId: row.application_id,
  seq: row.seq,
  head: row.head,
  kept: row.facts,
  judgedUntil: row.judged_until,
})

export async function saveAccount(
  db: Db,
  applicationId: string,
  end: { seq: number; head: string },
  kept: Known,
  isOpen: boolean,
): Promise<void> {
  await db
    .updateTable('availability_account')
    .set({
      seq: end.seq,
      head: end.head,
      facts: JSON.stringify(kept),
      is_open: isOpen,
    })
    .where('application_id', '=', applicationId)
    .execute()
}

export async function saveJudged(db: Db, applicationId: string, until: Temporal.Instant): Promise<void> {
  await db.updateTable('availability_account').set({ judged_until: until }).where('application_id', '=', applicationId).execute()
}

/** A chain from its beginning. Served by the primary key. */
export async function chainOf(db: Db, applicationId: string): Promise<Entry[]> {
  const rows = await db
    .selectFrom('availability_chain')
    .select(['seq', 'at', 'kind', 'by_name', 'body', 'previous', 'digest', 'digest_algorithm'])
    .where('application_id', '=', applicationId)
    .orderBy('seq')
    .execute()
  return rows.map(toEntry)
}

type ChainRow = Pick<Selectable<ChainTable>, 'seq' | 'at' | 'kind' | 'by_name' | 'body' | 'previous' | 'digest' | 'digest_algorithm'>
const toEntry = ({ seq, at, kind, by_name: by, body, previous, digest, digest_algorithm: algorithm }: ChainRow): Entry =>
  ({ seq, at: instantText(at), kind, by, body, previous, digest, ...(algorithm === 'SHA-256' ? {} : { algorithm }) }) as Entry

/** Seals and answers since an instant, in order. Served by availability_chain_kind. */
export async function answersSince(db: Db, since: Temporal.Instant): Promise<{ applicationId: string; entry: Entry }[]> {
  const rows = await db
    .selectFrom('availability_chain')
    .select(['application_id', 'seq', 'at', 'kind', 'by_name', 'body', 'previous', 'digest', 'digest_algorithm'])
    .where('kind', 'in', ['seal', 'confirmation'])
    .where('at', '>=', since)
    .orderBy('application_id')
    .orderBy('seq')
    .execute()
  return rows.map((row) => ({ applicationId: row.application_id, entry: toEntry(row) }))
}

/** UTC with three decimals: the one spelling that digests cover. */
export const instantText = (at: Temporal.Instant): string => at.toString({ fractionalSecondDigits: 3 })

export async function insertEntries(db: Db, applicationId: string, entries: readonly Entry[], byPersonId: string | null): Promise<void> {
  // 1,000 rows of 10 parameters stay below the 65,535 of one statement
  for (let from = 0; from < entries.length; from += 1000) {
    await db
      .insertInto('availability_chain')
      .values(
        entries.slice(from, from + 1000).map((entry) => ({
          application_id: applicationId,
          seq: entry.seq,
          at: Temporal.Instant.from(entry.at),
          kind: entry.kind,
          by_name: entry.by,
          by_person_id: byPersonId,
          body: JSON.stringify(entry.body),
          digest_algorithm: entry.algorithm ?? 'SHA-256',
          previous: entry.previous,
          digest: entry.digest,
        })),
      )
      .execute()
  }
}
