/**
 * Alarms: 10,000 events a minute as an Alertmanager gets them, from receipt to the durable decision; and a value that crosses its bound until its alarm
 * is visible through the API, with 1,000 other values a second. `BENCH_MINUTES=1` for a quick look; five by default.
 */
import { randomUUID } from 'node:crypto'
import { sha256Hex } from '../packages/server/src/platform/crypto.ts'
import { report, round } from './support/report.ts'
import { median, quantile, startStage } from './support/stage.ts'

const MINUTES = Number(process.env.BENCH_MINUTES ?? 5)
const PER_MINUTE = 10_000
/** Alertmanager peers send in batches; Prometheus at most 256 at once. */
const BATCH = 20
const OBJECTS = 2_000
const TOKEN = 'bench-token'
const CROSSINGS = 40

const stage = await startStage()
const { app } = stage.server
await stage.sql(
  `insert into telemetry_source (id, name, token_sha256, state, silence_seconds, created_by, created_by_person_id, created_at)
   values ($1, 'bench', $2, 'ACTIVE', 0, 'bench', $1, now())`,
  [randomUUID(), sha256Hex(TOKEN)],
)
const send = (url: string, body: unknown) =>
  app.inject({
    method: 'POST',
    url,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    payload: JSON.stringify(body),
  })
const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, Math.max(0, milliseconds)))

/** A tenth begins or ends, the rest says again what is known: what a fleet in trouble sends. */
const alertAt = (n: number) => ({
  labels: {
    alertname: `Bench${n % 5}`,
    instance: `10.99.${Math.floor((n % OBJECTS) / 250)}.${n % 250}:9100`,
    severity: n % 7 === 0 ? 'critical' : 'warning',
  },
  annotations: { summary: 'bench' },
  ...(Math.floor(n / OBJECTS) % 10 === 9 ? { endsAt: new Date().toISOString() } : { endsAt: new Date(Date.now() + 240_000).toISOString() }),
})
const waits: number[] = []
let refused = 0
const total = MINUTES * PER_MINUTE
const begun = performance.now()
const open: Promise<void>[] = []
for (let n = 0; n < total; n += BATCH) {
  const due = begun + (n / PER_MINUTE) * 60_000
  await pause(due - performance.now())
  const batch = Array.from({ length: BATCH }, (_, i) => alertAt(n + i))
  // from when it was due, so that a server that falls behind cannot hide it
  open.push(
    send('/intake/alertmanager/api/v2/alerts', batch).then(({ statusCode }) => {
      waits.push(performance.now() - due)
      if (statusCode !== 200) refused += 1
    }),
  )
}
await Promise.all(open)
const took = (performance.now() - begun) / 1000

const gauge = (name: string, instance: string, value: number) => ({
  name,
  gauge: {
    dataPoints: [
      {
        asDouble: value,
        timeUnixNano: `${Date.now()}000000`,
        attributes: [
          { key: 'instance', value: { stringValue: instance } },
          { key: 'device', value: { stringValue: 'md0' } },
        ],
      },
    ],
  },
})
const measure = (metrics: object[]) => send('/intake/otlp/v1/metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] })
let noise = true
const others = (async () => {
  for (let round = 0; noise; round++) {
    await measure(Array.from({ length: 100 }, (_, i) => gauge('cpu_usage_active', `10.98.0.${i}:9100`, (round + i) % 80)))
    await pause(100)
  }
})()
const visible: number[] = []
for (let n = 0; n < CROSSINGS; n++) {
  const instance = `10.97.0.${n}:9100`
  await measure([gauge('node_md_degraded', instance, 0)])
  await pause(50 + ((n * 37) % 100))
  const from = performance.now()
  await measure([gauge('node_md_degraded', instance, 1)])
  for (;;) {
    const { items } = (await stage.get(`/api/alarms?state=open&q=${instance}`)) as { items: { state: string }[] }
    if (items.some(({ state }) => state === 'FIRING')) break
    if (performance.now() - from > 10_000) throw new Error('no alarm within ten seconds')
    await pause(5)
  }
  visible.push(performance.now() - from)
}
noise = false
await others
await stage.stop()

report([
  { what: `${total} events in ${round(took)} s: refused`, measured: `${refused} requests`, target: '0', passed: refused === 0 },
  { what: 'receipt to durable decision, p50', measured: `${round(median(waits))} ms`, target: '', passed: null },
  {
    what: 'receipt to durable decision, p99',
    measured: `${round(quantile(waits, 0.99))} ms`,
    target: '< 1,000 ms',
    passed: quantile(waits, 0.99) < 1000,
  },
  {
    what: 'a crossed bound to its alarm through the API, p50, 1,000 other values/s',
    measured: `${round(median(visible))} ms`,
    target: '< 100 ms',
    passed: median(visible) < 100,
  },
  { what: 'the same, p95', measured: `${round(quantile(visible, 0.95))} ms`, target: '< 300 ms', passed: quantile(visible, 0.95) < 300 },
])
