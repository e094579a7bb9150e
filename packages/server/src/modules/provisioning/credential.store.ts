import { sql } from 'kysely'
import type { Db, NewRow, Row } from '../../platform/db.ts'
import type { CredentialRow } from './provisioning.store.ts'

export const credentialsOf = (db: Db, orderId: string): Promise<CredentialRow[]> =>
  db.selectFrom('work_order_credential').selectAll().where('work_order_id', '=', orderId).orderBy('label').execute()

/** Again for the same account of the same line: the newer secret counts, unless the older was collected. */
export async function saveCredential(db: Db, row: NewRow<'work_order_credential'>): Promise<void> {
  await db
    .insertInto('work_order_credential')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['line_id', 'label'])
        .doUpdateSet({ sealed: row.sealed, user_name: row.user_name, address: row.address })
        .where('work_order_credential.collected_at', 'is', null),
    )
    .execute()
}

export const makeCollectable = async (db: Db, orderId: string, lineIds: readonly string[], now: Temporal.Instant): Promise<number> => {
  if (lineIds.length === 0) return 0
  const { numUpdatedRows } = await db
    .updateTable('work_order_credential')
    .set({ ready_at: now })
    .where('work_order_id', '=', orderId)
    .where('line_id', 'in', [...lineIds])
    .where('ready_at', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

export type LinkRow = Row<'work_order_link'>
export async function replaceLink(db: Db, link: NewRow<'work_order_link'>, now: Temporal.Instant): Promise<void> {
  await db
    .updateTable('work_order_link')
    .set({ ended_at: now })
    .where('work_order_id', '=', link.work_order_id)
    .where('ended_at', 'is', null)
    .execute()
  await db.insertInto('work_order_link').values(link).execute()
}
export const currentLink = (db: Db, orderId: string): Promise<LinkRow | undefined> =>
  db.selectFrom('work_order_link').selectAll().where('work_order_id', '=', orderId).where('ended_at', 'is', null).executeTakeFirst()
export const lockLink = (db: Db, tokenSha256: string): Promise<LinkRow | undefined> =>
  db.selectFrom('work_order_link').selectAll().where('token_sha256', '=', tokenSha256).forUpdate().executeTakeFirst()
export const endLink = async (db: Db, tokenSha256: string, now: Temporal.Instant): Promise<void> => {
  await db.updateTable('work_order_link').set({ ended_at: now }).where('token_sha256', '=', tokenSha256).execute()
}

/** Takes what can be collected and wipes it in the same statement: two at once cannot both get it. */
export async function collect(db: Db, orderId: string, by: { id: string; name: string }, now: Temporal.Instant): Promise<CredentialRow[]> {
  const { rows } = await sql<CredentialRow>`
    with taken as (
      select * from work_order_credential
      where work_order_id = ${orderId} and ready_at is not null and collected_at is null
      for update
    ), marked as (
      update work_order_credential c set collected_at = ${now}, collected_by = ${by.id}, collected_by_name = ${by.name}, sealed = null
      from taken where c.id = taken.id
      returning c.id
    )
    select taken.* from taken join marked using (id) order by label`.execute(db)
  return rows
}
