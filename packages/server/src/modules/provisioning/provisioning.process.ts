import { type ProvisioningForm, provisioningForms } from '@changbai/contract/provisioning.ts'
import type { z } from 'zod'
import { reaches, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Outcome, PlannedCall } from '../cloud/index.ts'
import { acceptedModel } from '../inventory/index.ts'
import { type Facts, registerAccess, registerForm, registerService, type ServiceCall, type TaskCall } from '../process/index.ts'
import { registerTimelinePart } from '../request/index.ts'
import * as delivery from './delivery.ts'
import { noticeOf } from './events.ts'
import { timelineOf } from './follow.ts'
import {
  applyAdvance,
  applyUndo,
  beginFulfilment,
  callOut,
  handOver,
  intendLines,
  planAdvance,
  planUndo,
  progressOf,
  retryFailed,
} from './fulfilment.ts'
import { note } from './journal.ts'
import { nextLeaseAt, remindLeases } from './lease.service.ts'
import { finishManualLines } from './manual.service.ts'
import { requireFreeNames } from './names.ts'
import { eventsOf, linesOf, type OrderRow, orderById, updateLine, updateOrder } from './provisioning.store.ts'
import { splitOrder } from './split.service.ts'

type Handle<K extends ProvisioningForm> = (
  ctx: Ctx,
  order: OrderRow,
  task: TaskCall,
  data: z.output<(typeof provisioningForms)[K]>,
) => Promise<Facts | undefined>

const forms: { [K in ProvisioningForm]: Handle<K> } = {
  'provisioning.verify': async (ctx, order, task, data) => {
    if (task.outcome !== 'RETURN') {
      const lines = await linesOf(ctx.db, order.id)
      for (const line of lines) if (line.spec.kind === 'BAREMETAL') await acceptedModel(ctx, line.spec.modelId)
      await requireFreeNames(
        ctx,
        order,
        lines.filter((line) => line.state === 'PENDING'),
      )
      await note(ctx, order, 'verified', { zh: '核单相符，开始办理', en: 'Checked against the approval; work begins' })
      return beginFulfilment(ctx, order)
    }
    const reason = data.returnReason ?? data.comment
    await updateOrder(ctx.db, order.id, { status: 'RETURNED' })
    await note(
      ctx,
      order,
      'returned',
      { zh: `退回补充：${reason}（时限继续走）`, en: `Returned: ${reason} (the clock goes on)` },
      {
        data: { reason, attribution: data.attribution ?? 'APPLICATION' },
      },
    )
    await ctx.publish('work-order.returned', { ...noticeOf(order), reason })
    return undefined
  },
  'provisioning.clarify': async (ctx, order, task, data) => {
    if (task.outcome !== 'CANCEL') await updateOrder(ctx.db, order.id, { status: 'RECEIVED' })
    await note(
      ctx,
      order,
      'clarified',
      { zh: `应用方补充：${data.comment}`, en: `The applicant added: ${data.comment}` },
      { data: { comment: data.comment } },
    )
    return undefined
  },
  'provisioning.manualLines': async (ctx, order, _task, data) => {
    await finishManualLines(ctx, order, data)
    return { manualOpen: 0 }
  },
  'provisioning.manualFix': async (ctx, order, task, data) => {
    await note(
      ctx,
      order,
      'fix-chosen',
      { zh: `处置 ${task.outcome}：${data.comment}`, en: `Remedy ${task.outcome}: ${data.comment}` },
      { data: { outcome: task.outcome } },
    )
    if (task.outcome === 'RETRY') await retryFailed(ctx, order)
    if (task.outcome === 'MANUAL') await handOver(ctx, order)
    if (task.outcome === 'SPLIT') await splitOrder(ctx, order)
    return progressOf(ctx, order.id, 'ensure')
  },
  'provisioning.selfCheck': async (ctx, order, task, data) => {
    await delivery.saveSelfCheck(ctx, order, task.outcome, data)
    return undefined
  },
  'provisioning.ackShare': async (ctx, order) => {
    await delivery.acknowledgeShare(ctx, order)
    return undefined
  },
  'provisioning.accept': async (ctx, order, task, data) => {
    await delivery.decideAcceptance(ctx, order, task.outcome, data)
    return undefined
  },
  'provisioning.rectify': async (ctx, order, task, data) => {
    const rebuild = task.outcome === 'REBUILD'
    await note(
      ctx,
      order,
      'rectified',
      rebuild
        ? { zh: `重做：${data.comment}`, en: `To be rebuilt: ${data.comment}` }
        : { zh: `已整改：${data.comment}`, en: `Put right: ${data.comment}` },
    )
    return rebuild ? rebuildObjected(ctx, order) : undefined
  },
  'provisioning.overdueAcceptance': async (ctx, order, task, data) => {
    await note(ctx, order, 'acceptance-overdue', {
      zh: `验收逾期处理 ${task.outcome}：${data.comment}`,
      en: `Late acceptance, ${task.outcome}: ${data.comment}`,
    })
    return undefined
  },
  'provisioning.defaultAcceptance': async (ctx, order, task, data) => {
    await delivery.decideDefaultAcceptance(ctx, order, task.outcome, data.comment)
    return undefined
  },
  'provisioning.launchTest': async (ctx, order, task, data) => {
    const party = ({ signLaunchByApplication: 'APPLICATION', signLaunchByProvider: 'PROVIDER', signLaunchByCustomer: 'CUSTOMER' } as const)[
      task.node
    ]
    if (!party) throw new Error(`step ${task.node} signs for nobody`)
    await delivery.signLaunchTest(ctx, order, party, data.comment)
    return undefined
  },
  'provisioning.endTrial': async (ctx, order, task) => {
    await delivery.endTrial(ctx, order, task.outcome)
    return undefined
  },
}

