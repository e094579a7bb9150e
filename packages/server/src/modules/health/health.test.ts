import { gunzipSync } from 'node:zlib'
import { alarmApi } from '@changbai/contract/alarm.ts'
import { healthApi } from '@changbai/contract/health.ts'
import { ledgerApi } from '@changbai/contract/ledger.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { createSlowTally } from '../../platform/slow.ts'
import { lookAtHealth } from './health.service.ts'
import { freeShare, watchOwnVitals } from './vitals.ts'

let t: TestServer
let admin: Client
let iaas: Client
let manager: Client

const look = () => t.inTx(lookAtHealth)
const stateOf = async (check: string) => (await admin.call(healthApi.get, {})).findings.find((one) => one.check === check)
const alarms = async () => (await manager.call(alarmApi.list, {})).items.filter(({ source }) => source === 'PLATFORM')

beforeAll(async () => {
  t = await startTestServer({ now: Temporal.Now.instant().toString() })
  admin = await t.signedIn({ role: 'SYSTEM_ADMIN' })
  iaas = await t.signedIn({ role: 'IAAS_ADMIN' })
  manager = await t.signedIn({ role: 'MAINTENANCE_MANAGER' })
})
afterAll(() => t.stop())

test('nothing is called well before it was looked at', async () => {
  expect(await admin.call(healthApi.get, {})).toMatchObject({ state: 'UNKNOWN', checkedAt: null, findings: [] })
})

test('each process says how it is; one that went silent is gone', async () => {
  const tally = createSlowTally()
  tally.note('select pg_sleep($1)', 250.4)
  tally.note('select pg_sleep($1)', 900)
  tally.note('select 1', 199)
  const one = watchOwnVitals('1.0.0', t.now(), ['/'], tally)
  const other = watchOwnVitals('1.0.1', t.now(), ['/'], createSlowTally())
  await t.inTx((ctx) => one.report(ctx))
  await t.inTx((ctx) => other.report(ctx))
  await look()
  expect(await stateOf('processes')).toMatchObject({ state: 'WARNING', says: { zh: expect.stringContaining('1.0.0、1.0.1') } })
  t.advance('PT101S')
  await t.inTx((ctx) => one.report(ctx))
  const { processes } = await admin.call(healthApi.get, {})
  expect(processes.map(({ version, isAlive }) => [version, isAlive])).toEqual([
    ['1.0.0', true],
    ['1.0.1', false],
  ])
  await t.inTx((ctx) => other.leave(ctx))
  expect((await admin.call(healthApi.get, {})).processes).toHaveLength(1)
  expect((await admin.call(healthApi.slow, {})).items).toMatchObject([
    { statement: 'select pg_sleep($1)', calls: 2, totalMs: 1150, maxMs: 900 },
  ])
  expect(await freeShare(['/'])).toBeGreaterThan(0)
  expect(await freeShare(['/nowhere/at/all'])).toBeNull()
})

test('a ledger that is not sealed raises an alarm, and sealing it ends the alarm', async () => {
  await admin.call(healthApi.support, {})
  t.advance('PT31M')
  await look()
  expect(await stateOf('ledger')).toMatchObject({ state: 'FAILED', todo: { zh: expect.stringContaining('ledger.seal') } })
  const before = await stateOf('ledger')
  t.advance('PT2M')
  await look()
  expect((await stateOf('ledger'))?.sinceAt).toBe(before?.sinceAt)
  expect(await alarms()).toContainEqual(
    expect.objectContaining({ title: expect.objectContaining({ zh: '账本没有按时封存' }), level: 'II', state: 'FIRING' }),
  )
  await t.inTx((ctx) => ctx.enqueue('ledger.seal', {}))
  await t.runJobs()
  for (let i = 0; i < 3; i++) {
    await look()
    t.advance('PT2M')
  }
  expect(await stateOf('ledger')).toMatchObject({ state: 'OK', todo: null })
  expect((await alarms()).filter(({ title, state }) => title.zh === '账本没有按时封存' && state === 'FIRING')).toEqual([])
})

test('a clock that steps back an hour is noticed by the next look', async () => {
  await look()
  const now = t.now()
  t.setNow(now.subtract({ hours: 1 }))
  await look()
  expect(await stateOf('clock')).toMatchObject({ state: 'FAILED', says: { zh: '时钟倒退了 60 分钟' } })
  t.setNow(now)
})

test('a job that was given up is seen with its reason and tried again once', async () => {
  await t.inTx((ctx) => ctx.enqueue('platform.sweep', {}))
  await t.inTx(({ db }) =>
    sql`update pgboss.job set state = 'failed', completed_on = now(), output = '{"message":"no route to host"}' where name = 'platform.sweep'`.execute(
      db,
    ),
  )
  const { queues, failed } = await admin.call(healthApi.queues, {})
  expect(queues).toContainEqual(expect.objectContaining({ queue: 'platform.sweep', failed: 1 }))
  expect(failed).toMatchObject([{ queue: 'platform.sweep', reason: 'no route to host' }])
  const job = { queue: 'platform.sweep', jobId: failed[0]?.id ?? '' }
  expect((await iaas.send(healthApi.retryJob, job)).status).toBe(403)
  await admin.call(healthApi.retryJob, job)
  expect((await admin.send(healthApi.retryJob, job)).problem.type).toContain('health.job-not-failed')
  expect((await admin.call(healthApi.queues, {})).failed).toEqual([])
})

test('the support archive holds figures and no secret, and leaves a fact', async () => {
  const answer = await admin.send(healthApi.support, {})
  const text = gunzipSync(answer.reply as unknown as Buffer).toString()
  expect(JSON.parse(text)).toMatchObject({ settings: { digest: 'SHA-256' }, health: { findings: expect.any(Array) } })
  expect(text).not.toMatch(/postgres(ql)?:\/\/|password|secret|Bearer/i)
  const auditor = await t.signedIn({ role: 'AUDIT_ADMIN' })
  const { items } = await auditor.call(ledgerApi.searchFacts, { kind: 'support-archive.' })
  expect(items).not.toHaveLength(0)
})

test('/metrics carries the checks and the queues', async () => {
  const { body } = await t.server.app.inject({ method: 'GET', url: '/metrics' })
  expect(body).toMatch(/changbai_health_state\{check="ledger"\} \d/)
  expect(body).toMatch(/changbai_jobs\{queue="[\w.-]+",state="waiting"\} \d/)
})
