/**
 * From an alarm to the first page at the gateway: 100 alarm events a second come in, most of them say again what is known, one in a while is new and
 * opens an incident of its own (fewer than a storm); the officer on duty is told by text over a gateway on this machine. Then a storm: every event is
 * new, and one incident with one page stands for all. `BENCH_SECONDS=20` for a quick look; sixty by default.
 */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sha256Hex } from '../packages/server/src/platform/crypto.ts'
import { connections } from './support/load.ts'
import { report, round } from './support/report.ts'
import { median, quantile, startStage } from './support/stage.ts'

const SECONDS = Number(process.env.BENCH_SECONDS ?? 60)
const PER_SECOND = 100
const BATCH = 10
const KNOWN = 2_000
/** 40 a minute: a storm begins at 60. */
const NEW_EVERY_MS = 1_500
const TOKEN = 'bench-token'
const OFFICERS = 2

/** When a page about this text first reached the gateway. */
const heard = new Map<string, number>()
const gateway = createServer((request, reply) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    const { text } = JSON.parse(Buffer.concat(parts).toString('utf8')) as { text: string }
    const number = /GZ-\d{8}-\d+/.exec(text)?.[0]
    if (number && !heard.has(number)) heard.set(number, performance.now())
    reply.writeHead(200, { 'content-type': 'application/json' }).end('{"code":"0"}')
  })
})
await new Promise<void>((done) => gateway.listen(0, '127.0.0.1', done))

