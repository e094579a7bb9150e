import { describe, expect, it } from 'vitest'
import { recurredAfterDays, stepsFrom } from './problem.domain.ts'

const on = (day: string) => Temporal.PlainDate.from(day)
const fault = (beganOn: string, endedOn: string | null) => ({ beganOn: on(beganOn), endedOn: endedOn === null ? null : on(endedOn) })

describe('[5.8-5] the same cause again within 90 days', () => {
  it.each([
    ['on the 90th day', '2026-04-01', [fault('2026-01-01', '2026-01-01')], 90],
    ['on the 91st it is another story', '2026-04-02', [fault('2026-01-01', '2026-01-01')], null],
    ['the same day', '2026-01-01', [fault('2026-01-01', '2026-01-01')], 0],
    ['the nearest of several', '2026-03-01', [fault('2026-01-01', '2026-01-02'), fault('2026-02-01', '2026-02-19')], 10],
    ['while the first lasts it is part of it', '2026-01-02', [fault('2026-01-01', null)], null],
    ['a later one does not make the earlier a recurrence', '2026-01-01', [fault('2026-01-05', '2026-01-06')], null],
    ['the first of all', '2026-01-01', [], null],
  ])('%s', (_, began, earlier, days) => expect(recurredAfterDays(on(began), earlier, 90)).toBe(days))
})

describe('steps of a problem', () => {
  it.each([
    ['OPEN', ['MARK_KNOWN', 'RESOLVE']],
    ['KNOWN_ERROR', ['RESOLVE']],
    ['RESOLVED', ['REOPEN', 'CLOSE']],
    ['CLOSED', ['REOPEN']],
  ] as const)('%s', (state, steps) => expect(stepsFrom(state)).toEqual(steps))
})
