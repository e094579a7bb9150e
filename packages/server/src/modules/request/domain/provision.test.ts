import type { DraftContent, Totals } from '@changbai/contract/forms.ts'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { expansionCatalog, provisionForm } from '../../../../test/sample-forms.ts'
import { forbiddenPorts, isCidr, isEverywhere, parsePorts } from './ports.ts'
import { checkProvision, type ProvisionFacts, securityPackage } from './provision.ts'
import { recommend } from './recommendation.ts'
import { splitForm } from './split.ts'
import { checkTotals, provisionTotals } from './totals.ts'

const day = (text: string) => Temporal.PlainDate.from(text)
const catalogTotals: Totals = {
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
}
const facts: ProvisionFacts = {
  flavors: new Map([['c8m32', { vcpu: 8, memGiB: 32 }]]),
  images: new Set(['kylin-v10-sp3']),
  zones: new Set(['az1']),
  models: new Map([
    ['model-2', { tested: true }],
    ['model-3', { tested: false }],
  ]),
  backupPolicies: new Set(['daily-30']),
  catalogTotals,
  deviationLimitPct: 10,
  today: day('2026-09-18'),
  earliestReadyOn: { vm: day('2026-09-21'), baremetal: day('2026-09-29') },
  kind: 'NEW',
}
const FILES = new Set(['basis'])
const check = (change: DraftContent = {}, files: ReadonlySet<string> = FILES) =>
  checkProvision({ ...provisionForm(), ...change }, files, facts)
const gaps = (change: DraftContent = {}, files?: ReadonlySet<string>) => check(change, files).gaps.map((gap) => `${gap.path} ${gap.code}`)
const vm = (change: DraftContent) => ({ vmItems: [{ ...provisionForm().vmItems[0], ...change }, provisionForm().vmItems[1]] })

describe('[4.2-4] the provision form', () => {
  it('finds nothing in a complete form', () => expect(gaps()).toEqual([]))
  test.each<[string, DraftContent, string]>([
    ['a name with capitals', vm({ hostName: 'FW-app' }), 'vmItems.0.hostName FORMAT'],
    ['two lines of one name', vm({ hostName: 'fw-db' }), 'vmItems.1.hostName DUPLICATE'],
    ['51 machines', vm({ count: 51 }), 'vmItems.0.count RANGE'],
    ['65 vCPU in one machine', vm({ vcpu: 65 }), 'vmItems.0.vcpu RANGE'],
    ['neither flavour nor size', vm({ vcpu: null, memGiB: null }), 'vmItems.0.memGiB MISSING'],
    ['a flavour nobody knows', vm({ flavorId: 'huge' }), 'vmItems.0.flavorId UNKNOWN_CHOICE'],
    ['an image nobody knows', vm({ imageId: 'windows-98' }), 'vmItems.0.imageId UNKNOWN_CHOICE'],
    ['a root disk of 39 GiB', vm({ rootGiB: 39 }), 'vmItems.0.rootGiB RANGE'],
    ['a data disk of 9 GiB', vm({ dataDisks: [{ gib: 9, type: 'SSD' }] }), 'vmItems.0.dataDisks.0.gib RANGE'],
    [
      'a model without its test',
      { bmItems: [{ modelId: 'model-3', purpose: '库', raid: 'RAID10', os: '麒麟', count: 1, justification: '性能' }] },
      'bmItems.0.modelId RULE',
    ],
    ['file storage over S3', { storageItems: [{ ...provisionForm().storageItems[0], protocol: 'S3' }] }, 'storageItems.0.protocol RULE'],
    [
      'a disk on no machine',
      { storageItems: [{ ...provisionForm().storageItems[0], attachTo: 'nobody' }] },
      'storageItems.0.attachTo RULE',
    ],
    ['Internet without bandwidth', { netItems: [{ zone: 'INTERNET', rules: [] }] }, 'netItems.0.mbps MISSING'],
    ['a public domain without filing', { netItems: [{ ...provisionForm().netItems[1], icp: '' }] }, 'netItems.0.icp MISSING'],
    ['a range with a host part', { netItems: [{ ...provisionForm().netItems[0], cidr: '10.12.3.1/24' }] }, 'netItems.0.cidr FORMAT'],
    ['no lines at all', { vmItems: [], storageItems: [], netItems: [], secItems: [] }, 'vmItems MISSING'],
    ['wanted before the time limit', { expectedOn: '2026-09-20' }, 'expectedOn RULE'],
    ['used until yesterday', { usageUntilOn: '2026-09-17' }, 'usageUntilOn RULE'],
    ['an eleven-digit number that is no mobile', { phone: '12800000001' }, 'phone FORMAT'],
    ['an environment nobody knows', { env: 'STAGING' }, 'env UNKNOWN_CHOICE'],
  ])('%s', (_, change, expected) => expect(gaps(change)).toContain(expected))
  it('asks for the grounds', () => expect(gaps({}, new Set())).toEqual(['basis MISSING']))
  it('lets what is wanted on the last day of the limit', () => expect(gaps({ expectedOn: '2026-09-21' })).toEqual([]))
  it('takes size from the flavour', () =>
    expect(provisionTotals({ vmItems: [{ flavorId: 'c8m32', count: 3, rootGiB: 40 }] }, facts.flavors ?? new Map())).toMatchObject({
      vcpu: 24,
      memGiB: 96,
      blockGiB: 120,
    }))
})

