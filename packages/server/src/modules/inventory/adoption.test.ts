import { adoptionApi as api } from '@changbai/contract/inventory.adoption.ts'
import { driftApi } from '@changbai/contract/inventory.drift.ts'
import { inventoryApi } from '@changbai/contract/inventory.ts'
import { stateOf } from '@changbai/verify/clauses.domain.ts'
import ExcelJS from 'exceljs'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { newId } from '../../platform/ids.ts'
import { availabilityClauses } from '../availability/index.ts'
import { addTenant } from '../identity/index.ts'
import { requestClauses } from '../request/index.ts'
import { importAdoptions } from './adoption.sheet.ts'
import { inventoryClauses } from './inventory.clauses.ts'

const CLOUD = newId()
let t: TestServer
let om: Client
let pm: Client
let other: Client
let bureau = ''
let second = ''

/** What a reading of the cloud has left. */
const observe = (kind: string, externalId: string, name: string, projectId: string, facts: object = {}) =>
  t.inTx((ctx) =>
    sql`insert into observed_thing (connection_id, kind, external_id, name, project_id, facts, registered, moving, first_seen_at, read_at, reading_id)
      values (${CLOUD}, ${kind}, ${externalId}, ${name}, ${projectId}, ${JSON.stringify(facts)}::jsonb, false, false, ${ctx.now}, ${ctx.now}, ${newId()})`.execute(
      ctx.db,
    ),
  )
async function observeProject(id: string, name: string): Promise<void> {
  await observe('project', id, name, id)
  await observe('server', `${id}-web`, `${name}-web`, id, { vcpu: 4, memMiB: 8192, addresses: ['10.1.0.5'], state: 'ACTIVE' })
  await observe('server', `${id}-old`, `${name}-old`, id, { vcpu: 2, memMiB: 4096, state: 'STOPPED' })
  await observe('volume', `${id}-disk`, `${name}-disk`, id, { gib: 100, servers: [`${id}-web`] })
}
const propose = (projectId: string, code: string, more: object = {}) =>
  om.call(api.propose, { connectionId: CLOUD, projectId, tenantId: bureau, code, name: code, mlpsLevel: 2, ...more })
const kindOf = (answer: { problem: { type: string } }) => answer.problem.type.replace('urn:changbai:problem:', '')

beforeAll(async () => {
  t = await startTestServer({ now: '2026-11-10T10:00' })
  om = await t.signedIn({ role: 'OPERATION_MANAGER' })
  bureau = (await t.inTx((ctx) => addTenant(ctx, { code: 'lcj', name: '吉林省林业和草原局', shortName: '省林草局' }, 'ACTIVE'))).id
  second = (await t.inTx((ctx) => addTenant(ctx, { code: 'rst', name: '吉林省人力资源和社会保障厅', shortName: '省人社厅' }, 'ACTIVE'))).id
  pm = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: bureau, name: '杨帆' })
  other = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: second })
  await observeProject('p1', 'lcj-fire')
})
afterAll(() => t.stop())

describe('proposing', () => {
  test('what the cloud holds and nobody recorded, by project, with whose it seems to be', async () => {
    const { items, left } = await om.call(api.projects, {})
    expect(left).toBe(3)
    expect(items).toMatchObject([
      {
        projectId: 'p1',
        projectName: 'lcj-fire',
        counts: { server: 2, volume: 1, network: 0, address: 0 },
        suggestion: { why: 'NAME', tenantId: bureau, applicationId: null, code: 'lcj-fire' },
      },
    ])
  })
  test('nothing is recorded by it, and it can be undone', async () => {
    const made = await propose('p1', 'lcj-fire')
    expect(made).toMatchObject({ state: 'PROPOSED', admissionNo: null, number: expect.stringMatching(/^JG-20261110-/), may: ['WITHDRAW'] })
    expect((await om.call(api.projects, {})).left).toBe(0)
    expect(
      kindOf(await om.send(api.propose, { connectionId: CLOUD, projectId: 'p1', tenantId: bureau, code: 'x', name: 'x', mlpsLevel: 2 })),
    ).toBe('adoption.nothing')
    expect((await om.call(inventoryApi.listServers, {})).items).toEqual([])
    expect(await om.call(api.withdraw, { adoptionId: made.id, reason: '范围有误' })).toMatchObject({
      state: 'WITHDRAWN',
      reason: '范围有误',
    })
    expect((await om.call(api.projects, {})).left).toBe(3)
    expect(kindOf(await om.send(api.withdraw, { adoptionId: made.id, reason: '再次' }))).toBe('adoption.decided')
  })
  test('a bureau sees its own, another bureau’s does not exist for it', async () => {
    const made = await propose('p1', 'lcj-fire')
    expect((await pm.call(api.adoptions, {})).items.map(({ id }) => id)).toContain(made.id)
    expect((await pm.call(api.adoption, { adoptionId: made.id })).may).toEqual(['CONFIRM', 'RETURN'])
    expect((await other.call(api.adoptions, {})).items).toEqual([])
    expect((await other.send(api.adoption, { adoptionId: made.id })).status).toBe(404)
    expect((await other.send(api.confirm, { adoptionId: made.id })).status).toBe(404)
    expect((await om.send(api.confirm, { adoptionId: made.id })).status).toBe(403)
    expect(await pm.call(api.sendBack, { adoptionId: made.id, reason: '不是我们的' })).toMatchObject({ state: 'RETURNED' })
    expect((await om.call(api.projects, {})).left).toBe(3)
  })
})

