import { complianceApi } from '@changbai/contract/compliance.ts'
import { type TrainingDetail, trainingApi } from '@changbai/contract/training.ts'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { storeFile } from '../../platform/files.ts'
import { createTenant } from '../identity/index.ts'
import { TOPICS } from './training.domain.ts'

let t: TestServer
let om: Client
let customer: Client
let zhang: Client
let ren: Client
let session: TrainingDetail
const clause = async (clauseId: string, month = '2026-05') => (await customer.call(complianceApi.clause, { clauseId, month })).clause.figure

beforeAll(async () => {
  t = await startTestServer({ now: '2026-01-12T09:00' })
  const [rst, lcj] = await t.inTx(async (ctx) => [
    (await createTenant(ctx, { code: 'rst', name: '人社厅', shortName: '人社厅' })).id,
    (await createTenant(ctx, { code: 'lcj', name: '林草局', shortName: '林草局' })).id,
  ])
  om = await t.signedIn({ role: 'OPERATION_MANAGER', name: '周敏' })
  customer = await t.signedIn({ role: 'CUSTOMER_OM_MANAGER', name: '韩雪峰' })
  zhang = await t.signedIn({ role: 'TENANT_ADMIN', tenantId: rst ?? null, name: '张博' })
  ren = await t.signedIn({ role: 'TENANT_ADMIN', tenantId: lcj ?? null, name: '任静' })
})
afterAll(() => t.stop())

describe('[5.9.1-1] four sessions a year', () => {
  it('are planned on working days, a quarter each, with all four subjects', async () => {
    const { items } = await om.call(trainingApi.planYear, { year: 2026, venue: '省电子政务办会议室', trainers: '徐然' })
    expect(items.map(({ plannedOn }) => plannedOn)).toEqual(['2026-02-24', '2026-05-15', '2026-08-17', '2026-11-16'])
    expect((await om.send(trainingApi.planYear, { year: 2026, venue: '别处', trainers: '别人' })).status).toBe(409)
    expect((await zhang.send(trainingApi.planYear, { year: 2027, venue: '别处', trainers: '别人' })).status).toBe(403)
    session = await om.call(trainingApi.get, { trainingId: items[1]?.id ?? '' })
  })
  it('invites every administrator, who answer for themselves', async () => {
    t.setNow('2026-05-04T09:00')
    session = await om.call(trainingApi.invite, { trainingId: session.id })
    expect(session.participants.map(({ name, tenantName }) => [name, tenantName]).sort()).toEqual([
      ['任静', '林草局'],
      ['张博', '人社厅'],
    ])
    expect((await zhang.call(trainingApi.answer, { trainingId: session.id, coming: true })).own).toMatchObject({
      invited: true,
      coming: true,
    })
  })
  it('shows who comes to the manager only', async () => {
    expect((await zhang.call(trainingApi.get, { trainingId: session.id })).participants).toEqual([])
    expect((await zhang.call(trainingApi.list, {})).coverage).toEqual([])
  })
})

describe('in the room', () => {
  test('one signs in with the code on the wall, which is over an hour later', async () => {
    t.setNow('2026-05-15T08:50')
    const { code, path } = await om.call(trainingApi.code, { trainingId: session.id })
    expect(path).toContain(code)
    expect((await zhang.send(trainingApi.signIn, { trainingId: session.id, code: 'AAAAAAAA' })).status).toBe(403)
    t.setNow('2026-05-15T09:05')
    expect((await zhang.call(trainingApi.signIn, { trainingId: session.id, code })).own.signedInAt).toBe('2026-05-15T01:05:00Z')
    t.setNow('2026-05-15T10:11')
    expect((await ren.send(trainingApi.signIn, { trainingId: session.id, code })).problem).toMatchObject({ status: 403 })
  })
  test('a file of the same name is its next version', async () => {
    const add = async (words: string) => {
      const file = await t.inTx((ctx) => storeFile(ctx, [Buffer.from(words)], { name: '操作手册.txt', purpose: 'training' }), om.actor)
      return om.call(trainingApi.material, { trainingId: session.id, fileId: file.id, name: '操作手册' })
    }
    await add('第一版')
    const { materials } = await add('第二版')
    expect(materials.map(({ version }) => version)).toEqual([1, 2])
    expect(new Set(materials.map(({ digest }) => digest.value)).size).toBe(2)
  })
})

