import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { alarmApi as api } from '@changbai/contract/alarm.ts'
import { telemetryApi } from '@changbai/contract/telemetry.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { chooseHeartbeat } from './heartbeat.ts'

let t: TestServer
let mm: Client
let token = ''
let sourceId = ''
beforeAll(async () => {
  t = await startTestServer({ now: '2026-09-10T12:00' })
  mm = await t.signedIn({ role: 'MAINTENANCE_MANAGER' })
  const ia = await t.signedIn({ role: 'IAAS_ADMIN' })
  const se = await t.signedIn({ role: 'SECURITY_ADMIN' })
  const made = await ia.call(telemetryApi.createSource, { name: '机房 Prometheus', silenceSeconds: 540 })
  await se.call(telemetryApi.decideSource, { sourceId: made.source.id, approve: true })
  token = made.token
  sourceId = made.source.id
})
afterAll(() => t.stop())

const minute = async (length = 'PT1M') => {
  t.advance(length)
  await t.inTx((ctx) => ctx.enqueue('telemetry.watch', {}, { key: 'all' }))
  await t.inTx((ctx) => ctx.enqueue('alarm.watch', {}, { key: 'all' }))
  await t.runJobs()
}
const post = (url: string, payload: unknown, headers = {}) =>
  t.server.app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    payload: JSON.stringify(payload),
  })
const watchdog = (resolved = false) =>
  post('/intake/alertmanager/api/v2/alerts', [
    { labels: { alertname: 'Watchdog', severity: 'none' }, ...(resolved ? { endsAt: t.now().subtract({ seconds: 1 }).toString() } : {}) },
  ])
const sample = (aheadMs: number) => {
  const point = { asDouble: 1, timeUnixNano: String(BigInt(t.now().epochMilliseconds + aheadMs) * 1_000_000n) }
  return post('/intake/otlp/v1/metrics', {
    resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'x', gauge: { dataPoints: [point] } }] }] }],
  })
}
const open = async () => (await mm.call(api.list, {})).items.map(({ objectName, title, level }) => `${level} ${objectName}: ${title.zh}`)

describe('an alert that always fires', () => {
  test('is a sign of life and no alarm', async () => {
    expect((await watchdog()).statusCode).toBe(200)
    await minute()
    expect(await open()).toEqual([])
    expect((await mm.call(api.self, {})).watchdogs).toMatchObject([{ title: '机房 Prometheus · Watchdog', late: false }])
  })
  test('when it stays away, that is the alarm; when it is back, it is over', async () => {
    await minute('PT6M')
    expect(await open()).toEqual(['II 机房 Prometheus · Watchdog: 外部监控链路中断：常报告警没有按时到达'])
    expect((await mm.call(api.self, {})).findings).toHaveLength(1)
    await watchdog()
    await minute()
    expect(await open()).toEqual([])
  })
  test('taken back by its sender it is not expected any more', async () => {
    await watchdog(true)
    expect((await mm.call(api.self, {})).watchdogs).toEqual([])
  })
})

describe('a source', () => {
  test('whose clock is ahead is told of, and not when it is right again', async () => {
    expect((await sample(5_000)).statusCode).toBe(200)
    await new Promise((done) => setTimeout(done, 1_100))
    await minute('PT10S')
    expect(await open()).toEqual(['III 机房 Prometheus: 来源时钟超前'])
    await sample(0)
    await new Promise((done) => setTimeout(done, 1_100))
    await minute('PT10S')
    expect(await open()).toEqual([])
  })
  test('that falls silent is an alarm, over as soon as it speaks', async () => {
    await minute('PT10M')
    expect(await open()).toEqual(['II 机房 Prometheus: 监测来源静默'])
    await sample(0)
    await new Promise((done) => setTimeout(done, 1_100))
    await minute('PT10S')
    expect(await open()).toEqual([])
  })
  test('that was revoked is not expected to speak', async () => {
    await minute('PT10M')
    const se = await t.signedIn({ role: 'SECURITY_ADMIN' })
    await se.call(telemetryApi.decideSource, { sourceId, approve: false })
    await minute()
    expect(await open()).toEqual([])
  })
})

describe('our own sign of life', () => {
  const heard: string[] = []
  let status = 204
  const outside = createServer((request, answer) => {
    heard.push(`${request.method} ${request.url}`)
    answer.writeHead(status).end()
  })
  beforeAll(async () => {
    await new Promise<void>((done) => outside.listen(0, '127.0.0.1', done))
    chooseHeartbeat(`http://127.0.0.1:${(outside.address() as AddressInfo).port}/alive`)
  })
  afterAll(() => {
    chooseHeartbeat(undefined)
    outside.close()
  })
  const beat = async () => {
    heard.length = 0
    await t.inTx((ctx) => ctx.enqueue('alarm.heartbeat', {}, { key: 'all' }))
    await t.runJobs()
    return [...heard]
  }
  test('goes out while the minute’s look is taken, and not when it is not', async () => {
    await minute()
    expect(await beat()).toEqual(['POST /alive'])
    t.advance('PT4M')
    expect(await beat()).toEqual([])
  })
  test('that cannot be delivered is an alarm here', async () => {
    status = 500
    await minute()
    await beat()
    await minute('PT5M')
    expect(await open()).toEqual([expect.stringContaining('心跳送不出去')])
    status = 204
    await beat()
    await minute('PT10S')
    expect(await open()).toEqual([])
  })
})
