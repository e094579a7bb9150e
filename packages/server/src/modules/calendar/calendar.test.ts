import { calendarApi } from '@changbai/contract/calendar.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { readYears } from './calendar.store.ts'
import { seedCalendar } from './seed.ts'
import { lookAhead } from './upkeep.ts'

let t: TestServer
let proposer: Client
let second: Client
beforeAll(async () => {
  t = await startTestServer({ now: '2026-09-18T15:00' })
  proposer = await t.signedIn({ role: 'OPERATION_MANAGER', name: '周敏' })
  second = await t.signedIn({ role: 'MAINTENANCE_MANAGER', name: '赵立新' })
})
afterAll(() => t?.stop())

describe('reading', () => {
  test('the shipped years are there, each with its notice', async () => {
    const { items } = await proposer.call(calendarApi.years, {})
    expect(items.map((one) => one.year)).toEqual(Array.from({ length: 24 }, (_, index) => 2027 - index))
    expect(items.find((one) => one.year === 2026)).toMatchObject({ status: 'PUBLISHED', workdays: 248, makeUpDays: 6 })
    expect(items[0]).toMatchObject({ year: 2027, status: 'PROVISIONAL', publishedAt: null })
    const { days } = await proposer.call(calendarApi.year, { year: 2020 })
    expect(days.length).toBe(366)
    expect(days.find((one) => one.on === '2020-01-31')).toMatchObject({
      isWorkday: false,
      publishedDoc: expect.stringContaining('延长2020年春节假期'),
    })
  })
  test('a deadline explains itself', async () => {
    const told = await proposer.call(calendarApi.explainDeadline, { from: '2026-09-18T07:00:00Z', limit: '2wd' })
    expect(told).toMatchObject({ dueOn: '2026-09-21', dueAt: '2026-09-21T09:30:00Z', provisional: false })
    expect(told.days[2]).toMatchObject({ on: '2026-09-20', counts: true, index: 1, kind: 'MAKEUP_WORK' })
  })
  test('working days left', async () => {
    expect(await proposer.call(calendarApi.remaining, { dueAt: '2026-09-24T09:30:00Z' })).toMatchObject({ workdays: 5, overdue: false })
    expect(await proposer.call(calendarApi.remaining, { dueAt: '2026-09-16T09:30:00Z' })).toMatchObject({ workdays: -2, overdue: true })
  })
  test('a limit nobody writes is refused', async () => {
    expect((await proposer.send(calendarApi.explainDeadline, { from: '2026-09-18T07:00:00Z', limit: 'P2M' })).status).toBe(400)
    expect((await proposer.send(calendarApi.explainDeadline, { from: '1804-09-18T07:00:00Z', limit: '2wd' })).status).toBe(422)
  })
  test('loading again changes nothing', async () => {
    const before = await t.inTx((ctx) => readYears(ctx.db))
    expect(await t.inTx(seedCalendar)).toEqual({ added: [] })
    expect(await t.inTx((ctx) => readYears(ctx.db))).toEqual(before)
  })
})

