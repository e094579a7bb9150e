import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { alarmApi } from '@changbai/contract/alarm.ts'
import { availabilityApi } from '@changbai/contract/availability.ts'
import { inventoryApi } from '@changbai/contract/inventory.ts'
import { telemetryApi } from '@changbai/contract/telemetry.ts'
import { monthOf } from '@changbai/verify/availability/year.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { judgeQuiet } from '../src/modules/availability/judge.service.ts'
import { createTenant } from '../src/modules/identity/index.ts'
import { addApplication } from '../src/modules/inventory/index.ts'
import { type Client, startTestServer, type TestServer } from '../test/harness.ts'
import { freePort, startProgram, stopPrograms } from './programs.ts'
import { tableOf, watchHouse } from './watch.ts'

/**
 * The promise of section 7 against a stopwatch: real exporters feed a server started as it is installed, three probe processes look at an application
 * that is really killed and started, and what the chain says of it is held against the stopwatch. `LIVE_MINUTES` (3) says for how long, `WALL_SHOT` where
 * a picture of the wall display is put.
 */
const MINUTES = Number(process.env.LIVE_MINUTES ?? 3)
/**
 * How long it is down, and up in between, in seconds; over and over until the time is up. Looks are ten seconds apart and three in a row make an outage:
 * one that is over within the interval may have been seen by nobody.
 */
const DOWN_SECONDS = [23, 15, 41]
const UP_SECONDS = MINUTES > 10 ? 240 : 25
const YEAR = new Date().getUTCFullYear()
const root = resolve(import.meta.dirname, '../../..')
const wait = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000))
const isThere = (program: string) => spawnSync('which', [program], { stdio: 'ignore' }).status === 0

let t: TestServer
let folder: string
let url: string
let port: number
let appPort: number
let application: ChildProcess | undefined
let applicationId: string
let people: Record<'om' | 'cm' | 'tp' | 'ia' | 'se' | 'pm', Client>
const now = () => t.setNow(Temporal.Now.instant())

/** @returns when it began to listen, by the stopwatch */
async function startApplication(): Promise<number> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'app-on-a-clock.ts'), String(appPort)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  application = child
  return new Promise((done) => child.stdout?.once('data', (chunk) => done(Number(String(chunk)))))
}
/** @returns when it was killed */
async function killApplication(): Promise<number> {
  const gone = new Promise<void>((done) => application?.once('exit', () => done()))
  const at = Date.now()
  application?.kill('SIGKILL')
  await gone
  return at
}

/** Everybody the promise names, an application both sides have agreed to measure, and tokens for whatever sends. */
async function prepareHouse(): Promise<{ probes: string[]; source: string; screen: string }> {
  const tenantId = await t.inTx(async (ctx) => (await createTenant(ctx, { code: 'lcj', name: '省林草局', shortName: '林草局' })).id)
  people = {
    om: await t.signedIn({ role: 'OPERATION_MANAGER' }),
    cm: await t.signedIn({ role: 'CUSTOMER_OM_MANAGER' }),
    tp: await t.signedIn({ role: 'THIRD_PARTY' }),
    ia: await t.signedIn({ role: 'IAAS_ADMIN' }),
    se: await t.signedIn({ role: 'SECURITY_ADMIN' }),
    pm: await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId }),
  }
  const { om, cm, ia, se, pm } = people
  const added = await t.inTx((ctx) =>
    addApplication(ctx, { tenantId, name: '林权登记', code: 'lcj-lq', mlpsLevel: 3, env: 'PROD', state: 'ONLINE' }, 'SCREEN'),
  )
  const target = { kind: 'HTTP' as const, url: `http://127.0.0.1:${appPort}/`, expect: { contains: '政务服务' } }
  applicationId = added.id
  const measurement = { probes: [target], startsAt: t.now().toString() }
  let item = await om.call(inventoryApi.setMeasurement, { id: added.id, rev: added.rev, measurement })
  item = await pm.call(inventoryApi.confirmMeasurement, { id: added.id, rev: item.rev })
  await cm.call(inventoryApi.confirmMeasurement, { id: added.id, rev: item.rev })
  const probes: string[] = []
  for (const name of ['租户网内', '备用机房', '政务外网']) {
    const canary = { kind: 'TCP' as const, url: `tcp://127.0.0.1:${port}`, expect: {} }
    const made = await ia.call(availabilityApi.createProbe, { name, canaries: [canary], networks: ['127.0.0.0/8'] })
    await se.call(availabilityApi.decideProbe, { probeId: made.probe.id, approve: true })
    probes.push(made.token)
  }
  const source = await ia.call(telemetryApi.createSource, { name: 'Prometheus' })
  await se.call(telemetryApi.decideSource, { sourceId: source.source.id, approve: true })
  const screen = await ia.call(alarmApi.createScreen, { name: '值班室' })
  await se.call(alarmApi.decideScreen, { screenId: screen.screen.id, approve: true })
  return { probes, source: source.token, screen: screen.token }
}

