import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../test/harness.ts'
import { grantDirect, holdersOf } from '../modules/identity/index.ts'
import { openDatabase } from './db.ts'
import { isStalePlan } from './prepared.ts'

let t: TestServer
beforeAll(async () => {
  t = await startTestServer({})
})
afterAll(() => t.stop())

test('a command that grants a role knows its new holder, though it had asked before', async () => {
  const person = await t.signedIn({ role: 'SERVICE_DESK' })
  const personId = person.actor.personId ?? ''
  await t.inTx(async (ctx) => {
    const before = await holdersOf(ctx, 'DUTY_OFFICER')
    await grantDirect(ctx, { personId, role: 'DUTY_OFFICER', tenantId: null, applicationId: null, reason: '' })
    expect(await holdersOf(ctx, 'DUTY_OFFICER')).toEqual([...before, personId])
  })
})

test('whatever writes a grant, a delegation or who is active forgets who holds what', () => {
  const folder = join(import.meta.dirname, '../modules/identity')
  const WRITES =
    /(insertInto|deleteFrom)\('(role_grant|delegation)'\)|updateTable\('(role_grant|delegation)'\)|\.set\(\{ active|insert into (role_grant|delegation)\b/
  const functions = readdirSync(folder)
    .filter((name) => name.endsWith('.store.ts'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split(/\n(?=export )/))
  const writers = functions.filter((text) => WRITES.test(text))
  expect(writers.length).toBeGreaterThan(4)
  expect(writers.filter((text) => !text.includes('forget(db, HOLDERS)'))).toEqual([])
})

test('a table that gets a column under a connection that has prepared a read of it is read again', async () => {
  const { db, close } = openDatabase(t.databaseUrl, { poolSize: 1 })
  const read = () => sql<{ id: number }>`select * from stale_plan where id = ${1}`.execute(db)
  try {
    await sql`create table stale_plan (id int primary key)`.execute(db)
    for (let i = 0; i < 4; i++) await read()
    await sql`alter table stale_plan add column more text`.execute(db)
    const failed = await read().then(
      () => null,
      (error: unknown) => error,
    )
    expect(isStalePlan(failed)).toBe(true)
    for (let i = 0; i < 4; i++) expect((await read()).rows).toEqual([])
  } finally {
    await sql`drop table stale_plan`.execute(db)
    await close()
  }
})
