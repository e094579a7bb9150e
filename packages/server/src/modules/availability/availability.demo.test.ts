import { availabilityApi as api } from '@changbai/contract/availability.ts'
import { verifyAvailability } from '@changbai/verify/availability/verify-availability.ts'
import { expect, test } from 'vitest'
import { startTestServer } from '../../../test/harness.ts'
import { createTenant } from '../identity/index.ts'
import { addApplication } from '../inventory/index.ts'
import { seedDemoAvailability } from './index.ts'

test('demo data stands up to the same audit as everything else', async () => {
  const demo = await startTestServer({ now: '2026-11-23T10:00' })
  try {
    const tenantId = await demo.inTx(async (ctx) => (await createTenant(ctx, { code: 'demo', name: '演示', shortName: '演示' })).id)
    const person = { id: (await demo.signedIn({ role: 'CUSTOMER_OM_MANAGER' })).personId, name: '周敏' }
    await demo.inTx(async (ctx) => {
      const applications = []
      for (const n of [1, 2, 3])
        applications.push(
          await addApplication(ctx, { tenantId, name: `应用${n}`, code: `demo-${n}`, mlpsLevel: 2, state: 'ONLINE' }, 'DEMO'),
        )
      await seedDemoAvailability(
        ctx,
        applications.map((application) => ({ application, projectManager: person })),
        { customer: person, thirdParty: '何静', operator: '周敏' },
      )
    })
    const customer = await demo.signedIn({ role: 'CUSTOMER_OM_MANAGER' })
    const { items } = await customer.call(api.list, { year: 2026 })
    expect(items).toHaveLength(3)
    for (const { applicationId: id, statement, state } of items) {
      expect(state).toBe('UP')
      expect(statement.figures.countedMs).toBeGreaterThan(0)
      const text = String(Buffer.from((await customer.call(api.export, { applicationId: id, year: 2026 })) as never))
      expect((await verifyAvailability(text.trim().split('\n'))).findings).toEqual([])
    }
    const security = await demo.signedIn({ role: 'SECURITY_ADMIN' })
    const [withdrawn] = (await security.call(api.probes, {})).items
    await security.call(api.decideProbe, { probeId: withdrawn?.id ?? '', approve: false })
    const after = String(
      Buffer.from((await customer.call(api.export, { applicationId: items[0]?.applicationId ?? '', year: 2026 })) as never),
    )
    expect((await verifyAvailability(after.trim().split('\n'))).findings).toEqual([])
    demo.advance('PT1M')
    await demo.inTx((ctx) => ctx.enqueue('availability.judge', {}, { key: 'all' }))
    await demo.runJobs()
    expect((await customer.call(api.list, { year: 2026 })).items.map(({ state }) => state)).toEqual(['UP', 'UP', 'UP'])
  } finally {
    await demo.stop()
  }
})
