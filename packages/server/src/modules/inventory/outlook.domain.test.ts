import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { quarterOf, takenAt, trendOf } from './outlook.domain.ts'

/** Weeks from 1 January 2026 on, with what was taken at the end of each. */
const weeks = (...taken: number[]) =>
  taken.map((one, n) => ({ on: new Date(Date.UTC(2026, 0, 1 + 7 * n)).toISOString().slice(0, 10), taken: one }))

describe('until when a pool lasts', () => {
  test.each([
    ['ten a week, thirty left: three weeks after the last', [10, 20, 30, 40], 70, '2026-02-12'],
    ['half a day more is the next day', [7, 14, 21, 28], 28.5, '2026-01-23'],
    ['used up', [10, 20, 30, 40], 40, '2026-01-22'],
    ['more promised than there is', [10, 20, 30, 50], 40, '2026-01-22'],
    ['it shrinks', [40, 30, 20, 10], 100, null],
    ['it stands still', [40, 40, 40, 40], 100, null],
    ['three weeks tell nothing', [10, 20, 30], 70, null],
    ['not within five years', [0, 0, 0, 1], 10_000, null],
    ['there is none of it', [0, 0, 0, 0], 0, null],
    ['no history', [], 70, null],
  ] as const)('%s', (_, taken, usable, on) => expect(trendOf(weeks(...taken), usable).exhaustedOn).toBe(on))

  const pace = fc.integer({ min: 1, max: 50 })
  const start = fc.integer({ min: 0, max: 500 })
  const length = fc.integer({ min: 4, max: 26 })

  test('of growth along a line the day is exact, however long it was watched', () =>
    fc.assert(
      fc.property(start, pace, length, fc.integer({ min: 1, max: 200 }), (from, each, count, weeksLeft) => {
        const taken = Array.from({ length: count }, (_, n) => from + each * n)
        const { perWeek, exhaustedOn } = trendOf(weeks(...taken), (taken.at(-1) ?? 0) + each * weeksLeft)
        expect(perWeek).toBeCloseTo(each, 6)
        expect(exhaustedOn).toBe(new Date(Date.UTC(2026, 0, 1 + 7 * (count - 1 + weeksLeft))).toISOString().slice(0, 10))
      }),
      { numRuns: 200, seed: 11 },
    ))

  test('more capacity never ends earlier, and the day is never before now', () =>
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 4, maxLength: 26 }),
        fc.nat(2000),
        fc.nat(500),
        (taken, usable, more) => {
          const history = weeks(...taken)
          const a = trendOf(history, usable + 1).exhaustedOn ?? '9999'
          const b = trendOf(history, usable + 1 + more).exhaustedOn ?? '9999'
          expect(b >= a).toBe(true)
          expect(a >= (history.at(-1)?.on ?? '')).toBe(true)
        },
      ),
      { numRuns: 200, seed: 12 },
    ))
})

test('what is taken at an instant: from the promise on, until it is given back', () => {
  const promises = [
    { fromMs: 10, untilMs: null, amount: 4 },
    { fromMs: 20, untilMs: 30, amount: 8 },
  ]
  expect([9, 10, 20, 29, 30].map((at) => takenAt(promises, at))).toEqual([0, 4, 12, 12, 4])
})

test.each([
  ['2026-01-01', '2026Q1'],
  ['2026-03-31', '2026Q1'],
  ['2026-04-01', '2026Q2'],
  ['2026-12-31', '2026Q4'],
])('%s lies in %s', (on, quarter) => expect(quarterOf(on)).toBe(quarter))