/** Debian ships none: what the rules of network devices read. */
const SNMP_MODULE = `if_mib:
  walk: [1.3.6.1.2.1.2.2.1.8, 1.3.6.1.2.1.31.1.1.1.6, 1.3.6.1.2.1.31.1.1.1.10]
  version: 2
  auth: { community: public }
  metrics:
    - { name: ifOperStatus, oid: 1.3.6.1.2.1.2.2.1.8, type: gauge, help: state, indexes: [{ labelname: ifIndex, type: gauge }] }
    - { name: ifHCInOctets, oid: 1.3.6.1.2.1.31.1.1.1.6, type: counter, help: in, indexes: [{ labelname: ifIndex, type: gauge }] }
    - { name: ifHCOutOctets, oid: 1.3.6.1.2.1.31.1.1.1.10, type: counter, help: out, indexes: [{ labelname: ifIndex, type: gauge }] }
`

/** Prometheus with every exporter of this machine, writing to us and taking us for an Alertmanager. */
async function startSenders(token: string): Promise<void> {
  const [node, blackbox, snmp, agent, own] = [await freePort(), await freePort(), await freePort(), await freePort(), await freePort()]
  startProgram('prometheus-node-exporter', [`--web.listen-address=127.0.0.1:${node}`])
  const probe = (job: string, at: number, target: string, params: string) => `
  - job_name: ${job}
    metrics_path: ${params.startsWith('auth') ? '/snmp' : '/probe'}
    params: { ${params.replace(/^auth/, '')} }
    static_configs: [{ targets: ['${target}'] }]
    relabel_configs:
      - { source_labels: [__address__], target_label: __param_target }
      - { source_labels: [__param_target], target_label: instance }
      - { target_label: __address__, replacement: '127.0.0.1:${at}' }`
  let jobs = ''
  if (isThere('prometheus-blackbox-exporter')) {
    const modules = join(folder, 'blackbox.yml')
    await writeFile(modules, 'modules:\n  http_2xx: { prober: http, timeout: 2s }\n')
    startProgram('prometheus-blackbox-exporter', [`--config.file=${modules}`, `--web.listen-address=127.0.0.1:${blackbox}`])
    jobs += probe('blackbox', blackbox, `http://127.0.0.1:${appPort}/`, 'module: [http_2xx]')
  }
  if (isThere('prometheus-snmp-exporter') && isThere('snmpd')) {
    await writeFile(join(folder, 'snmpd.conf'), `agentAddress udp:127.0.0.1:${agent}\nrocommunity public 127.0.0.1\n`)
    startProgram('snmpd', ['-f', '-Lo', '-C', '-c', join(folder, 'snmpd.conf'), '-p', join(folder, 'snmpd.pid')])
    await writeFile(join(folder, 'snmp.yml'), SNMP_MODULE)
    startProgram('prometheus-snmp-exporter', [`--config.file=${join(folder, 'snmp.yml')}`, `--web.listen-address=127.0.0.1:${snmp}`])
    jobs += probe('snmp', snmp, `127.0.0.1:${agent}`, 'authmodule: [if_mib]')
  }
  await writeFile(
    join(folder, 'rules.yml'),
    `groups: [{ name: live, interval: 5s, rules: [{ alert: Watchdog, expr: vector(1), labels: { severity: info } }] }]\n`,
  )
  await writeFile(
    join(folder, 'prometheus.yml'),
    `global: { scrape_interval: 5s, evaluation_interval: 5s }
rule_files: [${join(folder, 'rules.yml')}]
alerting: { alertmanagers: [{ path_prefix: /intake/alertmanager, api_version: v2, authorization: { credentials: '${token}' }, static_configs: [{ targets: ['127.0.0.1:${port}'] }] }] }
remote_write: [{ url: '${url}/intake/prometheus/write', authorization: { credentials: '${token}' } }]
scrape_configs:
  - job_name: node
    static_configs: [{ targets: ['127.0.0.1:${node}'] }]${jobs}
`,
  )
  startProgram('prometheus', [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'prometheus')}`,
    `--web.listen-address=127.0.0.1:${own}`,
  ])
}

let screen: string
let serverPid: number
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'changbai-outage-'))
  t = await startTestServer({ now: new Date().toISOString() })
  port = await freePort()
  appPort = await freePort()
  url = `http://127.0.0.1:${port}`
  now()
  const tokens = await prepareHouse()
  screen = tokens.screen
  const key = (byte: number) => Buffer.alloc(32, byte).toString('base64')
  await writeFile(join(folder, 'secrets.json'), JSON.stringify({ version: 1, encryption: key(1), signing: key(2) }))
  // the program as it is installed, on the real clock, with jobs, timers and pages
  const main = startProgram(process.execPath, [join(root, 'packages/server/src/app/main.ts'), '--empty'], {
    DATABASE_URL: t.databaseUrl,
    SECRET_FILE: join(folder, 'secrets.json'),
    DATA_DIR: folder,
    PORT: String(port),
    LOG_LEVEL: 'error',
  })
  serverPid = main.pid ?? 0
  await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), { timeout: 240_000, interval: 500 })
  await startApplication()
  await startSenders(tokens.source)
  for (const [index, token] of tokens.probes.entries())
    startProgram(
      process.execPath,
      [join(root, 'packages/server/src/app/cli.ts'), 'probe', 'run', '--server', url, '--data', join(folder, `probe-${index}`)],
      { CHANGBAI_PROBE_TOKEN: token },
    )
}, 300_000)
afterAll(async () => {
  application?.kill('SIGKILL')
  await stopPrograms()
  await t?.stop()
  await rm(folder, { recursive: true, force: true })
}, 60_000)

