import type { AlarmLevel } from '@changbai/contract/alarm.shapes.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { lockAlarms } from './alarm.store.ts'
import { openIdentities, unheard } from './evaluate.store.ts'
import { hostOf } from './intake/incoming.domain.ts'
import { partOf } from './intake.service.ts'
import { type Found, findObjects, type Wanted } from './objects.service.ts'
import { type About, observe, type Seen } from './observe.service.ts'
import { policyFor } from './policy.ts'
import { forgetReadings, type ReadingRow, saveReadings, stoppedBetween } from './reading.store.ts'
import { type MetricRule, rulesInForce } from './rule.service.ts'
import { labelKey } from './rules/measure.domain.ts'
import { gravest, secondsOf } from './rules/pack.domain.ts'

export interface Judged {
  rule: MetricRule
  itemId: string | null
  labels: Readonly<Record<string, string>>
  value: number
  at: number
  level: AlarmLevel | null
}
export interface Reading {
  metric: string
  itemId: string | null
  labels: Readonly<Record<string, string>>
  value: number
  at: number
}
const wantedOf = ({ itemId, labels }: { itemId: string | null; labels: Readonly<Record<string, string>> }): Wanted => ({
  id: itemId,
  address: labels.instance ? hostOf(labels.instance) : null,
  name: labels.instance ?? labelKey(labels),
})

/** What the embedded evaluator found to cross a bound, or to be good again. */
export async function takeJudged(ctx: Ctx, judged: readonly Judged[]): Promise<void> {
  const found = await findObjects(ctx, judged.map(wantedOf))
  await observe(
    ctx,
    judged.map(({ rule: { rule, metric }, labels, value, at, level }, index): Seen => {
      const where = found[index] as Found
      const part = partOf(
        labels,
        metric.sources.flatMap(({ by }) => by),
      )
      return {
        identity: `rule:${rule.id}|${where.key}|${part}`,
        sight: { at, level },
        value,
        about: {
          ruleId: rule.id,
          source: 'EVALUATOR',
          sourceId: null,
          title: rule.title,
          hint: rule.hint,
          topic: metric.topic,
          clause: metric.clause ?? null,
          cause: rule.cause ?? null,
          lost: rule.lost,
          unit: metric.unit,
          labels,
          object: where.object,
          objectName: where.name,
        },
        policy: policyFor(ctx, rule, rule.incident),
      }
    }),
  )
}

export async function keepReadings(ctx: Ctx, readings: readonly Reading[]): Promise<void> {
  const rows = readings.map(({ metric, itemId, labels, value, at }) => ({
    metric,
    object_key: itemId ?? labels.instance ?? labelKey(labels),
    object_id: itemId,
    labels,
    value: Number.isFinite(value) ? value : 0,
    last_at: Temporal.Instant.fromEpochMilliseconds(at),
  }))
  await saveReadings(ctx.db, rows)
}

/** A reading is written down every two minutes only: silence is judged no sharper than that. */
const WRITTEN_MS = 180_000

/**
 * What was reported and is not any more: open alarms are held, and the object gets an alarm of its own that says what is missing. Nothing closes by
 * silence. @clause 5.1-3
 */
export async function watchSilence(ctx: Ctx): Promise<void> {
  const rules = (await rulesInForce(ctx)).metric
  const byMetric = Map.groupBy(rules, ({ metric }) => metric.id)
  const now = ctx.now.epochMilliseconds
  const stopped = (await stoppedBetween(ctx.db, ctx.now.subtract({ hours: 24 }), ctx.now.subtract({ milliseconds: 60_000 }))).filter(
    (row) => {
      const holding = (byMetric.get(row.metric) ?? []).filter(({ rule }) => rule.missing === 'hold')
      const after = Math.min(...holding.map(({ rule }) => secondsOf(rule.missingAfter) * 1000))
      return holding.length > 0 && row.last_at.epochMilliseconds + Math.max(after, WRITTEN_MS) <= now
    },
  )
  await holdUnheard(ctx, rules)
  await tellSilent(ctx, stopped, byMetric)
  await forgetReadings(ctx.db, ctx.now)
}

