import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createServer, type Server } from '../src/app/server.ts'
import { type SyslogReceiver, startSyslog } from '../src/modules/log/index.ts'
import { chooseEngine, foldAll, readLatest, readRange } from '../src/modules/telemetry/index.ts'
import { systemActor } from '../src/platform/actor.ts'
import { sha256Hex } from '../src/platform/crypto.ts'
import { newId } from '../src/platform/ids.ts'
import { createLog } from '../src/platform/log.ts'
import { testDatabase } from '../test/database.ts'
import { freePort, startProgram, stopProgram, stopPrograms } from './programs.ts'

/** Prometheus with node-exporter, rsyslog and VictoriaMetrics as Debian ships them, against a whole server on the real clock. */
const TOKEN = 'live-token'
const PERSON = newId()
const named = (name: string) => [{ label: '__name__', op: '=' as const, value: name }]

let folder: string
let server: Server
let drop: () => Promise<void>
let url: string
let exporter: number
let victoria: number

const inTx = <T>(run: Parameters<typeof server.runtime.door.enter<T>>[1]) =>
  server.runtime.door.enter({ actor: systemActor('test'), readOnly: true }, run)
const start = async (port: number) => {
  await server.app.listen({ host: '127.0.0.1', port })
  return (server.app.server.address() as AddressInfo).port
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'changbai-live-'))
  const database = await testDatabase()
  drop = database.drop
  server = await createServer({
    databaseUrl: database.url,
    secrets: { encryption: Buffer.alloc(32, 1), signing: Buffer.alloc(32, 2) },
    log: createLog('silent'),
    publicUrl: 'http://localhost',
    trustProxy: false,
    background: false,
  })
  await server.runtime.door.enter({ actor: systemActor('test') }, ({ db, now }) =>
    sql`insert into telemetry_source (id, name, token_sha256, state, silence_seconds, created_by, created_by_person_id, created_at)
      values (${newId()}, 'live', ${sha256Hex(TOKEN)}, 'ACTIVE', 300, 'test', ${PERSON}, ${now})`.execute(db),
  )
  url = `http://127.0.0.1:${await start(0)}`
  exporter = await freePort()
  victoria = await freePort()
  startProgram('prometheus-node-exporter', [`--web.listen-address=127.0.0.1:${exporter}`])
  startProgram('victoria-metrics', [
    `-storageDataPath=${join(folder, 'vm')}`,
    `-httpListenAddr=127.0.0.1:${victoria}`,
    '-retentionPeriod=1',
    '-search.latencyOffset=1s',
  ])
}, 120_000)
afterAll(async () => {
  await stopPrograms()
  chooseEngine(undefined)
  await server?.close()
  await drop?.()
  await rm(folder, { recursive: true, force: true })
})

const startPrometheus = async (name: string) => {
  const file = join(folder, `${name}.yml`)
  await writeFile(
    file,
    `global: { scrape_interval: 1s }
scrape_configs:
  - job_name: ${name}
    static_configs: [{ targets: ['127.0.0.1:${exporter}'] }]
  - job_name: discovered
    http_sd_configs: [{ url: '${url}/intake/sd/node', authorization: { credentials: '${TOKEN}' } }]
remote_write:
  - url: ${url}/intake/prometheus/write
    authorization: { credentials: '${TOKEN}' }
    queue_config: { batch_send_deadline: 1s, max_backoff: 1s }
`,
  )
  const port = await freePort()
  return startProgram('prometheus', [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(folder, name)}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ])
}
const rejectsNow = () =>
  inTx(({ db }) => sql<{ reason: string; example: string }>`select reason, example from telemetry_reject`.execute(db))
const loads = (job: string) =>
  inTx((ctx) => readLatest(ctx, { matchers: [...named('node_load1'), { label: 'job', op: '=', value: job }], withinMs: 300_000 }))

