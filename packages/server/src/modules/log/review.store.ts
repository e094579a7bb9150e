import type { LogSummary } from '@changbai/contract/log.ts'
import { type ColumnType, sql } from 'kysely'
import type { Db, Row } from '../../platform/db.ts'

interface ReviewTable {
  id: string
  day: Temporal.PlainDate
  summary: ColumnType<LogSummary, string, never>
  finding: string
  by_person_id: string
  by_name: string
  at: Temporal.Instant
}
declare module '../../platform/db.ts' {
  interface Tables {
    log_review: ReviewTable
  }
}
export type ReviewRecord = Row<'log_review'>

const WORST_MAX = 20
const QUIET_MAX = 100

/** What the lines of a span come to. */
export async function summariseLines(db: Db, from: Temporal.Instant, to: Temporal.Instant): Promise<LogSummary> {
  const severities = await sql<{ severity: number; lines: number }>`
    select severity, count(*) as lines from log_line where received_at >= ${from} and received_at < ${to} group by severity`.execute(db)
  const devices = await sql<{ devices: number }>`
    select count(distinct device) as devices from log_line where received_at >= ${from} and received_at < ${to}`.execute(db)
  const worst = await sql<{ device: string; severity: number; text: string; count: number }>`
    select device, severity, left(regexp_replace(text, '[0-9]+', '#', 'g'), 300) as text, count(*) as count from log_line
    where received_at >= ${from} and received_at < ${to} and severity <= 3 group by 1, 2, 3 order by severity, count desc, device, text limit ${WORST_MAX}`.execute(
    db,
  )
  const quiet = await sql<{ name: string }>`
    select name from log_device where last_at >= ${from.subtract({ hours: 7 * 24 })} and last_at < ${from} order by name limit ${QUIET_MAX}`.execute(
    db,
  )
  const bySeverity = Array.from({ length: 8 }, (_, severity) => severities.rows.find((row) => row.severity === severity)?.lines ?? 0)
  return {
    lines: bySeverity.reduce((sum, one) => sum + one, 0),
    devices: devices.rows[0]?.devices ?? 0,
    quiet: quiet.rows.map(({ name }) => name),
    bySeverity,
    worst: worst.rows,
  }
}

export const reviewsOf = (db: Db, day: string): Promise<ReviewRecord[]> =>
  db.selectFrom('log_review').selectAll().where('day', '=', Temporal.PlainDate.from(day)).orderBy('at').execute()
/** @returns undefined if this person has signed for the day already */
export async function insertReview(
  db: Db,
  row: Omit<ReviewRecord, 'summary'> & { summary: LogSummary },
): Promise<ReviewRecord | undefined> {
  return db
    .insertInto('log_review')
    .values({ ...row, summary: JSON.stringify(row.summary) })
    .onConflict((conflict) => conflict.columns(['day', 'by_person_id']).doNothing())
    .returningAll()
    .executeTakeFirst()
}
/** Signed within the span, for the judgement of the clause. */
export const reviewsBetween = (db: Db, from: Temporal.Instant, to: Temporal.Instant): Promise<ReviewRecord[]> =>
  db.selectFrom('log_review').selectAll().where('at', '>=', from).where('at', '<', to).orderBy('at').execute()
export async function anyReviewBefore(db: Db, before: Temporal.Instant): Promise<boolean> {
  return (await db.selectFrom('log_review').select('id').where('at', '<', before).limit(1).executeTakeFirst()) !== undefined
}
