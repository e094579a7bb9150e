import type { ReclaimMetric } from '@changbai/contract/reclaim.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type DayRow, daysOf, type RolledFigure, rolledFigures, seriesOf, usedEnds } from './measurement.store.ts'
import { type Measured, measure, type PeakRule, type Span } from './peak.domain.ts'

const DAY_MS = 86_400_000

/** Whole days in Shanghai, the last of them yesterday: today is not over. */
export interface Observation {
  from: Temporal.PlainDate
  to: Temporal.PlainDate
  days: number
}
export const observationOf = (today: Temporal.PlainDate, days: number): Observation => ({ from: today.subtract({ days }), to: today, days })
export const spanOf = ({ from, to }: Observation): Span => ({
  fromMs: Date.parse(`${from.toString()}T00:00:00+08:00`),
  toMs: Date.parse(`${to.toString()}T00:00:00+08:00`),
})

/** What the roll-ups say of a measure, in the shape of {@link measure}. Mean and p95 are read from the averages, where somebody looks at them. */
export function fromRolled(rolled: RolledFigure | undefined, { days, ...observation }: Observation, rule: PeakRule): Measured | undefined {
  if (!rolled) return undefined
  const due = (days * DAY_MS) / 1000
  const seconds = Math.min(due, rolled.measuredSeconds)
  return {
    peak: rolled.peak,
    p95: null,
    mean: null,
    greatestDaySum: rolled.greatestDaySum,
    coverage: seconds / due,
    isCovered: seconds * 100 >= due * rule.coveragePercent,
    window: spanOf({ days, ...observation }),
  }
}

/**
 * Everything reclaim knows of measurements goes through these functions: the roll-ups of all items, the days of one, the averages of one.
 * Which program wrote them (uploads, monitoring) does not matter here.
 */
export const readRolled = (ctx: Ctx, { from, to }: Observation, itemIds?: readonly string[]): Promise<RolledFigure[]> =>
  rolledFigures(ctx.db, from.toString(), to.toString(), itemIds)
export const readDays = (ctx: Ctx, itemId: string, { from, to }: Observation): Promise<DayRow[]> =>
  daysOf(ctx.db, itemId, from.toString(), to.toString())
export const readUsedEnds = (ctx: Ctx, { from, to }: Observation) => usedEnds(ctx.db, from.toString(), to.toString())
export const readSeries = (ctx: Ctx, itemId: string, metric: ReclaimMetric, { from, to }: Pick<Observation, 'from' | 'to'>) =>
  seriesOf(ctx.db, itemId, metric, from.toString(), to.toString())

/** One measure of one item from its averages; undefined where none was taken at all. */
export async function readMeasured(
  ctx: Ctx,
  itemId: string,
  metric: ReclaimMetric,
  observation: Observation,
  rule: PeakRule,
  away: readonly Span[] = [],
): Promise<Measured | undefined> {
  const samples = await readSeries(ctx, itemId, metric, observation)
  return samples.length === 0 ? undefined : measure(samples, observation.days, rule, away, spanOf(observation))
}

/** Bytes in and out together, for the sum of a day. */
export async function readNetwork(
  ctx: Ctx,
  itemId: string,
  observation: Observation,
  rule: PeakRule,
  away: readonly Span[] = [],
): Promise<Measured | undefined> {
  const [into, out] = [await readSeries(ctx, itemId, 'netIn', observation), await readSeries(ctx, itemId, 'netOut', observation)]
  if (into.length === 0 && out.length === 0) return undefined
  const both = new Map<number, number>()
  for (const { atMs, value } of [...into, ...out]) both.set(atMs, (both.get(atMs) ?? 0) + value)
  const samples = [...both].map(([atMs, value]) => ({ atMs, value })).sort((a, b) => a.atMs - b.atMs)
  return measure(samples, observation.days, rule, away, spanOf(observation))
}
