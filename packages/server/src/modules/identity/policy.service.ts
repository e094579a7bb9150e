import { type accessApi, accessProblems, type PolicyValues } from '@changbai/contract/access.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { personById } from './person.store.ts'
import { deleteAddress, insertAddress, insertPolicy, isAddressAllowed, listAddresses, newestPolicy } from './policy.store.ts'
import { planPolicy, policyOf } from './policy.ts'

type PolicyReply = Reply<typeof accessApi.policy>

/** How far each figure may go: from the plan's own to the strictest that people can still work with. */
const BOUNDS: { field: keyof PolicyValues; stricter: 'smaller' | 'larger'; end: number }[] = [
  { field: 'failuresToLock', stricter: 'smaller', end: 3 },
  { field: 'lockMinutes', stricter: 'larger', end: 24 * 60 },
  { field: 'idleMinutes', stricter: 'smaller', end: 5 },
  { field: 'passwordMinLength', stricter: 'larger', end: 64 },
  { field: 'passwordClasses', stricter: 'larger', end: 4 },
  { field: 'passwordDays', stricter: 'smaller', end: 7 },
]

export async function readPolicy(ctx: Ctx): Promise<PolicyReply> {
  const row = await newestPolicy(ctx.db)
  const changedBy = row ? await personById(ctx.db, row.changed_by) : undefined
  return {
    inForce: await policyOf(ctx),
    plan: planPolicy(ctx),
    changedBy: changedBy?.name ?? null,
    changedAt: row?.changed_at.toString() ?? null,
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
export async function setPolicy(ctx: Ctx, wanted: Input<typeof accessApi.setPolicy>): Promise<PolicyReply> {
  const plan = planPolicy(ctx)
  for (const { field, end } of BOUNDS) {
    const [min, max] = [Math.min(plan[field], end), Math.max(plan[field], end)]
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
  })
  await ctx.record({ kind: 'security-policy.changed', subject: { type: 'security-policy', id }, before, after: wanted })
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
