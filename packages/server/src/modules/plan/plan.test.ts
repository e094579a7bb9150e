import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { planApi } from '@changbai/contract/plan.ts'
import { type PlanProposal, planProposalApi } from '@changbai/contract/plan-proposal.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { loadPlan, PlanError } from './load.ts'
import { applyDueProposals } from './proposal.service.ts'

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
  test('the same file changes nothing', async () => {
    expect(await t.inTx((ctx) => loadPlan(ctx, FOLDER))).toEqual({ version: 1, changed: false, proposalId: null })
  })
  test('a flawed file is refused whole', async () => {
    await expect(t.inTx((ctx) => loadPlan(ctx, folderWith(source.replace('value: 10wd', 'value: soon'))))).rejects.toThrow(PlanError)
    await expect(t.inTx((ctx) => loadPlan(ctx, '/nowhere'))).rejects.toThrow('the file is not there')
  })
  test('an unknown key or a wrong kind is a mistake of the program', async () => {
    await expect(t.inTx(async (ctx) => ctx.plan.number('nothing.atAll'))).rejects.toThrow('no parameter nothing.atAll')
    await expect(t.inTx(async (ctx) => ctx.plan.number('workflow.correction'))).rejects.toThrow('is DURATION, not NUMBER')
  })
})

