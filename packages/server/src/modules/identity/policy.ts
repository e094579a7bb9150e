import type { Ctx } from '../../platform/ctx.ts'
import type { SignInPolicy } from './identity.domain.ts'

/** Minutes without a call after which a session ends. Read before a plan is at hand, hence a constant of the product. */
export const IDLE_MINUTES = 15

/** The policy in force: parameters of the plan. */
export const policyOf = (ctx: Ctx): SignInPolicy => ({
  failuresToLock: ctx.plan.number('signIn.failuresToLock'),
  lockMinutes: ctx.plan.number('signIn.lockMinutes'),
  idleMinutes: IDLE_MINUTES,
  passwordMinLength: ctx.plan.number('signIn.passwordMinLength'),
  passwordClasses: ctx.plan.number('signIn.passwordClasses'),
  passwordDays: ctx.plan.number('signIn.passwordDays'),
})
