import { inventoryApi as api } from '@changbai/contract/inventory.ts'
import { ledgerApi } from '@changbai/contract/ledger.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { ProblemError } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { createTenant } from '../identity/index.ts'
import { commitCapacity, poolCapacity, recordServer, releaseCapacity, reserveCapacity, retireBySource } from './index.ts'
import { seedDemoInventory } from './inventory.demo.ts'

let bureau: string
let otherBureau: string
let t: TestServer
let iaas: Client
let manager: Client
let foreigner: Client
let applicationId: string

beforeAll(async () => {
  t = await startTestServer()
  bureau = await newBureau('WJW', '省卫生健康委')
  otherBureau = await newBureau('JYT', '省教育厅')
  iaas = await t.signedIn({ role: 'IAAS_ADMIN', name: '周工' })
  manager = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: bureau, name: '李经理' })
  foreigner = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: otherBureau })
  await t.inTx((ctx) =>
    seedDemoInventory(ctx, [
      { id: bureau, name: '省卫生健康委' },
      { id: otherBureau, name: '省教育厅' },
    ]),
  )
  const { items } = await manager.call(api.listApplications, {})
  applicationId = items[0]?.id ?? ''
})
afterAll(() => t.stop())
const newBureau = async (code: string, name: string) => (await t.inTx((ctx) => createTenant(ctx, { code, name, shortName: name }))).id

const problemOf = async (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'none',
    (error: unknown) => (error instanceof ProblemError ? error.kind.kind : String(error)),
  )

describe('what a bureau sees', () => {
  test('its own applications and servers only; another bureau’s do not exist for it', async () => {
    const mine = await manager.call(api.listServers, { limit: 200 })
    expect(mine.items.length).toBeGreaterThan(5)
    expect(new Set(mine.items.map(({ tenantId }) => tenantId))).toEqual(new Set([bureau]))
    const id = mine.items[0]?.id ?? ''
    expect((await foreigner.send(api.getServer, { id })).status).toBe(404)
    expect((await foreigner.send(api.history, { type: 'server', id })).status).toBe(404)
    expect((await foreigner.send(api.relations, { type: 'server', id })).status).toBe(404)
    expect((await foreigner.send(api.getApplication, { id: applicationId })).status).toBe(404)
    expect((await foreigner.send(api.listServers, { applicationId })).reply.items).toEqual([])
  })

  test('a role without write right is refused', async () => {
    expect((await manager.send(api.createServer, { kind: 'vm', name: 'x-01', vcpu: 1, memGiB: 1 })).status).toBe(403)
    expect((await t.anonymous.send(api.listServers, {})).status).toBe(401)
  })
})

describe('lists', () => {
  test('keyset paging walks every row once, in pinyin order, up and down', async () => {
    for (const sort of ['name', '-name', 'vcpu', '-memGiB', 'usageUntil', '-updatedAt']) {
      const all = await iaas.call(api.listServers, { limit: 200, sort })
      const walked: string[] = []
      for (let after: string | undefined; ; ) {
        const page = await iaas.call(api.listServers, { limit: 3, sort, ...(after ? { after } : {}) })
        walked.push(...page.items.map(({ id }) => id))
        if (!page.next) break
        after = page.next
      }
      expect(walked, sort).toEqual(all.items.map(({ id }) => id))
      expect(new Set(walked).size).toBe(walked.length)
    }
  })

  test.each([
    ['two characters', '卫生'],
    ['one character', '卫'],
    ['two words', '卫生 平台'],
    ['case does not matter', 'app0'],
  ])('search finds by %s', async (_what, q) => {
    const { items } = await iaas.call(api.listApplications, { q })
    expect(items.length).toBeGreaterThan(0)
  })

  test('search treats pattern characters as themselves and survives quotes', async () => {
    for (const q of ['%', '_', "'; drop table server; --", '\\', '<script>'])
      expect((await iaas.call(api.listServers, { q })).items).toEqual([])
  })

  test('a broken page mark is refused', async () => {
    expect((await iaas.send(api.listServers, { after: 'nonsense' })).status).toBe(400)
  })

  test('an address finds its server', async () => {
    const { items } = await iaas.call(api.listServers, { limit: 1 })
    const address = items[0]?.addresses[0]?.address ?? ''
    const found = await iaas.call(api.listServers, { q: address })
    expect(found.items.map(({ id }) => id)).toContain(items[0]?.id)
  })
})