describe('a plan file that an upgrade brought', () => {
  const edited = source
    .replace('key: training.passScore', 'key: training.passMark')
    .replace('parameters: [training.passScore]', 'parameters: [training.passMark]')
    .replace('value: 60\n    unit: point', 'value: 70\n    unit: point')
    .replace('value: 15\n    unit: s', 'value: 20\n    unit: s')
    .replace(/(key: provisioning.vmWorkdays[\s\S]*?value: )2\n/, (_, head) => `${head}4\n`)
    .replace('先准入，后申请', '准入在先')
  const folder = folderWith(edited)
  const lineOf = (words: string) => edited.slice(0, edited.indexOf(words)).split('\n').length
  const process = { key: 'incident', before: '<process id="p" name="故障"><userTask id="a" name="接单"/></process>', after: '' }
  process.after = process.before.replace('接单', '响应')
  const latest = async () => (await proposer.call(planProposalApi.list, {})).items[0] as PlanProposal
  const of = (proposal: PlanProposal, key: string) => proposal.differences.find((one) => one.key === key)
  let id: string

  test('is a proposal with its differences and their lines; nothing else changes', async () => {
    t.setNow('2026-10-02T09:00')
    const { proposalId, ...load } = await t.inTx((ctx) => loadPlan(ctx, folder, [process]))
    expect(load).toEqual({ version: 1, changed: false })
    id = proposalId ?? ''
    const proposal = await latest()
    expect(proposal).toMatchObject({ id, status: 'PROPOSED', basedOn: 1, may: ['REVIEW', 'DECLINE'] })
    expect(of(proposal, 'hotline.answerSeconds')).toMatchObject({ part: 'PARAMETER', change: 'CHANGED', yours: null })
    expect(of(proposal, 'hotline.answerSeconds')?.fields).toEqual([
      { field: 'value', before: 15, after: 20, line: edited.slice(0, edited.indexOf('value: 20\n    unit: s')).split('\n').length },
    ])
    expect(of(proposal, 'training.passMark')).toMatchObject({
      change: 'ADDED',
      holdsAlready: true,
      line: lineOf('- key: training.passMark'),
    })
    expect(of(proposal, 'training.passScore')).toMatchObject({ change: 'REMOVED' })
    expect(of(proposal, 'incident')).toMatchObject({
      part: 'PROCESS',
      change: 'CHANGED',
      file: 'processes/incident.bpmn',
      fields: [{ field: 'a', before: expect.stringContaining('接单'), after: expect.stringContaining('响应'), line: 1 }],
    })
    expect(await t.inTx(async (ctx) => ctx.plan.number('hotline.answerSeconds'))).toBe(15)
    expect((await proposer.call(planApi.overview, {})).version.version).toBe(1)
  })
  test('a value people changed here is theirs against ours, and stays', async () => {
    expect(of(await latest(), 'provisioning.vmWorkdays')).toMatchObject({ yours: { value: 3, theirs: 4 } })
  })
  test('what the program beside it reads is there at once', async () => {
    expect(await t.inTx(async (ctx) => [ctx.plan.number('training.passMark'), ctx.plan.number('training.passScore')])).toEqual([70, 60])
  })
  test('the same folder is proposed once, by two processes too', async () => {
    const loads = await Promise.all([1, 2].map(() => t.inTx((ctx) => loadPlan(ctx, folder, [process]))))
    expect(loads.map(({ proposalId }) => proposalId)).toEqual([id, id])
    expect((await proposer.call(planProposalApi.list, {})).items).toHaveLength(1)
  })
  test('two people adopt it from a day', async () => {
    expect((await second.send(planProposalApi.adopt, { proposalId: id })).status).toBe(403)
    expect((await customer.send(planProposalApi.adopt, { proposalId: id })).problem.type).toContain('plan.not-reviewed')
    expect((await second.send(planProposalApi.review, { proposalId: id, startsOn: '2026-10-02' })).problem.type).toContain('starts-in-past')
    await second.call(planProposalApi.review, { proposalId: id, startsOn: '2026-10-05' })
    expect(await customer.call(planProposalApi.adopt, { proposalId: id, comment: '同意' })).toMatchObject({ status: 'ADOPTED' })
    expect((await customer.send(planProposalApi.decline, { proposalId: id, comment: '反悔' })).status).toBe(409)

    t.setNow('2026-10-04T23:59')
    await t.inTx(applyDueProposals)
    expect(await t.inTx(async (ctx) => ctx.plan.number('hotline.answerSeconds'))).toBe(15)
    expect((await proposer.call(planApi.overview, {})).version.version).toBe(1)
  })
  test('from that day clauses, values and processes are the new ones; ours stays ours', async () => {
    t.setNow('2026-10-05T00:00')
    expect(await t.inTx(async (ctx) => ctx.plan.number('hotline.answerSeconds'))).toBe(20)
    const heard: string[] = []
    await t.inTx(async (ctx) =>
      applyDueProposals({
        ...ctx,
        publish: async (event, payload) => void heard.push(`${event} ${JSON.stringify(payload).includes('响应')}`),
      }),
    )
    expect(heard).toEqual(['plan.adopted true'])
    expect((await proposer.call(planApi.overview, {})).version.version).toBe(2)
    expect((await proposer.call(planApi.clause, { clauseId: '4.1' })).title.zh).toBe('准入在先')
    expect(await t.inTx(async (ctx) => ctx.plan.number('provisioning.vmWorkdays'))).toBe(3)
    expect(await t.inTx((ctx) => loadPlan(ctx, folder))).toMatchObject({ version: 2, proposalId: null })
  })
  test('declined with a reason it is not proposed again; another province’s plan is a proposal like any other', async () => {
    const example = resolve(FOLDER, '../example')
    await t.inTx((ctx) => loadPlan(ctx, example))
    const proposal = await latest()
    expect(proposal.differences.filter(({ part, change }) => part === 'CLAUSE' && change === 'REMOVED')).toHaveLength(96)
    expect(proposal.differences.filter(({ part, change }) => part === 'CLAUSE' && change === 'ADDED')).toHaveLength(16)
    expect((await second.call(planProposalApi.decline, { proposalId: proposal.id, comment: '另一个省的' })).status).toBe('DECLINED')
    expect(await t.inTx((ctx) => loadPlan(ctx, example))).toMatchObject({ version: 2, proposalId: proposal.id })
    expect((await latest()).status).toBe('DECLINED')
  })
  test('a newer folder takes the place of one nobody decided; the old one again takes it back', async () => {
    await t.inTx((ctx) => loadPlan(ctx, folderWith(`${edited}# another release\n`)))
    const waiting = await latest()
    expect(waiting).toMatchObject({ status: 'PROPOSED', differences: [] })
    await t.inTx((ctx) => loadPlan(ctx, folder))
    expect((await latest()).status).toBe('SUPERSEDED')
  })
  test('what no longer fits is named and refused', async () => {
    const narrow = edited
      .replace(/(key: provisioning.vmWorkdays[\s\S]*?max: )\d+/, (_, head) => `${head}4`)
      .replace(/(key: provisioning.vmWorkdays[\s\S]*?min: )\d+/, (_, head) => `${head}4`)
    const { proposalId } = await t.inTx((ctx) => loadPlan(ctx, folderWith(narrow)))
    await second.call(planProposalApi.review, { proposalId: proposalId ?? '', startsOn: '2026-10-09' })
    expect((await customer.send(planProposalApi.adopt, { proposalId: proposalId ?? '' })).problem).toMatchObject({
      keys: 'provisioning.vmWorkdays',
    })
  })
})
