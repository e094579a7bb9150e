import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'

/** Where and when a figure was worked out. */
export interface Vantage {
  /** Of the database. */
  place: string
  /** What was committed by then: `pg_snapshot` as text. */
  snapshot: string
  /** This command has changed nothing that it may yet take back. */
  isClean: boolean
}

export async function vantageOf(db: Db): Promise<Vantage> {
  const { rows } = await sql<Vantage>`
    select (select oid::text from pg_database where datname = current_database()) || ' ' || (select id from clause_touch_home limit 1) as place,
      pg_current_snapshot()::text as snapshot, pg_current_xact_id_if_assigned() is null as "isClean"`.execute(db)
  return rows[0] as Vantage
}

/** Tables changed by what was committed since a snapshot was taken. Served by the primary key. */
export async function touchedSince(db: Db, snapshot: string): Promise<Set<string>> {
  const { rows } = await sql<{ name: string }>`
    select distinct name from clause_touch
    where xid >= pg_snapshot_xmin(${snapshot}::pg_snapshot) and not pg_visible_in_snapshot(xid, ${snapshot}::pg_snapshot)`.execute(db)
  return new Set(rows.map(({ name }) => name))
}

/** Everything a statement may read from, with whether its changes are noted; a function hides what it reads. */
export async function relations(db: Db): Promise<Map<string, boolean>> {
  const { rows } = await sql<{ name: string; noted: boolean }>`
    select relname as name, exists (select from pg_trigger where tgrelid = c.oid and tgname = 'clause_touched') as noted
    from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')
    union all select proname, false from pg_proc where pronamespace = 'public'::regnamespace`.execute(db)
  return new Map(rows.map(({ name, noted }) => [name, noted]))
}

/** Nothing worked out longer ago is believed any more, so what was touched earlier is of no use. */
export async function forgetTouches(db: Db): Promise<void> {
  await sql`delete from clause_touch where at < now() - interval '1 day'`.execute(db)
}
