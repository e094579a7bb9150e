import { dutyApi } from '@changbai/contract/duty.ts'
import { emergencyApi as api, type EmergencyDetail } from '@changbai/contract/emergency.ts'
import { notificationApi } from '@changbai/contract/notification.ts'
import { processApi } from '@changbai/contract/process.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { remindOfPlans, remindOfUpdates } from './emergency.notices.ts'

let t: TestServer
let mm: Client
let leader: Client
let other: Client
let engineer: Client
let desk: Client
let bystander: Client
const refusal = (answer: { problem: { type: string } }) => answer.problem.type.split(':').at(-1)
const events = async (who: Client) => (await who.call(notificationApi.inbox, {})).items.map((one) => one.event)

beforeAll(async () => {
  t = await startTestServer({ now: '2026-09-18T15:00' })
  mm = await t.signedIn({ role: 'MAINTENANCE_MANAGER', name: '赵立新' })
  leader = await t.signedIn({ role: 'PROVIDER_LEADER', name: '冯志远' })
  other = await t.signedIn({ role: 'PROVIDER_LEADER', name: '孙副总' })
  engineer = await t.signedIn({ role: 'MAINTENANCE_ENGINEER', name: '马骏' })
  desk = await t.signedIn({ role: 'SERVICE_DESK', name: '王雨桐' })
  bystander = await t.signedIn({ role: 'CUSTOMER_OM_MANAGER', name: '韩雪峰' })
}, 60_000)
afterAll(() => t.stop())

let planId: string
const words = () => ({
  name: '机房供电中断应急预案',
  scenario: '市电中断',
  triggers: '市电中断 30 秒',
  rtoMinutes: 60,
  processKey: 'emergency-power',
  contacts: [
    { personId: engineer.personId, duty: '电气' },
    { personId: bystander.personId, duty: '甲方' },
  ],
  checklists: { firstMeasure: ['启动柴发', '降载'] },
})
const acting = () => ({
  commanderId: mm.personId,
  operatorId: engineer.personId,
  liaisonId: desk.personId,
  approverId: leader.personId,
})
const step = (one: EmergencyDetail, node: string) => one.steps.find((task) => task.node === node)?.taskId ?? ''
const read = (emergencyId: string, who = mm) => who.call(api.get, { emergencyId })

describe('a plan', () => {
  it('stands on a runbook, its lists on the runbook’s steps', async () => {
    const { items } = await mm.call(api.runbooks, {})
    expect(items.map((one) => one.key)).toEqual(['emergency-network', 'emergency-power', 'emergency-security'])
    expect(refusal(await mm.send(api.writePlan, { ...words(), processKey: 'emergency-flood' }))).toBe('emergency.no-runbook')
    const stray = await mm.send(api.writePlan, { ...words(), checklists: { nowhere: ['x'] } })
    expect(stray.problem.errors).toMatchObject([{ path: 'checklists.nowhere' }])
    planId = (await mm.call(api.writePlan, words())).id
  })
  it('is set going only once a leader has approved it, for a year at most', async () => {
    const go = { planId, mode: 'REAL' as const, reason: '市电中断', ...acting() }
    expect(refusal(await mm.send(api.activate, go))).toBe('emergency.not-approved')
    expect((await mm.send(api.approvePlan, { planId, reviewOn: '2027-01-01' })).status).toBe(403)
    expect(refusal(await leader.send(api.approvePlan, { planId, reviewOn: '2027-09-19' }))).toBe('emergency.review-day')
    expect(await leader.call(api.approvePlan, { planId, reviewOn: '2027-09-18' })).toMatchObject({
      state: 'APPROVED',
      approvedByName: '冯志远',
    })
    expect(refusal(await mm.send(api.activate, { ...go, approverId: engineer.personId }))).toBe('emergency.roles')
    expect(refusal(await mm.send(api.activate, { ...go, commanderId: leader.personId }))).toBe('emergency.roles')
  })
})

