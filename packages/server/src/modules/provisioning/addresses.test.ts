import { cloudApi } from '@changbai/contract/cloud.ts'
import { type BaseParameters, inventoryApi } from '@changbai/contract/inventory.ts'
import type { LineSpec } from '@changbai/contract/provisioning.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addApplication, poolCapacity, reserveCapacity, serversOf } from '../inventory/index.ts'
import { type OrderWorld, openOrderWorld, vmLine } from './provisioning.fixture.ts'

let w: OrderWorld
const parameters: BaseParameters = {
  defaultQuota: { instances: 20, vcpu: 80, memGiB: 320, volumes: 40, volumeGiB: 10_240, publicAddresses: 2, securityGroups: 20 },
  zones: [{ code: 'internet', name: '互联网区', kind: 'INTERNET', availabilityZone: '' }],
  addressPools: [
    { name: '互联网业务网段', zone: 'internet', cidr: '10.53.0.0/22', gateway: '10.53.0.1', dns: [], reserved: ['10.53.0.1-10.53.0.63'] },
    { name: '公网地址', zone: 'internet', cidr: '203.0.113.0/28', gateway: '203.0.113.1', dns: [], reserved: [] },
  ],
  naming: { project: '{app}', server: '{app}-{seq}', volume: '{app}-{seq}', network: '{app}' },
  overcommit: { vcpu: 1, mem: 1, storage: 1 },
}
const network = (over: Partial<LineSpec & { kind: 'NETWORK' }> = {}): LineSpec => ({
  kind: 'NETWORK',
  zone: 'INTERNET',
  cidr: null,
  publicAddresses: 1,
  mbps: 0,
  domain: '',
  icp: '',
  rules: [],
  loadBalancer: false,
  ...over,
})
const held = () =>
  w.t.inTx(async (ctx) => {
    const { rows } = await sql<{ address: string }>`
      select host(address) as address from address_allotment where released_at is null order by address`.execute(ctx.db)
    return rows.map((row) => row.address)
  })
const ranges = () =>
  w.t.inTx(async (ctx) => {
    const { rows } = await sql<{ cidr: string }>`select cidr::text from address_range where released_at is null order by cidr`.execute(
      ctx.db,
    )
    return rows.map((row) => row.cidr)
  })
const fault = async (kind: 'noValidHost', times: number) => {
  const { items } = await w.people.ia.call(cloudApi.connections, {})
  const connectionId = items.find((one) => one.status === 'ACTIVE')?.id ?? ''
  await w.people.ia.call(cloudApi.injectFault, { connectionId, resource: 'server', fault: kind, times })
}
/** Another application of the same bureau takes the place of the world's own for one order. */
async function elsewhere(lines: LineSpec[]): Promise<string> {
  const applicationId = await w.t.inTx(async (ctx) => {
    const added = { tenantId: w.tenantId, name: '另一应用', code: `O${crypto.randomUUID().slice(0, 6)}`, mlpsLevel: 2 as const }
    return (await addApplication(ctx, added, 'ADMISSION')).id
  })
  const [id = ''] = await w.approve(lines, { applicationId })
  return id
}
const make = async (id: string) => {
  await w.act(id, 'verifyWorkOrder', w.people.om, 'ACCEPT')
  await w.settle()
  return w.order(id)
}

beforeAll(async () => {
  w = await openOrderWorld()
  await w.people.ia.call(inventoryApi.saveBaseParameters, { baseVersion: 0, parameters, reason: '建云' })
})
afterAll(() => w.t.stop())

describe('addresses come from the pools of the zone', () => {
  test('a range for the network, an address for each server, a public one for the first', async () => {
    const [id = ''] = await w.approve([vmLine(), network()])
    const order = await make(id)
    expect(order.items[0]?.result.map((one) => one.addresses)).toEqual([['10.53.1.10', '203.0.113.2'], ['10.53.1.11']])
    expect(await ranges()).toEqual(['10.53.1.0/24'])
  })

  test('the same application goes on in its own range, another gets another', async () => {
    const [again = ''] = await w.approve([vmLine({ hostName: 'more', count: 1 })])
    expect((await make(again)).items[0]?.result[0]?.addresses).toEqual(['10.53.1.12'])
    const other = await elsewhere([vmLine({ hostName: 'other', count: 1 }), network()])
    expect((await make(other)).items[0]?.result[0]?.addresses).toEqual(['10.53.2.10', '203.0.113.3'])
    expect(await ranges()).toEqual(['10.53.1.0/24', '10.53.2.0/24'])
  })

  test('a range that was approved by name is refused while somebody holds part of it', async () => {
    const id = await elsewhere([vmLine({ hostName: 'wish', count: 1 }), network({ cidr: '10.53.2.128/25' })])
    await expect(w.act(id, 'verifyWorkOrder', w.people.om, 'ACCEPT')).rejects.toThrow(/range-taken/)
    expect(await w.steps(id)).toEqual(['verifyWorkOrder'])
  })

  test('pools that are used up say so, and nothing is half given out', async () => {
    const last = await elsewhere([vmLine({ hostName: 'last', count: 1 })])
    await make(last)
    const before = await held()
    const none = await elsewhere([vmLine({ hostName: 'none', count: 1 })])
    await expect(w.act(none, 'verifyWorkOrder', w.people.om, 'ACCEPT')).rejects.toThrow(/no-addresses/)
    expect(await held()).toEqual(before)
  })

  test('whatever the program does, the database holds no address twice', async () => {
    const twice = w.t.inTx((ctx) =>
      sql`insert into address_range (id, pool, cidr, application_id, env, allotted_at)
          values (${crypto.randomUUID()}, 'x', '10.53.1.64/26', ${crypto.randomUUID()}, 'PROD', ${ctx.now})`.execute(ctx.db),
    )
    await expect(twice).rejects.toThrow(/address_range_once/)
  })

  test('two orders at the same time get different addresses', async () => {
    const orders = await Promise.all(['one', 'two', 'three'].map((hostName) => w.approve([vmLine({ hostName, count: 2 })])))
    await Promise.all(orders.map(([id = '']) => w.act(id, 'verifyWorkOrder', w.people.om, 'ACCEPT')))
    const all = await held()
    expect(new Set(all).size).toBe(all.length)
    await w.settle()
  })
})

