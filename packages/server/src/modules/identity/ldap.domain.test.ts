import { describe, expect, test } from 'vitest'
import { entryIdOf, escapeFilterValue, filterFor, readLdapAttributes } from '../../platform/ldap.domain.ts'
import { type FoundEntry, isMassLeaving, type KnownEntry, planSync } from './ldap.domain.ts'

const entry = (signIn: string, more: Partial<FoundEntry> = {}): FoundEntry => ({
  entryId: `id-${signIn}`,
  dn: `uid=${signIn},dc=example`,
  signIn,
  name: `姓名 ${signIn}`,
  unit: null,
  phone: null,
  email: null,
  disabled: false,
  ...more,
})
const known = (signIn: string, more: Partial<KnownEntry> = {}): KnownEntry => {
  const { disabled: _, ...rest } = entry(signIn)
  return { ...rest, presence: 'PRESENT', linked: true, ...more }
}
const names = (plan: ReturnType<typeof planSync>) => ({
  added: plan.added.map((one) => one.signIn),
  changed: plan.changed.map((one) => one.entry.signIn),
  leaving: plan.leaving.map((one) => `${one.known.signIn} ${one.why}`),
  back: plan.back.map((one) => one.signIn),
  unusable: plan.unusable.map((one) => one.why),
})
const nothing = { added: [], changed: [], leaving: [], back: [], unusable: [] }

describe('what a synchronisation does', () => {
  test.each([
    ['somebody new', [], [entry('wang')], { ...nothing, added: ['wang'] }],
    ['somebody new who is disabled there', [], [entry('wang', { disabled: true })], nothing],
    ['nothing new', [known('wang')], [entry('wang')], nothing],
    ['another unit', [known('wang')], [entry('wang', { unit: '信息中心' })], { ...nothing, changed: ['wang'] }],
    [
      'renamed: the entry is the same person',
      [known('wang')],
      [entry('wangxm', { entryId: 'id-wang' })],
      { ...nothing, changed: ['wangxm'] },
    ],
    ['gone', [known('wang')], [], { ...nothing, leaving: ['wang GONE'] }],
    ['gone long ago', [known('wang', { presence: 'GONE' })], [], nothing],
    ['disabled', [known('wang')], [entry('wang', { disabled: true })], { ...nothing, changed: ['wang'], leaving: ['wang DISABLED'] }],
    ['disabled long ago', [known('wang', { presence: 'DISABLED' })], [entry('wang', { disabled: true })], nothing],
    ['disabled, then gone', [known('wang', { presence: 'DISABLED' })], [], { ...nothing, leaving: ['wang GONE'] }],
    ['back', [known('wang', { presence: 'GONE' })], [entry('wang')], { ...nothing, changed: ['wang'], back: ['wang'] }],
    ['a name that is none', [], [entry('wang', { name: '' })], { ...nothing, unusable: ['NAME'] }],
    ['signs no account has', [], [entry('王 明')], { ...nothing, unusable: ['SIGN_IN'] }],
    ['two of one name', [], [entry('wang'), entry('wang', { entryId: 'other' })], { ...nothing, unusable: ['TWICE', 'TWICE'] }],
    ['known, and now of no use: stays', [known('wang')], [entry('wang', { name: '' })], { ...nothing, unusable: ['NAME'] }],
  ] as const)('%s', (_, before, found, expected) => expect(names(planSync([...before], [...found]))).toEqual(expected))

  test.each([
    [5, 5, false],
    [6, 10, true],
    [6, 60, false],
    [7, 60, true],
    [100, 1000, false],
    [101, 1000, true],
  ])('%i of %i leaving at once is held: %s', (leaving, linked, held) => expect(isMassLeaving(leaving, linked)).toBe(held))
})

describe('what is typed is a value, never a filter', () => {
  test.each([
    ['wang', 'wang'],
    ['*', '\\2a'],
    ['wang)(uid=*', 'wang\\29\\28uid=\\2a'],
    ['a\\b', 'a\\5cb'],
    ['\u0000', '\\00'],
    ['王', '\\e7\\8e\\8b'],
  ])('%s', (typed, escaped) => expect(escapeFilterValue(typed)).toBe(escaped))
  test('inside the filter of the installation', () =>
    expect(filterFor('(objectClass=person)', 'uid', 'x)(|(uid=*')).toBe('(&(objectClass=person)(uid=x\\29\\28|\\28uid=\\2a))'))
})

describe('settings', () => {
  test('attributes left out keep their default', () =>
    expect(readLdapAttributes('signIn=sAMAccountName, id=objectGUID')).toMatchObject({
      signIn: 'sAMAccountName',
      id: 'objectGUID',
      name: 'cn',
    }))
  test.each(['sign=uid', 'signIn', 'signIn=uid=x', 'signIn=u)id', 'signIn=', 'toString=uid'])('%s is refused', (text) =>
    expect(readLdapAttributes(text)).toBeNull(),
  )
  test('an identifier of text stays text, sixteen bytes become hexadecimal', () => {
    expect(entryIdOf(Buffer.from('7D5C-aa'))).toBe('7d5c-aa')
    expect(entryIdOf(Buffer.from([0, 255, 16]))).toBe('00ff10')
  })
})
