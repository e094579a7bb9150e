import { type Assessment, assessmentApi, type Optimisation } from '@changbai/contract/assessment.ts'
import { complianceApi } from '@changbai/contract/compliance.ts'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { assessmentDay } from './index.ts'

let t: TestServer
let mm: Client
let customer: Client
let one: Assessment
let plan: Optimisation
const clause = async (clauseId: string, month: string) => (await customer.call(complianceApi.clause, { clauseId, month })).clause.figure

beforeAll(async () => {
  t = await startTestServer({ now: '2026-07-01T08:40' })
  mm = await t.signedIn({ role: 'MAINTENANCE_MANAGER', name: '赵立新' })
  customer = await t.signedIn({ role: 'CUSTOMER_OM_MANAGER', name: '韩雪峰' })
})
afterAll(() => t.stop())

describe('[5.5-1] an assessment each quarter', () => {
  it('opens itself when the quarter is over, once, with figures beside the quarter before', async () => {
    expect(await clause('5.5-1', '2026-07')).toMatchObject({ open: 1, due: 0 })
    await t.inTx(assessmentDay)
    await t.inTx(assessmentDay)
    const { items, openable } = await mm.call(assessmentApi.list, {})
    expect([items.length, openable]).toEqual([1, null])
    one = await mm.call(assessmentApi.get, { assessmentId: items[0]?.id ?? '' })
    expect(one).toMatchObject({ quarter: '2026-Q2', status: 'DRAFT', dueAt: '2026-07-10T16:00:00Z' })
    expect(one.figures.find(({ key }) => key === 'incidents')).toMatchObject({ value: 0, previous: 0, trend: null })
    expect(one.figures.filter(({ group }) => group === 'QUALITY')).toHaveLength(6)
    expect((await mm.send(assessmentApi.open, { quarter: '2026-Q3' })).status).toBe(409)
  })
  it('is written by its own, and stays as it was once published', async () => {
    expect((await customer.send(assessmentApi.conclude, { assessmentId: one.id, conclusion: '好' })).status).toBe(403)
    await mm.call(assessmentApi.conclude, { assessmentId: one.id, conclusion: '运行平稳，存储余量偏紧' })
    const issue = { assessmentId: one.id, severity: 'HIGH', basis: '池使用率 82%', needImprove: true } as const
    await mm.call(assessmentApi.addIssue, { ...issue, text: '存储余量不足' })
    one = await mm.call(assessmentApi.addIssue, { ...issue, text: '写错了' })
    one = await mm.call(assessmentApi.dropIssue, { assessmentId: one.id, issueId: one.issueLines[1]?.id ?? '' })
    expect((await mm.send(assessmentApi.propose, { issueId: one.issueLines[0]?.id ?? '', ...words })).status).toBe(409)
    t.setNow('2026-07-10T23:59')
    one = await mm.call(assessmentApi.publish, { assessmentId: one.id })
    expect(one).toMatchObject({ status: 'PUBLISHED', late: false, digest: { algorithm: 'SHA-256' } })
    expect((await mm.send(assessmentApi.conclude, { assessmentId: one.id, conclusion: '改' })).status).toBe(409)
    expect(await clause('5.5-1', '2026-07')).toMatchObject({ state: 'COMPLIANT', met: 1 })
  })
  it('prints', async () => {
    const answer = await t.server.app.inject({
      method: 'POST',
      url: `/api/assessments/${one.id}/print`,
      headers: { authorization: `Test ${customer.personId}` },
      payload: {},
    })
    expect([answer.statusCode, answer.rawPayload.subarray(0, 2).toString()]).toEqual([200, 'PK'])
  })
})

const words = {
  kind: 'PLATFORM' as const,
  goal: { metric: '存储池使用率', baseline: '82%', target: '≤ 70%' },
  measures: '扩容两台存储节点',
  milestones: [{ name: '到货', dueOn: '2026-08-15', ownerName: '孙浩' }],
}

describe('[5.5-2] what needs improving gets a plan that is reviewed', () => {
  it('by somebody else than who wrote it', async () => {
    plan = await mm.call(assessmentApi.propose, { issueId: one.issueLines[0]?.id ?? '', ...words })
    expect(plan).toMatchObject({ status: 'IN_REVIEW', issue: '存储余量不足', may: [] })
    expect((await mm.send(assessmentApi.propose, { issueId: one.issueLines[0]?.id ?? '', ...words })).problem).toMatchObject({
      type: 'urn:changbai:problem:assessment.planned',
    })
    expect((await mm.send(assessmentApi.review, { planId: plan.id, result: 'PASS', attendees: '甲' })).status).toBe(403)
  })
  it('may come back for a revision', async () => {
    plan = await customer.call(assessmentApi.review, { planId: plan.id, result: 'REVISE', attendees: '韩雪峰、赵立新', comment: '补预算' })
    expect(plan.status).toBe('REVISE')
    plan = await mm.call(assessmentApi.revise, { planId: plan.id, ...words, budgetYuan: 380_000 })
    plan = await customer.call(assessmentApi.review, { planId: plan.id, result: 'PASS', attendees: '韩雪峰、赵立新' })
    expect(plan).toMatchObject({ status: 'ACTIVE', budgetYuan: 380_000, reviews: [{ result: 'REVISE' }, { result: 'PASS' }] })
  })
})

describe('[5.5-3] it is followed every month, and its effect is verified', () => {
  test('a whole month without a track is a breach', async () => {
    t.setNow('2026-09-01T09:00')
    expect(await clause('5.5-2', '2026-08')).toMatchObject({ state: 'COMPLIANT', met: 1 })
    expect(await clause('5.5-3', '2026-07')).toMatchObject({ due: 0 })
    expect(await clause('5.5-3', '2026-08')).toMatchObject({ state: 'BREACHED', breached: 1 })
    expect((await mm.call(assessmentApi.plans, {})).items[0]).toMatchObject({ untracked: true })
  })
  test('tracked in September', async () => {
    plan = await mm.call(assessmentApi.track, { planId: plan.id, progress: 60, deviation: '到货晚两周', adjustment: '先迁冷数据' })
    expect(plan).toMatchObject({ progress: 60, tracks: [{ month: '2026-09' }] })
    expect(await clause('5.5-3', '2026-09')).toMatchObject({ state: 'COMPLIANT', met: 1 })
  })
  test('verified once its milestones are done, by another', async () => {
    const verdict = { planId: plan.id, actual: '使用率 64%', reached: true }
    expect((await customer.send(assessmentApi.verify, verdict)).problem).toMatchObject({ status: 409, n: 1 })
    const milestoneId = plan.milestoneLines[0]?.id ?? ''
    await mm.call(assessmentApi.finishMilestone, { planId: plan.id, milestoneId, evidence: '验收单 2026-09-12' })
    plan = await customer.call(assessmentApi.verify, verdict)
    expect(plan).toMatchObject({ status: 'VERIFIED', verified: { actual: '使用率 64%', reached: true, byName: '韩雪峰' } })
    expect((await mm.send(assessmentApi.track, { planId: plan.id, progress: 100 })).status).toBe(409)
  })
})
