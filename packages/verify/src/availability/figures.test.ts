import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FactsError, readFacts } from './facts-file.ts'
import {
  type Attribution,
  availabilityFraction,
  type Facts,
  figuresOfEach,
  figuresOver,
  fractionPercent,
  isMet,
  isValidWindow,
  openAccount,
  type PlannedFact,
} from './figures.ts'
import { readInstant } from './moment.ts'
import { type Span, totalMs, unionOf, withoutSpans } from './span.ts'
import { BUDGET_MS, monthOf, monthSpan, monthSpans, YEAR_MS, yearOf, yearSpan } from './year.ts'

const year = yearSpan(2026)
const MINUTE = 60_000
const at = (minutes: number) => year.from + minutes * MINUTE
const outage = (from: number, to: number, ruling: Attribution = 'provider') => ({ from: at(from), to: at(to), ruling })
const planned = (from: number, to: number, noticed = from - 5000, approved = from - 4000): PlannedFact => ({
  from: at(from),
  to: at(to),
  noticedAt: at(noticed),
  approvedAt: at(approved),
})
const counted = (facts: Partial<Facts>) =>
  figuresOver(openAccount({ outages: [], planned: [], unknown: [], ...facts }), year).countedMs / MINUTE

describe('[7.1-I-2] what counts', () => {
  test.each<[string, Partial<Facts>, number]>([
    ['the provider’s', { outages: [outage(0, 30)] }, 30],
    ['undecided counts as the provider’s', { outages: [outage(0, 30, 'undecided')] }, 30],
    ['what the customer ruled otherwise does not', { outages: [outage(0, 30, 'not-provider')] }, 0],
    ['overlapping counts once', { outages: [outage(0, 30), outage(10, 40), outage(20, 25)] }, 40],
    ['one ruled otherwise takes nothing from one that counts', { outages: [outage(0, 30), outage(10, 50, 'not-provider')] }, 30],
    ['a valid planned window is left out', { outages: [outage(0, 30)], planned: [planned(10, 20)] }, 20],
    ['the overrun counts', { outages: [outage(0, 30)], planned: [planned(0, 20)] }, 10],
    ['late notice voids', { outages: [outage(0, 30)], planned: [planned(0, 20, 0)] }, 30],
    ['late recognition voids', { outages: [outage(0, 30)], planned: [planned(0, 20, -10, 0)] }, 30],
    ['no recognition voids', { outages: [outage(0, 30)], planned: [{ ...planned(0, 20), approvedAt: null }] }, 30],
    ['unknown is no downtime', { unknown: [{ from: at(0), to: at(60) }] }, 0],
    ['only what lies in the year', { outages: [outage(-10, 10), outage(525_590, 525_700)] }, 20],
  ])('%s', (_what, facts, minutes) => expect(counted(facts)).toBe(minutes))

  test('the second reading leaves planned downtime in', () => {
    const account = openAccount({ outages: [outage(0, 30)], planned: [planned(10, 20)], unknown: [] })
    expect(figuresOver(account, year)).toEqual({ countedMs: 20 * MINUTE, unknownMs: 0, plannedMs: 10 * MINUTE, withPlannedMs: 30 * MINUTE })
  })
  test('ends before it starts, or no whole millisecond', () => {
    expect(() => counted({ outages: [outage(30, 0)] })).toThrow(RangeError)
    expect(() => counted({ unknown: [{ from: 0.5, to: 1 }] })).toThrow(RangeError)
  })
})

test('[7.1-I-1] one millisecond before the start is before; the start itself is not', () => {
  const window = planned(0, 10)
  expect(isValidWindow({ ...window, noticedAt: window.from - 1, approvedAt: window.from - 1 })).toBe(true)
  expect(isValidWindow({ ...window, noticedAt: window.from })).toBe(false)
  expect(isValidWindow({ ...window, approvedAt: window.from })).toBe(false)
})

