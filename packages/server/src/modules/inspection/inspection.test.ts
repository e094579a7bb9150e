import { complianceApi } from '@changbai/contract/compliance.ts'
import { inspectionApi, type Round } from '@changbai/contract/inspection.ts'
import { notificationApi } from '@changbai/contract/notification.ts'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { storeFile } from '../../platform/files.ts'
import { watchRounds } from './inspection.jobs.ts'

let t: TestServer
let engineer: Client
let manager: Client
let operation: Client
let customer: Client

const normal = (round: Round): Round['answers'] =>
  round.items.map((item) => ({
    code: item.code,
    result: 'OK' as const,
    value: item.okFrom ?? item.okTo,
    note: '',
    follow: 'NONE' as const,
    photoIds: [],
    incidentId: null,
    incidentNo: null,
  }))
const scanned = { method: 'QR' as const, pointCode: 'JF-A-01' }
let key = 0
const begin = (who: Client, kind: Round['kind'] = 'FACILITY') => {
  key += 1
  return who.call(inspectionApi.start, { kind, clientKey: `phone-key-${key}`, checkIn: scanned })
}

beforeAll(async () => {
  t = await startTestServer({ now: '2026-05-11T06:10' })
  engineer = await t.signedIn({ role: 'MAINTENANCE_ENGINEER', name: '马俊' })
  manager = await t.signedIn({ role: 'MAINTENANCE_MANAGER', name: '赵立新' })
  operation = await t.signedIn({ role: 'OPERATION_MANAGER', name: '周敏' })
  customer = await t.signedIn({ role: 'CUSTOMER_OM_MANAGER', name: '韩雪峰' })
})
afterAll(() => t.stop())

describe('[5.4-1] the machine room, three times a day', () => {
  let first: Round
  test('a round looks at the six kinds and its items stay as they were when it began', async () => {
    first = await begin(engineer)
    expect([...new Set(first.items.map((item) => item.group))].sort()).toEqual(['ACCESS', 'FIRE', 'HVAC', 'LED', 'NETWORK', 'POWER'])
    expect(first).toMatchObject({ window: { key: 'F1' }, valid: null, may: ['WRITE'] })
  })
  test('the same phone asking twice has one round', async () =>
    expect((await engineer.call(inspectionApi.start, { kind: 'FACILITY', clientKey: 'phone-key-1', checkIn: scanned })).id).toBe(first.id))
  test('only who began it writes it, and nobody of another trade sees it', async () => {
    const other = await t.signedIn({ role: 'MAINTENANCE_ENGINEER', name: '何工' })
    expect((await other.send(inspectionApi.save, { roundId: first.id, answers: [] })).status).toBe(403)
    expect((await operation.send(inspectionApi.get, { roundId: first.id })).status).toBe(404)
    expect((await manager.send(inspectionApi.start, { kind: 'FACILITY', clientKey: 'phone-key-x' })).status).toBe(403)
  })
  test('what is typed is kept, what is left out keeps it from being handed in', async () => {
    const some = normal(first).slice(0, 3)
    expect((await engineer.call(inspectionApi.save, { roundId: first.id, answers: some })).answers).toHaveLength(3)
    expect((await engineer.send(inspectionApi.submit, { roundId: first.id, answers: some })).problem).toMatchObject({ status: 422 })
    const unknown = [{ code: 'led.nowhere', result: 'OK' as const }]
    expect((await engineer.send(inspectionApi.save, { roundId: first.id, answers: unknown })).status).toBe(422)
  })
  test('a reading outside its range is abnormal, needs a note, and opens one incident', async () => {
    const hot = normal(first).map((one) => (one.code === 'room.temp' ? { ...one, value: 31.5, follow: 'INCIDENT' as const } : one))
    expect((await engineer.send(inspectionApi.submit, { roundId: first.id, answers: hot })).status).toBe(422)
    const told = hot.map((one) => (one.code === 'room.temp' ? { ...one, note: '2 号空调停机' } : one))
    const done = await engineer.call(inspectionApi.submit, { roundId: first.id, answers: told })
    expect(done).toMatchObject({ conclusion: 'ABNORMAL', abnormal: 1, valid: true, invalid: [] })
    expect(done.answers.find((one) => one.code === 'room.temp')?.incidentNo).toMatch(/\d/)
    expect((await engineer.send(inspectionApi.submit, { roundId: first.id, answers: normal(first) })).status).toBe(409)
  })
  test('the next round counts only after the least gap, and only when a point was scanned', async () => {
    t.setNow('2026-05-11T09:00')
    const early = await begin(engineer)
    const soon = await engineer.call(inspectionApi.submit, { roundId: early.id, answers: normal(early) })
    expect(soon).toMatchObject({ valid: false, invalid: ['TOO_SOON'] })
    t.setNow('2026-05-11T12:00')
    const unscanned = await begin(engineer)
    const from = await engineer.call(inspectionApi.submit, {
      roundId: unscanned.id,
      answers: normal(unscanned),
      checkIn: { method: 'NONE', pointCode: '' },
    })
    expect(from.invalid).toEqual(['NO_CHECK_IN'])
    const good = await begin(engineer)
    expect((await engineer.call(inspectionApi.submit, { roundId: good.id, answers: normal(good) })).valid).toBe(true)
  })
  test('finished without the network it counts when it was done, and is seen to have come late', async () => {
    t.setNow('2026-05-11T20:00')
    const round = await begin(engineer)
    t.setNow('2026-05-13T08:00')
    expect(
      (await engineer.send(inspectionApi.submit, { roundId: round.id, answers: normal(round), doneAt: '2026-05-14T00:00:00Z' })).status,
    ).toBe(422)
    const late = await engineer.call(inspectionApi.submit, { roundId: round.id, answers: normal(round), doneAt: '2026-05-11T12:40:00Z' })
    expect(late).toMatchObject({ valid: true, isLate: true, doneAt: '2026-05-11T12:40:00Z' })
  })
  test('the clause board counts the day as kept and the next one as not', async () => {
    const { clause, obligations } = await customer.call(complianceApi.clause, { clauseId: '5.4-1', month: '2026-05' })
    expect(clause.figure).toMatchObject({ state: 'BREACHED', met: 1 })
    const day = (on: string) => obligations.items.find((one) => one.subject.id === on)?.state
    expect([day('2026-05-11'), day('2026-05-12'), day('2026-05-13')]).toEqual(['MET', 'BREACHED', 'OPEN'])
  })
  test('readings become a series', async () => {
    const { points, item } = await manager.call(inspectionApi.series, { code: 'room.temp' })
    expect(points.map((one) => one.value)).toContain(31.5)
    expect(item).toMatchObject({ unit: '℃', okFrom: 18, okTo: 27 })
  })
})