describe('a drill', () => {
  let id: string
  it('tells those who take part, in the words of a drill, and nobody else', async () => {
    await mm.call(dutyApi.saveOfficer, { personId: engineer.personId, lines: ['MOBILE_7X24'], passedOn: '2026-09-01', drilledOn: null })
    const drill = await mm.call(api.activate, { planId, mode: 'DRILL', reason: '年度演练', ...acting() })
    id = drill.id
    expect(drill).toMatchObject({ mode: 'DRILL', state: 'RUNNING', steps: [{ node: 'confirmScene', assigneeName: '赵立新', mine: true }] })
    expect(drill.number).toMatch(/^YL-/)
    expect(drill.calls.map((one) => one.name)).toEqual(['赵立新', '马骏', '王雨桐', '冯志远'])
    expect(await events(engineer)).toContain('emergency.activated-drill')
    for (const person of [bystander, other]) expect((await events(person)).filter((event) => event.startsWith('emergency'))).toEqual([])
    const mine = (await mm.call(processApi.tasks, {})).items.find((task) => task.businessKey === id)
    expect(mine?.title).toMatch(/^【演练】YL-/)
  })
  it('a receipt is proof that somebody was reached', async () => {
    const notice = (await engineer.call(notificationApi.inbox, {})).items.find((one) => one.event === 'emergency.activated-drill')
    expect(notice?.title).toMatch(/^【演练】/)
    t.setNow('2026-09-18T15:02')
    await engineer.call(notificationApi.acknowledge, { noticeId: notice?.id ?? '' })
    expect((await read(id)).calls.find((one) => one.name === '马骏')?.ackAt).toBe(t.now().toString())
  })
  it('steps belong to whoever has the part; what is not ticked off is explained', async () => {
    const scene = step(await read(id), 'confirmScene')
    expect((await engineer.send(api.step, { emergencyId: id, taskId: scene })).status).toBe(403)
    const after = await mm.call(api.step, { emergencyId: id, taskId: scene, note: 'A 路市电中断' })
    expect(after.steps.map((one) => [one.node, one.assigneeName]).sort()).toEqual([
      ['firstMeasure', '马骏'],
      ['informParties', '王雨桐'],
    ])
    const first = { emergencyId: id, taskId: step(after, 'firstMeasure') }
    expect(refusal(await engineer.send(api.step, { ...first, checked: ['降载'] }))).toBe('emergency.unchecked')
    await engineer.call(api.step, { ...first, checked: ['降载'], note: '柴发检修中，改接应急电源车' })
    await desk.call(api.step, { emergencyId: id, taskId: step(after, 'informParties'), note: '已通报' })
    await engineer.call(api.step, { emergencyId: id, taskId: step(await read(id), 'secondMeasure'), note: '已上电' })
    await desk.call(api.step, { emergencyId: id, taskId: step(await read(id), 'keepRecord'), note: '已记录' })
  })
  it('a word is owed every half hour until it is restored', async () => {
    t.setNow('2026-09-18T15:31')
    expect(await t.inTx(remindOfUpdates)).toBe(1)
    expect(await events(desk)).toContain('emergency.update-due-drill')
    await desk.call(api.report, { emergencyId: id, text: '已恢复供电，正在上电' })
    expect(await t.inTx(remindOfUpdates)).toBe(0)
    expect((await events(bystander)).filter((event) => event.startsWith('emergency'))).toEqual([])
  })
  it('not restored goes on; restored at the limit is in time', async () => {
    t.setNow('2026-09-18T15:50')
    const verify = async () => ({ emergencyId: id, taskId: step(await read(id), 'verifyRestored') })
    await mm.call(api.verify, { ...(await verify()), restored: false, note: '存储未上电' })
    await engineer.call(api.step, { emergencyId: id, taskId: step(await read(id), 'furtherMeasure'), note: '存储已上电' })
    t.setNow('2026-09-18T16:00')
    const done = await mm.call(api.verify, { ...(await verify()), restored: true })
    expect(done).toMatchObject({ state: 'STOOD_DOWN', withinRto: true, updateDueAt: null })
    expect(refusal(await desk.send(api.report, { emergencyId: id, text: '迟到的通报' }))).toBe('emergency.ended')
  })
  it('its report is written, approved, and counts as the drill of whoever took part', async () => {
    const summary = { result: '按时恢复', findings: '柴发检修期间无替代', improvements: '签订电源车协议' }
    await mm.call(api.summarise, { emergencyId: id, taskId: step(await read(id), 'writeSummary'), summary })
    expect((await other.send(api.approve, { emergencyId: id, taskId: step(await read(id), 'approveSummary'), approve: true })).status).toBe(
      403,
    )
    const closed = await leader.call(api.approve, { emergencyId: id, taskId: step(await read(id), 'approveSummary'), approve: true })
    expect(closed).toMatchObject({ state: 'CLOSED', summary })
    const officer = (await mm.call(dutyApi.officers, {})).items.find((one) => one.person.id === engineer.personId)
    expect(officer?.drilledOn).toBe('2026-09-18')
    expect((await mm.call(api.plans, {})).items[0]?.lastDrillAt).toBe(t.now().toString())
    const paper = await mm.send(api.print, { emergencyId: id })
    expect(String(paper.headers['content-disposition'])).toContain(encodeURIComponent('应急演练报告'))
  })
})

describe('in earnest', () => {
  it('everybody on the list is called with urgency', async () => {
    const real = await mm.call(api.activate, { planId, mode: 'REAL', reason: '市电中断', ...acting() })
    expect(real.number).toMatch(/^YJ-/)
    expect(real.calls.map((one) => one.name)).toEqual(['赵立新', '马骏', '王雨桐', '冯志远', '韩雪峰'])
    const notice = (await bystander.call(notificationApi.inbox, {})).items.find((one) => one.event === 'emergency.activated')
    expect(notice).toMatchObject({ urgency: 'CRITICAL', needsAck: true })
  })
  it('a changed plan is a draft again; on the day of review people are told once', async () => {
    await leader.call(api.approvePlan, { planId, reviewOn: '2026-12-01' })
    t.setNow('2026-12-01T08:45')
    expect(await t.inTx(remindOfPlans)).toBe(1)
    await t.inTx(remindOfPlans)
    expect((await events(leader)).filter((event) => event === 'emergency.plan-review')).toHaveLength(1)
    expect(await mm.call(api.changePlan, { planId, ...words(), rtoMinutes: 45 })).toMatchObject({
      state: 'DRAFT',
      version: 2,
      reviewOn: null,
    })
  })
})
