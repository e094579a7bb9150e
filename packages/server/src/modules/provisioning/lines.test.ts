import { calendarApi } from '@changbai/contract/calendar.ts'
import { cloudApi } from '@changbai/contract/cloud.ts'
import { inventoryApi } from '@changbai/contract/inventory.ts'
import { type LineSpec, provisioningApi } from '@changbai/contract/provisioning.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../../../test/harness.ts'
import { serversOf } from '../inventory/index.ts'
import { openTasksOf } from '../process/index.ts'
import { type OrderWorld, openOrderWorld, vmLine } from './provisioning.fixture.ts'

let w: OrderWorld
beforeAll(async () => {
  w = await openOrderWorld()
})
afterAll(() => w.t.stop())

const accept = async (id: string) => {
  await w.act(id, 'verifyWorkOrder', w.people.om, 'ACCEPT')
  await w.settle()
}
/** Everything ticked, one result a machine. */
const finish = async (id: string, node: string, who: Client, names: string[]) => {
  const lines = (await w.order(id)).items.filter((line) => line.way === 'MANUAL')
  await w.act(id, node, who, 'DONE', {
    lines: lines.map((line) => ({
      lineId: line.id,
      checked: line.checklist.map((item) => ({ key: item.key })),
      result: names.map((name, index) => ({
        name,
        addresses: [`10.60.0.${index + 10}`],
        account: { user: 'root', password: 'Init-password-1' },
      })),
    })),
  })
}

describe('[3.2.3-(2)] physical servers of an accepted model only', () => {
  let bm: Client
  const model = async (name: string): Promise<string> => {
    const made = await bm.call(inventoryApi.createHardwareModel, {
      vendor: '浪潮',
      model: name,
      cpu: '2 × 鲲鹏 920',
      vcpu: 128,
      memGiB: 512,
    })
    return made.id
  }
  const tried = (id: string, result: 'PASS' | 'FAIL') =>
    w.people.ot.call(inventoryApi.recordAcceptanceTest, { id, result, checks: [{ name: '拷机', result }] })
  const metal = (modelId: string): LineSpec => ({
    kind: 'BAREMETAL',
    modelId,
    modelName: '浪潮',
    os: 'Kylin',
    raid: 'RAID10',
    count: 2,
    justification: '',
  })
  beforeAll(async () => {
    bm = await w.t.signedIn({ role: 'BUILD_PROJECT_MANAGER' })
  })

  test.each(['UNTESTED', 'FAIL'] as const)('%s: the order stops at its check', async (state) => {
    const modelId = await model(`停用 ${state}`)
    if (state === 'FAIL') await tried(modelId, 'FAIL')
    const [id = ''] = await w.approve([metal(modelId)])
    await expect(w.act(id, 'verifyWorkOrder', w.people.om, 'ACCEPT')).rejects.toThrow(/not-accepted/)
    expect(await w.steps(id)).toEqual(['verifyWorkOrder'])
  })

  test('PASS: racked by hand within seven working days, entered in the inventory', async () => {
    const modelId = await model('可用')
    await tried(modelId, 'PASS')
    const [id = ''] = await w.approve([metal(modelId)])
    await accept(id)
    const [task] = await w.t.inTx((ctx) => openTasksOf(ctx, id))
    const [line] = (await w.order(id)).items
    expect(line).toMatchObject({ way: 'MANUAL', manualReason: 'physical', clock: { workdays: 7, clause: '4.3-1b' } })
    expect(task).toMatchObject({ node: 'provisionBaremetal' })
    expect(task?.dueAt?.toString()).toBe(line?.clock.dueAt)
    await finish(id, 'provisionBaremetal', w.people.me, ['bm-01', 'bm-02'])
    const servers = await w.t.inTx((ctx) => serversOf(ctx, w.applicationId))
    expect(
      servers
        .filter((one) => one.kind === 'baremetal')
        .map((one) => one.name)
        .sort(),
    ).toEqual(['bm-01', 'bm-02'])
  })

  test('a test that fails meanwhile stops the entry', async () => {
    const modelId = await model('后来不合格')
    await tried(modelId, 'PASS')
    const [id = ''] = await w.approve([metal(modelId)])
    await accept(id)
    await tried(modelId, 'FAIL')
    await expect(finish(id, 'provisionBaremetal', w.people.me, ['bm-11', 'bm-12'])).rejects.toThrow(/not-accepted/)
  })
})

describe('what the cloud cannot make is made by people under the same clock', () => {
  const file: LineSpec = { kind: 'STORAGE', storage: 'FILE', name: 'share', gib: 100, tier: '', protocol: 'NFS', backupPolicy: '每日' }
  const balancer: LineSpec = {
    kind: 'NETWORK',
    zone: 'INTERNET',
    cidr: null,
    publicAddresses: 0,
    mbps: 100,
    domain: 'fire.example.cn',
    icp: '',
    rules: [],
    loadBalancer: true,
  }
  test.each([
    ['file storage', 'own-a', file, 'no-such-storage'],
    ['a load balancer', 'own-b', balancer, 'load-balancer'],
    ['a security service', 'own-c', { kind: 'SECURITY', services: ['WAF'] } as LineSpec, 'security-service'],
  ])('%s', async (_, hostName, spec, reason) => {
    const [id = ''] = await w.approve([vmLine({ hostName, count: 1 }), spec])
    await accept(id)
    const order = await w.order(id)
    const [vm] = order.items
    const manual = order.items.filter((line) => line.way === 'MANUAL')
    expect(manual.map((line) => line.manualReason)).toEqual([reason])
    expect(manual.map((line) => line.clock)).toEqual([vm?.clock])
    const [task] = await w.t.inTx((ctx) => openTasksOf(ctx, id))
    expect([task?.node, task?.dueAt?.toString()]).toEqual(['manualLines', vm?.clock.dueAt])
    await finish(id, 'manualLines', w.people.me, ['made'])
    expect(await w.steps(id)).toEqual(['selfCheck'])
  })

  test('a line the cloud failed at is taken over by people and keeps its clock', async () => {
    const [id = ''] = await w.approve([vmLine({ hostName: 'taken', count: 1, vcpu: 64, memGiB: 512, image: 'x' })])
    const before = (await w.order(id)).items[0]?.clock
    await w.people.ia.call(cloudApi.injectFault, {
      connectionId: (await w.order(id)).connection?.id ?? '',
      resource: 'server',
      fault: 'noValidHost',
      times: 1,
    })
    await accept(id)
    w.t.advance('PT2H')
    await w.act(id, 'manualFix', w.people.ot, 'MANUAL', { comment: '人工建' })
    const [line] = (await w.order(id)).items
    expect(line).toMatchObject({ way: 'MANUAL', manualReason: 'driver-failed' })
    expect({ ...line?.clock, usedRatio: 0, left: null }).toEqual({ ...before, usedRatio: 0, left: null })
  })
})

