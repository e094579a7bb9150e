import type { Sample } from './series.domain.ts'

/** What a peak is, by the plan (`reclaim.peak`). */
export interface PeakRule {
  averageMinutes: number
  /** Least share of the window that must be measured, 1 to 100. */
  coveragePercent: number
}

/** Half-open, epoch milliseconds. */
export interface Span {
  fromMs: number
  toMs: number
}

/** One average; `fromMs` is where its stretch begins. */
interface Average {
  fromMs: number
  value: number
  measuredMs: number
}

export interface Measured {
  /** The greatest average; null when nothing was measured. */
  peak: number | null
  /** For reading only, never to judge by. */
  p95: number | null
  mean: number | null
  /** The greatest sum of one day (Asia/Shanghai). */
  greatestDaySum: number | null
  /** Measured share of what had to be measured, 0..1. */
  coverage: number
  isCovered: boolean
  window: Span
}

const DAY_MS = 86_400_000
const SHANGHAI_MS = 8 * 3_600_000
const MINUTE_MS = 60_000
/** From this share of the averaging time on, a row is taken as an average that somebody else formed. */
export const IS_AVERAGE_FROM = 0.9

export function medianGap(samples: readonly Sample[]): number {
  const gaps = samples.slice(1).map((sample, index) => sample.atMs - (samples[index] as Sample).atMs)
  return gaps.sort((a, b) => a - b)[gaps.length >> 1] ?? Number.POSITIVE_INFINITY
}

/** The window ends with the stretch that holds the last row; stretches begin at whole multiples since midnight. */
function windowOf(samples: readonly Sample[], averageMs: number, days: number): Span {
  const lastMs = samples.at(-1)?.atMs ?? 0
  const toMs = (Math.floor(lastMs / averageMs) + 1) * averageMs
  return { fromMs: toMs - days * DAY_MS, toMs }
}

/** Finer samples are averaged by stretches of the clock. */
function averagesOf(samples: readonly Sample[], averageMs: number): Average[] {
  const averages: Average[] = []
  let sum = 0
  let count = 0
  for (const [index, { atMs, value }] of samples.entries()) {
    sum += value
    count += 1
    const fromMs = Math.floor(atMs / averageMs) * averageMs
    const next = samples[index + 1]
    if (next && next.atMs < fromMs + averageMs) continue
    averages.push({ fromMs, value: sum / count, measuredMs: averageMs })
    sum = 0
    count = 0
  }
  return averages
}

/**
 * Rows that are averages already stay what they are, whatever second of the minute they were written at. Each speaks for one averaging time about
 * its instant that no other row speaks for; half of one is allowed for writers that come early or late.
 */
function asWritten(samples: readonly Sample[], averageMs: number): Average[] {
  let spokenForMs = Number.NEGATIVE_INFINITY
  return samples.map(({ atMs, value }) => {
    const fromMs = Math.max(spokenForMs, atMs - averageMs * 1.5)
    spokenForMs = Math.max(fromMs, Math.min(fromMs + averageMs, atMs + averageMs / 2))
    return { fromMs: atMs, value, measuredMs: spokenForMs - fromMs }
  })
}

const overlaps = (fromMs: number, toMs: number, spans: readonly Span[]): boolean =>
  spans.some((span) => fromMs < span.toMs && span.fromMs < toMs)

/** Length of a union of spans within a window. */
function lengthWithin(window: Span, spans: readonly Span[]): number {
  const clipped = spans
    .map(({ fromMs, toMs }) => ({ fromMs: Math.max(fromMs, window.fromMs), toMs: Math.min(toMs, window.toMs) }))
    .filter(({ fromMs, toMs }) => fromMs < toMs)
    .sort((a, b) => a.fromMs - b.fromMs)
  let sum = 0
  let reached = window.fromMs
  for (const { fromMs, toMs } of clipped) {
    sum += Math.max(0, toMs - Math.max(fromMs, reached))
    reached = Math.max(reached, toMs)
  }
  return sum
}

/** Whole stretches that approved maintenance touches. */
const wholeStretches = (spans: readonly Span[], averageMs: number): Span[] =>
  spans.map(({ fromMs, toMs }) => ({
    fromMs: Math.floor(fromMs / averageMs) * averageMs,
    toMs: Math.ceil(toMs / averageMs) * averageMs,
  }))

function greatestDaySum(samples: readonly Sample[]): number | null {
  const sums = new Map<number, number>()
  for (const { atMs, value } of samples) {
    const day = Math.floor((atMs + SHANGHAI_MS) / DAY_MS)
    sums.set(day, (sums.get(day) ?? 0) + value)
  }
  return sums.size === 0 ? null : [...sums.values()].reduce((most, sum) => Math.max(most, sum))
}

/**
 * Peak and coverage of one measure over the days that end with its last row.
 * @param samples in order, one for each instant
 * @param excluded approved maintenance: it neither makes a peak nor has to be measured
 * @param observed the days that are judged, where they do not end with the last row
 * @clause 4.5.2-1
 */
export function measure(
  samples: readonly Sample[],
  days: number,
  rule: PeakRule,
  excluded: readonly Span[] = [],
  observed?: Span,
): Measured {
  const averageMs = rule.averageMinutes * MINUTE_MS
  const window = observed ?? windowOf(samples, averageMs, days)
  const away = wholeStretches(excluded, averageMs)
  const isAverage = medianGap(samples) >= averageMs * IS_AVERAGE_FROM
  const inWindow = samples.filter(({ atMs }) => atMs >= window.fromMs && atMs < window.toMs)
  const counted = (isAverage ? asWritten(inWindow, averageMs) : averagesOf(inWindow, averageMs)).filter(({ fromMs }) => {
    const startMs = Math.floor(fromMs / averageMs) * averageMs
    return !overlaps(startMs, startMs + averageMs, away)
  })

  const dueMs = window.toMs - window.fromMs - lengthWithin(window, away)
  const measuredMs = Math.min(
    dueMs,
    counted.reduce((sum, one) => sum + one.measuredMs, 0),
  )
  const values = counted.map(({ value }) => value).sort((a, b) => a - b)
  return {
    peak: values.at(-1) ?? null,
    p95: values[Math.ceil(values.length * 0.95) - 1] ?? null,
    mean: values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length,
    greatestDaySum: greatestDaySum(inWindow.filter(({ atMs }) => !overlaps(atMs, atMs + 1, away))),
    coverage: dueMs === 0 ? 0 : measuredMs / dueMs,
    isCovered: dueMs > 0 && measuredMs * 100 >= dueMs * rule.coveragePercent,
    window,
  }
}