interface Timed {
  downAt: number
  upAt: number
}
const outages = async () => {
  now()
  const { outages: found } = await people.cm.call(availabilityApi.one, { applicationId, year: YEAR })
  return found.filter(({ source, state }) => source === 'PROBE' && state === 'DOWN').reverse()
}
/** What came in and what was raised, as the database has it. */
const countNow = async () => {
  const { rows } = await t.inTx(({ db }) =>
    sql<{ samples: string; open: number; raised: number }>`
      select (select coalesce(sum(samples), 0) from telemetry_source_minute) as samples,
        count(*) filter (where state <> 'CLOSED')::int as open, count(*)::int as raised from alarm`.execute(db),
  )
  const [row] = rows
  return { samples: Number(row?.samples ?? 0), open: row?.open ?? 0, raised: row?.raised ?? 0 }
}
const alarmsRaised = async () =>
  (
    await t.inTx(({ db }) =>
      sql<{ said: string }>`
        select object_name || '：' || (title ->> 'zh') || ' × ' || count(*) as said from alarm where close_reason is distinct from 'NEVER_FIRED'
        group by object_name, title ->> 'zh' order by 1`.execute(db),
    )
  ).rows.map(({ said }) => said)
const ms = (text: string | null) => Date.parse(text ?? '')
const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(3)

/** Runs the verifier as a third party would: its folder alone, nothing else of ours, somewhere else. */
async function verifyElsewhere(file: string): Promise<{ ok: boolean; said: string }> {
  const clean = join(folder, 'elsewhere')
  await cp(join(root, 'packages/verify/src'), clean, { recursive: true })
  await writeFile(join(clean, 'package.json'), '{"type":"module"}')
  const { status, stdout } = spawnSync(process.execPath, [join(clean, 'cli.ts'), file], { cwd: clean, encoding: 'utf8', env: {} })
  return { ok: status === 0, said: stdout.trim() }
}

