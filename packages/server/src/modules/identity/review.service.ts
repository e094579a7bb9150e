import { type accessApi, accessProblems, type ReviewItem, type ReviewRow } from '@changbai/contract/access.ts'
import { ROLES, type Role, rolesWith } from '@changbai/contract/capability.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { countHolders, type HeldGrantRow, heldGrants, lockGrant, personsHolding, updateGrant } from './grant.store.ts'
import { mayPropose, quarterOf, rolesUpon } from './identity.domain.ts'
import { identityPorts } from './ports.ts'
import {
  confirmReviewRow,
  decideItemRow,
  type ItemView,
  insertReview,
  listItems,
  listReviews,
  lockReview,
  markLapsed,
  overdueReviews,
  type ReviewView,
} from './review.store.ts'
import { tellRightsChanged } from './session.service.ts'

declare module '../../platform/ctx.ts' {
  interface Events {
    'access-review.opened': { quarter: string; dueAt: Temporal.Instant }
    'access-review.lapsed': { quarter: string; lapsed: number }
  }
}

/** Working days in which every grant is reviewed; after them an unreviewed grant lapses. */
export const REVIEW_WORKDAYS = 10

const toReview = (row: ReviewView): ReviewRow => ({
  id: row.id,
  quarter: row.quarter,
  openedAt: row.opened_at.toString(),
  dueAt: row.due_at.toString(),
  state: row.confirmed_at ? 'CONFIRMED' : row.lapsed_at ? 'LAPSED' : 'OPEN',
  total: row.total,
  undecided: row.undecided,
  confirmedBy: row.confirmed_name,
  confirmedAt: row.confirmed_at?.toString() ?? null,
})
const oneReview = async (ctx: Ctx, id: string): Promise<ReviewRow> => {
  const [row] = await listReviews(ctx.db, id)
  return row ? toReview(row) : fail(commonProblems.notFound)
}

export const readReviews = async (ctx: Ctx): Promise<Reply<typeof accessApi.reviews>> => ({
  items: (await listReviews(ctx.db)).map(toReview),
})

/** Opens this quarter's review of every grant in force; null when it is open already. @clause 3.2.1-(1) */
export async function openQuarterlyReview(ctx: Ctx): Promise<string | null> {
  const id = newId()
  const quarter = quarterOf(shanghaiDay(ctx.now))
  const dueAt = await identityPorts().addWorkdays(ctx, ctx.now, REVIEW_WORKDAYS)
  if (!(await insertReview(ctx.db, { id, quarter, opened_at: ctx.now, due_at: dueAt }))) return null
  await ctx.record({ kind: 'access-review.opened', subject: { type: 'access-review', id }, after: { quarter, dueAt: dueAt.toString() } })
  await ctx.publish('access-review.opened', { quarter, dueAt })
  return id
}
export async function openReview(ctx: Ctx): Promise<ReviewRow> {
  const id = await openQuarterlyReview(ctx)
  return id ? oneReview(ctx, id) : fail(accessProblems.reviewOpen, { quarter: quarterOf(shanghaiDay(ctx.now)) })
}

type Held = readonly HeldGrantRow[]
const heldByActor = (ctx: Ctx): Promise<Held> => heldGrants(ctx.db, personOf(ctx.actor), ctx.now)

/** Somebody other than the holder who may grant the role; where there is nobody, the security administrator stands in. */
async function mayReview(ctx: Ctx, item: Pick<ItemView, 'person_id' | 'role'>, held: Held): Promise<boolean> {
  if (ctx.actor.personId === item.person_id) return false
  const roles = rolesUpon(held, item.person_id)
  if (mayPropose(item.role, roles)) return true
  if (!roles.includes('SECURITY_ADMIN')) return false
  const everywhere = { tenantId: null, applicationId: null }
  const grantors = await personsHolding(ctx.db, rolesWith(ROLES[item.role].grantedUnder, 'C'), everywhere, ctx.now)
  return [...grantors.values()].flat().every((personId) => personId === item.person_id)
}

const toItem = async (ctx: Ctx, open: boolean, row: ItemView, held: Held): Promise<ReviewItem> => ({
  grantId: row.grant_id,
  personName: row.person_name,
  role: row.role,
  tenantName: row.tenant_name,
  grantedAt: row.granted_at.toString(),
  decision: row.decision,
  comment: row.comment,
  decidedBy: row.decided_name,
  decidedAt: row.decided_at?.toString() ?? null,
  mine: open && row.decision === null && (await mayReview(ctx, row, held)),
})

