import { dutyApi } from '@changbai/contract/duty.ts'
import { type HandlingPlan, incidentApi, type Postmortem } from '@changbai/contract/incident.ts'
import { incidentCareApi as careApi } from '@changbai/contract/incident-care.ts'
import { notificationApi } from '@changbai/contract/notification.ts'
import { stateOf } from '@changbai/verify/clauses.domain.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { createTenant } from '../identity/index.ts'
import { remindActions } from './action.jobs.ts'
import { remindBroadcasts } from './broadcast.service.ts'
import { warnDueClocks } from './history.service.ts'
import { listIncidentPage, logIncident, reportIncident, respondIncident } from './incident.service.ts'
import { addIncident, incidentClauses } from './index.ts'

let t: TestServer
let tenantId: string
let pm: Client
let stranger: Client
let engineer: Client
let second: Client
let desk: Client
let mm: Client
let leader: Client
let cm: Client

const NIGHT = '2026-10-01T02:00'
const report = (client: Client, change: object = {}) =>
  client.call(incidentApi.report, {
    title: '门户无法访问',
    symptom: '打开首页超时',
    criteria: ['BUSINESS_DOWN'],
    tenantId,
    reporterName: '杨帆',
    reporterPhone: '13900001111',
    ...change,
  })
const read = (incidentId: string, client = mm) => client.call(incidentApi.get, { incidentId })
const states = async (incidentId: string) => (await read(incidentId)).clocks.map(({ clock, state }) => `${clock} ${state}`)
const refusal = (answer: { problem: { type: string } }) => answer.problem.type.split(':').at(-1)
const plan = (etaResolve: string, commsPlan = '每三十分钟通报'): HandlingPlan => ({
  hypothesis: '数据库主机宕机',
  impact: '门户不可用',
  steps: [{ seq: 1, action: '切换备机', owner: '马骏', eta: null }],
  vendorSupport: '',
  etaResolve,
  rollbackPlan: '切回主机',
  workaround: '',
  commsPlan,
})
const respond = (client: Client, incidentId: string) =>
  client.call(incidentApi.respond, { incidentId, channel: 'PHONE', note: '已电话联系' })
const iso = (text: string) => Temporal.Instant.from(`${text}+08:00`).toString()

beforeAll(async () => {
  t = await startTestServer({ now: NIGHT })
  const [own, other] = await t.inTx(async (ctx) => [
    (await createTenant(ctx, { code: 'LC', name: '吉林省林业和草原局', shortName: '省林草局' })).id,
    (await createTenant(ctx, { code: 'RS', name: '吉林省人力资源和社会保障厅', shortName: '省人社厅' })).id,
  ])
  tenantId = own as string
  pm = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId, name: '杨帆' })
  stranger = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: other as string, name: '李佳琪' })
  engineer = await t.signedIn({ role: 'MAINTENANCE_ENGINEER', name: '马骏' })
  second = await t.signedIn({ role: 'MAINTENANCE_ENGINEER', name: '王磊' })
  desk = await t.signedIn({ role: 'SERVICE_DESK', name: '王雨桐' })
  mm = await t.signedIn({ role: 'MAINTENANCE_MANAGER', name: '赵立新' })
  leader = await t.signedIn({ role: 'PROVIDER_LEADER', name: '冯志远' })
  cm = await t.signedIn({ role: 'CUSTOMER_OM_MANAGER', name: '韩雪峰' })
}, 60_000)
afterAll(() => t.stop())

