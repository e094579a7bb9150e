import type { PolicyValues } from '@changbai/contract/access.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { newestPolicy, type SecurityPolicyTable } from './policy.store.ts'

/** What the plan promises: parameters of section 5.1. */
export const planPolicy = (ctx: Ctx): PolicyValues => ({
  failuresToLock: ctx.plan.number('signIn.failuresToLock'),
  lockMinutes: ctx.plan.number('signIn.lockMinutes'),
  idleMinutes: ctx.plan.number('signIn.idleMinutes'),
  passwordMinLength: ctx.plan.number('signIn.passwordMinLength'),
  passwordClasses: ctx.plan.number('signIn.passwordClasses'),
  passwordDays: ctx.plan.number('signIn.passwordDays'),
})

export const toPolicyValues = (row: Omit<SecurityPolicyTable, 'id' | 'changed_by' | 'changed_at' | 'reason'>): PolicyValues => ({
  failuresToLock: row.failures_to_lock,
  lockMinutes: row.lock_minutes,
  idleMinutes: row.idle_minutes,
  passwordMinLength: row.password_min_length,
  passwordClasses: row.password_classes,
  passwordDays: row.password_days,
})

/** The policy in force: the security administrator's, where it was made stricter than the plan. */
export async function policyOf(ctx: Ctx): Promise<PolicyValues> {
  const row = await newestPolicy(ctx.db)
  return row ? stricter(planPolicy(ctx), toPolicyValues(row)) : planPolicy(ctx)
}

/** Of two policies the stricter figure each: the plan may have become stricter since the administrator set theirs. */
const stricter = (one: PolicyValues, other: PolicyValues): PolicyValues => ({
  failuresToLock: Math.min(one.failuresToLock, other.failuresToLock),
  lockMinutes: Math.max(one.lockMinutes, other.lockMinutes),
  idleMinutes: Math.min(one.idleMinutes, other.idleMinutes),
  passwordMinLength: Math.max(one.passwordMinLength, other.passwordMinLength),
  passwordClasses: Math.max(one.passwordClasses, other.passwordClasses),
  passwordDays: Math.min(one.passwordDays, other.passwordDays),
})
