import { problemApi as api } from '@changbai/contract/known-problem.ts'
import { notificationApi } from '@changbai/contract/notification.ts'
import { stateOf } from '@changbai/verify/clauses.domain.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { createTenant } from '../identity/index.ts'
import { addIncident } from '../incident/index.ts'
import { problemClauses } from './index.ts'

let t: TestServer
let mm: Client
let engineer: Client
let second: Client
let bureau: Client
let tenantId: string
const refusal = (answer: { problem: { type: string } }) => answer.problem.type.split(':').at(-1)
const iso = (text: string) => Temporal.Instant.from(`${text}+08:00`)

/** An incident that began and was solved, without walking through its steps. */
async function solved(title: string, began: string, ended: string | null): Promise<string> {
  const row = await t.inTx((ctx) =>
    addIncident(ctx, {
      title,
      symptom: `${title}，用户登录时收不到短信验证码`,
      criteria: ['BUSINESS_DOWN'],
      source: 'MONITOR',
      tenantId,
      applicationId: null,
      reporterId: null,
      reporterName: '监控',
      reporterPhone: '',
      detectedAt: iso(began),
      reportedAt: iso(began),
      isSecurity: false,
    }),
  )
  if (ended)
    await t.inTx((ctx) =>
      sql`update incident_clock set done_at = ${iso(ended)} where incident_id = ${row.id} and clock = 'solution'`.execute(ctx.db),
    )
  return row.id
}
const analysed = (incidentId: string, recurrenceOf: string | null) =>
  t.inTx(async (ctx) => {
    const analysis = { summary: '短信网关会话断开未重连', root: '网关心跳未启用', nature: 'SOFTWARE', recurrenceOf }
    await sql`update incident set postmortem = ${JSON.stringify(analysis)}::jsonb where id = ${incidentId}`.execute(ctx.db)
    await ctx.publish('incident.closed', { incidentId, number: 'GZ', severity: 'I', source: 'MONITOR', mergedIntoId: null })
  })
const ofIncident = (incidentId: string) => mm.call(api.ofIncident, { incidentId })

beforeAll(async () => {
  t = await startTestServer({ now: '2026-09-18T15:00' })
  tenantId = await t.inTx(async (ctx) => (await createTenant(ctx, { code: 'LC', name: '省林草局', shortName: '省林草局' })).id)
  mm = await t.signedIn({ role: 'MAINTENANCE_MANAGER', name: '赵立新' })
  engineer = await t.signedIn({ role: 'MAINTENANCE_ENGINEER', name: '马骏' })
  second = await t.signedIn({ role: 'MAINTENANCE_MANAGER', name: '陈立' })
  bureau = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId, name: '杨帆' })
}, 60_000)
afterAll(() => t.stop())

