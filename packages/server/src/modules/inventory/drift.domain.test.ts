import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  differencesOf,
  followCloud,
  isUnrecorded,
  type ObservedFacts,
  proposalsFor,
  quotaDifferences,
  type Recorded,
} from './drift.domain.ts'

const here: Recorded = {
  name: 'web-01',
  state: 'ACTIVE',
  vcpu: 4,
  memGiB: 8,
  addresses: [
    { address: '10.0.0.5', public: false },
    { address: '203.0.113.7', public: true },
  ],
}
const there: ObservedFacts = {
  name: 'web-01',
  state: 'ACTIVE',
  vcpu: 4,
  memMiB: 8192,
  addresses: ['10.0.0.5'],
  publicAddresses: ['203.0.113.7'],
}

describe('a server', () => {
  test.each([
    ['alike', {}, {}, []],
    ['resized', {}, { vcpu: 8, memMiB: 16384 }, ['vcpu 4>8', 'memMiB 8192>16384']],
    ['half a GiB counts', {}, { memMiB: 8704 }, ['memMiB 8192>8704']],
    ['stopped', {}, { state: 'STOPPED' }, ['state ACTIVE>STOPPED']],
    ['renamed', {}, { name: 'w' }, ['name web-01>w']],
    ['another address', {}, { addresses: ['10.0.0.6'] }, ['addresses 10.0.0.5>10.0.0.6']],
    ['no public address any more', {}, { publicAddresses: [] }, ['publicAddresses 203.0.113.7>']],
    ['what the cloud does not tell is alike', {}, { vcpu: null, memMiB: null, addresses: null, state: null }, []],
    ['being built here', { state: 'BUILDING' }, { state: 'ACTIVE' }, []],
  ] as const)('%s', (_, mine, theirs, told) =>
    expect(
      differencesOf('server', { ...here, ...mine } as Recorded, { ...there, ...theirs } as ObservedFacts).map(
        (d) => `${d.field} ${d.here}>${d.there}`,
      ),
    ).toEqual(told),
  )
})

test('a volume: size, where it hangs, an error', () => {
  const disk: Recorded = { name: 'd', state: 'ACTIVE', gib: 100, serverExternalId: 's1' }
  expect(differencesOf('volume', disk, { gib: 100, servers: ['s1'], state: 'ACTIVE' })).toEqual([])
  expect(differencesOf('volume', disk, { gib: 200, servers: [], state: 'FAULTY' })).toEqual([
    { field: 'gib', here: '100', there: '200' },
    { field: 'attachedTo', here: 's1', there: '' },
    { field: 'state', here: 'ACTIVE', there: 'FAULTY' },
  ])
})

test('a quota below what was promised; unlimited and higher are no drift', () => {
  const limits = { vcpu: { limit: 8, used: 4 }, instances: { limit: -1, used: 2 }, memMiB: { limit: 99_999, used: null } }
  expect(quotaDifferences({ limits, promised: { vcpu: 16, instances: 10, memMiB: 8192, volumes: 4 } })).toEqual([
    { field: 'vcpu', here: '16', there: '8' },
  ])
})

test.each([
  ['a server nobody knows', { kind: 'server' }, true],
  ['one the register made', { kind: 'server', registered: true }, false],
  ['one being built', { kind: 'server', moving: true }, false],
  ['a data volume', { kind: 'volume', facts: { servers: ['s'] } }, true],
  ['the system disk of a server', { kind: 'volume', facts: { bootable: true, servers: ['s'] } }, false],
  ['a bootable volume that hangs nowhere', { kind: 'volume', facts: { bootable: true, servers: [] } }, true],
  ['a network of ours', { kind: 'network', inOurProject: true }, true],
  ["the cloud's own network", { kind: 'network' }, false],
  ['a project', { kind: 'project', inOurProject: true }, false],
] as const)('%s without a record is drift: %s', (_, thing, is) =>
  expect(isUnrecorded({ registered: false, moving: false, inOurProject: false, facts: {}, ...thing } as never)).toBe(is),
)

test('the proposal comes first', () => {
  expect(proposalsFor('UNRECORDED', 'server')[0]).toBe('ADOPT')
  expect(proposalsFor('MISSING', 'server')[0]).toBe('REPORT')
  expect(proposalsFor('DIFFERS', 'volume')[0]).toBe('CORRECT')
  expect(proposalsFor('DIFFERS', 'quota')).not.toContain('CORRECT')
})

describe('a record that follows', () => {
  const address = fc.integer({ min: 1, max: 250 }).map((n) => `10.0.0.${n}`)
  const outside = fc.integer({ min: 1, max: 250 }).map((n) => `203.0.113.${n}`)
  const facts = fc.record({
    name: fc.constantFrom('a', 'b'),
    state: fc.constantFrom('ACTIVE' as const, 'STOPPED' as const),
    vcpu: fc.integer({ min: 1, max: 64 }),
    memMiB: fc.integer({ min: 1, max: 64 }).map((n) => n * 1024),
    addresses: fc.uniqueArray(address, { maxLength: 3 }),
    publicAddresses: fc.uniqueArray(outside, { maxLength: 2 }),
  })
  test('is alike afterwards, whatever the cloud says', () =>
    fc.assert(
      fc.property(facts, (cloud) => {
        const change = followCloud(here, differencesOf('server', here, cloud))
        expect(differencesOf('server', { ...here, ...change } as Recorded, cloud)).toEqual([])
      }),
      { numRuns: 200, seed: 7 },
    ))

  test('keeps what it knew of an address that stays', () => {
    const known = { ...here, addresses: [{ address: '10.0.0.5', zone: 'gov', public: false }] }
    const change = followCloud(known, [{ field: 'addresses', here: '10.0.0.5', there: '10.0.0.5 10.0.0.9' }])
    expect(change.addresses).toEqual([
      { address: '10.0.0.5', zone: 'gov', public: false },
      { address: '10.0.0.9', zone: '', public: false },
    ])
  })
})
