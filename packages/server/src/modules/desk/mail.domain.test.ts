import { describe, expect, it } from 'vitest'
import { firstState, kindOf, type Letter, numberIn, plainText, signIn, signOf, subjectOf } from './mail.domain.ts'

const letter = (change: Partial<Letter> = {}): Letter => ({
  key: 'a@b',
  references: [],
  fromAddress: 'yang@lcj.gov.cn',
  fromName: '杨帆',
  subject: '打不开',
  body: '',
  sizeBytes: 1,
  sentAt: null,
  headers: {},
  isReport: false,
  ...change,
})

describe('who wrote a letter', () => {
  it.each<[string, Partial<Letter>, number, string]>([
    ['a person', {}, 0, 'LETTER'],
    ['we ourselves, in any case of letters', { fromAddress: 'Desk@Cloud.gov.cn' }, 0, 'LOOP'],
    ['we ourselves by another address', { headers: { 'x-changbai-desk': '1' } }, 0, 'LOOP'],
    ['the tenth alike in ten minutes', {}, 10, 'LOOP'],
    ['the ninth is still a person', {}, 9, 'LETTER'],
    ['a delivery report', { isReport: true }, 0, 'BOUNCE'],
    ['the mailer daemon', { fromAddress: 'MAILER-DAEMON@mx.gov.cn' }, 0, 'BOUNCE'],
    ['an empty return path', { headers: { 'return-path': '<>' } }, 0, 'BOUNCE'],
    ['out of office', { headers: { 'auto-submitted': 'auto-replied' } }, 0, 'AUTOMATIC'],
    ['sent by hand, says so', { headers: { 'auto-submitted': 'no' } }, 0, 'LETTER'],
    ['a newsletter', { headers: { precedence: 'bulk' } }, 0, 'AUTOMATIC'],
  ])('%s', (_, change, lately, kind) => expect(kindOf(letter(change), 'desk@cloud.gov.cn', lately)).toBe(kind))
})

describe('what waits for a person', () => {
  it.each([
    ['LETTER', false, 'WAITING'],
    ['AUTOMATIC', false, 'WAITING'],
    ['AUTOMATIC', true, 'SET_ASIDE'],
    ['BOUNCE', true, 'WAITING'],
    ['LOOP', false, 'SET_ASIDE'],
    ['TOO_LARGE', false, 'WAITING'],
    ['UNREADABLE', false, 'WAITING'],
  ] as const)('%s, answers something known: %s', (kind, known, state) => expect(firstState(kind, known)).toBe(state))
})

describe('what a subject says', () => {
  it.each([
    ['回复：GZ-20260918-0001 打不开', 'GZ-20260918-0001'],
    ['fw-20260918-0001', null],
    ['无关', null],
  ])('%s', (subject, number) => expect(numberIn(subject)).toBe(number))
  it('a sign is found again', () => expect(`#${signIn(`Re: x ${signOf('0198f0a0-0000-7000-8000-0123456789ab')}`)}`).toBe('#0123456789ab'))
  it('none at all has words', () => expect([subjectOf(undefined), subjectOf(' \n ')]).toEqual(['（无主题）', '（无主题）']))
})

it('text is bounded and holds no control characters', () => {
  expect(plainText('a\u0000b\r\nc\u0007\n\n\n\n\nd')).toBe('ab\nc\n\n\nd')
  expect(plainText('长'.repeat(200_000))).toHaveLength(100_001)
})
