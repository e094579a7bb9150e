import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assessServer, type Measures, type ReclaimRule } from './assess.domain.ts'
import { measure, type PeakRule } from './peak.domain.ts'
import { readSeries, type Sample, SeriesError } from './series.domain.ts'

const RULE: PeakRule = { averageMinutes: 5, coveragePercent: 95 }
const RULES: ReclaimRule[] = [
  {
    rule: 'IDLE_SERVER',
    subject: 'SERVER',
    days: 30,
    all: [
      { metric: 'cpuPeakPercent', atMost: 3 },
      { metric: 'networkMegabytesPerDay', atMost: 5 },
      { metric: 'connections', atMost: 0 },
    ],
    proposal: 'RELEASE',
  },
  {
    rule: 'LOW_SERVER',
    subject: 'SERVER',
    days: 30,
    all: [
      { metric: 'cpuPeakPercent', below: 20 },
      { metric: 'memoryPeakPercent', below: 40 },
      { metric: 'flavorRank', above: 1 },
    ],
    proposal: 'RIGHT_SIZE',
  },
]
const DAY = 288
const MINUTE_MS = 60_000
const STEP_MS = 5 * MINUTE_MS
const DAY_MS = DAY * STEP_MS
/** Midnight in Shanghai. */
const START_MS = Date.parse('2026-09-01T00:00:00+08:00')

/** A row every five minutes for so many days. */
const series = (days: number, valueAt: (index: number) => number): Sample[] =>
  Array.from({ length: days * DAY }, (_, index) => ({ atMs: START_MS + index * STEP_MS, value: valueAt(index) }))
const measured = (days: number, valueAt: (index: number) => number) => measure(series(days, valueAt), days, RULE)
const assess = (measures: Measures) => assessServer(measures, RULES, RULE.coveragePercent)

describe('reading rows', () => {
  test.each([
    ['2026-09-01 08:00:00,1.5', '2026-09-01T00:00:00Z'],
    ['2026-09-01T08:00,1.5', '2026-09-01T00:00:00Z'],
    ['2026-09-01T08:00:00.250Z,1.5', '2026-09-01T08:00:00.250Z'],
    ['2026-09-01T08:00:00+01:30,1.5', '2026-09-01T06:30:00Z'],
    ['"2026-09-01 08:00:00","1.5"', '2026-09-01T00:00:00Z'],
    ['2026-09-01,1.5', '2026-08-31T16:00:00Z'],
    ['1788220800,1.5', '2026-09-01T00:00:00Z'],
    ['1788220800.25,1.5', '2026-09-01T00:00:00.250Z'],
    ['1788220800250,1.5', '2026-09-01T00:00:00.250Z'],
  ])('%s', (row, at) => expect(readSeries(`timestamp,value\r\n${row}\r\n`)).toEqual([{ atMs: Date.parse(at), value: 1.5 }]))

  test.each(['', 'date,cpu\n', '时间,利用率\r\n'])('under the head %j a row without a value is a gap', (head) => {
    const rows = ['2026-09-01 00:00,1', '2026-09-01 00:05,', '2026-09-01 00:10,NaN', '2026-09-01 00:15,2']
    expect(readSeries(head + rows.join('\n')).map(({ value }) => value)).toEqual([1, 2])
  })

  test.each([
    ['timestamp,value\n2026-09-01 00:00,1\n2026-09-01 00:05,much', 3, '"much" is not a number'],
    ['timestamp,value\ndate,cpu\n2026-09-01 00:00,1', 2, '"date" is not an instant'],
    ['2026-09-01 00:00,Infinity', 1, '"Infinity" is not a number'],
    ['2026-09-01 00:00,1e999', 1, '"1e999" is not a number'],
    ['2026-09-01 00:00,0x10', 1, '"0x10" is not a number'],
    ['2026-09-01 00:00,-1', 1, '-1 is below zero'],
    ['2026-02-30 00:00,1', 1, '"2026-02-30 00:00" is not an instant'],
    ['2026-09-01 24:00,1', 1, 'is not an instant'],
    ['2026-09-01 00:00,1\n\nyesterday,1', 3, '"yesterday" is not an instant'],
    ['2026-09-01 00:00;1', 1, 'a row is timestamp,value'],
    ['2026-09-01 00:00,1,2', 1, 'a row is timestamp,value'],
    ['timestamp,value\n', 2, 'holds no rows'],
    ['', 1, 'holds no rows'],
  ])('%j is refused with its line', (text, line, reason) => {
    const error = (() => {
      try {
        return readSeries(text)
      } catch (caught) {
        return caught
      }
    })()
    expect(error).toBeInstanceOf(SeriesError)
    expect(error).toMatchObject({ line, message: expect.stringContaining(reason) })
  })

  test('of rows with one instant the greatest counts, in whatever order they stand', () => {
    const rows = ['2026-09-01 00:05,2', '2026-09-01 00:00,9', '2026-09-01 00:00,1']
    expect(readSeries(rows.join('\n')).map(({ value }) => value)).toEqual([9, 2])
  })

  test('the order of rows changes nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 0, max: 100 })), { minLength: 1 }), (rows) => {
        const text = (list: typeof rows) =>
          list.map(([at, value]) => `${new Date(START_MS + at * 7_000).toISOString()},${value}`).join('\n')
        const shuffled = [...rows].sort((a, b) => ((a[0] * 31 + a[1]) % 17) - ((b[0] * 31 + b[1]) % 17))
        expect(readSeries(text(shuffled))).toEqual(readSeries(text(rows)))
      }),
      { seed: 7, numRuns: 60 },
    )
  })
})

