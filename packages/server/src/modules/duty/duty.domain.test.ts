import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { flawsOf, isQualified, pagingOrder, requiredSpans, rotate, type Span, toICalendar, validUntil } from './duty.domain.ts'

const day = (text: string) => Temporal.PlainDate.from(text)
const at = (text: string) => Temporal.Instant.from(`${text}+08:00`).epochMilliseconds
const hm = (milliseconds: number) =>
  Temporal.Instant.fromEpochMilliseconds(milliseconds)
    .toZonedDateTimeISO('Asia/Shanghai')
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })
const hours = [['08:30', '17:30']] as const
/** September and October 2026: 20 September and 10 October are make-up days, 1 to 7 October rest. */
const isWorkday = (on: Temporal.PlainDate) => {
  const text = on.toString()
  if (text === '2026-09-20' || text === '2026-10-10') return true
  if (text >= '2026-09-25' && text <= '2026-09-27') return false
  if (text >= '2026-10-01' && text <= '2026-10-07') return false
  return on.dayOfWeek <= 5
}

describe('[5.10.1-(1)a] the desk follows the working calendar', () => {
  test('make-up Sunday is staffed, a holiday is not, noon is not a gap', () => {
    const spans = requiredSpans('DESK_5X8', day('2026-09-18'), day('2026-09-28'), isWorkday, hours)
    expect(spans.map(({ from, to }) => `${hm(from)} ${hm(to).slice(11)}`)).toEqual([
      '2026-09-18T08:30 17:30',
      '2026-09-20T08:30 17:30',
      '2026-09-21T08:30 17:30',
      '2026-09-22T08:30 17:30',
      '2026-09-23T08:30 17:30',
      '2026-09-24T08:30 17:30',
      '2026-09-28T08:30 17:30',
    ])
  })
  test('the other lines never close', () => {
    const [span] = requiredSpans('MOBILE_7X24', day('2026-10-01'), day('2026-10-02'), isWorkday, hours)
    expect([hm(span?.from ?? 0), hm(span?.to ?? 0)]).toEqual(['2026-10-01T00:00', '2026-10-03T00:00'])
  })
})

describe('rotation', () => {
  const rotation = {
    line: 'MOBILE_7X24',
    fromOn: day('2026-09-18'),
    toOn: day('2026-09-20'),
    personIds: ['a', 'b', 'c'],
    changesAt: ['20:00', '08:00'],
  } as const
  test('runs over midnight and into the morning after', () => {
    const spans = rotate({ ...rotation, turn: 'SHIFT' }, isWorkday, hours, 0)
    expect(spans.map(({ from, to, primaryId, backupId }) => `${hm(from).slice(5)} ${hm(to).slice(5)} ${primaryId}${backupId}`)).toEqual([
      '09-18T00:00 09-18T08:00 ab',
      '09-18T08:00 09-18T20:00 bc',
      '09-18T20:00 09-19T08:00 ca',
      '09-19T08:00 09-19T20:00 ab',
      '09-19T20:00 09-20T08:00 bc',
      '09-20T08:00 09-20T20:00 ca',
      '09-20T20:00 09-21T08:00 ab',
    ])
  })
  test('goes on where the roster before it ends', () => {
    const [first] = rotate({ ...rotation, turn: 'DAY' }, isWorkday, hours, at('2026-09-18T08:00'))
    expect(hm(first?.from ?? 0)).toBe('2026-09-18T08:00')
  })
  test('weeks change on Monday', () => {
    const spans = rotate({ ...rotation, line: 'DESK_5X8', toOn: day('2026-09-22'), turn: 'WEEK' }, isWorkday, hours, 0)
    expect(spans.map((span) => span.primaryId).join('')).toBe('aabb')
  })
  test('whatever the rule, a drafted roster leaves no gap and no overlap', () => {
    const anyRotation = fc.record({
      line: fc.constantFrom('DESK_5X8', 'MOBILE_7X24', 'FACILITY_7X24'),
      days: fc.integer({ min: 0, max: 40 }),
      skip: fc.integer({ min: 0, max: 40 }),
      turn: fc.constantFrom('SHIFT', 'DAY', 'WEEK'),
      people: fc.integer({ min: 2, max: 6 }),
      changesAt: fc.uniqueArray(fc.constantFrom('00:00', '06:30', '08:00', '16:00', '20:00', '23:59'), { minLength: 1, maxLength: 4 }),
      before: fc.boolean(),
    })
    fc.assert(
      fc.property(anyRotation, ({ line, days, skip, turn, people, changesAt, before }) => {
        const fromOn = day('2026-09-10').add({ days: skip })
        const toOn = fromOn.add({ days })
        const midnight = fromOn.toZonedDateTime('Asia/Shanghai').epochMilliseconds
        const others: Span[] = before && line !== 'DESK_5X8' ? [{ from: midnight - 3_600_000, to: midnight + 5_400_000 }] : []
        const personIds = Array.from({ length: people }, (_, index) => `p${index}`)
        const spans = rotate({ line, fromOn, toOn, personIds, turn, changesAt }, isWorkday, hours, others[0]?.to ?? 0)
        expect(flawsOf(requiredSpans(line, fromOn, toOn, isWorkday, hours), spans, others, fromOn, toOn)).toEqual([])
        for (const { primaryId, backupId } of spans) expect(primaryId).not.toBe(backupId)
      }),
      { seed: 58, numRuns: 200 },
    )
  })
})