test('a host name that the application uses already is told of while the order can still be returned', async () => {
  const [first = ''] = await w.approve([vmLine({ hostName: 'same', count: 2 })])
  await accept(first)
  const [second = ''] = await w.approve([vmLine({ hostName: 'same-02', count: 1 })])
  await expect(w.act(second, 'verifyWorkOrder', w.people.om, 'ACCEPT')).rejects.toThrow(/name-taken/)
  const [twice = ''] = await w.approve([vmLine({ hostName: 'dup', count: 1 }), vmLine({ hostName: 'dup', count: 1 })])
  await expect(w.act(twice, 'verifyWorkOrder', w.people.om, 'ACCEPT')).rejects.toThrow(/name-taken/)
  expect(await w.steps(twice)).toEqual(['verifyWorkOrder'])
})

describe('credentials', () => {
  const delivered = async (hostName: string): Promise<string> => {
    const [id = ''] = await w.approve([vmLine({ hostName, count: 1 })])
    await accept(id)
    await w.passSelfCheck(id)
    return id
  }

  test('two who open one link at the same moment: one sees, the other is told that it has ended', async () => {
    const id = await delivered('race')
    const colleague = await w.t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: w.tenantId, applicationId: w.applicationId })
    const { token } = await w.people.pm.call(provisioningApi.newCredentialLink, { workOrderId: id })
    const answers = await Promise.all(
      [w.people.pm, colleague, w.people.pm, colleague].map((who) => who.send(provisioningApi.collectCredentials, { token })),
    )
    expect(answers.map((one) => one.status).sort()).toEqual([200, 410, 410, 410])
    const seen = answers.flatMap((one) => (one.status === 200 ? one.reply.items : []))
    expect(seen.every((item) => item.password.length > 10)).toBe(true)
    expect(JSON.stringify(answers.filter((one) => one.status !== 200).map((one) => one.problem))).not.toContain(seen[0]?.password)
  })

  test('a link ends after a day; the credentials wait for the next one', async () => {
    const id = await delivered('late')
    const { token } = await w.people.pm.call(provisioningApi.newCredentialLink, { workOrderId: id })
    w.t.advance('PT24H')
    expect((await w.people.pm.send(provisioningApi.collectCredentials, { token })).status).toBe(410)
    const again = await w.people.pm.call(provisioningApi.newCredentialLink, { workOrderId: id })
    w.t.advance('PT23H59M')
    expect((await w.people.pm.call(provisioningApi.collectCredentials, { token: again.token })).items).toHaveLength(1)
  })

  test('a project manager of another application of the same bureau is not entitled, nor is a guess', async () => {
    const id = await delivered('foreign')
    const { token } = await w.people.pm.call(provisioningApi.newCredentialLink, { workOrderId: id })
    const other = await w.t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: w.tenantId, applicationId: crypto.randomUUID() })
    expect((await other.send(provisioningApi.collectCredentials, { token })).status).toBe(404)
    expect((await w.people.pm.send(provisioningApi.collectCredentials, { token: `${token.slice(0, -1)}x` })).status).toBe(410)
    expect((await w.people.pm.call(provisioningApi.collectCredentials, { token })).items).toHaveLength(1)
  })
})

describe('a limit that reaches into a year not announced yet', () => {
  test('finds nobody late; when the year is published it is reckoned again', async () => {
    w.t.setNow('2026-12-30T10:00')
    const [id = ''] = await w.approve([vmLine({ hostName: 'newyear', count: 1 })])
    const clock = async () => (await w.order(id)).clock
    expect(await clock()).toMatchObject({ dueOn: '2027-01-04', provisional: true })
    w.t.setNow('2027-01-05T10:00')
    expect(await clock()).toMatchObject({ met: null })
    const late = async () => (await w.people.om.call(provisioningApi.list, { overdue: 'true', limit: 200 })).items.map((one) => one.id)
    expect(await late()).not.toContain(id)

    const change = await w.people.om.call(calendarApi.proposeChange, {
      year: 2027,
      publishes: true,
      publishedDoc: '《国务院办公厅关于2027年部分节假日安排的通知》',
      reason: '通知已公布',
      days: [{ on: '2027-01-01', kind: 'STATUTORY', name: '元旦' }],
    })
    await w.people.mm.call(calendarApi.decideChange, { changeId: change.id, decision: 'APPROVE' })
    expect(await clock()).toMatchObject({ dueOn: '2027-01-04', provisional: false, met: false })
    expect(await late()).toContain(id)
  })
})
