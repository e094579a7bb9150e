import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import {
  type AmountOutlook,
  type BuildProject,
  type CapacityDemand,
  type CapacityOutlook,
  type CapacityPlan,
  type capacityApi,
  capacityProblems,
  type MeasuredUse,
  type PoolOutlook,
} from '@changbai/contract/inventory.capacity.ts'
import type { Pool } from '@changbai/contract/inventory.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { shanghaiDay } from '../../platform/time.ts'
import {
  insertPlan,
  insertProject,
  lockProject,
  nextProjectNumber,
  openProjects,
  type PlanRow,
  type ProjectRow,
  planPage,
  projectPage,
  promisesSince,
  updateProject,
} from './capacity.store.ts'
import { changeItem, lockForChange } from './item.service.ts'
import { quarterOf, takenAt, trendOf } from './outlook.domain.ts'
import { amountNames } from './pool.domain.ts'
import { poolCapacity } from './pool.service.ts'
import { type Allocation, amountsOf } from './pool.store.ts'
import { reclaimables } from './reclaimable.service.ts'
import { nodesOf } from './relation.store.ts'

type Api = typeof capacityApi
/** A server or volume of a pool, with its size. */
export interface MeasuredThing {
  id: string
  poolId: string
  type: 'server' | 'volume'
  vcpu: number
  memGiB: number
  gib: number
}
/** What of a pool was in use on a day at the peaks of its things, and the size of those that were measured. */
export interface MeasuredDay {
  poolId: string
  what: 'vcpu' | 'memGiB' | 'storageGiB'
  on: string
  used: number
  size: number
}
declare module '../../platform/ctx.ts' {
  interface Events {
    /** A question: modules that know of capacity somebody waits for add it. */
    'capacity.demands-asked': { demands: CapacityDemand[] }
    /** A question: what was measured of these things on these days; whoever measures adds rows. */
    'capacity.measured-asked': { days: readonly string[]; things: readonly MeasuredThing[]; measured: MeasuredDay[] }
  }
}
/** Half a year says more of a pace than a longer past does. */
const WEEKS = 26
const RESERVATIONS = 200
const VIA = 'BUILD_PROJECT'

/** Each amount of each pool, week by week out of the promises themselves, and until when it lasts. */
async function outlookOf(ctx: Ctx): Promise<{ pools: PoolOutlook[]; promises: Allocation[]; known: Pool[] }> {
  const known = await poolCapacity(ctx)
  const since = ctx.now.subtract({ hours: WEEKS * 7 * 24 })
  const promises = await promisesSince(ctx.db, since)
  const projects = await openProjects(ctx.db)
  const seen = await measuredOf(ctx)
  const pools = known.map(({ id, name, code, zone, usable, capacity, reserved, committed }) => {
    const mine = promises.filter((row) => row.pool_id === id)
    const coming = projects.filter((row) => row.pool_id === id)
    const amounts = amountNames
      .filter((what) => usable[what] > 0 || committed[what] > 0)
      .map((what): AmountOutlook => {
        const weeks = weeksOf(mine, what, ctx.now)
        const taken = reserved[what] + committed[what]
        return {
          what,
          usable: usable[what],
          taken,
          weeks,
          ...trendOf(weeks, usable[what]),
          measured: useOf(seen, id, what, capacity[what]),
          coming: coming.reduce((sum, row) => sum + amountsOf(row)[what], 0),
        }
      })
    return { id, name, code, zone, amounts }
  })
  return { pools, promises, known }
}

/** One day a week, the last of them yesterday: half a year of every day would read millions of rows to draw the same line. */
async function measuredOf(ctx: Ctx): Promise<{ things: MeasuredThing[]; measured: MeasuredDay[] }> {
  const yesterday = shanghaiDay(ctx.now).subtract({ days: 1 })
  const days = Array.from({ length: WEEKS }, (_, n) => yesterday.subtract({ weeks: WEEKS - 1 - n }).toString())
  const things = (await reclaimables(ctx)).flatMap(({ id, type, poolId, vcpu, memGiB, gib }) =>
    poolId ? [{ id, type, poolId, vcpu, memGiB, gib: Number(gib) }] : [],
  )
  const asked = { days, things, measured: [] as MeasuredDay[] }
  if (things.length > 0) await ctx.publish('capacity.measured-asked', asked)
  return asked
}

