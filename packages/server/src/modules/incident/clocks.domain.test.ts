import { type Severity, severities } from '@changbai/contract/incident.shapes.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ClockFactsError, readClockFacts } from './clock-facts.domain.ts'
import { type ClockFact, type ClockFactKind, foldHolds, judgeClocks, type SeverityLimits } from './clocks.domain.ts'

const limits: SeverityLimits[] = [
  { severity: 'I', responseMinutes: 10, planMinutes: 30, resolveMinutes: 180 },
  { severity: 'II', responseMinutes: 10, planMinutes: 30, resolveMinutes: 360 },
  { severity: 'III', responseMinutes: 10, planMinutes: 30, resolveMinutes: 720 },
  { severity: 'IV', responseMinutes: 10, planMinutes: 120, resolveMinutes: 1440 },
]
const at = (text: string) => Temporal.Instant.from(`${text}+08:00`)
const DAY = '2026-10-01T'
/** `02:30 responded`, `03:00 level I`, `02:10 scheduled 09:00`: on the National Day holiday, a Thursday. */
const fact = (line: string): ClockFact => {
  const [time, kind, more] = line.split(' ') as [string, ClockFactKind, string?]
  return {
    at: at(`${DAY}${time}`),
    kind,
    ...(kind === 'level' ? { level: more as Severity } : {}),
    ...(kind === 'scheduled' ? { for: at(`${DAY}${more}`) } : {}),
  }
}
const hm = (instant: Temporal.Instant | null) =>
  instant === null
    ? null
    : instant.toZonedDateTimeISO('Asia/Shanghai').toPlainDateTime().toString({ smallestUnit: 'minute' }).replace(DAY, '')
const judge = (level: Severity, lines: readonly string[], asOf: string) =>
  judgeClocks(level, lines.map(fact), limits, at(asOf.includes('T') ? asOf : `${DAY}${asOf}`))
/** `due state` of response, plan and solution. */
const told = (level: Severity, lines: readonly string[], asOf: string) =>
  judge(level, lines, asOf).clocks.map(({ dueAt, state }) => `${hm(dueAt)} ${state}`)

describe('[5.10.1-(3)] limits by severity, round the clock', () => {
  test.each<[Severity, string[]]>([
    ['I', ['02:10 running', '02:30 running', '05:00 running']],
    ['II', ['02:10 running', '02:30 running', '08:00 running']],
    ['III', ['02:10 running', '02:30 running', '14:00 running']],
    ['IV', ['02:10 running', '04:00 running', '2026-10-02T02:00 running']],
  ])('%s, at two in the night of a holiday', (level, expected) => {
    expect(told(level, ['02:00 reported'], '02:00')).toEqual(expected)
  })
  test('from the earlier of alarm and report, whichever came to be known first', () => {
    expect(hm(judge('II', ['02:05 reported', '02:00 alarm', '02:20 alarm'], '02:06').startAt)).toBe('02:00')
    expect(hm(judge('II', ['02:05 alarm', '02:03 reported'], '02:06').startAt)).toBe('02:03')
  })
  test('plan and solution do not start at the response', () => {
    expect(told('I', ['02:00 reported', '02:09 responded'], '02:10')).toEqual(['02:10 met', '02:30 running', '05:00 running'])
  })
  test('at the limit counts as met, a millisecond later does not', () => {
    const start = fact('02:00 reported')
    const due = start.at.add({ minutes: 10 })
    const response = (done: Temporal.Instant) => judgeClocks('I', [start, { at: done, kind: 'responded' }], limits, due).clocks[0].state
    expect([response(due), response(due.add({ milliseconds: 1 }))]).toEqual(['met', 'breached'])
    const open = (asOf: Temporal.Instant) => judgeClocks('I', [start], limits, asOf).clocks[0].state
    expect([open(due), open(due.add({ milliseconds: 1 }))]).toEqual(['running', 'breached'])
  })
  test('done before the first sign became known counts as done', () => {
    expect(told('I', ['02:00 reported', '01:58 responded'], '02:01')[0]).toBe('02:10 met')
  })
})

