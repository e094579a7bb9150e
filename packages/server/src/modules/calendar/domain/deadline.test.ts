import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shippedCalendar } from '../offline.ts'
import { addBusinessTime, businessHoursBetween, businessMillisecondsBetween, readBusinessHours } from './business.ts'
import { createCalendar } from './calendar.ts'
import { dueAt, remainingWorkdays, shareOfLimit, timeLeft, usedShare, workdayDeadline } from './deadline.ts'
import { explainDeadline } from './explain.ts'
import { parseLimit, parseMoment } from './limit.ts'

const calendar = shippedCalendar()
const hours = readBusinessHours([
  ['08:30', '12:00'],
  ['13:00', '17:30'],
])
const day = (text: string) => Temporal.PlainDate.from(text)
const shanghai = (at: Temporal.Instant) => at.toZonedDateTimeISO('Asia/Shanghai').toPlainDateTime().toString({ smallestUnit: 'minute' })
const due = (from: string, limit: string) => shanghai(dueAt(parseMoment(from), limit, calendar, hours))

const instants = fc.integer({ min: Date.UTC(2005, 0, 1), max: Date.UTC(2026, 10, 1) }).map(Temporal.Instant.fromEpochMilliseconds)

describe('[4.3-1a] a virtual machine is due in two working days, [4.3-1b] a physical server in seven', () => {
  test.each([
    ['make-up Sunday counts', '2026-09-18', 2, '2026-09-21'],
    ['over Mid-Autumn', '2026-09-18', 7, '2026-09-29'],
    ['over the National Day holiday', '2026-09-30', 2, '2026-10-09'],
    ['make-up Saturday counts', '2026-09-30', 7, '2026-10-15'],
    ['over the Spring Festival', '2026-02-13', 2, '2026-02-24'],
    ['an ordinary weekend', '2026-11-20', 2, '2026-11-24'],
    ['an ordinary week', '2026-11-20', 7, '2026-12-01'],
    ['received on a holiday', '2026-10-03', 2, '2026-10-09'],
    ['received on a make-up Saturday', '2026-02-14', 2, '2026-02-25'],
    ['into a year not announced: New Year does not count', '2026-12-30', 2, '2027-01-04'],
    ['New Year 2018 rests', '2017-12-29', 1, '2018-01-02'],
    ['the 2020 extension rests', '2020-01-23', 1, '2020-02-03'],
    ['3 January 2023 is worked', '2022-12-30', 1, '2023-01-03'],
  ])('%s', (_, received, workdays, expected) => {
    expect(workdayDeadline(day(received), workdays, calendar).toString()).toBe(expected)
  })

  test('it ends with the business day, whatever the hour of receipt', () => {
    expect(due('2026-09-18T00:00', '2wd')).toBe('2026-09-21T17:30')
    expect(due('2026-09-18T23:59:59', '2wd')).toBe('2026-09-21T17:30')
  })
  test('an instant of another zone is a day of Asia/Shanghai', () => {
    // 16:30 UTC on Thursday is already Friday in Shanghai
    expect(due('2026-09-17T16:30:00Z', '2wd')).toBe('2026-09-21T17:30')
    expect(due('2026-02-27T16:30:00Z', '1wd')).toBe('2026-03-02T17:30')
  })
})

describe('the year as it was announced', () => {
  test.each([
    ['2018-01-01', false],
    ['2020-01-31', false],
    ['2020-02-01', false],
    ['2023-01-03', true],
    ['2026-09-20', true],
    ['2026-10-10', true],
    ['2024-02-29', true],
  ])('%s worked: %s', (on, worked) => expect(calendar.isWorkday(day(on))).toBe(worked))

  test('2026 has 248 working days', () => {
    let count = 0
    for (let on = day('2026-01-01'); on.year === 2026; on = on.add({ days: 1 })) if (calendar.isWorkday(on)) count += 1
    expect(count).toBe(248)
  })
  test('the lunar holidays of 2027 are where the lunar calendar puts them', () => {
    const inLunar = (on: string) => {
      const { monthCode, day: lunarDay } = day(on).withCalendar('chinese')
      return `${monthCode} ${lunarDay}`
    }
    expect(['2027-02-06', '2027-06-09', '2027-09-15'].map(inLunar)).toEqual(['M01 1', 'M05 5', 'M08 15'])
    expect(calendar.dayAt(day('2027-02-05'))).toMatchObject({ kind: 'STATUTORY', name: '春节', provisional: true })
  })
  test('a year nobody entered is provisional and still rests on fixed holidays', () => {
    expect(calendar.dayAt(day('2031-10-02'))).toMatchObject({ kind: 'STATUTORY', isWorkday: false, provisional: true })
    expect(() => calendar.dayAt(day('1999-12-31'))).toThrow('outside the calendar')
  })
})

