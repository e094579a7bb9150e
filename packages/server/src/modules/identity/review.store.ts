import type { Role } from '@changbai/contract/capability.ts'
import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'

export type Decision = 'KEEP' | 'WITHDRAW' | 'LAPSED'
interface ReviewTable {
  id: string
  quarter: string
  opened_at: Temporal.Instant
  due_at: Temporal.Instant
  confirmed_by: string | null
  confirmed_at: Temporal.Instant | null
  lapsed_at: Temporal.Instant | null
}
interface ReviewItemTable {
  review_id: string
  grant_id: string
  decision: Decision | null
  comment: string | null
  decided_by: string | null
  decided_at: Temporal.Instant | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    access_review: ReviewTable
    access_review_item: ReviewItemTable
  }
}

/** A review of every grant in force; false when the quarter has one. */
export async function insertReview(db: Db, row: Pick<ReviewTable, 'id' | 'quarter' | 'opened_at' | 'due_at'>): Promise<boolean> {
  const made = await db
    .insertInto('access_review')
    .values({ ...row, confirmed_by: null, confirmed_at: null, lapsed_at: null })
    .onConflict((conflict) => conflict.column('quarter').doNothing())
    .executeTakeFirst()
  if ((made.numInsertedOrUpdatedRows ?? 0n) === 0n) return false
  await sql`insert into access_review_item (review_id, grant_id) select ${row.id}, id from role_grant where status = 'IN_FORCE'`.execute(db)
  return true
}

export interface ReviewView extends ReviewTable {
  total: number
  undecided: number
  confirmed_name: string | null
}
export async function listReviews(db: Db, id?: string): Promise<ReviewView[]> {
  const { rows } = await sql<ReviewView>`
    select r.*, p.name as confirmed_name, i.total, i.undecided
    from access_review r left join person p on p.id = r.confirmed_by
      cross join lateral (select count(*) as total, count(*) filter (where decision is null) as undecided
        from access_review_item where review_id = r.id) i
    ${id ? sql`where r.id = ${id}` : sql``}
    order by r.opened_at desc limit 40`.execute(db)
  return rows
}
export const lockReview = (db: Db, id: string) =>
  db.selectFrom('access_review').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const confirmReviewRow = (db: Db, id: string, by: string, at: Temporal.Instant) =>
  db.updateTable('access_review').set({ confirmed_by: by, confirmed_at: at }).where('id', '=', id).execute()
/** Reviews past their limit whose undecided grants have not lapsed yet. */
export const overdueReviews = (db: Db, now: Temporal.Instant) =>
  db.selectFrom('access_review').selectAll().where('due_at', '<', now).where('lapsed_at', 'is', null).forUpdate().execute()
export const markLapsed = (db: Db, id: string, at: Temporal.Instant) =>
  db.updateTable('access_review').set({ lapsed_at: at }).where('id', '=', id).execute()

export interface ItemView extends ReviewItemTable {
  person_id: string
  person_name: string
  role: Role
  tenant_name: string | null
  granted_at: Temporal.Instant
  status: string
  decided_name: string | null
}
export async function listItems(db: Db, reviewId: string, filter: { grantId?: string; undecided?: boolean } = {}): Promise<ItemView[]> {
  const { rows } = await sql<ItemView>`
    select i.*, g.person_id, g.role, g.status, coalesce(g.decided_at, g.proposed_at) as granted_at,
      p.name as person_name, t.short_name as tenant_name, d.name as decided_name
    from access_review_item i join role_grant g on g.id = i.grant_id join person p on p.id = g.person_id
      left join tenant t on t.id = g.tenant_id left join person d on d.id = i.decided_by
    where i.review_id = ${reviewId}
      ${filter.grantId ? sql`and i.grant_id = ${filter.grantId}` : sql``}
      ${filter.undecided ? sql`and i.decision is null` : sql``}
    order by g.role, p.name collate "zh-x-icu", i.grant_id`.execute(db)
  return rows
}
export const decideItemRow = (db: Db, reviewId: string, grantId: string, change: Omit<ReviewItemTable, 'review_id' | 'grant_id'>) =>
  db.updateTable('access_review_item').set(change).where('review_id', '=', reviewId).where('grant_id', '=', grantId).execute()
