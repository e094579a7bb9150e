import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { testDatabase } from '../../test/database.ts'
import { dataTags as tags } from '../platform/data-tags.ts'
import { NOT_SEALED, sealedPlaces } from './sealed.ts'

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

test('what is encrypted is tagged as what it is; how somebody is reached is encrypted, or has its reason', () => {
  for (const { table, column } of sealedPlaces.secrets) expect(tagged.get(`${table}.${column}`), `${table}.${column}`).not.toBe('internal')
  const sealed = new Set(sealedPlaces.columns.map(({ table, column }) => `${table}.${column}`))
  const contact = [...tagged].filter(([, dataClass]) => dataClass === 'contact').map(([place]) => place)
  expect(contact.filter((place) => !sealed.has(place))).toEqual(Object.keys(NOT_SEALED))
  expect([...sealed].filter((place) => !contact.includes(place))).toEqual([])
  // a new column called a telephone number or an address for mail cannot be given a milder class
  const milder = [...tagged].filter(([place, dataClass]) => /(^|\.|_)(phone|email|mobile)$/.test(place) && dataClass !== 'contact')
  expect(milder).toEqual([])
})
