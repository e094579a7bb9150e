import { dutyApi } from '@changbai/contract/duty.ts'
import { incidentApi, type Postmortem } from '@changbai/contract/incident.ts'
import { incidentCareApi as careApi } from '@changbai/contract/incident-care.ts'
import { notificationApi } from '@changbai/contract/notification.ts'
import { stateOf } from '@changbai/verify/clauses.domain.ts'
import { sql } from 'kysely'
import { afterAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/harness.ts'
import { remindActions } from './action.jobs.ts'
import { iso, openIncidentWorld, plan, refusal, respond } from './incident.fixture.ts'
import { addIncident, incidentClauses } from './index.ts'

const NIGHT = '2026-10-01T02:00'
const { t, tenantId, pm, stranger, engineer, second, mm, leader, cm, read, states } = await openIncidentWorld(NIGHT)
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
