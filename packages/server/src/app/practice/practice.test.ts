import { changeApi } from '@changbai/contract/change.ts'
import type { Endpoint, InputSent, ReplyReceived } from '@changbai/contract/endpoint.ts'
import { incidentApi } from '@changbai/contract/incident.ts'
import { notificationApi } from '@changbai/contract/notification.ts'
import { type PracticeRun, practiceApi } from '@changbai/contract/practice.ts'
import { processApi } from '@changbai/contract/process.ts'
import { requestApi } from '@changbai/contract/request.ts'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { pathParameters, sampleInput } from '../../../test/sample-input.ts'
import { createTenant } from '../../modules/identity/index.ts'
import { seedDemoInventory } from '../../modules/inventory/index.ts'
import { newId } from '../../platform/ids.ts'
import { practiceUrl } from './place.ts'

const BEFORE = '2026-09-18T15:00'
let t: TestServer
let tenantId: string
let trainee: Client
let second: Client
let om: Client
let run: PracticeRun

beforeAll(async () => {
  t = await startTestServer({ now: BEFORE, practice: true })
  tenantId = await t.inTx(async (ctx) => {
    const { id } = await createTenant(ctx, { code: 'LC', name: '吉林省林业和草原局', shortName: '省林草局' })
    await seedDemoInventory(ctx, [{ id, name: '省林草局' }])
    return id
  })
  trainee = await t.signedIn({ role: 'TENANT_ADMIN', tenantId, name: '杨帆' })
  second = await t.signedIn({ role: 'TENANT_ADMIN', tenantId, name: '李静' })
  om = await t.signedIn({ role: 'OPERATION_MANAGER', name: '周敏' })
}, 60_000)
afterAll(() => t.stop())

/** The same person on the same session, one door further in. */
async function inside<E extends Endpoint>(who: Client, e: E, input: InputSent<E>): Promise<{ status: number; reply: ReplyReceived<E> }> {
  const rest: Record<string, unknown> = { ...(input as object) }
  const path = e.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = String(rest[name])
    delete rest[name]
    return value
  })
  const answer = await t.server.app.inject({
    method: e.method,
    url: `/practice/api${path}`,
    headers: { authorization: `Test ${who.personId}` },
    ...(e.method === 'GET' ? {} : { payload: rest }),
  })
  return { status: answer.statusCode, reply: answer.body.startsWith('{') ? JSON.parse(answer.body) : answer.body }
}
const practised = async <E extends Endpoint>(who: Client, e: E, input: InputSent<E>): Promise<ReplyReceived<E>> => {
  const { status, reply } = await inside(who, e, input)
  if (status >= 400) throw new Error(`${e.path}: ${status} ${JSON.stringify(reply)}`)
  return reply
}
const attend = () => t.server.practice?.attend() ?? Promise.reject(new Error('no practice'))
/** Time passes, the others act, what is due in their engine is done. */
async function moments(n: number): Promise<void> {
  for (let i = 0; i < n; i += 1) {
    t.advance('PT10S')
    await attend()
  }
}
const look = async (): Promise<PracticeRun> => {
  run = await trainee.call(practiceApi.get, { runId: run.id })
  return run
}
const done = (): string[] => run.items.flatMap((one) => (one.doneAt ? [one.key] : []))

/** Every row of the product's own tables, but those of the training record and of the ledger. */
async function everyRow(): Promise<Record<string, string>> {
  return t.inTx(async (ctx) => {
    const { rows } = await sql<{ name: string }>`
      select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'
        and table_name !~ '^(practice_|ledger_|command_reply)' order by 1`.execute(ctx.db)
    const all: Record<string, string> = {}
    for (const { name } of rows) {
      const { rows: found } = await sql<{ digest: string }>`
        select count(*) || ' ' || coalesce(md5(string_agg(x::text, '|' order by x::text)), '') as digest from ${sql.table(name)} x`.execute(
        ctx.db,
      )
      all[name] = found[0]?.digest ?? ''
    }
    return all
  })
}
/** What everybody is shown: each list, count, search, board and export that is read, as the operation manager, who sees all. */
async function everyAnswer(): Promise<Record<string, string>> {
  const all: Record<string, string> = {}
  for (const e of t.server.app.endpoints) {
    if (e.method !== 'GET' || e.kind === 'events' || /^\/practice|^\/ledger|^\/frame|^\/health|^\/wall/.test(e.path)) continue
    const input = { ...sampleInput(e), ...Object.fromEntries(pathParameters(e).map((name) => [name, tenantId])) }
    for (const [name, who] of Object.entries({ om })) {
      const { status, reply } = await who.send(e, input as InputSent<typeof e>)
      // every failure has a reference of its own
      all[`${name} ${e.path}`] = `${status} ${status < 400 ? JSON.stringify(reply) : ''}`
    }
  }
  return all
}