describe('Prometheus with node-exporter', () => {
  test('writes, is read back and survives our absence without a gap', async () => {
    const child = await startPrometheus('embedded')
    await vi.waitFor(async () => expect(await loads('embedded')).toHaveLength(1), { timeout: 60_000, interval: 500 })
    const load = execFileSync('cat', ['/proc/loadavg'], { encoding: 'utf8' }).split(' ')[0]
    expect(Math.abs(((await loads('embedded'))[0]?.value ?? -99) - Number(load))).toBeLessThan(5)

    const { port } = server.app.server.address() as AddressInfo
    const wentAt = Date.now()
    await new Promise<void>((done) => {
      server.app.server.close(() => done())
      server.app.server.closeAllConnections()
    })
    await new Promise((done) => setTimeout(done, 8_000))
    const backAt = Date.now()
    await new Promise<void>((done) => server.app.server.listen(port, '127.0.0.1', () => done()))
    await vi.waitFor(async () => expect((await loads('embedded'))[0]?.at ?? 0).toBeGreaterThan(backAt + 3_000), {
      timeout: 60_000,
      interval: 500,
    })
    await foldAll(server.runtime)
    const fromMs = Math.floor(wentAt / 1000) * 1000
    const [found] = await inTx((ctx) =>
      readRange(ctx, { matchers: [...named('up'), { label: 'job', op: '=', value: 'embedded' }], fromMs, toMs: backAt, stepMs: 2_000 }),
    )
    // every two seconds of our absence hold a sample: the sender kept them
    expect(found?.points.length).toBeGreaterThanOrEqual(Math.floor((backAt - fromMs) / 2_000))

    await stopProgram(child)
    const rows = (await rejectsNow()).rows.filter(({ reason }) => reason !== 'busy')
    expect(rows).toEqual([])
  })
  test('through us into VictoriaMetrics: the same pages, by PromQL', async () => {
    chooseEngine(`http://127.0.0.1:${victoria}`)
    const child = await startPrometheus('victoria')
    await vi.waitFor(async () => expect(await loads('victoria')).toHaveLength(1), { timeout: 90_000, interval: 1_000 })
    const toMs = Date.now()
    await vi.waitFor(
      async () => {
        const found = await inTx((ctx) =>
          readRange(ctx, {
            matchers: [
              ...named('node_cpu_seconds_total'),
              { label: 'job', op: '=', value: 'victoria' },
              { label: 'mode', op: '=', value: 'idle' },
            ],
            fromMs: Math.floor(toMs / 60_000) * 60_000 - 120_000,
            toMs: Date.now(),
            stepMs: 60_000,
          }),
        )
        const rate = found.flatMap(({ points }) => points.flatMap((point) => point.rate ?? []))
        expect(Math.max(...rate)).toBeGreaterThan(0)
        expect(Math.max(...rate)).toBeLessThan(1.2)
      },
      { timeout: 90_000, interval: 2_000 },
    )
    await stopProgram(child)
    chooseEngine(undefined)
    expect(await loads('victoria')).toEqual([])
  })
})

describe('rsyslog', () => {
  let syslog: SyslogReceiver
  beforeAll(async () => {
    syslog = await startSyslog(server.runtime, { host: '127.0.0.1', udp: 0, tcp: 0 })
  })
  afterAll(() => syslog.close())

  test('forwards by UDP, by TCP in lines and by TCP with counted octets; every line arrives once', async () => {
    const socket = join(folder, 'log.sock')
    const file = join(folder, 'rsyslog.conf')
    const { udp, tcp } = syslog.ports
    await writeFile(
      file,
      `module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="${socket}")
global(workDirectory="${folder}" localHostname="live-host")
template(name="forward" type="string" string="<%PRI%>%TIMESTAMP:::date-rfc3339% %HOSTNAME% %syslogtag:1:32%%msg:::sp-if-no-1st-sp%%msg%")
if $programname == 'udp' then action(type="omfwd" target="127.0.0.1" port="${udp}" protocol="udp" template="RSYSLOG_TraditionalForwardFormat")
if $programname == 'lines' then action(type="omfwd" target="127.0.0.1" port="${tcp}" protocol="tcp" template="RSYSLOG_SyslogProtocol23Format")
if $programname == 'octets' then action(type="omfwd" target="127.0.0.1" port="${tcp}" protocol="tcp" template="RSYSLOG_SyslogProtocol23Format" TCP_Framing="octet-counted")
`,
    )
    startProgram('rsyslogd', ['-n', '-f', file, '-i', join(folder, 'rsyslog.pid')])
    await new Promise((done) => setTimeout(done, 2_000))
    for (const program of ['udp', 'lines', 'octets'])
      for (let i = 0; i < 20; i++) execFileSync('logger', ['-u', socket, '-t', program, '-p', 'daemon.warning', `第 ${i} 行 line ${i}`])
    await vi.waitFor(
      async () => {
        const { rows } = await inTx(({ db }) =>
          sql<{ app: string; n: number; device: string; severity: number }>`
            select app, count(distinct text) as n, min(device) as device, min(severity) as severity from log_line group by app order by app`.execute(
            db,
          ),
        )
        expect(rows).toEqual(['lines', 'octets', 'udp'].map((app) => ({ app, n: 20, device: 'live-host', severity: 4 })))
      },
      { timeout: 30_000, interval: 500 },
    )
  })
})