describe('what is undone is given back', () => {
  test('cancelling gives the addresses back and takes the servers out of the inventory; they serve again', async () => {
    const before = await held()
    await fault('noValidHost', 1)
    const [id = ''] = await w.approve([vmLine({ hostName: 'gone-a', count: 1 }), vmLine({ hostName: 'gone-b', count: 1 })])
    await make(id)
    await w.act(id, 'manualFix', w.people.ot, 'CANCEL', { comment: '不再需要' })
    await w.settle()
    expect(await held()).toEqual(before)
    const names = async () =>
      (await w.t.inTx((ctx) => serversOf(ctx, w.applicationId))).filter((one) => one.state !== 'RETIRED').map((one) => one.name)
    expect((await names()).filter((name) => name.startsWith('gone'))).toEqual([])
    const [next = ''] = await w.approve([vmLine({ hostName: 'next', count: 1 })])
    const [address = ''] = (await make(next)).items[0]?.result[0]?.addresses ?? []
    const givenBack = await w.t.inTx(async (ctx) => {
      const { rows } = await sql<{ address: string }>`
        select host(address) as address from address_allotment where released_at is not null`.execute(ctx.db)
      return rows.map((row) => row.address)
    })
    expect(givenBack).toHaveLength(2)
    expect(givenBack).toContain(address)
  })

  test('a range that no network was made in is given back with the order', async () => {
    const before = await ranges()
    await w.people.ia.call(inventoryApi.saveBaseParameters, {
      baseVersion: 1,
      parameters: {
        ...parameters,
        addressPools: [
          { ...parameters.addressPools[0], cidr: '10.54.0.0/22', name: '扩充', zone: 'internet', reserved: [], gateway: null, dns: [] },
        ],
      },
      reason: '扩充',
    })
    const id = await elsewhere([vmLine({ hostName: 'never', count: 1 })])
    await w.act(id, 'verifyWorkOrder', w.people.om, 'ACCEPT')
    expect(await ranges()).toEqual([...before, '10.54.0.0/24'])
    const { requestId } = await w.order(id)
    await w.t.inTx((ctx) =>
      ctx.publish('request.cancelled', { requestId, tenantId: w.tenantId, number: 'SQ', appName: '另一应用', reason: '不办了' }),
    )
    expect((await w.order(id)).status).toBe('CANCELLED')
    expect(await ranges()).toEqual(before)
  })
})

describe('what a pool promised follows the work', () => {
  const taken = async () => {
    const [pool] = await w.t.inTx((ctx) => poolCapacity(ctx, { zone: 'internet' }))
    return { reserved: pool?.reserved.vcpu, committed: pool?.committed.vcpu }
  }
  const promised = async (lines: LineSpec[]) => {
    const ids = await w.approve(lines)
    const { requestId } = await w.order(ids[0] as string)
    await w.t.inTx((ctx) =>
      reserveCapacity(ctx, { holder: { type: 'request', id: requestId }, label: '申请', amounts: { vcpu: 100, memGiB: 100 } }),
    )
    return ids
  }
  beforeAll(async () => {
    const capacity = { vcpu: 1000, memGiB: 1000, storageGiB: 1000, publicAddresses: 10, baremetal: 4 }
    await w.people.ia.call(inventoryApi.createPool, { name: '互联网资源池', code: 'IN-1', zone: 'internet', env: null, capacity, note: '' })
  })

  test('delivered: in use, as much as was really made', async () => {
    const [id = ''] = await promised([vmLine({ hostName: 'cap', count: 2, vcpu: 4 })])
    await make(id)
    expect(await taken()).toEqual({ reserved: 100, committed: 0 })
    await w.passSelfCheck(id)
    expect(await taken()).toEqual({ reserved: 0, committed: 8 })
  })

  test('cancelled: given back; one of two orders cancelled: that much less is promised', async () => {
    const [vm = ''] = await promised([
      vmLine({ hostName: 'half', count: 1, vcpu: 16 }),
      { kind: 'BAREMETAL', modelId: crypto.randomUUID(), modelName: 'x', os: 'x', raid: 'x', count: 1, justification: '' },
    ])
    const metal = (await w.people.om.call(inventoryApi.listPools, {})).items[0]?.reserved
    expect(metal?.vcpu).toBe(100)
    await w.act(vm, 'verifyWorkOrder', w.people.om, 'RETURN', { returnReason: '缺信息' })
    await w.act(vm, 'clarifyWorkOrder', w.people.pm, 'CANCEL', { comment: '不要了' })
    expect(await taken()).toEqual({ reserved: 0, committed: 8 })
  })
})
