import { describe, expect, test } from 'vitest'
import { codeFrom, sizeOf, suggestOwner } from './adoption.domain.ts'

const tenants = [
  { id: 't1', code: 'lcj', name: '吉林省林业和草原局', shortName: '省林草局' },
  { id: 't2', code: 'rst', name: '吉林省人力资源和社会保障厅', shortName: '省人社厅' },
]
const applications = [
  { id: 'a1', tenantId: 't1', code: 'lcj-portal', name: '林草门户' },
  { id: 'a2', tenantId: 't2', code: 'pension', name: '养老保险' },
]
const suggest = (projectName: string, applicationIds: string[] = []) =>
  suggestOwner({ projectId: 'b9f0-11', projectName, applicationIds }, applications, tenants)

describe('whose a project seems to be', () => {
  test.each([
    ['resources of one application lie there', 'x', ['a2'], { why: 'RESOURCES', applicationId: 'a2', tenantId: 't2', code: 'pension' }],
    ['called as an application’s code', 'LCJ_Portal', [], { why: 'NAME', applicationId: 'a1', tenantId: 't1' }],
    ['called as an application', '养老保险', [], { why: 'NAME', applicationId: 'a2' }],
    [
      'the bureau stands first',
      '省林草局-防火',
      [],
      { why: 'NAME', applicationId: null, tenantId: 't1', tenantName: '省林草局', name: '省林草局-防火' },
    ],
    ['the bureau’s code stands first', 'rst-jobs', [], { why: 'NAME', applicationId: null, tenantId: 't2', code: 'rst-jobs' }],
  ] as const)('%s', (_, name, ids, expected) => expect(suggest(name, [...ids])).toMatchObject(expected))
  test.each([
    ['two applications lie there', 'x', ['a1', 'a2']],
    ['a name that says nothing', 'default', []],
    ['no name', '', []],
  ])('%s: a person decides', (_, name, ids) => expect(suggest(name, ids)).toBeNull())
})

test.each([
  ['RST Jobs_2', 'rst-jobs-2'],
  ['省林草局-防火', 'app-b9f011'],
  ['-a.b-', 'a.b'],
])('the code of %s', (name, code) => expect(codeFrom(name, 'b9f0-11')).toBe(code))

test.each([
  ['server', { vcpu: 4, memMiB: 8192 }, '4 vCPU 8 GiB'],
  ['volume', { gib: 100 }, '100 GiB'],
  ['network', { cidr: '10.0.0.0/24' }, '10.0.0.0/24'],
  ['address', { address: '10.9.0.3' }, '10.9.0.3'],
  ['server', {}, ''],
] as const)('the size of a %s', (kind, facts, size) => expect(sizeOf(kind, facts)).toBe(size))
