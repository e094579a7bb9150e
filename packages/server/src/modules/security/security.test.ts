import { lifecycleApi } from '@changbai/contract/lifecycle.ts'
import { notificationApi } from '@changbai/contract/notification.ts'
import { securityApi as api } from '@changbai/contract/security.ts'
import { stateOf } from '@changbai/verify/clauses.domain.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { createTenant } from '../identity/index.ts'
import { addApplication, changeHeld, recordServer } from '../inventory/index.ts'
import { holdDelivered, securityClauses } from './index.ts'
import { remindSecurity } from './security.jobs.ts'

let t: TestServer
let pm: Client
let stranger: Client
let engineer: Client
let manager: Client
let forest: string
let bureau: string
const refusal = (answer: { problem: { type: string } }) => answer.problem.type.split(':').at(-1)

beforeAll(async () => {
  t = await startTestServer({ now: '2026-09-18T15:00' })
  const open = (code: string) => t.inTx(async (ctx) => (await createTenant(ctx, { code, name: code, shortName: code })).id)
  bureau = await open('LC')
  const other = await open('RS')
  pm = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: bureau, name: '杨帆' })
  stranger = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: other, name: '李佳琪' })
  engineer = await t.signedIn({ role: 'MAINTENANCE_ENGINEER', name: '马骏' })
  manager = await t.signedIn({ role: 'OPERATION_MANAGER', name: '周敏' })
  const application = (name: string, code: string, tenantId: string, mlpsLevel: number) =>
    t.inTx(async (ctx) => (await addApplication(ctx, { name, code, tenantId, mlpsLevel, state: 'ONLINE' }, 'TEST')).id)
  forest = await application('防火', 'forest', bureau, 2)
  await application('人事', 'hr', other, 1)
}, 60_000)
afterAll(() => t.stop())

const packagesAt = async () => {
  const [source] = securityClauses
  if (!source || source.meter === 'rhythm') throw new Error('no source')
  const span = { from: Temporal.Instant.from('2026-08-31T16:00:00Z'), to: Temporal.Instant.from('2027-12-31T16:00:00Z'), asOf: t.now() }
  const all = await t.inTx((ctx) => source.read(ctx, span))
  return all
    .map((one) => [one.subject.label, stateOf(one, span.asOf.toString()), one.evidence[0]?.id === forest] as const)
    .sort((a, b) => (a[0] < b[0] ? -1 : 1))
}