async function holdUnheard(ctx: Ctx, rules: readonly MetricRule[]): Promise<void> {
  const byId = new Map(rules.map((one) => [one.rule.id, one]))
  const quiet = (await unheard(ctx.db, ctx.now.subtract({ milliseconds: WRITTEN_MS }))).filter(({ ruleId, lastAt }) => {
    const after = byId.get(ruleId)?.rule.missingAfter
    return after === undefined || lastAt.epochMilliseconds + secondsOf(after) * 1000 <= ctx.now.epochMilliseconds
  })
  const rows = await lockAlarms(
    ctx.db,
    quiet.map(({ id }) => id),
  )
  const seen = rows.map(
    (row): Seen => ({
      identity: row.identity,
      sight: { at: ctx.now.epochMilliseconds, level: null, missing: true },
      value: null,
      about: aboutRow(row),
      policy: row.policy,
    }),
  )
  if (seen.length > 0) await observe(ctx, seen)
}
const aboutRow = (row: Awaited<ReturnType<typeof lockAlarms>>[number]): About => ({
  ruleId: row.rule_id,
  source: row.source,
  sourceId: row.source_id,
  title: row.title,
  hint: row.hint,
  topic: row.topic,
  clause: row.clause,
  cause: row.cause,
  lost: row.lost,
  unit: row.unit,
  labels: row.labels,
  object: null,
  objectName: row.object_name,
})

/** One alarm an object, however many of its readings stopped; it is over when all of them are back. */
async function tellSilent(ctx: Ctx, stopped: readonly ReadingRow[], byMetric: ReadonlyMap<string, readonly MetricRule[]>): Promise<void> {
  const byObject = Map.groupBy(stopped, (row) => row.object_key)
  const open = await openIdentities(ctx.db, 'missing:')
  const objects = [...byObject].map(([key, rows]) => ({ key, rows }))
  const found = await findObjects(
    ctx,
    objects.map(({ key, rows }) => ({ id: rows[0]?.object_id ?? null, address: hostOf(key), name: key })),
  )
  const seen = objects.flatMap(({ key, rows }, index): Seen[] => {
    const where = found[index] as Found
    const level = gravest(rows.flatMap(({ metric }) => (byMetric.get(metric) ?? []).map(({ rule }) => rule.missingLevel))) ?? 'III'
    const metrics = rows.map(({ metric }) => metric).sort()
    return [silentSeen(ctx, `missing:${key}`, level, where, metrics)]
  })
  for (const identity of open)
    if (!byObject.has(identity.slice('missing:'.length)))
      seen.push(silentSeen(ctx, identity, null, { object: null, name: identity, key: identity }, []))
  if (seen.length > 0) await observe(ctx, seen)
}
const silentSeen = (ctx: Ctx, identity: string, level: AlarmLevel | null, where: Found, metrics: readonly string[]): Seen => ({
  identity,
  sight: { at: ctx.now.epochMilliseconds, level },
  value: level === null ? null : metrics.length,
  about: {
    ruleId: null,
    source: 'PLATFORM',
    sourceId: null,
    title: { zh: `监测数据中断（${metrics.length} 项）`, en: `Readings stopped (${metrics.length})` },
    hint: {
      zh: `${metrics.slice(0, 10).join('、')} 不再上报；检查采集程序与网络`,
      en: `${metrics.slice(0, 10).join(', ')} are not reported any more; check the exporter and the network`,
    },
    topic: 'collection',
    clause: '5.1-3',
    cause: null,
    lost: false,
    unit: '',
    labels: {},
    object: where.object,
    objectName: where.name,
  },
  policy: { ...policyFor(ctx, { for: 'PT0S', settle: 'PT0S', missing: 'hold' }, false) },
})
