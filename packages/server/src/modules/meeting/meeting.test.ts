import { complianceApi } from '@changbai/contract/compliance.ts'
import { type Meeting, meetingApi } from '@changbai/contract/meeting.ts'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { createTenant } from '../identity/index.ts'
import { addIncident } from '../incident/index.ts'

let t: TestServer
let om: Client
let mm: Client
let customer: Client
let meeting: Meeting
const saved = (change: Partial<Meeting>) => {
  const { rev, place, attendees, majorEvents, noneDeclared, nextPlans } = { ...meeting, ...change }
  return { meetingId: meeting.id, rev, place, attendees, majorEvents, noneDeclared, nextPlans }
}
const clause = async (clauseId: string, month = '2026-05') =>
  (await customer.call(complianceApi.clause, { clauseId, month })).obligations.items

beforeAll(async () => {
  t = await startTestServer({ now: '2026-05-13T10:00' })
  om = await t.signedIn({ role: 'OPERATION_MANAGER', name: '周敏' })
  mm = await t.signedIn({ role: 'MAINTENANCE_MANAGER', name: '赵立新' })
  // of a bureau, as every project manager is
  const tenantId = await t.inTx(async (ctx) => (await createTenant(ctx, { code: 'lcj', name: '省林草局', shortName: '省林草局' })).id)
  await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId, name: '杨帆' })
  await t.signedIn({ role: 'BUILD_PROJECT_MANAGER', name: '孙浩' })
  customer = await t.signedIn({ role: 'CUSTOMER_OM_MANAGER', name: '韩雪峰' })
  await t.inTx((ctx) =>
    addIncident(ctx, {
      title: '存储池主从切换',
      symptom: '写入超时',
      criteria: ['ERROR_OR_WARNING'],
      source: 'INSPECTION',
      tenantId: null,
      applicationId: null,
      reporterId: mm.personId,
      reporterName: '赵立新',
      reporterPhone: '',
      detectedAt: null,
      reportedAt: ctx.now,
      isSecurity: false,
      sourceKey: 'test',
    }),
  )
  t.setNow('2026-05-18T08:40')
})
afterAll(() => t.stop())

describe('[5.6-1] a meeting every week with the four roles', () => {
  it('is prepared with who comes; once a week, by the operation manager', async () => {
    meeting = await om.call(meetingApi.prepare, {})
    expect(meeting).toMatchObject({ week: '2026-W21', status: 'PREPARED', gaps: expect.arrayContaining(['HELD', 'ATTENDANCE']) })
    expect(meeting.majorEvents).toEqual([expect.objectContaining({ text: expect.stringContaining('存储池主从切换'), status: '处理中' })])
    expect(meeting.attendees.map(({ group }) => group)).toEqual(['OPERATION', 'MAINTENANCE', 'APPLICATION', 'CONSTRUCTION', 'CUSTOMER'])
    expect((await om.send(meetingApi.prepare, {})).problem).toMatchObject({ type: 'urn:changbai:problem:meeting.exists' })
    expect((await om.send(meetingApi.prepare, { week: '2026-W22' })).status).toBe(422)
    expect((await mm.send(meetingApi.prepare, {})).status).toBe(403)
  })
  test('of two who write at once the later is told', async () => {
    const first = await om.call(meetingApi.save, saved({ noneDeclared: true, majorEvents: [] }))
    expect((await om.send(meetingApi.save, saved({}))).problem).toMatchObject({ status: 409 })
    meeting = first
  })
  test('is held within its week and not before now', async () => {
    t.setNow('2026-05-18T11:30')
    expect((await om.send(meetingApi.hold, { meetingId: meeting.id, heldAt: '2026-05-18T06:00:00Z', place: '三楼' })).status).toBe(422)
    expect((await om.send(meetingApi.hold, { meetingId: meeting.id, heldAt: '2026-05-17T02:00:00Z', place: '三楼' })).status).toBe(422)
    meeting = await om.call(meetingApi.hold, { meetingId: meeting.id, heldAt: '2026-05-18T01:30:00Z', place: '三楼会议室' })
    // one working day: the end of business of the next
    expect(meeting).toMatchObject({ status: 'HELD', archiveDueAt: '2026-05-19T09:30:00Z' })
  })
  test('without all four groups the week does not count', async () => {
    const three = meeting.attendees.map((one) => ({ ...one, present: one.group !== 'CONSTRUCTION' }))
    meeting = await om.call(meetingApi.save, saved({ attendees: three }))
    t.setNow('2026-05-25T09:00')
    expect((await clause('5.6-1')).find((one) => one.subject.id === '2026-W21')?.state).toBe('BREACHED')
    t.setNow('2026-05-19T09:00')
    meeting = await om.call(meetingApi.save, saved({ attendees: meeting.attendees.map((one) => ({ ...one, present: true })) }))
  })
})

