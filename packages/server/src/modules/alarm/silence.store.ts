import { sql } from 'kysely'
import type { Db, NewRow, Row } from '../../platform/db.ts'

interface SilenceTable {
  id: string
  reason: string
  rule_id: string | null
  object_id: string | null
  object_name: string
  application_id: string | null
  application_name: string
  starts_at: Temporal.Instant
  ends_at: Temporal.Instant
  created_by: string
  created_by_name: string
  created_at: Temporal.Instant
  ended_by_name: string | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    alarm_silence: SilenceTable
  }
}
export type SilenceRow = Row<'alarm_silence'>

export const silencesAt = (db: Db, at: Temporal.Instant): Promise<SilenceRow[]> =>
  db.selectFrom('alarm_silence').selectAll().where('starts_at', '<=', at).where('ends_at', '>', at).execute()
/** Running ones, then those that ended, newest first; at most 200. */
export const listSilences = (db: Db): Promise<SilenceRow[]> =>
  db.selectFrom('alarm_silence').selectAll().orderBy('ends_at', 'desc').orderBy('id', 'desc').limit(200).execute()
export async function insertSilence(db: Db, row: NewRow<'alarm_silence'>): Promise<void> {
  await db.insertInto('alarm_silence').values(row).execute()
}
export const lockSilence = (db: Db, id: string) =>
  db.selectFrom('alarm_silence').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export async function endSilenceRow(db: Db, id: string, at: Temporal.Instant, by: string): Promise<void> {
  await db.updateTable('alarm_silence').set({ ends_at: at, ended_by_name: by }).where('id', '=', id).execute()
}
/** Open alarms a silence speaks of: they are looked at again when it begins or ends. */
export async function openFitting(db: Db, silence: Pick<SilenceRow, 'rule_id' | 'object_id' | 'application_id'>): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from alarm where state in ('FIRING', 'RECOVERING')
      and ${silence.rule_id ? sql`rule_id = ${silence.rule_id}` : sql`true`}
      and ${silence.object_id ? sql`object_id = ${silence.object_id}::uuid` : sql`true`}
      and ${silence.application_id ? sql`application_id = ${silence.application_id}::uuid` : sql`true`}
    order by identity limit 2000`.execute(db)
  return rows.map(({ id }) => id)
}
