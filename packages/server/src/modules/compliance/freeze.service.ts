import { type Correction, type complianceApi, complianceProblems, type Freeze } from '@changbai/contract/compliance.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { canonicalJson, plainJson } from '@changbai/verify/canonical.ts'
import { actorCan, personOf } from '../../platform/actor.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Row } from '../../platform/db.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { requirePlan } from '../plan/index.ts'
import {
  type CorrectionRow,
  correctionRows,
  type FigureChange,
  freezeOf,
  freezeRows,
  frozenFigures,
  grantedCorrections,
  insertCorrection,
  insertFreeze,
  lockCorrection,
  openCorrection,
  updateCorrection,
} from './compliance.store.ts'
import { judge, spanNow } from './judge.ts'

type Api = typeof complianceApi

export const toFreeze = (row: Row<'clause_freeze'>): Freeze => ({
  month: row.month,
  planVersion: row.plan_version,
  frozenAt: row.frozen_at.toString(),
  byName: row.by_name,
  digest: { algorithm: row.digest_algorithm, value: row.digest },
})

/**
 * Keeps what a month came to, with what it was computed from, so that nothing found out later changes it in silence.
 * @throws complianceProblems.notOver, complianceProblems.frozen
 */
export async function freezeMonth(ctx: Ctx, input: Input<Api['freeze']>): Promise<Reply<Api['freeze']>> {
  const plan = await requirePlan(ctx)
  const { month, span } = spanNow(ctx, input.month)
  if (Temporal.Instant.compare(span.to, ctx.now) > 0) fail(complianceProblems.notOver, { month })
  if (await freezeOf(ctx.db, month)) fail(complianceProblems.frozen, { month })
  const judged = await judge(ctx, plan, plan.document.clauses, month, span)
  const lines = judged.map(({ clause, figure, obligations }) => ({
    month,
    clause_id: clause.id,
    figure: JSON.stringify(figure),
    obligations: JSON.stringify(obligations),
    digest: sha256Hex(canonicalJson(plainJson({ clause: clause.id, figure, obligations }))),
  }))
  const row = {
    month,
    plan_version: plan.version,
    frozen_at: ctx.now,
    by_name: ctx.actor.name,
    digest: sha256Hex(lines.map((line) => `${line.clause_id} ${line.digest}\n`).join('')),
    digest_algorithm: 'SHA-256',
  }
  await insertFreeze(ctx.db, row, lines)
  await ctx.record({
    kind: 'clause-month.frozen',
    subject: { type: 'clause-month', id: month },
    after: { ...row, frozen_at: ctx.now.toString() },
  })
  return toFreeze(row)
}

/** The month before this one, once a month; a month that is frozen already stays as it is. */
export async function freezeLastMonth(ctx: Ctx, month: string): Promise<void> {
  if (!(await freezeOf(ctx.db, month))) await freezeMonth(ctx, { month })
}

export const listFreezes = async (ctx: Ctx): Promise<Reply<Api['freezes']>> => ({ items: (await freezeRows(ctx.db)).map(toFreeze) })

function toCorrection(ctx: Ctx, row: CorrectionRow): Correction {
  const open = row.status === 'PROPOSED'
  const own = row.proposed_by === ctx.actor.personId
  return {
    id: row.id,
    month: row.month,
    reason: row.reason,
    status: row.status,
    changes: row.changes,
    proposedByName: row.proposed_by_name,
    proposedAt: row.proposed_at.toString(),
    decidedByName: row.decided_by_name,
    decidedAt: row.decided_at?.toString() ?? null,
    comment: row.comment,
    may: open && !own && actorCan(ctx.actor, 'compliance.waive', 'A') ? ['DECIDE'] : [],
  }
}

/** What a month came to by the newest correction, else as frozen. */
async function heldFigures(ctx: Ctx, month: string): Promise<Map<string, FigureChange['after']>> {
  const held = new Map((await frozenFigures(ctx.db, [month])).map((row) => [row.clause_id, row.figure]))
  for (const { changes } of await grantedCorrections(ctx.db, month)) for (const change of changes) held.set(change.clauseId, change.after)
  return held
}

/** Recomputes a frozen month; what differs is put beside the frozen value once the customer agrees. */
export async function proposeCorrection(
  ctx: Ctx,
  { month, reason }: Input<Api['proposeCorrection']>,
): Promise<Reply<Api['proposeCorrection']>> {
  if (!(await freezeOf(ctx.db, month))) fail(complianceProblems.notFrozen, { month })
  if (await openCorrection(ctx.db, month)) fail(complianceProblems.waiverOpen)
  const plan = await requirePlan(ctx)
  const held = await heldFigures(ctx, month)
  const changes = (await judge(ctx, plan, plan.document.clauses, month, spanNow(ctx, month).span)).flatMap(({ clause, figure }) => {
    const before = held.get(clause.id)
    return before && canonicalJson(plainJson(before)) !== canonicalJson(plainJson(figure))
      ? [{ clauseId: clause.id, before, after: figure }]
      : []
  })
  if (changes.length === 0) fail(complianceProblems.unchanged, { month })
  const row = await insertCorrection(ctx.db, {
    id: newId(),
    month,
    reason,
    status: 'PROPOSED',
    changes: JSON.stringify(changes),
    proposed_by: personOf(ctx.actor),
    proposed_by_name: ctx.actor.name,
    proposed_at: ctx.now,
  })
  await ctx.record({
    kind: 'clause-correction.proposed',
    subject: { type: 'clause-correction', id: row.id },
    after: { month, reason, changes },
  })
  return toCorrection(ctx, row)
}

export async function decideCorrection(
  ctx: Ctx,
  { id, grant, comment }: Input<Api['decideCorrection']>,
): Promise<Reply<Api['decideCorrection']>> {
  const row = (await lockCorrection(ctx.db, id)) ?? fail(commonProblems.notFound, { id })
  if (row.status !== 'PROPOSED') fail(complianceProblems.decided)
  if (row.proposed_by === personOf(ctx.actor)) fail(complianceProblems.samePerson)
  const status = grant ? 'GRANTED' : 'REFUSED'
  const settled = await updateCorrection(ctx.db, id, {
    status,
    comment,
    decided_by: personOf(ctx.actor),
    decided_by_name: ctx.actor.name,
    decided_at: ctx.now,
  })
  await ctx.record({ kind: `clause-correction.${status.toLowerCase()}`, subject: { type: 'clause-correction', id }, data: { comment } })
  return toCorrection(ctx, settled)
}

export async function listCorrections(ctx: Ctx, { month, after, limit }: Input<Api['corrections']>): Promise<Reply<Api['corrections']>> {
  const rows = await correctionRows(ctx.db, { month, before: readCursor(after)?.[1], limit: limit + 1 })
  const { items, next } = pageOf(rows, limit, ({ id }) => ['', id])
  return { items: items.map((row) => toCorrection(ctx, row)), next }
}
