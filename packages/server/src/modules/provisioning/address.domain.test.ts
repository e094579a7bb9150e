import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AddressPool,
  firstFreeAddress,
  firstFreePublic,
  firstFreeRange,
  isPublic,
  OWN_POOL,
  poolsFor,
  spanOf,
  toAddress,
  toNumber,
} from './address.domain.ts'

const pool = (over: Partial<AddressPool> = {}): AddressPool => ({
  name: 'p',
  zone: 'internet',
  cidr: '10.53.0.0/16',
  gateway: '10.53.0.1',
  reserved: ['10.53.0.1-10.53.0.63'],
  ...over,
})

describe('a range out of a pool', () => {
  test.each([
    ['the first that touches nothing reserved', pool(), [], '10.53.1.0/24'],
    ['after what is taken', pool(), ['10.53.1.0/24', '10.53.2.128/25'], '10.53.3.0/24'],
    ['over a large hole', pool(), ['10.53.0.0/17'], '10.53.128.0/24'],
    ['a gap is filled', pool(), ['10.53.1.0/24', '10.53.3.0/24'], '10.53.2.0/24'],
    ['a small pool goes whole', pool({ cidr: '192.168.7.0/26', reserved: [] }), [], '192.168.7.0/26'],
    ['a small pool goes once', pool({ cidr: '192.168.7.0/26', reserved: [] }), ['192.168.7.0/26'], null],
    ['a pool that is used up', pool({ cidr: '10.53.0.0/23' }), ['10.53.1.0/24'], null],
    ['what others took elsewhere does not matter', pool(), ['10.1.0.0/16'], '10.53.1.0/24'],
  ])('%s', (_, from, taken, range) => expect(firstFreeRange(from, 24, taken.map(spanOf))).toBe(range))

  test('given out one after the other, no two meet', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 28 }), fc.integer({ min: 1, max: 40 }), (prefix, count) => {
        const taken: { first: number; last: number }[] = []
        for (let n = 0; n < count; n += 1) {
          const range = firstFreeRange(pool(), prefix, taken)
          if (range === null) break
          const span = spanOf(range)
          expect(taken.some((one) => one.first <= span.last && span.first <= one.last)).toBe(false)
          taken.push(span)
        }
      }),
    )
  })
})

describe('an address out of a range', () => {
  test.each([
    ['the first nine are kept', '10.53.1.0/24', [], '10.53.1.10'],
    ['the next one', '10.53.1.0/24', ['10.53.1.10'], '10.53.1.11'],
    ['of a small range all but the gateway', '10.53.1.0/29', [], '10.53.1.2'],
    ['never the last', '10.53.1.0/30', ['10.53.1.2'], null],
  ])('%s', (_, range, taken, address) => expect(firstFreeAddress(range, new Set(taken.map(toNumber)))).toBe(address))

  test('public addresses leave out what is reserved', () => {
    const outer = pool({ cidr: '203.0.113.0/24', gateway: '203.0.113.1', reserved: ['203.0.113.1-203.0.113.9', '203.0.113.11'] })
    expect([isPublic(outer), isPublic(pool())]).toEqual([true, false])
    expect(firstFreePublic(outer, new Set())).toBe('203.0.113.10')
    expect(firstFreePublic(outer, new Set([toNumber('203.0.113.10')]))).toBe('203.0.113.12')
  })
})

test('a zone is named by its code or its kind', () => {
  const zones = [
    { code: 'gov-extranet', kind: 'GOV_EXTRANET' },
    { code: 'internet', kind: 'INTERNET' },
  ]
  const pools = [pool({ name: 'gov', zone: 'gov-extranet', cidr: '10.52.0.0/16' }), pool(), pool({ name: 'out', cidr: '203.0.113.0/24' })]
  const names = (zone: string) => poolsFor(zone, pools, zones).map((one) => one.name)
  expect([names('INTERNET'), names('gov-extranet'), names('elsewhere')]).toEqual([['p'], ['gov'], ['gov', 'p']])
  expect(poolsFor('INTERNET', [], [])).toEqual([OWN_POOL])
})

test('numbers and addresses', () => expect(toAddress(toNumber('203.0.113.255') + 1)).toBe('203.0.114.0'))