describe('[5.9.1-2] tests', () => {
  test('need a bank, and that one was there', async () => {
    expect((await zhang.send(trainingApi.startExam, { trainingId: session.id })).problem).toMatchObject({
      type: 'urn:changbai:problem:training.no-questions',
    })
    for (const topic of TOPICS)
      for (let n = 0; n < 5; n += 1)
        await om.call(trainingApi.addQuestion, { topic, text: `第 ${n} 题`, options: ['对', '错'], correct: n % 2 })
    expect((await ren.send(trainingApi.startExam, { trainingId: session.id })).problem).toMatchObject({
      type: 'urn:changbai:problem:training.not-signed-in',
    })
  })
  test('a paper does not carry its answers, and stays the same until it is handed in', async () => {
    const exam = await zhang.call(trainingApi.startExam, { trainingId: session.id })
    expect(exam.questions).toHaveLength(20)
    expect(JSON.stringify(exam)).not.toContain('correct')
    expect((await zhang.call(trainingApi.startExam, { trainingId: session.id })).id).toBe(exam.id)
    expect((await ren.send(trainingApi.submitExam, { examId: exam.id, answers: [] })).status).toBe(404)
  })
  test('without a pass there is no certificate; the next paper may pass', async () => {
    const first = await zhang.call(trainingApi.startExam, { trainingId: session.id })
    const failed = await zhang.call(trainingApi.submitExam, { examId: first.id, answers: [] })
    expect(failed).toMatchObject({ score: 0, passed: false, certificateNo: null })
    expect((await zhang.send(trainingApi.submitExam, { examId: first.id, answers: [] })).status).toBe(409)
    expect((await zhang.send(trainingApi.certificate, { examId: first.id })).status).toBe(409)
    const bank = new Map((await om.call(trainingApi.questions, { limit: 100 })).items.map((one) => [one.id, one.correct]))
    const second = await zhang.call(trainingApi.startExam, { trainingId: session.id })
    const answers = second.questions.map(({ id }) => ({ questionId: id, option: bank.get(id) ?? 0 }))
    const passed = await zhang.call(trainingApi.submitExam, { examId: second.id, answers })
    expect(passed).toMatchObject({ score: 100, passed: true })
    expect((await zhang.send(trainingApi.certificate, { examId: second.id })).status).toBe(200)
    expect((await ren.send(trainingApi.certificate, { examId: second.id })).status).toBe(404)
  })
  test('one answers the survey once', async () => {
    const answer = { trainingId: session.id, content: 5, trainer: 4, organization: 5, usefulness: 4 }
    expect(await zhang.call(trainingApi.survey, answer)).toMatchObject({ satisfaction: 4.5, surveyed: 1 })
    expect((await zhang.send(trainingApi.survey, answer)).status).toBe(409)
  })
})

describe('the board', () => {
  test('[5.9.2-1] [5.9.2-2] a session held with all it needs', async () => {
    t.setNow('2026-05-15T17:30')
    const times = {
      trainingId: session.id,
      heldFrom: '2026-05-15T01:00:00Z',
      heldTo: '2026-05-15T09:00:00Z',
      effect: '参训人员能独立提交申请',
    }
    expect(await om.call(trainingApi.close, times)).toMatchObject({ status: 'CLOSED', signedIn: 1, passed: 1 })
    expect(await clause('5.9.2-1')).toMatchObject({ state: 'COMPLIANT', met: 1 })
    expect(await clause('5.9.2-2')).toMatchObject({ state: 'COMPLIANT', met: 1 })
  })
  test('[5.9.1-2] one of two administrators has passed', async () => {
    t.setNow('2026-06-01T09:00')
    expect(await clause('5.9.1-2')).toMatchObject({ state: 'BREACHED', met: 1, breached: 1 })
  })
  test('[5.9.1-1] one of four when the year ends', async () => {
    t.setNow('2027-01-02T09:00')
    expect(await clause('5.9.1-1', '2026-12')).toMatchObject({ state: 'BREACHED', due: 1 })
  })
  test('coverage by bureau', async () => {
    const { coverage } = await om.call(trainingApi.list, { year: 2026 })
    expect(coverage.map(({ tenantName, admins, trained, passed }) => [tenantName, admins, trained, passed]).sort()).toEqual([
      ['人社厅', 1, 1, 1],
      ['林草局', 1, 0, 0],
    ])
  })
})