describe('a service ordered by a bureau', () => {
  let orderId: string
  it('is asked for once, within the limit of the catalogue, for its own application', async () => {
    const made = await pm.call(api.order, { applicationId: forest, code: 'LOG_AUDIT', reason: '测评整改' })
    orderId = made.id
    // Friday; five working days over the make-up Sunday: Thursday
    expect(made).toMatchObject({ state: 'SUBMITTED', dueAt: '2026-09-24T09:30:00Z', may: ['WITHDRAW'], applicationName: '防火' })
    expect(refusal(await pm.send(api.order, { applicationId: forest, code: 'LOG_AUDIT' }))).toBe('security.ordered')
    expect((await stranger.send(api.order, { applicationId: forest, code: 'WAF' })).status).toBe(404)
    expect((await stranger.send(api.get, { orderId })).status).toBe(404)
    expect((await stranger.call(api.orders, {})).items).toEqual([])
  })
  it('is made by people, who say what it is, who answers for it and how long it lasts', async () => {
    expect((await pm.send(api.accept, { orderId, accept: true })).status).toBe(403)
    expect(await engineer.call(api.accept, { orderId, accept: true })).toMatchObject({ state: 'IN_PROGRESS', handlerName: '马骏' })
    const delivery = { orderId, product: '日志审计 180 天', ownerName: '马骏', expiresOn: '2026-09-18' }
    expect(refusal(await engineer.send(api.deliver, delivery))).toBe('security.bad-expiry')
    expect(await engineer.call(api.deliver, { ...delivery, expiresOn: '2027-09-17' })).toMatchObject({ state: 'DELIVERED', isLate: false })
  })
  it('goes back until the bureau says that it is in force', async () => {
    expect((await manager.send(api.confirm, { orderId, done: true })).status).toBe(403)
    expect(await pm.call(api.confirm, { orderId, done: false, comment: '收不到日志' })).toMatchObject({
      state: 'IN_PROGRESS',
      deliveredAt: null,
    })
    await engineer.call(api.deliver, { orderId, product: '日志审计 180 天', ownerName: '马骏', expiresOn: '2027-09-17' })
    expect(await pm.call(api.confirm, { orderId, done: true })).toMatchObject({ state: 'CLOSED', may: [] })
    const [held] = (await pm.call(api.held, { applicationId: forest })).items
    expect(held).toMatchObject({
      code: 'LOG_AUDIT',
      state: 'HELD',
      ownerName: '马骏',
      beginsOn: '2026-09-18',
      expiresOn: '2027-09-17',
      source: 'ORDER',
    })
    expect((await pm.call(notificationApi.inbox, {})).items.map((one) => one.event)).toContain('security.held')
  })
  it('may be declined with its reason, or withdrawn before anybody accepts', async () => {
    const one = await pm.call(api.order, { applicationId: forest, code: 'WAF' })
    expect(await engineer.call(api.accept, { orderId: one.id, accept: false, comment: '没有互联网访问' })).toMatchObject({
      state: 'DECLINED',
    })
    expect((await pm.call(notificationApi.inbox, {})).items.find((told) => told.event === 'security.declined')?.body).toContain(
      '没有互联网访问',
    )
    const two = await pm.call(api.order, { applicationId: forest, code: 'WAF' })
    expect(await pm.call(api.withdraw, { orderId: two.id, reason: '不需要了' })).toMatchObject({ state: 'WITHDRAWN' })
    expect(refusal(await engineer.send(api.accept, { orderId: two.id, accept: true }))).toBe('security.wrong-step')
  })
  it('operation may order too, but not deliver what it ordered itself', async () => {
    const { id } = await manager.call(api.order, { applicationId: forest, code: 'BASTION' })
    await manager.call(api.accept, { orderId: id, accept: true })
    const delivery = { orderId: id, product: '云堡垒机', ownerName: '马骏', expiresOn: '2027-09-17' }
    expect(refusal(await manager.send(api.deliver, delivery))).toBe('security.same-person')
    expect(await engineer.call(api.deliver, delivery)).toMatchObject({ state: 'DELIVERED' })
  })
})

describe('[5.3-9] coverage', () => {
  it('names what each application lacks of what its level demands', async () => {
    expect(await packagesAt()).toEqual([
      ['LC', 'BREACHED', true],
      ['RS', 'BREACHED', false],
    ])
    const { items, due, covered } = await pm.call(api.coverage, { lacking: 'true' })
    expect([due, covered]).toEqual([1, 0])
    expect(items[0]?.demanded.map(({ code, state }) => `${code} ${state}`)).toEqual([
      'HOST_PROTECTION MISSING',
      'LOG_AUDIT HELD',
      'VULN_SCAN MISSING',
    ])
  })
  it('what came with a work order counts from its delivery, once', async () => {
    const id = '01920000-0000-7000-8000-00000000aa01'
    await t.inTx(async (ctx) => {
      await sql`insert into work_order (id, no, kind, status, request_id, request_no, request_kind, application_id, application_name, tenant_id, tenant_name, env, approved_at, received_at, due_at, created_at)
        values (${id}, 'GD-1', 'STORAGE_NETWORK', 'DELIVERED', ${id}, 'SQ-1', 'NEW', ${forest}, '防火', ${bureau}, 'LC', 'PROD', ${ctx.now}, ${ctx.now}, ${ctx.now}, ${ctx.now})`.execute(
        ctx.db,
      )
      await sql`insert into work_order_line (id, work_order_id, no, kind, way, state, title, spec, clause, workdays, received_at, due_at, due_on, provisional, delivered_at, checklist, usage_until)
        values ('01920000-0000-7000-8000-00000000aa02', ${id}, 1, 'SECURITY', 'MANUAL', 'DELIVERED', '安全服务', '{"kind":"SECURITY","services":["HOST_PROTECTION","VULN_SCAN"]}', '4.3-1a', 2, ${ctx.now}, ${ctx.now}, '2026-09-22', false, ${ctx.now}, '[]', '2027-03-01')`.execute(
        ctx.db,
      )
      const told = {
        workOrderId: id,
        no: 'GD-1',
        requestId: id,
        applicationId: forest,
        applicationName: '防火',
        tenantId: bureau,
        applicantId: null,
        env: 'PROD',
        resources: [
          {
            lineId: id,
            kind: 'SECURITY' as const,
            name: '安全服务',
            externalId: null,
            addresses: [],
            usageUntil: '2027-03-01',
            backupPolicy: '',
          },
        ],
      }
      await holdDelivered(ctx, told)
      await holdDelivered(ctx, told)
    })
    const { items } = await pm.call(api.held, { applicationId: forest })
    expect(items.map(({ code, expiresOn }) => `${code} ${expiresOn}`).sort()).toEqual([
      'HOST_PROTECTION 2027-03-01',
      'LOG_AUDIT 2027-09-17',
      'VULN_SCAN 2027-03-01',
    ])
    expect(await packagesAt()).toEqual([
      ['LC', 'MET', true],
      ['RS', 'BREACHED', false],
    ])
  })
  it('reminds before the end, once for each of the days, and is broken on the day after the last', async () => {
    const told = async () => (await pm.call(notificationApi.inbox, {})).items.filter((one) => one.event === 'security.expiring').length
    for (const [at, count] of [
      ['2027-01-29T09:00', 0],
      ['2027-01-30T09:00', 2],
      ['2027-02-01T09:00', 2],
      ['2027-02-22T09:00', 4],
    ] as const) {
      t.setNow(at)
      await t.inTx(remindSecurity)
      await t.runJobs()
      expect([at, await told()]).toEqual([at, count])
    }
    t.setNow('2027-03-01T23:59')
    expect((await packagesAt())[0]?.[1]).toBe('MET')
    t.setNow('2027-03-02T00:01')
    expect((await packagesAt())[0]?.[1]).toBe('BREACHED')
  })
})