describe('[4.5.2-1] a peak is the greatest five-minute average', () => {
  test('a spike of one minute is averaged with its five minutes', () => {
    const samples = Array.from({ length: DAY * 5 }, (_, index) => ({ atMs: START_MS + index * MINUTE_MS, value: index === 702 ? 100 : 1 }))
    expect(measure(samples, 1, RULE)).toMatchObject({ peak: (100 + 4) / 5, coverage: 1, isCovered: true })
  })
  test('stretches begin at whole multiples since midnight, not at the first row', () => {
    const values = [0, 0, 0, 10, 10, 10, 10, 10, 0, 0]
    const samples = values.map((value, index) => ({ atMs: START_MS + index * MINUTE_MS, value }))
    // minutes 3 and 4 in the first five, 5 to 7 in the second
    expect(measure(samples, 1, RULE).peak).toBe(6)
  })
  test('any interval from 1 s to 5 min covers the same', () => {
    for (const seconds of [1, 7, 15, 30, 60, 100, 150, 180, 240, 290, 300]) {
      const samples = Array.from({ length: Math.ceil(86_400 / seconds) }, (_, index) => ({
        atMs: START_MS + index * seconds * 1000,
        value: 2,
      }))
      const found = measure(samples, 1, RULE)
      expect({ seconds, peak: found.peak, covered: found.isCovered }).toEqual({ seconds, peak: 2, covered: true })
    }
  })
  test('one every six minutes still does not reach 95 %, one every ten half of it', () => {
    const every = (minutes: number) =>
      Array.from({ length: 1440 / minutes }, (_, index) => ({ atMs: START_MS + index * minutes * MINUTE_MS, value: 2 }))
    expect(measure(every(6), 1, RULE).isCovered).toBe(false)
    expect(measure(every(10), 1, RULE).coverage).toBeCloseTo(0.5, 2)
  })
  test('averages written some seconds early or late are as good as punctual ones', () => {
    const samples = series(14, () => 1).map(({ atMs, value }, index) => ({ atMs: atMs + ((index * 7) % 5) * 1000 - 2000, value }))
    const found = measure(samples, 14, RULE)
    expect(found.coverage).toBeGreaterThan(0.99)
    expect(found.coverage).toBeLessThanOrEqual(1)
  })
  test('the window ends with the last row; what lies before it does not count', () => {
    const found = measure(
      series(20, (index) => (index < 6 * DAY ? 99 : 1)),
      14,
      RULE,
    )
    expect(found).toMatchObject({ peak: 1, coverage: 1 })
    expect(found.window).toEqual({ fromMs: START_MS + 6 * DAY_MS, toMs: START_MS + 20 * DAY_MS })
    expect(
      measure(
        series(20, (index) => (index === 6 * DAY ? 99 : 1)),
        14,
        RULE,
      ).peak,
    ).toBe(99)
  })
  test('exactly 95 % is enough, a row less is not', () => {
    // 20 days of 288: a twentieth is one whole day
    const missing = (rows: number) => series(20, () => 1).filter((_, index) => index < 1000 || index >= 1000 + rows)
    expect(measure(missing(DAY), 20, RULE)).toMatchObject({ coverage: 0.95, isCovered: true })
    expect(measure(missing(DAY + 1), 20, RULE).isCovered).toBe(false)
  })
  test('approved maintenance makes no peak and need not be measured', () => {
    const window = { fromMs: START_MS + DAY_MS + 90_000, toMs: START_MS + DAY_MS + 30 * MINUTE_MS }
    const busy = series(2, (index) => (index >= DAY && index < DAY + 6 ? 95 : 1))
    expect(measure(busy, 2, RULE).peak).toBe(95)
    expect(measure(busy, 2, RULE, [window, window])).toMatchObject({ peak: 1, coverage: 1 })
    const gap = busy.filter((_, index) => index < DAY || index >= DAY + 6)
    expect(measure(gap, 2, RULE).coverage).toBeLessThan(1)
    expect(measure(gap, 2, RULE, [window]).coverage).toBe(1)
    expect(measure(busy, 2, RULE, [{ fromMs: START_MS - DAY_MS, toMs: START_MS + 3 * DAY_MS }])).toMatchObject({
      peak: null,
      isCovered: false,
    })
  })
  test('the sum of a day is that of a day in Shanghai', () => {
    const at = (text: string, value: number) => ({ atMs: Date.parse(text), value })
    const samples = [at('2026-09-01T23:59+08:00', 3), at('2026-09-02T00:00+08:00', 4), at('2026-09-02T07:00+08:00', 4)]
    expect(measure(samples, 2, RULE).greatestDaySum).toBe(8)
  })
  test('writers that come a minute early or late leave no gap', () => {
    const late = series(14, () => 1).map(({ atMs, value }, index) => ({ atMs: atMs + [0, 55_000, -50_000, 20_000][index % 4]!, value }))
    expect(measure(late, 14, RULE).coverage).toBeGreaterThan(0.999)
    const every6 = series(14, () => 1).map((_, index) => ({ atMs: START_MS + index * 6 * MINUTE_MS, value: 1 }))
    expect(measure(every6, 14, RULE).coverage).toBeCloseTo(5 / 6, 2)
  })

  test('a peak is one of the averages: never below the mean, never above the greatest value; coverage stays within 0 and 1', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 2_000 }), fc.float({ min: 0, max: 100, noNaN: true })), {
          minLength: 1,
          maxLength: 300,
        }),
        (seconds, rows) => {
          const samples = readSeries(
            rows.map(([at, value]) => `${new Date(START_MS + at * seconds * 1000).toISOString()},${value.toFixed(4)}`).join('\n'),
          )
          const { peak, mean, coverage, isCovered, window } = measure(samples, 2, RULE)
          const inside = samples.filter(({ atMs }) => atMs >= window.fromMs)
          expect(peak).toBeGreaterThanOrEqual((mean ?? 0) - 1e-9)
          expect(peak).toBeLessThanOrEqual(Math.max(...inside.map(({ value }) => value)))
          expect(coverage).toBeGreaterThan(0)
          expect(coverage).toBeLessThanOrEqual(1)
          expect(isCovered).toBe(coverage >= 0.95)
        },
      ),
      { seed: 11, numRuns: 150 },
    )
  })
})

