import { cloudApi } from '@changbai/contract/cloud.ts'
import { provisioningApi } from '@changbai/contract/provisioning.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serversOf } from '../inventory/index.ts'
import { provisioningClauses } from './provisioning.clauses.ts'
import { type OrderWorld, openOrderWorld, vmLine } from './provisioning.fixture.ts'

let w: OrderWorld
beforeAll(async () => {
  w = await openOrderWorld()
})
afterAll(() => w.t.stop())

const rules = [{ src: '0.0.0.0/0', dst: '', proto: 'TCP' as const, port: '443', purpose: '对外服务' }]
const network = {
  kind: 'NETWORK' as const,
  zone: 'INTERNET',
  cidr: '10.20.0.0/24',
  publicAddresses: 1,
  mbps: 0,
  domain: '',
  icp: '',
  rules,
  loadBalancer: false,
}

const built = async (orderId: string) => {
  await w.act(orderId, 'verifyWorkOrder', w.people.om, 'ACCEPT')
  await w.settle()
}

describe('[4.3-1] from dispatch to archive on the simulator', () => {
  let id = ''
  test('virtual machines are due in two working days, make-up Sunday included', async () => {
    const ids = await w.approve([vmLine(), network])
    expect(ids).toHaveLength(1)
    id = ids[0] as string
    const order = await w.order(id)
    expect(order).toMatchObject({ kind: 'VM', status: 'RECEIVED', lines: 2 })
    expect(order.clock).toMatchObject({ workdays: 2, dueOn: '2026-09-21', met: null, clause: '4.3-1a' })
    expect(await w.steps(id)).toEqual(['verifyWorkOrder'])
  })

  test('the cloud makes both servers, their volumes and the network, once', async () => {
    await built(id)
    expect(await w.steps(id)).toEqual(['selfCheck'])
    const order = await w.order(id)
    expect(order.items.map((line) => line.state)).toEqual(['READY', 'READY'])
    const [vm] = order.items
    expect(vm?.result.map((one) => one.name)).toEqual(['ss-app-01', 'ss-app-02'])
    expect(vm?.result[0]?.addresses).toHaveLength(2)
    expect(vm?.steps.every((step) => step.state === 'DONE')).toBe(true)
    const { rows } = await w.t.inTx(async (ctx) => {
      return sql<{ kind: string; n: number }>`select kind, count(*)::int as n from sim_thing group by kind order by kind`.execute(ctx.db)
    })
    expect(Object.fromEntries(rows.map((row) => [row.kind, row.n]))).toMatchObject({
      server: 2,
      volume: 4,
      network: 1,
      subnet: 1,
      port: 2,
      address: 1,
      project: 1,
    })
  })

  test('the inventory holds the servers, recorded once', async () => {
    const servers = await w.t.inTx((ctx) => serversOf(ctx, w.applicationId))
    expect(servers.map((server) => server.name).sort()).toEqual(['ss-app-01', 'ss-app-02'])
  })

  test('a point left out of the self-check is a gap, not a pass', async () => {
    const [line] = (await w.order(id)).items
    await expect(
      w.act(id, 'selfCheck', w.people.ot, 'PASS', { items: [{ lineId: line?.id, key: 'count', ok: true, found: '2' }] }),
    ).rejects.toThrow(/lines-missing/)
  })

  test('delivery notifies and makes the credentials collectable; papers are shared at the same time', async () => {
    await w.passSelfCheck(id)
    await w.settle()
    const order = await w.order(id)
    expect(order).toMatchObject({ status: 'DELIVERED' })
    expect(order.items.every((line) => line.clock.met === true)).toBe(true)
    expect(order.credentials.map((one) => one.state)).toEqual(['READY', 'READY', 'READY'])
    expect(await w.steps(id)).toEqual(['acceptDelivery', 'ackShare'])
  })

  test('credentials are shown once, to the entitled only, over a link that ends', async () => {
    const stranger = await w.t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: await otherTenant() })
    expect((await stranger.send(provisioningApi.newCredentialLink, { workOrderId: id })).status).toBe(404)
    expect((await w.people.om.send(provisioningApi.newCredentialLink, { workOrderId: id })).status).toBe(403)
    const first = await w.people.pm.call(provisioningApi.newCredentialLink, { workOrderId: id })
    const second = await w.people.pm.call(provisioningApi.newCredentialLink, { workOrderId: id })
    expect((await w.people.pm.send(provisioningApi.collectCredentials, { token: first.token })).status).toBe(410)
    expect((await stranger.send(provisioningApi.collectCredentials, { token: second.token })).status).toBe(404)
    const shown = await w.people.pm.call(provisioningApi.collectCredentials, { token: second.token })
    expect(shown.items).toHaveLength(3)
    expect(new Set(shown.items.map((item) => item.password)).size).toBe(3)
    expect(shown.items.every((item) => item.password.length >= 16)).toBe(true)
    expect((await w.people.pm.send(provisioningApi.collectCredentials, { token: second.token })).status).toBe(410)
    expect((await w.people.pm.send(provisioningApi.newCredentialLink, { workOrderId: id })).status).toBe(409)
    const { rows } = await w.t.inTx(async (ctx) => {
      return sql<{ n: number }>`select count(*)::int as n from work_order_credential where sealed is not null`.execute(ctx.db)
    })
    expect(rows[0]?.n).toBe(0)
  })

  test('an objection goes back to be put right and does not start the clock again', async () => {
    const [line] = (await w.order(id)).items
    const before = line?.clock
    await w.act(id, 'acceptDelivery', w.people.pm, 'OBJECT', { objections: [{ lineId: line?.id, text: '磁盘未分区' }] })
    expect(await w.steps(id)).toEqual(['ackShare', 'rectifyDelivery'])
    await w.act(id, 'rectifyDelivery', w.people.ot, 'FIXED', { comment: '已分区' })
    expect(await w.steps(id)).toEqual(['acceptDelivery', 'ackShare'])
    expect((await w.order(id)).items[0]?.clock).toEqual(before)
    expect((await w.order(id)).items[0]?.objections).toHaveLength(1)
  })

  test('three parties sign the start-up test, then the trial runs thirty days', async () => {
    await w.act(id, 'ackShare', w.people.mm, 'ACK')
    await w.act(id, 'acceptDelivery', w.people.pm, 'ACCEPT')
    expect(await w.steps(id)).toEqual(['signLaunchByApplication', 'signLaunchByCustomer', 'signLaunchByProvider'])
    await w.act(id, 'signLaunchByApplication', w.people.pm, 'SIGN')
    await w.act(id, 'signLaunchByProvider', w.people.om, 'SIGN')
    await w.act(id, 'signLaunchByCustomer', w.people.cm, 'SIGN')
    await w.settle()
    const order = await w.order(id)
    expect(order.status).toBe('TRIAL')
    expect(order.launchTest.signatures).toHaveLength(3)
    expect(order.trial).toMatchObject({ from: '2026-09-18', until: '2026-10-18' })
    w.t.setNow('2026-10-17T23:50')
    await w.settle()
    expect(await w.steps(id)).toEqual([])
    w.t.setNow('2026-10-19T09:00')
    await w.settle()
    await w.act(id, 'endTrial', w.people.pm, 'EXTEND')
    await w.settle()
    expect((await w.order(id)).trial).toMatchObject({ from: '2026-10-19', until: '2026-11-18', endedAt: null })
    w.t.setNow('2026-11-18T09:00')
    await w.settle()
    await w.act(id, 'endTrial', w.people.pm, 'GO_LIVE')
    await w.settle()
    expect((await w.order(id)).status).toBe('CLOSED')
  })

  test('the lease is reminded of 60, 30 and 7 days before its end, once each', async () => {
    for (const day of ['2029-08-01', '2029-08-31', '2029-09-23', '2029-10-01']) {
      w.t.setNow(`${day}T09:30`)
      await w.settle()
    }
    const { items } = await w.people.pm.call(provisioningApi.timeline, { workOrderId: id })
    expect(items.filter((event) => event.kind === 'lease-reminded')).toHaveLength(6)
    expect(items.filter((event) => event.kind === 'lease-ended')).toHaveLength(2)
    w.t.setNow('2026-09-18T15:00')
  })
})