describe('[7.1-I-3] the contract year', () => {
  test.each([
    [2026, '2025-12-31T16:00:00.000Z', '2026-12-31T16:00:00.000Z'],
    [2028, '2027-12-31T16:00:00.000Z', '2028-12-30T16:00:00.000Z'],
  ])('%i is 365 days', (number, from, to) => {
    expect(yearSpan(number)).toEqual({ from: Date.parse(from), to: Date.parse(to) })
    expect(yearSpan(number).to - yearSpan(number).from).toBe(YEAR_MS)
    const months = monthSpans(number)
    expect(months).toHaveLength(12)
    expect(totalMs(months)).toBe(YEAR_MS)
    expect(unionOf(months)).toEqual([yearSpan(number)])
  })
  test('names of months', () => {
    expect(monthOf(Date.parse('2026-10-31T16:00:00Z'))).toBe('2026-11')
    expect(yearOf(Date.parse('2026-12-31T16:00:00Z'))).toBe(2027)
    expect(monthSpan('2026-11')).toEqual({ from: Date.parse('2026-10-31T16:00:00Z'), to: Date.parse('2026-11-30T16:00:00Z') })
    expect(monthSpan('2026-13')).toBeUndefined()
  })
})

test('[7.1-II-1] at the limit counts as met; one millisecond more does not', () => {
  expect(availabilityFraction(0)).toBe('31536000000/31536000000')
  expect(fractionPercent(availabilityFraction(0))).toBe('100.0000%')
  // cut, never rounded up
  expect(fractionPercent(availabilityFraction(1))).toBe('99.9999%')
  expect(fractionPercent(availabilityFraction(31_536_001))).toBe('99.8999%')
  expect([isMet(BUDGET_MS), isMet(BUDGET_MS + 1)]).toEqual([true, false])
  expect((YEAR_MS - BUDGET_MS) * 1000).toBe(YEAR_MS * 999)
})

describe('properties', () => {
  const moment = fc.integer({ min: -2000, max: 12_000 })
  const span = fc.tuple(moment, moment).map(([a, b]) => ({ from: at(Math.min(a, b) * 50), to: at(Math.max(a, b) * 50) }))
  const anOutage = fc
    .tuple(span, fc.constantFrom<Attribution>('provider', 'not-provider', 'undecided'))
    .map(([one, ruling]) => ({ ...one, ruling }))
  const aWindow = fc
    .tuple(span, fc.integer({ min: -3, max: 1 }), fc.integer({ min: -3, max: 1 }))
    .map(([one, notice, recognition]) => ({ ...one, noticedAt: one.from + notice, approvedAt: one.from + recognition }))
  const facts = fc.record({
    outages: fc.array(anOutage, { maxLength: 30 }),
    planned: fc.array(aWindow, { maxLength: 15 }),
    unknown: fc.array(span, { maxLength: 15 }),
  })
  const over = (some: Facts) => figuresOver(openAccount(some), year)

  test('any order of the input gives the same bytes', () => {
    fc.assert(
      fc.property(
        facts.chain((some) =>
          fc.record({
            some: fc.constant(some),
            outages: fc.shuffledSubarray(some.outages, { minLength: some.outages.length }),
            planned: fc.shuffledSubarray(some.planned, { minLength: some.planned.length }),
            unknown: fc.shuffledSubarray(some.unknown, { minLength: some.unknown.length }),
          }),
        ),
        ({ some, ...shuffled }) => {
          expect(JSON.stringify(openAccount(shuffled))).toBe(JSON.stringify(openAccount(some)))
        },
      ),
    )
  })
  test('the months add up to the year, in one pass as one by one', () => {
    fc.assert(
      fc.property(facts, (some) => {
        const account = openAccount(some)
        const months = figuresOfEach(account, monthSpans(2026))
        expect(months).toEqual(monthSpans(2026).map((month) => figuresOver(account, month)))
        const whole = figuresOver(account, year)
        for (const name of ['countedMs', 'unknownMs', 'plannedMs', 'withPlannedMs'] as const)
          expect(months.reduce((sum, month) => sum + month[name], 0)).toBe(whole[name])
      }),
    )
  })
  test('a planned window more never raises what counts; an outage more never lowers it', () => {
    fc.assert(
      fc.property(facts, aWindow, anOutage, (some, window, another) => {
        const before = over(some)
        expect(over({ ...some, planned: [...some.planned, window] }).countedMs).toBeLessThanOrEqual(before.countedMs)
        expect(over({ ...some, outages: [...some.outages, another] }).countedMs).toBeGreaterThanOrEqual(before.countedMs)
      }),
    )
  })
  test('never more than the year, and never more than without windows', () => {
    fc.assert(
      fc.property(facts, (some) => {
        const { countedMs, withPlannedMs, unknownMs, plannedMs } = over(some)
        expect(countedMs).toBeLessThanOrEqual(withPlannedMs)
        for (const ms of [countedMs, withPlannedMs, unknownMs, plannedMs]) {
          expect(ms).toBeGreaterThanOrEqual(0)
          expect(ms).toBeLessThanOrEqual(YEAR_MS)
        }
      }),
    )
  })
  test('union and difference agree with counting minute by minute', () => {
    const small = fc.array(
      fc.tuple(fc.nat(40), fc.nat(40)).map(([a, b]): Span => ({ from: Math.min(a, b), to: Math.max(a, b) })),
      { maxLength: 12 },
    )
    const holds = (spans: readonly Span[], unit: number) => spans.some(({ from, to }) => from <= unit && unit < to)
    fc.assert(
      fc.property(small, small, (base, cut) => {
        const rest = withoutSpans(unionOf(base), unionOf(cut))
        for (let unit = 0; unit < 41; unit++) expect(holds(rest, unit)).toBe(holds(base, unit) && !holds(cut, unit))
        expect(unionOf(rest)).toEqual(rest)
      }),
    )
  })
})

