import { inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { CHART, ceilingOf, drawChart } from './chart.ts'
import { type ReportCalendar, reportDays } from './days.domain.ts'
import { mergeTexts } from './merge.domain.ts'
import { REQUIRED_MARKS, sayFlaws, templateFlaws } from './template.domain.ts'

/** 2026 around the days that matter: National Day to 10-07, make-up on 10-10 and 02-14, Spring Festival from 02-15. */
const rest: Record<string, string> = Object.fromEntries([
  ...[1, 2, 3, 4, 5, 6, 7].map((day) => [`2026-10-0${day}`, '国庆节']),
  ...[1, 2, 3, 4, 5].map((day) => [`2026-05-0${day}`, '劳动节']),
])
const worked = new Set(['2026-10-10', '2026-02-14', '2026-05-09'])
const calendar: ReportCalendar = {
  dayAt: (on) => ({
    isWorkday: worked.has(on.toString()) || (on.dayOfWeek < 6 && !rest[on.toString()]),
    name: rest[on.toString()] ?? null,
    provisional: on.year > 2026,
  }),
}
const days = { draftDay: 5, internalDay: 8, presentDay: 10, rollOver: true }

describe('[5.7-1] [5.7-2a] [5.7-2b] the 5th, the 8th and the 10th of the month after', () => {
  test.each([
    ['an ordinary month', '2026-05', ['2026-06-05', '2026-06-08', '2026-06-10'], [null, null, null]],
    [
      'the 5th in National Day week falls on the 8th, two on one day',
      '2026-09',
      ['2026-10-08', '2026-10-08', '2026-10-10'],
      ['国庆节', null, null],
    ],
    ['a Sunday moves to Monday', '2026-01', ['2026-02-05', '2026-02-09', '2026-02-10'], [null, '周日', null]],
    ['a Saturday the 8th falls together with the 10th', '2026-07', ['2026-08-05', '2026-08-10', '2026-08-10'], [null, '周六', null]],
    ['Labour Day', '2026-04', ['2026-05-06', '2026-05-08', '2026-05-11'], ['劳动节', null, '周日']],
  ])('%s', (_, month, due, moved) => {
    const found = reportDays(month, days, calendar)
    expect(found.map(({ dueOn }) => dueOn.toString())).toEqual(due)
    expect(found.map((one) => one.moved)).toEqual(moved)
    expect(found.map(({ writtenOn }) => writtenOn.day)).toEqual([5, 8, 10])
  })
  it('counts a day until its midnight in Shanghai', () =>
    expect(reportDays('2026-05', days, calendar)[0]?.dueAt.toString()).toBe('2026-06-05T16:00:00Z'))
  it('stays where it is written when the plan does not let it move', () =>
    expect(reportDays('2026-09', { ...days, rollOver: false }, calendar).map(({ dueOn }) => dueOn.toString())).toEqual([
      '2026-10-05',
      '2026-10-08',
      '2026-10-10',
    ]))
  it('is provisional in a year nobody has announced', () => expect(reportDays('2026-12', days, calendar)[0]?.provisional).toBe(true))
})

describe('two authors on one comment', () => {
  const base = '一\n二\n三\n四'
  test.each([
    ['different lines', '一\n二改\n三\n四', '一\n二\n三\n四改', '一\n二改\n三\n四改'],
    ['one appends, one edits above', '一\n二\n三\n四\n五', '零\n一\n二\n三\n四', '零\n一\n二\n三\n四\n五'],
    ['both the same', '一\n二改\n三\n四', '一\n二改\n三\n四', '一\n二改\n三\n四'],
    ['one deletes, one appends', '一\n三\n四', '一\n二\n三\n四\n五', '一\n三\n四\n五'],
  ])('%s are put together', (_, theirs, mine, merged) => expect(mergeTexts(base, theirs, mine)).toEqual({ clean: true, text: merged }))
  test.each([
    ['the same line', '一\n二甲\n三\n四', '一\n二乙\n三\n四'],
    ['both append', '一\n二\n三\n四\n甲', '一\n二\n三\n四\n乙'],
    ['one deletes what the other changed', '一\n三\n四', '一\n二乙\n三\n四'],
  ])('%s is nobody’s to decide', (_, theirs, mine) => expect(mergeTexts(base, theirs, mine)).toEqual({ clean: false }))
  it('never loses a line that either added', () =>
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 6 }), fc.nat(6), fc.nat(6), (lines, i, j) => {
        const add = (at: number, line: string) => [...lines.slice(0, at), line, ...lines.slice(at)].join('\n')
        const merged = mergeTexts(lines.join('\n'), add(i, 'theirs'), add(j, 'mine'))
        if (merged.clean) expect(merged.text.split('\n')).toEqual(expect.arrayContaining(['theirs', 'mine', ...lines]))
        else expect(Math.min(i, lines.length)).toBe(Math.min(j, lines.length))
      }),
    ))
})

describe('a template', () => {
  it('with every mark is fine', () => expect(templateFlaws([...REQUIRED_MARKS, 'errata'])).toEqual([]))
  it('names what is missing and what was meant', () => {
    const flaws = templateFlaws([...REQUIRED_MARKS.filter((mark) => mark !== 'hotline'), 'hotlin', 'weather'])
    expect(flaws).toEqual([
      { mark: 'hotlin', what: 'UNKNOWN', meant: 'hotline' },
      { mark: 'weather', what: 'UNKNOWN', meant: null },
      { mark: 'hotline', what: 'MISSING', meant: null },
    ])
    expect(sayFlaws(flaws)).toContain('{{hotlin}}（应为 {{hotline}}？）')
  })
})

describe('a chart', () => {
  const png = drawChart({
    kind: 'bar',
    title: { zh: '图', en: 'Chart' },
    unit: '台',
    labels: ['01', '02'],
    series: [{ name: { zh: '甲', en: 'A' }, values: [10, null] }],
  })
  /** The colour at a place, from the decoded picture. */
  const pixels = inflateSync(png.subarray(png.indexOf('IDAT') + 4, png.length - 16))
  const at = (x: number, y: number) => [...pixels.subarray(y * (CHART.width * 3 + 1) + 1 + x * 3, y * (CHART.width * 3 + 1) + 4 + x * 3)]
  it('is a PNG with a bar as high as its value', () => {
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    expect(at(300, 300)).toEqual([31, 94, 140])
    expect(at(900, 300)).not.toEqual([31, 94, 140])
  })
  test.each([
    [0, 1],
    [7, 10],
    [10, 10],
    [120, 200],
    [4200, 5000],
  ])('an axis for %d ends at %d', (highest, top) => expect(ceilingOf(highest)).toBe(top))
})
