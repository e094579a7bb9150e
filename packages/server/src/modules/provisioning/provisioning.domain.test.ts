import { lineSpec } from '@changbai/contract/provisioning.ts'
import { describe, expect, test } from 'vitest'
import { clauseOf, needsTrial, nextLeaseDay, reminderDue, splitByKind, unfold, wayOf } from './provisioning.domain.ts'
import { groupRules, planLine, quotaOf } from './steps.domain.ts'

const vm = lineSpec.parse({
  kind: 'VM',
  hostName: 'app',
  vcpu: 2,
  memGiB: 4,
  image: 'linux',
  rootGiB: 40,
  dataDisks: [{ gib: 100, type: 'SSD' }],
  count: 2,
})
const metal = lineSpec.parse({ kind: 'BAREMETAL', modelId: 'm', modelName: '通用二型', os: 'Kylin', raid: 'RAID10', count: 1 })
const store = lineSpec.parse({ kind: 'STORAGE', storage: 'BLOCK', gib: 500 })
const net = lineSpec.parse({
  kind: 'NETWORK',
  zone: 'INTERNET',
  loadBalancer: true,
  rules: [
    { src: '10.0.0.0/8', proto: 'TCP', port: '8000-8010' },
    { src: '应用网段', proto: 'TCP', port: '443' },
    { src: '0.0.0.0/0', proto: 'ICMP', port: '' },
  ],
})

describe('[4.3-1] a work order a kind', () => {
  test.each([
    ['machines take the rest along', [vm, store, metal], ['VM', 'BAREMETAL']],
    ['without machines it is storage and network', [store], ['STORAGE_NETWORK']],
    ['physical servers alone', [metal], ['BAREMETAL']],
  ])('%s', (_, specs, kinds) => expect(splitByKind(specs).map((part) => part.kind)).toEqual(kinds))

  test('seven working days for physical servers, two for the rest', () => {
    expect([vm, store, net, metal].map((spec) => clauseOf(spec.kind))).toEqual(['4.3-1a', '4.3-1a', '4.3-1a', '4.3-1b'])
  })
})

describe('who makes a line', () => {
  test.each([
    ['the cloud', vm, true, 'DRIVER', null],
    ['people, without a cloud', vm, false, 'MANUAL', 'no-driver'],
    ['people, always', metal, true, 'MANUAL', 'physical'],
  ])('%s', (_, spec, able, way, reason) => expect(wayOf(spec, () => able)).toEqual({ way, reason }))

  test('a load balancer is a line of its own', () => {
    expect(unfold([net]).map((spec) => wayOf(spec, () => true).way)).toEqual(['DRIVER', 'MANUAL'])
  })
})

describe('the plan of a line', () => {
  const input = {
    applicationId: '0192f0c0-0000-7000-8000-00000000000a',
    applicationCode: 'cb-prod',
    env: 'PROD',
    lineId: '0192f0c0-0000-7000-8000-00000000000b',
    spec: vm,
    quota: quotaOf([vm, store], true),
    rootOnVolume: true,
    hasPublicNetwork: true,
    networks: [],
    range: '10.128.0.0/24',
    sealedPassword: () => 'sealed',
  }
  test('the same line gives the same keys, short enough for a tag, each once', () => {
    const keys = planLine(input).map((resource) => resource.key)
    expect(planLine(input).map((resource) => resource.key)).toEqual(keys)
    expect(new Set(keys).size).toBe(keys.length)
    expect(keys.every((key) => key.length <= 60 && /^[\w-]+$/.test(key))).toBe(true)
  })
  test('volumes come before the server they fence', () => {
    const kinds = planLine(input).map((resource) => resource.want.kind)
    expect(kinds.lastIndexOf('server')).toBeGreaterThan(kinds.lastIndexOf('volume'))
  })
  test('quota counts every machine and disk', () => {
    expect(input.quota).toMatchObject({ instances: 2, cores: 4, ramMiB: 8192, volumes: 5, volumeGiB: 780 })
  })
  test('a rule whose source is no range is left to people', () => {
    expect(net.kind === 'NETWORK' ? groupRules(net).map((rule) => [rule.protocol, rule.fromPort, rule.toPort]) : []).toEqual([
      ['tcp', 8000, 8010],
      ['icmp', null, null],
    ])
  })
})

describe('leases', () => {
  const day = (text: string) => Temporal.PlainDate.from(text)
  const days = [60, 30, 7]
  test.each([
    ['long before', '2026-01-01', [], '2026-11-01', null],
    ['sixty days before', '2026-11-01', [], '2026-12-01', 60],
    ['told already', '2026-11-02', [60], '2026-12-01', null],
    ['a server was down for a month', '2026-12-05', [60], '2026-12-24', 30],
    ['after the last reminder', '2026-12-25', [60, 30, 7], '2027-01-01', null],
  ])('%s', (_, today, sent, next, due) => {
    expect(nextLeaseDay(day('2026-12-31'), day(today), days, sent).toString()).toBe(next)
    expect(reminderDue(day('2026-12-31'), day(today), days, sent)).toBe(due)
  })
  test('new and migrated production systems run on trial', () => {
    expect([
      needsTrial('PROD', 'NEW'),
      needsTrial('PROD', 'MIGRATION'),
      needsTrial('PROD', 'EXPANSION'),
      needsTrial('TEST', 'NEW'),
    ]).toEqual([true, true, false, false])
  })
})
