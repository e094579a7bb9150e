import { deskApi } from '@changbai/contract/desk.ts'
import { notificationApi } from '@changbai/contract/notification.ts'
import { serviceRequestApi as api } from '@changbai/contract/service-request.ts'
import { stateOf } from '@changbai/verify/clauses.domain.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { createTenant } from '../identity/index.ts'
import { serviceRequestClauses } from './index.ts'

let t: TestServer
let pm: Client
let stranger: Client
let technician: Client
let second: Client
let manager: Client
let desk: Client
let tenantId: string
const refusal = (answer: { problem: { type: string } }) => answer.problem.type.split(':').at(-1)
const iso = (text: string) => Temporal.Instant.from(`${text}+08:00`).toString()
const visit = { place: '三楼机房', visitOn: '2026-09-21', contact: '杨帆', work: '核对专线' }
const ask = (who: Client, change: object = {}) => who.call(api.submit, { code: 'VISIT', title: '现场核对专线', answers: visit, ...change })

beforeAll(async () => {
  t = await startTestServer({ now: '2026-09-18T15:00' })
  const open = (code: string) => t.inTx(async (ctx) => (await createTenant(ctx, { code, name: code, shortName: code })).id)
  tenantId = await open('LC')
  pm = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId, name: '杨帆' })
  stranger = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: await open('RS'), name: '李佳琪' })
  technician = await t.signedIn({ role: 'OPERATION_TECHNICIAN', name: '徐然' })
  second = await t.signedIn({ role: 'MAINTENANCE_ENGINEER', name: '马骏' })
  manager = await t.signedIn({ role: 'OPERATION_MANAGER', name: '周敏' })
  desk = await t.signedIn({ role: 'SERVICE_DESK', name: '王雨桐' })
  await t.inTx((ctx) => sql`update person set phone = '13900001111' where id = ${pm.personId}`.execute(ctx.db))
}, 60_000)
afterAll(() => t.stop())

describe('a request by the catalogue', () => {
  let requestId: string
  it('a bureau is offered what is meant for bureaus; the provider its own orders too', async () => {
    const codes = async (who: Client) => (await who.call(api.catalogue, {})).items.map((one) => one.code)
    expect(await codes(pm)).toEqual(['CONSULT', 'ACCOUNT', 'REPORT', 'VISIT', 'SECURITY_CHECK'])
    expect(await codes(manager)).toContain('SUPPORT')
    expect(refusal(await pm.send(api.submit, { code: 'SUPPORT', title: '支持', answers: { work: 'x' } }))).toBe('service.no-item')
  })
  it('what the item asks for is asked', async () => {
    const { problem } = await pm.send(api.submit, { code: 'VISIT', title: '现场', answers: { ...visit, visitOn: '下周一' } })
    expect(problem.errors).toMatchObject([{ path: 'answers.visitOn', code: 'day' }])
  })
  it('the limit is the item’s, over the make-up Sunday; it lies in the bureau', async () => {
    const made = await ask(pm)
    requestId = made.id
    // received on Friday; Sunday 20 September is worked, so the second working day is Monday
    expect(made).toMatchObject({ state: 'SUBMITTED', dueAt: iso('2026-09-21T17:30'), tenantName: 'LC', may: ['WITHDRAW', 'NOTE'] })
    expect((await stranger.send(api.get, { requestId })).status).toBe(404)
    expect((await stranger.call(api.list, {})).items).toEqual([])
    expect((await pm.call(api.list, { open: 'true' })).items).toHaveLength(1)
  })
  it('only the roles the item names accept it, one of them handles it', async () => {
    expect((await desk.send(api.accept, { requestId })).status).toBe(403)
    expect(await technician.call(api.accept, { requestId, comment: '周一上午到' })).toMatchObject({
      state: 'IN_PROGRESS',
      handlerName: '徐然',
    })
    expect(refusal(await second.send(api.accept, { requestId }))).toBe('service.wrong-step')
    expect(refusal(await pm.send(api.withdraw, { requestId, reason: '不需要了' }))).toBe('service.started')
  })
  it('not done goes back to whoever handles it, the limit goes on', async () => {
    t.setNow('2026-09-21T10:00')
    await technician.call(api.note, { requestId, text: '已出发' })
    expect(await technician.call(api.finish, { requestId, result: '已核对' })).toMatchObject({ state: 'DONE', isLate: false })
    expect((await stranger.send(api.confirm, { requestId, done: true })).status).toBe(404)
    expect((await manager.send(api.confirm, { requestId, done: true })).status).toBe(403)
    const back = await pm.call(api.confirm, { requestId, done: false, comment: '标签没贴' })
    expect(back).toMatchObject({ state: 'IN_PROGRESS', doneAt: null })
    t.setNow('2026-09-21T17:31')
    expect(await second.call(api.finish, { requestId, result: '标签已贴' })).toMatchObject({ isLate: true, handlerName: '马骏' })
  })
  it('confirmed, closed, asked how it was; no score is assumed', async () => {
    const closed = await pm.call(api.confirm, { requestId, done: true })
    expect(closed).toMatchObject({ state: 'CLOSED', rating: null, may: ['RATE'] })
    expect((await pm.call(notificationApi.inbox, {})).items.map((one) => one.event)).toContain('service.closed')
    expect((await technician.send(api.rate, { requestId, score: 5 })).status).toBe(403)
    expect(await pm.call(api.rate, { requestId, score: 4, comment: '慢了些' })).toMatchObject({ rating: 4, may: [] })
    expect(refusal(await pm.send(api.rate, { requestId, score: 5 }))).toBe('service.rated')
    expect(closed.events.map((one) => one.kind)).toEqual(['SUBMITTED', 'ACCEPTED', 'NOTE', 'DONE', 'NOT_DONE', 'DONE', 'CONFIRMED'])
  })
  it('declined with its reason, withdrawn before anybody accepts', async () => {
    const one = await ask(pm)
    expect(await technician.call(api.decline, { requestId: one.id, reason: '不在服务范围' })).toMatchObject({ state: 'DECLINED' })
    const told = (await pm.call(notificationApi.inbox, {})).items.find((notice) => notice.event === 'service.declined')
    expect(told?.body).toContain('不在服务范围')
    const other = await ask(pm)
    expect(await pm.call(api.withdraw, { requestId: other.id, reason: '改期' })).toMatchObject({ state: 'WITHDRAWN', may: [] })
    expect(refusal(await technician.send(api.accept, { requestId: other.id }))).toBe('service.wrong-step')
  })
})

