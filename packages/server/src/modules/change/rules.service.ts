import { attrsOf, type changeApi, changeProblems, type Freeze, type StandardChange } from '@changbai/contract/change.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import {
  type FreezeRow,
  freezes,
  insertFreeze,
  insertStandard,
  lastVersion,
  lockFreeze,
  lockStandard,
  retireStandard,
  type StandardRow,
  standards,
  updateFreeze,
  updateStandard,
} from './rules.store.ts'

type Api = typeof changeApi

export const toFreeze = (row: FreezeRow): Freeze => ({
  id: row.id,
  name: row.name,
  reason: row.reason,
  from: row.frozen_from.toString(),
  to: row.frozen_to.toString(),
  state: row.state,
  proposedById: row.proposed_by,
  proposedBy: row.proposed_by_name,
  decidedBy: row.decided_by_name,
})
const toStandard = (row: StandardRow): StandardChange => ({
  id: row.id,
  key: row.key,
  version: row.version,
  name: row.name,
  ciKind: row.ci_kind,
  attr: row.attr,
  maxDays: row.max_days,
  downtime: row.downtime,
  steps: row.steps,
  rollbackPlan: row.rollback_plan,
  verifyPlan: row.verify_plan,
  state: row.state,
  proposedById: row.proposed_by,
  proposedBy: row.proposed_by_name,
  decidedBy: row.decided_by_name,
})

export const listFreezes = async (ctx: Ctx): Promise<Reply<Api['freezes']>> => ({ items: (await freezes(ctx.db)).map(toFreeze) })
export const listStandards = async (ctx: Ctx): Promise<Reply<Api['catalogue']>> => ({ items: (await standards(ctx.db)).map(toStandard) })

export async function proposeFreeze(ctx: Ctx, input: Input<Api['proposeFreeze']>): Promise<Freeze> {
  const [from, to] = [Temporal.Instant.from(input.from), Temporal.Instant.from(input.to)]
  if (Temporal.Instant.compare(to, from) <= 0 || Temporal.Instant.compare(to, ctx.now) <= 0) fail(changeProblems.badWindow)
  const row = {
    id: newId(),
    name: input.name,
    reason: input.reason,
    frozen_from: from,
    frozen_to: to,
    state: 'PROPOSED' as const,
    proposed_by: ctx.actor.personId,
    proposed_by_name: ctx.actor.name,
    proposed_at: ctx.now,
    decided_by: null,
    decided_by_name: null,
    decided_at: null,
  }
  await insertFreeze(ctx.db, row)
  await ctx.record({ kind: 'change-freeze.proposed', subject: { type: 'change-freeze', id: row.id }, after: toFreeze(row) })
  return toFreeze(row)
}

const RESULT = { APPROVE: 'ACTIVE', REJECT: 'REJECTED', LIFT: 'LIFTED' } as const
/** A second person puts it in force; one in force may be lifted before its end, by anybody who may decide. */
export async function decideFreeze(ctx: Ctx, { freezeId, decision }: Input<Api['decideFreeze']>): Promise<Freeze> {
  const row = (await lockFreeze(ctx.db, freezeId)) ?? fail(commonProblems.notFound)
  if (row.state !== (decision === 'LIFT' ? 'ACTIVE' : 'PROPOSED')) fail(changeProblems.decided)
  if (decision !== 'LIFT' && row.proposed_by === ctx.actor.personId) fail(changeProblems.samePerson)
  const change = { state: RESULT[decision], decided_by: ctx.actor.personId, decided_by_name: ctx.actor.name, decided_at: ctx.now }
  await updateFreeze(ctx.db, row.id, change)
  const after = toFreeze({ ...row, ...change })
  await ctx.record({ kind: 'change-freeze.decided', subject: { type: 'change-freeze', id: row.id }, before: toFreeze(row), after })
  return after
}

export async function proposeStandard(ctx: Ctx, input: Input<Api['proposeStandard']>): Promise<StandardChange> {
  if (!attrsOf[input.ciKind].includes(input.attr)) fail(changeProblems.notForItem, { item: input.ciKind, attr: input.attr })
  const row = {
    id: newId(),
    key: input.key,
    version: (await lastVersion(ctx.db, input.key)) + 1,
    name: input.name,
    ci_kind: input.ciKind,
    attr: input.attr,
    max_days: input.maxDays,
    downtime: input.downtime,
    steps: input.steps,
    rollback_plan: input.rollbackPlan,
    verify_plan: input.verifyPlan,
    state: 'PROPOSED' as const,
    proposed_by: ctx.actor.personId,
    proposed_by_name: ctx.actor.name,
    proposed_at: ctx.now,
    decided_by: null,
    decided_by_name: null,
    decided_at: null,
  }
  await insertStandard(ctx.db, { ...row, name: JSON.stringify(row.name), steps: JSON.stringify(row.steps) })
  await ctx.record({ kind: 'standard-change.proposed', subject: { type: 'standard-change', id: row.id }, after: toStandard(row) })
  return toStandard(row)
}

/** A second person puts the version in force; the one before it retires. */
export async function decideStandard(ctx: Ctx, { standardId, approve }: Input<Api['decideStandard']>): Promise<StandardChange> {
  const row = (await lockStandard(ctx.db, standardId)) ?? fail(commonProblems.notFound)
  if (row.state !== 'PROPOSED') fail(changeProblems.decided)
  if (row.proposed_by === ctx.actor.personId) fail(changeProblems.samePerson)
  if (approve) await retireStandard(ctx.db, row.key)
  const change = {
    state: approve ? ('ACTIVE' as const) : ('REJECTED' as const),
    decided_by: ctx.actor.personId,
    decided_by_name: ctx.actor.name,
    decided_at: ctx.now,
  }
  await updateStandard(ctx.db, row.id, change)
  const after = toStandard({ ...row, ...change })
  await ctx.record({ kind: 'standard-change.decided', subject: { type: 'standard-change', id: row.id }, before: toStandard(row), after })
  return after
}
