import { capacityApi as api } from '@changbai/contract/inventory.capacity.ts'
import { inventoryApi } from '@changbai/contract/inventory.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { newId } from '../../platform/ids.ts'
import { commitCapacity, releaseCapacity, reserveCapacity } from './index.ts'
import { inventoryClauses } from './inventory.clauses.ts'

let t: TestServer
let builder: Client
let iaas: Client
let poolId = ''
beforeAll(async () => {
  t = await startTestServer({ now: '2026-06-01T10:00' })
  builder = await t.signedIn({ role: 'BUILD_PROJECT_MANAGER', name: '孙皓' })
  iaas = await t.signedIn({ role: 'IAAS_ADMIN' })
  const capacity = { vcpu: 1000, memGiB: 0, storageGiB: 0, publicAddresses: 0, baremetal: 0 }
  poolId = (await builder.call(inventoryApi.createPool, { name: '一区', code: 'P1', zone: 'a', capacity })).id
})
afterAll(() => t.stop())

const amounts = (vcpu: number) => ({ vcpu, memGiB: 0, storageGiB: 0, publicAddresses: 0, baremetal: 0 })
const vcpuOutlook = async () => (await builder.call(api.outlook, {})).pools[0]?.amounts.find(({ what }) => what === 'vcpu')

describe('the outlook', () => {
  test('without history says nothing of the future', async () => {
    expect(await vcpuOutlook()).toMatchObject({ usable: 1000, taken: 0, weeks: [], perWeek: null, exhaustedOn: null })
  })

  test('follows the promises week by week, and tells the day', async () => {
    for (let week = 0; week < 8; week++) {
      const holder = { type: 'request', id: newId() }
      await t.inTx((ctx) => reserveCapacity(ctx, { holder, label: `第 ${week} 周`, amounts: { vcpu: 50 } }))
      if (week > 0) await t.inTx((ctx) => commitCapacity(ctx, holder))
      t.advance('PT168H')
    }
    // given back: counted as long as it was held, and no longer
    const gone = { type: 'request', id: newId() }
    await t.inTx((ctx) => reserveCapacity(ctx, { holder: gone, label: '撤回', amounts: { vcpu: 300 } }))
    t.advance('PT1H')
    await t.inTx((ctx) => releaseCapacity(ctx, gone))
    const outlook = await vcpuOutlook()
    expect(outlook).toMatchObject({ taken: 400, coming: 0 })
    expect(outlook?.weeks.at(-1)?.taken).toBe(400)
    expect(outlook?.perWeek).toBeGreaterThan(40)
    // 600 left at about 45 to 50 a week: twelve to fourteen weeks on
    expect(outlook?.exhaustedOn?.slice(0, 7)).toBe('2026-10')
  })

  test('names what is promised and not used yet', async () => {
    const { reservations } = await builder.call(api.outlook, {})
    expect(reservations.map(({ label, poolName }) => `${label} ${poolName}`)).toEqual(['第 0 周 一区'])
  })
})

describe('measured use beside what is promised', () => {
  test('is the sum of the peaks of one day a week, with its coverage, its pace and its own end', async () => {
    const [one, two] = ['m-1', 'm-2'].map((name) => ({ id: newId(), name }))
    const yesterday = t.now().toZonedDateTimeISO('Asia/Shanghai').toPlainDate().subtract({ days: 1 })
    await t.inTx(async ({ db }) => {
      const application = newId()
      await sql`insert into application (id, tenant_id, name, code, env, mlps_level, state, created_at, updated_at)
        values (${application}, ${newId()}, '门户', 'm', 'PROD', 2, 'ONLINE', now(), now())`.execute(db)
      for (const server of [one, two])
        await sql`insert into server (id, kind, application_id, name, env, state, vcpu, mem_gib, root_gib, pool_id, created_at, updated_at)
          values (${server?.id}, 'vm', ${application}, ${server?.name}, 'PROD', 'ACTIVE', 100, 8, 40, ${poolId}, now(), now())`.execute(db)
      // the first grows by ten points a week, the second was never measured; a spike over the size is the size
      for (let week = 0; week < 6; week++)
        await sql`insert into reclaim_day (item_id, metric, on_day, peak, peak_at, mean, sum, measured_seconds, interval_seconds, source)
          values (${one?.id}, 'cpu', ${yesterday.subtract({ weeks: 5 - week }).toString()}::date, ${week === 5 ? 130 : 50 + week * 10}, now(), 0, 0, 86400, 60, 'MONITOR')`.execute(
          db,
        )
    })
    const outlook = await vcpuOutlook()
    expect(outlook?.measured).toMatchObject({ used: 100, there: 1000, coverage: 0.5 })
    expect(outlook?.measured?.weeks.map(({ taken }) => taken)).toEqual([50, 60, 70, 80, 90, 100])
    // 900 left at ten a week
    expect([outlook?.measured?.perWeek, outlook?.measured?.exhaustedOn]).toEqual([
      expect.closeTo(10, 6),
      yesterday.add({ weeks: 90 }).toString(),
    ])
  })
})

