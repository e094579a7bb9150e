import { ROLES } from '@changbai/contract/capability.ts'
import type { CurrentStep, Review, Signature, Totals } from '@changbai/contract/forms.ts'
import type { z } from 'zod'
import { personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { newId } from '../../platform/ids.ts'
import { taskLimits } from '../process/index.ts'
import { currentStep, type Step } from './domain/steps.ts'
import {
  decideDemand,
  demandOf,
  insertDemand,
  insertReview,
  insertSignature,
  type MatterType,
  type Point,
  reviewsOf,
  signaturesOf,
} from './matter.store.ts'

// Opinions, signatures and demands for capacity: the same for admissions and requests.

/** Roles in which a person can act at a step, the first held is shown beside the opinion. */
const roleName = (ctx: Ctx, roles: readonly string[]): string => {
  const role = ctx.actor.grants.find((grant) => roles.includes(grant.role))?.role ?? ctx.actor.grants[0]?.role
  return role ? ROLES[role].zh : ''
}

export async function addReview(
  ctx: Ctx,
  matter: { type: MatterType; id: string; round: number },
  opinion: { node: string; roles: readonly string[]; result: string; comment: string; points?: Point[]; facts?: Record<string, unknown> },
): Promise<void> {
  await insertReview(ctx.db, matter, {
    id: newId(),
    node: opinion.node,
    round: matter.round,
    result: opinion.result,
    comment: opinion.comment,
    points: opinion.points ?? [],
    facts: opinion.facts ?? {},
    byId: personOf(ctx.actor),
    byName: ctx.actor.name,
    byRole: roleName(ctx, opinion.roles),
    at: ctx.now,
  })
}

/** Opinions of rounds before the present one are shown as superseded. */
export async function listReviews(ctx: Ctx, type: MatterType, id: string, round: number): Promise<z.input<typeof Review>[]> {
  const rows = await reviewsOf(ctx.db, type, id)
  return rows.map(({ byId, at, ...row }) => ({ ...row, at: at.toString(), superseded: row.round < round }))
}

export async function addSignature(
  ctx: Ctx,
  matter: { type: MatterType; id: string },
  given: { means: 'LETTER' | 'ELECTRONIC'; letterNo: string; digest: string },
): Promise<void> {
  await insertSignature(ctx.db, matter, newId(), {
    personId: personOf(ctx.actor),
    name: ctx.actor.name,
    role: roleName(ctx, ['TENANT_APPROVER']),
    at: ctx.now,
    ...given,
  })
}

export async function listSignatures(ctx: Ctx, type: MatterType, id: string): Promise<z.input<typeof Signature>[]> {
  return (await signaturesOf(ctx.db, type, id)).map(({ personId, name, role, means, digest, at }) => ({
    personId,
    name,
    role,
    means,
    digest,
    at: at.toString(),
  }))
}

/** Registers what is short for the construction project manager; a matter has one open demand at a time. */
export async function openDemand(
  ctx: Ctx,
  matter: { type: MatterType; id: string; tenantId: string },
  shortage: Partial<Totals>,
): Promise<void> {
  const before = await demandOf(ctx.db, matter.type, matter.id)
  if (before?.status === 'OPEN') return
  const id = newId()
  await insertDemand(ctx.db, matter, { id, shortage, at: ctx.now })
  await ctx.record({
    kind: 'build-demand.opened',
    subject: { type: 'build-demand', id },
    tenantId: matter.tenantId,
    data: { matter, shortage },
  })
}

/** The step each matter stands at, with its limit as the process has it now. One reading for a whole page. */
export async function stepsNow(
  ctx: Ctx,
  rows: readonly { id: string; steps: readonly Step[] }[],
): Promise<Map<string, z.input<typeof CurrentStep> | null>> {
  const limits = await taskLimits(
    ctx,
    rows.flatMap((row) => row.steps.map((step) => step.taskId)),
  )
  const unlimited = { dueAt: null, usedRatio: null, left: null }
  return new Map(
    rows.map((row) => {
      const step = currentStep(row.steps.map((one) => ({ ...one, dueAt: limits.get(one.taskId)?.dueAt ?? null })))
      const { dueAt, usedRatio, left } = (step && limits.get(step.taskId)) ?? unlimited
      return [row.id, step && { ...step, dueAt, usedRatio, left }]
    }),
  )
}

export async function answerDemand(
  ctx: Ctx,
  matter: { type: MatterType; id: string },
  answer: { status: 'READY' | 'CANNOT'; readyOn: string | null; comment: string },
): Promise<void> {
  const demand = await demandOf(ctx.db, matter.type, matter.id)
  if (!demand) return
  const readyOn = answer.readyOn === null ? null : Temporal.PlainDate.from(answer.readyOn)
  await decideDemand(ctx.db, demand.id, { status: answer.status, readyOn, comment: answer.comment, byName: ctx.actor.name, at: ctx.now })
  await ctx.record({ kind: 'build-demand.answered', subject: { type: 'build-demand', id: demand.id }, data: answer })
}

export async function showDemand(ctx: Ctx, type: MatterType, id: string) {
  const demand = await demandOf(ctx.db, type, id)
  return demand ? { ...demand, readyOn: demand.readyOn?.toString() ?? null } : null
}
