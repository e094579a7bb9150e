import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson, plainJson } from './canonical.ts'
import { sha256 } from './sha256.ts'
import { sm3 } from './sm3.ts'

describe('canonical JSON', () => {
  test.each([
    ['members are sorted by code unit', { b: 1, a: 2, é: 3, A: 4 }, '{"A":4,"a":2,"b":1,"é":3}'],
    ['numbers as ECMAScript writes them', [1.0, 1e21, 1e-7, -0, 0.1], '[1,1e+21,1e-7,0,0.1]'],
    ['no white space, strings escaped once', { s: 'a"\n\u20ac' }, '{"s":"a\\"\\n\u20ac"}'],
    ['nested', { a: [{ z: null, y: true }] }, '{"a":[{"y":true,"z":null}]}'],
  ])('%s', (_what, value, text) => expect(canonicalJson(value)).toBe(text))

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('%s is refused', (value) => expect(() => canonicalJson(value)).toThrow(TypeError))

  test('equal values have equal texts, whatever the order of their members', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = plainJson(value)
        expect(canonicalJson(JSON.parse(canonicalJson(plain)))).toBe(canonicalJson(plain))
      }),
    )
  })

  test('what the database cannot hold is replaced before it is digested', () => {
    expect(plainJson({ 'k\u0000': 'a\u0000b\ud800', gone: undefined })).toEqual({ 'k\ufffd': 'a\ufffdb\ufffd' })
    expect(plainJson(undefined)).toBeNull()
  })
})

test('SHA-256 agrees with the runtime for every length around a block', () => {
  for (let n = 0; n <= 200; n++) {
    const text = '政'.repeat(n % 7) + 'x'.repeat(n)
    expect(sha256(text)).toBe(createHash('sha256').update(text).digest('hex'))
  }
})

describe('SM3 (GB/T 32905-2016)', () => {
  test.each([
    ['abc', '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'],
    ['abcd'.repeat(16), 'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732'],
  ])('the examples of the standard: %s', (text, digest) => expect(sm3(text)).toBe(digest))

  test('agrees with the runtime on every length of padding', () => {
    for (let length = 0; length < 200; length += 1) {
      const text = '政'.repeat(length % 7) + 'x'.repeat(length)
      expect(sm3(text)).toBe(createHash('sm3').update(text).digest('hex'))
    }
  })
})