describe('business hours', () => {
  const holiday = createCalendar([
    {
      year: 2026,
      status: 'PUBLISHED',
      publishedDoc: 'test',
      days: [
        { on: '2026-11-12', kind: 'STATUTORY', name: '假日' },
        { on: '2026-11-13', kind: 'STATUTORY', name: '假日' },
      ],
    },
  ])
  test('sixteen hours from Wednesday 10:00 before a two-day holiday end on Tuesday 10:00', () => {
    expect(shanghai(dueAt(parseMoment('2026-11-11T10:00'), '16bh', holiday, hours))).toBe('2026-11-17T10:00')
  })
  test.each([
    ['over lunch', '2026-11-23T11:00', '2bh', '2026-11-23T14:00'],
    ['exactly to lunch', '2026-11-23T10:00', '2bh', '2026-11-23T12:00'],
    ['before opening', '2026-11-23T06:00', '1bh', '2026-11-23T09:30'],
    ['on Friday evening', '2026-11-20T18:00', '2bh', '2026-11-23T10:30'],
  ])('%s', (_, from, limit, expected) => expect(due(from, limit)).toBe(expected))

  test('natural time takes no notice of the calendar', () => expect(due('2026-10-01T22:00', 'PT24H')).toBe('2026-10-02T22:00'))

  test('what is added is what lies between', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 200 * 3_600_000 }), (from, milliseconds) => {
        const to = addBusinessTime(from, milliseconds, calendar, hours)
        expect(businessMillisecondsBetween(from, to, calendar, hours)).toBe(milliseconds)
      }),
      { numRuns: 200 },
    )
  })
  test('adding twice is adding the sum', () => {
    const span = fc.integer({ min: 0, max: 60 * 3_600_000 })
    fc.assert(
      fc.property(instants, span, span, (from, a, b) => {
        const twice = addBusinessTime(addBusinessTime(from, a, calendar, hours), b, calendar, hours)
        expect(twice.toString()).toBe(addBusinessTime(from, a + b, calendar, hours).toString())
      }),
      { numRuns: 200 },
    )
  })
  test('a working day deadline is a working day, with n of them after receipt, and grows with n', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 60 }), (from, workdays) => {
        const at = dueAt(from, `${workdays}wd`, calendar, hours)
        const on = at.toZonedDateTimeISO('Asia/Shanghai').toPlainDate()
        expect(calendar.isWorkday(on)).toBe(true)
        expect(remainingWorkdays(from, at, calendar).workdays).toBe(workdays)
        expect(Temporal.Instant.compare(at, dueAt(from, `${workdays + 1}wd`, calendar, hours))).toBe(-1)
        const told = explainDeadline(from, `${workdays}wd`, calendar, hours)
        expect(told.dueAt).toBe(at.toString())
        expect(told.days.filter((one) => one.counts).length).toBe(workdays)
      }),
      { numRuns: 200 },
    )
  })
  test('shares of a limit run in business time', () => {
    const from = parseMoment('2026-09-30T17:30')
    const at = dueAt(from, '2wd', calendar, hours)
    expect(shanghai(shareOfLimit(from, at, 0.5, calendar, hours))).toBe('2026-10-08T17:30')
    expect(shanghai(shareOfLimit(from, at, 1.5, calendar, hours))).toBe('2026-10-10T17:30')
    expect(businessHoursBetween(from, at, calendar, hours)).toBe(16)
  })
})

describe('the share of a limit that is used', () => {
  const used = (from: string, to: string, at: string) => usedShare(parseMoment(from), parseMoment(to), parseMoment(at), calendar, hours)
  test.each([
    ['before it begins', '2026-09-28T08:30', '2026-09-29T17:30', '2026-09-27T12:00', 0],
    ['one of two days', '2026-09-28T08:30', '2026-09-29T17:30', '2026-09-28T17:30', 0.5],
    ['nothing is used over night', '2026-09-28T08:30', '2026-09-29T17:30', '2026-09-29T08:30', 0.5],
    ['nothing is used over a weekend', '2026-09-11T17:30', '2026-09-15T17:30', '2026-09-14T08:30', 0],
    ['nothing is used over the National Day holiday', '2026-09-30T17:30', '2026-10-09T17:30', '2026-10-08T08:30', 0],
    ['at the limit', '2026-09-28T08:30', '2026-09-29T17:30', '2026-09-29T17:30', 1],
    ['half the limit late', '2026-09-28T08:30', '2026-09-29T17:30', '2026-09-30T17:30', 1.5],
    ['natural time where there is no business in between', '2026-10-01T00:00', '2026-10-02T00:00', '2026-10-01T06:00', 0.25],
    ['cut, never rounded up', '2026-09-28T08:30', '2026-09-28T17:30', '2026-09-28T17:29:59', 0.9999],
  ])('%s', (_, from, to, at, share) => expect(used(from, to, at)).toBe(share))

  test('a warning at a share comes when that share is used', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 160 }), (from, workdays, percent) => {
        const at = dueAt(from, `${workdays}wd`, calendar, hours)
        const warned = shareOfLimit(from, at, percent / 100, calendar, hours)
        expect(usedShare(from, at, warned, calendar, hours)).toBeCloseTo(percent / 100, 3)
      }),
      { numRuns: 200 },
    )
  })
  test.each([
    ['working days', '2wd', '2026-09-30T15:00', '2026-10-09T17:30', { unit: 'WORKDAYS', count: 2 }],
    ['the last day', '2wd', '2026-10-09T15:00', '2026-10-09T17:30', { unit: 'WORKDAYS', count: 0 }],
    ['days over', '2wd', '2026-10-13T09:00', '2026-10-09T17:30', { unit: 'WORKDAYS', count: -3 }],
    ['business hours, over lunch', '2bh', '2026-09-28T11:30', '2026-09-28T13:45', { unit: 'BUSINESS_MINUTES', count: 75 }],
    ['business hours over', '2bh', '2026-09-29T09:00', '2026-09-28T17:00', { unit: 'BUSINESS_MINUTES', count: -60 }],
    ['natural time has none', 'PT24H', '2026-09-28T11:30', '2026-09-29T11:30', null],
  ])('what is left: %s', (_, limit, now, to, left) =>
    expect(timeLeft(limit, parseMoment(now), parseMoment(to), calendar, hours)).toEqual(left),
  )
})

