import { deskApi } from '@changbai/contract/desk.ts'
import { incidentApi } from '@changbai/contract/incident.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { createTenant } from '../identity/index.ts'
import { deskClauses } from './index.ts'

let t: TestServer
let agent: Client
let manager: Client
let caller: Client
let tenantId: string
const at = (text: string) => Temporal.Instant.from(`${text}+08:00`).toString()
const call = { line: 'DESK', callerName: '杨帆', callerOrg: '省林草局', phone: '139 0000-1111', content: '门户打不开' } as const
const times = { calledAt: at('2026-09-18T14:50'), answeredAt: at('2026-09-18T14:50:10') }

beforeAll(async () => {
  t = await startTestServer()
  tenantId = await t.inTx(async (ctx) => (await createTenant(ctx, { code: 'LC', name: '吉林省林业和草原局', shortName: '省林草局' })).id)
  agent = await t.signedIn({ role: 'SERVICE_DESK', name: '王雨桐' })
  manager = await t.signedIn({ role: 'MAINTENANCE_MANAGER', name: '赵立新' })
  caller = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId, name: '杨帆' })
  await t.inTx((ctx) => sql`update person set phone = '13900001111' where id = ${caller.personId}`.execute(ctx.db))
}, 60_000)
afterAll(() => t.stop())

describe('[5.10.1-(1)b] a call and what came of it', () => {
  it('a fault becomes an incident of the caller’s bureau, and whoever answered has responded', async () => {
    const recorded = await agent.call(deskApi.record, { ...call, ...times, type: 'FAULT', criteria: ['SLOW'] })
    expect(recorded.linkedNo).toMatch(/^GZ-20260918-/)
    const incident = await manager.call(incidentApi.get, { incidentId: recorded.incidentId ?? '' })
    expect(incident).toMatchObject({ source: 'HOTLINE', status: 'ACKNOWLEDGED', tenantId, reporterName: '杨帆', handlerName: null })
    expect(incident.clocks[0]).toMatchObject({ startAt: times.calledAt, doneAt: times.answeredAt, state: 'met' })
    // the bureau that called follows it in its own pages
    expect((await caller.call(incidentApi.get, { incidentId: incident.id })).reporterName).toBe('杨帆')
  })
  it('a number is recognised however it is written, with what is open and what was said before', async () => {
    const known = await agent.call(deskApi.caller, { phone: '139-0000-1111' })
    expect(known.people).toMatchObject([{ name: '杨帆', tenantName: '吉林省林业和草原局' }])
    expect(known.matters).toHaveLength(1)
    expect(known.calls.map((one) => one.type)).toEqual(['FAULT'])
    expect(await agent.call(deskApi.caller, { phone: '0431-555' })).toEqual({ people: [], matters: [], calls: [] })
  })
  it('[5.10.1-(2)b] the machine room’s report becomes an incident, unanswered it is not responded', async () => {
    const room = { ...call, phone: '', callerName: '韩彬', callerOrg: '机房', content: '冷机停机' }
    const recorded = await agent.call(deskApi.record, {
      ...room,
      ...times,
      answeredAt: null,
      type: 'FACILITY_REPORT',
      criteria: ['PART_FAILED'],
    })
    const incident = await manager.call(incidentApi.get, { incidentId: recorded.incidentId ?? '' })
    expect(incident).toMatchObject({ source: 'FACILITY_MONITOR', status: 'NEW' })
    expect(incident.clocks[0]?.doneAt).toBeNull()
  })
  it.each<[string, object, string]>([
    ['a fault without a criterion', { type: 'FAULT' }, 'desk.no-criteria'],
    ['a question without an answer', { type: 'CONSULT' }, 'desk.no-result'],
    ['answered before it came in', { type: 'CONSULT', result: '已答', answeredAt: at('2026-09-18T14:49') }, 'desk.backwards'],
    ['answered in the future', { type: 'CONSULT', result: '已答', answeredAt: at('2026-09-18T16:00') }, 'desk.backwards'],
  ])('refused: %s', async (_, change, kind) => {
    const { problem } = await agent.send(deskApi.record, { ...call, ...times, type: 'CONSULT', ...change } as never)
    expect(problem.type).toBe(`urn:changbai:problem:${kind}`)
  })
  it('statistics count what was answered in time, what has a result, and no score that nobody gave', async () => {
    await agent.call(deskApi.record, {
      ...call,
      calledAt: times.calledAt,
      answeredAt: at('2026-09-18T14:50:40'),
      type: 'CONSULT',
      result: '已答复',
    })
    const missed = await agent.call(deskApi.record, { ...call, line: 'MOBILE', ...times, answeredAt: null, type: 'CONSULT' })
    const day = { fromOn: '2026-09-18', toOn: '2026-09-18' }
    expect(await manager.call(deskApi.statistics, day)).toMatchObject({
      calls: 4,
      answered: 2,
      inTime: 1,
      withResult: 3,
      faults: 2,
      linked: 2,
      rated: 0,
      averageScore: null,
    })
    await agent.call(deskApi.rate, { callId: missed.id, score: 3 })
    expect(await manager.call(deskApi.statistics, day)).toMatchObject({ rated: 1, averageScore: 3 })
    expect((await agent.send(deskApi.rate, { callId: missed.id, score: 5 })).problem.type).toContain('desk.rated')
  })
  it('the board reads a result of every call, and an incident of every report of the machine room', async () => {
    const span = { from: Temporal.Instant.from(at('2026-09-18T00:00')), to: Temporal.Instant.from(at('2026-09-19T00:00')), asOf: t.now() }
    const kept = async (of: string) => {
      const source = deskClauses.find((one) => one.of === of)
      if (!source || source.meter === 'rhythm') throw new Error(`no source ${of}`)
      return (await t.inTx((ctx) => source.read(ctx, span))).map((one) => one.kept).sort()
    }
    expect(await kept('call-result')).toEqual([false, true, true, true])
    expect(await kept('facility-report')).toEqual([true])
  })
  it('bureaus and leaders do not read the calls', async () => {
    expect((await caller.send(deskApi.calls, {})).status).toBe(403)
    expect((await manager.call(deskApi.calls, { q: '门户' })).items.length).toBeGreaterThan(0)
  })
})