describe('[5.10.1-(3)-I] a night, from alarm to post-mortem', () => {
  let id: string
  it('an alarm opens it once; the page and the leader’s notice go out at once', async () => {
    t.setNow(NIGHT)
    const alarm = {
      title: '门户数据库主机宕机',
      symptom: 'HostDown db-01',
      criteria: ['BUSINESS_DOWN' as const],
      source: 'MONITOR' as const,
      tenantId,
      applicationId: null,
      reporterId: null,
      reporterName: '监控',
      reporterPhone: '',
      detectedAt: Temporal.Instant.from(iso('2026-10-01T01:58')),
      reportedAt: t.now(),
      isSecurity: false,
      sourceKey: 'alarm:db-01',
    }
    const first = await t.inTx((ctx) => addIncident(ctx, alarm))
    const again = await t.inTx((ctx) => addIncident(ctx, alarm))
    id = first.id
    expect(again.id).toBe(id)
    const shown = await read(id)
    expect(shown).toMatchObject({
      severity: 'I',
      status: 'NEW',
      clockStartAt: iso('2026-10-01T01:58'),
      leaderNotices: [{ name: '冯志远', ackAt: null }],
    })
    expect(shown.clocks.map((clock) => clock.dueAt)).toEqual([iso('2026-10-01T02:08'), iso('2026-10-01T02:28'), iso('2026-10-01T04:58')])
    expect((await leader.call(notificationApi.inbox, {})).items.map((notice) => notice.event)).toContain('incident.leader')
    expect((await cm.call(notificationApi.inbox, {})).items.map((notice) => notice.event)).toContain('incident.customer')
    const { items } = await mm.call(dutyApi.pages, { subjectId: id })
    expect(items).toMatchObject([{ state: 'RUNNING', tries: [{ name: '赵立新' }] }])
  })
  it('[8.7] taking it is no response; reaching the reporter is', async () => {
    t.setNow('2026-10-01T02:03')
    await engineer.call(incidentApi.take, { incidentId: id })
    expect(await states(id)).toEqual(['response running', 'plan running', 'solution running'])
    expect(refusal(await second.send(incidentApi.take, { incidentId: id }))).toBe('incident.taken')
    expect(refusal(await second.send(incidentApi.respond, { incidentId: id, channel: 'PHONE', note: '已联系' }))).toBe('incident.taken')
    t.setNow('2026-10-01T02:08')
    expect(await respond(engineer, id)).toMatchObject({ status: 'ACKNOWLEDGED', handlerName: '马骏' })
    expect(await states(id)).toEqual(['response met', 'plan running', 'solution running'])
    expect((await mm.call(dutyApi.pages, { subjectId: id })).items[0]?.state).toBe('ENDED')
  })
  it('the leader gives a receipt', async () => {
    expect((await leader.call(incidentApi.ackLeader, { incidentId: id })).leaderNotices[0]?.ackAt).not.toBeNull()
  })
  it('an estimate beyond the limit must say how it is escalated', async () => {
    t.setNow('2026-10-01T02:20')
    const late = plan(iso('2026-10-01T06:00'))
    expect(refusal(await engineer.send(incidentApi.submitPlan, { incidentId: id, plan: late }))).toBe('incident.late-eta')
    const told = plan(iso('2026-10-01T06:00'), '立即上报主管领导')
    expect(await engineer.call(incidentApi.submitPlan, { incidentId: id, plan: told })).toMatchObject({ status: 'PLAN_SUBMITTED' })
    await engineer.call(incidentApi.log, { incidentId: id, text: '更换电源' })
    expect((await read(id)).status).toBe('IN_PROGRESS')
  })
  it('restored, not so, reopened: one history, the same clock, breached in the end', async () => {
    t.setNow('2026-10-01T04:00')
    expect(await engineer.call(incidentApi.resolve, { incidentId: id, result: '已切换备机' })).toMatchObject({ status: 'RESOLVED' })
    expect(await states(id)).toContain('solution met')
    t.setNow('2026-10-01T04:30')
    expect(await pm.call(incidentApi.verify, { incidentId: id, restored: false, comment: '登录仍失败' })).toMatchObject({
      status: 'IN_PROGRESS',
    })
    expect(await states(id)).toContain('solution running')
    t.setNow('2026-10-01T05:30')
    await engineer.call(incidentApi.resolve, { incidentId: id, result: '重启认证服务' })
    await pm.call(incidentApi.verify, { incidentId: id, restored: true })
    expect(await states(id)).toEqual(['response met', 'plan met', 'solution breached'])
  })
  it('[8.11] I needs the customer, a report and a post-mortem approved by both leaders', async () => {
    await cm.call(incidentApi.confirm, { incidentId: id, restored: true })
    const verified = await read(id)
    expect(verified.status).toBe('VERIFIED')
    expect(verified.reportDueAt).toBe(iso('2026-10-02T05:30'))
    // five working days after the National Day holiday: 8, 9, 10 (made up), 12, 13 October
    expect(verified.postmortemDueAt).toBe(iso('2026-10-13T17:30'))
    await engineer.call(incidentApi.submitReport, {
      incidentId: id,
      report: {
        occurredAt: iso('2026-10-01T01:58'),
        detectedAt: iso('2026-10-01T01:58'),
        directCause: '电源模块故障',
        rootCauseStatus: 'CONFIRMED',
        result: 'RESTORED',
        impactSummary: '门户中断三个半小时',
        dataLoss: false,
        residualRisk: '无',
      },
    })
    const postmortem: Postmortem = {
      summary: '电源故障致数据库宕机',
      detection: '监控告警',
      direct: '电源模块故障',
      root: '未按期更换',
      contributing: '',
      whys: [1, 2, 3].map((n) => ({ q: `为什么${n}`, a: `因为${n}` })),
      nature: 'HARDWARE',
      responsibility: { party: 'PROVIDER', unit: '运维组', person: '', level: '一般' },
      wentWell: '',
      wentWrong: '',
      actions: [{ desc: '电源巡检', type: 'PREVENT', ownerId: engineer.personId, dueOn: '2026-10-20', verifyMethod: '抽查' }],
      reviewedAt: t.now().toString(),
      attendees: '运维组',
      conclusion: '按措施整改',
      recurrenceOf: null,
    }
    const tooLate = { ...postmortem, actions: [{ ...postmortem.actions[0], dueOn: '2026-12-30' }] } as Postmortem
    expect(refusal(await mm.send(incidentApi.submitPostmortem, { incidentId: id, postmortem: tooLate }))).toBe('incident.late-action')
    await mm.call(incidentApi.submitPostmortem, { incidentId: id, postmortem })
    await leader.call(incidentApi.approvePostmortem, { incidentId: id, approve: false, comment: '补充根因' })
    expect((await read(id)).status).toBe('POSTMORTEM_PENDING')
    await mm.call(incidentApi.submitPostmortem, { incidentId: id, postmortem })
    expect((await read(id)).timeline).toMatchObject({ frozenAt: null, digest: null })
    const signed = await leader.call(incidentApi.approvePostmortem, { incidentId: id, approve: true })
    expect(signed.timeline).toMatchObject({
      frozenAt: t.now().toString(),
      frozenBy: '冯志远',
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(signed.timeline?.items.map((one) => one.kind)).toEqual(
      expect.arrayContaining(['ALARM', 'RESPONDED', 'LEADER_TOLD', 'RESOLVED', 'REOPENED']),
    )
    const closed = await cm.call(incidentApi.approvePostmortem, { incidentId: id, approve: true })
    expect(closed).toMatchObject({ status: 'CLOSED', actions: [{ state: 'OPEN' }] })
    expect(closed.timeline).toEqual(signed.timeline)
  })
  it('[5.8-4] a wrong instant is put right by a slip of both sides, also afterwards; the signed timeline stands', async () => {
    const { events, timeline } = await read(id)
    const wrong = events.filter((one) => one.kind === 'RESOLVED').at(-1)
    const at = iso('2026-10-01T04:50')
    const correct = { incidentId: id, eventId: wrong?.id ?? '', at, reason: '当时忘记登记，监控曲线为证' }
    expect((await stranger.send(careApi.correct, correct)).status).toBe(404)
    expect(refusal(await engineer.send(careApi.correct, { ...correct, at: wrong?.at ?? '' }))).toBe('incident.same-instant')
    expect(refusal(await engineer.send(careApi.correct, { ...correct, eventId: events.find((one) => one.kind === 'LOG')?.id ?? '' }))).toBe(
      'incident.not-correctable',
    )
    const asked = await engineer.call(careApi.correct, correct)
    expect(asked.corrections).toMatchObject([{ state: 'ASKED', wasAt: wrong?.at, toAt: at, askedBy: '马骏', mine: false }])
    expect(await states(id)).toContain('solution breached')
    expect(refusal(await second.send(careApi.correct, correct))).toBe('incident.correction-waits')
    const slip = { incidentId: id, correctionId: asked.corrections[0]?.id ?? '', agree: true }
    for (const own of [mm, leader]) expect(refusal(await own.send(careApi.decideCorrection, slip))).toBe('incident.other-side')
    expect((await cm.call(notificationApi.inbox, {})).items.map((notice) => notice.event)).toContain('incident.correction-asked')
    const agreed = await cm.call(careApi.decideCorrection, slip)
    expect(refusal(await cm.send(careApi.decideCorrection, slip))).toBe('incident.correction-decided')
    expect(agreed.events.find((one) => one.id === wrong?.id)).toMatchObject({ at, wasAt: wrong?.at })
    expect(agreed.corrections).toMatchObject([{ state: 'AGREED', decidedBy: '韩雪峰' }])
    // reopened at 04:30 and solved at 04:50 after all: within three hours of 01:58
    expect(agreed.clocks[2]).toMatchObject({ state: 'met', doneAt: at })
    expect(agreed.timeline).toEqual(timeline)
    const kept = await t.inTx((ctx) => sql<{ at: Temporal.Instant }>`select at from incident_event where id = ${wrong?.id}`.execute(ctx.db))
    expect(kept.rows[0]?.at.toString()).toBe(wrong?.at)
    await expect(t.inTx((ctx) => sql`update incident_correction set to_at = now()`.execute(ctx.db))).rejects.toThrow('kept as it was')
    // what the customer asks for is decided by the provider; refused it changes nothing
    const back = { ...correct, at: wrong?.at ?? '', reason: '业务记录为证' }
    const theirs = await cm.call(careApi.correct, back)
    const answer = { incidentId: id, correctionId: theirs.corrections[1]?.id ?? '', comment: '曲线更可信' }
    expect(refusal(await cm.send(careApi.decideCorrection, { ...answer, agree: true }))).toBe('incident.other-side')
    expect((await mm.call(careApi.decideCorrection, { ...answer, agree: false })).corrections[1]).toMatchObject({ state: 'REFUSED' })
    expect(await states(id)).toContain('solution met')
    await mm.call(careApi.decideCorrection, {
      ...answer,
      correctionId: (await cm.call(careApi.correct, back)).corrections[2]?.id ?? '',
      agree: true,
    })
    expect(await states(id)).toContain('solution breached')
  })
  it('[5.8-5] owners of preventive actions are reminded, each time once', async () => {
    const events = async (client: Client) =>
      (await client.call(notificationApi.inbox, { limit: 200 })).items
        .map(({ event }) => event)
        .filter((event) => event.startsWith('incident.action'))
    const days: [string, number][] = [
      ['2026-10-16T09:00', 0],
      ['2026-10-17T09:00', 1],
      ['2026-10-20T09:00', 0],
      ['2026-10-21T09:00', 1],
      ['2026-10-22T09:00', 0],
      ['2026-10-28T09:00', 1],
    ]
    const before = t.now()
    for (const [day, told] of days) {
      t.setNow(day)
      expect([day, await t.inTx(remindActions)]).toEqual([day, told])
    }
    expect(await events(engineer)).toEqual(['incident.action-overdue', 'incident.action-overdue', 'incident.action-due'])
    expect([await events(mm), await events(leader)]).toEqual([
      ['incident.action-overdue', 'incident.action-overdue'],
      ['incident.action-overdue'],
    ])
    t.setNow(before)
  })
  it('an action is done by its owner and verified by somebody else', async () => {
    const actionId = (await read(id)).actions[0]?.id ?? ''
    await engineer.call(incidentApi.settleAction, { incidentId: id, actionId, state: 'DONE' })
    expect(refusal(await engineer.send(incidentApi.settleAction, { incidentId: id, actionId, state: 'VERIFIED' }))).toBe(
      'incident.same-verifier',
    )
    expect((await mm.call(incidentApi.settleAction, { incidentId: id, actionId, state: 'VERIFIED' })).actions[0]).toMatchObject({
      verifiedByName: '赵立新',
    })
  })
  it('[5.8] what the board reads of it, each clock on its own', async () => {
    const span = { from: Temporal.Instant.from(iso('2026-10-01T00:00')), to: Temporal.Instant.from(iso('2026-11-01T00:00')), asOf: t.now() }
    const read = async (of: string) => {
      const source = incidentClauses.find((one) => one.of === of)
      if (!source || source.meter === 'rhythm') throw new Error(`no source ${of}`)
      const all = await t.inTx((ctx) => source.read(ctx, span))
      return all.filter((one) => one.subject.id === id).map((one) => stateOf(one, span.asOf.toString()))
    }
    expect(await read('incident-clocks-I')).toEqual(['MET', 'MET', 'BREACHED'])
    expect(await read('incident-clocks-II')).toEqual([])
    for (const of of ['leader-notice', 'emergency-started', 'incident-report', 'severity-agreed'])
      expect([of, await read(of)]).toEqual([of, ['MET']])
  })
  it('the paper is a Word file; the history cannot be changed', async () => {
    const paper = await mm.send(incidentApi.print, { incidentId: id })
    expect(paper.status).toBe(200)
    expect(
      Buffer.from(paper.reply as Uint8Array)
        .subarray(0, 2)
        .toString(),
    ).toBe('PK')
    await expect(t.inTx((ctx) => sql`update incident_event set text = 'x'`.execute(ctx.db))).rejects.toThrow('append-only')
  })
})

describe('[5.10.1-(3)-0] severity', () => {
  it('rises at once and may breach at once; falls with both sides only, and the clocks keep the highest', async () => {
    t.setNow('2026-10-08T09:00')
    const { id } = await report(pm, { criteria: ['QUESTION_OR_BOOKING'], title: '咨询' })
    t.setNow('2026-10-08T09:05')
    await respond(engineer, id)
    t.setNow('2026-10-08T10:00')
    const raise = { incidentId: id, to: 'II' as const, criteria: ['SLOW' as const], reason: '业务变慢' }
    expect(refusal(await mm.send(incidentApi.changeLevel, { ...raise, criteria: ['BUSINESS_DOWN'] }))).toBe('incident.criteria')
    expect(await mm.call(incidentApi.changeLevel, raise)).toMatchObject({
      severity: 'II',
      topSeverity: 'II',
      leaderNotices: [{ name: '冯志远' }],
    })
    expect(await states(id)).toEqual(['response met', 'plan breached', 'solution running'])
    expect((await read(id)).clocks[1]?.judgments.map(({ level, state }) => `${level} ${state}`)).toEqual(['IV running', 'II breached'])

    const lower = { incidentId: id, to: 'III' as const, criteria: ['ERROR_OR_WARNING' as const], reason: '影响有限' }
    expect(await mm.call(incidentApi.changeLevel, lower)).toMatchObject({ severity: 'II', levelAsked: { to: 'III' } })
    expect(refusal(await mm.send(incidentApi.answerLevel, { incidentId: id, agree: true }))).toBe('incident.no-level-pending')
    expect(await pm.call(incidentApi.answerLevel, { incidentId: id, agree: true })).toMatchObject({
      severity: 'III',
      topSeverity: 'II',
      levelAsked: null,
    })
    expect(await states(id)).toEqual(['response met', 'plan breached', 'solution running'])
  })
})

describe('clocks', () => {
  it('are warned of at 50, 80 and 100 %, to ever more people, once each', async () => {
    t.setNow('2026-10-09T03:00')
    const { id } = await report(pm, { criteria: ['ERROR_OR_WARNING'], title: '告警' })
    const warned = async () => (await read(id)).events.filter((event) => event.kind === 'WARNED').map((event) => event.text)
    t.setNow('2026-10-09T03:05')
    await Promise.all([t.inTx(warnDueClocks), t.inTx(warnDueClocks)])
    expect(await warned()).toEqual(['响应 50%'])
    t.setNow('2026-10-09T03:10')
    await t.inTx(warnDueClocks)
    expect(await warned()).toEqual(['响应 50%', '响应 80%'])
    t.setNow(Temporal.Instant.from(iso('2026-10-09T03:10')).add({ milliseconds: 1 }))
    await t.inTx(warnDueClocks)
    expect(await warned()).toEqual(['响应 50%', '响应 80%', '响应 100%'])
    const told = async (client: Client) =>
      (await client.call(notificationApi.inbox, {})).items
        .filter((notice) => notice.link === `/duty/incidents/${id}`)
        .map((notice) => notice.event)
    expect(await told(leader)).toContain('incident.overdue')
    expect(await told(leader)).not.toContain('incident.warning')
  })
  it('[8.9] booked work counts from the appointment', async () => {
    t.setNow('2026-10-12T09:00')
    const { id } = await report(pm, { criteria: ['QUESTION_OR_BOOKING'], title: '预约' })
    await respond(engineer, id)
    const book = { incidentId: id, for: iso('2026-10-15T09:00'), confirmation: '报障人短信确认' }
    expect(refusal(await engineer.send(incidentApi.schedule, { ...book, for: iso('2026-10-01T09:00') }))).toBe('incident.past')
    await engineer.call(incidentApi.schedule, book)
    expect((await read(id)).clocks.map((clock) => clock.dueAt)).toEqual([
      iso('2026-10-12T09:10'),
      iso('2026-10-12T11:00'),
      iso('2026-10-16T09:00'),
    ])
  })
  it('[8.10] a hold is the customer’s alone and moves no limit', async () => {
    t.setNow('2026-10-12T09:00')
    const { id } = await report(pm, { criteria: ['SLOW'], title: '查询缓慢' })
    const before = (await read(id)).clocks.map((clock) => clock.dueAt)
    expect((await mm.send(incidentApi.hold, { incidentId: id, reason: '等厂商' })).status).toBe(403)
    await cm.call(incidentApi.hold, { incidentId: id, reason: '等厂商' })
    t.setNow('2026-10-12T09:30')
    const held = await cm.call(incidentApi.release, { incidentId: id })
    expect(held.heldMilliseconds).toBe(30 * 60_000)
    expect(held.clocks.map((clock) => clock.dueAt)).toEqual(before)
  })
  it('contact made before it was written down counts when it was made, never ahead of now', async () => {
    t.setNow('2026-10-12T09:00')
    const { id } = await report(pm, { criteria: ['SLOW'] })
    t.setNow('2026-10-12T09:20')
    const late = { incidentId: id, channel: 'ONSITE' as const, note: '现场' }
    expect(refusal(await engineer.send(incidentApi.respond, { ...late, at: iso('2026-10-12T10:00') }))).toBe('incident.future')
    const shown = await engineer.call(incidentApi.respond, { ...late, at: iso('2026-10-12T09:08') })
    expect(shown.clocks[0]).toMatchObject({ state: 'met', doneAt: iso('2026-10-12T09:08') })
    expect(shown.events.find((event) => event.kind === 'RESPONDED')?.recordedAt).toBe(iso('2026-10-12T09:20'))
  })
})

describe('[5.8-1] broadcasts of a major incident', () => {
  it('are owed every half hour until it is restored', async () => {
    t.setNow('2026-10-12T13:00')
    const { id } = await report(pm, { title: '大面积中断' })
    await respond(engineer, id)
    const reminded = async () =>
      (await engineer.call(notificationApi.inbox, { limit: 200 })).items.filter(
        (notice) => notice.event === 'incident.broadcast-due' && notice.link === `/duty/incidents/${id}`,
      ).length
    t.setNow('2026-10-12T13:29')
    await t.inTx(remindBroadcasts)
    expect(await reminded()).toBe(0)
    t.setNow('2026-10-12T13:30')
    await t.inTx(remindBroadcasts)
    expect(await reminded()).toBe(1)
    t.setNow('2026-10-12T13:40')
    await engineer.call(incidentApi.broadcast, { incidentId: id, text: '备件已到' })
    expect((await cm.call(notificationApi.inbox, {})).items[0]).toMatchObject({ event: 'incident.broadcast' })
    t.setNow('2026-10-12T14:05')
    await t.inTx(remindBroadcasts)
    expect(await reminded()).toBe(1)
    t.setNow('2026-10-12T14:10')
    await t.inTx(remindBroadcasts)
    expect(await reminded()).toBe(2)
    await engineer.call(incidentApi.submitPlan, { incidentId: id, plan: plan(t.now().add({ minutes: 5 }).toString()) })
    await engineer.call(incidentApi.resolve, { incidentId: id, result: '已恢复' })
    t.setNow('2026-10-12T15:00')
    await t.inTx(remindBroadcasts)
    expect(await reminded()).toBe(2)
  })
})

describe('duplicates and storms', () => {
  it('a duplicate ends and gives its signs: the clocks run from the earliest', async () => {
    t.setNow('2026-10-13T09:00')
    const first = await report(pm, { title: '第一起' })
    t.setNow('2026-10-13T09:05')
    const other = await report(pm, { title: '第二起' })
    expect(refusal(await mm.send(incidentApi.merge, { incidentId: first.id, intoId: first.id }))).toBe('incident.itself')
    expect(await mm.call(incidentApi.merge, { incidentId: first.id, intoId: other.id })).toMatchObject({ status: 'CLOSED', may: [] })
    const kept = await read(other.id)
    expect(kept.clockStartAt).toBe(iso('2026-10-13T09:00'))
    expect(kept.related.duplicates.map((one) => one.number)).toEqual([first.number])
    expect(refusal(await mm.send(incidentApi.merge, { incidentId: other.id, intoId: first.id }))).toBe('incident.itself')
  })
  it('incidents of one cause go under a parent', async () => {
    const [a, b] = [await report(pm, { title: '网络甲' }), await report(pm, { title: '网络乙' })]
    await mm.call(incidentApi.setParent, { incidentId: a.id, parentId: b.id })
    expect((await read(b.id)).related.children.map((one) => one.id)).toEqual([a.id])
  })
})

describe('who sees and does what', () => {
  it('another bureau’s incident does not exist; the list and its count know that', async () => {
    t.setNow('2026-10-14T09:00')
    const { id } = await report(pm, { title: '林草局独有' })
    expect((await stranger.send(incidentApi.get, { incidentId: id })).status).toBe(404)
    expect(await stranger.call(incidentApi.list, { q: '林草局独有' })).toMatchObject({ items: [], total: 0 })
    expect((await pm.call(incidentApi.list, { q: '林草局独有', state: 'open' })).items.map((one) => one.id)).toEqual([id])
    expect(
      (await stranger.send(incidentApi.report, { title: '冒名', symptom: '冒名', criteria: ['SLOW'], tenantId, reporterName: '某' }))
        .status,
    ).toBe(404)
  })
  it('the project manager verifies but does not respond for the people on duty', async () => {
    const { id } = await report(pm)
    expect((await pm.send(incidentApi.respond, { incidentId: id, channel: 'PHONE', note: '自己' })).status).toBe(403)
    expect((await pm.send(incidentApi.take, { incidentId: id })).status).toBe(403)
  })
  it('the desk answers the call; an engineer still takes it', async () => {
    const { id } = await report(desk, { source: 'HOTLINE' })
    await respond(desk, id)
    expect(await read(id)).toMatchObject({ status: 'ACKNOWLEDGED', handlerName: null })
    expect(await engineer.call(incidentApi.take, { incidentId: id })).toMatchObject({ handlerName: '马骏' })
  })
  it('two officers who take it at once: one has it', async () => {
    const { id } = await report(pm)
    const answers = await Promise.all([engineer, second].map((one) => one.send(incidentApi.take, { incidentId: id })))
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
  })
  it('answering the page takes it', async () => {
    const { id } = await report(pm)
    const [page] = (await mm.call(dutyApi.pages, { subjectId: id })).items
    await mm.call(dutyApi.acknowledgePage, { pageId: page?.id ?? '' })
    expect((await read(id)).handlerName).toBe('赵立新')
  })
  it('satisfaction is asked of the reporter after the end, never filled in', async () => {
    const { id } = await report(pm, { criteria: ['QUESTION_OR_BOOKING'] })
    await respond(engineer, id)
    await engineer.call(incidentApi.submitPlan, { incidentId: id, plan: plan(t.now().add({ minutes: 30 }).toString()) })
    await engineer.call(incidentApi.resolve, { incidentId: id, result: '已答复' })
    const closed = await pm.call(incidentApi.verify, { incidentId: id, restored: true })
    expect(closed).toMatchObject({ status: 'CLOSED', rating: null, reportDueAt: null })
    expect(closed.may).toContain('RATE')
    expect((await mm.send(incidentApi.rate, { incidentId: id, score: 5 })).status).toBe(403)
    expect((await pm.call(incidentApi.rate, { incidentId: id, score: 4 })).rating).toEqual({ score: 4, comment: '' })
    expect(refusal(await pm.send(incidentApi.rate, { incidentId: id, score: 5 }))).toBe('incident.rated')
  })
})

describe('how many statements a command takes', () => {
  /** Without those of the door: begin, the plan, the gate, the facts together, commit. */
  async function statementsOf<T>(actor: Client, run: (ctx: Ctx) => Promise<T>): Promise<{ statements: number; reply: T }> {
    let statements = 0
    const counting = {
      transformQuery<N>({ node }: { node: N }): N {
        statements += 1
        return node
      },
      transformResult: async <R>({ result }: { result: R }): Promise<R> => result,
    }
    const reply = await t.inTx((ctx) => run({ ...ctx, db: ctx.db.withPlugin(counting) }), actor.actor)
    return { statements, reply }
  }
  it('opening, responding, writing and listing take these and no more', async () => {
    t.setNow('2026-10-09T10:00')
    const body = {
      title: '首页缓慢',
      symptom: '缓慢',
      criteria: ['SLOW' as const],
      tenantId: null,
      applicationId: null,
      reporterName: '马骏',
    }
    const input = { ...body, reporterPhone: '', detectedAt: null, source: 'PORTAL' as const, isSecurity: false }
    // what a process reads once (the calendar, the drawn process) is read before
    await statementsOf(engineer, (ctx) => reportIncident(ctx, input))
    const opened = await statementsOf(engineer, (ctx) => reportIncident(ctx, input))
    const incidentId = opened.reply.id
    const responded = await statementsOf(engineer, (ctx) => respondIncident(ctx, { incidentId, channel: 'PHONE', note: '已联系' }))
    const written = await statementsOf(engineer, (ctx) => logIncident(ctx, { incidentId, text: '重启了服务' }))
    const listed = await statementsOf(engineer, (ctx) => listIncidentPage(ctx, { state: 'open', mine: false, limit: 50 }))
    expect([opened, responded, written, listed].map(({ statements }) => statements)).toEqual([23, 17, 6, 4])
    expect(responded.reply.events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['REPORTED', 'PAGED', 'TAKEN', 'RESPONDED']))
    expect(responded.reply.clocks.find(({ clock }) => clock === 'response')?.doneAt).toBe(t.now().toString())
  })
})
