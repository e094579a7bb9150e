import { type ChangeDetail, type ChangeForm, changeApi } from '@changbai/contract/change.ts'
import { cloudApi } from '@changbai/contract/cloud.ts'
import { processApi } from '@changbai/contract/process.ts'
import type { Client } from '../../../test/harness.ts'
import { type ChangeableItem, changeableItems, searchChangeable } from '../inventory/index.ts'
import { drainDueJobs, openTasksOf, workDueJobs } from '../process/index.ts'
// test worlds of another module are no face of it; this one builds servers by the ordinary way
import { type OrderWorld, openOrderWorld, vmLine } from '../provisioning/provisioning.fixture.ts'

export interface ChangeWorld {
  w: OrderWorld
  om2: Client
  bl: Client
  bm: Client
  servers: ChangeableItem[]
  volume: ChangeableItem
  read(id: string, who?: Client): Promise<ChangeDetail>
  draft(items: ChangeForm['items'], more?: Partial<ChangeForm>, start?: Record<string, unknown>): Promise<ChangeDetail>
  submit(id: string): Promise<ChangeDetail>
  act(id: string, node: string, who: Client, outcome: string, data?: Record<string, unknown>, comment?: string): Promise<unknown>
  steps(id: string): Promise<string[]>
  /** Accepted, assessed and approved. */
  approve(id: string, capacity?: boolean): Promise<void>
  /** Lets engine and cloud work until people must act; the clock goes on by seconds. */
  settle(): Promise<void>
  fault(fault: 'actFails' | 'busy' | 'vanish' | 'noValidHost', resource: 'server' | 'volume', times?: number): Promise<void>
  thing(id: string): Promise<ChangeableItem>
  hours(from: number, to: number): { windowFrom: string; windowTo: string }
}

export async function openChangeWorld(): Promise<ChangeWorld> {
  const w = await openOrderWorld()
  const { t, people } = w
  const [orderId = ''] = await w.approve([vmLine()])
  await w.act(orderId, 'verifyWorkOrder', people.om, 'ACCEPT')
  await w.settle()
  const things = await t.inTx((ctx) => searchChangeable(ctx, '', w.applicationId, 20))
  const servers = things.filter((one) => one.kind === 'server')
  const volume = things.find((one) => one.kind === 'volume') as ChangeableItem
  const steps = (id: string) => t.inTx(async (ctx) => (await openTasksOf(ctx, id)).map((task) => task.node).sort())
  const hours: ChangeWorld['hours'] = (from, to) => ({
    windowFrom: t.now().add({ hours: from }).toString(),
    windowTo: t.now().add({ hours: to }).toString(),
  })
  const act: ChangeWorld['act'] = async (id, node, who, outcome, data = {}, comment) => {
    const task = (await t.inTx((ctx) => openTasksOf(ctx, id))).find((one) => one.node === node)
    if (!task) throw new Error(`${node} is not open; open are ${await steps(id)}`)
    return who.call(processApi.complete, { taskId: task.id, outcome, data, ...(comment ? { comment } : {}) })
  }
  const om2 = await t.signedIn({ role: 'OPERATION_MANAGER', name: '林晓东' })
  const bm = await t.signedIn({ role: 'BUILD_PROJECT_MANAGER', name: '孙浩' })
  const read = (id: string, who: Client = people.om) => who.call(changeApi.get, { changeId: id })
  const { items: connections } = await people.ia.call(cloudApi.connections, {})
  const connectionId = connections.find((one) => one.status === 'ACTIVE')?.id ?? ''
  return {
    w,
    om2,
    bm,
    bl: await t.signedIn({ role: 'PROVIDER_LEADER', name: '冯志远' }),
    servers,
    volume,
    read,
    steps,
    act,
    hours,
    async draft(items, more = {}, start = {}) {
      const begun = await people.pm.call(changeApi.start, { ciIds: [...new Set(items.map((item) => item.ciId))], ...start })
      const form: ChangeForm = {
        ...begun.form,
        title: begun.form.title || '扩容应用节点',
        items,
        reason: 'GROWTH',
        reasonText: '业务增长',
        forecastRef: 'SQ-20260918-0001',
        ...hours(1, 5),
        steps: [{ action: '改规格', owner: '徐然', minutes: 20 }],
        rollbackPlan: '改回原规格',
        verifyPlan: '打开首页',
        ...more,
      }
      return people.pm.call(changeApi.save, { changeId: begun.id, rev: begun.rev, form })
    },
    submit: async (id) => people.pm.call(changeApi.submit, { changeId: id, rev: (await read(id, people.pm)).rev }),
    async approve(id, capacity = true) {
      await act(id, 'acceptChange', people.om, 'ACCEPT')
      await act(id, 'assessImpact', people.mm, 'SUPPORT', { risk: 'M', impact: '重启一次' })
      if (capacity) await act(id, 'assessCapacity', bm, 'SUPPORT')
      await act(id, 'approveNormal', om2, 'APPROVE')
    },
    async settle() {
      for (let round = 0; round < 40; round += 1) {
        await drainDueJobs(t.server.runtime)
        t.advance('PT3S')
        if ((await workDueJobs(t.server.runtime)) === 0 && round > 6) break
      }
    },
    async fault(fault, resource, times = 1) {
      await people.ia.call(cloudApi.injectFault, { connectionId, resource, fault, times })
    },
    thing: async (id) => (await t.inTx((ctx) => changeableItems(ctx, [id])))[0] as ChangeableItem,
  }
}
