import { calendarApi } from '@changbai/contract/calendar.ts'
import { ROLES, type Role, roleCodes } from '@changbai/contract/capability.ts'
import { frameApi } from '@changbai/contract/frame.ts'
import { identityApi } from '@changbai/contract/identity.ts'
import { incidentApi } from '@changbai/contract/incident.ts'
import { notificationApi } from '@changbai/contract/notification.ts'
import { processApi } from '@changbai/contract/process.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../test/harness.ts'
import { createTenant } from '../modules/identity/index.ts'

let t: TestServer
const clients = new Map<Role, Client>()

beforeAll(async () => {
  t = await startTestServer({ now: '2026-10-01T02:00:00Z' })
  const { id } = await t.inTx((ctx) => createTenant(ctx, { code: 'forest', name: '林草局', shortName: '林草局' }))
  for (const role of roleCodes) clients.set(role, await t.signedIn({ role, tenantId: ROLES[role].scope === 'TENANT' ? id : null }))
})
afterAll(() => t?.stop())

describe('what stands around every page', () => {
  test.each([...roleCodes])('%s gets in one answer what its own calls would give, and null where they are refused', async (role) => {
    const client = clients.get(role) as Client
    const reply = await client.call(frameApi.read, {})
    const alone = {
      session: await client.send(identityApi.session, {}),
      unread: await client.send(notificationApi.unread, {}),
      tasks: await client.send(processApi.taskSummary, {}),
      incidents: await client.send(incidentApi.running, {}),
    }
    for (const [part, { status, reply: own }] of Object.entries(alone))
      expect({ [part]: reply[part as keyof typeof alone] }).toEqual({ [part]: status === 200 ? own : null })
    const year = await client.send(calendarApi.year, { year: 2026 })
    expect(reply.day?.on ?? null).toBe(year.status === 200 ? '2026-10-01' : null)
    if (reply.day) expect(reply.day).toMatchObject({ kind: 'STATUTORY', isWorkday: false, name: '国庆节' })
  })
})
