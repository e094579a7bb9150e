import { labelKey, levelAt, measure, reachMs, type Series } from './rules/measure.domain.ts'
import { graver, type Level, type Metric, type Rule } from './rules/pack.domain.ts'
import type { Labels } from './rules/selector.domain.ts'
import type { Around, Policy, Watch } from './stages/alarm.domain.ts'
import { decide, isOver } from './stages/pipeline.domain.ts'

interface Raised {
  labels: Labels
  level: Level
  firedAt: number
  closedAt: number | null
  /** The value furthest beyond the bound. */
  peak: number
}
interface Samples {
  name: string
  labels: Labels
  at: Float64Array
  values: Float64Array
}
const calm: Around = { roots: [], mutes: [], firedLastMinute: 0, stormFrom: Number.POSITIVE_INFINITY }
const STEP_MS = 30_000

/** Runs one object's samples through the same rule and the same stages, a look every half minute. */
export function replay(
  { rule, metric, policy }: { rule: Rule; metric: Metric; policy: Policy },
  samples: readonly Samples[],
  fromMs: number,
  toMs: number,
): Raised[] {
  const reach = Math.max(...metric.sources.flatMap((source) => [reachMs(source), ...(source.per ? [reachMs(source.per)] : [])]))
  const sliding = samples.map((one) => ({ ...one, low: 0, high: 0 }))
  const watches = new Map<string, { watch: Watch; raised: Raised | null }>()
  const all: Raised[] = []
  for (let now = fromMs; now <= toMs; now += STEP_MS) {
    const window: Series[] = sliding.map((one) => {
      while (one.high < one.at.length && (one.at[one.high] as number) <= now) one.high += 1
      while (one.low < one.high && (one.at[one.low] as number) <= now - reach) one.low += 1
      const points = Array.from(
        { length: one.high - one.low },
        (_, i) => [one.at[one.low + i] as number, one.values[one.low + i] as number] as const,
      )
      return { name: one.name, labels: one.labels, points }
    })
    const seen = new Set<string>()
    for (const { labels, value } of measure(metric, window, now)) {
      const key = labelKey(labels)
      seen.add(key)
      const there = watches.get(key)
      const step = decide(there?.watch ?? null, { now, sight: { at: now, level: levelAt(rule, value) }, policy, around: calm })
      if (!step) continue
      const next = { watch: step.watch, raised: there && !isOver(there.watch, policy, now) ? there.raised : null }
      if (step.said.some(({ reason }) => reason === 'fired')) {
        next.raised = { labels, level: step.watch.level, firedAt: step.watch.firedAt ?? now, closedAt: null, peak: value }
        all.push(next.raised)
      }
      if (next.raised && next.raised.closedAt === null) noteOn(next.raised, step.watch, value, rule)
      watches.set(key, next)
    }
    // timers go on where nothing is measured; silence itself closes nothing
    for (const [key, entry] of watches) {
      if (seen.has(key) || entry.watch.state === 'CLOSED') continue
      const step = decide(entry.watch, { now, sight: { at: now, level: null, missing: true }, policy, around: calm })
      if (step) entry.watch = step.watch
    }
  }
  return all
}
function noteOn(raised: Raised, watch: Watch, value: number, rule: Rule): void {
  if (watch.state === 'CLOSED') {
    raised.closedAt = watch.closedAt
    return
  }
  if (graver(watch.level, raised.level)) raised.level = watch.level
  const isUpward = rule.levels.some(({ above }) => above !== undefined)
  if (watch.state === 'FIRING' && (isUpward ? value > raised.peak : value < raised.peak)) raised.peak = value
}
