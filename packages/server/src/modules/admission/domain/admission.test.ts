import type { DraftContent, MatterKind, Totals } from '@changbai/contract/forms.ts'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { admissionForm, newCatalog } from '../../../../test/sample-forms.ts'
import { admissionGaps, leaderReasons, outOfScope, statusAt, validUntil } from './admission.ts'
import { catalogShape, emptyTotals } from './catalog.ts'
import { compareContents } from './compare.ts'
import { mergeDraft, oversized, same, storable } from './draft.ts'

const FILES = new Set(['basisFile', 'mlpsCert', 'cryptoPlan'])
const gaps = (change: DraftContent = {}, kind: MatterKind = 'NEW', files: ReadonlySet<string> = FILES) =>
  admissionGaps({ ...admissionForm(), ...change }, files, kind, 3).map((gap) => `${gap.path} ${gap.code}`)

describe('[4.1] what an admission needs', () => {
  it('finds nothing in a complete form', () => expect(gaps()).toEqual([]))
  test.each<[string, DraftContent, MatterKind, string[], string]>([
    ['declaration not given', { nonClassifiedDeclared: false }, 'NEW', [...FILES], 'nonClassifiedDeclared RULE'],
    ['a mobile of 10 digits', { contactPhone: '1380000000' }, 'NEW', [...FILES], 'contactPhone FORMAT'],
    ['a code that begins with a digit', { appCode: '1ABC' }, 'NEW', [...FILES], 'appCode FORMAT'],
    ['level 2 without certificate', { mlpsLevel: 2 }, 'NEW', ['basisFile'], 'mlpsCert MISSING'],
    ['migration at level 1 without certificate', { mlpsLevel: 1 }, 'MIGRATION', ['basisFile'], 'mlpsCert MISSING'],
    ['level 3 without cryptography plan', {}, 'NEW', ['basisFile', 'mlpsCert'], 'cryptoPlan MISSING'],
    ['no grounds', {}, 'NEW', ['mlpsCert', 'cryptoPlan'], 'basisFile MISSING'],
  ])('%s', (_, change, kind, files, expected) => expect(gaps(change, kind, new Set(files))).toEqual([expected]))
  it('asks no certificate of a new level 1 system', () => expect(gaps({ mlpsLevel: 1 }, 'NEW', new Set(['basisFile']))).toEqual([]))
})

describe('A4: classified systems and level 4 and above are out of scope', () => {
  test.each<[boolean, number, string[]]>([
    [false, 3, []],
    [true, 3, ['OUT_OF_SCOPE_CLASSIFIED']],
    [false, 4, ['OUT_OF_SCOPE_MLPS']],
    [true, 5, ['OUT_OF_SCOPE_CLASSIFIED', 'OUT_OF_SCOPE_MLPS']],
  ])('classified %s, level %i', (classified, mlpsLevel, codes) =>
    expect(outOfScope({ classified, mlpsLevel }, 3).map((one) => one.code)).toEqual(codes),
  )
  it('lets such a form be handed in, to be rejected on the record', () =>
    expect(gaps({ classified: true, nonClassifiedDeclared: false }, 'NEW', new Set())).toEqual([]))
})

describe('A8: when the leader approves as well', () => {
  const limits = { newSystem: true, mlpsLevel: 3, baremetal: true, vcpu: 64, storageGiB: 10_240 }
  const codes = (kind: MatterKind, mlpsLevel: number | null, totals: Partial<Totals>) =>
    leaderReasons({ kind, mlpsLevel, totals: { ...emptyTotals(), ...totals } }, limits).map((one) => one.code)
  test.each<[string, MatterKind, number | null, Partial<Totals>, string[]]>([
    ['a small expansion of level 2', 'EXPANSION', 2, { vcpu: 64, blockGiB: 10_240 }, []],
    ['a new system', 'NEW', 2, {}, ['LEADER_NEW_SYSTEM']],
    ['level 3', 'EXPANSION', 3, {}, ['LEADER_MLPS_3']],
    ['one physical server', 'EXPANSION', 2, { baremetalCount: 1 }, ['LEADER_BAREMETAL']],
    ['65 vCPU', 'EXPANSION', 2, { vcpu: 65 }, ['LEADER_VCPU']],
    ['10 TB and 1 GiB over all kinds', 'EXPANSION', 2, { fileGiB: 10_000, backupGiB: 241 }, ['LEADER_STORAGE']],
    ['a migrated system of level 1', 'MIGRATION', 1, {}, []],
  ])('%s', (_, kind, level, totals, expected) => expect(codes(kind, level, totals)).toEqual(expected))
})

describe('status from the step (section 1)', () => {
  test.each([
    ['prepareAdmission', false, false, 'DRAFT'],
    ['prepareAdmission', true, true, 'RETURNED'],
    ['tenantSign', false, false, 'SUBMITTED'],
    ['formalReview', false, false, 'SUBMITTED'],
    ['formalReview', true, false, 'UNDER_REVIEW'],
    ['capacityReview', true, false, 'UNDER_REVIEW'],
    ['correctAdmission', true, false, 'RETURNED'],
    ['fulfilBuildDemand', true, false, 'WAITLISTED'],
    ['customerReview', true, false, 'PENDING_APPROVAL'],
    ['leaderApprove', true, false, 'PENDING_APPROVAL'],
    ['autoValidate', false, false, null],
  ])('%s (reviewed %s, returned %s): %s', (node, reviewed, returned, expected) =>
    expect(statusAt(node, { reviewed, returned })).toBe(expected),
  )
  it('is valid for 180 days, the day of decision not counted', () =>
    expect(validUntil(Temporal.PlainDate.from('2026-09-18'), 180).toString()).toBe('2027-03-17'))
})

