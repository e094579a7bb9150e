import type { SavedView } from '@changbai/contract/search.ts'
import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'

/** Views of one list, by name. Served by saved_view_name. */
export async function viewsOf(db: Db, personId: string, list: string): Promise<SavedView[]> {
  const { rows } = await sql<SavedView>`
    select id, list, name, query from saved_view where person_id = ${personId} and list = ${list} order by name collate "zh-x-icu"`.execute(
    db,
  )
  return rows
}

export async function putView(
  db: Db,
  view: Omit<SavedView, 'id'> & { id: string; personId: string; now: Temporal.Instant },
): Promise<SavedView> {
  const { rows } = await sql<SavedView>`
    insert into saved_view (id, person_id, list, name, query, saved_at)
    values (${view.id}, ${view.personId}, ${view.list}, ${view.name}, ${JSON.stringify(view.query)}::jsonb, ${view.now})
    on conflict (person_id, list, name) do update set query = excluded.query, saved_at = excluded.saved_at
    returning id, list, name, query`.execute(db)
  return rows[0] as SavedView
}

export async function countViews(db: Db, personId: string, list: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from saved_view where person_id = ${personId} and list = ${list}`.execute(db)
  return rows[0]?.n ?? 0
}

/** @returns whether it was there and the person's own */
export async function deleteView(db: Db, personId: string, id: string): Promise<boolean> {
  const { numAffectedRows } = await sql`delete from saved_view where id = ${id} and person_id = ${personId}`.execute(db)
  return numAffectedRows === 1n
}