describe('ports that may not be open to everybody', () => {
  test.each<[string, string, string, number[]]>([
    ['0.0.0.0/0', 'TCP', '22', [22]],
    ['0.0.0.0/0', 'TCP', '3389', [3389]],
    ['any', 'TCP', '3300-3400', [3306, 3389]],
    ['10.1.0.0/24, 0.0.0.0/0', 'TCP', '5432', [5432]],
    ['0.0.0.0/1', 'TCP', '22', [22]],
    ['0.0.0.0/0', 'TCP', '20,21,22', [22]],
    ['::/0', 'TCP', '54321', [54321]],
    ['0.0.0.0/0', 'TCP', '443', []],
    ['0.0.0.0/0', 'ICMP', 'any', []],
    ['10.1.0.0/24', 'TCP', '22', []],
    ['0.0.0.0/0', 'TCP', 'lots', []],
  ])('%s %s %s', (src, proto, port, expected) => expect(forbiddenPorts({ src, proto, port })).toEqual(expected))
  it('refuses all ports to everybody', () => expect(forbiddenPorts({ src: '0.0.0.0/0', proto: 'ANY', port: 'any' })).toContain(22))
  it('says so in the words of the person', () => {
    const netItems = [
      { ...provisionForm().netItems[1], rules: [{ src: '0.0.0.0/0', dst: '10.12.3.10', proto: 'TCP', port: '22', purpose: '运维' }] },
    ]
    expect(check({ netItems }).gaps[0]).toMatchObject({
      path: 'netItems.0.rules.0.src',
      message: { zh: '不能对所有地址开放 22（SSH）端口，请写明来源网段' },
    })
  })
  test.each([
    ['443', [{ from: 443, to: 443 }]],
    [
      '80,443',
      [
        { from: 80, to: 80 },
        { from: 443, to: 443 },
      ],
    ],
    ['8000-8010', [{ from: 8000, to: 8010 }]],
    ['0', null],
    ['65536', null],
    ['20-10', null],
    ['', null],
  ])('reads %s', (text, expected) => expect(parsePorts(text)).toEqual(expected))
  test.each([
    ['10.12.3.0/24', true],
    ['10.12.3.4/30', true],
    ['10.12.3.1/24', false],
    ['10.12.3.0/33', false],
    ['256.0.0.0/8', false],
    ['10.12.3.0', false],
  ])('range %s: %s', (text, expected) => expect(isCidr(text)).toBe(expected))
  it('a guarded port is refused wherever a range hides it', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 65_535 }), fc.integer({ min: 1, max: 65_535 }), (a, b) => {
        const [from, to] = a < b ? [a, b] : [b, a]
        const found = forbiddenPorts({ src: '0.0.0.0/0', proto: 'TCP', port: `${from}-${to}` })
        expect(found.includes(22)).toBe(from <= 22 && 22 <= to)
        expect(found.includes(3306)).toBe(from <= 3306 && 3306 <= to)
      }),
    ))
  test.each(['10.0.0.0/8', '192.168.1.1', '172.16.0.0/12'])('%s is not everywhere', (source) => expect(isEverywhere(source)).toBe(false))
})

describe('[4.2-4] the form agrees with the catalogue within 10 percent', () => {
  const zero = { ...catalogTotals, vmCount: 0, vcpu: 0, memGiB: 0, blockGiB: 0, fileGiB: 0, backupGiB: 0, bandwidthMbps: 0, publicIps: 0 }
  test.each<[number, number, boolean, number | null]>([
    [100, 100, true, 0],
    [110, 100, true, 10],
    [111, 100, false, 11],
    [90, 100, true, -10],
    [89, 100, false, -11],
    [33, 30, true, 10],
    [34, 30, false, 13.3],
    [1, 0, false, null],
  ])('asked %s, planned %s: %s', (asked, planned, within, deviationPct) =>
    expect(checkTotals({ ...zero, vcpu: asked }, { ...zero, vcpu: planned }, 10)).toMatchObject([{ key: 'vcpu', within, deviationPct }]),
  )
  it('leaves out what neither has', () => expect(checkTotals(zero, zero, 10)).toEqual([]))
  it('asks for a reason, and is content with one', () => {
    expect(gaps(vm({ count: 9 }))).toEqual(['deviationReason DEVIATION'])
    expect(gaps({ ...vm({ count: 9 }), deviationReason: '压测后追加两台' })).toEqual([])
  })
  it('compares exactly at the limit, whatever the size', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (tenth) => {
        const [planned, limit] = [tenth * 10, tenth * 11]
        const at = (asked: number) => checkTotals({ ...zero, blockGiB: asked }, { ...zero, blockGiB: planned }, 10)[0]?.within
        expect([at(limit), at(limit + 1)]).toEqual([true, false])
      }),
    ))
})

