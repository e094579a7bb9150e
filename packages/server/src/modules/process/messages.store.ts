import { sql } from 'kysely'
import type { Db, NewRow } from '../../platform/db.ts'
import './tables.store.ts'

/** The oldest message that came before anybody waited; taken once, whoever asks at the same time. */
export async function takeMessage(
  db: Db,
  name: string,
  key: string,
  now: Temporal.Instant,
): Promise<{ payload: Record<string, unknown> } | undefined> {
  const { rows } = await sql<{ payload: Record<string, unknown> }>`
    update wf_message set taken_at = ${now}
    where id = (select id from wf_message where name = ${name} and key = ${key} and taken_at is null and expires_at > ${now}
                order by received_at, id limit 1 for update skip locked)
    returning payload`.execute(db)
  return rows[0]
}

/** @returns false when a message with this dedup id was received before */
export async function insertMessage(db: Db, row: NewRow<'wf_message'>): Promise<boolean> {
  const result = await db
    .insertInto('wf_message')
    .values(row)
    .onConflict((conflict) => conflict.column('dedup_id').doNothing())
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** The oldest wait for a message, with the tree it belongs to. Served by (name, key). */
export async function waitFor(db: Db, name: string, key: string): Promise<{ id: string; rootId: string } | undefined> {
  const row = await db
    .selectFrom('wf_wait as w')
    .innerJoin('wf_instance as i', 'i.id', 'w.instance_id')
    .select(['w.id', 'i.root_id'])
    .where('w.name', '=', name)
    .where('w.key', '=', key)
    .orderBy('w.id')
    .limit(1)
    .executeTakeFirst()
  return row && { id: row.id, rootId: row.root_id }
}

/** One delivery per (name, key) at a time: a message and the wait for it cannot miss each other. */
export async function lockMessageKey(db: Db, name: string, key: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(7201907, hashtext(${`${name} ${key}`}))`.execute(db)
}

export async function dropOldMessages(db: Db, now: Temporal.Instant): Promise<void> {
  await db.deleteFrom('wf_message').where('expires_at', '<', now).execute()
}
