import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Batch, decodeBatch, encodeBatch } from './batch.domain.ts'
import { decodeChunk, encodeChunk, mergePoints, noPoints, type Points, WINDOW_MS } from './chunk.domain.ts'
import {
  type Column,
  columnOf,
  isStale,
  newColumn,
  Reader,
  readColumn,
  STALE_HIGH,
  STALE_LOW,
  Writer,
  writeColumn,
} from './column.domain.ts'
import { addHistogram, addToHistogram, type Histogram, quantileOf } from './histogram.domain.ts'
import { decodeHours, decodeSlots, encodeHours, encodeSlots, histogramsOf, sumUp } from './rollup.domain.ts'

const roundTrip = (column: Column, length: number): Column => {
  const out = new Writer()
  writeColumn(out, column, length)
  return readColumn(new Reader(out.take()), length)
}
const sizeOf = (numbers: number[]): number => {
  const out = new Writer()
  writeColumn(out, columnOf(numbers), numbers.length)
  return out.length
}
const points = (pairs: readonly (readonly [at: number, value: number])[]): Points => ({
  length: pairs.length,
  at: Float64Array.from(pairs, ([at]) => at),
  value: columnOf(pairs.map(([, value]) => value)),
})
const pairsOf = ({ length, at, value }: Points) => Array.from({ length }, (_, i) => [at[i], value.values[i]])

describe('a column', () => {
  test('gives back every number, bit by bit', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.double(),
            fc.integer(),
            fc.integer().map((n) => n / 100),
            fc.constant(-0),
          ),
          { maxLength: 300 },
        ),
        (numbers) => {
          const column = columnOf(numbers)
          expect(roundTrip(column, numbers.length).words).toEqual(column.words)
        },
      ),
      { seed: 4, numRuns: 300 },
    )
  })
  test('keeps the bits of a stale marker', () => {
    const column = newColumn(3)
    column.values[0] = 1.5
    column.words[2] = STALE_LOW
    column.words[3] = STALE_HIGH
    column.values[2] = Number.NaN
    const back = roundTrip(column, 3)
    expect([0, 1, 2].map((i) => isStale(back, i))).toEqual([false, true, false])
    expect(back.words).toEqual(column.words)
  })
  test.each([
    ['what stands still is a few bytes', Array.from({ length: 480 }, () => 42), 6],
    ['what grows evenly is a few bytes', Array.from({ length: 480 }, (_, i) => 1000 + i * 15), 10],
    ['two decimals take two bytes each', Array.from({ length: 480 }, (_, i) => Math.round(5000 + 4000 * Math.sin(i)) / 100), 480 * 2 + 2],
  ])('%s', (_, numbers, bytes) => expect(sizeOf(numbers)).toBeLessThanOrEqual(bytes))
  test('refuses what is no column', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(200), (bytes, length) => {
        try {
          readColumn(new Reader(bytes), length)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }),
      { seed: 5, numRuns: 500 },
    )
  })
})

describe('a chunk', () => {
  const from = 20_000 * WINDOW_MS
  test('gives back its samples', () => {
    const some = points(Array.from({ length: 480 }, (_, i) => [from + i * 15_000 + (i % 7), i % 3 ? 1.25 * i : 0]))
    expect(pairsOf(decodeChunk(encodeChunk(some, from), from))).toEqual(pairsOf(some))
  })
  test('whatever the order of arrival, the same bytes; a re-send changes nothing', () => {
    const instants = fc.uniqueArray(fc.nat(7_199), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(instants, fc.nat(), (seconds, cut) => {
        const came = { at: Float64Array.from(seconds, (s) => from + s * 1000), value: columnOf(seconds.map((s) => s / 2)) }
        const picks = seconds.map((_, i) => i)
        const split = cut % (seconds.length + 1)
        const inTwo = mergePoints(mergePoints(noPoints, { ...came, picks: picks.slice(0, split) }), { ...came, picks: picks.slice(split) })
        const sorted = [...picks].sort((a, b) => (seconds[a] as number) - (seconds[b] as number))
        const atOnce = mergePoints(noPoints, { ...came, picks: sorted })
        expect(encodeChunk(inTwo, from)).toEqual(encodeChunk(atOnce, from))
        expect(encodeChunk(mergePoints(inTwo, { ...came, picks }), from)).toEqual(encodeChunk(atOnce, from))
      }),
      { seed: 6, numRuns: 200 },
    )
  })
  test('of two samples of one instant the later arrival stays', () => {
    const came = { at: Float64Array.from([from, from, from + 1]), value: columnOf([1, 2, 3]), picks: [0, 1, 2] }
    expect(pairsOf(mergePoints(points([[from, 9]]), came))).toEqual([
      [from, 2],
      [from + 1, 3],
    ])
  })
})

describe('a batch', () => {
  const batch = (at: number[]): Batch => ({
    length: at.length,
    seriesId: Int32Array.from(at, (_, i) => i),
    at: Float64Array.from(at),
    value: columnOf(at.map((_, i) => i / 4)),
  })
  test.each([
    ['of one instant', [5, 5, 5], 16 + 8 + 36],
    ['of several', [5, 6, 7], 16 + 24 + 36],
    ['empty', [], 16],
  ])('%s gives back its samples', (_, at, bytes) => {
    const encoded = encodeBatch(batch(at))
    expect(encoded.length).toBe(bytes)
    expect(decodeBatch(encoded)).toEqual(batch(at))
  })
  test('cut short is refused', () => expect(() => decodeBatch(encodeBatch(batch([1, 2])).subarray(0, 20))).toThrow(RangeError))
})

describe('roll-ups', () => {
  const some = points([
    [0, 10],
    [60_000, 14],
    [299_999, 3],
    [300_000, 5],
    [7_199_000, Number.NaN],
  ])
  test('sum up by slots; a counter that falls was reset; what is no number is left out', () => {
    expect([...sumUp(some, 0, 300_000)]).toEqual([
      [0, { count: 3, sum: 27, min: 3, max: 14, first: 10, last: 3, increase: 7 }],
      [1, { count: 1, sum: 5, min: 5, max: 5, first: 5, last: 5, increase: 0 }],
    ])
  })
  test('survive their coding', () => {
    const slots = sumUp(some, 0, 300_000)
    expect(decodeSlots(encodeSlots(slots))).toEqual(slots)
    const hours = { slots: sumUp(some, 0, 3_600_000), histograms: histogramsOf(some, 0, 3_600_000) }
    expect(decodeHours(encodeHours(hours))).toEqual(hours)
  })
  test('the 95th percentile of added histograms is right within 1 %', () => {
    const total: Histogram = new Map()
    for (let hour = 0; hour < 10; hour++) {
      const one: Histogram = new Map()
      for (let i = 0; i < 100; i++) addToHistogram(one, hour * 100 + i + 1)
      addHistogram(total, one)
    }
    expect(Math.abs((quantileOf(total, 0.95) as number) / 950.05 - 1)).toBeLessThan(0.011)
    expect(quantileOf(new Map(), 0.5)).toBeNull()
  })
  test('negative numbers and zero keep their order', () => {
    const histogram: Histogram = new Map()
    for (const value of [-100, -1, 0, 1, 100]) addToHistogram(histogram, value)
    expect(quantileOf(histogram, 0.5)).toBe(0)
    expect(quantileOf(histogram, 0) as number).toBeCloseTo(-100, -1)
  })
})