describe('remaining working days', () => {
  test.each([
    ['2026-09-21T09:42', '2026-09-24T17:30', 3],
    ['2026-09-24T09:00', '2026-09-24T17:30', 0],
    ['2026-09-28T09:00', '2026-09-24T17:30', -1],
    ['2026-09-19T09:00', '2026-09-20T17:30', 1],
  ])('%s to %s', (now, at, expected) => expect(remainingWorkdays(parseMoment(now), parseMoment(at), calendar).workdays).toBe(expected))
})

describe('limits and moments as written (ruling 13, ruling 4)', () => {
  test.each(['0wd', '-1wd', '2', '2 wd', 'wd', 'P1M', 'P1Y', 'PT', 'R3/P7D', '', '2WD', '99999wd', '-PT1H'])('%j is refused', (text) => {
    expect(() => parseLimit(text)).toThrow(RangeError)
  })
  test.each(['2wd', '16bh', 'PT24H', 'P30D', 'PT2H30M'])('%j is read', (text) => expect(parseLimit(text).text).toBe(text))
  test('without a zone it is Asia/Shanghai', () => {
    expect(parseMoment('2026-09-18T15:00').toString()).toBe('2026-09-18T07:00:00Z')
    expect(parseMoment('2026-09-18').toString()).toBe('2026-09-17T16:00:00Z')
    expect(parseMoment('2026-09-18T15:00:00.1239+08:00').toString()).toBe('2026-09-18T07:00:00.123Z')
    expect(() => parseMoment('tomorrow')).toThrow('not an instant')
  })
})

describe('explained day by day', () => {
  test('the customer sees why each day counts', () => {
    const told = explainDeadline(parseMoment('2026-09-18T15:00'), '2wd', calendar, hours)
    expect(told).toMatchObject({ receivedOn: '2026-09-18', dueOn: '2026-09-21', dueAt: '2026-09-21T09:30:00Z', provisional: false })
    expect(told.days.map((one) => [one.on, one.counts, one.index, one.reason.zh])).toEqual([
      ['2026-09-18', false, null, '周五，工作日；送达当日不计'],
      ['2026-09-19', false, null, '周六，休息，不计'],
      ['2026-09-20', true, 1, '周日，因国庆节调休上班，计第 1 日'],
      ['2026-09-21', true, 2, '周一，工作日，计第 2 日'],
    ])
    expect(told.sources).toEqual(['《国务院办公厅关于2026年部分节假日安排的通知》（国办发明电〔2025〕7号）'])
  })
  test('a year not announced makes it provisional', () => {
    const told = explainDeadline(parseMoment('2026-12-30T10:00'), '2wd', calendar, hours)
    expect(told).toMatchObject({ dueOn: '2027-01-04', provisional: true })
    expect(told.days.find((one) => one.on === '2027-01-01')?.reason.zh).toContain('元旦放假，不计；该年安排尚未公布，暂定')
  })
})

test("the machine's time zone changes nothing", () => {
  const program = `
    const { shippedCalendar, readBusinessHours, explainDeadline, parseMoment } = await import('./offline.ts')
    const hours = readBusinessHours([['08:30', '12:00'], ['13:00', '17:30']])
    const told = ['2026-02-28T00:30+08:00', '2026-09-18T15:00', '2020-01-23T23:59'].flatMap((from) =>
      ['2wd', '5bh', 'P1D'].map((limit) => explainDeadline(parseMoment(from), limit, shippedCalendar(), hours)))
    process.stdout.write(JSON.stringify(told))`
  const told = ['UTC', 'America/New_York', 'Pacific/Kiritimati', 'Asia/Shanghai'].map((TZ) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: `${import.meta.dirname}/..`,
      env: { ...process.env, TZ },
    }).toString(),
  )
  expect(new Set(told).size).toBe(1)
  expect(told[0]).toContain('2026-03-03')
}, 20_000)