describe('[5.10.1-(3)-0] changes of severity', () => {
  test('a late upgrade judges from the same start and may breach at once', () => {
    const lines = ['02:00 reported', '02:05 responded', '03:00 planned', '06:00 level I']
    expect(told('IV', lines, '06:00')).toEqual(['02:10 met', '02:30 breached', '05:00 breached'])
  })
  test('both judgments are kept, the mildest first', () => {
    const [, plan] = judge('IV', ['02:00 reported', '03:00 planned', '06:00 level II', '07:00 level III'], '06:30').clocks
    expect(plan.judgments.map(({ level, dueAt, state }) => `${level} ${hm(dueAt)} ${state}`)).toEqual([
      'IV 04:00 met',
      'III 02:30 breached',
      'II 02:30 breached',
    ])
    expect(plan).toMatchObject({ level: 'II', state: 'breached' })
  })
  test('the highest severity reached rules after a downgrade', () => {
    expect(told('I', ['02:00 reported', '02:20 level III'], '05:01')[2]).toBe('05:00 breached')
  })
})

describe('[8.9] an appointment under severity IV', () => {
  const booked = ['02:00 reported', '02:05 scheduled 09:00']
  test('the solution runs from it, response and plan do not', () => {
    expect(told('IV', booked, '02:06')).toEqual(['02:10 running', '04:00 running', '2026-10-02T09:00 running'])
  })
  test('an upgrade drops it: the solution runs from the first sign again', () => {
    expect(told('IV', [...booked, '08:00 level II'], '08:01')[2]).toBe('08:00 breached')
  })
  test('the appointment agreed last holds; one before the first sign does not lengthen anything', () => {
    expect(told('IV', [...booked, '02:30 scheduled 08:00'], '03:00')[2]).toBe('2026-10-02T08:00 running')
    expect(told('IV', ['02:00 reported', '02:05 scheduled 01:00'], '03:00')[2]).toBe('2026-10-02T02:00 running')
  })
})

describe('clock traps others fell into', () => {
  test('a day is 24 hours of natural time here, never business hours', () => {
    const [, , solution] = judge('IV', ['02:00 reported'], '02:00').clocks
    expect(solution.startAt.until(solution.dueAt).total('hours')).toBe(24)
  })
  test('no second is lost at midnight: the day does not end at 23:59:59', () => {
    const [, , solution] = judgeClocks('II', [{ at: at('2026-12-31T23:59:59.999'), kind: 'alarm' }], limits, at('2027-01-01T00:00')).clocks
    expect(solution.dueAt.toString()).toBe(at('2027-01-01T05:59:59.999').toString())
  })
  test('a hold keeps its milliseconds and does not stop the clock', () => {
    const facts: ClockFact[] = [
      fact('02:00 reported'),
      { at: at(`${DAY}02:10:00.250`), kind: 'held' },
      { at: at(`${DAY}02:10:00.750`), kind: 'released' },
    ]
    const judged = judgeClocks('I', facts, limits, at(`${DAY}03:00`))
    expect(judged.heldMilliseconds).toBe(500)
    expect(hm(judged.clocks[2].dueAt)).toBe('05:00')
  })
  test('a hold over a weekend credits nothing', () => {
    const lines = ['02:00 reported', '02:10 held']
    expect(judge('III', lines, '2026-10-05T09:00').clocks[2].state).toBe('breached')
  })
  test('a breach while held is a breach', () => {
    expect(judge('I', ['02:00 reported', '02:10 held'], '05:01').clocks[2].state).toBe('breached')
  })
  test('a change of severity forgets no hold', () => {
    expect(judge('III', ['02:00 reported', '02:10 held', '02:40 released', '03:00 level II'], '04:00').heldMilliseconds).toBe(30 * 60_000)
  })
  test('time between solved and reopened is not a pause: the same clock goes on', () => {
    const lines = ['02:00 reported', '04:00 resolved', '06:00 reopened']
    expect(told('I', lines, '04:30')[2]).toBe('05:00 running')
    expect(told('I', lines, '06:30')[2]).toBe('05:00 breached')
    expect(told('I', [...lines, '07:00 resolved'], '08:00')[2]).toBe('05:00 breached')
  })
  test('one clock breached says nothing about another', () => {
    const lines = ['02:00 reported', '02:20 responded', '02:25 planned', '04:00 resolved']
    expect(judge('I', lines, '09:00').clocks.map((clock) => clock.state)).toEqual(['breached', 'met', 'met'])
  })
  test('a later response does not overrule the first one', () => {
    expect(told('I', ['02:00 reported', '02:30 responded', '02:05 responded'], '03:00')[0]).toBe('02:10 met')
  })
  test('solved counts by when it happened, not by when it was written down', () => {
    const late = [fact('02:00 reported'), fact('04:59 resolved')]
    expect(judgeClocks('I', late, limits, at('2026-10-03T00:00')).clocks[2].state).toBe('met')
  })
  test('the limits are those handed in: a later plan rewrites nothing by itself', () => {
    const stricter = limits.map((line) => ({ ...line, responseMinutes: 5 }))
    const facts = [fact('02:00 reported'), fact('02:08 responded')]
    expect(judgeClocks('I', facts, limits, at(`${DAY}03:00`)).clocks[0].state).toBe('met')
    expect(judgeClocks('I', facts, stricter, at(`${DAY}03:00`)).clocks[0].state).toBe('breached')
  })
  test('without an alarm or a report there is no clock, and it says so', () => {
    expect(() => judge('I', ['02:05 responded'], '03:00')).toThrow('neither an alarm nor a report')
  })
  test('a severity without limits is refused, not taken as endless', () => {
    expect(() => judgeClocks('I', [fact('02:00 alarm')], limits.slice(1), at(`${DAY}03:00`))).toThrow('no limits for severity I')
  })
})

