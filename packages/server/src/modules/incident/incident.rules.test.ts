import { dutyApi } from '@changbai/contract/duty.ts'
import { incidentApi } from '@changbai/contract/incident.ts'
import { notificationApi } from '@changbai/contract/notification.ts'
import { afterAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/harness.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { remindBroadcasts } from './broadcast.service.ts'
import { warnDueClocks } from './history.service.ts'
import { iso, openIncidentWorld, plan, refusal, respond } from './incident.fixture.ts'
import { listIncidentPage, logIncident, reportIncident, respondIncident } from './incident.service.ts'

const { t, tenantId, pm, stranger, engineer, second, desk, mm, leader, cm, report, read, states } =
  await openIncidentWorld('2026-10-01T02:00')
afterAll(() => t.stop())

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
