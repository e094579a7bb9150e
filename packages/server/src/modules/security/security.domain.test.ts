import type { SecurityItem } from '@changbai/contract/security.ts'
import { describe, expect, it, test } from 'vitest'
import { coverOf, demandedAt, type Holding, isCovered, reminderNow } from './security.domain.ts'

const item = (code: SecurityItem['code'], levels: number[]): SecurityItem => ({
  code,
  levels,
  help: { zh: '', en: '' },
  months: 12,
  limit: '5wd',
})
const catalogue = [item('WAF', [3]), item('HOST_PROTECTION', [1, 2, 3]), item('LOG_AUDIT', [2, 3])]
const waf = (beginsOn: string, expiresOn: string, endedOn: string | null = null): Holding => ({ code: 'WAF', beginsOn, expiresOn, endedOn })

describe('[5.3-9] what a level demands', () => {
  test.each([
    [1, ['HOST_PROTECTION']],
    [2, ['HOST_PROTECTION', 'LOG_AUDIT']],
    [3, ['WAF', 'HOST_PROTECTION', 'LOG_AUDIT']],
  ])('level %i', (level, codes) => expect(demandedAt(catalogue, level)).toEqual(codes))
})

describe('[5.3-9] how one demanded service stands', () => {
  const on = '2026-09-18'
  const soon = '2026-10-18'
  test.each<[string, Holding[], string[], string]>([
    ['held well beyond the reminder', [waf('2026-01-01', '2027-01-01')], [], 'HELD'],
    ['the last day itself is held, and ends soon', [waf('2026-01-01', on)], [], 'EXPIRING'],
    ['the day after is not', [waf('2026-01-01', '2026-09-17')], [], 'EXPIRED'],
    ['renewed: the longer one counts', [waf('2025-01-01', '2026-09-17'), waf('2026-09-01', '2027-09-01')], [], 'HELD'],
    ['not begun yet', [waf('2026-09-19', '2027-09-19')], [], 'MISSING'],
    ['ended before its time', [waf('2026-01-01', '2027-01-01', '2026-09-18')], [], 'MISSING'],
    ['run out but on order', [waf('2026-01-01', '2026-09-17')], ['WAF'], 'ORDERED'],
    ['never held', [], [], 'MISSING'],
    ['on order', [], ['WAF'], 'ORDERED'],
  ])('%s', (_, holdings, ordered, state) => {
    expect(coverOf('WAF', holdings, new Set(ordered as SecurityItem['code'][]), on, soon).state).toBe(state)
  })
  it('an order covers nothing', () => expect(isCovered([{ state: 'HELD' }, { state: 'ORDERED' }])).toBe(false))
})

test.each([
  [31, null, null],
  [30, null, 30],
  [12, null, 30],
  [12, 30, null],
  [7, 30, 7],
  [0, 7, null],
  [0, null, 7],
  [-1, null, null],
])('%i days before the end, reminded at %s: reminder %s', (left, said, due) => expect(reminderNow(left, [30, 7], said)).toBe(due))
