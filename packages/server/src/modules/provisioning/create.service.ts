import { type LineSpec, lineSpec, type WorkOrderKind } from '@changbai/contract/provisioning.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { newId } from '../../platform/ids.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { canMake, requireConnection } from '../cloud/index.ts'
import { startProcess } from '../process/index.ts'
import { workdayDeadline } from './deadlines.ts'
import { noticeOf } from './events.ts'
import { note } from './journal.ts'
import { checklistOf, clauseOf, needsTrial, splitByKind, titleOf, unfold, wayOf } from './provisioning.domain.ts'
import { insertLines, insertOrder, type OrderRow, orderById, ordersOfRequest, updateOrder } from './provisioning.store.ts'

/** What an approved request hands over. */
export interface ApprovedRequest {
  requestId: string
  requestNo: string
  requestKind: string
  applicationId: string
  applicationName: string
  tenantId: string
  tenantName: string
  env: 'PROD' | 'TEST' | 'DEV' | 'DR'
  usageUntil: Temporal.PlainDate
  /** The project manager who applied. */
  applicantId: string | null
  approvedAt: Temporal.Instant
  lines: LineSpec[]
}

/** Working days by kind. @clause 4.3-1a @clause 4.3-1b */
export const workdaysOf = (ctx: Ctx, kind: WorkOrderKind): number =>
  ctx.plan.number(kind === 'BAREMETAL' ? 'provisioning.baremetalWorkdays' : 'provisioning.vmWorkdays')

/**
 * Dispatches the work orders of an approved request, one a kind, each with its own process. The clocks start now: dispatch is receipt.
 * Called again for the same request it gives back what was dispatched.
 * @clause 4.3-0
 */
export async function createWorkOrders(ctx: Ctx, request: ApprovedRequest): Promise<OrderRow[]> {
  const before = await ordersOfRequest(ctx.db, request.requestId)
  if (before.length > 0) return before
  const orders: OrderRow[] = []
  for (const part of splitByKind(shareAddresses(request.lines.map((line) => lineSpec.parse(line)))))
    orders.push(await dispatch(ctx, request, part.kind, part.specs))
  return orders
}

/** Public addresses asked for on a network line go to the servers of the same order, in their order. */
export function shareAddresses(specs: readonly LineSpec[]): LineSpec[] {
  let left = specs.reduce((sum, spec) => sum + (spec.kind === 'NETWORK' ? spec.publicAddresses : 0), 0)
  return specs.map((spec) => {
    if (spec.kind !== 'VM' || left === 0) return spec
    const taken = Math.min(spec.count - spec.publicAddresses, left)
    left -= taken
    return { ...spec, publicAddresses: spec.publicAddresses + taken }
  })
}

async function dispatch(ctx: Ctx, request: ApprovedRequest, kind: WorkOrderKind, specs: LineSpec[]): Promise<OrderRow> {
  const id = newId(ctx.now.epochMilliseconds)
  const connection = await requireConnection(ctx)
  const workdays = workdaysOf(ctx, kind)
  const due = await workdayDeadline(ctx, ctx.now, workdays)
  await insertOrder(ctx.db, {
    id,
    no: await nextNumber(ctx.db, 'GD', shanghaiDay(ctx.now)),
    kind,
    status: 'RECEIVED',
    request_id: request.requestId,
    request_no: request.requestNo,
    request_kind: request.requestKind,
    application_id: request.applicationId,
    application_name: request.applicationName,
    tenant_id: request.tenantId,
    tenant_name: request.tenantName,
    env: request.env,
    applicant_id: request.applicantId,
    approved_at: request.approvedAt,
    connection_id: connection.id,
    received_at: ctx.now,
    due_at: due.at,
    created_at: ctx.now,
  })
  const can = canMake(connection)
  await insertLines(
    ctx.db,
    unfold(specs).map((spec, index) => {
      const { way, reason } = wayOf(spec, can)
      return {
        id: newId(ctx.now.epochMilliseconds),
        work_order_id: id,
        no: index + 1,
        kind: spec.kind,
        way,
        manual_reason: reason,
        state: 'PENDING' as const,
        title: titleOf(spec),
        spec: JSON.stringify(spec),
        clause: clauseOf(spec.kind),
        workdays,
        received_at: ctx.now,
        due_at: due.at,
        due_on: due.on,
        provisional: due.provisional,
        checklist: JSON.stringify(checklistOf(spec).map((item) => ({ ...item, done: false, note: '' }))),
        usage_until: request.usageUntil,
      }
    }),
  )
  const order = (await orderById(ctx.db, id)) as OrderRow
  await note(
    ctx,
    order,
    'dispatched',
    { zh: `派给运营管理员，${workdays} 个工作日内完成`, en: `Dispatched; due in ${workdays} working days` },
    {
      after: { no: order.no, kind, lines: specs.length, dueAt: due.at.toString() },
    },
  )
  await startOrderProcess(ctx, order)
  await ctx.publish('work-order.dispatched', { ...noticeOf(order), kind, dueAt: due.at })
  return (await orderById(ctx.db, id)) as OrderRow
}

/** One instance an order: its number stands on the order. */
export async function startOrderProcess(ctx: Ctx, order: OrderRow): Promise<void> {
  const instance = await startProcess(ctx, {
    key: 'provisioning',
    businessKey: order.id,
    title: `${order.application_name} · ${order.no}`,
    tenantId: order.tenant_id,
    applicationId: order.application_id,
    vars: {
      workOrderId: order.id,
      kind: order.kind,
      receivedAt: order.received_at.toString(),
      trial: needsTrial(order.env, order.request_kind),
      failedLines: 0,
      manualOpen: 0,
      progress: 'more',
    },
  })
  await updateOrder(ctx.db, order.id, { instance_id: instance.instanceId })
}