describe('changes', () => {
  test('leave before and after, in the history and in the ledger; an older revision is refused', async () => {
    const made = await iaas.call(api.createServer, { kind: 'vm', name: 'hist-01', applicationId, vcpu: 2, memGiB: 4 })
    expect(made).toMatchObject({ tenantId: bureau, rev: 1, state: 'ACTIVE' })
    const changed = await iaas.call(api.updateServer, { id: made.id, rev: 1, change: { vcpu: 4, note: '扩容', memGiB: 4 } })
    expect(changed).toMatchObject({ rev: 2, vcpu: 4 })
    expect(await iaas.call(api.updateServer, { id: made.id, rev: 2, change: { vcpu: 4 } })).toMatchObject({ rev: 2 })
    expect((await iaas.send(api.updateServer, { id: made.id, rev: 1, change: { vcpu: 8 } })).problem.type).toBe(
      'urn:changbai:problem:stale',
    )
    const { items } = await manager.call(api.history, { type: 'server', id: made.id })
    expect(items.map(({ action, before, after }) => [action, before, after])).toEqual([
      ['CHANGED', { vcpu: 2, note: '' }, { vcpu: 4, note: '扩容' }],
      ['CREATED', null, expect.objectContaining({ name: 'hist-01' })],
    ])
    const auditor = await t.signedIn({ role: 'AUDIT_ADMIN' })
    const facts = await auditor.call(ledgerApi.searchFacts, { subjectId: made.id })
    expect(facts.items.map(({ kind, actorName }) => [kind, actorName])).toEqual(
      expect.arrayContaining([
        ['server.changed', '周工'],
        ['server.created', '周工'],
      ]),
    )
    expect((await iaas.send(ledgerApi.searchFacts, {})).status).toBe(403)
  })

  test('a thing in use cannot be retired, a retired one cannot be changed', async () => {
    const application = await iaas.call(api.getApplication, { id: applicationId })
    const om = await t.signedIn({ role: 'OPERATION_MANAGER' })
    const refused = await om.send(api.retireApplication, { id: applicationId, rev: application.rev, reason: '下线' })
    expect(refused.problem.type).toBe('urn:changbai:problem:inventory.still-used')
    const made = await iaas.call(api.createServer, { kind: 'vm', name: 'gone-01', vcpu: 1, memGiB: 1 })
    const gone = await iaas.call(api.retireServer, { id: made.id, rev: 1, reason: '到期' })
    expect(gone).toMatchObject({ state: 'RETIRED' })
    expect((await iaas.send(api.updateServer, { id: made.id, rev: 2, change: { vcpu: 2 } })).problem.type).toBe(
      'urn:changbai:problem:inventory.retired',
    )
    expect((await iaas.call(api.listServers, { q: 'gone-01' })).items).toEqual([])
    expect((await iaas.call(api.listServers, { q: 'gone-01', retired: 'true' })).items).toHaveLength(1)
  })

  test('a code is used once, whatever its case', async () => {
    const om = await t.signedIn({ role: 'OPERATION_MANAGER' })
    const { code } = await iaas.call(api.getApplication, { id: applicationId })
    const answer = await om.send(api.createApplication, { tenantId: bureau, name: '重复', code: code.toLowerCase(), mlpsLevel: 2 })
    expect(answer.problem).toMatchObject({ status: 409, type: 'urn:changbai:problem:inventory.code-taken' })
  })

  test('[ruling 11] a measurement counts only once two different persons have confirmed it; a change undoes both', async () => {
    const mm = await t.signedIn({ role: 'MAINTENANCE_MANAGER' })
    const customer = await t.signedIn({ role: 'CUSTOMER_OM_MANAGER' })
    const measurement = {
      probes: [{ kind: 'HTTP' as const, url: 'https://app.example.gov.cn/health', expect: {} }],
      startsAt: '2026-10-01T00:00:00+08:00',
    }
    const { rev } = await mm.call(api.getApplication, { id: applicationId })
    const set = await mm.call(api.setMeasurement, { id: applicationId, rev, measurement })
    expect(set.measurement).toMatchObject({ projectManager: null, customer: null })
    expect((await foreigner.send(api.confirmMeasurement, { id: applicationId, rev: set.rev })).status).toBe(404)
    const once = await manager.call(api.confirmMeasurement, { id: applicationId, rev: set.rev })
    const twice = await customer.call(api.confirmMeasurement, { id: applicationId, rev: once.rev })
    expect(twice.measurement).toMatchObject({ projectManager: { by: '李经理' }, customer: { byPersonId: customer.personId } })
    const again = await mm.call(api.setMeasurement, {
      id: applicationId,
      rev: twice.rev,
      measurement: { ...measurement, startsAt: '2026-11-01T00:00:00+08:00' },
    })
    expect(again.measurement).toMatchObject({ projectManager: null, customer: null })
  })
})