/** Physical servers and addresses are either taken or not: of them nothing is measured. */
function useOf(
  { things, measured }: { things: readonly MeasuredThing[]; measured: readonly MeasuredDay[] },
  poolId: string,
  what: (typeof amountNames)[number],
  there: number,
): MeasuredUse | null {
  const own = measured.filter((row) => row.poolId === poolId && row.what === what).sort((a, b) => (a.on < b.on ? -1 : 1))
  const last = own.at(-1)
  if (!last || (what !== 'vcpu' && what !== 'memGiB' && what !== 'storageGiB')) return null
  const sizeOf = (one: MeasuredThing) =>
    what === 'storageGiB' ? (one.type === 'volume' ? one.gib : 0) : one.type === 'server' ? one[what] : 0
  const whole = things.reduce((sum, one) => (one.poolId === poolId ? sum + sizeOf(one) : sum), 0)
  const weeks = own.map(({ on, used }) => ({ on, taken: Math.round(used * 10) / 10 }))
  return {
    used: weeks.at(-1)?.taken ?? 0,
    there,
    coverage: whole === 0 ? 0 : Math.min(1, last.size / whole),
    weeks,
    ...trendOf(weeks, there),
  }
}

/** From the first promise on, at most half a year; the last is now. */
function weeksOf(rows: readonly Allocation[], what: (typeof amountNames)[number], now: Temporal.Instant): { on: string; taken: number }[] {
  const promised = rows.map((row) => ({
    fromMs: row.reserved_at.epochMilliseconds,
    untilMs: row.state === 'RELEASED' ? row.changed_at.epochMilliseconds : null,
    amount: amountsOf(row)[what],
  }))
  const first = Math.min(...promised.map(({ fromMs }) => fromMs))
  return Array.from({ length: WEEKS }, (_, n) => now.subtract({ hours: (WEEKS - 1 - n) * 7 * 24 }))
    .filter((at) => at.epochMilliseconds >= first)
    .map((at) => ({ on: shanghaiDay(at).toString(), taken: takenAt(promised, at.epochMilliseconds) }))
}

export async function showOutlook(ctx: Ctx): Promise<CapacityOutlook> {
  const { pools, promises, known } = await outlookOf(ctx)
  const names = new Map(known.map(({ id, name }) => [id, name]))
  const asked: { demands: CapacityDemand[] } = { demands: [] }
  await ctx.publish('capacity.demands-asked', asked)
  return {
    at: ctx.now.toString(),
    pools,
    reservations: promises
      .filter((row) => row.state === 'RESERVED')
      .slice(0, RESERVATIONS)
      .map((row) => ({
        id: row.id,
        poolId: row.pool_id,
        poolName: names.get(row.pool_id) ?? '',
        holder: { type: row.holder_type, id: row.holder_id },
        label: row.label,
        state: row.state,
        amounts: amountsOf(row),
        reservedAt: row.reserved_at.toString(),
        changedAt: row.changed_at.toString(),
      })),
    demands: asked.demands.toSorted((a, b) => (a.since < b.since ? -1 : 1)),
  }
}

async function toProjects(ctx: Ctx, rows: readonly ProjectRow[]): Promise<BuildProject[]> {
  const pools = new Map((await nodesOf(ctx.db, new Map(rows.map((row) => [row.pool_id, 'pool'])))).map(({ id, name }) => [id, name]))
  return rows.map((row) => ({
    id: row.id,
    rev: row.rev,
    number: row.number,
    name: row.name,
    poolId: row.pool_id,
    poolName: pools.get(row.pool_id) ?? '',
    amounts: amountsOf(row),
    reason: row.reason,
    milestones: row.milestones,
    dueOn: row.due_on.toString(),
    status: row.status,
    createdBy: { id: row.created_by, name: row.created_by_name },
    createdAt: row.created_at.toString(),
    endedAt: row.ended_at?.toString() ?? null,
    endedByName: row.ended_by_name,
    comment: row.comment,
  }))
}
async function showProject(ctx: Ctx, id: string): Promise<BuildProject> {
  const row = (await lockProject(ctx.db, id)) ?? fail(commonProblems.notFound)
  return (await toProjects(ctx, [row]))[0] ?? fail(commonProblems.notFound)
}

export async function listProjects(ctx: Ctx, { after, limit, status }: Input<Api['projects']>): Promise<Reply<Api['projects']>> {
  const { items, next } = pageOf(await projectPage(ctx.db, status, readCursor(after), limit + 1), limit, (row) => [
    row.created_at.toString(),
    row.id,
  ])
  return { items: await toProjects(ctx, items), next }
}

/** @clause 3.5.1 */
export async function startProject(ctx: Ctx, input: Input<Api['startProject']>): Promise<BuildProject> {
  const { name, poolId, amounts, reason, dueOn, milestones } = input
  await lockForChange(ctx, 'pool', poolId, undefined, ['capacity.build', 'C'])
  if (amountNames.every((what) => amounts[what] === 0)) fail(capacityProblems.nothingAdded)
  const id = newId()
  const number = await nextProjectNumber(ctx.db, shanghaiDay(ctx.now).toString())
  await insertProject(ctx.db, {
    id,
    rev: 1,
    number,
    name,
    pool_id: poolId,
    vcpu: amounts.vcpu,
    mem_gib: amounts.memGiB,
    storage_gib: amounts.storageGiB,
    public_addresses: amounts.publicAddresses,
    baremetal: amounts.baremetal,
    reason,
    milestones: JSON.stringify(milestones.map((one) => ({ ...one, id: newId(), doneOn: null, evidence: '' }))),
    due_on: Temporal.PlainDate.from(dueOn),
    status: 'BUILDING',
    created_by: ctx.actor.personId,
    created_by_name: ctx.actor.name,
    created_at: ctx.now,
    updated_at: ctx.now,
    comment: '',
  })
  await ctx.record({
    kind: 'build-project.started',
    subject: { type: 'build-project', id },
    after: { number, name, poolId, amounts, dueOn, milestones },
  })
  return showProject(ctx, id)
}

