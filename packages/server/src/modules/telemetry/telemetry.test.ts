import { gzipSync } from 'node:zlib'
import { inventoryApi } from '@changbai/contract/inventory.ts'
import { telemetryApi } from '@changbai/contract/telemetry.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { createTenant } from '../identity/index.ts'
import { foldAll, measureItems, onAccepted, readLatest, readRange } from './index.ts'
import { watchSources } from './source.service.ts'
import { columnOf, STALE_HIGH, STALE_LOW } from './store/column.domain.ts'
import { sweepTelemetry } from './telemetry.jobs.ts'
import { encodeWriteV1 } from './wire/encode.domain.ts'
import { packSnappy } from './wire/snappy.domain.ts'

type Labels = Record<string, string>
type Sample = [name: string, labels: Labels, at: string, value: number]

const body = (samples: readonly Sample[], stale = false): Buffer => {
  const value = columnOf(samples.map(([, , , one]) => one))
  if (stale) for (let i = 0; i < samples.length; i++) value.words.set([STALE_LOW, STALE_HIGH], 2 * i)
  const series = samples.map(([name, labels]) => ({ name, labels }))
  return packSnappy(encodeWriteV1({ length: samples.length, series, at: Float64Array.from(samples, ([, , at]) => Date.parse(at)), value }))
}
const named = (name: string) => [{ label: '__name__', op: '=' as const, value: name }]
const ms = Date.parse

let t: TestServer
let admin: Client
let security: Client
let token: string
let sourceId: string

const post = (url: string, payload: Buffer | string, headers: Labels = {}) =>
  t.server.app.inject({ method: 'POST', url, payload, headers: { authorization: `Bearer ${token}`, ...headers } })
const v1 = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy', 'user-agent': 'Prometheus/2.42.0' }
const write = (samples: readonly Sample[], stale = false) => post('/intake/prometheus/write', body(samples, stale), v1)
/** Every 15 s from `from`, `count` times. */
const every = (name: string, labels: Labels, from: string, count: number, value: (i: number) => number): Sample[] =>
  Array.from({ length: count }, (_, i) => [name, labels, new Date(ms(from) + i * 15_000).toISOString(), value(i)])

beforeAll(async () => {
  t = await startTestServer({ now: '2026-09-18T12:00:00Z', plan: false })
  admin = await t.signedIn({ role: 'IAAS_ADMIN' })
  security = await t.signedIn({ role: 'SECURITY_ADMIN' })
  // a machine that is busy starting answers 503 for a moment
  const made = await vi.waitFor(() => admin.call(telemetryApi.createSource, { name: '核心区 Prometheus' }), {
    timeout: 20_000,
    interval: 200,
  })
  token = made.token
  sourceId = made.source.id
})
afterAll(() => t.stop())

describe('tokens', () => {
  test('open nothing before a second person approves, and nothing under another name', async () => {
    expect((await write([['up', {}, '2026-09-18T11:59:00Z', 1]])).statusCode).toBe(401)
    expect((await security.call(telemetryApi.decideSource, { sourceId, approve: true })).state).toBe('ACTIVE')
    const basic = Buffer.from(`anything:${token}`).toString('base64')
    const other = await t.server.app.inject({ method: 'GET', url: '/intake/sd/node', headers: { authorization: 'Bearer wrong' } })
    expect(other.statusCode).toBe(401)
    // what was refused a moment ago is remembered for five seconds by its digest
    t.advance('PT6S')
    const sd = await t.server.app.inject({ method: 'GET', url: '/intake/sd/node', headers: { authorization: `Basic ${basic}` } })
    expect([sd.statusCode, sd.body]).toEqual([200, '[]'])
  })
})

