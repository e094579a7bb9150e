import type { Ctx } from '../../platform/ctx.ts'
import type { LeaderLimits } from './domain/admission.ts'

/** Thresholds of the leader's approval (A8) as the plan has them today. */
export const leaderLimits = (ctx: Ctx): LeaderLimits => ({
  newSystem: ctx.plan.flag('approval.leaderNewSystem'),
  mlpsLevel: ctx.plan.number('approval.leaderMlpsLevel'),
  baremetal: ctx.plan.flag('approval.leaderBaremetal'),
  vcpu: ctx.plan.number('approval.leaderVcpu'),
  storageGiB: ctx.plan.number('approval.leaderStorageGiB'),
})

/** Highest protection level this cloud carries: systems above it are out of scope. */
export const maxMlpsLevel = (ctx: Ctx): number => ctx.plan.number('admission.maxMlpsLevel')