async function otherTenant(): Promise<string> {
  const other = crypto.randomUUID()
  await w.t.inTx(async (ctx) => {
    await sql`insert into tenant (id, name, short_name, code, status, created_at) values (${other}, '省教育厅', '教育厅', ${`T${other.slice(-6)}`}, 'ACTIVE', ${ctx.now})`.execute(
      ctx.db,
    )
  })
  return other
}

describe('when the cloud fails', () => {
  const fault = async (kind: 'noValidHost' | 'quota' | 'timeoutAfterCommit', times: number) => {
    const { items } = await w.people.ia.call(cloudApi.connections, {})
    const connection = items.find((one) => one.status === 'ACTIVE')
    await w.people.ia.call(cloudApi.injectFault, { connectionId: connection?.id ?? '', resource: 'server', fault: kind, times })
  }

  test('a lost answer is adopted, never made twice', async () => {
    await fault('timeoutAfterCommit', 2)
    const [id = ''] = await w.approve([vmLine({ hostName: 'lost', count: 2 })])
    await built(id)
    const order = await w.order(id)
    expect(order.items[0]?.state).toBe('READY')
    expect(order.items[0]?.steps.filter((step) => step.kind === 'server' && step.adopted)).toHaveLength(2)
  })

  test('a failed line is undone, the request of the rest goes on, and the split keeps the clock', async () => {
    await fault('noValidHost', 1)
    const [id = ''] = await w.approve([vmLine({ hostName: 'first', count: 1 }), vmLine({ hostName: 'second', count: 1 })])
    await built(id)
    expect(await w.steps(id)).toEqual(['manualFix'])
    const failed = await w.order(id)
    expect(failed.status).toBe('FULFILL_FAILED')
    expect(failed.items.map((line) => line.state).sort()).toEqual(['FAILED', 'READY'])
    const broken = failed.items.find((line) => line.state === 'FAILED')
    expect(broken?.error).toMatch(/No valid host/)
    expect(broken?.steps.filter((step) => ['server', 'volume', 'port'].includes(step.kind)).every((step) => step.state === 'UNDONE')).toBe(
      true,
    )
    await w.act(id, 'manualFix', w.people.ot, 'SPLIT', { comment: '先交付第一行' })
    expect(await w.steps(id)).toEqual(['selfCheck'])
    const { items } = await w.people.om.call(provisioningApi.list, { limit: 200 })
    const [child] = await Promise.all(items.filter((one) => one.status === 'RECEIVED').map((one) => w.order(one.id)))
    expect(child?.parentId).toBe(id)
    expect(child?.clock).toMatchObject({ receivedAt: failed.clock.receivedAt, dueAt: failed.clock.dueAt })
  })

  test('a retry uses the same keys', async () => {
    await fault('quota', 1)
    const [id = ''] = await w.approve([vmLine({ hostName: 'retry', count: 1 })])
    await built(id)
    await w.act(id, 'manualFix', w.people.ia, 'RETRY', { comment: '已调整配额' })
    await w.settle()
    expect((await w.order(id)).items[0]?.state).toBe('READY')
  })

  test('cancelling removes what was built', async () => {
    await fault('noValidHost', 1)
    const [id = ''] = await w.approve([vmLine({ hostName: 'gone', count: 2 })])
    await built(id)
    await w.act(id, 'manualFix', w.people.ot, 'CANCEL', { comment: '不再需要' })
    await w.settle()
    expect((await w.order(id)).status).toBe('CANCELLED')
    const { rows } = await w.t.inTx(async (ctx) => {
      return sql<{ n: number }>`select count(*)::int as n from cloud_resource where name like 'gone%' and state <> 'ABSENT'`.execute(ctx.db)
    })
    expect(rows[0]?.n).toBe(0)
  })
})