describe('[5.8-5] the cause behind incidents', () => {
  let first: string
  let problemId: string
  it('an analysed incident leaves a problem with its root cause', async () => {
    first = await solved('统一门户验证码收不到', '2026-09-01T08:00', '2026-09-01T09:00')
    await analysed(first, null)
    const { problem } = await ofIncident(first)
    problemId = problem?.id ?? ''
    expect(await mm.call(api.get, { problemId })).toMatchObject({
      state: 'OPEN',
      rootCause: '网关心跳未启用',
      nature: 'SOFTWARE',
      incidents: 1,
      recurrences: 0,
      linkedIncidents: [{ id: first, recurred: false }],
    })
  })
  it('an incident not analysed leaves none', async () => {
    const other = await solved('咨询', '2026-09-02T08:00', null)
    await t.inTx((ctx) =>
      ctx.publish('incident.closed', { incidentId: other, number: 'GZ', severity: 'IV', source: 'PORTAL', mergedIntoId: null }),
    )
    expect((await ofIncident(other)).problem).toBeNull()
  })
  it('a known error needs cause and way round, and is offered to an incident that looks like it', async () => {
    expect(refusal(await engineer.send(api.markKnown, { problemId }))).toBe('problem.cause-first')
    const before = await mm.call(api.get, { problemId })
    await engineer.call(api.change, {
      problemId,
      title: before.title,
      description: before.description,
      nature: 'SOFTWARE',
      rootCause: before.rootCause,
      workaround: '重启短信网关会话，验证码即可收到',
      solution: '',
      ownerId: engineer.personId,
    })
    expect(await engineer.call(api.markKnown, { problemId })).toMatchObject({ state: 'KNOWN_ERROR', ownerName: '马骏' })
    const alike = await solved('人社门户验证码收不到', '2026-09-18T10:00', null)
    const { hints, problem } = await ofIncident(alike)
    expect(problem).toBeNull()
    expect(hints).toMatchObject([{ id: problemId, workaround: '重启短信网关会话，验证码即可收到', sameApplication: false }])
    expect(hints[0]?.likeness).toBeGreaterThan(0.2)
    const unlike = await t.inTx(async (ctx) => {
      await sql`update incident set title = '磁盘已满', symptom = '写入报错 ENOSPC' where id = ${alike}`.execute(ctx.db)
      return alike
    })
    expect((await ofIncident(unlike)).hints).toEqual([])
  })
  it('resolved, closed by another person', async () => {
    await engineer.call(api.resolve, { problemId, solution: '启用心跳并告警' })
    expect((await engineer.send(api.close, { problemId })).status).toBe(403)
    await mm.call(api.reopen, { problemId, reason: '再看一周' })
    await mm.call(api.resolve, { problemId, solution: '启用心跳并告警' })
    expect(refusal(await mm.send(api.close, { problemId }))).toBe('problem.same-person')
    await t.inTx((ctx) =>
      sql`insert into incident_action (id, incident_id, description, type, owner_id, due_on, verify_method, state)
        values (gen_random_uuid(), ${first}, '启用心跳', 'PREVENT', ${engineer.personId}, '2026-09-17', '断网演练', 'OPEN')`.execute(
        ctx.db,
      ),
    )
    expect(refusal(await second.send(api.close, { problemId }))).toBe('problem.open-actions')
    expect((await mm.call(api.actions, { state: 'OPEN' })).items).toMatchObject([{ desc: '启用心跳', isOverdue: true, ownerName: '马骏' }])
    expect((await mm.call(api.actions, { mine: 'true' })).items).toEqual([])
    await t.inTx((ctx) => sql`update incident_action set state = 'VERIFIED', done_at = ${iso('2026-09-17T10:00')}`.execute(ctx.db))
    expect(await second.call(api.close, { problemId })).toMatchObject({ state: 'CLOSED' })
  })
  it('the same cause within 90 days is a recurrence: the problem is open again and leaders hear of it', async () => {
    const again = await solved('统一门户验证码又收不到', '2026-09-18T08:00', '2026-09-18T09:00')
    await analysed(again, problemId)
    expect(await mm.call(api.get, { problemId })).toMatchObject({
      state: 'OPEN',
      recurrences: 1,
      linkedIncidents: [{ recurred: false }, { recurred: true, afterDays: 17 }],
    })
    expect((await second.call(notificationApi.inbox, {})).items.map((one) => one.event)).toContain('problem.recurred')
    expect(refusal(await mm.send(api.link, { problemId, incidentId: again }))).toBe('problem.linked')
  })
  it('the board reads the actions in time and the recurrence as a breach', async () => {
    const span = { from: iso('2026-09-01T00:00'), to: iso('2026-10-01T00:00'), asOf: t.now() }
    const read = async (of: string) => {
      const source = problemClauses.find((one) => one.of === of)
      if (!source || source.meter === 'rhythm') throw new Error(`no source ${of}`)
      return (await t.inTx((ctx) => source.read(ctx, span))).map((one) => [one.id.split(':')[0], stateOf(one, span.asOf.toString())])
    }
    expect(await read('postmortem')).toEqual([
      ['action', 'MET'],
      ['recurrence', 'BREACHED'],
    ])
    expect((await read('maintenance-work')).filter(([kind, state]) => kind === 'incident' && state === 'MET')).toHaveLength(2)
  })
  it('the paper is a Word file; the history cannot be changed; bureaus see none of it', async () => {
    const paper = await mm.send(api.print, { problemId })
    expect(
      Buffer.from(paper.reply as Uint8Array)
        .subarray(0, 2)
        .toString(),
    ).toBe('PK')
    await expect(t.inTx((ctx) => sql`update problem_event set text = 'x'`.execute(ctx.db))).rejects.toThrow('append-only')
    expect((await bureau.send(api.get, { problemId })).status).toBe(403)
  })
  it('found by cause, by two characters', async () => {
    expect((await mm.call(api.list, { q: '心跳' })).items).toHaveLength(1)
    expect((await mm.call(api.list, { q: '不存在' })).items).toEqual([])
  })
})
