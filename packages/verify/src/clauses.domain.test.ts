import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import {
  boardOf,
  type ClauseState,
  figureOf,
  figureWithoutSource,
  type Obligation,
  obligationsOfRhythm,
  stateOf,
} from './clauses.domain.ts'

const owed = (given: Partial<Obligation> = {}): Obligation => ({
  id: 'one',
  subject: { type: 'work-order', id: '1', label: 'GD-1' },
  tenantId: null,
  applicationId: null,
  startedAt: '2026-05-01T00:00:00Z',
  dueAt: '2026-05-11T00:00:00Z',
  doneAt: null,
  kept: null,
  missing: null,
  exempt: null,
  provisional: false,
  evidence: [],
  ...given,
})

describe('what one obligation has come to', () => {
  test.each([
    ['done at the limit', { doneAt: '2026-05-11T00:00:00Z' }, '2026-05-12T00:00:00Z', 'MET'],
    ['done a millisecond late', { doneAt: '2026-05-11T00:00:00.001Z' }, '2026-05-12T00:00:00Z', 'BREACHED'],
    ['not done at the limit', {}, '2026-05-11T00:00:00Z', 'AT_RISK'],
    ['not done after the limit', {}, '2026-05-11T00:00:00.001Z', 'BREACHED'],
    ['four fifths of the limit used', {}, '2026-05-09T00:00:00Z', 'AT_RISK'],
    ['less than four fifths used', {}, '2026-05-08T23:59:59Z', 'OPEN'],
    ['without a clock nothing is at risk', { startedAt: null }, '2026-05-10T23:00:00Z', 'OPEN'],
    ['done in time but incomplete', { doneAt: '2026-05-02T00:00:00Z', kept: false }, '2026-05-03T00:00:00Z', 'BREACHED'],
    ['done later than we look', { doneAt: '2026-05-09T12:00:00Z' }, '2026-05-09T00:00:00Z', 'AT_RISK'],
    ['evidence missing', { missing: 'NOTHING_RECORDED' }, '2026-05-12T00:00:00Z', 'MISSING'],
    ['evidence missing, not due', { missing: 'NOTHING_RECORDED' }, '2026-05-02T00:00:00Z', 'OPEN'],
    ['late in a year whose calendar is not published', { provisional: true }, '2026-05-12T00:00:00Z', 'OPEN'],
    ['waived by the customer', { exempt: 'WAIVED' as const }, '2026-05-12T00:00:00Z', 'WAIVED'],
  ])('%s', (_, given, asOf, expected) => expect(stateOf(owed(given), asOf)).toBe(expected))

  it('refuses an instant that is none', () => expect(() => stateOf(owed({ dueAt: 'soon' }), '2026-05-12T00:00:00Z')).toThrow(RangeError))
})

describe('the figure of a clause', () => {
  const after = '2026-06-01T00:00:00Z'
  const met = owed({ doneAt: '2026-05-02T00:00:00Z' })
  test.each<[string, Obligation[], ClauseState, number | null]>([
    ['nothing fell due', [], 'NOT_TRIGGERED', null],
    ['all kept', [met, met], 'COMPLIANT', 1],
    ['one of two late', [met, owed()], 'BREACHED', 0.5],
    ['the late one waived', [met, owed({ exempt: 'WAIVED' })], 'COMPLIANT', 1],
    ['only a waived one', [owed({ exempt: 'WAIVED' })], 'WAIVED', null],
    ['does not apply', [owed({ exempt: 'NOT_APPLICABLE' })], 'NOT_APPLICABLE', null],
    ['no evidence counts as not kept', [met, owed({ missing: 'X' })], 'NO_DATA', 0.5],
    ['a breach is worse than missing evidence', [owed(), owed({ missing: 'X' })], 'BREACHED', 0],
  ])('%s', (_, obligations, state, rate) => expect(figureOf(obligations, after)).toMatchObject({ state, rate }))

  it('does not depend on the order of facts', () => {
    const some = fc.array(
      fc.record({
        doneAt: fc.constantFrom(null, '2026-05-02T00:00:00Z', '2026-05-20T00:00:00Z'),
        kept: fc.constantFrom(null, true, false),
        missing: fc.constantFrom(null, 'X'),
        exempt: fc.constantFrom(null, 'WAIVED' as const, 'NOT_APPLICABLE' as const),
      }),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(some, fc.constantFrom('2026-05-01T00:00:00Z', '2026-05-10T00:00:00Z', after), (given, asOf) => {
        const obligations = given.map((one) => owed(one))
        const figure = figureOf(obligations, asOf)
        expect(figureOf(obligations.toReversed(), asOf)).toEqual(figure)
        expect(figure.due + figure.notApplicable + figure.open).toBe(obligations.length)
        expect(figure.due).toBe(figure.met + figure.breached + figure.missing + figure.waived)
        if (figure.rate !== null) expect(figure.rate).toBeCloseTo(figure.met / (figure.due - figure.waived), 12)
      }),
    )
  })

  it('is never better for a late fact', () => {
    fc.assert(
      fc.property(fc.nat(20), (kept) => {
        const all = Array.from({ length: kept + 1 }, () => met)
        expect(figureOf([...all, owed()], after).rate ?? 0).toBeLessThan(figureOf(all, after).rate ?? 0)
      }),
    )
  })
})

describe('the board', () => {
  const line = (state: ClauseState, redLine = false) => ({ state, redLine })
  test.each([
    ['everything kept', [line('COMPLIANT'), line('NOT_TRIGGERED')], 'GREEN', 1],
    ['an ordinary breach', [line('BREACHED'), line('COMPLIANT')], 'AMBER', 0.5],
    ['a red line crossed', [line('BREACHED', true), line('COMPLIANT')], 'RED', 0.5],
    ['no data counts as not kept', [line('NO_DATA', true), line('COMPLIANT')], 'AMBER', 0.5],
    ['nothing counts', [line('NOT_TRIGGERED')], 'GREEN', null],
  ] as const)('%s', (_, lines, light, score) => expect(boardOf(lines)).toMatchObject({ light, score }))
  it('a clause without a source has no data', () => expect(figureWithoutSource()).toMatchObject({ state: 'NO_DATA', rate: null }))
})

describe('a rhythm', () => {
  const day = {
    key: '2026-05-04',
    label: '2026-05-04',
    from: '2026-05-03T16:00:00Z',
    to: '2026-05-04T16:00:00Z',
    dueAt: '2026-05-04T16:00:00Z',
  }
  const at = (hour: number, valid = true) => ({
    at: `2026-05-04T${String(hour).padStart(2, '0')}:00:00Z`,
    id: `e${hour}`,
    type: 'round',
    valid,
  })
  const judged = (events: ReturnType<typeof at>[], begun = true) => {
    const obligations = obligationsOfRhythm({ spans: [day], times: 3, events, begun, subject: { type: 'facility-round' } })
    return obligations.map((one) => stateOf(one, '2026-05-05T00:00:00Z'))
  }
  test.each([
    ['three rounds', [at(1), at(6), at(12)], true, 'MET'],
    ['two rounds', [at(1), at(6)], true, 'BREACHED'],
    ['one of three does not count', [at(1), at(6, false), at(12)], true, 'BREACHED'],
    ['the third after midnight in Shanghai', [at(1), at(6), at(16)], true, 'BREACHED'],
    ['nobody ever recorded one', [], false, 'MISSING'],
  ] as const)('%s', (_, events, begun, expected) => expect(judged([...events], begun)).toEqual([expected]))
})