describe('drafts of two people', () => {
  const at = '2026-09-18T07:00:00Z'
  const mine = { rev: 6, by: '杨帆', byId: 'a', at }
  const theirs = { rev: 5, by: '李佳琪', byId: 'b', at }
  it('joins different fields', () => {
    const joined = mergeDraft({ content: { intro: 'x', summary: 'theirs' }, touches: { summary: theirs } }, { intro: 'mine' }, 4, mine)
    expect(joined).toMatchObject({ content: { intro: 'mine', summary: 'theirs' }, conflicts: [], merged: { summary: 'theirs' } })
  })
  it('names who changed the same field since', () => {
    const joined = mergeDraft({ content: { intro: 'theirs' }, touches: { intro: theirs } }, { intro: 'mine' }, 4, mine)
    expect(joined.conflicts).toEqual([{ path: 'intro', theirs: 'theirs', by: '李佳琪', at }])
    expect(joined.content.intro).toBe('theirs')
  })
  it('takes the same value twice without a word', () =>
    expect(mergeDraft({ content: { intro: 'same' }, touches: { intro: theirs } }, { intro: 'same' }, 4, mine).conflicts).toEqual([]))
  it('lets one person write over an older window of their own', () =>
    expect(mergeDraft({ content: { intro: 'old' }, touches: { intro: { ...mine, rev: 5 } } }, { intro: 'new' }, 4, mine)).toMatchObject({
      content: { intro: 'new' },
    }))
  it('clears a field by null', () =>
    expect(mergeDraft({ content: { intro: 'x' }, touches: {} }, { intro: null }, 0, mine).content).toEqual({}))

  it('a conflict never changes the stored value, and nothing sent is lost from the answer', () =>
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.jsonValue()),
        fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.jsonValue()),
        fc.subarray(['a', 'b', 'c', 'd']),
        (content, set, touched) => {
          const touches = Object.fromEntries(touched.map((field) => [field, theirs]))
          const joined = mergeDraft({ content, touches }, set, 4, mine)
          const conflicting = new Set(joined.conflicts.map((one) => one.path))
          for (const [field, value] of Object.entries(set))
            expect(same(joined.content[field] ?? null, conflicting.has(field) ? (content[field] ?? null) : value)).toBe(true)
        },
      ),
    ))
  test.each<[string, DraftContent, string | null]>([
    ['20,000 characters', { intro: 'x'.repeat(20_000) }, null],
    ['20,001 characters', { intro: 'x'.repeat(20_001) }, 'intro'],
    ['2,001 lines', { devices: Array(2001).fill({}) }, 'devices'],
    ['nested beyond any form', { intro: [[[[[[[[['x']]]]]]]]] }, 'intro'],
  ])('bounds: %s', (_, set, field) => expect(oversized(set)).toBe(field))
  it('keeps markup and quotes as typed, drops only what cannot be stored', () =>
    expect(storable({ intro: `<b>'; drop table x;--\u0000\ud800` })).toEqual({ intro: `<b>'; drop table x;--\ufffd` }))
})

describe('versions side by side', () => {
  const compare = (before: DraftContent, after: DraftContent) =>
    compareContents(catalogShape, { content: before, files: {} }, { content: after, files: {} })
  it('says nothing of equal versions', () => expect(compare(newCatalog(), newCatalog())).toEqual([]))
  it('names the field, with unit and words', () => {
    const after = { ...newCatalog(), audience: 'BOTH', capacity: { ...newCatalog().capacity, tps: 900 } }
    expect(compare(newCatalog(), after)).toEqual([
      {
        section: '1',
        path: 'audience',
        label: { zh: '服务对象', en: 'Served' },
        change: 'CHANGED',
        before: '政务人员',
        after: '公众与政务人员',
      },
      {
        section: '4.1',
        path: 'capacity.tps',
        label: { zh: '系统容量 峰值每秒事务', en: 'System capacity, Transactions per second at peak' },
        change: 'CHANGED',
        before: '860 TPS',
        after: '900 TPS',
      },
    ])
  })
  it('sees one line put in front as one line', () => {
    const added = { name: 'mq', role: '消息', type: 'vm', vcpu: 4, memGiB: 8, diskGiB: 100, os: '麒麟', count: 2 }
    const differences = compare(newCatalog(), { ...newCatalog(), devices: [added, ...newCatalog().devices] })
    expect(differences.every((one) => one.change === 'ADDED' && one.path.startsWith('devices.0.'))).toBe(true)
    expect(differences).toHaveLength(8)
  })
  it('shows files by name', () =>
    expect(
      compareContents(catalogShape, { content: {}, files: { topology: 'a.png' } }, { content: {}, files: { topology: 'b.png' } }),
    ).toMatchObject([{ path: 'topology', change: 'CHANGED', before: 'a.png', after: 'b.png' }]))
})
