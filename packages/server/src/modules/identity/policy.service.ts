import { type accessApi, accessProblems, type PolicyValues } from '@changbai/contract/access.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { deleteAddress, insertAddress, insertPolicy, isAddressAllowed, listAddresses, listPolicies } from './policy.store.ts'
import { planPolicy, policyOf, toPolicyValues } from './policy.ts'

type PolicyReply = Reply<typeof accessApi.policy>

/** How far each figure may go: from the plan's own to the strictest that people can still work with. */
const STRICTEST: PolicyValues = {
  failuresToLock: 3,
  lockMinutes: 24 * 60,
  idleMinutes: 5,
  passwordMinLength: 64,
  passwordClasses: 4,
  passwordDays: 7,
}
const FIELDS = Object.keys(STRICTEST) as (keyof PolicyValues)[]

export async function readPolicy(ctx: Ctx): Promise<PolicyReply> {
  return {
    inForce: await policyOf(ctx),
    plan: planPolicy(ctx),
    strictest: STRICTEST,
    changes: (await listPolicies(ctx.db)).map((row) => ({
      values: toPolicyValues(row),
      reason: row.reason,
      changedBy: row.changed_name,
      changedAt: row.changed_at.toString(),
    })),
    addresses: (await listAddresses(ctx.db)).map((rule) => ({
      id: rule.id,
      network: rule.network,
      note: rule.note,
      addedBy: rule.added_name,
      addedAt: rule.added_at.toString(),
    })),
  }
}

/** @throws accessProblems.looser: what the plan promises is the least */
export async function setPolicy(ctx: Ctx, { reason, ...wanted }: Input<typeof accessApi.setPolicy>): Promise<PolicyReply> {
  const plan = planPolicy(ctx)
  for (const field of FIELDS) {
    const [min, max] = [Math.min(plan[field], STRICTEST[field]), Math.max(plan[field], STRICTEST[field])]
    if (wanted[field] < min || wanted[field] > max) fail(accessProblems.looser, { field, min, max })
  }
  const before = await policyOf(ctx)
  const id = newId()
  await insertPolicy(ctx.db, {
    id,
    failures_to_lock: wanted.failuresToLock,
    lock_minutes: wanted.lockMinutes,
    idle_minutes: wanted.idleMinutes,
    password_min_length: wanted.passwordMinLength,
    password_classes: wanted.passwordClasses,
    password_days: wanted.passwordDays,
    changed_by: personOf(ctx.actor),
    changed_at: ctx.now,
    reason,
  })
  await ctx.record({ kind: 'security-policy.changed', subject: { type: 'security-policy', id }, before, after: wanted, data: { reason } })
  return readPolicy(ctx)
}

/** Nobody may lock themselves out, and with them perhaps everybody. */
const requireOwnAddress = async (ctx: Ctx): Promise<void> => {
  const { address } = ctx.actor
  if (address && !(await isAddressAllowed(ctx.db, address))) fail(accessProblems.ownAddress, { address })
}

export async function addAddress(ctx: Ctx, { network, note }: Input<typeof accessApi.addAddress>): Promise<PolicyReply> {
  const id = newId()
  const added = await insertAddress(ctx.db, { id, network, note, added_by: personOf(ctx.actor), added_at: ctx.now })
  if (!added) fail(commonProblems.conflict, { field: 'network' })
  await requireOwnAddress(ctx)
  await ctx.record({ kind: 'address-rule.added', subject: { type: 'address-rule', id }, after: { network, note } })
  return readPolicy(ctx)
}

export async function removeAddress(ctx: Ctx, { ruleId }: Input<typeof accessApi.removeAddress>): Promise<PolicyReply> {
  const rule = (await listAddresses(ctx.db)).find(({ id }) => id === ruleId)
  if (!rule || !(await deleteAddress(ctx.db, ruleId))) return fail(commonProblems.notFound)
  await requireOwnAddress(ctx)
  await ctx.record({
    kind: 'address-rule.removed',
    subject: { type: 'address-rule', id: ruleId },
    before: { network: rule.network, note: rule.note },
  })
  return readPolicy(ctx)
}