describe('a trainee practises', () => {
  let rowsBefore: Record<string, string>
  let answersBefore: Record<string, string>

  test('nobody is let in who does not practise', async () => {
    rowsBefore = await everyRow()
    answersBefore = await everyAnswer()
    expect(Object.values(answersBefore).filter((one) => one.startsWith('200')).length).toBeGreaterThan(100)
    expect((await inside(trainee, requestApi.list, {})).status).toBe(404)
  }, 30_000)

  test('a run begins with a bureau of its own', async () => {
    run = await trainee.call(practiceApi.begin, { scenario: 'fault' })
    expect(run).toMatchObject({ state: 'PREPARING', attempt: 1, may: ['RESET', 'END'] })
    expect((await trainee.send(practiceApi.begin, { scenario: 'apply' })).problem.type).toBe('urn:changbai:problem:practice.open')
    expect((await second.send(practiceApi.get, { runId: run.id })).status).toBe(404)
    await attend()
    expect((await look()).lostBecause).toBeNull()
    expect(run).toMatchObject({ state: 'RUNNING', may: ['ENTER', 'HINT', 'RESET', 'END'] })
    expect((await inside(second, requestApi.list, {})).status).toBe(404)
    expect((await inside(t.anonymous, requestApi.list, {})).status).toBe(404)
  }, 30_000)

  test('a fault is reported, the others act, the trainee checks and rates: full marks', async () => {
    const { items: own } = await practised(trainee, changeApi.targets, {})
    const applicationId = own.find((one) => one.kind === 'application')?.id
    const incident = await practised(trainee, incidentApi.report, {
      title: '应用日志报错',
      symptom: '自 09:40 起应用日志不断出现连接超时，业务仍可办理',
      criteria: ['ERROR_OR_WARNING'],
      applicationId: applicationId ?? null,
      reporterName: '杨帆',
    })
    await moments(5)
    await look()
    expect(done()).toEqual(['report', 'responded', 'resolved'])
    const { items: tasks } = await practised(trainee, processApi.tasks, {})
    expect(tasks.map(({ node }) => node)).toEqual(['verifyRestored'])
    await practised(trainee, incidentApi.verify, { incidentId: incident.id, restored: true })
    await moments(2)
    await practised(trainee, incidentApi.rate, { incidentId: incident.id, score: 5 })
    await moments(1)
    await look()
    expect(done()).toEqual(['report', 'responded', 'resolved', 'verify', 'rate'])
  }, 30_000)

  test('the result is the trainee’s', async () => {
    const ended = await trainee.call(practiceApi.end, { runId: run.id })
    expect(ended).toMatchObject({ state: 'CLEARING', score: 100, passed: true, result: { hints: 0, slips: 0 } })
    await attend()
    expect((await look()).state).toBe('DONE')
    expect((await inside(trainee, requestApi.list, {})).status).toBe(404)
    const { items } = await trainee.call(practiceApi.scenarios, {})
    expect(items.map(({ key, tries, best, passed }) => [key, tries, best, passed])).toEqual([
      ['apply', 0, null, false],
      ['change', 0, null, false],
      ['fault', 1, 100, true],
    ])
    expect((await om.call(practiceApi.runs, {})).items.map(({ name, score }) => [name, score])).toEqual([['杨帆', 100]])
    expect((await second.call(practiceApi.runs, {})).items).toEqual([])
  })

  test('the real world is, byte for byte, what it was', async () => {
    t.setNow(BEFORE)
    expect(await everyRow()).toEqual(rowsBefore)
    expect(await everyAnswer()).toEqual(answersBefore)
    const kinds = await t.inTx(async (ctx) => {
      const { rows } = await sql<{ kind: string }>`select distinct kind from ledger_fact where at > ${t.now()} order by 1`.execute(ctx.db)
      return rows.map(({ kind }) => kind)
    })
    expect(kinds).toEqual(['practice.ended'])
    expect(await trainee.call(notificationApi.unread, {})).toMatchObject({ unread: 0 })
  }, 30_000)
})

