import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { planApi } from '@changbai/contract/plan.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { loadPlan, PlanError } from './load.ts'

const FOLDER = resolve(import.meta.dirname, '../../../../../plan/jilin')
const source = readFileSync(join(FOLDER, 'plan.yaml'), 'utf8')
const folderWith = (text: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'plan-'))
  writeFileSync(join(folder, 'plan.yaml'), text)
  return folder
}

let t: TestServer
let proposer: Client
let second: Client
let customer: Client
beforeAll(async () => {
  t = await startTestServer({ now: '2026-09-18T15:00' })
  proposer = await t.signedIn({ role: 'OPERATION_MANAGER', name: '周敏' })
  second = await t.signedIn({ role: 'MAINTENANCE_MANAGER', name: '赵立新' })
  customer = await t.signedIn({ role: 'CUSTOMER_OM_MANAGER', name: '韩雪峰' })
})
afterAll(() => t?.stop())

describe('the page of the plan', () => {
  test('overview', async () => {
    const plan = await proposer.call(planApi.overview, {})
    expect(plan.version).toMatchObject({ version: 1, clauses: 96, digestAlgorithm: 'SHA-256' })
    expect(plan.roles.length).toBe(19)
    expect(plan.severities.map((one) => one.resolveMinutes)).toEqual([180, 360, 720, 1440])
    expect(plan.chapters.reduce((sum, one) => sum + one.clauses, 0)).toBe(96)
  })
  test('clauses by filter; a clause by either number', async () => {
    const of = async (input: Parameters<typeof proposer.call<typeof planApi.clauses>>[1]) =>
      (await proposer.call(planApi.clauses, input)).items.map((one) => one.id)
    expect(await of({ chapter: '7' })).toEqual(['7.1-I-1', '7.1-I-2', '7.1-I-3', '7.1-I-4', '7.1-II-1', '7.1-II-2-1', '7.1-II-2-2'])
    expect(await of({ q: '物理机在接单' })).toEqual(['4.3-1b'])
    expect(await of({ frequency: 'DAILY', obligor: 'MAINTENANCE_MANAGER' })).toEqual(['3.3.1', '5.4-2'])
    expect(await of({ redLine: 'true', chapter: '4' })).toEqual(['4.3-1a', '4.3-1b', '4.3-1c', '4.3-1d'])
    const clause = await proposer.call(planApi.clause, { clauseId: '6.1-1' })
    expect(clause).toMatchObject({
      id: '5.8-1',
      alias: '6.1-1',
      deadline: 'incident.leaderNoticeMinutes',
      previous: '5.7-2b',
      next: '5.8-2',
    })
    expect(clause.deadlineRule?.zh).toContain('10 分钟')
    expect((await proposer.send(planApi.clause, { clauseId: '9.9' })).status).toBe(404)
  })
})