describe('[5.4-2] [5.4-3] the platform and the bureaus’ services', () => {
  it('is walked by who owes it, and spot-checked by another', async () => {
    t.setNow('2026-05-13T09:30')
    const round = await begin(manager, 'PLATFORM')
    await manager.call(inspectionApi.submit, { roundId: round.id, answers: normal(round) })
    expect((await engineer.send(inspectionApi.review, { roundId: round.id, comment: '看过' })).status).toBe(403)
    const reviewed = await customer.call(inspectionApi.review, { roundId: round.id, comment: '抽查相符' })
    expect(reviewed.review).toMatchObject({ byName: '韩雪峰', comment: '抽查相符' })
  })
  it('shows the day: done, open, ahead', async () => {
    const { windows } = await customer.call(inspectionApi.today, {})
    const state = (kind: string) => windows.filter((one) => one.kind === kind).map((one) => one.state)
    expect(state('PLATFORM')).toEqual(['DONE'])
    expect(state('TENANT_SERVICE')).toEqual(['OPEN', 'AHEAD'])
    expect(state('FACILITY')).toEqual(['MISSED', 'OPEN', 'AHEAD'])
  })
  it('prints a Word report', async () => {
    const { items } = await customer.call(inspectionApi.list, { kind: 'PLATFORM' })
    const answer = await t.server.app.inject({
      method: 'POST',
      url: `/api/inspections/${items[0]?.id}/print`,
      headers: { authorization: `Test ${customer.personId}` },
      payload: {},
    })
    expect(answer.statusCode).toBe(200)
    expect(answer.rawPayload.subarray(0, 2).toString()).toBe('PK')
  })
})