test('the clock stops only with the consent of the customer, and what stood still is added', async () => {
  const [id = ''] = await w.approve([vmLine({ hostName: 'held', count: 1 })])
  const { holds } = await w.people.om.call(provisioningApi.proposeHold, { workOrderId: id, reason: '缺安全组来源网段' })
  const holdId = holds[0]?.id ?? ''
  expect((await w.people.om.send(provisioningApi.decideHold, { workOrderId: id, holdId, approve: true })).status).toBe(403)
  await w.people.cm.call(provisioningApi.decideHold, { workOrderId: id, holdId, approve: true })
  const before = (await w.order(id)).clock
  expect(before.heldAt).toBe(w.t.now().toString())
  w.t.advance('PT72H')
  const standing = (await w.order(id)).clock
  expect([standing.met, standing.usedRatio, standing.left]).toEqual([null, before.usedRatio, before.left])
  const after = (await w.people.om.call(provisioningApi.endHold, { workOrderId: id, holdId })).clock
  expect(after.heldDays).toBeGreaterThan(0)
  expect(after.dueAt > before.dueAt).toBe(true)
  expect(after.heldAt).toBeNull()
  // asked again, delivered before anybody answered: neither agreed to nor refused
  await w.people.om.call(provisioningApi.proposeHold, { workOrderId: id, reason: '缺域名' })
  await built(id)
  await w.passSelfCheck(id)
  await w.settle()
  expect((await w.order(id)).holds.map(({ state }) => state).sort()).toEqual(['ENDED', 'LAPSED'])
})

test('[4.3-1b] physical servers are a work order of their own, due in seven working days', async () => {
  w.t.setNow('2026-09-18T15:00')
  const metal = {
    kind: 'BAREMETAL' as const,
    modelId: crypto.randomUUID(),
    modelName: '通用二型',
    os: 'Kylin',
    raid: 'RAID10',
    count: 1,
    justification: '',
  }
  const ids = await w.approve([vmLine({ hostName: 'mixed', count: 1 }), metal])
  const orders = await Promise.all(ids.map((one) => w.order(one)))
  expect(orders.map((order) => [order.kind, order.clock.dueOn])).toEqual([
    ['VM', '2026-09-21'],
    ['BAREMETAL', '2026-09-29'],
  ])
  // a model without a passed acceptance test stops the order at its check
  await expect(w.act(ids[1] as string, 'verifyWorkOrder', w.people.om, 'ACCEPT')).rejects.toThrow(/404|409/)
})