describe('capacity', () => {
  const holder = () => ({ type: 'request', id: newId() })

  test('is reserved, committed, released; asking again for a holder replaces its promise', async () => {
    const one = holder()
    const freeOf = async () => (await t.inTx((ctx) => poolCapacity(ctx, { zone: 'internet' })))[0]?.free.vcpu ?? 0
    const before = await freeOf()
    await t.inTx((ctx) => reserveCapacity(ctx, { holder: one, label: '申请甲', zone: 'internet', amounts: { vcpu: 100, memGiB: 200 } }))
    await t.inTx((ctx) => reserveCapacity(ctx, { holder: one, label: '申请甲', zone: 'internet', amounts: { vcpu: 60, memGiB: 200 } }))
    expect(await freeOf()).toBe(before - 60)
    await t.inTx((ctx) => commitCapacity(ctx, one))
    expect(await freeOf()).toBe(before - 60)
    await t.inTx((ctx) => releaseCapacity(ctx, one))
    await t.inTx((ctx) => releaseCapacity(ctx, one))
    expect(await freeOf()).toBe(before)
  })

  test('no two callers are promised the same free capacity', async () => {
    const pools = await t.inTx((ctx) => poolCapacity(ctx, { zone: 'internet' }))
    const half = Math.floor((pools[0]?.free.memGiB ?? 0) / 2) + 1
    const answers = await Promise.all(
      [1, 2, 3, 4].map((n) =>
        problemOf(
          t.inTx((ctx) => reserveCapacity(ctx, { holder: holder(), label: `同时 ${n}`, zone: 'internet', amounts: { memGiB: half } })),
        ),
      ),
    )
    expect(answers.toSorted()).toEqual(['inventory.no-capacity', 'inventory.no-capacity', 'inventory.no-capacity', 'none'])
  })

  test('an answer says what is short', async () => {
    const answer = await iaas.call(api.askCapacity, { vcpu: 1_000_000, memGiB: 1, zone: 'gov-extranet' })
    expect(answer).toMatchObject({ fits: false, pool: null, shortages: [{ what: 'vcpu', wanted: 1_000_000 }] })
  })

  test('capacity cannot be withdrawn from under what is promised', async () => {
    const { items } = await iaas.call(api.listPools, {})
    const pool = items.find(({ committed }) => committed.memGiB > 0)
    if (!pool) throw new Error('the demo holds no pool in use')
    const answer = await iaas.send(api.updatePool, { id: pool.id, rev: pool.rev, change: { capacity: { ...pool.capacity, memGiB: 1 } } })
    expect(answer.problem.type).toBe('urn:changbai:problem:inventory.over-committed')
  })
})

describe('what procedures record', () => {
  test('the same source is the same server, however often it is recorded', async () => {
    const source = { type: 'workOrderLine', id: newId() }
    const record = { source, tenantId: otherBureau, applicationId, kind: 'vm' as const, name: 'made-01', vcpu: 2, memGiB: 4 }
    const first = await t.inTx((ctx) => recordServer(ctx, record))
    const second = await t.inTx((ctx) => recordServer(ctx, { ...record, state: 'STOPPED' }))
    expect(second).toMatchObject({ id: first.id, state: 'STOPPED', tenantId: bureau })
    await t.inTx((ctx) => retireBySource(ctx, 'server', source, '补偿'))
    await t.inTx((ctx) => retireBySource(ctx, 'server', source, '补偿'))
    expect(await iaas.call(api.getServer, { id: first.id })).toMatchObject({ state: 'RETIRED' })
  })

  test('[3.2.3-(2)] a physical server needs a model that passed its test, and a free place', async () => {
    const { items: models } = await iaas.call(api.listHardwareModels, {})
    const { items: racks } = await iaas.call(api.listRacks, {})
    const passed = models.find(({ acceptance }) => acceptance === 'PASS')
    const untested = models.find(({ acceptance }) => acceptance === 'UNTESTED')
    const base = { kind: 'baremetal' as const, vcpu: 96, memGiB: 512, rackId: racks[0]?.id ?? '', rackUnit: 10 }
    const refused = await iaas.send(api.createServer, { ...base, name: 'bm-00', hardwareModelId: untested?.id ?? '' })
    expect(refused.problem.type).toBe('urn:changbai:problem:inventory.not-accepted')
    await iaas.call(api.createServer, { ...base, name: 'bm-01', hardwareModelId: passed?.id ?? '' })
    const taken = await iaas.send(api.createServer, { ...base, name: 'bm-02', hardwareModelId: passed?.id ?? '', rackUnit: 11 })
    expect(taken.problem).toMatchObject({ type: 'urn:changbai:problem:inventory.place-taken', unit: 11, by: 'bm-01' })
    await iaas.call(api.createServer, { ...base, name: 'bm-02', hardwareModelId: passed?.id ?? '', rackUnit: 12 })
    const technician = await t.signedIn({ role: 'OPERATION_TECHNICIAN' })
    const tested = await technician.call(api.recordAcceptanceTest, {
      id: untested?.id ?? '',
      result: 'PASS',
      checks: [
        { name: '上电', result: 'PASS' },
        { name: '拷机', result: 'FAIL', note: '第 30 小时重启' },
      ],
    })
    expect(tested).toMatchObject({ acceptance: 'FAIL', tests: [{ result: 'FAIL' }] })
  })
})

