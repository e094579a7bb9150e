import { alarmApi as api } from '@changbai/contract/alarm.ts'
import { inventoryApi } from '@changbai/contract/inventory.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../test/harness.ts'
import { keepReadings } from './evaluate.service.ts'
import { observe } from './observe.service.ts'
import { policyFor } from './policy.ts'

let t: TestServer
beforeAll(async () => {
  t = await startTestServer({ now: '2026-03-02T09:00' })
})
afterAll(() => t.stop())

test('the house shows where things stand, what is wrong with them and how full their links are', async () => {
  const ia = await t.signedIn({ role: 'IAAS_ADMIN' })
  const mm = await t.signedIn({ role: 'MAINTENANCE_MANAGER' })
  const rack = await ia.call(inventoryApi.createRack, { name: 'A01', room: '一号机房', row: 'A' })
  const server = (name: string, rackUnit: number | null) =>
    ia.call(inventoryApi.createServer, {
      name,
      kind: 'baremetal',
      env: 'PROD',
      vcpu: 4,
      memGiB: 8,
      rootGiB: 40,
      addresses: [],
      rackId: rack.id,
      rackUnit,
    } as never)
  const host = await server('host-01', 3)
  await server('host-02', null)
  const core = await ia.call(inventoryApi.createComponent, { kind: 'SWITCH', name: '核心交换机', rackId: rack.id })
  await ia.call(inventoryApi.createComponent, { kind: 'STORAGE', name: '不在机柜里的存储' })
  await ia.call(inventoryApi.relate, { kind: 'CONNECTS_TO', from: { type: 'server', id: host.id }, to: { type: 'component', id: core.id } })
  const at = t.now().epochMilliseconds
  await t.inTx(async (ctx) => {
    const link = (metric: string, ifName: string, value: number) => ({ metric, itemId: core.id, labels: { ifName }, value, at })
    await keepReadings(ctx, [link('link.in', 'a', 20), link('link.out', 'a', 64)])
    const about = {
      ruleId: null,
      source: 'PLATFORM',
      sourceId: null,
      title: { zh: '坏', en: 'bad' },
      hint: null,
      topic: 'disk',
      clause: null,
      cause: null,
    } as const
    await observe(ctx, [
      {
        identity: 'test:host',
        sight: { at, level: 'II' },
        value: 1,
        about: {
          ...about,
          lost: false,
          unit: '',
          labels: {},
          object: { type: 'server', id: host.id, tenantId: null, applicationId: null },
          objectName: 'host-01',
        },
        policy: policyFor(ctx, { for: 'PT0S', settle: 'PT0S', missing: 'hold' }, false),
      },
    ])
  })
  const map = await mm.call(api.map, {})
  expect(map.rooms).toMatchObject([{ name: '一号机房', racks: [{ name: 'A01', row: 'A', units: 42 }] }])
  expect(map.rooms[0]?.racks[0]?.items.map(({ name, unit, level, alarms }) => [name, unit, level, alarms])).toEqual([
    ['host-01', 3, 'II', 1],
    ['host-02', null, null, 0],
    ['核心交换机', null, null, 0],
  ])
  expect(map.nodes.map(({ name, inPercent, outPercent }) => [name, inPercent, outPercent])).toEqual([
    ['host-01', null, null],
    ['核心交换机', 20, 64],
  ])
  expect(map.links).toEqual([{ from: host.id, to: core.id }])
  // what was said long ago is no live bandwidth
  t.advance('PT20M')
  expect((await mm.call(api.map, {})).nodes.map(({ inPercent }) => inPercent)).toEqual([null, null])
  expect((await (await t.signedIn({ role: 'APP_PROJECT_MANAGER' })).send(api.map, {})).status).toBe(403)
})
