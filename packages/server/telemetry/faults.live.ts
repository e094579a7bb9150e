import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSamples } from '../src/modules/telemetry/index.ts'
import { columnOf } from '../src/modules/telemetry/store/column.domain.ts'
import { encodeWriteV1 } from '../src/modules/telemetry/wire/encode.domain.ts'
import { packSnappy } from '../src/modules/telemetry/wire/snappy.domain.ts'
import { sha256Hex } from '../src/platform/crypto.ts'
import { newId } from '../src/platform/ids.ts'
import { startTestServer, type TestServer } from '../test/harness.ts'

const TOKEN = 'doomed-token'
const LIVES = 6
const SERIES = 50
const script = fileURLToPath(new URL('doomed-intake.ts', import.meta.url))

let t: TestServer
beforeAll(async () => {
  t = await startTestServer({ now: new Date().toISOString(), plan: false })
  await t.inTx(({ db, now }) =>
    sql`insert into telemetry_source (id, name, token_sha256, state, silence_seconds, created_by, created_by_person_id, created_at)
      values (${newId()}, 'doomed', ${sha256Hex(TOKEN)}, 'ACTIVE', 0, 'test', ${newId()}, ${now})`.execute(db),
  )
}, 120_000)
afterAll(() => t.stop())

const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy', authorization: `Bearer ${TOKEN}` }
/** One sample of each series at one instant, its number as value. */
const request = (name: string, atMs: number, number: number): Buffer =>
  packSnappy(
    encodeWriteV1({
      length: SERIES,
      series: Array.from({ length: SERIES }, (_, i) => ({ name, labels: { series: String(i) } })),
      at: Float64Array.from({ length: SERIES }, () => atMs),
      value: columnOf(Array.from({ length: SERIES }, () => number)),
    }),
  )
const valuesOf = async (name: string, fromMs: number) => {
  const matchers = [{ label: '__name__', op: '=' as const, value: name }]
  const found = await t.inTx((ctx) => readSamples(ctx, { matchers, fromMs, toMs: Date.now() + 600_000 }))
  return found.map(({ values }) => [...values])
}

async function startLife(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [script, t.databaseUrl], { stdio: ['ignore', 'pipe', 'inherit'] })
  const port = await new Promise<string>((done, failed) => {
    child.stdout?.once('data', (chunk) => done(String(chunk).trim()))
    child.once('exit', (code) => failed(new Error(`ended with ${code}`)))
  })
  return { child, url: `http://127.0.0.1:${port}/intake/prometheus/write` }
}

test('killed while it takes in and folds, again and again: all that was acknowledged is there, once', async () => {
  const fromMs = Date.now() - 1_800_000
  const acknowledged: number[] = []
  let number = 0
  for (let life = 0; life < LIVES; life++) {
    const { child, url } = await startLife()
    const gone = new Promise<void>((done) => child.once('exit', () => done()))
    // each life ends at another moment, in the middle of a request
    setTimeout(() => child.kill('SIGKILL'), 150 + life * 137)
    for (let isAlive = true; isAlive; ) {
      number += 1
      const mine = number
      const body = new Uint8Array(request('doomed', fromMs + mine * 100, mine))
      isAlive = await fetch(url, { method: 'POST', headers, body }).then(
        ({ status }) => {
          if (status === 204) acknowledged.push(mine)
          return true
        },
        () => false,
      )
    }
    await gone
  }
  expect(acknowledged.length).toBeGreaterThan(LIVES)
  const found = await valuesOf('doomed', fromMs)
  expect(found).toHaveLength(SERIES)
  for (const values of found) {
    expect(new Set(values).size).toBe(values.length)
    expect(acknowledged.filter((one) => !values.includes(one))).toEqual([])
  }
})

test('the database away: senders are told to come back, and what they send again is there, without a gap', async () => {
  const { child, url } = await startLife()
  const name = decodeURIComponent(new URL(t.databaseUrl).pathname.slice(1))
  const elsewhere = new URL(t.databaseUrl)
  elsewhere.pathname = '/postgres'
  const admin = new pg.Client({ connectionString: elsewhere.href })
  await admin.connect()
  const fromMs = Date.now() - 60_000
  const send = (number: number) =>
    fetch(url, { method: 'POST', headers, body: new Uint8Array(request('away', fromMs + number * 100, number)) })
  try {
    expect((await send(1)).status).toBe(204)
    await admin.query(`alter database ${pg.escapeIdentifier(name)} with allow_connections false`)
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
    for (let number = 2; number < 6; number++) {
      const answer = await send(number)
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
    }
    await admin.query(`alter database ${pg.escapeIdentifier(name)} with allow_connections true`)
    for (let number = 2; number < 6; number++) expect((await send(number)).status).toBe(204)
  } finally {
    await admin.query(`alter database ${pg.escapeIdentifier(name)} with allow_connections true`)
    await admin.end()
    child.kill('SIGKILL')
  }
  for (const values of await valuesOf('away', fromMs)) expect(values).toEqual([1, 2, 3, 4, 5])
})
