import { availabilityApi as api } from '@changbai/contract/availability.ts'
import { inventoryApi } from '@changbai/contract/inventory.ts'
import { afterAll, describe, expect, test } from 'vitest'
import { measuredHouse, YEAR as year } from './availability.fixture.ts'

const { t, om, cm, measure, minute } = await measuredHouse()
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