describe('[5.6-3] minutes are filed within a working day', () => {
  test('not while something is missing', async () => {
    expect((await om.send(meetingApi.archive, { meetingId: meeting.id })).problem).toMatchObject({ status: 422, gaps: ['PLANS'] })
    meeting = await om.call(
      meetingApi.save,
      saved({ nextPlans: [{ text: '更换汇聚交换机板卡', ownerId: mm.personId, ownerName: '赵立新', dueOn: '2026-05-22' }] }),
    )
  })
  test('items have owners and are followed over the weeks', async () => {
    const item = {
      meetingId: meeting.id,
      kind: 'DECISION',
      text: '补齐备件',
      ownerId: mm.personId,
      ownerName: '',
      dueOn: '2026-05-20',
    } as const
    meeting = await om.call(meetingApi.addItem, item)
    expect(meeting.items[0]).toMatchObject({ ownerName: '赵立新', overdue: false })
    await customer.call(meetingApi.comment, { meetingId: meeting.id, comment: '同意' })
  })
  test('filed at the end of the next working day it is in time, and stays as it is', async () => {
    t.setNow('2026-05-19T17:30')
    meeting = await om.call(meetingApi.archive, { meetingId: meeting.id })
    expect(meeting).toMatchObject({ status: 'ARCHIVED', late: false })
    expect((await om.send(meetingApi.save, saved({}))).problem).toMatchObject({ type: 'urn:changbai:problem:meeting.archived' })
    expect((await clause('5.6-3'))[0]?.state).toBe('MET')
  })
})

describe('[5.6-2] told, planned, and signed by the customer', () => {
  test('counts with the customer’s own signature only', async () => {
    expect((await clause('5.6-2'))[0]?.state).toBe('BREACHED')
    await customer.call(meetingApi.ack, { meetingId: meeting.id })
    expect((await clause('5.6-2'))[0]?.state).toBe('MET')
    expect((await om.call(meetingApi.ack, { meetingId: meeting.id })).acks.map(({ group }) => group)).toEqual(['CUSTOMER', 'OPERATION'])
  })
  test('[3.2.2-(3)] the week was led', async () => {
    t.setNow('2026-05-25T09:00')
    expect((await clause('3.2.2-(3)')).find((one) => one.subject.id === '2026-W21')?.state).toBe('MET')
    expect((await clause('5.6-1')).find((one) => one.subject.id === '2026-W21')?.state).toBe('MET')
  })
  test('what is left open comes up again the next week, and its owner finishes it', async () => {
    const next = await om.call(meetingApi.prepare, {})
    expect(next.carried.map(({ text, overdue }) => [text, overdue])).toEqual([['补齐备件', true]])
    const itemId = next.carried[0]?.id ?? ''
    expect((await customer.send(meetingApi.finishItem, { itemId, note: '已办' })).status).toBe(403)
    expect(await mm.call(meetingApi.finishItem, { itemId, note: '到货 12 块' })).toMatchObject({ doneNote: '到货 12 块' })
    expect((await mm.send(meetingApi.finishItem, { itemId, note: '再办' })).status).toBe(409)
    expect((await mm.call(meetingApi.items, { open: 'true', mine: 'true' })).items).toEqual([])
  })
  it('prints the minutes', async () => {
    const answer = await t.server.app.inject({
      method: 'POST',
      url: `/api/meetings/${meeting.id}/print`,
      headers: { authorization: `Test ${om.personId}` },
      payload: {},
    })
    expect([answer.statusCode, answer.rawPayload.subarray(0, 2).toString()]).toEqual([200, 'PK'])
  })
})
