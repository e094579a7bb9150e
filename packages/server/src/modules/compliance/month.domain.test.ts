import { describe, expect, it, test } from 'vitest'
import { monthBefore, monthOf, spanOfMonth, stretchesOf } from './month.domain.ts'

describe('a month in Asia/Shanghai', () => {
  it('begins and ends at midnight there', () =>
    expect(JSON.stringify(spanOfMonth('2026-05'))).toBe('{"from":"2026-04-30T16:00:00Z","to":"2026-05-31T16:00:00Z"}'))
  it('is told from an instant', () => expect(monthOf(Temporal.Instant.from('2026-04-30T16:00:00Z'))).toBe('2026-05'))
  it('has one before it', () => expect([monthBefore('2026-01'), monthBefore('2026-05', 11)]).toEqual(['2025-12', '2025-06']))
})

describe('the stretches of a rhythm that end in a month', () => {
  test.each([
    ['days', '2026-02', 'DAY', 28, '2026-02-01', '2026-02-28'],
    ['weeks end on Sunday', '2026-05', 'WEEK', 5, '2026-W18', '2026-W22'],
    ['the first week of a year may begin in the year before', '2026-01', 'WEEK', 4, '2026-W01', '2026-W04'],
    ['a month', '2026-05', 'MONTH', 1, '2026-05', '2026-05'],
    ['a quarter in its last month', '2026-06', 'QUARTER', 1, '2026-Q2', '2026-Q2'],
    ['a year in December', '2026-12', 'YEAR', 1, '2026', '2026'],
  ] as const)('%s', (_, month, per, count, first, last) => {
    const spans = stretchesOf(month, per)
    expect([spans.length, spans[0]?.key, spans.at(-1)?.key]).toEqual([count, first, last])
  })
  test.each([
    ['2026-05', 'QUARTER'],
    ['2026-06', 'YEAR'],
  ] as const)('%s ends no %s', (month, per) => expect(stretchesOf(month, per)).toEqual([]))
  it('reaches back to the start of a week', () =>
    expect(stretchesOf('2026-05', 'WEEK')[0]).toMatchObject({ from: '2026-04-26T16:00:00Z', dueAt: '2026-05-03T16:00:00Z' }))
})