describe('remote write', () => {
  const load = every('load', { instance: 'a:9100' }, '2026-09-18T11:00:00Z', 240, (i) => i)
  test('what is acknowledged can be read at once, before and after it is folded; a re-send changes nothing', async () => {
    expect((await write(load)).statusCode).toBe(204)
    const read = () =>
      t.inTx((ctx) =>
        readRange(ctx, {
          matchers: named('load'),
          fromMs: ms('2026-09-18T11:00:00Z'),
          toMs: ms('2026-09-18T12:00:00Z'),
          stepMs: 1_800_000,
        }),
      )
    const before = await read()
    expect(before[0]?.points.map(({ count, avg, max, min, last }) => ({ count, avg, max, min, last }))).toEqual([
      { count: 120, avg: 59.5, max: 119, min: 0, last: 119 },
      { count: 120, avg: 179.5, max: 239, min: 120, last: 239 },
    ])
    await foldAll(t.server.runtime)
    expect(await read()).toEqual(before)
    expect((await write(load)).statusCode).toBe(204)
    expect(await read()).toEqual(before)
    await foldAll(t.server.runtime)
    expect(await read()).toEqual(before)
  })
  test('out of order within an hour is taken, beyond it, from the future and from long ago refused; the good ones stay', async () => {
    const heard: number[] = []
    const stop = onAccepted(({ length, series }) => heard.push(length, series[0]?.id ?? 0))
    const answer = await write([
      ['order', {}, '2026-09-18T11:59:00Z', 1],
      ['order', {}, '2026-09-18T10:59:30Z', 2],
      ['order', {}, '2026-09-18T10:58:00Z', 3],
      ['order', {}, '2026-09-18T12:11:00Z', 4],
      ['order', {}, '2026-07-18T12:11:00Z', 5],
    ])
    stop()
    expect(answer.statusCode).toBe(400)
    expect(answer.body).toMatch(/^3 of 5 refused, the others are written: 2 too-old.*1 too-new/)
    expect(heard[0]).toBe(2)
    const [found] = await t.inTx((ctx) =>
      readRange(ctx, {
        matchers: named('order'),
        fromMs: ms('2026-09-18T10:00:00Z'),
        toMs: ms('2026-09-18T13:00:00Z'),
        stepMs: 10_800_000,
      }),
    )
    expect(found?.points[0]).toMatchObject({ count: 2, last: 1 })
  })
  test.each([
    ['a label twice', [['x', { a: '1' }, '2026-09-18T11:59:00Z', 1]] as Sample[], 'a', 'duplicate-label'],
    ['no name', [['', { a: '1' }, '2026-09-18T11:59:00Z', 1]] as Sample[], '', 'no-name'],
  ])('%s is refused by name', async (_, samples, twice, reason) => {
    const good: Sample = ['good', {}, '2026-09-18T11:59:00Z', 1]
    let bytes = encodeWriteV1({
      length: 2,
      series: [...samples, good].map(([name, labels]) => ({ name, labels })),
      at: Float64Array.from([0, 0], () => ms('2026-09-18T11:59:00Z')),
      value: columnOf([1, 1]),
    })
    if (twice) {
      // the first series begins with its length; one more label of six bytes goes in behind it
      const label = Buffer.from([0x0a, 6, 0x0a, 1, 0x61, 0x12, 1, 0x32])
      bytes = Buffer.concat([bytes.subarray(0, 1), Buffer.from([(bytes[1] as number) + label.length]), label, bytes.subarray(2)])
    }
    const answer = await post('/intake/prometheus/write', packSnappy(bytes), v1)
    expect(answer.statusCode).toBe(400)
    expect(answer.body).toContain(`1 of 2 refused, the others are written: 1 ${reason}`)
  })
  test('a series that says it ended has no newest sample; the chart keeps what was', async () => {
    const latest = () => t.inTx((ctx) => readLatest(ctx, { matchers: named('ends'), withinMs: 600_000 }))
    await write([['ends', {}, '2026-09-18T11:58:00Z', 7]])
    expect((await latest()).map(({ value }) => value)).toEqual([7])
    expect((await write([['ends', {}, '2026-09-18T11:58:15Z', 0]], true)).statusCode).toBe(204)
    expect(await latest()).toEqual([])
    await foldAll(t.server.runtime)
    expect(await latest()).toEqual([])
  })
  test.each([
    ['zstd', { ...v1, 'content-encoding': 'zstd' }, 415],
    ['no packing', { 'content-type': 'application/x-protobuf' }, 415],
    ['another message', { ...v1, 'content-type': 'application/x-protobuf;proto=something.Else' }, 415],
    ['what is no snappy', v1, 400],
  ])('%s is answered by its own status', async (_, headers, status) => {
    expect((await post('/intake/prometheus/write', Buffer.from('nothing of the kind'), headers as Labels)).statusCode).toBe(status)
  })
  test('version 2.0: symbols, written counts on success and on failure, histograms counted as refused', async () => {
    const text = (tag: number, s: string) => Buffer.concat([Buffer.from([tag, Buffer.byteLength(s)]), Buffer.from(s)])
    const sample = Buffer.alloc(16)
    sample[0] = 0x09
    sample.writeDoubleLE(42, 1)
    sample[9] = 0x10
    let at = ms('2026-09-18T11:59:00Z')
    for (let i = 10; i < 16; i++) {
      sample[i] = (at % 128) | (i < 15 ? 0x80 : 0)
      at = Math.floor(at / 128)
    }
    const series = (refs: number[], histogram = false) => {
      const inner = Buffer.concat([
        Buffer.from([0x0a, refs.length, ...refs, 0x12, 16]),
        sample,
        ...(histogram ? [Buffer.from([0x1a, 0])] : []),
      ])
      return Buffer.concat([Buffer.from([0x2a, inner.length]), inner])
    }
    const symbols = ['', '__name__', 'second', 'zone', 'a'].map((symbol) => text(0x22, symbol))
    const v2 = { ...v1, 'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request' }
    const good = await post('/intake/prometheus/write', packSnappy(Buffer.concat([...symbols, series([1, 2, 3, 4])])), v2)
    expect([good.statusCode, good.headers['x-prometheus-remote-write-samples-written']]).toEqual([204, '1'])
    const mixed = await post(
      '/intake/prometheus/write',
      packSnappy(Buffer.concat([...symbols, series([1, 2], true), series([1, 2, 9, 9])])),
      v2,
    )
    expect([mixed.statusCode, mixed.headers['x-prometheus-remote-write-samples-written']]).toEqual([400, '1'])
    expect(mixed.body).toMatch(/1 malformed.*1 histogram|1 histogram.*1 malformed/)
    const found = await t.inTx((ctx) =>
      readLatest(ctx, { matchers: [...named('second'), { label: 'zone', op: '=~', value: 'a|b' }], withinMs: 600_000 }),
    )
    expect(found.map(({ value, series: { labels } }) => [value, labels])).toEqual([[42, { zone: 'a' }]])
  })
})