describe('holds', () => {
  test.each<[string, string[], string[]]>([
    ['open', ['02:00 held'], ['02:00-null']],
    ['a hold within a hold adds nothing', ['02:00 held', '02:05 held', '02:10 released'], ['02:00-02:10']],
    ['a release without a hold says nothing', ['02:00 released', '02:10 held'], ['02:10-null']],
    ['one ends and another begins', ['02:00 held', '02:10 released', '02:10 held', '02:20 released'], ['02:00-02:10', '02:10-02:20']],
  ])('%s', (_, lines, expected) => {
    expect(foldHolds(lines.map(fact)).map(({ from, to }) => `${hm(from)}-${hm(to)}`)).toEqual(expected)
  })
})

const minute = fc.integer({ min: 0, max: 2880 }).map((minutes) => at(`${DAY}00:00`).add({ minutes }))
const anyFact = fc.oneof(
  fc.record({
    at: minute,
    kind: fc.constantFrom<ClockFactKind>('alarm', 'reported', 'responded', 'planned', 'resolved', 'held', 'released', 'reopened'),
  }),
  fc.record({ at: minute, kind: fc.constant<ClockFactKind>('level'), level: fc.constantFrom(...severities) }),
  fc.record({ at: minute, kind: fc.constant<ClockFactKind>('scheduled'), for: minute }),
) as fc.Arbitrary<ClockFact>
const anyFacts = fc
  .tuple(minute, fc.array(anyFact, { maxLength: 14 }))
  .map(([first, rest]): ClockFact[] => [{ at: first, kind: 'alarm' }, ...rest])
const settings = { seed: 510, numRuns: 400 }

