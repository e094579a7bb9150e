import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { testDatabase } from './database.ts'

test('each test database is a migrated copy of its own', async () => {
  const [one, two] = await Promise.all([testDatabase(), testDatabase()])
  try {
    await sql`create table mine (n int)`.execute(one.db)
    await expect(sql`select * from mine`.execute(two.db)).rejects.toThrow(/mine/)
    const { rows } = await sql<{ n: number }>`select count(*) as n from schema_migration`.execute(two.db)
    expect(rows).toEqual([{ n: expect.any(Number) }])
  } finally {
    await Promise.all([one.drop(), two.drop()])
  }
})

test('the server is of the version asked for', async () => {
  const { db, drop } = await testDatabase()
  const { rows } = await sql<{ major: number }>`select current_setting('server_version_num')::int / 10000 as major`.execute(db)
  await drop()
  expect(rows[0]?.major).toBe(Number(process.env.TEST_PG ?? 17))
})