async function lockOpen(ctx: Ctx, { id, rev }: { id: string; rev: number }): Promise<ProjectRow> {
  const row = (await lockProject(ctx.db, id)) ?? fail(commonProblems.notFound)
  if (row.rev !== rev) fail(commonProblems.stale, { rev: row.rev })
  if (row.status !== 'BUILDING') fail(capacityProblems.ended)
  return row
}

export async function reachMilestone(ctx: Ctx, input: Input<Api['reachMilestone']>): Promise<BuildProject> {
  const row = await lockOpen(ctx, input)
  const before = row.milestones.find(({ id }) => id === input.milestoneId) ?? fail(commonProblems.notFound)
  const after = { ...before, doneOn: input.doneOn, evidence: input.evidence }
  await updateProject(ctx.db, row.id, {
    milestones: JSON.stringify(row.milestones.map((one) => (one.id === after.id ? after : one))),
    updated_at: ctx.now,
  })
  await ctx.record({ kind: 'build-project.milestone-reached', subject: { type: 'build-project', id: row.id }, before, after })
  return showProject(ctx, row.id)
}

/** What was built becomes capacity of its pool, in the same transaction, with before and after. @clause 3.5.1 */
export async function deliverProject(ctx: Ctx, input: Input<Api['deliverProject']>): Promise<BuildProject> {
  const row = await lockOpen(ctx, input)
  const open = row.milestones.filter(({ doneOn }) => doneOn === null).length
  if (open > 0) fail(capacityProblems.milestonesOpen, { count: open })
  const pool = await lockForChange(ctx, 'pool', row.pool_id, undefined, ['capacity.build', 'U'])
  const added = amountsOf(row)
  const larger = Object.fromEntries(amountNames.map((what) => [what, Number(pool[what]) + added[what]]))
  await changeItem(ctx, 'pool', pool, larger, VIA)
  await endProject(ctx, row, 'DELIVERED', input.comment)
  return showProject(ctx, row.id)
}

export async function cancelProject(ctx: Ctx, input: Input<Api['cancelProject']>): Promise<BuildProject> {
  const row = await lockOpen(ctx, input)
  await endProject(ctx, row, 'CANCELLED', input.comment)
  return showProject(ctx, row.id)
}

async function endProject(ctx: Ctx, row: ProjectRow, status: 'DELIVERED' | 'CANCELLED', comment: string): Promise<void> {
  await updateProject(ctx.db, row.id, { status, comment, ended_at: ctx.now, ended_by_name: ctx.actor.name, updated_at: ctx.now })
  await ctx.record({
    kind: `build-project.${status.toLowerCase()}`,
    subject: { type: 'build-project', id: row.id },
    before: { status: row.status },
    after: { status, comment, amounts: amountsOf(row), poolId: row.pool_id },
  })
}

const toPlan = (row: PlanRow): CapacityPlan => ({
  id: row.id,
  quarter: row.quarter,
  version: row.version,
  summary: row.summary,
  measures: row.measures,
  outlook: row.outlook as PoolOutlook[],
  madeBy: { id: row.made_by, name: row.made_by_name },
  madeAt: row.made_at.toString(),
})
export async function listPlans(ctx: Ctx, { after, limit }: Input<Api['plans']>): Promise<Reply<Api['plans']>> {
  const { items, next } = pageOf(await planPage(ctx.db, readCursor(after), limit + 1), limit, (row) => [row.made_at.toString(), row.id])
  return { items: items.map(toPlan), next }
}

/** The plan of this quarter, with the figures it was made from. @clause 3.5.1 */
export async function makePlan(ctx: Ctx, { summary, measures }: Input<Api['makePlan']>): Promise<CapacityPlan> {
  const { pools } = await outlookOf(ctx)
  const quarter = quarterOf(shanghaiDay(ctx.now).toString())
  const id = newId()
  await insertPlan(ctx.db, {
    id,
    quarter,
    summary,
    measures,
    outlook: JSON.stringify(pools),
    made_by: ctx.actor.personId,
    made_by_name: ctx.actor.name,
    made_at: ctx.now,
  })
  await ctx.record({ kind: 'capacity-plan.made', subject: { type: 'capacity-plan', id }, after: { quarter, summary, measures } })
  const [row] = (await planPage(ctx.db, undefined, 1)).filter((one) => one.id === id)
  return row ? toPlan(row) : fail(commonProblems.notFound)
}
