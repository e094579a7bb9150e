import type { PlanDifference, PlanProposal } from '@changbai/contract/plan-proposal.ts'
import type { ColumnType } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import type { ParameterLine, PlanDocument } from './domain/document.ts'

/** Read parsed, written as text. */
type Json<T> = ColumnType<T, string, string>

declare module '../../platform/db.ts' {
  interface Tables {
    plan_proposal: {
      id: string
      digest: string
      file_digest: string
      digest_algorithm: string
      based_on: number
      source: string
      document: Json<PlanDocument>
      differences: Json<PlanDifference[]>
      processes: Json<{ key: string; xml: string }[]>
      added: Json<ParameterLine[]>
      status: PlanProposal['status']
      proposed_at: Temporal.Instant
      starts_on: Temporal.PlainDate | null
      reviewed_by: string | null
      reviewed_by_name: string | null
      reviewed_at: Temporal.Instant | null
      review_comment: string | null
      settled_by: string | null
      settled_by_name: string | null
      settled_at: Temporal.Instant | null
      settle_comment: string | null
      applied_at: Temporal.Instant | null
    }
  }
}

/** The folder seen last, whatever became of it: the program beside it reads its parameters. */
export const latestProposal = (db: Db): Promise<Row<'plan_proposal'> | undefined> =>
  db.selectFrom('plan_proposal').selectAll().where('status', '<>', 'SUPERSEDED').orderBy('id', 'desc').limit(1).executeTakeFirst()

/** Newest first, without the files themselves. */
export const recentProposals = (db: Db): Promise<Row<'plan_proposal'>[]> =>
  db.selectFrom('plan_proposal').selectAll().orderBy('id', 'desc').limit(20).execute()

export const insertProposal = async (db: Db, row: NewRow<'plan_proposal'>): Promise<void> =>
  void (await db.insertInto('plan_proposal').values(row).execute())
export const lockProposal = (db: Db, id: string): Promise<Row<'plan_proposal'> | undefined> =>
  db.selectFrom('plan_proposal').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const moveProposal = (db: Db, id: string, change: RowChange<'plan_proposal'>): Promise<Row<'plan_proposal'>> =>
  db.updateTable('plan_proposal').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()

/** A newer folder, or the old one again, takes the place of what nobody has decided. */
export const supersedeOpen = async (db: Db): Promise<void> =>
  void (await db.updateTable('plan_proposal').set({ status: 'SUPERSEDED' }).where('status', 'in', ['PROPOSED', 'REVIEWED']).execute())

/** Adopted ones whose first day has come, the earliest first. Served by index plan_proposal_due. */
export const dueProposals = (db: Db, today: Temporal.PlainDate): Promise<Row<'plan_proposal'>[]> =>
  db
    .selectFrom('plan_proposal')
    .selectAll()
    .where('status', '=', 'ADOPTED')
    .where('applied_at', 'is', null)
    .where('starts_on', '<=', today)
    .orderBy('starts_on')
    .orderBy('id')
    .forUpdate()
    .execute()
