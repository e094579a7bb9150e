import type { Db } from '../../platform/db.ts'

interface EntryLinkTable {
  digest: string
  person_id: string
  issued_by: string | null
  issued_at: Temporal.Instant
  expires_at: Temporal.Instant
  used_at: Temporal.Instant | null
  used_from: string | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    entry_link: EntryLinkTable
  }
}

export const insertLinkRow = (db: Db, row: Omit<EntryLinkTable, 'used_at' | 'used_from'>) =>
  db
    .insertInto('entry_link')
    .values({ ...row, used_at: null, used_from: null })
    .execute()

/** The person of a link that still works. */
export const usableLink = (db: Db, digest: string, now: Temporal.Instant) =>
  db
    .selectFrom('entry_link')
    .innerJoin('person', 'person.id', 'entry_link.person_id')
    .select(['entry_link.person_id', 'entry_link.expires_at', 'person.name', 'person.sign_in'])
    .where('digest', '=', digest)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .where('person.active', '=', true)
    .executeTakeFirst()

/** Uses all open links of a person up. */
export const closeLinks = (db: Db, personId: string, at: Temporal.Instant, address: string) =>
  db
    .updateTable('entry_link')
    .set({ used_at: at, used_from: address })
    .where('person_id', '=', personId)
    .where('used_at', 'is', null)
    .execute()
