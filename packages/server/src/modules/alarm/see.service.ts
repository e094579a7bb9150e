import type { Ctx } from '../../platform/ctx.ts'
import { type About, observe, type Seen } from './observe.service.ts'
import { policyFor } from './policy.ts'
import { rulesInForce } from './rule.service.ts'
import { levelAt } from './rules/measure.domain.ts'

interface SeenValue {
  object: NonNullable<About['object']>
  name: string
  /** In the unit of the rule's metric. */
  value: number
}

/** Values another part of the platform has measured itself, judged by a rule of the packs; a rule that is switched off judges nothing. */
export async function seeByRule(ctx: Ctx, ruleId: string, values: readonly SeenValue[]): Promise<void> {
  const found = (await rulesInForce(ctx)).metric.find(({ rule }) => rule.id === ruleId)
  if (!found || values.length === 0) return
  const { rule, metric } = found
  await observe(
    ctx,
    values.map(
      ({ object, name, value }): Seen => ({
        identity: `rule:${rule.id}|${object.id}|`,
        sight: { at: ctx.now.epochMilliseconds, level: levelAt(rule, value) },
        value,
        about: {
          ruleId: rule.id,
          source: 'PLATFORM',
          sourceId: null,
          title: rule.title,
          hint: rule.hint,
          topic: metric.topic,
          clause: metric.clause ?? null,
          cause: rule.cause ?? null,
          lost: false,
          unit: metric.unit,
          labels: {},
          object,
          objectName: name,
        },
        policy: policyFor(ctx, rule, rule.incident),
      }),
    ),
  )
}