describe('confirming', () => {
  let applicationId = ''
  test('corrected and without what is not theirs: recorded from now on, under a number given afterwards', async () => {
    t.setNow('2026-11-10T15:00')
    const { id: adoptionId } = await propose('p1', 'lcj-fire')
    const done = await pm.call(api.confirm, {
      adoptionId,
      name: '森林防火指挥',
      mlpsLevel: 3,
      notOurs: [{ connectionId: CLOUD, kind: 'server', externalId: 'p1-old', why: '属人社厅' }],
    })
    applicationId = done.applicationId ?? ''
    expect(done).toMatchObject({ state: 'CONFIRMED', decidedBy: '杨帆', admissionNo: expect.stringMatching(/^BZR-20261110-/) })
    expect(done.things.find((one) => one.externalId === 'p1-old')).toMatchObject({ refusal: '属人社厅', itemId: null })
    const application = await om.call(inventoryApi.getApplication, { id: applicationId })
    expect(application).toMatchObject({
      name: '森林防火指挥',
      mlpsLevel: 3,
      state: 'ONLINE',
      projectManagerId: pm.personId,
      admissionNo: done.admissionNo,
      measurement: null,
      createdAt: t.now().toString(),
    })
    const { items: servers } = await om.call(inventoryApi.listServers, { applicationId })
    expect(servers).toMatchObject([{ name: 'lcj-fire-web', vcpu: 4, memGiB: 8, state: 'ACTIVE', deliveredAt: null }])
    const { items: volumes } = await om.call(inventoryApi.listVolumes, { applicationId })
    expect(volumes).toMatchObject([{ name: 'lcj-fire-disk', gib: 100, serverId: servers[0]?.id }])
    expect((await om.call(api.projects, {})).items).toMatchObject([{ counts: { server: 1, volume: 0 } }])
    expect((await om.call(driftApi.observed, { kind: 'server', q: 'lcj-fire-web' })).items).toHaveLength(1)
  })
  test('once', async () => {
    const { items } = await pm.call(api.adoptions, { state: 'CONFIRMED' })
    expect(kindOf(await pm.send(api.confirm, { adoptionId: items[0]?.id ?? '' }))).toBe('adoption.decided')
  })
  test('what is left joins the application that is there, which keeps its number', async () => {
    const [project] = (await om.call(api.projects, {})).items
    expect(project?.suggestion).toMatchObject({ why: 'RESOURCES', applicationId, code: 'lcj-fire' })
    const made = await propose('p1', 'lcj-fire')
    const { confirmed, refused } = await pm.call(api.confirmMany, { adoptionIds: [made.id] })
    expect({ confirmed, refused }).toEqual({ confirmed: 1, refused: [] })
    const done = await pm.call(api.adoption, { adoptionId: made.id })
    expect(done).toMatchObject({
      applicationId,
      admissionNo: (await om.call(inventoryApi.getApplication, { id: applicationId })).admissionNo,
    })
    expect((await om.call(api.projects, {})).items).toEqual([])
  })
  test('what has meanwhile gone or was recorded by somebody is not taken over', async () => {
    await observeProject('p2', 'lcj-trees')
    const { id } = await propose('p2', 'lcj-trees')
    await t.inTx((ctx) => sql`update observed_thing set gone_at = ${ctx.now} where external_id = 'p2-old'`.execute(ctx.db))
    expect(kindOf(await pm.send(api.confirm, { adoptionId: id }))).toBe('adoption.gone')
    const { confirmed, refused } = await pm.call(api.confirmMany, { adoptionIds: [id] })
    expect([confirmed, refused[0]?.message]).toEqual([0, expect.stringContaining('lcj-trees-old')])
    // nothing of a refused one is recorded
    expect((await om.call(inventoryApi.listApplications, { q: 'lcj-trees' })).items).toEqual([])
    await om.call(api.withdraw, { adoptionId: id, reason: '有资源已不在' })
  })
  test('a code of another bureau’s application is not theirs', async () => {
    const answer = await om.send(api.propose, {
      connectionId: CLOUD,
      projectId: 'p2',
      tenantId: second,
      code: 'LCJ-FIRE',
      name: 'x',
      mlpsLevel: 2,
    })
    expect(kindOf(answer)).toBe('adoption.other-bureau')
  })

  describe('opening balances', () => {
    const october = { from: '2026-09-30T16:00:00Z', to: '2026-10-31T16:00:00Z' }
    const november = { from: '2026-10-31T16:00:00Z', to: '2026-11-30T16:00:00Z' }
    /** What each source says of the application in a month. */
    const owed = (month: { from: string; to: string }, sources: typeof inventoryClauses) =>
      t.inTx(async (ctx) => {
        const span = { from: Temporal.Instant.from(month.from), to: Temporal.Instant.from(month.to), asOf: ctx.now }
        const found: string[] = []
        for (const source of sources)
          if ('read' in source)
            for (const one of await source.read(ctx, span))
              if (one.applicationId === applicationId) found.push(`${source.of} ${stateOf(one, ctx.now.toString())}`)
        return found
      })
    test('of the month before, nothing is owed: neither kept nor broken', async () => {
      expect(await owed(october, [...inventoryClauses, ...availabilityClauses, ...requestClauses])).toEqual([])
    })
    test('of the month itself, what holds is asked for as it is now, and no order, delivery or admission is invented', async () => {
      const now = await owed(november, [...inventoryClauses, ...availabilityClauses, ...requestClauses])
      // there is a manager, who confirmed; an engineer is still to be named, which is so today and no matter of the past
      expect(now).toEqual(['register-complete MET', 'project-manager-held MET', 'engineer-held BREACHED'])
      expect(await owed(november, requestClauses)).toEqual([])
    })
    test('a measurement cannot reach back before it, and then counts from its beginning: earlier months stay without a figure', async () => {
      const { rev } = await om.call(inventoryApi.getApplication, { id: applicationId })
      const probes = [{ kind: 'HTTP' as const, url: 'http://10.1.0.5/', expect: {} }]
      const early = await om.send(inventoryApi.setMeasurement, {
        id: applicationId,
        rev,
        measurement: { probes, startsAt: '2026-01-01T00:00:00Z' },
      })
      expect(kindOf(early)).toBe('adoption.too-early')
      await om.call(inventoryApi.setMeasurement, { id: applicationId, rev, measurement: { probes, startsAt: '2026-11-11T00:00:00Z' } })
      t.setNow('2026-11-20T10:00')
      expect(await owed(october, availabilityClauses)).toEqual([])
      // from its beginning on the figure is owed, and is missing until both have confirmed
      expect((await owed(november, availabilityClauses)).length).toBeGreaterThan(0)
    })
  })
})

