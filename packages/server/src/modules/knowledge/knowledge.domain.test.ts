import { describe, expect, it } from 'vitest'
import { likenessOf } from '../../platform/likeness.ts'
import { audiencesFor, excerptOf, isReviewDay } from './knowledge.domain.ts'

const on = (day: string) => Temporal.PlainDate.from(day)

describe('who may read', () => {
  it.each([
    ['provider and customer', true, false, ['PROVIDER', 'BUREAU', 'ALL']],
    ['a bureau', false, true, ['BUREAU', 'ALL']],
    ['a third party', false, false, ['ALL']],
  ])('%s', (_, everywhere, inBureau, audiences) => expect(audiencesFor(everywhere, inBureau)).toEqual(audiences))
})

describe('the day of review', () => {
  it.each([
    ['tomorrow', '2026-09-19', true],
    ['today is no review', '2026-09-18', false],
    ['the last day', '2027-09-18', true],
    ['a day later', '2027-09-19', false],
  ])('%s', (_, day, good) => expect(isReviewDay(on(day), on('2026-09-18'), 365)).toBe(good))
})

describe('the piece that answers', () => {
  const body = '本文说明常见问题。登录收不到验证码时，先确认手机号，再重启短信网关会话。其他情况请拨打热线。'
  it('the sentence that holds most of it', () => expect(excerptOf(body, '收不到验证码', likenessOf)).toMatch(/^登录收不到验证码/))
  it('the beginning when none does', () => expect(excerptOf(body, '磁盘', likenessOf)).toBe('本文说明常见问题。'))
  it('a long sentence is cut', () => expect(excerptOf('长'.repeat(300), '长长', likenessOf)).toHaveLength(81))
})
