import type { PolicyValues } from '@changbai/contract/access.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { newestPolicy } from './policy.store.ts'

/** What the plan promises: parameters of section 5.1. */
export const planPolicy = (ctx: Ctx): PolicyValues => ({
  failuresToLock: ctx.plan.number('signIn.failuresToLock'),
  lockMinutes: ctx.plan.number('signIn.lockMinutes'),
  idleMinutes: ctx.plan.number('signIn.idleMinutes'),
  passwordMinLength: ctx.plan.number('signIn.passwordMinLength'),
  passwordClasses: ctx.plan.number('signIn.passwordClasses'),
  passwordDays: ctx.plan.number('signIn.passwordDays'),
})

/** The policy in force: the security administrator's, where it was made stricter than the plan. */
export async function policyOf(ctx: Ctx): Promise<PolicyValues> {
  const row = await newestPolicy(ctx.db)
  if (!row) return planPolicy(ctx)
  return {
    failuresToLock: row.failures_to_lock,
    lockMinutes: row.lock_minutes,
    idleMinutes: row.idle_minutes,
    passwordMinLength: row.password_min_length,
    passwordClasses: row.password_classes,
    passwordDays: row.password_days,
  }
}
