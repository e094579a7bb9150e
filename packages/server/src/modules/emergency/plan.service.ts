import {
  type emergencyApi,
  type PlanDetail,
  type PlanSummary,
  emergencyProblems as problems,
  type Runbook,
} from '@changbai/contract/emergency.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { z } from 'zod'
import { actorCan, personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { findPerson } from '../identity/index.ts'
import { deployedSteps } from '../process/index.ts'
import { strayChecklists } from './emergency.domain.ts'
import { lastDrills } from './emergency.store.ts'
import { allPlans, findPlan, insertPlan, lockPlan, type PlanRow, updatePlan } from './plan.store.ts'

type Api = typeof emergencyApi
/** Processes of this name are runbooks, those drawn in the modeller too. */
const PREFIX = 'emergency-'

export async function runbooksNow(ctx: Ctx): Promise<z.output<typeof Runbook>[]> {
  return (await deployedSteps(ctx, PREFIX)).map(({ key, name, steps }) => ({
    key,
    name,
    steps: steps.filter((step) => step.formKey === 'emergency.step').map(({ node, name: word }) => ({ node, name: word })),
  }))
}
export const listRunbooks = async (ctx: Ctx): Promise<Reply<Api['runbooks']>> => ({ items: await runbooksNow(ctx) })

const toSummary = (ctx: Ctx, row: PlanRow, drilled: Temporal.Instant | undefined): PlanSummary => ({
  id: row.id,
  number: row.number,
  name: row.name,
  processKey: row.process_key,
  rtoMinutes: row.rto_minutes,
  version: row.version,
  state: row.state,
  reviewOn: row.review_on?.toString() ?? null,
  isReviewDue: row.state === 'APPROVED' && row.review_on !== null && Temporal.PlainDate.compare(row.review_on, shanghaiDay(ctx.now)) <= 0,
  lastDrillAt: drilled?.toString() ?? null,
})
async function toDetail(ctx: Ctx, row: PlanRow): Promise<PlanDetail> {
  const contacts = []
  for (const { personId, duty } of row.contacts) {
    const person = await findPerson(ctx, personId)
    contacts.push({ personId, name: person?.name ?? '', phone: person?.phone ?? null, duty })
  }
  const leader = actorCan(ctx.actor, 'emergencyPlan.edit', 'A')
  return {
    ...toSummary(ctx, row, (await lastDrills(ctx.db)).get(row.id)),
    scenario: row.scenario,
    triggers: row.triggers,
    contacts,
    checklists: row.checklists,
    runbook: (await runbooksNow(ctx)).find((one) => one.key === row.process_key) ?? null,
    editedByName: row.edited_by_name,
    approvedByName: row.approved_by_name,
    approvedAt: row.approved_at?.toString() ?? null,
    mayEdit: actorCan(ctx.actor, 'emergencyPlan.edit', 'U'),
    mayApprove: leader && row.edited_by !== ctx.actor.personId,
    mayActivate: row.state === 'APPROVED' && actorCan(ctx.actor, 'emergency.activate', 'X'),
  }
}
const known = async (ctx: Ctx, id: string, lock = false) =>
  (await (lock ? lockPlan : findPlan)(ctx.db, id)) ?? fail(commonProblems.notFound)
const recordOf = (ctx: Ctx, id: string, kind: string, data: object) =>
  ctx.record({ kind: `emergency.${kind}`, subject: { type: 'emergency-plan', id }, data })

export async function listPlans(ctx: Ctx): Promise<Reply<Api['plans']>> {
  const drilled = await lastDrills(ctx.db)
  return { items: (await allPlans(ctx.db)).map((row) => toSummary(ctx, row, drilled.get(row.id))) }
}
export const getPlan = async (ctx: Ctx, { planId }: Input<Api['plan']>): Promise<Reply<Api['plan']>> =>
  toDetail(ctx, await known(ctx, planId))

type Words = Omit<Input<Api['changePlan']>, 'planId'>
async function readWords(ctx: Ctx, words: Words) {
  const runbook = (await runbooksNow(ctx)).find((one) => one.key === words.processKey) ?? fail(problems.noRunbook)
  const stray = strayChecklists(runbook, words.checklists)
  const flaws = stray.map((node) => ({ path: `checklists.${node}`, code: 'step', message: '流程里没有这一步 / no such step' }))
  for (const [index, { personId }] of words.contacts.entries())
    if (!(await findPerson(ctx, personId))?.active)
      flaws.push({ path: `contacts.${index}.personId`, code: 'person', message: '没有这个人 / nobody by that id' })
  if (flaws.length > 0) fail(commonProblems.invalid, {}, flaws)
  return {
    name: words.name,
    scenario: words.scenario,
    triggers: words.triggers,
    rto_minutes: words.rtoMinutes,
    process_key: words.processKey,
    contacts: JSON.stringify(words.contacts),
    checklists: JSON.stringify(words.checklists),
    edited_by: personOf(ctx.actor),
    edited_by_name: ctx.actor.name,
    updated_at: ctx.now,
  }
}
export async function writePlan(ctx: Ctx, words: Input<Api['writePlan']>): Promise<Reply<Api['writePlan']>> {
  const id = newId()
  await insertPlan(ctx.db, {
    id,
    number: await nextNumber(ctx.db, 'YA', shanghaiDay(ctx.now)),
    ...(await readWords(ctx, words)),
    version: 1,
    state: 'DRAFT',
    review_on: null,
    approved_by_name: null,
    approved_at: null,
    created_at: ctx.now,
  })
  await recordOf(ctx, id, 'plan-written', { name: words.name })
  return toDetail(ctx, await known(ctx, id))
}
/** A change makes it a draft again: what a leader has not seen is not set going. */
export async function changePlan(ctx: Ctx, { planId, ...words }: Input<Api['changePlan']>): Promise<Reply<Api['changePlan']>> {
  const row = await known(ctx, planId, true)
  const change = await readWords(ctx, words)
  const again = { version: row.version + 1, state: 'DRAFT' as const, review_on: null, approved_by_name: null, approved_at: null }
  await updatePlan(ctx.db, planId, { ...change, ...again })
  await recordOf(ctx, planId, 'plan-changed', { version: row.version + 1 })
  return toDetail(ctx, await known(ctx, planId))
}
/** By a leader who did not write it; the same act is the yearly review. @clause 5.8-3 */
export async function approvePlan(ctx: Ctx, { planId, reviewOn }: Input<Api['approvePlan']>): Promise<Reply<Api['approvePlan']>> {
  const row = await known(ctx, planId, true)
  if (row.edited_by === personOf(ctx.actor)) fail(problems.samePerson)
  const days = ctx.plan.number('emergency.reviewDays')
  const on = Temporal.PlainDate.from(reviewOn)
  const today = shanghaiDay(ctx.now)
  if (Temporal.PlainDate.compare(on, today) <= 0 || Temporal.PlainDate.compare(on, today.add({ days })) > 0)
    fail(problems.reviewDay, { days })
  await updatePlan(ctx.db, planId, { state: 'APPROVED', review_on: on, approved_by_name: ctx.actor.name, approved_at: ctx.now })
  await recordOf(ctx, planId, 'plan-approved', { version: row.version, reviewOn })
  return toDetail(ctx, await known(ctx, planId))
}