describe('a change takes two people', () => {
  const notice = { year: 2027, publishes: true, publishedDoc: '《国务院办公厅关于2027年部分节假日安排的通知》', reason: '通知已公布' }
  const days = [
    { on: '2027-01-01', kind: 'STATUTORY' as const, name: '元旦' },
    { on: '2027-01-04', kind: 'IN_LIEU_REST' as const, name: '元旦' },
    { on: '2027-01-09', kind: 'MAKEUP_WORK' as const, name: '元旦' },
  ]

  test('an announced year moves due times that reach into it', async () => {
    const due = () => proposer.call(calendarApi.explainDeadline, { from: '2026-12-30T02:00:00Z', limit: '2wd' })
    expect(await due()).toMatchObject({ dueOn: '2027-01-04', provisional: true })

    const change = await proposer.call(calendarApi.proposeChange, { ...notice, days })
    // 1 January is as it was already: only what differs is proposed
    expect(change.days.map((one) => [one.on, one.before, one.kind])).toEqual([
      ['2027-01-04', 'WORKDAY', 'IN_LIEU_REST'],
      ['2027-01-09', 'WEEKEND', 'MAKEUP_WORK'],
    ])
    expect(await due()).toMatchObject({ dueOn: '2027-01-04', provisional: true })

    const own = await proposer.send(calendarApi.decideChange, { changeId: change.id, decision: 'APPROVE' })
    expect(own.problem.type).toBe('urn:changbai:problem:calendar.same-person')

    const { mayDecide } = (await second.call(calendarApi.changes, { status: 'PROPOSED' })).items[0] ?? {}
    expect(mayDecide).toBe(true)
    expect(await second.call(calendarApi.decideChange, { changeId: change.id, decision: 'APPROVE' })).toMatchObject({
      status: 'APPROVED',
      decidedByName: '赵立新',
    })
    expect(await due()).toMatchObject({ dueOn: '2027-01-05', provisional: false })
    expect((await proposer.call(calendarApi.year, { year: 2027 })).days.find((one) => one.on === '2027-01-09')).toMatchObject({
      isWorkday: true,
      changedBy: '周敏',
      approvedBy: '赵立新',
    })

    const again = await second.send(calendarApi.decideChange, { changeId: change.id, decision: 'REJECT' })
    expect(again.status).toBe(409)
    expect(again.problem.title).toContain('赵立新')
  })
  test('two seconds at once: one wins', async () => {
    const change = await proposer.call(calendarApi.proposeChange, {
      year: 2026,
      publishedDoc: '省政府临时安排',
      reason: '暴雪停工',
      days: [{ on: '2026-12-16', kind: 'STATUTORY', name: '停工' }],
    })
    const third = await t.signedIn({ role: 'MAINTENANCE_MANAGER', name: '钱勇' })
    const answers = await Promise.all(
      [second, third].map((one) => one.send(calendarApi.decideChange, { changeId: change.id, decision: 'APPROVE' as const })),
    )
    expect(answers.map((one) => one.status).sort()).toEqual([200, 409])
  })
  test('back to what the week says', async () => {
    const change = await proposer.call(calendarApi.proposeChange, {
      year: 2026,
      publishedDoc: '省政府临时安排',
      reason: '停工取消',
      days: [{ on: '2026-12-16', kind: 'WORKDAY', name: null }],
    })
    await second.call(calendarApi.decideChange, { changeId: change.id, decision: 'APPROVE' })
    expect((await proposer.call(calendarApi.year, { year: 2026 })).workdays).toBe(248)
  })
  test.each([
    ['nothing new', { year: 2026, days: [{ on: '2026-10-01', kind: 'STATUTORY' as const, name: '国庆节' }] }, 'calendar.nothing-changed'],
    [
      'a day of another year',
      { year: 2026, days: [{ on: '2025-10-01', kind: 'STATUTORY' as const, name: '国庆节' }] },
      'calendar.other-year',
    ],
    ['a make-up Monday', { year: 2026, days: [{ on: '2026-11-23', kind: 'MAKEUP_WORK' as const, name: '调休' }] }, 'calendar.wrong-kind'],
  ])('refused: %s', async (_, input, kind) => {
    const answer = await proposer.send(calendarApi.proposeChange, { publishedDoc: '通知', reason: '试一试', ...input })
    expect(answer.status).toBe(422)
    expect(answer.problem.type).toBe(`urn:changbai:problem:${kind}`)
  })
  test('withdrawn by its proposer only; a bureau may not propose', async () => {
    const input = {
      year: 2026,
      publishedDoc: '通知',
      reason: '试一试',
      days: [{ on: '2026-12-17', kind: 'STATUTORY' as const, name: '停工' }],
    }
    const change = await proposer.call(calendarApi.proposeChange, input)
    const other = await t.signedIn({ role: 'OPERATION_MANAGER' })
    expect((await other.send(calendarApi.withdrawChange, { changeId: change.id })).status).toBe(404)
    expect((await proposer.call(calendarApi.withdrawChange, { changeId: change.id })).status).toBe('WITHDRAWN')
    expect((await second.send(calendarApi.decideChange, { changeId: change.id, decision: 'APPROVE' })).status).toBe(409)
    const bureau = await t.signedIn({ role: 'CUSTOMER_LEADER' })
    expect((await bureau.send(calendarApi.proposeChange, input)).status).toBe(403)
  })
})

test('from October on somebody is told that the next year is missing, once a week', async () => {
  const told = async () =>
    (await t.inTx((ctx) => ctx.db.selectFrom('notice').select('dedup_key').where('event', '=', 'calendar.year-missing').execute())).map(
      (one) => one.dedup_key,
    )
  const look = (at: string) => {
    t.setNow(at)
    return t.inTx(lookAhead)
  }
  await look('2027-09-30T09:00')
  expect(await told()).toEqual([])
  for (const at of ['2027-10-01T09:00', '2027-10-02T09:00', '2027-10-04T09:00']) await look(at)
  expect(await told()).toEqual(['calendar.year-missing:2028:2027-W39', 'calendar.year-missing:2028:2027-W40'])
  await look('2026-10-08T09:00')
  // 2027 was published above
  expect((await told()).length).toBe(2)
})
