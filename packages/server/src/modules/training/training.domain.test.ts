import { describe, expect, it, test } from 'vitest'
import { drawPaper, hasAllTopics, hasFourElements, type Question, scoreOf, TOPICS, yearOfSessions } from './training.domain.ts'

const bank: Question[] = TOPICS.flatMap((topic) =>
  Array.from({ length: 8 }, (_, n) => ({ id: `${topic}-${n}`, topic, text: `题 ${n}`, options: ['甲', '乙'], correct: n % 2 })),
)

describe('a paper', () => {
  const paper = drawPaper('exam-1', bank) ?? []
  it('holds five of each subject, none twice', () => {
    for (const topic of TOPICS) expect(paper.filter((one) => one.topic === topic)).toHaveLength(5)
    expect(new Set(paper.map(({ id }) => id)).size).toBe(20)
  })
  it('is the same when drawn again and another for another exam', () => {
    expect(drawPaper('exam-1', bank)).toEqual(paper)
    expect(drawPaper('exam-2', bank)).not.toEqual(paper)
  })
  it('is not drawn where a subject is short of questions', () =>
    expect(drawPaper('e', bank.filter((one) => one.id !== 'VM_USE-0').slice(4))).toBeNull())
  test.each([
    ['all right', 20, 100],
    ['twelve of twenty', 12, 60],
    ['eleven of twenty', 11, 55],
    ['nothing answered', 0, 0],
  ])('[5.9.1-2] %s', (_, right, score) =>
    expect(
      scoreOf(
        paper,
        paper.slice(0, right).map(({ id, correct }) => ({ questionId: id, option: correct })),
      ),
    ).toBe(score),
  )
  it('a wrong answer and one to a question not asked count nothing', () =>
    expect(
      scoreOf(paper, [
        { questionId: paper[0]?.id ?? '', option: 1 - (paper[0]?.correct ?? 0) },
        { questionId: 'other', option: 0 },
      ]),
    ).toBe(0))
})

describe('[5.9.2-1] [5.9.2-2] what a session holds', () => {
  test.each([
    ['all four', [...TOPICS], true],
    ['three', TOPICS.slice(0, 3), false],
  ])('%s', (_, topics, kept) => expect(hasAllTopics(topics)).toBe(kept))
  const session = { days: 1, audience: '系统管理员', venue: '三楼' }
  test.each([
    ['one day, handbook, audience, place', session, 1, true],
    ['half a day', { ...session, days: 0.5 }, 1, false],
    ['without a handbook', session, 0, false],
    ['without a place', { ...session, venue: ' ' }, 1, false],
  ])('%s', (_, one, materials, kept) => expect(hasFourElements(one, materials, 1)).toBe(kept))
})

describe('[5.9.1-1] a year', () => {
  it('has one session in each quarter, on working days', () => {
    const days = yearOfSessions(2026, 4, (on) => on.dayOfWeek < 6)
    expect(days.map((on) => Math.ceil(on.month / 3))).toEqual([1, 2, 3, 4])
    expect(days.every((on) => on.dayOfWeek < 6)).toBe(true)
  })
  it('has as many as the plan asks for', () =>
    expect(yearOfSessions(2026, 12, () => true).map((on) => on.month)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]))
})
