import { type Criterion, severityOf } from '@changbai/contract/incident.ts'
import { describe, expect, test } from 'vitest'
import { nextWarning, statusAt, warningDue } from './incident.domain.ts'

const at = (text: string) => Temporal.Instant.from(`2026-10-01T${text}+08:00`)
const [START, DUE] = [at('02:00'), at('02:10')]
const percents = [100, 50, 80]

describe('[5.10.1-(3)-0] severity follows what is seen', () => {
  test.each<[Criterion[], string]>([
    [['BUSINESS_DOWN'], 'I'],
    [['DATA_LOST', 'QUESTION_OR_BOOKING'], 'I'],
    [['SLOW', 'ERROR_OR_WARNING'], 'II'],
    [['PART_FAILED'], 'II'],
    [['ERROR_OR_WARNING'], 'III'],
    [['QUESTION_OR_BOOKING'], 'IV'],
  ])('%j is %s', (criteria, level) => expect(severityOf(criteria)).toBe(level))
})

describe('warnings at shares of a limit', () => {
  test('one after the other; the last a millisecond after the limit, for at the limit counts as met', () => {
    expect(nextWarning(START, DUE, percents, 0)).toEqual({ percent: 50, at: at('02:05') })
    expect(nextWarning(START, DUE, percents, 50)).toEqual({ percent: 80, at: at('02:08') })
    expect(nextWarning(START, DUE, percents, 80)).toEqual({ percent: 100, at: at('02:10:00.001') })
    expect(nextWarning(START, DUE, percents, 100)).toBeNull()
  })
  test.each<[string, number, string, number | null]>([
    ['too early', 0, '02:04:59', null],
    ['on the millisecond', 0, '02:05', 50],
    ['already said', 50, '02:06', null],
    ['several at once, after a late upgrade', 0, '03:00', 100],
    ['at the limit', 80, '02:10', null],
  ])('%s', (_, warned, now, expected) => expect(warningDue(START, DUE, percents, warned, at(now))).toBe(expected))
})

test('a reopened incident is in progress, not planned anew', () => {
  expect([statusAt('repairIncident', 'ACKNOWLEDGED'), statusAt('repairIncident', 'RESOLVED')]).toEqual(['PLAN_SUBMITTED', 'IN_PROGRESS'])
})
