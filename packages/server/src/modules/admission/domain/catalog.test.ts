import type { DraftContent } from '@changbai/contract/forms.ts'
import { rowsOf } from '@changbai/contract/gaps.ts'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { expansionCatalog, newCatalog } from '../../../../test/sample-forms.ts'
import { catalogCalculations, logSpaceGiB, serversFor } from './calculations.ts'
import { catalogGaps, catalogProgress, catalogTotals } from './catalog.ts'

const ALL_FILES = new Set(['architectureDiagram', 'cryptoPlan', 'topology'])
const gapsOf = (change: DraftContent = {}, files: ReadonlySet<string> = ALL_FILES) =>
  catalogGaps({ ...newCatalog(), ...change }, files, 'NEW').map((gap) => `${gap.path} ${gap.code}`)

describe('[4.2-1] the first three sections and the summary are complete', () => {
  it('finds nothing in a complete catalogue', () => expect(gapsOf()).toEqual([]))

  test.each<[string, DraftContent, string]>([
    ['an introduction of 49 characters', { intro: '字'.repeat(49) }, 'intro FORMAT'],
    ['no introduction', { intro: '' }, 'intro MISSING'],
    ['a classified system', { classified: true }, 'classified UNKNOWN_CHOICE'],
    ['level 4', { mlpsLevel: 4 }, 'mlpsLevel RANGE'],
    ['text where a number belongs', { totalUsers: '很多' }, 'totalUsers FORMAT'],
    ['level 2 and more without a filing number', { mlpsFilingNo: ' ' }, 'mlpsFilingNo MISSING'],
    ['an empty list without “none”', { noneDeclared: [] }, 'consumedThirdParty MISSING'],
    ['“none” beside lines', { noneDeclared: ['exposedApis', 'consumedThirdParty'] }, 'exposedApis RULE'],
    [
      'egress without a whitelist',
      { consumedThirdParty: [{ vendor: '某地图', capability: '底图', internetEgress: true }], noneDeclared: [] },
      'consumedThirdParty.0.egressWhitelist MISSING',
    ],
    ['a peak that ends before it begins', { peakPeriods: [{ from: '2026-09-15', to: '2026-09-01' }] }, 'peakPeriods.0.to RULE'],
    ['no devices', { devices: [] }, 'devices MISSING'],
    ['a device without memory', { devices: [{ ...newCatalog().devices[0], memGiB: null }] }, 'devices.0.memGiB MISSING'],
    ['no summary', { summary: null }, 'summary MISSING'],
    ['over-long text', { architecture: '长'.repeat(20_001) }, 'architecture TOO_LONG'],
  ])('%s', (_, change, expected) => expect(gapsOf(change)).toContain(expected))

  test.each<[string, string[], string]>([
    ['topology', ['architectureDiagram', 'cryptoPlan'], 'topology MISSING'],
    ['cryptography plan at level 3', ['architectureDiagram', 'topology'], 'cryptoPlan MISSING'],
  ])('asks for the %s', (_, files, expected) => expect(gapsOf({}, new Set(files))).toEqual([expected]))

  it('names section and field in both languages', () => {
    const [gap] = catalogGaps({ ...newCatalog(), devices: [{ ...newCatalog().devices[0], vcpu: null }] }, ALL_FILES, 'NEW')
    expect(gap).toMatchObject({ section: '3', message: { zh: '缺设备清单 第 1 行 vCPU', en: 'Devices, line 1, vCPU is missing' } })
  })
})

describe('[4.2-2] a new system assesses its load in five parts', () => {
  test.each(['capacity', 'appServerEstimate', 'storageExpansionPlan', 'dbEstimate', 'logEstimate'])('%s is required', (field) =>
    expect(gapsOf({ [field]: null })).toContain(`${field} MISSING`),
  )
  test.each<[string, DraftContent, string]>([
    ['concurrent above online', { capacity: { ...newCatalog().capacity, concurrentUsers: 3201 } }, 'capacity.concurrentUsers RULE'],
    [
      'target CPU 71 %',
      { appServerEstimate: { ...newCatalog().appServerEstimate, targetCpuPct: 71 } },
      'appServerEstimate.targetCpuPct RANGE',
    ],
    ['logs kept 179 days', { logEstimate: { ...newCatalog().logEstimate, retentionDays: 179 } }, 'logEstimate.retentionDays RANGE'],
    ['two years of plan', { storageExpansionPlan: newCatalog().storageExpansionPlan.slice(0, 2) }, 'storageExpansionPlan RULE'],
    [
      'a year without a reason',
      { storageExpansionPlan: newCatalog().storageExpansionPlan.map((row, at) => (at === 2 ? { ...row, basis: '' } : row)) },
      'storageExpansionPlan.2.basis MISSING',
    ],
    ['years out of order', { storageExpansionPlan: [...newCatalog().storageExpansionPlan].reverse() }, 'storageExpansionPlan.1.year RULE'],
  ])('%s', (_, change, expected) => expect(gapsOf(change)).toContain(expected))

  it('says by how much the year grew', () => {
    const plan = newCatalog().storageExpansionPlan.map((row, at) => (at === 2 ? { ...row, basis: '' } : row))
    const gap = catalogGaps({ ...newCatalog(), storageExpansionPlan: plan }, ALL_FILES, 'NEW')[0]
    expect(gap).toMatchObject({ section: '4.3', message: { zh: '2028 年缺依据：新增 4300 GiB 比上年多 19%，请写明原因' } })
  })

  test.each<[number | null, number | null, number | null, number | null, number | null]>([
    [860, 240, 60, 1, 7],
    [864, 240, 60, 0, 6],
    [864.1, 240, 60, 0, 7],
    [860, 172, 100, 0, 5],
    [0.3, 0.1, 100, 0, 3],
    [860, 0, 60, 1, null],
    [860, null, 60, 1, null],
    [860, 240, 60, null, 6],
  ])('servers for %s TPS at %s per node and %s percent with %s spare: %s', (tps, perNode, target, spare, nodes) =>
    expect(serversFor(tps, perNode, target, spare)).toBe(nodes),
  )
  test.each([
    [18, 90, 20, 1944],
    [18, 180, 0, 3240],
    [0.1, 180, 20, 21.6],
  ])('log space of %s GiB a day for %s days with %s percent reserve: %s', (daily, days, reserve, gib) =>
    expect(logSpaceGiB(daily, days, reserve)).toBe(gib),
  )
  it('shows the person’s own numbers and the running sums', () => {
    const [servers, storage, log] = catalogCalculations(newCatalog(), 'NEW')
    expect(servers).toMatchObject({ formula: '⌈860 ÷ (240 × 60%)⌉ + 1', result: 7, fills: 'appServerEstimate.nodes' })
    expect(storage?.series).toEqual([
      { at: '2026', value: 1200 },
      { at: '2027', value: 4800 },
      { at: '2028', value: 9100 },
    ])
    expect(log).toMatchObject({ formula: '18 × 180 × 1.2', result: 3888 })
  })
})

