import type { SecurityGrade } from '@changbai/contract/incident-care.ts'
import { type ColumnType, sql } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'

interface SecurityTable {
  incident_id: string
  answers: ColumnType<Record<string, number>, string, string>
  grade: SecurityGrade
  is_critical: boolean
  known_at: Temporal.Instant
  graded_by: string
  graded_at: Temporal.Instant
  report_due_at: Temporal.Instant | null
  reported_at: Temporal.Instant | null
  reported_to: string
  reference: string
  reported_by: string | null
  summary_due_on: Temporal.PlainDate | null
  summary_at: Temporal.Instant | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    incident_security: SecurityTable
  }
}
export type SecurityRow = Row<'incident_security'>

export const findSecurity = (db: Db, incidentId: string): Promise<SecurityRow | undefined> =>
  db.selectFrom('incident_security').selectAll().where('incident_id', '=', incidentId).executeTakeFirst()
export const putSecurity = (db: Db, row: NewRow<'incident_security'>) => {
  const { incident_id: _, ...change } = row
  return db
    .insertInto('incident_security')
    .values(row)
    .onConflict((conflict) => conflict.column('incident_id').doUpdateSet(change))
    .execute()
}
export const updateSecurity = (db: Db, incidentId: string, change: RowChange<'incident_security'>) =>
  db.updateTable('incident_security').set(change).where('incident_id', '=', incidentId).execute()

/** Other incidents of the application that began shortly before. */
export async function incidentsBefore(
  db: Db,
  of: { id: string; applicationId: string; from: Temporal.Instant; to: Temporal.Instant },
): Promise<{ id: string; number: string; title: string; clock_start_at: Temporal.Instant }[]> {
  const { rows } = await sql<{ id: string; number: string; title: string; clock_start_at: Temporal.Instant }>`
    select id, number, title, clock_start_at from incident
    where application_id = ${of.applicationId}::uuid and id <> ${of.id}::uuid and merged_into_id is null
      and clock_start_at >= ${of.from} and clock_start_at <= ${of.to}
    order by clock_start_at desc limit 20`.execute(db)
  return rows
}
