import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { planProblems } from '@changbai/contract/plan.ts'
import { type PlanProposal, type planProposalApi, planProposalProblems } from '@changbai/contract/plan-proposal.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan, personOf, systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Row } from '../../platform/db.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { type CronLine, cronLine, type JobKind, jobKind } from '../../platform/jobs.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { flawsOfValue } from './domain/document.ts'
import { valueInForce } from './domain/values.ts'
import { requirePlan } from './params.ts'
import { insertValues, insertVersion, latestVersion, lockPlan, saveValue } from './plan.store.ts'
import { dueProposals, lockProposal, moveProposal, recentProposals } from './proposal.store.ts'

declare module '../../platform/ctx.ts' {
  interface Events {
    /** A plan folder that differs from the plan in force was found at start. */
    'plan.proposed': { proposalId: string; differences: number }
    /** Its first day has come: the proposed plan is the plan. Its processes are to be deployed. */
    'plan.adopted': { version: number; processes: readonly { key: string; xml: string }[] }
  }
  interface Jobs {
    'plan.adopt': Record<string, never>
  }
}

function mayOf(ctx: Ctx, row: Row<'plan_proposal'>): PlanProposal['may'] {
  const canReview = actorCan(ctx.actor, 'plan.edit', 'A')
  const canAdopt = actorCan(ctx.actor, 'plan.approve', 'A')
  const isOpen = row.status === 'PROPOSED' || row.status === 'REVIEWED'
  return [
    ...(row.status === 'PROPOSED' && canReview ? (['REVIEW'] as const) : []),
    ...(row.status === 'REVIEWED' && canAdopt && row.reviewed_by !== ctx.actor.personId ? (['ADOPT'] as const) : []),
    ...(isOpen && (canReview || canAdopt) ? (['DECLINE'] as const) : []),
  ]
}
const saidBy = (name: string | null, at: Temporal.Instant | null, comment: string | null) =>
  at && { byName: name ?? '', at: at.toString(), comment: comment ?? '' }

const toProposal = (ctx: Ctx, row: Row<'plan_proposal'>): PlanProposal => ({
  id: row.id,
  status: row.status,
  digest: row.digest,
  digestAlgorithm: row.digest_algorithm,
  basedOn: row.based_on,
  proposedAt: row.proposed_at.toString(),
  startsOn: row.starts_on?.toString() ?? null,
  reviewed: saidBy(row.reviewed_by_name, row.reviewed_at, row.review_comment),
  settled: saidBy(row.settled_by_name, row.settled_at, row.settle_comment),
  appliedAt: row.applied_at?.toString() ?? null,
  differences: row.differences,
  may: mayOf(ctx, row),
})

type Api = typeof planProposalApi
export const listProposals = async (ctx: Ctx): Promise<Reply<Api['list']>> => ({
  items: (await recentProposals(ctx.db)).map((row) => toProposal(ctx, row)),
})

async function openProposal(ctx: Ctx, id: string): Promise<Row<'plan_proposal'>> {
  const row = (await lockProposal(ctx.db, id)) ?? fail(commonProblems.notFound, { id })
  return row.status === 'PROPOSED' || row.status === 'REVIEWED' ? row : fail(planProblems.decided, { status: row.status })
}
const about = (row: Row<'plan_proposal'>) => ({ type: 'plan_proposal', id: row.id })

/** The first of two people: takes the new plan and says from which day. */
export async function reviewProposal(ctx: Ctx, { proposalId, startsOn, comment }: Input<Api['review']>): Promise<Reply<Api['review']>> {
  const row = await openProposal(ctx, proposalId)
  if (row.status !== 'PROPOSED') fail(planProblems.decided, { status: row.status })
  const first = Temporal.PlainDate.from(startsOn)
  if (Temporal.PlainDate.compare(first, shanghaiDay(ctx.now)) <= 0) fail(planProblems.startsInPast)
  const reviewed = await moveProposal(ctx.db, row.id, {
    status: 'REVIEWED',
    starts_on: first,
    reviewed_by: personOf(ctx.actor),
    reviewed_by_name: ctx.actor.name,
    reviewed_at: ctx.now,
    review_comment: comment,
  })
  await ctx.record({ kind: 'plan.proposal-reviewed', subject: about(row), data: { startsOn, comment } })
  return toProposal(ctx, reviewed)
}

const settlement = (ctx: Ctx, status: 'ADOPTED' | 'DECLINED', comment: string) => ({
  status,
  settled_by: personOf(ctx.actor),
  settled_by_name: ctx.actor.name,
  settled_at: ctx.now,
  settle_comment: comment,
})

