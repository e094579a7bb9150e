import { describe, expect, test } from 'vitest'
import { maskDeep, maskEmail, maskPhone, maskText } from './mask.ts'

describe('what is shown of a number', () => {
  test.each([
    ['13812345678', '138****5678'],
    ['138-1234-5678', '138****5678'],
    ['0431-88770001', '****0001'],
    ['110', '****'],
  ])('%s → %s', (phone, shown) => expect(maskPhone(phone)).toBe(shown))
  test('an address', () => expect(maskEmail('zhao@jl.gov.cn')).toBe('z***@jl.gov.cn'))
})

describe('within a text', () => {
  test.each([
    ['请回电13812345678，谢谢', '请回电138****5678，谢谢'],
    ['+86 138 1234 5678', '138****5678'],
    ['two: 13900001111/15000002222', 'two: 139****1111/150****2222'],
    ['证件 11010519491231002X 在册', '证件 110105********002X 在册'],
  ])('%s', (text, shown) => expect(maskText(text)).toBe(shown))
  test.each([
    ['a number of a request', 'SQ-20260918-0001'],
    ['an instant in milliseconds', '1789654321000'],
    ['an identifier', '01a20984-5aea-71c5-a45f-13812345678f'],
    ['a digest', 'e3b0c44298fc1c13812345678afbf4c8996fb'],
    ['eighteen digits that are no identity', '110105194912310021'],
    ['too long for a telephone', '138123456789'],
    ['a fraction', '0.13812345678'],
  ])('%s stays', (_what, text) => expect(maskText(text)).toBe(text))
})

test('everything in a value, a telephone field however it is written, and nothing but plain data is touched', () => {
  const at = Temporal.Instant.from('2026-09-18T07:00:00Z')
  expect(maskDeep({ note: 'call 13812345678', list: [{ reporterPhone: '0431-88770001', n: 13812345678 }], at, none: null })).toEqual({
    note: 'call 138****5678',
    list: [{ reporterPhone: '****0001', n: 13812345678 }],
    at,
    none: null,
  })
})