describe('flaws', () => {
  const need = [{ from: 0, to: 100 }]
  const on = day('1970-01-01')
  test.each<[string, Span[], string[]]>([
    ['nobody at all', [], ['GAP 0-100']],
    [
      'from the first to the last millisecond',
      [
        { from: 0, to: 40 },
        { from: 40, to: 100 },
      ],
      [],
    ],
    [
      'one millisecond between',
      [
        { from: 0, to: 40 },
        { from: 41, to: 100 },
      ],
      ['GAP 40-41'],
    ],
    [
      'twice',
      [
        { from: 0, to: 60 },
        { from: 50, to: 100 },
      ],
      ['OVERLAP 50-60'],
    ],
    ['late and early off', [{ from: 10, to: 90 }], ['GAP 0-10', 'GAP 90-100']],
  ])('%s', (_, own, expected) => {
    expect(flawsOf(need, own, [], on, on).map(({ kind, from, to }) => `${kind} ${from}-${to}`)).toEqual(expected)
  })
  test('a shift that begins on another day belongs to another roster', () => {
    expect(flawsOf([], [{ from: 86_400_000, to: 86_400_001 }], [], on, on)[0]?.kind).toBe('OUTSIDE')
  })
  test('what others cover is no gap', () => {
    expect(flawsOf(need, [{ from: 30, to: 100 }], [{ from: -10, to: 30 }], on, on)).toEqual([])
  })
})

describe('[5.8-3] test and drill hold twelve months', () => {
  const officer = (passedOn: string | null, drilledOn: string | null) => ({
    lines: ['MOBILE_7X24'] as const,
    passedOn: passedOn ? day(passedOn) : null,
    drilledOn: drilledOn ? day(drilledOn) : null,
  })
  test.each<[string, ReturnType<typeof officer> | undefined, string, boolean]>([
    ['on the last day', officer('2025-09-18', '2026-03-01'), '2026-09-18', true],
    ['the day after', officer('2025-09-17', '2026-03-01'), '2026-09-18', false],
    ['the drill is the older one', officer('2026-03-01', '2025-09-17'), '2026-09-18', false],
    ['no drill', officer('2026-03-01', null), '2026-09-18', false],
    ['passed only later', officer('2026-09-19', '2026-03-01'), '2026-09-18', false],
    ['not on the list', undefined, '2026-09-18', false],
  ])('%s', (_, who, on, expected) => {
    expect(isQualified(who, 'MOBILE_7X24', day(on))).toBe(expected)
  })
  test('another line is another matter', () =>
    expect(isQualified(officer('2026-03-01', '2026-03-01'), 'DESK_5X8', day('2026-09-18'))).toBe(false))
  test('a leap day holds to the last of February', () =>
    expect(validUntil(day('2028-02-29'), day('2028-03-01'))?.toString()).toBe('2029-02-28'))
})

describe('paging order', () => {
  const desk = { line: 'DESK_5X8', primaryId: 'a', backupId: 'b' } as const
  const mobile = { line: 'MOBILE_7X24', primaryId: 'b', backupId: 'c' } as const
  const names = (steps: ReturnType<typeof pagingOrder>) => steps.map((step) => step.personId).join('')
  test('desk before mobile, primary before backup, then managers, then leaders; nobody twice', () =>
    expect(names(pagingOrder([mobile, desk], ['m', 'a'], ['l']))).toBe('abcml'))
  test('nobody on duty: the managers at once', () => expect(names(pagingOrder([], ['m'], ['l']))).toBe('ml'))
  test('the machine room is not paged', () =>
    expect(names(pagingOrder([{ line: 'FACILITY_7X24', primaryId: 'x', backupId: 'y' }], [], ['l']))).toBe('l'))
})

test('the calendar feed escapes, folds and ends lines as RFC 5545 wants', () => {
  const feed = toICalendar(
    '值班',
    [{ id: '1', from: at('2026-09-18T08:00'), to: at('2026-09-18T20:00'), title: '主班, 移动; 热线', description: '备'.repeat(60) }],
    0,
  )
  expect(feed).toContain('SUMMARY:主班\\, 移动\\; 热线\r\n')
  expect(feed).toContain('DTSTART:20260918T000000Z\r\n')
  for (const line of feed.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
  expect(feed.replaceAll('\r\n ', '')).toContain('备'.repeat(60))
})
