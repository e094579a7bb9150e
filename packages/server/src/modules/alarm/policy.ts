import type { Ctx } from '../../platform/ctx.ts'
import { type Rule, secondsOf } from './rules/pack.domain.ts'
import type { Policy } from './stages/alarm.domain.ts'

/** Who is told after how many minutes without anybody having acknowledged. */
export interface EscalationStep {
  afterMinutes: number
  roles: string[]
}

/** How the stages treat what a rule sees: the rule's own lengths and the plan's parameters. */
export const policyFor = (ctx: Ctx, rule: Pick<Rule, 'for' | 'settle' | 'missing'>, incident: boolean): Policy => ({
  forMs: secondsOf(rule.for) * 1000,
  settleMs: secondsOf(rule.settle) * 1000,
  missing: rule.missing,
  quiet: 'missing',
  incident,
  reopenMs: ctx.plan.number('monitoring.reopenMinutes') * 60_000,
  holdMs: ctx.plan.number('monitoring.rootHoldSeconds') * 1000,
  escalation: ctx.plan.value<EscalationStep[]>('monitoring.escalation').map(({ afterMinutes }) => afterMinutes * 60_000),
})