describe('faults of phones and networks', () => {
  const jpeg = (bytes: number) => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(bytes - 4, 7)])
  const upload = (bytes: number) => t.inTx((ctx) => storeFile(ctx, [jpeg(bytes)], { name: 'p.jpg', purpose: 'inspection' }), engineer.actor)

  test('a phone that dies in mid-round: another goes on where it was, with its photos', async () => {
    t.setNow('2026-05-20T01:00')
    const round = await begin(engineer)
    const photo = await upload(2048)
    const [some, ...rest] = normal(round)
    await engineer.call(inspectionApi.save, { roundId: round.id, answers: [{ ...(some as Round['answers'][0]), photoIds: [photo.id] }] })
    const other = await engineer.call(inspectionApi.start, { kind: 'FACILITY', clientKey: 'the-second-phone', checkIn: scanned })
    expect(other).toMatchObject({ id: round.id, photos: [{ id: photo.id, digest: photo.digest }] })
    const done = await engineer.call(inspectionApi.submit, { roundId: round.id, answers: rest })
    expect(done).toMatchObject({ valid: true, photos: [{ id: photo.id }] })
    expect(done.answers).toHaveLength(round.items.length)
  })
  test('the same round sent twice is one; other answers afterwards change nothing', async () => {
    t.setNow('2026-05-20T09:00')
    const round = await begin(engineer)
    const hot = normal(round).map((one) =>
      one.code === 'room.temp' ? { ...one, value: 33, note: '空调停机', follow: 'INCIDENT' as const } : one,
    )
    const input = { roundId: round.id, answers: hot, doneAt: '2026-05-20T01:00:00Z' }
    const first = await engineer.call(inspectionApi.submit, input)
    t.setNow('2026-05-20T10:00')
    expect(await engineer.call(inspectionApi.submit, input)).toEqual(first)
    expect((await engineer.send(inspectionApi.submit, { ...input, answers: normal(round) })).status).toBe(409)
    expect(
      (await manager.call(inspectionApi.series, { code: 'room.temp' })).points.filter(({ roundId }) => roundId === round.id),
    ).toHaveLength(1)
  })
  test('from two phones: what each answered is kept', async () => {
    t.setNow('2026-05-20T17:00')
    const round = await begin(engineer)
    const all = normal(round)
    await engineer.call(inspectionApi.save, { roundId: round.id, answers: all.slice(0, 4) })
    const merged = await engineer.call(inspectionApi.save, { roundId: round.id, answers: all.slice(3, 6) })
    expect(merged.answers.map(({ code }) => code)).toEqual(all.slice(0, 6).map(({ code }) => code))
    expect((await engineer.send(inspectionApi.submit, { roundId: round.id, answers: [] })).problem).toMatchObject({ n: all.length - 6 })
    await engineer.call(inspectionApi.submit, { roundId: round.id, answers: all.slice(6) })
  })
  test('three days late it counts for its day and says so', async () => {
    t.setNow('2026-05-21T00:30')
    const round = await begin(engineer)
    t.setNow('2026-05-24T09:00')
    const late = await engineer.call(inspectionApi.submit, { roundId: round.id, answers: normal(round), doneAt: '2026-05-20T18:00:00Z' })
    expect(late).toMatchObject({ on: '2026-05-21', isLate: true, valid: true, receivedAt: '2026-05-24T01:00:00Z' })
  })
  test('a photo of 20 MB is taken as it is by who sends it so', async () => {
    const file = await upload(20 * 1024 * 1024)
    expect(file.sizeBytes).toBe(20 * 1024 * 1024)
  })
  test('a missed window is told of within the hour, once', async () => {
    t.setNow('2026-05-22T08:05')
    const told = async () =>
      (await engineer.call(notificationApi.inbox, { show: 'all', limit: 100 })).items.filter(({ event }) => event === 'inspection.missed')
        .length
    await t.inTx(watchRounds)
    expect(await told()).toBe(1)
    t.setNow('2026-05-22T08:50')
    await t.inTx(watchRounds)
    expect(await told()).toBe(1)
  })
})

describe('points, measurements and paper', () => {
  test('once points are registered only their codes check in', async () => {
    t.setNow('2026-05-22T09:00')
    const point = await manager.call(inspectionApi.addPoint, { code: 'JF-A-01', title: '机房 A 门口', room: '机房 A', seq: 1 })
    expect((await manager.send(inspectionApi.addPoint, { code: 'JF-A-01', title: '又一个', room: '机房 A', seq: 2 })).status).toBe(409)
    const at = (pointCode: string) =>
      engineer.send(inspectionApi.start, { kind: 'FACILITY', clientKey: `scan-${pointCode}`, checkIn: { method: 'QR', pointCode } })
    expect((await at('JF-Z-09')).problem.type).toContain('inspection.no-point')
    expect((await at('JF-A-01')).reply.checkIn).toEqual({ method: 'QR', pointCode: 'JF-A-01' })
    await manager.call(inspectionApi.retirePoint, { pointId: point.id })
    expect((await engineer.call(inspectionApi.points, {})).items).toMatchObject([{ code: 'JF-A-01', retired: true }])
  })
  test('[5.4-2] [5.4-3] a round is filled beforehand from what was measured, and from nothing else', async () => {
    const platform = await begin(manager, 'PLATFORM')
    const { items } = await manager.call(inspectionApi.measured, { roundId: platform.id })
    expect(items).toEqual([expect.objectContaining({ code: 'mon.openCritical', result: 'OK', value: 0 })])
    expect((await manager.call(inspectionApi.get, { roundId: platform.id })).answers).toEqual([])
    expect((await operation.send(inspectionApi.measured, { roundId: platform.id })).status).toBe(404)
  })
})
