import type { ReportAuthor, ReportGroup, ReportStatus, SectionCode } from '@changbai/contract/report.shapes.ts'
import type { DigestAlgorithm } from '@changbai/verify/digest.ts'
import { type ColumnType, type Generated, sql } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'

export interface Presentation {
  at: string
  place: string
  feedback: string
  byName: string
  recordedAt: string
}
interface ReportTable {
  id: string
  month: string
  number: string
  status: ReportStatus
  version: Generated<number>
  opened_at: Temporal.Instant
  submitted_at: Temporal.Instant | null
  missing_reason: Generated<string>
  complete: boolean | null
  approved_at: Temporal.Instant | null
  /** Read parsed, written as text. */
  presentation: ColumnType<Presentation | null, string | undefined, string>
}
interface CommentTable {
  report_id: string
  section: SectionCode
  author: ReportAuthor
  rev: number
  text: string
  by_id: string
  by_name: string
  at: Temporal.Instant
}
interface VersionTable {
  report_id: string
  version: number
  content: string
  digest: string
  digest_algorithm: DigestAlgorithm
  by_name: string
  at: Temporal.Instant
}
declare module '../../platform/db.ts' {
  interface Tables {
    report: ReportTable
    report_comment: CommentTable
    report_signature: { report_id: string; author: ReportAuthor; by_id: string; by_name: string; at: Temporal.Instant }
    report_version: VersionTable
    report_approval: {
      report_id: string
      version: number
      group: ReportGroup
      result: 'APPROVE' | 'RETURN'
      comment: string
      by_id: string
      by_name: string
      at: Temporal.Instant
    }
    report_receipt: {
      report_id: string
      role: 'CUSTOMER_OM_MANAGER' | 'CUSTOMER_LEADER'
      by_id: string
      by_name: string
      feedback: string
      at: Temporal.Instant
    }
    report_erratum: {
      id: string
      report_id: string
      section: SectionCode
      wrong: string
      right: string
      reason: string
      by_name: string
      at: Temporal.Instant
      agreed_by_name: string | null
      agreed_at: Temporal.Instant | null
      digest: string
      digest_algorithm: DigestAlgorithm
    }
  }
}
export type ReportRow = Row<'report'>

export const findReport = (db: Db, month: string): Promise<ReportRow | undefined> =>
  db.selectFrom('report').selectAll().where('month', '=', month).executeTakeFirst()
export const lockReport = (db: Db, month: string): Promise<ReportRow | undefined> =>
  db.selectFrom('report').selectAll().where('month', '=', month).forUpdate().executeTakeFirst()
/** Asked twice at once it is one report. */
export async function insertReport(db: Db, row: NewRow<'report'>): Promise<boolean> {
  const done = await db
    .insertInto('report')
    .values(row)
    .onConflict((conflict) => conflict.column('month').doNothing())
    .executeTakeFirst()
  return done.numInsertedOrUpdatedRows === 1n
}
export const updateReport = (db: Db, id: string, change: RowChange<'report'>): Promise<ReportRow> =>
  db.updateTable('report').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()

/** Newest month first. Served by index report_month. */
export function listReports(
  db: Db,
  filter: { statuses: readonly ReportStatus[]; after?: { month: string; id: string } | undefined; limit: number },
): Promise<ReportRow[]> {
  let query = db.selectFrom('report').selectAll().where('status', 'in', filter.statuses)
  const { after } = filter
  if (after) query = query.where(sql<boolean>`(month, id) < (${after.month}, ${after.id}::uuid)`)
  return query.orderBy('month', 'desc').orderBy('id', 'desc').limit(filter.limit).execute()
}
export const firstReportedMonth = async (db: Db): Promise<string | null> =>
  (await db.selectFrom('report').select('month').orderBy('month').limit(1).executeTakeFirst())?.month ?? null

/** What stands in each section now, by section and author. */
export const commentsOf = (db: Db, reportId: string): Promise<Row<'report_comment'>[]> =>
  db
    .selectFrom('report_comment')
    .selectAll()
    .distinctOn(['section', 'author'])
    .where('report_id', '=', reportId)
    .orderBy('section')
    .orderBy('author')
    .orderBy('rev', 'desc')
    .execute()
