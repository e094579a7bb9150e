import { policyCheckApi as api } from '@changbai/contract/policy-check.ts'
import { telemetryApi } from '@changbai/contract/telemetry.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { policyCheckClause } from './policy-check.service.ts'

let t: TestServer
let engineer: Client
let token = ''
beforeAll(async () => {
  t = await startTestServer({ now: '2026-09-10T12:00', plan: false })
  engineer = await t.signedIn({ role: 'MAINTENANCE_ENGINEER', name: '马骏' })
  const ia = await t.signedIn({ role: 'IAAS_ADMIN' })
  const se = await t.signedIn({ role: 'SECURITY_ADMIN' })
  const made = await ia.call(telemetryApi.createSource, { name: 'blackbox' })
  await se.call(telemetryApi.decideSource, { sourceId: made.source.id, approve: true })
  token = made.token
})
afterAll(() => t.stop())

const probed = (probe: string, instance: string, value: number) =>
  t.server.app.inject({
    method: 'POST',
    url: '/intake/otlp/v1/metrics',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    payload: JSON.stringify({
      resourceMetrics: [
        {
          scopeMetrics: [
            {
              metrics: [
                {
                  name: 'probe_success',
                  gauge: {
                    dataPoints: [
                      {
                        asDouble: value,
                        timeUnixNano: String(BigInt(t.now().epochMilliseconds) * 1_000_000n),
                        attributes: Object.entries({ probe, instance, policy: '互联网区' }).map(([key, text]) => ({
                          key,
                          value: { stringValue: text },
                        })),
                      },
                    ],
                  },
                },
              ],
            },
          ],
        },
      ],
    }),
  })
const sign = (outcome: 'IN_FORCE' | 'DEVIATIONS', finding = '') => engineer.send(api.sign, { outcome, finding })

describe('[5.2-5] the monthly check of security policies', () => {
  test('without probes it says how it was checked', async () => {
    expect((await engineer.call(api.read, {})).summary).toMatchObject({ closed: 0, open: 0 })
    expect((await sign('IN_FORCE')).status).toBe(422)
  })
  test('is drawn up from probes of what must be closed and of what must be open', async () => {
    await probed('policy-closed', '10.52.0.11:22', 0)
    await probed('policy-closed', '10.52.0.12:3389', 1)
    await probed('policy-open', '10.52.0.11:443', 1)
    const { summary, probes } = await engineer.call(api.read, {})
    expect(summary).toMatchObject({
      closed: 2,
      open: 1,
      deviating: [{ kind: 'CLOSED', target: '10.52.0.12:3389', ok: false, policy: '互联网区' }],
    })
    expect(probes.map(({ ok }) => ok)).toEqual([false, true, true])
  })
  test('what contradicts the policy cannot be signed as in force, nor without a word', async () => {
    expect((await sign('IN_FORCE')).problem.type).toContain('policy-check.deviates')
    expect((await sign('DEVIATIONS')).status).toBe(422)
  })
  test('is kept as it was when it was signed, once a month and person, and is the evidence of the clause', async () => {
    expect((await sign('DEVIATIONS', '3389 已封堵')).reply).toMatchObject({
      month: '2026-09',
      byName: '马骏',
      summary: { deviating: [{ ok: false }] },
    })
    expect((await sign('DEVIATIONS', '再签')).status).toBe(409)
    await probed('policy-closed', '10.52.0.12:3389', 0)
    t.advance('PT1M')
    await probed('policy-closed', '10.52.0.12:3389', 0)
    const { summary, items } = await engineer.call(api.read, { month: '2026-09' })
    expect([summary?.deviating.length, items[0]?.summary.deviating.length]).toEqual([0, 1])
    if (policyCheckClause.meter !== 'rhythm') throw new Error('the plan measures this clause by its rhythm')
    const { events, begun } = policyCheckClause
    const at = (text: string) => Temporal.Instant.from(text)
    await t.inTx(async (ctx) => {
      const span = { from: at('2026-08-31T16:00:00Z'), to: at('2026-09-30T16:00:00Z'), asOf: t.now() }
      expect((await events(ctx, span)).map(({ id, valid }) => [id, valid])).toEqual([[items[0]?.id, true]])
      expect([await begun(ctx, span.from), await begun(ctx, span.to)]).toEqual([false, true])
    })
  })
  test('another month shows what was signed then and nothing of now', async () => {
    expect(await engineer.call(api.read, { month: '2026-08' })).toMatchObject({ summary: null, probes: [], items: [] })
  })
  test('is signed by maintenance alone', async () => {
    const reader = await t.signedIn({ role: 'OPERATION_MANAGER' })
    expect((await reader.send(api.sign, { outcome: 'DEVIATIONS', finding: 'x' })).status).toBe(403)
  })
})