describe('a call that asks for something', () => {
  it('becomes a request of the caller’s bureau, in the caller’s name', async () => {
    const now = t.now().toString()
    const call = { line: 'DESK', calledAt: now, answeredAt: now, callerName: '杨帆', callerOrg: 'LC', phone: '139 0000 1111' } as const
    const recorded = await desk.call(deskApi.record, { ...call, type: 'REQUEST', content: '想了解扩容\n下个月', serviceCode: 'CONSULT' })
    expect(recorded.linkedNo).toMatch(/^FW-20260921-/)
    expect(await pm.call(api.get, { requestId: recorded.serviceRequestId ?? '' })).toMatchObject({
      title: '想了解扩容',
      source: 'CALL',
      requesterName: '杨帆',
      answers: { question: '想了解扩容\n下个月' },
    })
    // answered at once it stays a call with its result
    const answered = await desk.call(deskApi.record, { ...call, type: 'REQUEST', content: '电话是多少', result: '已告知' })
    expect(answered.serviceRequestId).toBeNull()
  })
})

describe('[3.2.3-(1)] [3.2.3-(3)] orders to the operation technician', () => {
  it('the board reads those that fell due: in time, late, not owed', async () => {
    t.setNow('2026-10-12T09:00')
    const order = (code: string, answers: Record<string, string>) => manager.call(api.submit, { code, title: '工单', answers })
    const inTime = await order('SUPPORT', { work: '核对补丁' })
    const late = await order('SUPPORT', { work: '核对驱动' })
    const declined = await order('SUPPORT', { work: '修打印机' })
    await order('TEMPLATE', { template: '银河麒麟', change: '升级内核' })
    await technician.call(api.accept, { requestId: inTime.id })
    await technician.call(api.finish, { requestId: inTime.id, result: '已核对' })
    await technician.call(api.decline, { requestId: declined.id, reason: '不属技术支持' })
    t.setNow('2026-10-15T09:00')
    await technician.call(api.accept, { requestId: late.id })
    const span = { from: Temporal.Instant.from(iso('2026-10-01T00:00')), to: Temporal.Instant.from(iso('2026-11-01T00:00')), asOf: t.now() }
    const read = async (of: string) => {
      const source = serviceRequestClauses.find((one) => one.of === of)
      if (!source || source.meter === 'rhythm') throw new Error(`no source ${of}`)
      return (await t.inTx((ctx) => source.read(ctx, span))).map((one) => stateOf(one, span.asOf.toString()))
    }
    expect(await read('support-order')).toEqual(['MET', 'BREACHED', 'NOT_APPLICABLE'])
    expect(await read('template-order')).toEqual(['OPEN'])
  })
})