/** Lines objected to since the last delivery whose things are gone from the cloud are made again under the same keys; what exists is kept. */
async function rebuildObjected(ctx: Ctx, order: OrderRow): Promise<Facts> {
  const objected = new Set((await eventsOf(ctx.db, [order.id])).filter((event) => event.kind === 'objected').map((event) => event.line_id))
  const lines = (await linesOf(ctx.db, order.id)).filter((line) => objected.has(line.id) && line.way === 'DRIVER')
  await intendLines(ctx, order, lines)
  return progressOf(ctx, order.id, 'ensure')
}

/** Lines rebuilt after an objection stay delivered: the contract's clock is not started again. */
async function keepDelivered(ctx: Ctx, order: OrderRow): Promise<void> {
  if (order.delivered_at === null) return
  for (const line of await linesOf(ctx.db, order.id))
    if (line.state === 'READY' && line.delivered_at !== null) await updateLine(ctx.db, line.id, { state: 'DELIVERED' })
}

interface Answered {
  call: PlannedCall
  outcome: Outcome | null
}
const orderOf = (call: ServiceCall | TaskCall): string => call.businessKey

const tx = (topic: string, run: (ctx: Ctx, order: OrderRow) => Promise<Facts | undefined>): void =>
  registerService({
    topic,
    mode: 'tx',
    run: async (ctx, call) => run(ctx, await delivery.requireOrder(ctx, orderOf(call))),
  })

/** A step that leaves the conditions nothing to know. */
const silent =
  (run: (ctx: Ctx, order: OrderRow) => Promise<void>) =>
  async (ctx: Ctx, order: OrderRow): Promise<undefined> => {
    await run(ctx, order)
    return undefined
  }

const undo = (topic: string, what: 'failed' | 'all'): void =>
  registerService<PlannedCall | null, Answered | null>({
    topic,
    mode: 'outside',
    leaseSeconds: 75,
    plan: (ctx, call) => planUndo(ctx, orderOf(call), what),
    call: (planned, _key, signal) => callOut(planned, signal),
    apply: (ctx, call, answered) => applyUndo(ctx, orderOf(call), what, answered),
  })

/** Forms, services and the access rule of the process `provisioning`; called once in app/handlers.ts. */
export function registerProvisioning(): void {
  for (const key of Object.keys(forms) as ProvisioningForm[]) {
    const handle = forms[key] as Handle<typeof key>
    registerForm({
      key,
      schema: provisioningForms[key],
      handler: async (ctx, task, data) => handle(ctx, await delivery.requireOrder(ctx, orderOf(task)), task, data as never),
    })
  }
  registerService<PlannedCall | null, Answered | null>({
    topic: 'provisioning.advance',
    mode: 'outside',
    leaseSeconds: 75,
    plan: (ctx, call) => planAdvance(ctx, orderOf(call)),
    call: (planned, _key, signal) => callOut(planned, signal),
    apply: async (ctx, call, answered) => {
      const facts = await applyAdvance(ctx, orderOf(call), answered)
      await keepDelivered(ctx, await delivery.requireOrder(ctx, orderOf(call)))
      return facts
    },
  })
  undo('provisioning.compensate', 'failed')
  undo('provisioning.undo', 'all')
  tx('provisioning.deliver', silent(delivery.deliver))
  tx('provisioning.remindCollect', silent(delivery.remindCollect))
  tx('provisioning.remindAcceptance', silent(delivery.remindAcceptance))
  tx('provisioning.share', silent(delivery.share))
  tx('provisioning.startTrial', async (ctx, order) => ({ trialUntil: await delivery.startTrial(ctx, order) }))
  tx('provisioning.archive', async (ctx, order) => {
    await delivery.archive(ctx, order)
    return { ...(await nextLeaseAt(ctx, order)) }
  })
  tx('provisioning.remindLease', async (ctx, order) => ({ ...(await remindLeases(ctx, order)) }))
  tx(
    'provisioning.cancel',
    silent((ctx, order) => delivery.cancelOrder(ctx, order, '')),
  )
  registerTimelinePart(timelineOf)
  registerAccess('provisioning', async (ctx, id) => {
    const order = await orderById(ctx.db, id)
    return (
      order !== undefined &&
      reaches(scopeOf(ctx.actor, 'provisioning.read', 'R', 'r'), { tenantId: order.tenant_id, applicationId: order.application_id })
    )
  })
}
