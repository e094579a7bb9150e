import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { columnOf } from '../src/modules/telemetry/store/column.domain.ts'
import { encodeWriteV1 } from '../src/modules/telemetry/wire/encode.domain.ts'
import { packSnappy } from '../src/modules/telemetry/wire/snappy.domain.ts'
import { sha256Hex } from '../src/platform/crypto.ts'
import { newId } from '../src/platform/ids.ts'
import { startTestServer, type TestServer } from '../test/harness.ts'
import { freePort } from './programs.ts'

/**
 * Malformed snappy, protobuf, OTLP and syslog through the real doors of a server process of its own: it must neither end nor answer with a fault of its
 * own, its memory stays bounded, and what was refused is counted. `FUZZ_MB` says how much, 32 by default; `npm run test:fuzz` sends 1,024. The same
 * number gives the same bytes.
 */
const TOTAL = Number(process.env.FUZZ_MB ?? 32) * 1_048_576
/** Lines become rows, most of them long: a sixth of all is enough of them. */
const LINES = TOTAL / 6
const RESIDENT_MAX = 1_200 * 1_048_576
const TOKEN = 'fuzz-token'
const AT_ONCE = 4

let t: TestServer
let child: ChildProcess
let url: string
let syslog: number
let ended: number | null | undefined

