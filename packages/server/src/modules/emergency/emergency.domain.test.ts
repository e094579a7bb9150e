import { describe, expect, it } from 'vitest'
import { calledFor, strayChecklists, uncheckedItems, withinRto } from './emergency.domain.ts'

const at = (text: string) => Temporal.Instant.from(`2026-09-18T${text}:00+08:00`)

describe('restored within the limit of the plan', () => {
  it.each<[string, string | null, string, boolean | null]>([
    ['at the limit', '09:00', '12:00', true],
    ['a minute late', '09:01', '12:00', false],
    ['runs, still time', null, '08:59', null],
    ['runs, at the limit', null, '09:00', null],
    ['runs, too late', null, '09:01', false],
  ])('%s', (_, restored, now, kept) => expect(withinRto(at('08:00'), restored ? at(restored) : null, 60, at(now))).toBe(kept))
})

describe('who is told', () => {
  const contacts = ['a', 'b', 'c'].map((personId) => ({ personId, duty: '名单' }))
  const acting = [
    { personId: 'b', duty: '指挥' },
    { personId: 'd', duty: '处置' },
  ]
  it('in earnest everybody, each once', () =>
    expect(calledFor('REAL', contacts, acting, []).map((one) => one.personId)).toEqual(['b', 'd', 'a', 'c']))
  it('in a drill those who take part, nobody else', () =>
    expect(calledFor('DRILL', contacts, acting, ['c', 'x']).map((one) => one.personId)).toEqual(['b', 'd', 'c']))
})

describe('what is ticked off', () => {
  it.each([
    ['all', ['断市电', '启柴发'], '', []],
    ['one left', ['断市电'], '', ['启柴发']],
    ['one left, with the reason', ['断市电'], '柴发检修中', []],
  ])('%s', (_, checked, note, left) => expect(uncheckedItems(['断市电', '启柴发'], checked, note)).toEqual(left))
  it('a list for a step that is not there is told', () =>
    expect(strayChecklists({ key: 'k', name: 'n', steps: [{ node: 'a', name: 'A' }] }, { a: [], b: [] })).toEqual(['b']))
})
