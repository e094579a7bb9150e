import { incidentApi } from '@changbai/contract/incident.ts'
import { incidentCareApi as api } from '@changbai/contract/incident-care.ts'
import { inventoryApi } from '@changbai/contract/inventory.ts'
import { notificationApi } from '@changbai/contract/notification.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { createTenant } from '../identity/index.ts'
import { seedDemoInventory } from '../inventory/index.ts'

let t: TestServer
let mm: Client
let cm: Client
let pm: Client
let incidentId: string
let applicationId: string
const refusal = (answer: { problem: { type: string } }) => answer.problem.type.split(':').at(-1)
const at = (text: string) => Temporal.Instant.from(`2026-09-18T${text}+08:00`).toString()

beforeAll(async () => {
  t = await startTestServer({ now: '2026-09-18T15:00' })
  const tenantId = await t.inTx(async (ctx) => (await createTenant(ctx, { code: 'LCJ', name: '省林草局', shortName: '省林草局' })).id)
  await t.inTx((ctx) => seedDemoInventory(ctx, [{ id: tenantId, name: '省林草局' }]))
  mm = await t.signedIn({ role: 'MAINTENANCE_MANAGER', name: '赵立新' })
  cm = await t.signedIn({ role: 'CUSTOMER_OM_MANAGER', name: '韩雪峰' })
  pm = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId, name: '杨帆' })
  const { items } = await mm.call(inventoryApi.listApplications, { limit: 1 } as never)
  applicationId = (items[0] as { id: string }).id
  const report = {
    title: '门户被篡改',
    symptom: '首页异常',
    criteria: ['BUSINESS_DOWN' as const],
    applicationId,
    reporterName: '杨帆',
    isSecurity: true,
  }
  incidentId = (await pm.call(incidentApi.report, report)).id
}, 60_000)
afterAll(() => t.stop())

describe('[P13] a security event', () => {
  it('a general one is not reported', async () => {
    const general = await mm.call(api.grade, { incidentId, answers: { portalHours: 1 }, isCritical: false })
    expect(general.record).toMatchObject({ grade: 'GENERAL', reportDueAt: null })
    expect(refusal(await cm.send(api.reportToAuthority, { incidentId, to: '省网信办', reference: 'x', at: at('15:00') }))).toBe(
      'incident.no-report-due',
    )
    expect((await pm.send(api.grade, { incidentId, answers: {}, isCritical: false })).status).toBe(403)
  })
  it('graded again, the statute counts from the earliest instant it was known', async () => {
    const larger = await mm.call(api.grade, { incidentId, answers: { portalHours: 2 }, isCritical: false, knownAt: at('14:30') })
    expect(larger.record).toMatchObject({ grade: 'LARGER', knownAt: at('14:30'), reportDueAt: at('18:30') })
    const critical = await mm.call(api.grade, { incidentId, answers: { portalHours: 24 }, isCritical: true, knownAt: at('14:50') })
    expect(critical.record).toMatchObject({ grade: 'EXTRAORDINARY', knownAt: at('14:30'), reportDueAt: at('15:30') })
    expect((await cm.call(notificationApi.inbox, {})).items.filter((one) => one.event === 'incident.security-due')).toHaveLength(2)
    expect((await mm.send(api.grade, { incidentId, answers: { salary: 1 }, isCritical: false })).status).toBe(400)
  })
  it('the customer’s report is kept with its reference, then the summary is owed', async () => {
    t.setNow('2026-09-18T15:20')
    const sent = await cm.call(api.reportToAuthority, { incidentId, to: '省网信办', reference: '吉网报 12', at: at('15:18') })
    expect(sent.record).toMatchObject({ reportedAt: at('15:18'), summaryDueOn: '2026-10-18', reportedBy: '韩雪峰' })
    expect(refusal(await cm.send(api.reportToAuthority, { incidentId, to: 'x', reference: 'x', at: at('15:18') }))).toBe(
      'incident.reported-to-authority',
    )
    expect(refusal(await mm.send(api.grade, { incidentId, answers: {}, isCritical: false }))).toBe('incident.reported-to-authority')
    expect((await cm.call(api.summarise, { incidentId })).record?.summaryAt).toBe(t.now().toString())
  })
})

describe('what may be behind it', () => {
  it('a change and another incident shortly before, nearest first, nothing that came later', async () => {
    await t.inTx((ctx) =>
      sql`insert into change_request (id, number, title, category, status, tenant_id, application_id, applicant_id, applicant_name, form, affected_ids, actual_from, created_at, updated_at)
        select gen_random_uuid(), 'BG-20260918-000' || n, '变更' || n, 'NORMAL', 'CLOSED', null, ${applicationId}, ${mm.personId}, '赵立新', '{}'::jsonb,
          array[${applicationId}::uuid], ${at('15:00')}::timestamptz - make_interval(mins => n * 60 - 90), now(), now() from generate_series(1, 3) n`.execute(
        ctx.db,
      ),
    )
    const { items } = await mm.call(api.causes, { incidentId })
    expect(items.map((one) => [one.kind, one.label, one.minutesBefore])).toEqual([
      ['CHANGE', 'BG-20260918-0002 变更2', 30],
      ['CHANGE', 'BG-20260918-0003 变更3', 90],
    ])
  })
})

describe('outages of an incident', () => {
  it('recorded from the incident, read with its ruling, refused backwards', async () => {
    const outage = { incidentId, domain: 'SECURITY' as const, note: '首页不可用' }
    expect(refusal(await mm.send(api.addOutage, { ...outage, from: at('15:10'), to: at('15:05') }))).toBe('incident.outage-backwards')
    expect((await pm.send(api.addOutage, { ...outage, from: at('15:00'), to: at('15:10') })).status).toBe(403)
    const { id } = await mm.call(api.addOutage, { ...outage, from: at('15:00'), to: at('15:10') })
    expect((await pm.call(api.outages, { incidentId })).items).toMatchObject([
      { id, from: '2026-09-18T07:00:00.000Z', to: '2026-09-18T07:10:00.000Z', source: 'INCIDENT' },
    ])
  })
})