describe('a parameter changes by three people, from a day, for a reason', () => {
  const key = 'provisioning.vmWorkdays'
  const inForce = () => t.inTx(async (ctx) => ctx.plan.number(key))
  const propose = (input: Partial<{ value: number | string; startsOn: string; key: string }> = {}) =>
    proposer.send(planApi.proposeChange, { key, value: 3, startsOn: '2026-10-01', reason: '甲方来函', ...input })

  test('in force only after the second person and the customer, from its first day in Shanghai', async () => {
    const { reply: change } = await propose()
    expect(change).toMatchObject({ status: 'PROPOSED', before: 2, after: 3, may: ['WITHDRAW'] })
    expect((await proposer.send(planApi.reviewChange, { changeId: change.id })).problem.type).toBe('urn:changbai:problem:plan.same-person')
    expect((await customer.send(planApi.approveChange, { changeId: change.id })).problem.type).toBe(
      'urn:changbai:problem:plan.not-reviewed',
    )
    expect((await second.send(planApi.approveChange, { changeId: change.id })).status).toBe(403)
    expect((await second.call(planApi.reviewChange, { changeId: change.id, comment: '同意' })).status).toBe('REVIEWED')
    const approved = await customer.call(planApi.approveChange, { changeId: change.id, comment: '同意' })
    expect(approved).toMatchObject({ status: 'APPROVED', approved: { byName: '韩雪峰' } })

    expect(await inForce()).toBe(2)
    expect((await proposer.call(planApi.parameter, { key })).next).toEqual({ value: 3, startsOn: '2026-10-01' })
    t.setNow('2026-09-30T23:59:59.999')
    expect(await inForce()).toBe(2)
    t.setNow('2026-10-01T00:00')
    expect(await inForce()).toBe(3)
    t.setNow('2026-09-18T15:00')

    const { history } = await proposer.call(planApi.parameter, { key })
    expect(history.map((one) => [one.value, one.startsOn])).toEqual([
      [3, '2026-10-01'],
      [2, null],
    ])
    expect((await customer.send(planApi.rejectChange, { changeId: change.id, comment: '再想想' })).status).toBe(409)
  })
  test('the reviewer does not also approve', async () => {
    const { reply: change } = await propose({ value: 4, startsOn: '2026-11-01' })
    await customer.call(planApi.reviewChange, { changeId: change.id })
    expect((await customer.send(planApi.approveChange, { changeId: change.id })).problem.type).toBe('urn:changbai:problem:plan.same-person')
    expect((await second.call(planApi.rejectChange, { changeId: change.id, comment: '不合适' })).status).toBe('REJECTED')
  })
  test.each([
    ['today', { startsOn: '2026-09-18' }, 'plan.starts-in-past'],
    ['out of bounds', { value: 31 }, 'plan.bad-value'],
    ['of another kind', { value: 'three' }, 'plan.bad-value'],
    ['the same', { value: 2, startsOn: '2026-09-30' }, 'plan.unchanged'],
    ['unknown', { key: 'provisioning.nothing' }, 'plan.no-parameter'],
  ])('refused: %s', async (_, input, kind) => {
    expect((await propose(input)).problem.type).toBe(`urn:changbai:problem:${kind}`)
  })
  test('what was not settled before its first day cannot be approved any more', async () => {
    const { reply: change } = await propose({ value: 5, startsOn: '2026-09-19' })
    await second.call(planApi.reviewChange, { changeId: change.id })
    t.setNow('2026-09-19T08:00')
    expect((await customer.send(planApi.approveChange, { changeId: change.id })).problem.type).toBe(
      'urn:changbai:problem:plan.start-passed',
    )
    t.setNow('2026-09-18T15:00')
  })
})

describe('loading', () => {
  test('the same file is no new version; a new file does not change values behind the procedure', async () => {
    expect(await t.inTx((ctx) => loadPlan(ctx, FOLDER))).toMatchObject({ version: 1, changed: false })
    const edited = source
      .replace('key: training.passScore', 'key: training.passMark')
      .replace('parameters: [training.passScore]', 'parameters: [training.passMark]')
    const folder = folderWith(
      edited
        .replace('value: 60\n    unit: point', 'value: 70\n    unit: point')
        .replace('value: 15\n    unit: s', 'value: 20\n    unit: s'),
    )
    expect(await t.inTx((ctx) => loadPlan(ctx, folder))).toEqual({ version: 2, changed: true, kept: ['hotline.answerSeconds'] })
    expect(await t.inTx(async (ctx) => [ctx.plan.number('training.passMark'), ctx.plan.number('hotline.answerSeconds')])).toEqual([70, 15])
  })
  test('a flawed file is refused whole', async () => {
    await expect(t.inTx((ctx) => loadPlan(ctx, folderWith(source.replace('value: 10wd', 'value: soon'))))).rejects.toThrow(PlanError)
    await expect(t.inTx((ctx) => loadPlan(ctx, '/nowhere'))).rejects.toThrow('the file is not there')
  })
  test('two processes at once make one version', async () => {
    const folder = folderWith(`${source}# another release\n`)
    const loads = await Promise.all([1, 2].map(() => t.inTx((ctx) => loadPlan(ctx, folder))))
    expect(loads.map((one) => one.changed).sort()).toEqual([false, true])
  })
  test('an unknown key or a wrong kind is a mistake of the program', async () => {
    await expect(t.inTx(async (ctx) => ctx.plan.number('nothing.atAll'))).rejects.toThrow('no parameter nothing.atAll')
    await expect(t.inTx(async (ctx) => ctx.plan.number('workflow.correction'))).rejects.toThrow('is DURATION, not NUMBER')
  })
})
