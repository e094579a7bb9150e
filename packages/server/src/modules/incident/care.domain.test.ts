import type { SuggestedCause } from '@changbai/contract/incident-care.ts'
import { describe, expect, it } from 'vitest'
import { rankCauses } from './causes.domain.ts'
import { gradeOf, reportDueAt } from './security.domain.ts'

const questions = [
  { key: 'portalHours', zh: '', en: '', unit: 'h', extraordinary: 24, major: 6, larger: 2 },
  { key: 'records', zh: '', en: '', unit: '', extraordinary: 10000, major: 1000, larger: 100 },
]
describe('[P13] the grade of a security event', () => {
  it.each([
    ['a portal of the province a day', { portalHours: 24 }, 'EXTRAORDINARY'],
    ['a minute less', { portalHours: 23.98 }, 'MAJOR'],
    ['at the lowest threshold', { records: 100 }, 'LARGER'],
    ['below', { records: 99 }, 'GENERAL'],
    ['the gravest of two', { portalHours: 3, records: 1000 }, 'MAJOR'],
    ['nothing said', {}, 'GENERAL'],
  ])('%s', (_, answers, grade) => expect(gradeOf(questions, answers)).toBe(grade))
})
describe('[P13] when the authority must know', () => {
  const known = Temporal.Instant.from('2026-09-18T01:00:00Z')
  const hours = { critical: 1, other: 4 }
  it.each([
    ['LARGER', false, '2026-09-18T05:00:00Z'],
    ['LARGER', true, '2026-09-18T02:00:00Z'],
    ['EXTRAORDINARY', false, '2026-09-18T05:00:00Z'],
    ['GENERAL', true, null],
  ] as const)('%s, critical %s', (grade, critical, due) => expect(reportDueAt(grade, critical, known, hours)?.toString() ?? null).toBe(due))
})
describe('what may be behind an incident', () => {
  const cause = (id: string, kind: SuggestedCause['kind'], minutesBefore: number, hop: number | null = null): SuggestedCause => ({
    id,
    kind,
    label: id,
    link: '',
    at: '2026-09-18T00:00:00Z',
    minutesBefore,
    through: hop === null ? null : { name: '', hop },
  })
  const order = (...causes: SuggestedCause[]) => rankCauses(causes).map((one) => one.id)
  it('what came later is no cause', () => expect(order(cause('late', 'ALARM', -1), cause('now', 'ALARM', 0))).toEqual(['now']))
  it('the nearer in time first', () => expect(order(cause('old', 'CHANGE', 4000), cause('new', 'CHANGE', 10))).toEqual(['new', 'old']))
  it('the nearer in what it needs first', () =>
    expect(order(cause('far', 'ALARM', 5, 6), cause('near', 'ALARM', 5, 1))).toEqual(['near', 'far']))
  it('a change before an alarm before another incident', () =>
    expect(order(cause('c', 'INCIDENT', 5), cause('b', 'ALARM', 5), cause('a', 'CHANGE', 5))).toEqual(['a', 'b', 'c']))
  it('eight at most', () => expect(rankCauses(Array.from({ length: 20 }, (_, n) => cause(String(n), 'ALARM', n)))).toHaveLength(8))
})
