import type { ProbeResult } from '@changbai/contract/availability.shapes.ts'
import { availabilityApi as api, probeApi } from '@changbai/contract/availability.ts'
import { inventoryApi } from '@changbai/contract/inventory.ts'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { createTenant } from '../identity/index.ts'
import { addApplication } from '../inventory/index.ts'

export const YEAR = 2026
type Said = ProbeResult['verdict'] | null

const target = { kind: 'HTTP' as const, url: 'http://10.52.0.80/', expect: {} }

/** An application whose measurement both sides have confirmed, three approved probes, and everybody who has a say. */
export async function measuredHouse() {
  const t = await startTestServer({ now: '2026-03-01T08:00' })
  const bureau = (tenantCode: string, name: string) =>
    t.inTx(async (ctx) => (await createTenant(ctx, { code: tenantCode, name, shortName: name })).id)
  const tenantId = await bureau('lcj', '省林草局')
  const other = await bureau('rst', '省人社厅')
  const om = await t.signedIn({ role: 'OPERATION_MANAGER', name: '周敏' })
  const cm = await t.signedIn({ role: 'CUSTOMER_OM_MANAGER', name: '韩雪峰' })
  const cl = await t.signedIn({ role: 'CUSTOMER_LEADER', name: '郭建国' })
  const tp = await t.signedIn({ role: 'THIRD_PARTY', name: '何静' })
  const ia = await t.signedIn({ role: 'IAAS_ADMIN', name: '高岩' })
  const se = await t.signedIn({ role: 'SECURITY_ADMIN', name: '沈岚' })
  const pm = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId, name: '杨帆' })
  const stranger = await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: other })
  /** An application whose measurement both sides have confirmed. */
  const measure = async (appCode: string, startsAt: string, env: 'PROD' | 'TEST' = 'PROD'): Promise<string> => {
    const application = await t.inTx((ctx) =>
      addApplication(ctx, { tenantId, name: `林权登记 ${appCode}`, code: appCode, mlpsLevel: 3, env, state: 'ONLINE' }, 'SCREEN'),
    )
    const { id } = application
    let item = await om.call(inventoryApi.setMeasurement, { id, rev: application.rev, measurement: { probes: [target], startsAt } })
    item = await pm.call(inventoryApi.confirmMeasurement, { id, rev: item.rev })
    await cm.call(inventoryApi.confirmMeasurement, { id, rev: item.rev })
    return id
  }
  const applicationId = await measure('lcj-lq', '2026-03-01T00:00:00Z')

  const probes: Client[] = []
  /** What each was answered before it was approved. */
  const waiting: (string | undefined)[] = []
  for (const name of ['租户网内', '备用机房', '政务外网']) {
    const { probe, token } = await ia.call(api.createProbe, { name, canaries: [{ ...target, url: 'http://10.52.0.1/' }] })
    const client = withToken(t, token)
    waiting.push((await client.send(probeApi.assignment, {})).problem.type)
    await se.call(api.decideProbe, { probeId: probe.id, approve: true })
    probes.push(client)
  }
  const one = () => cm.call(api.one, { applicationId, year: YEAR })

  return {
    t,
    om,
    cm,
    cl,
    tp,
    ia,
    se,
    pm,
    stranger,
    probes,
    waiting,
    applicationId,
    measure,
    one,
    counted: async () => (await one()).row.statement.figures.countedMs,
    /** Each probe says the same of every ten seconds from `from` to `to`, delivered at the end unless said otherwise. */
    async look(from: string, to: string, says: (probe: number) => Said, deliver = to): Promise<void> {
      t.setNow(deliver)
      for (const [index, probe] of probes.entries()) {
        const verdict = says(index)
        if (verdict) await probe.call(probeApi.results, { results: everyTenSeconds(applicationId, from, to, verdict) })
      }
    },
    /** What runs every minute. */
    async minute(at: string): Promise<void> {
      t.setNow(at)
      await t.inTx((ctx) => ctx.enqueue('availability.judge', {}, { key: 'all' }))
      await t.runJobs()
    },
  }
}

const withToken = (t: TestServer, token: string): Client => ({
  ...t.anonymous,
  call: (e, input) => t.anonymous.call(e, input, { authorization: `Bearer ${token}` }),
  send: (e, input) => t.anonymous.send(e, input, { authorization: `Bearer ${token}` }),
})

function everyTenSeconds(applicationId: string, from: string, to: string, verdict: ProbeResult['verdict']): ProbeResult[] {
  const results: ProbeResult[] = []
  for (let at = Date.parse(from); at < Date.parse(to); at += 10_000)
    results.push({ applicationId, at: new Date(at).toISOString(), verdict, latencyMs: 12, detail: verdict === 'DOWN' ? 'HTTP 503' : '' })
  return results
}
