import { describe, expect, test } from 'vitest'
import { type Advisory, compareVersions, matchAdvisories } from './advisories.domain.ts'

const advisory = (events: { introduced?: string; fixed?: string; last_affected?: string }[], more: Partial<Advisory> = {}): Advisory => ({
  id: 'GHSA-test',
  aliases: ['CVE-2026-0001'],
  summary: 'x',
  affected: [{ package: { ecosystem: 'npm', name: 'left' }, ranges: [{ type: 'SEMVER', events }] }],
  ...more,
})
const hits = (version: string, one: Advisory) => matchAdvisories([{ name: 'left', version }], [one]).map(({ fixedIn }) => fixedIn)

describe('a dependency is matched with advisories offline', () => {
  test.each([
    ['before it was introduced', '1.1.9', [{ introduced: '1.2.0' }, { fixed: '1.4.0' }], []],
    ['at its introduction', '1.2.0', [{ introduced: '1.2.0' }, { fixed: '1.4.0' }], ['1.4.0']],
    ['just before the fix, ten after nine', '1.10.0', [{ introduced: '0' }, { fixed: '1.11.0' }], ['1.11.0']],
    ['at the fix', '1.4.0', [{ introduced: '1.2.0' }, { fixed: '1.4.0' }], []],
    ['a candidate of the fix is not the fix', '1.4.0-rc.1', [{ introduced: '1.2.0' }, { fixed: '1.4.0' }], ['1.4.0']],
    ['introduced again later', '2.1.0', [{ introduced: '0' }, { fixed: '1.0.0' }, { introduced: '2.0.0' }, { fixed: '2.2.0' }], ['2.2.0']],
    ['between the two', '1.5.0', [{ introduced: '0' }, { fixed: '1.0.0' }, { introduced: '2.0.0' }, { fixed: '2.2.0' }], []],
    ['the last one affected', '3.0.0', [{ introduced: '0' }, { last_affected: '3.0.0' }], [null]],
    ['after the last one affected', '3.0.1', [{ introduced: '0' }, { last_affected: '3.0.0' }], []],
    ['never fixed', '9.0.0', [{ introduced: '0' }], [null]],
  ])('%s', (_what, version, events, expected) => expect(hits(version, advisory(events))).toEqual(expected))
  test('one withdrawn, another ecosystem and another name meet nothing; versions in a list do', () => {
    expect(hits('1.0.0', advisory([{ introduced: '0' }], { withdrawn: '2026-01-01T00:00:00Z' }))).toEqual([])
    expect(hits('1.0.0', { id: 'a', affected: [{ package: { ecosystem: 'PyPI', name: 'left' }, versions: ['1.0.0'] }] })).toEqual([])
    expect(hits('1.0.0', { id: 'a', affected: [{ package: { ecosystem: 'npm', name: 'left' }, versions: ['1.0.0'] }] })).toEqual([null])
  })
  test('order of versions', () => {
    const sorted = ['1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-alpha.beta', '1.0.0-beta.2', '1.0.0-beta.11', '1.0.0-rc.1', '1.0.0', '1.0.10']
    expect([...sorted].reverse().sort(compareVersions)).toEqual(sorted)
  })
})