describe('walls of the practice world', () => {
  const ask = async (text: string): Promise<string | null> => {
    const client = new pg.Client({ connectionString: practiceUrl(t.databaseUrl) })
    await client.connect()
    try {
      await client.query(text)
      return null
    } catch (error) {
      return (error as { constraint?: string }).constraint ?? String(error)
    } finally {
      await client.end()
    }
  }
  test('no cloud but the simulated one can be connected, no way outside set up', async () => {
    expect(await ask("update cloud_connection set driver = 'openstack'")).toBe('practice_simulator_only')
    expect(
      await ask(
        `insert into notification_channel (id, channel, name, state, settings, proposed_by_name, proposed_at) values ('${newId()}', 'SMS', 'x', 'ACTIVE', '{}', 'x', now())`,
      ),
    ).toBe('practice_nobody_outside')
  })
})

describe('a request is returned once, corrected and approved', () => {
  test('what was right at the second time does not mend the first', async () => {
    t.setNow(BEFORE)
    run = await trainee.call(practiceApi.begin, { scenario: 'change' })
    await attend()
    await look()
    expect(run.state).toBe('RUNNING')
    const { items } = await practised(trainee, changeApi.targets, {})
    const server = items.find((one) => one.kind === 'server')
    const change = await practised(trainee, changeApi.start, { ciIds: [server?.id ?? ''] })
    await trainee.call(practiceApi.hint, { runId: run.id, step: 'submit' })
    const form = {
      ...change.form,
      title: '扩内存',
      items: [{ ciId: server?.id ?? '', attr: 'memGiB' as const, to: '32' }],
      reason: 'GROWTH' as const,
      reasonText: '业务增长',
      forecastRef: '',
      windowFrom: t.now().add({ hours: 30 }).toString(),
      windowTo: t.now().add({ hours: 34 }).toString(),
      steps: [{ action: '改规格', owner: '徐然', minutes: 20 }],
      rollbackPlan: '改回原规格',
      verifyPlan: '打开首页',
    }
    form.forecastRef = 'SQ-20260918-0002'
    const saved = await practised(trainee, changeApi.save, { changeId: change.id, rev: change.rev, form })
    await practised(trainee, changeApi.submit, { changeId: change.id, rev: saved.rev })
    await moments(2)
    await look()
    expect(done()).toEqual(['start', 'submit', 'returned'])
    const returned = await practised(trainee, changeApi.get, { changeId: change.id })
    const again = await practised(trainee, changeApi.save, {
      changeId: change.id,
      rev: returned.rev,
      form: { ...form, forecastRef: 'SQ-20260918-0001', rollbackPlan: '变更前做快照，失败时从快照恢复' },
    })
    await practised(trainee, changeApi.submit, { changeId: change.id, rev: again.rev })
    await moments(6)
    await look()
    expect(done()).toEqual(['start', 'submit', 'returned', 'correct', 'approved'])
    const ended = await trainee.call(practiceApi.end, { runId: run.id })
    // 10 + 40 × (½ + ½ × ¾) × ¾ for one hint and one of four values + 40 + 10
    expect(ended).toMatchObject({ score: 86, passed: true, result: { hints: 1, slips: 1 } })
    expect(ended.items[1]?.slips[0]?.zh).toBe('缺少业务量评估编号')
  }, 30_000)

  test('started anew: the old bureau is emptied, an instructor plays a part, nobody else does meanwhile', async () => {
    run = await trainee.call(practiceApi.begin, { scenario: 'fault' })
    await attend()
    await look()
    expect(run.state).toBe('RUNNING')
    await trainee.call(practiceApi.reset, { runId: run.id })
    await attend()
    expect(await look()).toMatchObject({ state: 'RUNNING', attempt: 2 })
    await attend()
    const joined = await om.call(practiceApi.join, { runId: run.id })
    expect(joined).toMatchObject({ reviewer: 'INSTRUCTOR', instructorName: '周敏' })
    await attend()
    const { items } = await practised(trainee, changeApi.targets, {})
    await practised(trainee, incidentApi.report, {
      title: '应用日志报错',
      symptom: '自 09:40 起连接超时',
      criteria: ['SLOW'],
      applicationId: items.find((one) => one.kind === 'application')?.id ?? null,
      reporterName: '杨帆',
    })
    await moments(3)
    await look()
    expect(done()).toEqual(['report'])
    const { items: tasks } = await practised(om, processApi.tasks, {})
    expect(tasks.map(({ node }) => node)).toEqual(['respondIncident'])
    await trainee.call(practiceApi.end, { runId: run.id })
    await attend()
    expect((await inside(om, processApi.tasks, {})).status).toBe(404)
    expect(await look()).toMatchObject({ state: 'DONE', passed: false })
    expect(run.items[0]?.slips.map(({ zh }) => zh)).toContain('业务可用、只有报错，应为 III 级')
  }, 30_000)
})
