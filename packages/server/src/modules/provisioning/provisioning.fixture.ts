import { processApi } from '@changbai/contract/process.ts'
import { type LineSpec, provisioningApi, type WorkOrder } from '@changbai/contract/provisioning.ts'
import { sql } from 'kysely'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { newId } from '../../platform/ids.ts'
import { addApplication } from '../inventory/index.ts'
import { drainDueJobs, openTasksOf, workDueJobs } from '../process/index.ts'
import { createWorkOrders } from './create.service.ts'

/** A server with one application of one bureau and somebody for every step. */
export interface OrderWorld {
  t: TestServer
  tenantId: string
  applicationId: string
  people: Record<'pm' | 'om' | 'ot' | 'me' | 'mm' | 'cm' | 'ia', Client>
  /** Dispatches the work orders of an approved request. @returns their ids */
  approve(lines: LineSpec[], more?: { env?: 'PROD' | 'TEST'; usageUntil?: string; applicationId?: string }): Promise<string[]>
  /** Completes the one open step with this name. */
  act(orderId: string, node: string, who: Client, outcome: string, data?: Record<string, unknown>): Promise<unknown>
  order(id: string, who?: Client): Promise<WorkOrder>
  steps(orderId: string): Promise<string[]>
  /** Lets the engine and the cloud work until people must act; the clock goes on by seconds. */
  settle(): Promise<void>
  passSelfCheck(orderId: string): Promise<void>
  /** What is due now, without moving the clock. */
  pump(): Promise<void>
}

export const vmLine = (over: Partial<LineSpec & { kind: 'VM' }> = {}): LineSpec => ({
  kind: 'VM',
  hostName: 'ss-app',
  purpose: '应用节点',
  vcpu: 4,
  memGiB: 8,
  flavor: null,
  image: 'Kylin Server V10 SP3',
  rootGiB: 40,
  dataDisks: [{ gib: 100, type: 'SSD' }],
  zone: '',
  antiAffinity: null,
  count: 2,
  publicAddresses: 0,
  ...over,
})

export async function openOrderWorld(now = '2026-09-18T15:00'): Promise<OrderWorld> {
  const t = await startTestServer({ now })
  const tenantId = newId()
  const iaas = await t.signedIn({ role: 'IAAS_ADMIN' })
  const applicationId = await t.inTx(async (ctx) => {
    await sql`insert into tenant (id, name, short_name, code, status, created_at) values (${tenantId}, '省人社厅', '人社厅', ${`T${tenantId.slice(-6)}`}, 'ACTIVE', ${ctx.now})
      on conflict do nothing`.execute(ctx.db)
    return (await addApplication(ctx, { tenantId, name: '社保网上服务大厅', code: `SS${tenantId.slice(-6)}`, mlpsLevel: 2 }, 'ADMISSION'))
      .id
  })
  const people = {
    pm: await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId, applicationId, name: '李佳琪' }),
    om: await t.signedIn({ role: 'OPERATION_MANAGER', name: '周敏' }),
    ot: await t.signedIn({ role: 'OPERATION_TECHNICIAN', name: '徐然' }),
    me: await t.signedIn({ role: 'MAINTENANCE_ENGINEER', name: '何工' }),
    mm: await t.signedIn({ role: 'MAINTENANCE_MANAGER', name: '赵立新' }),
    cm: await t.signedIn({ role: 'CUSTOMER_OM_MANAGER', name: '韩雪峰' }),
    ia: iaas,
  }
  const steps = (orderId: string) => t.inTx(async (ctx) => (await openTasksOf(ctx, orderId)).map((task) => task.node).sort())
  const order = (id: string, who: Client = people.om) => who.call(provisioningApi.get, { workOrderId: id })
  const act: OrderWorld['act'] = async (orderId, node, who, outcome, data = {}) => {
    const task = (await t.inTx((ctx) => openTasksOf(ctx, orderId))).find((one) => one.node === node)
    if (!task) throw new Error(`${node} is not open; open are ${await steps(orderId)}`)
    return who.call(processApi.complete, { taskId: task.id, outcome, data })
  }
  return {
    t,
    tenantId,
    applicationId,
    people,
    steps,
    order,
    act,
    approve: async (lines, { env = 'PROD', usageUntil = '2029-09-30', applicationId: ofApplication = applicationId } = {}) =>
      t.inTx(async (ctx) => {
        const orders = await createWorkOrders(ctx, {
          requestId: newId(),
          requestNo: 'SQ-20260918-0001',
          requestKind: 'NEW',
          applicationId: ofApplication,
          applicationName: '社保网上服务大厅',
          tenantId,
          tenantName: '省人社厅',
          env,
          usageUntil: Temporal.PlainDate.from(usageUntil),
          applicantId: people.pm.personId,
          approvedAt: ctx.now,
          lines,
        })
        return orders.map((one) => one.id)
      }),
    async settle() {
      for (let round = 0; round < 60; round += 1) {
        await drainDueJobs(t.server.runtime)
        t.advance('PT4S')
        if ((await workDueJobs(t.server.runtime)) === 0 && round > 12) break
      }
    },
    pump: async () => void (await drainDueJobs(t.server.runtime)),
    async passSelfCheck(orderId) {
      const { items } = await people.ot.call(provisioningApi.selfCheckTemplate, { workOrderId: orderId })
      await act(orderId, 'selfCheck', people.ot, 'PASS', {
        items: items.map((item) => ({ lineId: item.lineId, key: item.key, ok: true, found: item.found })),
      })
    },
  }
}
