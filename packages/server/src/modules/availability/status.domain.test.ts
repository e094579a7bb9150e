import { describe, expect, test } from 'vitest'
import { daysOf, type StatusFacts, stateOf } from './status.domain.ts'

const ms = (text: string) => Date.parse(`${text}+08:00`)
const FAR = 8_000_000_000_000_000
const now = ms('2026-09-10T12:00')
const span = (from: string, to?: string) => ({ from: ms(from), to: to ? ms(to) : FAR })
const facts = (over: Partial<StatusFacts> = {}): StatusFacts => ({
  measured: [span('2026-09-06T00:00')],
  outages: [],
  unknown: [],
  planned: [],
  ...over,
})

describe('the last days', () => {
  test.each<[string, Partial<StatusFacts>, string]>([
    ['nothing before it was measured', {}, 'NONE UP UP UP UP UP'],
    ['an outage over midnight is on both days', { outages: [span('2026-09-07T23:50', '2026-09-08T00:20')] }, 'NONE UP DOWN DOWN UP UP'],
    [
      'two at once count once',
      { outages: [span('2026-09-07T01:00', '2026-09-07T02:00'), span('2026-09-07T01:30', '2026-09-07T02:00')] },
      'NONE UP DOWN UP UP UP',
    ],
    [
      'down outdoes planned outdoes unknown',
      {
        outages: [span('2026-09-08T01:00', '2026-09-08T01:01')],
        planned: [span('2026-09-08T00:00', '2026-09-09T02:00')],
        unknown: [span('2026-09-09T01:00', '2026-09-10T02:00')],
      },
      'NONE UP UP DOWN PLANNED UNKNOWN',
    ],
    ['one that goes on', { outages: [span('2026-09-10T11:59')] }, 'NONE UP UP UP UP DOWN'],
    [
      'down before it was measured is not ours to tell',
      { outages: [span('2026-09-05T10:00', '2026-09-06T00:01')] },
      'NONE DOWN UP UP UP UP',
    ],
  ])('%s', (_, over, expected) => {
    expect(
      daysOf(facts(over), now, 6)
        .map(({ state }) => state)
        .join(' '),
    ).toBe(expected)
  })
  test('tell how long, and no longer than until now', () => {
    const days = daysOf(facts({ outages: [span('2026-09-07T23:50', '2026-09-08T00:20'), span('2026-09-10T11:00')] }), now, 4)
    expect(days.map(({ on, downMs }) => [on, downMs / 60_000])).toEqual([
      ['2026-09-07', 10],
      ['2026-09-08', 20],
      ['2026-09-09', 0],
      ['2026-09-10', 60],
    ])
  })
})

describe('now', () => {
  test.each<[string, Partial<StatusFacts>, string, string | null]>([
    ['up since it was measured', {}, 'UP', '2026-09-06T00:00'],
    ['up since the last outage', { outages: [span('2026-09-08T00:00', '2026-09-08T01:00')] }, 'UP', '2026-09-08T01:00'],
    ['down', { outages: [span('2026-09-10T11:00')] }, 'DOWN', '2026-09-10T11:00'],
    [
      'down inside a planned window is planned',
      { outages: [span('2026-09-10T11:30')], planned: [span('2026-09-10T11:00', '2026-09-10T13:00')] },
      'PLANNED',
      '2026-09-10T11:00',
    ],
    [
      'beyond the window it is down',
      { outages: [span('2026-09-10T11:30')], planned: [span('2026-09-10T11:00', '2026-09-10T12:00')] },
      'DOWN',
      '2026-09-10T11:30',
    ],
    ['nobody can tell', { unknown: [span('2026-09-10T10:00')] }, 'UNKNOWN', '2026-09-10T10:00'],
    ['not measured any more', { measured: [span('2026-09-06T00:00', '2026-09-09T00:00')] }, 'NOT_MEASURED', null],
  ])('%s', (_, over, state, since) => expect(stateOf(facts(over), now)).toEqual({ state, since: since && ms(since) }))
})