test('labels that cannot be read are refused for good: a sender told to come back would come for ever', async () => {
  const bytes = encodeWriteV1({
    length: 1,
    series: [{ name: 'bad', labels: {} }],
    at: Float64Array.of(t.now().epochMilliseconds),
    value: columnOf([1]),
  })
  // the tag of the label's name: a group, which nobody uses
  bytes[bytes.indexOf('__name__') - 2] = 0x0b
  const answer = await post('/intake/prometheus/write', packSnappy(bytes), v1)
  expect([answer.statusCode, answer.body]).toEqual([400, expect.stringContaining('protobuf')])
})

describe('OTLP', () => {
  const metrics = {
    resourceMetrics: [
      {
        resource: {
          attributes: [
            { key: 'service.name', value: { stringValue: 'agent' } },
            { key: 'host.name', value: { stringValue: 'vm-1' } },
          ],
        },
        scopeMetrics: [
          {
            metrics: [
              {
                name: 'system.cpu.time',
                unit: 's',
                sum: {
                  aggregationTemporality: 2,
                  isMonotonic: true,
                  dataPoints: [
                    {
                      timeUnixNano: String(ms('2026-09-18T11:59:00Z') * 1e6),
                      asDouble: 5.5,
                      attributes: [{ key: 'cpu.state', value: { stringValue: 'idle' } }],
                    },
                  ],
                },
              },
              { name: 'requests', sum: { aggregationTemporality: 1, dataPoints: [{ timeUnixNano: '1', asInt: '3' }] } },
            ],
          },
        ],
      },
    ],
  }
  test('JSON, packed: good points stay, the others are counted, with 200', async () => {
    const answer = await post('/intake/otlp/v1/metrics', gzipSync(JSON.stringify(metrics)), {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    })
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({ partialSuccess: { rejectedDataPoints: '1' } })
    const [found] = await t.inTx((ctx) => readLatest(ctx, { matchers: named('system_cpu_time_seconds_total'), withinMs: 600_000 }))
    expect([found?.value, found?.series.labels]).toEqual([5.5, { cpu_state: 'idle', instance: 'vm-1', job: 'agent' }])
  })
  test('what is no such message is 400 with a status, and not to be sent again', async () => {
    const answer = await post('/intake/otlp/v1/metrics', '{"resourceMetrics":7}', { 'content-type': 'application/json' })
    expect([answer.statusCode, answer.json().code]).toEqual([400, 3])
  })
})

