import type { Generated } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'

interface DowntimeTable {
  id: string
  rev: Generated<number>
  reason: 'UPGRADE' | 'UPDATE' | 'MAINTENANCE'
  application_ids: string[]
  planned_from: Temporal.Instant
  planned_to: Temporal.Instant
  impact: string
  rollback_plan: string
  source_type: string | null
  source_id: string | null
  notice_sent_at: Temporal.Instant | null
  notice_proof: Generated<string>
  notice_file_id: string | null
  recognised: boolean | null
  decided_by: string | null
  decided_at: Temporal.Instant | null
  comment: Generated<string>
  actual_from: Temporal.Instant | null
  actual_to: Temporal.Instant | null
  cancelled_at: Temporal.Instant | null
  proposed_by: string
  proposed_by_person_id: string | null
  proposed_at: Temporal.Instant
}
declare module '../../platform/db.ts' {
  interface Tables {
    planned_downtime: DowntimeTable
  }
}
export type DowntimeRecord = Row<'planned_downtime'>

export const downtimeById = (db: Db, id: string): Promise<DowntimeRecord | undefined> =>
  db.selectFrom('planned_downtime').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

/** Those that reach into a span, the latest first; at most 1,000. Served by planned_downtime_span. */
export const downtimesBetween = (db: Db, from: Temporal.Instant, to: Temporal.Instant): Promise<DowntimeRecord[]> =>
  db
    .selectFrom('planned_downtime')
    .selectAll()
    .where('planned_from', '<', to)
    .where('planned_to', '>', from)
    .orderBy('planned_from', 'desc')
    .limit(1000)
    .execute()

export const downtimeBySource = (db: Db, type: string, id: string): Promise<DowntimeRecord | undefined> =>
  db.selectFrom('planned_downtime').selectAll().where('source_type', '=', type).where('source_id', '=', id).executeTakeFirst()

export async function insertDowntime(db: Db, row: NewRow<'planned_downtime'>): Promise<void> {
  await db.insertInto('planned_downtime').values(row).execute()
}
export async function changeDowntime(db: Db, id: string, rev: number, change: RowChange<'planned_downtime'>): Promise<DowntimeRecord> {
  return db
    .updateTable('planned_downtime')
    .set({ ...change, rev: rev + 1 })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}
