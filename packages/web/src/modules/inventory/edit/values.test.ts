import { describe, expect, test } from 'vitest'
import type { ItemField } from './itemForms.ts'
import { changedKeys, isAsked, startValues, toMembers } from './values.ts'

const fields: ItemField[] = [
  { key: 'kind', label: 'kind', control: 'choice', once: true, start: 'vm' },
  { key: 'name', label: 'name', control: 'text' },
  { key: 'bmcAddress', label: 'bmc', control: 'mono', when: ['kind', 'baremetal'] },
  { key: 'digest', label: 'digest', control: 'mono' },
  { key: 'capacity.vcpu', label: 'vcpu', control: 'number', start: 0 },
  { key: 'capacity.memGiB', label: 'mem', control: 'number', start: 0 },
]
const item = { kind: 'baremetal', name: 'a', bmcAddress: null, digest: '', capacity: { vcpu: 4, memGiB: 8, baremetal: 2 } }
const keysOf = (change: object) => changedKeys(fields, { ...startValues(fields, item), ...change }, startValues(fields, item))

describe('what a form sends', () => {
  test('only what says something else; emptiness in two spellings is the same; what cannot change never', () => {
    expect(keysOf({})).toEqual([])
    expect(keysOf({ bmcAddress: '', digest: null })).toEqual([])
    expect(keysOf({ name: 'b', kind: 'vm' })).toEqual(['name'])
  })
  test('a changed member of a group brings its whole group, the others as they were', () => {
    expect(toMembers(fields, { ...startValues(fields, item), 'capacity.vcpu': 6 }, ['capacity.vcpu'], item)).toEqual({
      capacity: { vcpu: 6, memGiB: 8, baremetal: 2 },
    })
  })
  test('an emptied address becomes nothing, an emptied text stays a text', () => {
    const values = { ...startValues(fields, item), name: '', bmcAddress: '', digest: '' }
    expect(toMembers(fields, values, ['name', 'bmcAddress', 'digest'], item)).toEqual({ name: '', bmcAddress: null, digest: '' })
  })
  test('a field of machines is not asked of virtual servers', () => {
    const bmc = fields[2] as ItemField
    expect([isAsked(bmc, { kind: 'vm' }), isAsked(bmc, { kind: 'baremetal' })]).toEqual([false, true])
  })
})