describe('[4.5.1-1] [4.5.1-2] verdicts', () => {
  // shaped like real servers: one that does nothing (mean 0.13, peak 2.3), one of low average with peaks (mean 5.8, p95 29, peak 99.7)
  const nothing = measured(14, (index) => (index === 1234 ? 2.344 : 0.134))
  const peaky = measured(14, (index) => (index % 700 === 3 ? 99.668 : index % 15 === 0 ? 31 : 2.3))
  const halfUsed = measured(14, (index) => 43 + (index % 9))
  const low = measured(14, (index) => 8 + (index % 8))
  const megabytesADay = (megabytes: number) => measured(14, () => (megabytes * 1_000_000) / DAY)

  test('the idle server is found, the one with low average and high peaks is not', () => {
    expect(assess({ cpu: nothing })).toMatchObject({ verdict: 'IDLE', rule: 'IDLE_SERVER' })
    expect(peaky.mean).toBeLessThan(6)
    expect(assess({ cpu: peaky })).toMatchObject({ verdict: 'KEEP', rule: null })
    expect(assess({ cpu: halfUsed }).verdict).toBe('KEEP')
  })
  test.each([
    ['at the bound it is idle', 3, 'IDLE'],
    ['above it, without memory, nothing can be said', 3.001, 'NO_CONCLUSION'],
    ['just below the bound of the right size', 19.999, 'NO_CONCLUSION'],
    ['at that bound the processor alone says keep', 20, 'KEEP'],
  ])('%s', (_, peak, verdict) => expect(assess({ cpu: measured(14, () => peak) }).verdict).toBe(verdict))

  test('a measure that is not given speaks neither for nor against idle; one that is given does', () => {
    expect(assess({ cpu: nothing, network: megabytesADay(4.9) }).verdict).toBe('IDLE')
    expect(assess({ cpu: nothing, network: megabytesADay(5.1) }).verdict).toBe('NO_CONCLUSION')
    expect(assess({ cpu: nothing, connections: measured(14, () => 0) }).verdict).toBe('IDLE')
    const kept = assess({ cpu: nothing, connections: measured(14, (index) => (index === 9 ? 1 : 0)), memory: measured(14, () => 60) })
    expect(kept).toMatchObject({
      verdict: 'KEEP',
      reason: { en: expect.stringMatching(/connections at their peak 1 > 0.*memory peak 60 % ≥ 40 %/) },
    })
  })
  test('too large: both peaks low, and a smaller size exists where the size is known', () => {
    expect(assess({ cpu: low, memory: measured(14, () => 39.9) })).toMatchObject({ verdict: 'RIGHT_SIZE', rule: 'LOW_SERVER' })
    expect(assess({ cpu: low, memory: measured(14, () => 40) }).verdict).toBe('KEEP')
    expect(assess({ cpu: low, memory: measured(14, () => 20), flavorRank: 1 }).verdict).toBe('KEEP')
    expect(assess({ cpu: low, flavorRank: 1 }).verdict).toBe('KEEP')
    expect(assess({ cpu: low, memory: measured(14, () => 20), flavorRank: 2 }).verdict).toBe('RIGHT_SIZE')
  })
  test('idle is asked before too large', () => {
    expect(assess({ cpu: nothing, memory: measured(14, () => 10) }).verdict).toBe('IDLE')
  })
  test('a gap over the decisive day is no conclusion, whatever else is known', () => {
    const gap = measure(
      series(14, (index) => (Math.floor(index / DAY) === 9 ? 99 : 0.1)).filter((_, index) => Math.floor(index / DAY) !== 9),
      14,
      RULE,
    )
    expect(gap.coverage).toBeCloseTo(13 / 14, 10)
    expect(assess({ cpu: gap, memory: measured(14, () => 90) })).toMatchObject({
      verdict: 'NO_CONCLUSION',
      reason: { en: 'CPU is measured for 92.85 % of the time, less than 95 %: no conclusion' },
    })
  })
  test('too little measured of another measure: what it shows already can rule out, but never confirm', () => {
    const half = (value: number) =>
      measure(
        series(14, () => value).filter((_, index) => index >= 7 * DAY),
        14,
        RULE,
      )
    expect(assess({ cpu: nothing, network: half(1) }).verdict).toBe('NO_CONCLUSION')
    expect(assess({ cpu: nothing, connections: half(3), memory: measured(14, () => 20) }).verdict).toBe('RIGHT_SIZE')
    expect(assess({ cpu: low, memory: half(20) }).verdict).toBe('NO_CONCLUSION')
    expect(assess({ cpu: low, memory: half(50) }).verdict).toBe('KEEP')
  })
  test('a plan without the rules is said', () => {
    expect(() => assessServer({ cpu: nothing }, [], 95)).toThrow(/RELEASE/)
  })
})