/**
 * The customer, as the second person. Values that differ hold from the first day, except where people changed them here: theirs stay and are
 * changed by the procedure of a parameter if at all. Clauses, roles and processes follow when the day comes.
 */
export async function adoptProposal(ctx: Ctx, { proposalId, comment }: Input<Api['adopt']>): Promise<Reply<Api['adopt']>> {
  const row = await openProposal(ctx, proposalId)
  if (row.status !== 'REVIEWED' || !row.starts_on) return fail(planProblems.notReviewed)
  if (row.reviewed_by === personOf(ctx.actor)) fail(planProblems.samePerson)
  const startsOn = row.starts_on
  if (Temporal.PlainDate.compare(startsOn, shanghaiDay(ctx.now)) <= 0) fail(planProblems.startPassed, { startsOn: startsOn.toString() })

  const plan = await requirePlan(ctx)
  const taken = new Set(
    row.differences
      .filter(
        (one) => one.part === 'PARAMETER' && one.change === 'CHANGED' && !one.yours && one.fields.some(({ field }) => field === 'value'),
      )
      .map(({ key }) => key),
  )
  const unfit = row.document.parameters.filter((parameter) => {
    const value = taken.has(parameter.key) ? parameter.value : valueInForce(plan.values.get(parameter.key) ?? [], startsOn)?.value
    return value !== undefined && flawsOfValue(parameter, value).length > 0
  })
  if (unfit.length > 0) fail(planProposalProblems.doesNotFit, { keys: unfit.map(({ key }) => key).join(', ') })

  await lockPlan(ctx.db)
  const adopted = await moveProposal(ctx.db, row.id, settlement(ctx, 'ADOPTED', comment))
  for (const parameter of row.document.parameters)
    if (taken.has(parameter.key))
      await saveValue(ctx.db, {
        id: newId(ctx.now.epochMilliseconds),
        key: parameter.key,
        starts_on: startsOn,
        value: JSON.stringify(parameter.value),
        reason: comment || `plan proposal ${row.digest.slice(0, 8)}`,
        by_name: `${row.reviewed_by_name}, ${ctx.actor.name}`,
        change_id: null,
      })
  await ctx.record({
    kind: 'plan.proposal-adopted',
    subject: about(row),
    data: { startsOn: startsOn.toString(), comment, values: [...taken] },
  })
  return toProposal(ctx, adopted)
}

export async function declineProposal(ctx: Ctx, { proposalId, comment }: Input<Api['decline']>): Promise<Reply<Api['decline']>> {
  const row = await openProposal(ctx, proposalId)
  const declined = await moveProposal(ctx.db, row.id, settlement(ctx, 'DECLINED', comment))
  await ctx.record({ kind: 'plan.proposal-declined', subject: about(row), data: { comment } })
  return toProposal(ctx, declined)
}

/** Makes the adopted plans whose day has come the plan. Runs at midnight and at every start; does nothing the second time. */
export async function applyDueProposals(ctx: Ctx): Promise<void> {
  for (const row of await dueProposals(ctx.db, shanghaiDay(ctx.now))) {
    const version = ((await latestVersion(ctx.db))?.version ?? 0) + 1
    const known = (await requirePlan(ctx)).values
    await insertVersion(ctx.db, {
      version,
      digest: row.file_digest,
      digest_algorithm: row.digest_algorithm,
      source: row.source,
      document: JSON.stringify(row.document),
      loaded_at: ctx.now,
      loaded_by: `${row.reviewed_by_name}, ${row.settled_by_name}`,
    })
    await insertValues(
      ctx.db,
      row.document.parameters
        .filter(({ key }) => !known.has(key))
        .map(({ key, value }) => ({
          id: newId(ctx.now.epochMilliseconds),
          key,
          starts_on: null,
          value: JSON.stringify(value),
          reason: `plan version ${version}`,
          by_name: ctx.actor.name,
          change_id: null,
        })),
    )
    await moveProposal(ctx.db, row.id, { applied_at: ctx.now })
    await lockPlan(ctx.db)
    await ctx.record({ kind: 'plan.loaded', subject: { type: 'plan_version', id: String(version) }, data: { digest: row.file_digest } })
    await ctx.publish('plan.adopted', { version, processes: row.processes })
  }
}

export const planJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({
    name: 'plan.adopt',
    handler: async () => {
      await runtime().door.enter({ actor: systemActor('plan') }, applyDueProposals)
    },
  }),
]
export const planCron: readonly CronLine[] = [cronLine({ job: 'plan.adopt', cron: '0 0 * * *', payload: {} })]
