import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Scenario, Scenario as Shape } from '@changbai/contract/practice.ts'
import { describe, expect, test } from 'vitest'
import { isMet, judge, type PracticeFact, scoreOf, valueAt } from './practice.domain.ts'
import { readScenario } from './practice.load.ts'

const words = { zh: '字', en: 'word' }
const step = (key: string, points: number, fact: string, more: object = {}) => ({
  key,
  title: words,
  task: words,
  points,
  expect: { fact },
  ...more,
})
const scenario: Scenario = Shape.parse({
  key: 'exercise',
  title: words,
  summary: words,
  topic: 'REQUEST_CHANGE',
  role: 'APP_PROJECT_MANAGER',
  minutes: 10,
  passScore: 80,
  instructor: 'OPERATION_MANAGER',
  steps: [
    step('first', 20, 'request.started'),
    step('second', 60, 'request.submitted', {
      wants: [
        { path: 'env', is: 'TEST', because: words },
        { path: 'vmItems.0.count', is: 2, because: words },
      ],
    }),
    step('third', 20, 'request.approved', { expect: { fact: 'request.approved', by: 'OTHER' } }),
  ],
})
const fact = (kind: string, byTrainee: boolean, paper: unknown = null): PracticeFact => ({
  id: kind,
  at: '2026-09-18T07:00:00Z',
  kind,
  byTrainee,
  paper,
})
const good = { env: 'TEST', vmItems: [{ count: 2 }] }
const points = (facts: PracticeFact[], hints = {}) => judge(scenario, facts, hints).map((one) => one.points)

describe('what a paper holds', () => {
  test('a value is found by its path; where there is none, there is none', () => {
    expect(valueAt(good, 'vmItems.0.count')).toBe(2)
    expect(valueAt(good, 'vmItems.3.count')).toBeUndefined()
    expect(valueAt(null, 'env')).toBeUndefined()
  })
  test.each([
    ['equal', { path: 'a', is: 4 }, { a: 4 }, true],
    ['a number is not its text', { path: 'a', is: 4 }, { a: '4' }, false],
    ['holds', { path: 'a', has: '09:40' }, { a: '自 09:40 起' }, true],
    ['holds not', { path: 'a', has: '09:40' }, { a: '上午' }, false],
    ['without what the sample brought', { path: 'a', without: '示例' }, { a: '杨帆' }, true],
    ['with it', { path: 'a', without: '示例' }, { a: '示例联系人' }, false],
    ['empty is not without', { path: 'a', without: '示例' }, { a: '' }, false],
  ])('%s', (_, want, paper, met) => expect(isMet({ ...want, because: words }, paper)).toBe(met))
})

describe('points', () => {
  test('all in order and right', () =>
    expect(points([fact('request.started', true), fact('request.submitted', true, good), fact('request.approved', false)])).toEqual([
      20, 60, 20,
    ]))
  test('done but half wrong: half for doing it, half of the other half', () =>
    expect(points([fact('request.started', true), fact('request.submitted', true, { env: 'PROD', vmItems: [{ count: 2 }] })])).toEqual([
      20, 45, 0,
    ]))
  test('somebody else’s hand is not the trainee’s, nor theirs the others’', () => {
    expect(points([fact('request.started', false)])).toEqual([0, 0, 0])
    expect(points([fact('request.started', true), fact('request.submitted', true, good), fact('request.approved', true)])).toEqual([
      20, 60, 0,
    ])
  })
  test('a later step does not count before the one in front of it', () =>
    expect(points([fact('request.submitted', true, good), fact('request.started', true)])).toEqual([20, 0, 0]))
  test('a hint costs a quarter of its step, four the whole', () => {
    expect(points([fact('request.started', true)], { first: 1 })).toEqual([15, 0, 0])
    expect(points([fact('request.started', true)], { first: 4 })).toEqual([0, 0, 0])
  })
})

describe('the score', () => {
  const whole = judge(scenario, [fact('request.started', true), fact('request.submitted', true, good), fact('request.approved', false)], {})
  test.each([
    ['in time', 600, 100, true],
    ['a quarter over: ten points', 750, 90, true],
    ['half over: twenty, and never more', 900, 80, true],
    ['a day later', 86_400, 80, true],
  ])('%s', (_, seconds, score, passed) => expect(scoreOf(scenario, whole, {}, seconds)).toMatchObject({ score, passed }))
  test('nothing done is nothing', () =>
    expect(scoreOf(scenario, judge(scenario, [], {}), {}, 60)).toMatchObject({ score: 0, passed: false }))
})

describe('files', () => {
  const folder = resolve(import.meta.dirname, '../../../../../plan/jilin/training')
  test.each(readdirSync(folder))('%s can be read, its points make 100', (name) => {
    const read = readScenario(readFileSync(join(folder, name), 'utf8'), name)
    expect(read.steps.reduce((sum, one) => sum + one.points, 0)).toBe(100)
  })
  test('what is wrong is told by line and field', () => {
    const text = readFileSync(join(folder, '3-fault.yaml'), 'utf8').replace('minutes: 15', 'minutes: soon')
    expect(() => readScenario(text, 'x.yaml')).toThrow(/^x\.yaml:10 minutes /)
  })
})