describe('what everything held weighs', () => {
  it('by bureau and month, at the prices of its first day, what changed as long as it was so', async () => {
    t.setNow('2027-03-16T12:00')
    const size = { vcpu: 4, memGiB: 8, rootGiB: 40 }
    const { id } = await t.inTx((ctx) =>
      recordServer(ctx, {
        kind: 'vm',
        name: 'forest-1',
        tenantId: bureau,
        applicationId: forest,
        ...size,
        source: { type: 'test', id: 'forest-1' },
      }),
    )
    t.setNow('2027-04-16T00:00')
    await t.inTx((ctx) => changeHeld(ctx, 'server', id, { vcpu: 8 }, 'TEST'))
    t.setNow('2027-05-02T00:00')
    const april = await pm.call(lifecycleApi.showback, { month: '2027-04' })
    const vcpu = april.bureaus[0]?.applications[0]?.lines.find((line) => line.key === 'vcpu')
    // four for fifteen days, eight for the other fifteen
    expect(vcpu).toMatchObject({ quantity: 6, price: 38, weightCents: 22_800 })
    expect(april).toMatchObject({ upTo: null, bureaus: [{ name: 'LC', share: 1 }] })
    expect((await stranger.call(lifecycleApi.showback, { month: '2027-04' })).bureaus).toEqual([])
    expect((await manager.call(lifecycleApi.showback, { month: '2027-05' })).upTo).toBe('2027-05-01T16:00:00Z')
    const sheet = await pm.send(lifecycleApi.exportShowback, { month: '2027-04', format: 'csv' })
    expect(String(sheet.reply)).toContain('LC,防火,云主机 CPU,vCPU,6,38,228')
  })
  it('the page of an application: what it holds, what ends next; another bureau finds nothing', async () => {
    const life = await pm.call(lifecycleApi.get, { applicationId: forest })
    expect(life.held).toMatchObject({ vcpu: 8, memGiB: 8, storageGiB: 40 })
    expect(life.approved).toMatchObject({ vcpu: 0 })
    expect(life.matters.map((one) => one.stage)).toEqual(['APPROVED'])
    expect(life.expiries.map((one) => `${one.kind} ${one.name} ${one.daysLeft}`)).toEqual([
      'security 主机防护 -62',
      'security 漏洞扫描 -62',
      'security 日志审计 180 天 138',
    ])
    expect(life.measured).toMatchObject([{ name: 'forest-1', cpuPeak: null, coverage: 0 }])
    expect((await stranger.send(lifecycleApi.get, { applicationId: forest })).status).toBe(404)
  })
})