describe('templates and base parameters', () => {
  test('[3.2.3-(1)] a technician’s template waits for the IaaS administrator', async () => {
    const technician = await t.signedIn({ role: 'OPERATION_TECHNICIAN' })
    const flavor = await technician.call(api.createFlavor, { name: '计算型 64核128G', vcpu: 64, memGiB: 128 })
    expect(flavor.state).toBe('PROPOSED')
    expect((await technician.send(api.decideFlavor, { id: flavor.id, approve: true })).status).toBe(403)
    // proposed, tested, released: untested or failed it is not
    const typeOf = async (who: Client) =>
      (await who.send(api.decideFlavor, { id: flavor.id, approve: true })).problem.type?.split(':').at(-1)
    expect(await typeOf(iaas)).toBe('inventory.untested')
    await technician.call(api.testFlavor, { id: flavor.id, result: 'FAIL', report: '8 台中 1 台起不来' })
    expect(await typeOf(iaas)).toBe('inventory.untested')
    const passed = await technician.call(api.testFlavor, { id: flavor.id, result: 'PASS', report: '开通 8 台，压测 2 小时' })
    expect(passed.test).toMatchObject({ result: 'PASS', report: '开通 8 台，压测 2 小时' })
    expect(await iaas.call(api.decideFlavor, { id: flavor.id, approve: true })).toMatchObject({
      state: 'ACTIVE',
      decidedBy: { name: '周工' },
    })
    expect((await iaas.send(api.decideFlavor, { id: flavor.id, approve: false })).problem.type).toBe(
      'urn:changbai:problem:inventory.decided',
    )
    expect((await iaas.send(api.createFlavor, { name: '计算型 64核128G', vcpu: 64, memGiB: 128 })).status).toBe(409)
  })

  test('[3.2.1-(2)] each save of the base parameters is a version; of two at once one is stale', async () => {
    const { version, parameters } = await iaas.call(api.baseParameters, {})
    const save = (vcpu: number) =>
      iaas.send(api.saveBaseParameters, {
        baseVersion: version,
        parameters: { ...parameters, overcommit: { ...parameters.overcommit, vcpu } },
        reason: '调整超分',
      })
    const answers = await Promise.all([save(2), save(4)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
    expect((await iaas.call(api.baseParameters, {})).version).toBe(version + 1)
    expect((await iaas.call(api.baseParameters, { version: 1 })).parameters.overcommit.vcpu).toBe(3)
    expect((await manager.send(api.baseParameters, {})).status).toBe(403)
    expect(
      (
        await t
          .signedIn({ role: 'OPERATION_MANAGER' })
          .then((om) => om.send(api.saveBaseParameters, { baseVersion: 1, parameters, reason: 'x' }))
      ).status,
    ).toBe(403)
  })
})

test('relations show what hangs together', async () => {
  const { items } = await manager.call(api.listServers, { applicationId, limit: 200 })
  const [a, b] = items
  if (!a || !b) throw new Error('two servers are needed')
  const { id } = await iaas.call(api.relate, { kind: 'DEPENDS_ON', from: { type: 'server', id: a.id }, to: { type: 'server', id: b.id } })
  const picture = await manager.call(api.relations, { type: 'application', id: applicationId })
  expect(picture.nodes.find((node) => node.id === applicationId)?.distance).toBe(0)
  expect(picture.edges.some((edge) => edge.kind === 'DEPENDS_ON' && edge.from === a.id && edge.to === b.id)).toBe(true)
  expect(picture.nodes.some(({ type }) => type === 'pool')).toBe(false)
  expect((await iaas.call(api.relations, { type: 'application', id: applicationId })).nodes.some(({ type }) => type === 'pool')).toBe(true)
  await iaas.call(api.unrelate, { id })
  expect((await iaas.send(api.unrelate, { id })).status).toBe(404)
})

test('the search of a large table uses its index', async () => {
  await t.inTx(async (ctx) => {
    await sql`insert into server (id, kind, name, env, state, vcpu, mem_gib, root_gib, created_at, updated_at, note)
      select gen_random_uuid(), 'vm', 'bulk-' || n, 'TEST', 'ACTIVE', 1, 1, 1, now(), now(), '批量生成的第' || n || '台' from generate_series(1, 5000) n`.execute(
      ctx.db,
    )
    await sql`analyze server`.execute(ctx.db)
    const { rows } = await sql<{
      'QUERY PLAN': string
    }>`explain select id from server i where zh_grams(i.search) @> zh_grams('4711')`.execute(ctx.db)
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('server_search')
    await sql`delete from server where name like 'bulk-%'`.execute(ctx.db)
  })
})