export const commentsOfOne = (db: Db, reportId: string, section: SectionCode, author: ReportAuthor): Promise<Row<'report_comment'>[]> =>
  db
    .selectFrom('report_comment')
    .selectAll()
    .where('report_id', '=', reportId)
    .where('section', '=', section)
    .where('author', '=', author)
    .orderBy('rev')
    .execute()
export const insertComment = async (db: Db, row: NewRow<'report_comment'>): Promise<void> =>
  void (await db.insertInto('report_comment').values(row).execute())

export const signaturesOf = (db: Db, reportIds: readonly string[]): Promise<Row<'report_signature'>[]> =>
  reportIds.length === 0
    ? Promise.resolve([])
    : db.selectFrom('report_signature').selectAll().where('report_id', 'in', reportIds).orderBy('at').execute()
export const insertSignature = async (db: Db, row: NewRow<'report_signature'>): Promise<void> =>
  void (await db
    .insertInto('report_signature')
    .values(row)
    .onConflict((conflict) => conflict.columns(['report_id', 'author']).doUpdateSet({ by_id: row.by_id, by_name: row.by_name, at: row.at }))
    .execute())
export const dropSignatures = async (db: Db, reportId: string): Promise<void> =>
  void (await db.deleteFrom('report_signature').where('report_id', '=', reportId).execute())
export const dropSignature = async (db: Db, reportId: string, author: ReportAuthor): Promise<void> =>
  void (await db.deleteFrom('report_signature').where('report_id', '=', reportId).where('author', '=', author).execute())

export const versionsOf = (db: Db, reportId: string): Promise<Omit<Row<'report_version'>, 'content'>[]> =>
  db
    .selectFrom('report_version')
    .select(['report_id', 'version', 'digest', 'digest_algorithm', 'by_name', 'at'])
    .where('report_id', '=', reportId)
    .orderBy('version')
    .execute()
export const versionOf = (db: Db, reportId: string, version: number): Promise<Row<'report_version'> | undefined> =>
  db.selectFrom('report_version').selectAll().where('report_id', '=', reportId).where('version', '=', version).executeTakeFirst()
export const insertVersion = async (db: Db, row: NewRow<'report_version'>): Promise<void> =>
  void (await db.insertInto('report_version').values(row).execute())

export const approvalsOf = (db: Db, reportIds: readonly string[]): Promise<Row<'report_approval'>[]> =>
  reportIds.length === 0
    ? Promise.resolve([])
    : db.selectFrom('report_approval').selectAll().where('report_id', 'in', reportIds).orderBy('version').orderBy('at').execute()
export const insertApproval = async (db: Db, row: NewRow<'report_approval'>): Promise<void> =>
  void (await db.insertInto('report_approval').values(row).execute())

export const receiptsOf = (db: Db, reportIds: readonly string[]): Promise<Row<'report_receipt'>[]> =>
  reportIds.length === 0
    ? Promise.resolve([])
    : db.selectFrom('report_receipt').selectAll().where('report_id', 'in', reportIds).orderBy('at').execute()
export const insertReceipt = async (db: Db, row: NewRow<'report_receipt'>): Promise<void> =>
  void (await db
    .insertInto('report_receipt')
    .values(row)
    .onConflict((conflict) => conflict.columns(['report_id', 'role']).doNothing())
    .execute())

export const errataOf = (db: Db, reportIds: readonly string[]): Promise<Row<'report_erratum'>[]> =>
  reportIds.length === 0
    ? Promise.resolve([])
    : db.selectFrom('report_erratum').selectAll().where('report_id', 'in', reportIds).orderBy('at').orderBy('id').execute()
export const insertErratum = async (db: Db, row: NewRow<'report_erratum'>): Promise<void> =>
  void (await db.insertInto('report_erratum').values(row).execute())
export const agreeErratum = async (db: Db, id: string, byName: string, at: Temporal.Instant): Promise<boolean> =>
  (
    await db
      .updateTable('report_erratum')
      .set({ agreed_by_name: byName, agreed_at: at })
      .where('id', '=', id)
      .where('agreed_at', 'is', null)
      .executeTakeFirst()
  ).numUpdatedRows === 1n
