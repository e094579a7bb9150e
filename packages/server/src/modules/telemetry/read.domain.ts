import type { RangePoint } from './engine.ts'
import type { Points } from './store/chunk.domain.ts'
import { addHistogram, addToHistogram, type Histogram, quantileOf, quantileOfSorted } from './store/histogram.domain.ts'
import { increaseBetween, type Slot } from './store/rollup.domain.ts'

/** Between two samples further apart than this nothing is assumed of a counter. */
export const GAP_MS = 660_000

interface Step {
  count: number
  sum: number
  min: number
  max: number
  last: number
  increase: number
  coveredMs: number
  values: number[]
  histogram: Histogram | null
  /** Roll-ups without a histogram are part of it. */
  isBlurred: boolean
}

/** Adds up, in order of time, what one series comes to in each step. */
export class RangeSum {
  private readonly fromMs: number
  private readonly toMs: number
  private readonly stepMs: number
  private readonly steps = new Map<number, Step>()
  private before: { at: number; value: number } | null = null

  constructor(query: { fromMs: number; toMs: number; stepMs: number }) {
    this.fromMs = query.fromMs
    this.toMs = query.toMs
    this.stepMs = query.stepMs
  }

  /** Samples before the span only tell where a counter stood. */
  addPoints(points: Points): void {
    for (let i = 0; i < points.length; i++) {
      const value = points.value.values[i] as number
      const at = points.at[i] as number
      if (!Number.isFinite(value) || at >= this.toMs) continue
      const { before } = this
      this.before = { at, value }
      if (at < this.fromMs) continue
      const step = this.stepAt(at)
      if (before && at > before.at && at - before.at <= GAP_MS) {
        step.increase += increaseBetween(before.value, value)
        step.coveredMs += at - before.at
      }
      this.count(step, 1, value, value, value, value)
      step.values.push(value)
    }
  }

  /** @param histogram of the slot, if it is an hour */
  addSlot(at: number, size: number, slot: Slot, histogram: Histogram | null): void {
    if (at >= this.toMs) return
    const { before } = this
    this.before = { at: at + size, value: slot.last }
    if (at < this.fromMs) return
    const step = this.stepAt(at)
    const isNext = before !== null && at >= before.at - size && at - before.at < size
    step.increase += slot.increase + (isNext ? increaseBetween(before.value, slot.first) : 0)
    step.coveredMs += isNext ? size : (size * (slot.count - 1)) / slot.count
    this.count(step, slot.count, slot.sum, slot.min, slot.max, slot.last)
    if (!histogram) {
      step.isBlurred = true
      return
    }
    step.histogram ??= new Map()
    addHistogram(step.histogram, histogram)
  }

  private stepAt(at: number): Step {
    const number = Math.floor((at - this.fromMs) / this.stepMs)
    let step = this.steps.get(number)
    if (!step) {
      const none = { count: 0, sum: 0, last: 0, increase: 0, coveredMs: 0, isBlurred: false }
      step = { ...none, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, values: [], histogram: null }
      this.steps.set(number, step)
    }
    return step
  }

  private count(step: Step, count: number, sum: number, min: number, max: number, last: number): void {
    step.count += count
    step.sum += sum
    if (min < step.min) step.min = min
    if (max > step.max) step.max = max
    step.last = last
  }

  points(): RangePoint[] {
    return [...this.steps]
      .sort(([a], [b]) => a - b)
      .map(([number, step]) => ({
        at: this.fromMs + number * this.stepMs,
        count: step.count,
        avg: step.sum / step.count,
        max: step.max,
        min: step.min,
        last: step.last,
        p95: p95Of(step),
        rate: step.coveredMs > 0 ? (step.increase * 1000) / step.coveredMs : null,
      }))
  }
}

function p95Of({ values, histogram, isBlurred }: Step): number | null {
  if (isBlurred) return null
  if (!histogram) return quantileOfSorted(Float64Array.from(values).sort(), 0.95)
  for (const value of values) addToHistogram(histogram, value)
  return quantileOf(histogram, 0.95)
}
