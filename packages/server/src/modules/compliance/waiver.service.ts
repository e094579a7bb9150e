import { type complianceApi, complianceProblems, type Waiver } from '@changbai/contract/compliance.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { stateOf } from '@changbai/verify/clauses.domain.ts'
import { actorCan, personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { requirePlan } from '../plan/index.ts'
import { freezeOf, insertWaiver, lockWaiver, updateWaiver, type WaiverRow, waiverOf, waiverRows } from './compliance.store.ts'
import { judge, spanNow } from './judge.ts'

type Api = typeof complianceApi
const WAIVABLE = new Set(['BREACHED', 'MISSING', 'AT_RISK'])

function toWaiver(ctx: Ctx, row: WaiverRow): Waiver {
  const open = row.status === 'PROPOSED'
  const own = row.proposed_by === ctx.actor.personId
  return {
    id: row.id,
    month: row.month,
    clauseId: row.clause_id,
    obligationId: row.obligation_id,
    label: row.label,
    reason: row.reason,
    status: row.status,
    proposedByName: row.proposed_by_name,
    proposedAt: row.proposed_at.toString(),
    decidedByName: row.decided_by_name,
    decidedAt: row.decided_at?.toString() ?? null,
    comment: row.comment,
    may: open && !own && actorCan(ctx.actor, 'compliance.waive', 'A') ? ['DECIDE'] : [],
  }
}

/** The provider asks; only the customer can waive what is owed to it. */
export async function proposeWaiver(
  ctx: Ctx,
  { month, clauseId, obligationId, reason }: Input<Api['proposeWaiver']>,
): Promise<Reply<Api['proposeWaiver']>> {
  const plan = await requirePlan(ctx)
  const { span } = spanNow(ctx, month)
  if (await freezeOf(ctx.db, month)) fail(complianceProblems.frozen, { month })
  const clause = plan.document.clauses.find((one) => one.id === clauseId) ?? fail(complianceProblems.noObligation, { clauseId, month })
  const [judged] = await judge(ctx, plan, [clause], month, span)
  const owed = judged?.obligations.find((one) => one.id === obligationId) ?? fail(complianceProblems.noObligation, { clauseId, month })
  if (await waiverOf(ctx.db, clauseId, obligationId)) fail(complianceProblems.waiverOpen)
  if (!WAIVABLE.has(stateOf(owed, ctx.now.toString()))) fail(complianceProblems.notWaivable)
  const row = await insertWaiver(ctx.db, {
    id: newId(),
    month,
    clause_id: clauseId,
    obligation_id: obligationId,
    label: owed.subject.label,
    tenant_id: owed.tenantId,
    reason,
    status: 'PROPOSED',
    proposed_by: personOf(ctx.actor),
    proposed_by_name: ctx.actor.name,
    proposed_at: ctx.now,
  })
  await ctx.record({
    kind: 'clause-waiver.proposed',
    subject: { type: 'clause-waiver', id: row.id },
    tenantId: owed.tenantId,
    after: { month, clauseId, obligationId, reason },
  })
  return toWaiver(ctx, row)
}

export async function decideWaiver(ctx: Ctx, { id, grant, comment }: Input<Api['decideWaiver']>): Promise<Reply<Api['decideWaiver']>> {
  const row = (await lockWaiver(ctx.db, id)) ?? fail(commonProblems.notFound, { id })
  if (row.status !== 'PROPOSED') fail(complianceProblems.decided)
  if (row.proposed_by === personOf(ctx.actor)) fail(complianceProblems.samePerson)
  const status = grant ? 'GRANTED' : 'REFUSED'
  const settled = await updateWaiver(ctx.db, id, {
    status,
    comment,
    decided_by: personOf(ctx.actor),
    decided_by_name: ctx.actor.name,
    decided_at: ctx.now,
  })
  await ctx.record({
    kind: `clause-waiver.${status.toLowerCase()}`,
    subject: { type: 'clause-waiver', id },
    tenantId: row.tenant_id,
    data: { comment },
  })
  return toWaiver(ctx, settled)
}

export async function listWaivers(ctx: Ctx, { month, status, after, limit }: Input<Api['waivers']>): Promise<Reply<Api['waivers']>> {
  const rows = await waiverRows(ctx.db, { month, status, before: readCursor(after)?.[1], limit: limit + 1 })
  const { items, next } = pageOf(rows, limit, ({ id }) => ['', id])
  return { items: items.map((row) => toWaiver(ctx, row)), next }
}