describe('objects', () => {
  let serverId: string
  beforeAll(async () => {
    const builder = await t.signedIn({ role: 'BUILD_PROJECT_MANAGER' })
    const server = await builder.call(inventoryApi.createServer, {
      kind: 'baremetal',
      name: 'host-1',
      env: 'PROD',
      vcpu: 4,
      memGiB: 8,
      rootGiB: 100,
      addresses: [{ address: '10.1.2.3', zone: '业务区', public: false }],
    } as never)
    serverId = server.id
    t.advance('PT61S')
    const labels = { instance: '10.1.2.3:9100' }
    await write([
      ...every('node_cpu_seconds_total', { ...labels, cpu: '0', mode: 'idle' }, '2026-09-18T11:00:00Z', 240, (i) => 1000 + i * 15 * 0.75),
      ...every('node_cpu_seconds_total', { ...labels, cpu: '1', mode: 'idle' }, '2026-09-18T11:00:00Z', 240, (i) =>
        i < 120 ? i * 15 * 0.25 : (i - 120) * 15 * 0.25,
      ),
      ...every('node_memory_MemAvailable_bytes', labels, '2026-09-18T11:00:00Z', 240, (i) => (i < 20 ? 2_000 : 6_000)),
      ...every('node_memory_MemTotal_bytes', labels, '2026-09-18T11:00:00Z', 240, () => 8_000),
    ])
  })
  test('[5.3-1] counters become shares, resets allowed for; peak is the greatest five-minute average', async () => {
    const manager = await t.signedIn({ role: 'MAINTENANCE_MANAGER' })
    const input = { itemId: serverId, from: '2026-09-18T11:00:00Z', to: '2026-09-18T12:00:00Z' }
    const { measures, item } = await manager.call(telemetryApi.item, input)
    expect(item.name).toBe('host-1')
    expect(measures.map(({ measure, peakAt, coverage }) => [measure, peakAt, coverage])).toEqual([
      ['cpu', expect.any(String), 1],
      ['memory', '2026-09-18T11:00:00.000Z', 1],
    ])
    expect(measures[0]?.average).toBeCloseTo(0.5, 2)
    expect(measures[1]).toMatchObject({ peak: 0.75, p95: expect.closeTo(0.475, 3) })
    const top = await manager.call(telemetryApi.top, { measure: 'memory', from: input.from, to: input.to })
    expect(top.items.map(({ name, peak }) => [name, peak])).toEqual([['host-1', 0.75]])
  })
  test('the same figures come out of roll-ups a month later; what was excluded does not count', async () => {
    t.advance('P0DT200H')
    await foldAll(t.server.runtime)
    const span = { fromMs: ms('2026-09-18T00:00:00Z'), toMs: ms('2026-09-19T00:00:00Z') }
    const found = await t.inTx((ctx) => measureItems(ctx, 'memory', [serverId], span))
    expect(found.get(serverId)).toMatchObject({ peak: 0.75, peakAt: ms('2026-09-18T11:00:00Z'), coverage: 12 / 288 })
    const excluded = [{ fromMs: ms('2026-09-18T11:00:00Z'), toMs: ms('2026-09-18T11:05:00Z') }]
    const less = await t.inTx((ctx) => measureItems(ctx, 'memory', [serverId], span, { excluded }))
    expect(less.get(serverId)?.peak).toBe(0.25)
    const cpu = await t.inTx((ctx) => measureItems(ctx, 'cpu', [serverId], span))
    expect(cpu.get(serverId)?.average).toBeCloseTo(0.5, 1)
  })
  test('somebody of another bureau sees no curve', async () => {
    const other = await t.inTx((ctx) => createTenant(ctx, { code: 'theirs', name: '他局', shortName: '他局' }))
    const stranger = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: other.id })
    const answer = await stranger.send(telemetryApi.item, { itemId: serverId, from: '2026-09-18T11:00:00Z', to: '2026-09-18T12:00:00Z' })
    expect(answer.status).toBe(404)
  })
  test('service discovery lists what is in use, with whose it is', async () => {
    const answer = await t.server.app.inject({ method: 'GET', url: '/intake/sd/node', headers: { authorization: `Bearer ${token}` } })
    expect(answer.json()).toEqual([{ targets: ['10.1.2.3:9100'], labels: expect.objectContaining({ ci_id: serverId, ci_name: 'host-1' }) }])
  })
})

