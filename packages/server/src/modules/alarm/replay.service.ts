import { alarmProblems } from '@changbai/contract/alarm.shapes.ts'
import type { alarmApi } from '@changbai/contract/alarm.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { readSamples } from '../telemetry/index.ts'
import { hostOf } from './intake/incoming.domain.ts'
import { partOf } from './intake.service.ts'
import { type Found, findObjects } from './objects.service.ts'
import { policyFor } from './policy.ts'
import { replay } from './replay.domain.ts'
import { findMetricRule, withChange } from './rule.service.ts'

type Api = typeof alarmApi
const SERIES_MAX = 1_000
const HOUR_MS = 3_600_000
/** Windows of the rule reach back before the span. */
const BEFORE_MS = HOUR_MS

/** What the rule, with the change if one is given, would have raised over the last hours; nobody is told of anything. */
export async function replayRule(ctx: Ctx, { ruleId, change, objectId, hours }: Input<Api['replay']>): Promise<Reply<Api['replay']>> {
  const found = await findMetricRule(ctx, ruleId)
  const rule = withChange(found.rule, change)
  const { metric } = found
  const names = [...new Set(metric.sources.flatMap((source) => [source.name, ...(source.per ? [source.per.name] : [])]))]
  const now = ctx.now.epochMilliseconds
  const fromMs = now - hours * HOUR_MS
  const read = await readSamples(ctx, {
    matchers: [{ label: '__name__', op: '=~', value: names.join('|') }],
    ...(objectId ? { itemIds: [objectId] } : {}),
    fromMs: fromMs - BEFORE_MS,
    toMs: now + 1,
  })
  if (read.length > SERIES_MAX) fail(alarmProblems.tooMany, { limit: SERIES_MAX })
  const parts = metric.sources.flatMap(({ by }) => by)
  const raised = [...Map.groupBy(read, ({ series }) => series.itemId ?? series.labels.instance ?? '')].flatMap(([key, own]) =>
    replay(
      { rule, metric, policy: { ...policyFor(ctx, rule, true), escalation: [] } },
      own.map(({ series, at, values }) => ({ name: series.name, labels: series.labels, at, values })),
      fromMs,
      now,
    ).map((alarm) => ({ ...alarm, key, itemId: own[0]?.series.itemId ?? null })),
  )
  const first = raised.sort((a, b) => a.firedAt - b.firedAt).slice(0, 500)
  const objects = await findObjects(
    ctx,
    first.map(({ key, itemId }) => ({ id: itemId, address: hostOf(key), name: key })),
  )
  const instant = (at: number): string => Temporal.Instant.fromEpochMilliseconds(at).toString()
  return {
    series: read.length,
    samples: read.reduce((sum, { at }) => sum + at.length, 0),
    alarms: first.map(({ labels, level, firedAt, closedAt, peak }, index) => ({
      objectName: (objects[index] as Found).name,
      part: partOf(labels, parts),
      level,
      firedAt: instant(firedAt),
      closedAt: closedAt === null ? null : instant(closedAt),
      peak,
    })),
  }
}