describe('a form is split where capacity is short', () => {
  const form = provisionForm()
  it('gives part now and keeps the rest', () => {
    const split = splitForm(form, [
      { path: 'vmItems.0', quantity: 4 },
      { path: 'storageItems.1', quantity: 0 },
    ])
    expect(split).toMatchObject({
      ok: true,
      now: {
        vmItems: [
          { hostName: 'fw-app', count: 4 },
          { hostName: 'fw-db', count: 2 },
        ],
        storageItems: [{ kind: 'file', gib: 9100 }],
        netItems: form.netItems,
      },
      later: { vmItems: [{ hostName: 'fw-app', count: 3 }], storageItems: [{ kind: 'backup', gib: 12000 }], netItems: [] },
    })
  })
  test.each([
    ['everything', [{ path: 'vmItems.0', quantity: 7 }], 'NOT_LESS'],
    ['a line that is not there', [{ path: 'vmItems.9', quantity: 1 }], 'UNKNOWN_LINE'],
    [
      'nothing',
      [
        { path: 'vmItems.0', quantity: 0 },
        { path: 'vmItems.1', quantity: 0 },
        { path: 'storageItems.0', quantity: 0 },
        { path: 'storageItems.1', quantity: 0 },
      ],
      'NOTHING_NOW',
    ],
  ])('refuses %s', (_, partial, reason) => expect(splitForm(form, partial)).toEqual({ ok: false, reason }))
  it('loses nothing and adds nothing', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 9100 }), (app, db, files) => {
        const split = splitForm(form, [
          { path: 'vmItems.0', quantity: app },
          { path: 'vmItems.1', quantity: db },
          { path: 'storageItems.0', quantity: files },
        ])
        if (!split.ok) return
        const none = new Map()
        const [whole, now, later] = [provisionTotals(form, none), provisionTotals(split.now, none), provisionTotals(split.later, none)]
        for (const key of ['vmCount', 'vcpu', 'memGiB', 'blockGiB', 'fileGiB', 'backupGiB'] as const)
          expect(now[key] + later[key]).toBe(whole[key])
      }),
    ))
})

describe('what the assessed load alone would justify', () => {
  it('for a new system: nodes, and storage from plan and logs', () => {
    const calculations = [
      { key: 'SERVERS' as const, result: 7 },
      { key: 'STORAGE_GROWTH' as const, result: 9100 },
      { key: 'LOG_SPACE' as const, result: 3888 },
    ].map((one) => ({ ...one, section: '4', formula: '', explanation: { zh: '', en: '' }, unit: '', fills: null, series: [] }))
    expect(recommend({}, calculations, catalogTotals, 'NEW').map((one) => [one.asked, one.recommended])).toEqual([
      [9, 7],
      [11500, 12988],
    ])
    expect(recommend({}, [], catalogTotals, 'NEW').map((one) => one.recommended)).toEqual([null, null])
  })
  it('for an expansion: vCPU at 60 percent after growth', () =>
    expect(recommend(expansionCatalog(), [], { ...catalogTotals, vcpu: 60 }, 'EXPANSION')).toMatchObject([{ asked: 60, recommended: 55 }]))
  test.each([
    [null, 1],
    [1, 1],
    [2, 3],
    [3, 5],
  ])('security package of level %s has %i services', (level, size) => expect(securityPackage(level)).toHaveLength(size))
  it('never fails on whatever was typed', () =>
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('vmItems', 'bmItems', 'storageItems', 'netItems', 'secItems', 'expectedOn', 'usageUntilOn', 'env'),
          fc.jsonValue(),
        ),
        (content) => {
          const { gaps: found, totals } = checkProvision(content, new Set(), facts)
          expect(found.length).toBeGreaterThan(0)
          for (const value of Object.values(totals)) expect(Number.isFinite(value)).toBe(true)
          splitForm(content, [])
        },
      ),
      { numRuns: 300 },
    ))
})