describe('keeping', () => {
  test('old days go with their partitions, sums stay', async () => {
    const count = async () => {
      const fromMs = ms('2026-09-18T11:00:00Z')
      const find = (toMs: number, stepMs: number) => t.inTx((ctx) => readRange(ctx, { matchers: named('load'), fromMs, toMs, stepMs }))
      return [
        (await find(ms('2026-09-18T12:00:00Z'), 3_600_000)).length,
        (await find(ms('2026-09-18T19:00:00Z'), 3_600_000))[0]?.points[0]?.count,
      ]
    }
    expect(await count()).toEqual([1, 240])
    t.advance('PT720H')
    await t.inTx(sweepTelemetry)
    expect(await count()).toEqual([0, 240])
    t.advance('PT10000H')
    await t.inTx(sweepTelemetry)
    expect(await count()).toEqual([0, undefined])
  })
  test('a source that falls silent is found once, and its return is noted; refusals are told by reason', async () => {
    const at = () => new Date(t.now().epochMilliseconds).toISOString()
    await write([['again', {}, at(), 1]])
    const read = () => admin.call(telemetryApi.source, { sourceId })
    const sentAt = t.now().toString()
    await vi.waitFor(async () => expect(Date.parse((await read()).source.lastSeenAt ?? '')).toBe(Date.parse(sentAt)), 5_000)
    t.advance('PT301S')
    await t.inTx(watchSources)
    const { source, rejects } = await read()
    expect(Date.parse(source.silentSince ?? '')).toBe(Date.parse(sentAt))
    // what was refused above is noted by now, on this day or an earlier one: once a second
    const countsOf = (list: typeof rejects) => Object.fromEntries(list.map(({ reason, count }) => [reason, count]))
    const before = countsOf(rejects)
    await t.inTx(watchSources)
    await write([
      ['again', {}, '2026-01-01T00:00:00Z', 1],
      ['again', {}, at(), 1],
    ])
    await vi.waitFor(async () => expect((await read()).source.silentSince).toBeNull(), 5_000)
    const after = await read()
    expect([after.source.sender, countsOf(after.rejects)]).toEqual([
      'Prometheus/2.42.0',
      { ...before, 'too-old': (before['too-old'] ?? 0) + 1 },
    ])
    const notices = await t.inTx(({ db }) =>
      sql<{ event: string }>`select distinct event from notice where event like 'telemetry.%' order by 1`.execute(db),
    )
    expect(notices.rows.map(({ event }) => event)).toContain('telemetry.source-silent')
  })
})