describe('properties', () => {
  test('facts in any order give the same bytes', () => {
    const shuffled = anyFacts.chain((facts) =>
      fc.tuple(fc.constant(facts), fc.shuffledSubarray(facts, { minLength: facts.length, maxLength: facts.length })),
    )
    fc.assert(
      fc.property(fc.constantFrom(...severities), shuffled, minute, (level, [facts, other], asOf) => {
        expect(JSON.stringify(judgeClocks(level, other, limits, asOf))).toBe(JSON.stringify(judgeClocks(level, facts, limits, asOf)))
      }),
      settings,
    )
  })
  test('a fact told twice says nothing new', () => {
    fc.assert(
      fc.property(fc.constantFrom(...severities), anyFacts, minute, (level, facts, asOf) => {
        expect(JSON.stringify(judgeClocks(level, [...facts, ...facts], limits, asOf))).toBe(
          JSON.stringify(judgeClocks(level, facts, limits, asOf)),
        )
      }),
      settings,
    )
  })
  test('holds change no clock of the contract', () => {
    fc.assert(
      fc.property(fc.constantFrom(...severities), anyFacts, minute, (level, facts, asOf) => {
        const without = facts.filter((one) => one.kind !== 'held' && one.kind !== 'released')
        expect(judgeClocks(level, facts, limits, asOf).clocks).toEqual(judgeClocks(level, without, limits, asOf).clocks)
      }),
      settings,
    )
  })
  test('a fact that arrives late gives what it would have given in time; an earlier sign never moves a limit back', () => {
    fc.assert(
      fc.property(fc.constantFrom(...severities), anyFacts, minute, minute, (level, facts, sign, asOf) => {
        const before = judgeClocks(level, facts, limits, asOf)
        const after = judgeClocks(level, [...facts, { at: sign, kind: 'reported' }], limits, asOf)
        for (const index of [0, 1, 2] as const) {
          expect(after.clocks[index].dueAt.epochMilliseconds).toBeLessThanOrEqual(before.clocks[index].dueAt.epochMilliseconds)
        }
      }),
      settings,
    )
  })
  test('what is breached stays breached as time goes on, but for facts that say otherwise', () => {
    fc.assert(
      fc.property(fc.constantFrom(...severities), anyFacts, minute, fc.nat(5000), (level, facts, asOf, later) => {
        const now = judgeClocks(level, facts, limits, asOf)
        const then = judgeClocks(level, facts, limits, asOf.add({ minutes: later }))
        for (const index of [0, 1, 2] as const) {
          if (now.clocks[index].state !== 'running') expect(then.clocks[index].state).toBe(now.clocks[index].state)
        }
      }),
      settings,
    )
  })
})

describe('reading facts', () => {
  const parse = (text: string) => {
    if (!/^\d{4}-/.test(text)) throw new RangeError(`"${text}" is not an instant`)
    return Temporal.Instant.from(`${text}+08:00`)
  }
  const alarm = { at: '2026-10-01T02:00', kind: 'alarm' }
  test('as written', () => {
    const { level, facts } = readClockFacts(
      { level: 'IV', facts: [{ at: '2026-10-01T02:05', kind: 'scheduled', for: '2026-10-01T09:00' }, alarm] },
      parse,
    )
    expect(level).toBe('IV')
    expect(facts.map(({ at: when, kind, for: booked }) => [hm(when), kind, booked && hm(booked)])).toEqual([
      ['02:05', 'scheduled', '09:00'],
      ['02:00', 'alarm', undefined],
    ])
  })
  test.each<[string, unknown, string[]]>([
    ['no object', [], ['document: Invalid input: expected object, received array']],
    ['nothing', {}, ['level: must be one of I, II, III, IV', 'facts: must be a list']],
    ['a severity that is none', { level: 'V', facts: [alarm] }, ['level: must be one of I, II, III, IV']],
    [
      'a field not known',
      { level: 'I', facts: [{ ...alarm, by: 'x' }], more: 1 },
      ['facts[0].by: is not known here', 'more: is not known here'],
    ],
    [
      'a kind that is none',
      { level: 'I', facts: [alarm, { ...alarm, kind: 'closed' }] },
      ['facts[1].kind: must be one of alarm, reported, responded, planned, resolved, level, scheduled, held, released, reopened'],
    ],
    ['a level without one', { level: 'I', facts: [alarm, { ...alarm, kind: 'level' }] }, ['facts[1].level: must be one of I, II, III, IV']],
    [
      'an appointment without one',
      { level: 'IV', facts: [alarm, { ...alarm, kind: 'scheduled' }] },
      ['facts[1].for: must be an instant, written as text'],
    ],
    ['a level where none belongs', { level: 'I', facts: [{ ...alarm, level: 'I' }] }, ['facts[0].level: is not known here']],
    ['a number for an instant', { level: 'I', facts: [{ at: 5, kind: 'alarm' }] }, ['facts[0].at: must be an instant, written as text']],
    [
      'two instants that are none',
      {
        level: 'I',
        facts: [
          { at: 'x', kind: 'alarm' },
          { at: 'y', kind: 'held' },
        ],
      },
      ['facts[0].at: "x" is not an instant', 'facts[1].at: "y" is not an instant'],
    ],
    ['no start', { level: 'I', facts: [] }, ['facts: neither an alarm nor a report is among them, so the clocks have no start']],
  ])('%s', (_, document, flaws) => {
    try {
      readClockFacts(document, parse)
      expect.unreachable()
    } catch (error) {
      if (!(error instanceof ClockFactsError)) throw error
      expect(error.flaws).toEqual(flaws)
    }
  })
})