const stage = await startStage({ background: true })
const { sql } = stage
await stage.server.app.listen({ host: '127.0.0.1', port: 0 })
const { port } = stage.server.app.server.address() as AddressInfo
const { call, close } = connections(`http://127.0.0.1:${port}`, () => ({ authorization: `Bearer ${TOKEN}` }))
await sql(
  `insert into telemetry_source (id, name, token_sha256, state, silence_seconds, created_by, created_by_person_id, created_at)
   values ($1, 'bench', $2, 'ACTIVE', 0, 'bench', $1, now())`,
  [randomUUID(), sha256Hex(TOKEN)],
)
const settings = {
  channel: 'SMS',
  url: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/text`,
  method: 'POST',
  headers: {},
  contentType: 'application/json',
  body: '{"phone":"{phone}","text":"{text}"}',
  success: { path: 'code', value: '0' },
  receipt: null,
}
await sql(
  `insert into notification_channel (id, channel, name, state, settings, proposed_by_name, proposed_at) values ($1, 'SMS', 'bench', 'ACTIVE', $2, '', now())`,
  [randomUUID(), JSON.stringify(settings)],
)
const officers = Array.from({ length: OFFICERS }, () => randomUUID())
for (const [n, id] of officers.entries()) {
  await sql(`insert into person (id, sign_in, name, phone, active, created_at) values ($1, $2, '值班', '1390000000${n}', true, now())`, [
    id,
    `duty${n}`,
  ])
  await sql(
    `insert into role_grant (id, person_id, role, status, reason, proposed_at) values ($1, $2, 'DUTY_OFFICER', 'IN_FORCE', '', now())`,
    [randomUUID(), id],
  )
}
const rosterId = randomUUID()
await sql(
  `insert into duty_roster (id, line, from_on, to_on, state, made_by, made_at) values ($1, 'MOBILE_7X24', current_date - 1, current_date + 1, 'PUBLISHED', '', now())`,
  [rosterId],
)
await sql(
  `insert into duty_shift (id, roster_id, line, starts_at, ends_at, primary_id, backup_id, published)
   values ($1, $2, 'MOBILE_7X24', now() - interval '1 day', now() + interval '1 day', $3, $4, true)`,
  [randomUUID(), rosterId, officers[0], officers[1]],
)

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, Math.max(0, milliseconds)))
const alertOf = (instance: string) => ({
  labels: { alertname: 'Bench', instance, severity: 'warning' },
  annotations: { summary: 'bench' },
  endsAt: new Date(Date.now() + 240_000).toISOString(),
})
const send = (conn: number, instances: readonly string[]) =>
  call(conn, 'POST', '/intake/alertmanager/api/v2/alerts', instances.map(alertOf))
const knownAt = (n: number) => `10.99.${Math.floor((n % KNOWN) / 250)}.${n % 250}:9100`

// what is known before; their storm is over when it counts
for (let n = 0; n < KNOWN; n += 200)
  await send(
    0,
    Array.from({ length: 200 }, (_, i) => knownAt(n + i)),
  )
await sql(`update alarm set fired_at = fired_at - interval '10 minutes', since_at = since_at - interval '10 minutes'`)
await pause(2_000)

/** Sends what `instancesAt` says, a batch each tenth of a second, on time; keeps when each new one was due. */
async function run(seconds: number, newAt: (batch: number) => string[], dueOf: Map<string, number>): Promise<void> {
  const begun = performance.now()
  const open: Promise<unknown>[] = []
  for (let batch = 0; batch < (seconds * PER_SECOND) / BATCH; batch++) {
    const due = begun + (batch * BATCH * 1000) / PER_SECOND
    await pause(due - performance.now())
    const fresh = newAt(batch)
    for (const instance of fresh) dueOf.set(instance, due)
    const rest = Array.from({ length: BATCH - fresh.length }, (_, i) => knownAt(batch * BATCH + i))
    open.push(send(batch % 8, [...fresh, ...rest]))
  }
  await Promise.all(open)
}
/** From when each was sent to the first page of the incident it is under; what came under an incident already paged took no page. */
async function waitsOf(dueOf: ReadonlyMap<string, number>): Promise<{ waits: number[]; unpaged: number; incidents: number }> {
  await pause(6_000)
  const rows = await sql<{ instance: string; number: string | null }>(
    `select labels ->> 'instance' as instance, coalesce(p.number, i.number) as number from alarm a
     left join incident i on i.id = a.incident_id left join incident p on p.id = i.parent_id where labels ->> 'instance' = any($1)`,
    [[...dueOf.keys()]],
  )
  const waits: number[] = []
  let unpaged = dueOf.size - rows.length
  for (const { instance, number } of rows) {
    const at = number === null ? undefined : heard.get(number)
    if (at === undefined) unpaged += 1
    else waits.push(Math.max(0, at - (dueOf.get(instance) ?? 0)))
  }
  return { waits, unpaged, incidents: new Set(rows.map(({ number }) => number)).size }
}

const each = new Map<string, number>()
const every = Math.round((NEW_EVERY_MS / 1000) * (PER_SECOND / BATCH))
await run(SECONDS, (batch) => (batch % every === 0 ? [`10.98.0.${batch / every}:9100`] : []), each)
const own = await waitsOf(each)

// the storm of what was known before is over: this one opens its own incident and its own page
await sql(`update incident set status = 'CLOSED', closed_at = now()`)
await sql(`update alarm set fired_at = fired_at - interval '10 minutes'`)
const all = new Map<string, number>()
await run(10, (batch) => Array.from({ length: BATCH }, (_, i) => `10.97.${Math.floor(batch / 25)}.${(batch % 25) * BATCH + i}:9100`), all)
const storm = await waitsOf(all)

close()
await stage.stop()
await new Promise((done) => gateway.close(done))

report([
  {
    what: `new alarm to its incident's first page at the gateway, ${own.waits.length} among ${PER_SECOND} events/s, p50`,
    measured: `${round(median(own.waits), 0)} ms`,
    target: '',
    passed: null,
  },
  {
    what: 'the same, p99',
    measured: `${round(quantile(own.waits, 0.99), 0)} ms; without a page: ${own.unpaged}`,
    target: 'under 5,000 ms, none without',
    passed: quantile(own.waits, 0.99) < 5_000 && own.unpaged === 0,
  },
  {
    what: `a storm of ${PER_SECOND} new alarms/s for 10 s: until the first page of the incident they are under, p99`,
    measured: `${round(quantile(storm.waits, 0.99), 0)} ms; ${storm.incidents} incidents for ${all.size} alarms; without a page: ${storm.unpaged}`,
    target: 'under 5,000 ms',
    passed: quantile(storm.waits, 0.99) < 5_000,
  },
])
