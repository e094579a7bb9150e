import { alarmApi } from '@changbai/contract/alarm.ts'
import { availabilityApi as api, probeApi } from '@changbai/contract/availability.ts'
import { inventoryApi } from '@changbai/contract/inventory.ts'
import { afterAll, describe, expect, test } from 'vitest'
import { measuredHouse, YEAR as year } from './availability.fixture.ts'
import { watchCertificates } from './certificate.service.ts'

const { t, om, cm, probes, measure, minute } = await measuredHouse()
afterAll(() => t.stop())

describe('what is measured (ruling 11)', () => {
  const row = async (id: string) => (await cm.call(api.list, { year })).items.find((one) => one.applicationId === id)
  test('only production, only from the start both sides confirmed, and until it is retired', async () => {
    t.setNow('2026-06-01T00:00:00Z')
    const trial = await measure('lcj-test', '2026-06-01T00:00:00Z', 'TEST')
    const later = await measure('lcj-later', '2026-06-02T00:00:00Z')
    await minute('2026-06-01T12:00:00Z')
    expect(await row(trial)).toBeUndefined()
    expect(await row(later)).toMatchObject({ state: 'NOT_MEASURED', statement: { measuredMs: 0 } })
    await minute('2026-06-02T01:00:00Z')
    expect(await row(later)).toMatchObject({ state: 'UNKNOWN', statement: { measuredMs: 3_600_000, knownMs: 0 } })
    const refused = await om.send(api.report, { applicationId: trial, from: '2026-06-01T00:00:00Z', to: null, note: '停机' })
    expect(refused.problem.type).toBe('urn:changbai:problem:availability.not-measured')

    const { rev } = await om.call(inventoryApi.getApplication, { id: later })
    await om.call(inventoryApi.retireApplication, { id: later, rev, reason: '下线' })
    await minute('2026-06-02T02:00:00Z')
    t.setNow('2026-06-03T00:00:00Z')
    expect(await row(later)).toMatchObject({ state: 'NOT_MEASURED', statement: { measuredMs: 7_200_000 } })
  })
  test('a changed probe address does not stop the clock', async () => {
    t.setNow('2026-06-04T00:00:00Z')
    const id = await measure('lcj-moved', '2026-06-04T00:00:00Z')
    await minute('2026-06-04T00:10:00Z')
    const { rev, measurement } = await om.call(inventoryApi.getApplication, { id })
    await om.call(inventoryApi.setMeasurement, {
      id,
      rev,
      measurement: { probes: measurement?.probes ?? [], startsAt: '2026-07-01T00:00:00Z' },
    })
    await minute('2026-06-04T01:00:00Z')
    expect(await row(id)).toMatchObject({ state: 'UNKNOWN', statement: { measuredMs: 3_600_000 } })
  })
})

describe('a certificate the probes meet', () => {
  test('is an alarm of its application before it ends, graver the nearer, and none once every probe has met the new one', async () => {
    const mm = await t.signedIn({ role: 'MAINTENANCE_MANAGER' })
    const id = await measure('lcj-tls', '2026-06-01T00:00:00Z')
    const alarms = async () =>
      (await mm.call(alarmApi.list, { state: 'all' })).items
        .filter(({ objectId }) => objectId === id)
        .map(({ level, state, title }) => [level, state, title.zh])
    const look = async (at: string, until: string, ...who: number[]) => {
      t.setNow(at)
      const said = { applicationId: id, at, verdict: 'UP' as const, latencyMs: 20, detail: '', certificateUntil: until }
      for (const index of who) await probes[index]?.call(probeApi.results, { results: [said] })
      await t.inTx(watchCertificates)
    }
    await look('2026-06-05T00:00:00Z', '2026-08-05T00:00:00Z', 0, 1, 2)
    expect(await alarms()).toEqual([])
    await look('2026-07-07T00:00:00Z', '2026-08-05T00:00:00Z', 0, 1)
    expect(await alarms()).toEqual([['IV', 'FIRING', '证书即将到期']])
    await look('2026-07-30T00:00:00Z', '2026-08-05T00:00:00Z', 0, 1)
    expect(await alarms()).toEqual([['III', 'FIRING', '证书即将到期']])
    // one behind another front still meets the old one
    await look('2026-07-30T01:00:00Z', '2027-08-05T00:00:00Z', 0)
    expect((await alarms())[0]?.[1]).toBe('FIRING')
    await look('2026-07-30T02:00:00Z', '2027-08-05T00:00:00Z', 1)
    expect((await alarms())[0]?.[1]).toBe('RECOVERING')
  })
})
