import { describe, expect, test } from 'vitest'
import { correctedSheet } from './correct.ts'
import { readAddresses, spellAddresses } from './edit/addresses.ts'
import { leaves } from './leaves.ts'

describe('addresses as lines', () => {
  const lines = '10.1.2.3 政务外网 public\n2001:db8::1\n10.1.2.4 public'
  const addresses = [
    { address: '10.1.2.3', zone: '政务外网', public: true },
    { address: '2001:db8::1', zone: '', public: false },
    { address: '10.1.2.4', zone: '', public: true },
  ]
  test('are read, and spelled the same way', () => {
    expect(readAddresses(`\n${lines}\n\n`)).toEqual(addresses)
    expect(spellAddresses(addresses)).toBe(lines)
    expect([spellAddresses(null), readAddresses('  ')]).toEqual(['', []])
  })
})

describe('a corrected sheet', () => {
  test('carries what was typed, the rest as it was, and cells with commas, quotes and lines', async () => {
    const sheet = {
      header: ['名称*', '机房', '备注'],
      rows: [
        { row: 2, cells: ['A', '长春,一号', '四"十"二'] },
        { row: 5, cells: ['B'] },
      ],
    }
    const file = correctedSheet(sheet, { '5/1': '二号\n楼' })
    expect(file.name).toBe('corrected.csv')
    expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(await file.arrayBuffer())).toBe(
      '\ufeff名称*,机房,备注\r\nA,"长春,一号","四""十""二"\r\nB,"二号\n楼",\r\n',
    )
  })
})

test('parameters by path: lines are told apart by code or name, not by place', () => {
  const then = {
    quota: { vcpu: 8 },
    zones: [
      { code: 'gov', name: '政务' },
      { code: 'net', name: '互联网' },
    ],
    dns: ['1.1.1.1', '2.2.2.2'],
    gateway: null,
  }
  const paths = leaves(then)
  expect(Object.fromEntries(paths)).toEqual({
    'quota.vcpu': '8',
    'zones.gov.code': 'gov',
    'zones.gov.name': '政务',
    'zones.net.code': 'net',
    'zones.net.name': '互联网',
    dns: '1.1.1.1 2.2.2.2',
    gateway: '',
  })
  expect([...leaves({ ...then, zones: [...then.zones].reverse() })].sort()).toEqual([...paths].sort())
})