describe('instants', () => {
  test.each([
    ['2026-09-18T15:00', '2026-09-18T07:00:00.000Z'],
    ['2026-09-18T15:00:01.5', '2026-09-18T07:00:01.500Z'],
    ['2026-09-18T07:00:00Z', '2026-09-18T07:00:00.000Z'],
    ['2026-09-18T15:00:00.123999+08:00', '2026-09-18T07:00:00.123Z'],
    ['2026-09-18T02:00-0500', '2026-09-18T07:00:00.000Z'],
    ['2026-09-18T02:00-05', '2026-09-18T07:00:00.000Z'],
  ])('%s', (text, utc) => expect(readInstant(text)).toBe(Date.parse(utc)))
  test.each([
    '2026-09-18',
    '2026-02-30T00:00',
    '2026-09-18T24:00',
    '2026-09-18T10:60',
    '2026-09-18T10:00:60Z',
    '2026-13-01T00:00',
    '',
    'yesterday',
  ])('%s is none', (text) => expect(readInstant(text)).toBeUndefined())
})

describe('a facts file', () => {
  const good = { id: 'o', from: '2026-03-01T00:00', to: '2026-03-01T01:00', ruling: 'provider' }
  test('an open outage ends where told, at the latest, and never before it began', () => {
    const [open] = readFacts({ outages: [{ ...good, to: null }] }, year.to).outages
    expect(open?.to).toBe(year.to)
    const [none] = readFacts({ outages: [{ ...good, to: undefined }] }, 0).outages
    expect(none?.to).toBe(none?.from)
  })
  test.each<[unknown, string]>([
    [[], 'the file: must be an object'],
    [{ outage: [] }, 'outage: is not a member'],
    [{ outages: {} }, 'outages: must be a list'],
    [{ outages: [good, { ...good, to: '2026-02-28T23:59' }] }, 'outages[1].to: "2026-02-28T23:59" is before from'],
    [{ outages: [{ ...good, from: '2026-02-30T00:00' }] }, 'outages[0].from: "2026-02-30T00:00" is not an instant'],
    [{ outages: [{ ...good, from: 17 }] }, 'outages[0].from: 17 is not an instant'],
    [{ outages: [{ ...good, ruling: 'PROVIDER' }] }, 'outages[0].ruling: must be provider, not-provider or undecided, not "PROVIDER"'],
    [{ outages: [{ ...good, id: undefined }] }, 'outages[0].id: must be a text'],
    [{ outages: [{ ...good, cause: 'x' }] }, 'outages[0].cause: is not a member'],
    [
      { planned: [{ from: good.from, to: good.to, noticedAt: 'soon', approvedAt: null }] },
      'planned[0].noticedAt: "soon" is not an instant',
    ],
    [{ planned: [{ from: good.from }] }, 'planned[0].to: is missing'],
    [{ unknown: ['x'] }, 'unknown[0]: must be an object'],
  ])('%j', (value, message) => {
    expect(() => readFacts(value, year.to)).toThrow(FactsError)
    expect(() => readFacts(value, year.to)).toThrow(message)
  })
})