beforeAll(async () => {
  t = await startTestServer({ now: new Date().toISOString(), plan: false })
  await t.inTx(({ db, now }) =>
    sql`insert into telemetry_source (id, name, token_sha256, state, silence_seconds, created_by, created_by_person_id, created_at)
      values (${newId()}, 'fuzz', ${sha256Hex(TOKEN)}, 'ACTIVE', 0, 'test', ${newId()}, ${now})`.execute(db),
  )
  syslog = await freePort()
  child = spawn(process.execPath, [fileURLToPath(new URL('doomed-intake.ts', import.meta.url)), t.databaseUrl, String(syslog)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child.once('exit', (code) => {
    ended = code
  })
  const port = await new Promise<string>((done) => child.stdout?.once('data', (chunk) => done(String(chunk).trim())))
  url = `http://127.0.0.1:${port}`
}, 120_000)
afterAll(async () => {
  child?.kill('SIGKILL')
  await t?.stop()
})

/** Mulberry32: small, and the same everywhere. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
const random = randomOf(20_260_918)
const below = (most: number) => Math.floor(random() * most)
function noise(length: number): Buffer {
  const words = new Uint32Array(Math.ceil(length / 4))
  for (let i = 0; i < words.length; i++) words[i] = Math.floor(random() * 4_294_967_296)
  return Buffer.from(words.buffer, 0, length)
}
const good = (series: number): Buffer =>
  encodeWriteV1({
    length: series,
    series: Array.from({ length: series }, (_, i) => ({ name: 'fuzz', labels: { instance: `host-${i}`, zone: 'a' } })),
    at: Float64Array.from({ length: series }, () => Date.now()),
    value: columnOf(Array.from({ length: series }, (_, i) => i)),
  })
const templates = [good(20), good(2_000), good(12_000)]
function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  for (let changes = 1 + below(8); changes > 0; changes--) copy[below(copy.length)] = below(256)
  return copy.subarray(0, random() < 0.2 ? below(copy.length) : copy.length)
}
const template = () => templates[below(templates.length)] as Buffer
const WRITE = '/intake/prometheus/write'
const OTLP = '/intake/otlp/v1/metrics'
const v1 = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' }
const v2 = { 'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request', 'content-encoding': 'snappy' }
const kinds: readonly (() => [path: string, headers: Record<string, string>, body: Buffer])[] = [
  () => [WRITE, v1, noise(1 + below(400_000))],
  () => [WRITE, v1, damaged(packSnappy(template()))],
  () => [WRITE, v1, packSnappy(damaged(template()))],
  () => [WRITE, v2, packSnappy(damaged(template()))],
  () => [WRITE, v2, packSnappy(noise(1 + below(200_000)))],
  () => [OTLP, { 'content-type': 'application/x-protobuf' }, random() < 0.5 ? damaged(template()) : noise(1 + below(400_000))],
  () => [OTLP, { 'content-type': 'application/json' }, Buffer.from(`{"resourceMetrics":[${noise(below(50_000)).toString('latin1')}]}`)],
  () => [OTLP, { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' }, noise(1 + below(100_000))],
]
/** The most memory the process ever held, in bytes. */
const peak = (): number => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) * 1024

test('requests', async () => {
  const answers = new Map<number, number>()
  let sent = 0
  let turn = 0
  const sendOn = async (): Promise<void> => {
    while (sent < TOTAL - LINES) {
      const [path, headers, body] = (kinds[turn++ % kinds.length] as (typeof kinds)[number])()
      sent += body.length
      const answer = await fetch(url + path, {
        method: 'POST',
        headers: { ...headers, authorization: `Bearer ${TOKEN}` },
        body: new Uint8Array(body),
      })
      await answer.arrayBuffer()
      answers.set(answer.status, (answers.get(answer.status) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, sendOn))
  const seen = [...answers].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`)
  console.log(
    `${Math.round(sent / 1_048_576)} MB in ${turn} requests; answers ${seen.join(', ')}; peak memory ${Math.round(peak() / 1_048_576)} MB`,
  )
  expect([...answers.keys()].filter((status) => ![200, 204, 400, 413, 415, 503].includes(status))).toEqual([])
  expect(answers.get(400)).toBeGreaterThan(turn / 4)
  expect(ended).toBeUndefined()
  expect(peak()).toBeLessThan(RESIDENT_MAX)
}, 3_600_000)

test('lines and datagrams', async () => {
  let sent = 0
  const write = (socket: Socket, bytes: Buffer) =>
    new Promise<void>((done) => (socket.write(bytes) ? done() : socket.once('drain', () => done())))
  const datagrams = createSocket('udp4')
  while (sent < LINES) {
    const socket = connect(syslog, '127.0.0.1')
    // whoever sends rubbish may be hung up on
    socket.on('error', () => {})
    const closed = new Promise<void>((done) => socket.once('close', () => done()))
    for (let part = 0; part < 40 && !socket.destroyed && sent < LINES; part++) {
      const length = 1 + below(60_000)
      const begin = Buffer.from(
        [`${below(1e9)} <`, `<${below(999)}>1 `, '\n<13>', '0 ', `${length} <34>1 - - - - - - `][below(5)] as string,
      )
      const bytes = Buffer.concat([begin, noise(length)])
      sent += bytes.length
      await Promise.race([write(socket, bytes), closed])
      datagrams.send(noise(1 + below(1_400)), syslog, '127.0.0.1')
    }
    socket.end()
    const late = setTimeout(() => socket.destroy(), 2_000)
    await closed
    clearTimeout(late)
  }
  datagrams.close()
  console.log(`${Math.round(sent / 1_048_576)} MB of lines; peak memory ${Math.round(peak() / 1_048_576)} MB`)
  expect(ended).toBeUndefined()
  expect(peak()).toBeLessThan(RESIDENT_MAX)
}, 3_600_000)

test('what is good is still taken, and what was not is counted', async () => {
  const at = Date.now()
  const body = packSnappy(
    encodeWriteV1({ length: 1, series: [{ name: 'after', labels: {} }], at: Float64Array.of(at), value: columnOf([42]) }),
  )
  const answer = await fetch(url + WRITE, {
    method: 'POST',
    headers: { ...v1, authorization: `Bearer ${TOKEN}` },
    body: new Uint8Array(body),
  })
  expect(answer.status).toBe(204)
  const { rows } = await vi.waitFor(
    async () => {
      const found = await t.inTx(({ db }) =>
        sql<{ reason: string; count: number; example: string }>`select reason, count, example from telemetry_reject order by 1`.execute(db),
      )
      expect(found.rows.some(({ reason }) => reason === 'malformed')).toBe(true)
      return found
    },
    { timeout: 20_000, interval: 500 },
  )
  // a fault of the content must never look like a store that is busy
  expect(rows.filter(({ reason, example }) => reason === 'busy' && /protobuf|snappy|OTLP|json/i.test(example))).toEqual([])
  const lines = await t.inTx(({ db }) => sql<{ n: number }>`select count(*) as n from log_line`.execute(db))
  console.log(
    `counted: ${rows.map(({ reason, count, example }) => `${reason} ${count} (${example.slice(0, 60)})`).join(', ')}; lines kept ${lines.rows[0]?.n}`,
  )
  expect(Number(lines.rows[0]?.n)).toBeGreaterThan(0)
}, 60_000)