describe('[3.5.1] a build project', () => {
  const start = () =>
    builder.call(api.startProject, {
      name: '一区扩容',
      poolId,
      amounts: amounts(500),
      reason: '十月用尽',
      dueOn: '2026-09-30',
      milestones: [
        { name: '到货', dueOn: '2026-08-31' },
        { name: '上架联调', dueOn: '2026-09-20' },
      ],
    })

  test('adds nothing before its milestones are reached, and everything at delivery', async () => {
    const project = await start()
    expect(project.number).toMatch(/^JS-20260727-\d{3}$/)
    expect(await vcpuOutlook()).toMatchObject({ usable: 1000, coming: 500 })
    const early = await builder.send(api.deliverProject, { id: project.id, rev: project.rev, comment: '交付' })
    expect(early.problem).toMatchObject({ status: 409, type: 'urn:changbai:problem:capacity.milestones-open' })
    let { rev } = project
    for (const { id } of project.milestones)
      ({ rev } = await builder.call(api.reachMilestone, {
        id: project.id,
        rev,
        milestoneId: id,
        doneOn: '2026-07-20',
        evidence: '验收单 1 号',
      }))
    expect((await builder.send(api.deliverProject, { id: project.id, rev: 1, comment: '交付' })).status).toBe(409)
    const done = await builder.call(api.deliverProject, { id: project.id, rev, comment: '已验收并入池' })
    expect(done).toMatchObject({ status: 'DELIVERED', endedByName: '孙皓' })
    expect(await vcpuOutlook()).toMatchObject({ usable: 1500, coming: 0 })
    const { items } = await iaas.call(inventoryApi.history, { type: 'pool', id: poolId })
    expect(items[0]).toMatchObject({ via: 'BUILD_PROJECT', before: { vcpu: 1000 }, after: { vcpu: 1500 } })
    expect((await builder.send(api.cancelProject, { id: project.id, rev: done.rev, comment: '不要了' })).status).toBe(409)
  })

  test('one that ends early adds nothing; one that adds nothing is none', async () => {
    const project = await start()
    await builder.call(api.cancelProject, { id: project.id, rev: project.rev, comment: '经费未批' })
    expect(await vcpuOutlook()).toMatchObject({ usable: 1500, coming: 0 })
    const empty = await builder.send(api.startProject, {
      name: '空',
      poolId,
      amounts: amounts(0),
      reason: 'x',
      dueOn: '2026-09-30',
      milestones: [{ name: 'x', dueOn: '2026-09-30' }],
    })
    expect(empty.status).toBe(422)
    expect((await iaas.send(api.makePlan, { summary: 'x', measures: 'x' })).status).toBe(403)
  })
})

describe('[3.5.1] the plan of the quarter', () => {
  const source = inventoryClauses.find(({ of }) => of === 'capacity-plan')
  test('keeps the figures it was made from; a second one of the quarter is a version; it is the evidence of the clause', async () => {
    const first = await builder.call(api.makePlan, { summary: '十月前扩容', measures: '一区加 500 vCPU' })
    expect(first).toMatchObject({ quarter: '2026Q3', version: 1, madeBy: { name: '孙皓' } })
    expect(first.outlook[0]?.amounts[0]).toMatchObject({ what: 'vcpu', usable: 1500 })
    t.advance('PT1H')
    expect(await builder.call(api.makePlan, { summary: '更正', measures: '同上' })).toMatchObject({ quarter: '2026Q3', version: 2 })
    expect((await builder.call(api.plans, {})).items.map(({ version }) => version)).toEqual([2, 1])
    if (source?.meter !== 'rhythm') throw new Error('the plan measures this clause by its rhythm')
    const [from, to] = ['2026-07-01T00:00:00+08:00', '2026-10-01T00:00:00+08:00'].map((at) => Temporal.Instant.from(at)) as [
      Temporal.Instant,
      Temporal.Instant,
    ]
    await t.inTx(async (ctx) => {
      expect((await source.events(ctx, { from, to } as never)).map(({ id }) => id)).toContain(first.id)
      expect(await source.events(ctx, { from: from.subtract({ hours: 24 * 30 }), to: from } as never)).toEqual([])
      expect(await source.begun(ctx, from)).toBe(false)
      expect(await source.begun(ctx, to)).toBe(true)
    })
  })
})

describe('[3.3.1] the post of whoever keeps the resources', () => {
  const span = { from: Temporal.Instant.from('2027-01-01T00:00:00+08:00'), to: Temporal.Instant.from('2027-01-06T00:00:00+08:00') }
  const read = () =>
    t.inTx((ctx) => {
      const source = inventoryClauses.find(({ of }) => of === 'maintenance-manned')
      if (!source || source.meter === 'rhythm') throw new Error('the plan measures this clause day by day')
      return source.read(ctx, { ...span, asOf: span.to })
    })
  const days = async () => (await read()).map(({ subject, kept }) => `${subject.label.slice(8)}${kept ? '' : ' empty'}`)
  test('is held all through a day or the day is not kept; never filled is without data', async () => {
    expect(await read()).toEqual([])
    const hold = async (from: string, to: string | null) => {
      const { personId } = await t.signedIn({ role: 'OPERATION_TECHNICIAN' })
      await t.inTx((ctx) =>
        sql`insert into role_grant (id, person_id, role, status, reason, proposed_at, decided_at, ended_at)
          values (${newId()}, ${personId}, 'MAINTENANCE_MANAGER', ${to ? 'WITHDRAWN' : 'IN_FORCE'}, '任命', ${from}, ${from}, ${to})`.execute(
          ctx.db,
        ),
      )
    }
    // from the 1st at noon: that day does not count; nobody from the 3rd at noon until the 4th in the morning
    await hold('2027-01-01T12:00:00+08:00', '2027-01-03T12:00:00+08:00')
    await hold('2027-01-04T08:00:00+08:00', null)
    expect(await days()).toEqual(['02', '03 empty', '04 empty', '05'])
  })
  test('is handed over without a gap', async () => {
    await t.inTx((ctx) =>
      sql`update role_grant set decided_at = '2027-01-03T12:00:00+08:00' where role = 'MAINTENANCE_MANAGER' and ended_at is null`.execute(
        ctx.db,
      ),
    )
    expect(await days()).toEqual(['02', '03', '04', '05'])
  })
})