test(
  'what the chain says of an application that was really killed is what the stopwatch says',
  async () => {
    // the first look of all probes has arrived, and both pace and votes are the usual ones
    await vi.waitFor(
      async () => {
        now()
        const { probes } = await people.cm.call(availabilityApi.one, { applicationId, year: YEAR })
        expect(probes.filter(({ state }) => state === 'UP')).toHaveLength(3)
      },
      { timeout: 120_000, interval: 1_000 },
    )
    const endWatch = await watchHouse({ url, token: screen, serverPid, count: countNow })
    const timed: Timed[] = []
    const untilAt = Date.now() + MINUTES * 60_000
    for (let round = 0; round === 0 || Date.now() < untilAt; round++) {
      await wait(UP_SECONDS)
      const downAt = await killApplication()
      await wait(DOWN_SECONDS[round % DOWN_SECONDS.length] as number)
      const upAt = await startApplication()
      timed.push({ downAt, upAt })
    }
    await wait(30)
    const { moments, complaints, refused } = await endWatch()
    console.log(tableOf(moments))
    console.log(`alarms: ${(await alarmsRaised()).join('; ') || 'none'}; boards refused: ${JSON.stringify([...refused])}`)
    const found = await outages()
    const rows = timed.map(({ downAt, upAt }, index) => {
      const one = found[index]
      const [from, to] = [ms(one?.from ?? null), ms(one?.to ?? null)]
      const [fromLo, toLo] = [ms(one?.fromLo ?? null), ms(one?.toLo ?? null)]
      return { down: upAt - downAt, recorded: to - from, uncertainty: from - fromLo + (to - toLo), downAt, upAt, from, to, fromLo, toLo }
    })
    console.log(
      [
        'stopwatch s  recorded s  printed uncertainty s',
        ...rows.map(
          (row) => `${seconds(row.down).padStart(11)}${seconds(row.recorded).padStart(12)}${seconds(row.uncertainty).padStart(12)}`,
        ),
      ].join('\n'),
    )
    expect(found).toHaveLength(timed.length)
    // a look that was under way at the instant itself may be told a moment before it
    const LOOK_MS = 100
    for (const row of rows) {
      expect(row.downAt).toBeGreaterThanOrEqual(row.fromLo - LOOK_MS)
      expect(row.downAt).toBeLessThanOrEqual(row.from + LOOK_MS)
      expect(row.upAt).toBeGreaterThanOrEqual(row.toLo - LOOK_MS)
      expect(row.upAt).toBeLessThanOrEqual(row.to + LOOK_MS)
      expect(Math.abs(row.recorded - row.down)).toBeLessThanOrEqual(row.uncertainty + 2 * LOOK_MS)
    }
    expect(complaints).toEqual([])
    // a board that is older than a minute shows what is not so any more
    expect(Math.max(...moments.map(({ wallAge }) => wallAge))).toBeLessThan(60)
  },
  (MINUTES + 5) * 60_000,
)

test('real senders were taken in all the while, and nothing of theirs was refused', async () => {
  now()
  const { items } = await people.ia.call(telemetryApi.sources, {})
  const { rows } = await t.inTx(({ db }) =>
    sql<{
      jobs: string[]
    }>`select array_agg(distinct labels->>'job') filter (where labels->>'job' is not null) as jobs from telemetry_series`.execute(db),
  )
  if (isThere('prometheus-snmp-exporter') && isThere('snmpd')) {
    const { rows: ports } = await t.inTx(({ db }) =>
      sql<{ n: number }>`select count(*) as n from telemetry_series where name = 'ifHCInOctets'`.execute(db),
    )
    expect(Number(ports[0]?.n)).toBeGreaterThan(0)
  }
  console.log(`senders: ${rows[0]?.jobs.join(', ')}; ${items[0]?.samplesDay} samples, ${items[0]?.rejectedDay} refused`)
  expect(rows[0]?.jobs).toContain('node')
  expect(items[0]?.samplesDay).toBeGreaterThan(1000)
  expect(items[0]?.rejectedDay).toBe(0)
})

test('a third party confirms the sealed month from a clean folder, and a forged second is caught', async () => {
  await stopPrograms()
  const { om, cm, tp } = people
  const found = await outages()
  await cm.call(availabilityApi.rule, { applicationId, outageId: found[0]?.id ?? '', decision: 'PROVIDER', reason: '实测' })
  const month = monthOf(Date.now())
  // the month is over for the one who seals it
  t.setNow(
    Temporal.PlainDate.from(`${month}-01`)
      .add({ months: 1 })
      .toZonedDateTime({ timeZone: 'Asia/Shanghai', plainTime: '09:00' })
      .toInstant(),
  )
  // this one thing of the minute that is over; the jobs of an hour of telemetry, all due at once, are no part of the seal
  await t.inTx(judgeQuiet)
  const seal = await om.call(availabilityApi.seal, { applicationId, month })
  for (const side of [cm, tp]) await side.call(availabilityApi.confirm, { applicationId, month, seal: seal.seq, result: 'CONFIRMED' })
  const { reply } = await cm.send(availabilityApi.export, { applicationId, year: YEAR })
  const file = join(folder, 'export.ndjson')
  await writeFile(file, reply as unknown as Buffer)
  const honest = await verifyElsewhere(file)
  console.log(
    `verify: ${honest.said}\nsealed ${month}: counted ${seconds(seal.figures.countedMs)} s, unknown ${seconds(seal.figures.unknownMs)} s`,
  )
  expect(honest.ok).toBe(true)
  const counted = found.reduce((sum, { from, to }) => sum + ms(to) - ms(from), 0)
  expect(seal.figures.countedMs).toBe(counted)

  const forged = (await readFile(file, 'utf8')).replaceAll(String(ms(found[0]?.to ?? null)), String(ms(found[0]?.to ?? null) - 1000))
  await writeFile(file, forged)
  const caught = await verifyElsewhere(file)
  console.log(`forged by one second: ${caught.said.split('\n')[0]}`)
  expect(caught.ok).toBe(false)
}, 400_000)
