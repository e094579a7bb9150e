import { describe, expect, it, test } from 'vitest'
import { dueOfQuarter, lastQuarter, monthsUnderWay, quarterBefore, spanOfQuarter, trendOf } from './quarter.domain.ts'

describe('[5.5-1] quarters', () => {
  it('are three whole months in Shanghai', () => {
    const { from, to, months } = spanOfQuarter('2026-Q2')
    expect([from.toString(), to.toString(), months]).toEqual([
      '2026-03-31T16:00:00Z',
      '2026-06-30T16:00:00Z',
      ['2026-04', '2026-05', '2026-06'],
    ])
  })
  test.each([
    ['2026-Q2', '2026-Q1'],
    ['2026-Q1', '2025-Q4'],
  ])('before %s comes %s', (quarter, before) => expect(quarterBefore(quarter)).toBe(before))
  it('the last that is over', () => expect(lastQuarter(Temporal.PlainDate.from('2026-07-01'))).toBe('2026-Q2'))
  it('are due until the end of the tenth day after', () => expect(dueOfQuarter('2026-Q2', 10).toString()).toBe('2026-07-10T16:00:00Z'))
})
describe('a trend', () => {
  test.each([
    ['more is better', 99.9, 99.5, 'MORE', 'BETTER'],
    ['less is better', 12, 9, 'LESS', 'WORSE'],
    ['no change', 5, 5, 'MORE', null],
    ['one is not known', null, 5, 'MORE', null],
  ] as const)('%s', (_, value, previous, better, trend) => expect(trendOf({ value, previous, better })).toBe(trend))
})
test('[5.5-3] months under way', () => {
  const at = (text: string) => Temporal.Instant.from(`${text}T04:00:00Z`)
  expect(monthsUnderWay(at('2026-04-20'), at('2026-07-01'))).toEqual(['2026-04', '2026-05', '2026-06', '2026-07'])
})