test('a line the cloud lacks becomes work for people under the same clock', async () => {
  const [id = ''] = await w.approve([
    { kind: 'STORAGE', storage: 'OBJECT', name: 'files', gib: 500, tier: '', protocol: 'S3', backupPolicy: '每日' },
  ])
  expect((await w.order(id)).items[0]).toMatchObject({ way: 'MANUAL', manualReason: 'no-such-storage' })
  await built(id)
  expect(await w.steps(id)).toEqual(['manualLines'])
  const [line] = (await w.order(id)).items
  await w.act(id, 'manualLines', w.people.me, 'DONE', {
    lines: [
      {
        lineId: line?.id,
        checked: line?.checklist.map((item) => ({ key: item.key })),
        result: [{ name: 'files', facts: { path: 's3://files' }, account: { user: 'files', password: 'Init-password-1' } }],
      },
    ],
  })
  expect(await w.steps(id)).toEqual(['selfCheck'])
})

test('servers of one line share their anti-affinity group', async () => {
  const own = await openOrderWorld()
  const [id] = await own.approve([vmLine({ antiAffinity: 'app', count: 3 })])
  await own.act(id as string, 'verifyWorkOrder', own.people.om, 'ACCEPT')
  await own.settle()
  const order = await own.order(id as string)
  expect(order.items.map((line) => line.state)).toEqual(['READY'])
  expect(order.items[0]?.steps.filter((step) => step.kind === 'serverGroup')).toHaveLength(1)
  await own.t.stop()
})

describe('[5.2-2] networks that were asked for', () => {
  const read = () =>
    w.t.inTx(async (ctx) => {
      const source = provisioningClauses.find(({ of }) => of === 'network-provided')
      if (!source || source.meter === 'rhythm') throw new Error('the plan measures this clause one by one')
      const at = (day: string) => Temporal.Instant.from(`${day}T00:00:00+08:00`)
      return source.read(ctx, { from: at('2026-09-01'), to: at('2026-10-01'), asOf: ctx.now })
    })
  test('are those of network lines alone; one that was objected to is no success, delivered without objection is', async () => {
    const [first, ...others] = await read()
    expect(first).toMatchObject({ dueAt: '2026-09-21T09:30:00Z', doneAt: expect.any(String), kept: false })
    expect(others.filter(({ doneAt, kept }) => doneAt === null && kept !== null)).toEqual([])
    const orderId = first?.evidence.find(({ type }) => type === 'work-order')?.id
    await w.t.inTx((ctx) => sql`delete from work_order_event where work_order_id = ${orderId} and kind = 'objected'`.execute(ctx.db))
    expect((await read())[0]).toMatchObject({ kept: true })
  })
})

test('[4.3-1a] a clock that stands still breaches nothing, and what is delivered meanwhile is judged by the longer limit', async () => {
  w.t.setNow('2026-10-12T10:00')
  const [id = ''] = await w.approve([vmLine({ hostName: 'stood', count: 1 })])
  await built(id)
  const { holds } = await w.people.om.call(provisioningApi.proposeHold, { workOrderId: id, reason: '缺域名' })
  await w.people.cm.call(provisioningApi.decideHold, { workOrderId: id, holdId: holds[0]?.id ?? '', approve: true })
  w.t.setNow('2026-10-20T10:00')
  const duties = await w.t.inTx(async (ctx) => {
    const source = provisioningClauses.find(({ of }) => of === 'vm-delivery')
    if (!source || source.meter === 'rhythm') throw new Error('the plan measures this clause one by one')
    const at = (day: string) => Temporal.Instant.from(`${day}T00:00:00+08:00`)
    return source.read(ctx, { from: at('2026-10-20'), to: at('2026-11-01'), asOf: ctx.now })
  })
  // two working days from the 12th, and the six that ended since: due at the end of business of the 22nd
  expect(duties.filter((one) => one.subject.id === id)).toMatchObject([{ dueAt: '2026-10-22T09:30:00Z', doneAt: null }])
  await w.passSelfCheck(id)
  await w.settle()
  const { clock, holds: closed } = await w.order(id)
  expect([clock.met, clock.heldDays, clock.dueOn, clock.heldAt]).toEqual([true, 6, '2026-10-22', null])
  expect(closed[0]?.state).toBe('ENDED')
})
