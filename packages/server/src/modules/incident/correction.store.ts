import type { Db, NewRow, Row } from '../../platform/db.ts'

interface CorrectionTable {
  id: string
  number: string
  incident_id: string
  event_id: string
  was_at: Temporal.Instant
  to_at: Temporal.Instant
  reason: string
  side: 'PROVIDER' | 'CUSTOMER'
  asked_by_id: string
  asked_by: string
  asked_at: Temporal.Instant
  state: 'ASKED' | 'AGREED' | 'REFUSED'
  decided_by_id: string | null
  decided_by: string | null
  decided_at: Temporal.Instant | null
  comment: string
}
declare module '../../platform/db.ts' {
  interface Tables {
    incident_correction: CorrectionTable
  }
}
export type CorrectionRow = Row<'incident_correction'>

export const insertCorrection = (db: Db, row: NewRow<'incident_correction'>) => db.insertInto('incident_correction').values(row).execute()
/** In the order in which they were asked for. Served by incident_correction_of. */
export const correctionsOf = async (db: Db, incidentIds: readonly string[]): Promise<CorrectionRow[]> =>
  incidentIds.length === 0
    ? []
    : db
        .selectFrom('incident_correction')
        .selectAll()
        .where('incident_id', 'in', incidentIds)
        .orderBy('incident_id')
        .orderBy('asked_at')
        .orderBy('id')
        .execute()
export const decideCorrectionRow = (
  db: Db,
  id: string,
  change: Pick<CorrectionRow, 'state' | 'decided_by_id' | 'decided_by' | 'decided_at' | 'comment'>,
) => db.updateTable('incident_correction').set(change).where('id', '=', id).execute()
