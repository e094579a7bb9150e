import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { testDatabase } from '../../test/database.ts'
import { readDataTags } from './data-tags.ts'
import { sealedPlaces } from './sealed.ts'

const tags = readDataTags()
const tagged = new Map<string, string>(
  tags.flatMap(({ table, columns }) => columns.map(({ name, dataClass }) => [`${table}.${name}`, dataClass] as const)),
)

test('every column of every table says what it holds, and no other does', async () => {
  const t = await testDatabase({ poolSize: 1 })
  const { rows } = await sql<{ place: string }>`
    select table_name || '.' || column_name as place from information_schema.columns where table_schema = 'public'`.execute(t.db)
  await t.drop()
  const there = new Set(rows.map(({ place }) => place))
  expect([...there].filter((place) => !tagged.has(place)).sort()).toEqual([])
  expect([...tagged.keys()].filter((place) => !there.has(place)).sort()).toEqual([])
})

test('what is encrypted is tagged as what it is, and a telephone number or address of a person is encrypted or has its reason', () => {
  for (const { table, column } of sealedPlaces.columns) expect(tagged.get(`${table}.${column}`), `${table}.${column}`).toBe('personal')
  for (const { table, column } of sealedPlaces.secrets) expect(tagged.get(`${table}.${column}`), `${table}.${column}`).not.toBe('internal')
  const sealed = new Set(sealedPlaces.columns.map(({ table, column }) => `${table}.${column}`))
  const plain = [...tagged].filter(
    ([place, dataClass]) => dataClass === 'personal' && /(^|\.|_)(phone|email)$/.test(place) && !sealed.has(place),
  )
  expect(plain.map(([place]) => place)).toEqual(NOT_SEALED)
})
/** The directory of the house keeps them readable, and its rows are written over every night. */
const NOT_SEALED = ['ldap_account.phone', 'ldap_account.email']
