import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createServer } from '../src/app/server.ts'
import { readSamples } from '../src/modules/telemetry/index.ts'
import { columnOf } from '../src/modules/telemetry/store/column.domain.ts'
import { encodeWriteV1 } from '../src/modules/telemetry/wire/encode.domain.ts'
import { packSnappy } from '../src/modules/telemetry/wire/snappy.domain.ts'
import { systemActor } from '../src/platform/actor.ts'
import { sha256Hex } from '../src/platform/crypto.ts'
import type { Ctx } from '../src/platform/ctx.ts'
import { openDatabase } from '../src/platform/db.ts'
import { type Embedded, startEmbedded } from '../src/platform/embedded/embedded.ts'
import { newId } from '../src/platform/ids.ts'
import { createLog } from '../src/platform/log.ts'
import { migrate } from '../src/platform/migrate.ts'

/** A disk that fills while samples are taken in: a file system of 420 MB in memory, so it needs root. */
const SIZE = '420m'
const TOKEN = 'disk-token'
const SERIES = 2_000

let folder: string
let embedded: Embedded
let child: ChildProcess
let url: string
let number = 0
const acknowledged: number[] = []

beforeAll(async () => {
  if (process.getuid?.() !== 0) throw new Error('a small file system is mounted for this: run it as root')
  folder = await mkdtemp(join(tmpdir(), 'changbai-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', folder])
  execFileSync('chmod', ['755', folder])
  embedded = await startEmbedded({ dataDir: join(folder, 'data'), log: () => {}, settings: { max_wal_size: '64MB', min_wal_size: '32MB' } })
  const { db, close } = openDatabase(embedded.url, { poolSize: 2 })
  await migrate(db)
  await sql`insert into telemetry_source (id, name, token_sha256, state, silence_seconds, created_by, created_by_person_id, created_at)
    values (${newId()}, 'disk', ${sha256Hex(TOKEN)}, 'ACTIVE', 0, 'test', ${newId()}, now())`.execute(db)
  await close()
  child = spawn(process.execPath, [fileURLToPath(new URL('doomed-intake.ts', import.meta.url)), embedded.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await new Promise<string>((done) => child.stdout?.once('data', (chunk) => done(String(chunk).trim())))
  url = `http://127.0.0.1:${port}/intake/prometheus/write`
}, 180_000)
afterAll(async () => {
  child?.kill('SIGKILL')
  await embedded?.stop().catch(() => {})
  spawnSync('umount', ['-l', folder])
  await rm(folder, { recursive: true, force: true })
}, 60_000)

const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy', authorization: `Bearer ${TOKEN}` }
const fromMs = Date.now() - 1_800_000
/** One sample of each series, its number as value. */
async function send(value: number): Promise<Response> {
  const body = packSnappy(
    encodeWriteV1({
      length: SERIES,
      series: Array.from({ length: SERIES }, (_, i) => ({ name: 'disk', labels: { series: String(i) } })),
      at: Float64Array.from({ length: SERIES }, () => fromMs + value * 100),
      value: columnOf(Array.from({ length: SERIES }, () => value)),
    }),
  )
  const answer = await fetch(url, { method: 'POST', headers, body: new Uint8Array(body) })
  if (answer.status === 204) acknowledged.push(value)
  return answer
}

test('a full disk is 503 with when to come back; with room again everything goes on, and nothing acknowledged is lost', async () => {
  for (let i = 0; i < 5; i++) {
    const answer = await send(++number)
    expect([answer.status, await answer.text()]).toEqual([204, ''])
  }
  // everything but a little is taken away
  spawnSync('dd', ['if=/dev/zero', `of=${join(folder, 'ballast')}`, 'bs=1M'], { stdio: 'ignore' })
  const refused = await vi.waitFor(
    async () => {
      const answer = await send(++number)
      expect(answer.status).not.toBe(204)
      return answer
    },
    { timeout: 90_000, interval: 20 },
  )
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
  for (let i = 0; i < 10; i++) expect((await send(++number)).status).toBe(503)
  expect(child.exitCode).toBeNull()

  await rm(join(folder, 'ballast'))
  await vi.waitFor(async () => expect((await send(++number)).status).toBe(204), { timeout: 90_000, interval: 500 })
  const reader = await createServer({
    databaseUrl: embedded.url,
    secrets: { encryption: Buffer.alloc(32, 1), signing: Buffer.alloc(32, 2) },
    log: createLog('silent'),
    publicUrl: 'http://localhost',
    trustProxy: false,
    background: false,
    poolSize: 2,
  })
  const read = <T>(run: (ctx: Ctx) => Promise<T>) => reader.runtime.door.enter({ actor: systemActor('test'), readOnly: true }, run)
  try {
    // refusals of the time without room are told once there is room
    await vi.waitFor(
      async () => {
        const { rows } = await read(({ db }) =>
          sql<{ count: number }>`select count from telemetry_reject where reason = 'busy'`.execute(db),
        )
        expect(Number(rows[0]?.count ?? 0)).toBeGreaterThanOrEqual(10)
      },
      { timeout: 30_000, interval: 500 },
    )
    const matchers = [{ label: '__name__', op: '=' as const, value: 'disk' }]
    const found = await read((ctx) => readSamples(ctx, { matchers, fromMs, toMs: Date.now() + 600_000 }))
    expect(found).toHaveLength(SERIES)
    for (const { values } of found) expect(acknowledged.filter((one) => !values.includes(one))).toEqual([])
    console.log(
      `${acknowledged.length} requests acknowledged before and after, ${number - acknowledged.length} refused; all acknowledged are there`,
    )
  } finally {
    await reader.close()
  }
}, 300_000)
