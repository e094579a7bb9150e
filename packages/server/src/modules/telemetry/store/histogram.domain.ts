import type { Reader, Writer } from './column.domain.ts'

/** How many samples fell into each bucket. Buckets grow by 2 %, so a quantile is right within 1 %; histograms of several hours add up. */
export type Histogram = Map<number, number>

const GROWTH = Math.log(1.02)
/** Keys of positive numbers lie around this, those of negative ones around its opposite, zero is 0. */
const MIDDLE = 40_000

const bucketOf = (value: number): number => {
  if (value === 0) return 0
  const rank = Math.min(2 * MIDDLE - 1, Math.max(1, Math.round(Math.log(Math.abs(value)) / GROWTH) + MIDDLE))
  return value > 0 ? rank : -rank
}
const numberOf = (bucket: number): number => (bucket === 0 ? 0 : Math.sign(bucket) * Math.exp((Math.abs(bucket) - MIDDLE) * GROWTH))

export function addToHistogram(histogram: Histogram, value: number): void {
  const bucket = bucketOf(value)
  histogram.set(bucket, (histogram.get(bucket) ?? 0) + 1)
}

export function addHistogram(to: Histogram, from: Histogram): void {
  for (const [bucket, count] of from) to.set(bucket, (to.get(bucket) ?? 0) + count)
}

/** @param share 0 to 1; @returns null if nothing was counted */
export function quantileOf(histogram: Histogram, share: number): number | null {
  let total = 0
  for (const count of histogram.values()) total += count
  if (total === 0) return null
  let rank = share * (total - 1)
  for (const bucket of [...histogram.keys()].sort((a, b) => a - b)) {
    rank -= histogram.get(bucket) as number
    if (rank < 0) return numberOf(bucket)
  }
  return null
}

export function writeHistogram(out: Writer, histogram: Histogram): void {
  out.varint(histogram.size)
  let before = -2 * MIDDLE
  for (const bucket of [...histogram.keys()].sort((a, b) => a - b)) {
    out.varint(bucket - before)
    out.varint(histogram.get(bucket) as number)
    before = bucket
  }
}

export function readHistogram(input: Reader): Histogram {
  const histogram: Histogram = new Map()
  let bucket = -2 * MIDDLE
  for (let left = input.varint(); left > 0; left--) {
    bucket += input.varint()
    histogram.set(bucket, input.varint())
  }
  return histogram
}

/** By linear interpolation between neighbours, as PromQL does. `sorted` must not be empty. */
export function quantileOfSorted(sorted: Float64Array, share: number): number {
  const rank = share * (sorted.length - 1)
  const low = sorted[Math.floor(rank)] as number
  const high = sorted[Math.ceil(rank)] as number
  return low + (high - low) * (rank - Math.floor(rank))
}