describe('a sheet', () => {
  const book = async (rows: (string | number)[][]) => {
    const workbook = new ExcelJS.Workbook()
    workbook.addWorksheet('x').addRows([['云标识', '单位代码', '应用编码', '应用名称', '环境', '等保级别'], ...rows])
    return { name: 'x.xlsx', bytes: Buffer.from(await workbook.xlsx.writeBuffer()) }
  }
  const bring = async (rows: (string | number)[][], dryRun: boolean) => {
    const file = await book(rows)
    return t.inTx((ctx) => importAdoptions(ctx, { dryRun }, file), om.actor)
  }
  beforeAll(() => observeProject('p3', 'shared'))
  test('rows of one application are one proposal; tried first, nothing is kept', async () => {
    const rows = [
      ['p3-web', 'lcj', 'lcj-map', '林草一张图', '生产', 3],
      ['p3-disk', 'lcj', 'lcj-map', '', '', ''],
      ['p3-old', '省人社厅', 'rst-jobs', '就业', '测试', 2],
      ['p2-web', '', '', '', '', ''],
    ]
    expect(await bring(rows, true)).toEqual({ applied: false, rows: 3, adoptions: 2, errorCount: 0, errors: [] })
    expect((await om.call(api.adoptions, { state: 'PROPOSED' })).items).toEqual([])
    expect(await bring(rows, false)).toMatchObject({ applied: true, adoptions: 2 })
    const { items } = await om.call(api.adoptions, { state: 'PROPOSED' })
    expect(
      items.map(({ code, tenantId, env, mlpsLevel, counts, how }) => [code, tenantId, env, mlpsLevel, counts.server, counts.volume, how]),
    ).toEqual(
      expect.arrayContaining([
        ['lcj-map', bureau, 'PROD', 3, 1, 1, 'SHEET'],
        ['rst-jobs', second, 'TEST', 2, 1, 0, 'SHEET'],
      ]),
    )
  })
  test.each([
    ['a bureau that is none', ['p2-web', 'nobody', 'a', '', '', ''], '单位代码'],
    ['a thing that is not there', ['p9-web', 'lcj', 'a', '', '', ''], '云标识'],
    ['a thing that is taken', ['p3-web', 'lcj', 'a', '', '', ''], '云标识'],
    ['a level that is none', ['p2-web', 'lcj', 'a', '', '', 5], '等保级别'],
    ['an environment that is none', ['p2-web', 'lcj', 'a', '', '火星', ''], '环境'],
    ['a code of other signs', ['p2-web', 'lcj', '林草', '', '', ''], '应用编码'],
  ])('%s is named by row and column, and nothing is kept', async (_, row, column) => {
    expect(await bring([row], false)).toMatchObject({ applied: false, adoptions: 0, errors: [{ row: 2, column }] })
  })
})
