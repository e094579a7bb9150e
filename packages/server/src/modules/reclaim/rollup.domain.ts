import { IS_AVERAGE_FROM, medianGap } from './peak.domain.ts'
import type { Sample } from './series.domain.ts'

/** One measure of one item over one day in Shanghai. */
export interface DayRoll {
  onDay: string
  /** Second of the day and value of each average. */
  seconds: number[]
  values: number[]
  peak: number
  peakAtMs: number
  mean: number
  sum: number
  measuredSeconds: number
}

const SHANGHAI_MS = 8 * 3_600_000
const DAY_MS = 86_400_000
export const dayOf = (atMs: number): string => new Date(atMs + SHANGHAI_MS).toISOString().slice(0, 10)
const startOf = (atMs: number): number => Math.floor((atMs + SHANGHAI_MS) / DAY_MS) * DAY_MS - SHANGHAI_MS

interface Stretch {
  atMs: number
  value: number
  spanMs: number
}

/** Rows finer than the averaging time are put together by stretches of the clock: amounts add up, levels are averaged. */
function stretchesOf(samples: readonly Sample[], isAmount: boolean, averageMs: number, spanMaxMs: number): Stretch[] {
  if (medianGap(samples) >= averageMs * IS_AVERAGE_FROM)
    return samples.map(({ atMs, value }, index) => {
      const before = samples[index - 1]
      const next = samples[index + 1]
      // the first row speaks for as long as the second does
      const gap = before ? atMs - before.atMs : next ? next.atMs - atMs : averageMs
      return { atMs, value, spanMs: Math.min(spanMaxMs, gap) }
    })
  const stretches: Stretch[] = []
  let sum = 0
  let count = 0
  for (const [index, { atMs, value }] of samples.entries()) {
    sum += value
    count += 1
    const from = Math.floor(atMs / averageMs) * averageMs
    const next = samples[index + 1]
    if (next && next.atMs < from + averageMs) continue
    stretches.push({ atMs: from, value: isAmount ? sum : sum / count, spanMs: averageMs })
    sum = 0
    count = 0
  }
  return stretches
}

/**
 * Samples in order to one roll-up a day.
 * @param isAmount bytes and operations add up; percent and connections do not
 * @param spanMaxMs for how long one row may speak: the averaging time, or a day for what changes slowly
 */
export function rollUp(samples: readonly Sample[], isAmount: boolean, averageMs: number, spanMaxMs = averageMs): DayRoll[] {
  const days = new Map<string, DayRoll>()
  for (const { atMs, value, spanMs } of stretchesOf(samples, isAmount, averageMs, spanMaxMs)) {
    const onDay = dayOf(atMs)
    const roll = days.get(onDay) ?? {
      onDay,
      seconds: [],
      values: [],
      peak: Number.NEGATIVE_INFINITY,
      peakAtMs: atMs,
      mean: 0,
      sum: 0,
      measuredSeconds: 0,
    }
    roll.seconds.push(Math.floor((atMs - startOf(atMs)) / 1000))
    roll.values.push(value)
    if (value > roll.peak) Object.assign(roll, { peak: value, peakAtMs: atMs })
    roll.sum += value
    roll.measuredSeconds = Math.min(86_400, roll.measuredSeconds + spanMs / 1000)
    days.set(onDay, roll)
  }
  return [...days.values()].map((roll) => ({
    ...roll,
    mean: roll.sum / roll.values.length,
    measuredSeconds: Math.round(roll.measuredSeconds),
  }))
}
