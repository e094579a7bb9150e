import { sql } from 'kysely'
import type { Db, Row } from '../../platform/db.ts'

interface PulseTable {
  name: string
  title: string
  at: Temporal.Instant
  allowed_seconds: number
}
declare module '../../platform/db.ts' {
  interface Tables {
    alarm_pulse: PulseTable
  }
}
export type PulseRow = Row<'alarm_pulse'>

export const allPulses = (db: Db): Promise<PulseRow[]> => db.selectFrom('alarm_pulse').selectAll().orderBy('name').limit(1_000).execute()
export async function savePulse(db: Db, row: PulseRow): Promise<void> {
  await sql`insert into alarm_pulse (name, title, at, allowed_seconds) values (${row.name}, ${row.title}, ${row.at}, ${row.allowed_seconds})
    on conflict (name) do update set title = excluded.title, at = greatest(alarm_pulse.at, excluded.at), allowed_seconds = excluded.allowed_seconds`.execute(
    db,
  )
}
export async function deletePulses(db: Db, names: readonly string[]): Promise<void> {
  if (names.length > 0) await db.deleteFrom('alarm_pulse').where('name', 'in', names).execute()
}
/** Since when the oldest timer of an open alarm has been due and was not taken; null while the loop keeps up. Served by alarm_due. */
export async function oldestDue(db: Db, before: Temporal.Instant): Promise<Temporal.Instant | null> {
  const { rows } = await sql<{ at: Temporal.Instant | null }>`select min(next_at) as at from alarm where next_at < ${before}`.execute(db)
  return rows[0]?.at ?? null
}
