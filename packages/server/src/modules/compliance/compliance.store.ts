import type { ClauseFigure } from '@changbai/contract/compliance.ts'
import type { Obligation } from '@changbai/verify/clauses.domain.ts'
import type { ColumnType } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'

/** Read parsed, written as text. */
type Json<T> = ColumnType<T, string, string>
export interface FigureChange {
  clauseId: string
  before: ClauseFigure
  after: ClauseFigure
}
interface Proposed {
  id: string
  month: string
  reason: string
  status: 'PROPOSED' | 'GRANTED' | 'REFUSED' | 'WITHDRAWN'
  proposed_by: string
  proposed_by_name: string
  proposed_at: Temporal.Instant
  decided_by: string | null
  decided_by_name: string | null
  decided_at: Temporal.Instant | null
  comment: ColumnType<string, string | undefined, string>
}
declare module '../../platform/db.ts' {
  interface Tables {
    clause_freeze: {
      month: string
      plan_version: number
      frozen_at: Temporal.Instant
      by_name: string
      digest: string
      digest_algorithm: string
    }
    clause_frozen: { month: string; clause_id: string; figure: Json<ClauseFigure>; obligations: Json<Obligation[]>; digest: string }
    clause_waiver: Proposed & { clause_id: string; obligation_id: string; label: string; tenant_id: string | null }
    clause_correction: Proposed & { changes: Json<FigureChange[]> }
  }
}
export type WaiverRow = Row<'clause_waiver'>
export type CorrectionRow = Row<'clause_correction'>

export const freezeOf = (db: Db, month: string): Promise<Row<'clause_freeze'> | undefined> =>
  db.selectFrom('clause_freeze').selectAll().where('month', '=', month).executeTakeFirst()
/** Newest month first, at most ten years. */
export const freezeRows = (db: Db): Promise<Row<'clause_freeze'>[]> =>
  db.selectFrom('clause_freeze').selectAll().orderBy('month', 'desc').limit(120).execute()

export async function insertFreeze(db: Db, row: NewRow<'clause_freeze'>, lines: NewRow<'clause_frozen'>[]): Promise<void> {
  await db.insertInto('clause_freeze').values(row).execute()
  if (lines.length > 0) await db.insertInto('clause_frozen').values(lines).execute()
}

/** Figures as they were frozen, without what they were made from. */
export async function frozenFigures(db: Db, months: readonly string[], clauseId?: string) {
  if (months.length === 0) return []
  let query = db.selectFrom('clause_frozen').select(['month', 'clause_id', 'figure']).where('month', 'in', months)
  if (clauseId !== undefined) query = query.where('clause_id', '=', clauseId)
  return query.execute()
}

/** Waivers that count, and those that wait for a decision. Served by index clause_waiver_month. */
export const openWaivers = (db: Db, month: string): Promise<WaiverRow[]> =>
  db.selectFrom('clause_waiver').selectAll().where('month', '=', month).where('status', 'in', ['PROPOSED', 'GRANTED']).execute()
/** Newest first; ids sort by time. */
export function waiverRows(
  db: Db,
  filter: { month?: string | undefined; status?: WaiverRow['status'] | undefined; before?: string | undefined; limit: number },
): Promise<WaiverRow[]> {
  let query = db.selectFrom('clause_waiver').selectAll().orderBy('id', 'desc').limit(filter.limit)
  if (filter.month !== undefined) query = query.where('month', '=', filter.month)
  if (filter.status !== undefined) query = query.where('status', '=', filter.status)
  if (filter.before !== undefined) query = query.where('id', '<', filter.before)
  return query.execute()
}
export const waiverOf = (db: Db, clauseId: string, obligationId: string): Promise<WaiverRow | undefined> =>
  db
    .selectFrom('clause_waiver')
    .selectAll()
    .where('clause_id', '=', clauseId)
    .where('obligation_id', '=', obligationId)
    .where('status', 'in', ['PROPOSED', 'GRANTED'])
    .executeTakeFirst()
export async function insertWaiver(db: Db, row: NewRow<'clause_waiver'>): Promise<WaiverRow> {
  return db.insertInto('clause_waiver').values(row).returningAll().executeTakeFirstOrThrow()
}
export const lockWaiver = (db: Db, id: string): Promise<WaiverRow | undefined> =>
  db.selectFrom('clause_waiver').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const updateWaiver = (db: Db, id: string, change: RowChange<'clause_waiver'>): Promise<WaiverRow> =>
  db.updateTable('clause_waiver').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()

export function correctionRows(
  db: Db,
  filter: { month?: string | undefined; before?: string | undefined; limit: number },
): Promise<CorrectionRow[]> {
  let query = db.selectFrom('clause_correction').selectAll().orderBy('id', 'desc').limit(filter.limit)
  if (filter.month !== undefined) query = query.where('month', '=', filter.month)
  if (filter.before !== undefined) query = query.where('id', '<', filter.before)
  return query.execute()
}
export async function insertCorrection(db: Db, row: NewRow<'clause_correction'>): Promise<CorrectionRow> {
  return db.insertInto('clause_correction').values(row).returningAll().executeTakeFirstOrThrow()
}
export const openCorrection = (db: Db, month: string): Promise<CorrectionRow | undefined> =>
  db.selectFrom('clause_correction').selectAll().where('month', '=', month).where('status', '=', 'PROPOSED').executeTakeFirst()
export const lockCorrection = (db: Db, id: string): Promise<CorrectionRow | undefined> =>
  db.selectFrom('clause_correction').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const updateCorrection = (db: Db, id: string, change: RowChange<'clause_correction'>): Promise<CorrectionRow> =>
  db.updateTable('clause_correction').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
/** The newest granted correction of each month, oldest first. */
export const grantedCorrections = (db: Db, month: string): Promise<CorrectionRow[]> =>
  db.selectFrom('clause_correction').selectAll().where('month', '=', month).where('status', '=', 'GRANTED').orderBy('id').execute()