export async function readReviewItems(
  ctx: Ctx,
  { reviewId }: Input<typeof accessApi.reviewItems>,
): Promise<Reply<typeof accessApi.reviewItems>> {
  const review = await oneReview(ctx, reviewId)
  const items: ReviewItem[] = []
  const held = await heldByActor(ctx)
  for (const row of await listItems(ctx.db, reviewId)) items.push(await toItem(ctx, review.state === 'OPEN', row, held))
  return { items }
}

const endGrant = async (ctx: Ctx, grantId: string, status: 'WITHDRAWN' | 'LAPSED', reviewId: string): Promise<void> => {
  const grant = await lockGrant(ctx.db, grantId)
  if (grant?.status !== 'IN_FORCE') return
  await updateGrant(ctx.db, grantId, { status, ended_at: ctx.now })
  await tellRightsChanged(ctx, grant.person_id)
  await ctx.record({
    kind: status === 'LAPSED' ? 'grant.lapsed' : 'grant.withdrawn',
    subject: { type: 'grant', id: grantId },
    tenantId: grant.tenant_id,
    before: { status: 'IN_FORCE' },
    after: { status },
    data: { reviewId, personId: grant.person_id, role: grant.role },
  })
}

/** Keeps a grant, or takes it back at once. */
export async function decideReviewItem(ctx: Ctx, input: Input<typeof accessApi.decideItem>): Promise<ReviewItem> {
  const { reviewId, grantId, decision, comment } = input
  const review = (await lockReview(ctx.db, reviewId)) ?? fail(commonProblems.notFound)
  if (review.confirmed_at || review.lapsed_at) fail(accessProblems.reviewClosed)
  const [item] = await listItems(ctx.db, reviewId, { grantId })
  if (!item) return fail(commonProblems.notFound)
  const held = await heldByActor(ctx)
  if (!(await mayReview(ctx, item, held))) fail(accessProblems.notReviewer, { role: ROLES[item.role].zh })
  // withdrawing works at once, so it cannot be decided back into keeping
  if (item.decision === 'WITHDRAW') fail(accessProblems.reviewClosed)
  await decideItemRow(ctx.db, reviewId, grantId, { decision, comment, decided_by: personOf(ctx.actor), decided_at: ctx.now })
  await ctx.record({
    kind: 'access-review.decided',
    subject: { type: 'grant', id: grantId },
    before: { decision: item.decision },
    after: { decision },
    data: { reviewId, comment },
  })
  if (decision === 'WITHDRAW') await endGrant(ctx, grantId, 'WITHDRAWN', reviewId)
  const [after] = await listItems(ctx.db, reviewId, { grantId })
  return after ? toItem(ctx, true, after, held) : fail(commonProblems.notFound)
}

export async function confirmReview(ctx: Ctx, { reviewId }: Input<typeof accessApi.confirmReview>): Promise<ReviewRow> {
  const review = (await lockReview(ctx.db, reviewId)) ?? fail(commonProblems.notFound)
  if (review.confirmed_at) fail(accessProblems.reviewClosed)
  const { undecided } = await oneReview(ctx, reviewId)
  if (undecided > 0 && !review.lapsed_at) fail(accessProblems.unreviewed, { count: undecided })
  await confirmReviewRow(ctx.db, reviewId, personOf(ctx.actor), ctx.now)
  await ctx.record({ kind: 'access-review.confirmed', subject: { type: 'access-review', id: reviewId }, after: { undecided } })
  return oneReview(ctx, reviewId)
}

/** Roles without whose holder nobody could grant anything again: their last grant is never let lapse, it stays undecided and visible. */
const NEVER_EMPTY: readonly Role[] = ['SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN', 'IAAS_ADMIN']

/** Past the limit: grants that nobody reviewed lapse. Returns how many. */
export async function lapseUnreviewed(ctx: Ctx): Promise<number> {
  let lapsed = 0
  for (const review of await overdueReviews(ctx.db, ctx.now)) {
    const before = lapsed
    for (const item of await listItems(ctx.db, review.id, { undecided: true })) {
      if (item.status !== 'IN_FORCE') continue
      if (NEVER_EMPTY.includes(item.role) && (await countHolders(ctx.db, item.role)) <= 1) continue
      await decideItemRow(ctx.db, review.id, item.grant_id, { decision: 'LAPSED', comment: null, decided_by: null, decided_at: ctx.now })
      await endGrant(ctx, item.grant_id, 'LAPSED', review.id)
      lapsed += 1
    }
    await markLapsed(ctx.db, review.id, ctx.now)
    if (!review.confirmed_at) await ctx.publish('access-review.lapsed', { quarter: review.quarter, lapsed: lapsed - before })
  }
  return lapsed
}
