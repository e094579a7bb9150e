import type { Ctx } from '../../platform/ctx.ts'
import { watchedPage } from '../inventory/index.ts'
import { type Found, findObjects } from './objects.service.ts'
import { observe, type Seen } from './observe.service.ts'
import { policyFor } from './policy.ts'
import { allRules } from './rule.store.ts'
import type { Metric, Rule } from './rules/pack.domain.ts'

/** A few alarms as they stand in an ordinary hour; nobody is paged by them. What nobody measures stays uncovered: readings are not made up. */
export async function seedDemoAlarms(ctx: Ctx): Promise<void> {
  const rules = new Map((await allRules(ctx.db)).map((row) => [row.id, row]))
  const servers = await watchedPage(ctx, ['vm', 'baremetal'], undefined, 40)
  const now = ctx.now.epochMilliseconds
  const lines: readonly (readonly [rule: string, server: number, value: number, labels: Record<string, string>, minutes: number])[] = [
    ['server-disk-used', 0, 88.4, { mountpoint: '/data' }, 190],
    ['server-swap-used', 2, 83.1, {}, 55],
    ['certificate-expiring', 4, 19, {}, 700],
    ['server-clock-ahead', 5, 0.13, {}, 20],
  ]
  const picked = lines.flatMap(([id, at, value, labels, minutes]) => {
    const [row, server] = [rules.get(id), servers[at]]
    return row?.metric && server
      ? [{ rule: row.definition as Rule, metric: row.metric as Metric, server, value, labels, at: now - minutes * 60_000 }]
      : []
  })
  const found = await findObjects(
    ctx,
    picked.map(({ server }) => ({ id: server.id, address: null, name: server.name })),
  )
  await observe(
    ctx,
    picked.map(({ rule, metric, value, labels, at }, index): Seen => {
      const where = found[index] as Found
      const part = Object.entries(labels).map(([name, text]) => `${name}=${text}`)
      return {
        identity: `rule:${rule.id}|${where.key}|${part.join(',')}`,
        sight: { at, level: rule.levels[0]?.level ?? 'IV' },
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
          labels,
          object: where.object,
          objectName: where.name,
        },
        // an incident of its own would page real people in a demonstration
        policy: { ...policyFor(ctx, rule, false), escalation: [] },
      }
    }),
  )
}
