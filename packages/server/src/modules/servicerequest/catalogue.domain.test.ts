import type { CatalogueItem } from '@changbai/contract/service-request.ts'
import { describe, expect, it } from 'vitest'
import { answerFlaws, answersFromText } from './catalogue.domain.ts'

const field = (key: string, kind: CatalogueItem['fields'][number]['kind'], required = true, options?: string[]) => ({
  key,
  zh: key,
  en: key,
  kind,
  required,
  ...(options && { options }),
})
const item = {
  fields: [
    field('place', 'TEXT'),
    field('visitOn', 'DAY'),
    field('work', 'LONG'),
    field('count', 'NUMBER', false),
    field('need', 'CHOICE', false, ['甲', '乙']),
  ],
}
const good = { place: '三楼机房', visitOn: '2026-09-21', work: '更换网线' }

describe('what a catalogue item asks for', () => {
  it.each<[string, object, string[]]>([
    ['all there', {}, []],
    ['something missing', { place: '' }, ['answers.place required']],
    ['a day that is none', { visitOn: '2026-02-30' }, ['answers.visitOn day']],
    ['a day in another form', { visitOn: '2026/9/21' }, ['answers.visitOn day']],
    ['a number in words', { count: '三' }, ['answers.count number']],
    ['a choice that is not offered', { need: '丙' }, ['answers.need choice']],
    ['an offered choice', { need: '甲' }, []],
    ['more than asked', { salary: 1 }, ['answers.salary unknown']],
  ])('%s', (_, change, flaws) =>
    expect(answerFlaws(item, { ...good, ...change }).map(({ path, code }) => `${path} ${code}`)).toEqual(flaws),
  )
  it('a call fills in the first long field', () => expect(answersFromText(item, '请来换网线')).toEqual({ work: '请来换网线' }))
})