describe('[4.2-3] an expansion assesses its volume instead', () => {
  const gaps = (change: DraftContent = {}) =>
    catalogGaps({ ...expansionCatalog(), ...change }, ALL_FILES, 'EXPANSION').map((gap) => `${gap.path} ${gap.code}`)
  it('asks nothing of section 4', () => expect(gaps()).toEqual([]))
  test.each(['year', 'currentVolume', 'forecastVolume', 'expansionEstimate'])('%s is required', (field) =>
    expect(gaps({ [field]: null })).toContain(`${field} MISSING`),
  )
  it('checks that now plus added is after', () =>
    expect(gaps({ expansionEstimate: [{ resourceType: 'VCPU', current: 32, delta: 32, target: 65, basis: '—' }] })).toContain(
      'expansionEstimate.0.target RULE',
    ))
  it('computes the growth', () => expect(catalogCalculations(expansionCatalog(), 'EXPANSION')[0]).toMatchObject({ result: 125 }))
  it('marks section 4 as not applicable', () => {
    const state = catalogProgress(expansionCatalog(), ALL_FILES, [], 'EXPANSION')
    expect(state.map((one) => one.state)).toEqual(['DONE', 'DONE', 'DONE', 'DONE', 'NOT_APPLICABLE', 'DONE', 'DONE'])
  })
})

describe('sums and progress of a catalogue', () => {
  it('sums the lines, disks of virtual machines as block storage', () =>
    expect(catalogTotals(newCatalog())).toEqual({
      vmCount: 9,
      vcpu: 88,
      memGiB: 352,
      baremetalCount: 0,
      blockGiB: 2400,
      fileGiB: 9100,
      objectGiB: 0,
      backupGiB: 12000,
      bandwidthMbps: 100,
      publicIps: 1,
    }))
  it('counts filled and required fields by section', () => {
    const content = { ...newCatalog(), architecture: '' }
    const gaps = catalogGaps(content, new Set(['architectureDiagram']), 'NEW')
    const sections = catalogProgress(content, new Set(['architectureDiagram']), gaps, 'NEW')
    expect(sections.find((one) => one.id === '1')).toMatchObject({ filled: 10, of: 12, gaps: 2, state: 'GAPS' })
    expect(sections.find((one) => one.id === '3')).toMatchObject({ filled: 5, of: 6, gaps: 1, state: 'GAPS' })
  })

  const anyDraft = fc.dictionary(
    fc.constantFrom(
      'intro',
      'devices',
      'capacity',
      'storages',
      'networks',
      'noneDeclared',
      'storageExpansionPlan',
      'mlpsLevel',
      'peakPeriods',
    ),
    fc.jsonValue(),
  )
  it('never fails on whatever was typed', () =>
    fc.assert(
      fc.property(anyDraft, fc.constantFrom('NEW' as const, 'EXPANSION' as const), (content, kind) => {
        const gaps = catalogGaps(content, new Set(), kind)
        expect(gaps.length).toBeGreaterThan(0)
        expect(new Set(gaps.map((gap) => gap.path)).size).toBe(gaps.length)
        for (const section of catalogProgress(content, new Set(), gaps, kind)) expect(section.filled).toBeLessThanOrEqual(section.of)
        for (const value of Object.values(catalogTotals(content))) expect(Number.isFinite(value)).toBe(true)
        catalogCalculations(content, kind)
      }),
      { numRuns: 300 },
    ))
  it('sums do not depend on the order of lines, and double when every line is there twice', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            type: fc.constantFrom('vm', 'baremetal'),
            vcpu: fc.nat(64),
            memGiB: fc.nat(512),
            diskGiB: fc.nat(4000),
            count: fc.nat(50),
          }),
          {
            maxLength: 30,
          },
        ),
        (devices) => {
          const once = catalogTotals({ devices })
          expect(catalogTotals({ devices: [...devices].reverse() })).toEqual(once)
          const twice = catalogTotals({ devices: [...devices, ...devices] })
          for (const key of Object.keys(once) as (keyof typeof once)[]) expect(twice[key]).toBe(once[key] * 2)
        },
      ),
    ))
  it('reads lists that are none as empty', () => expect(rowsOf({ devices: 'x' }, 'devices')).toEqual([]))
})
