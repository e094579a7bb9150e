import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { SecurityItem, type SecurityOrder, type securityApi, securityProblems } from '@changbai/contract/security.ts'
import { actorCan, personOf, reaches, requireScope, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { loadBusinessClock, loadCalendar } from '../calendar/index.ts'
import { tenantNames } from '../identity/index.ts'
import { findApplication } from '../inventory/index.ts'
import { cancelInstance, completeTask, startProcess } from '../process/index.ts'
import { findOrder, insertOrder, type OrderRow, openOrderOf, orderPage, updateOrder } from './security.store.ts'

type Api = typeof securityApi
export const PROCESS = 'security-service'
const MAX_YEARS = 5

/** The catalogue in force. @throws Error when the plan's value is no catalogue: a mistake in the plan, told with its place */
export const securityCatalogue = (ctx: Ctx): SecurityItem[] => SecurityItem.array().parse(ctx.plan.value<unknown>('security.services'))
export const readSecurityCatalogue = async (ctx: Ctx): Promise<Reply<Api['catalogue']>> => ({ items: securityCatalogue(ctx) })

export const maySeeOrder = (ctx: Ctx, row: OrderRow): boolean =>
  reaches(scopeOf(ctx.actor, 'security.service.read', 'R', 'r'), { tenantId: row.tenant_id, applicationId: row.application_id })
async function reachOrder(ctx: Ctx, id: string): Promise<OrderRow> {
  const row = (await findOrder(ctx.db, id)) ?? fail(commonProblems.notFound)
  return maySeeOrder(ctx, row) ? row : fail(commonProblems.notFound)
}
export const recordOrder = (ctx: Ctx, row: OrderRow, kind: string, data: object = {}) =>
  ctx.record({ kind: `security-order.${kind}`, subject: { type: 'security-order', id: row.id }, tenantId: row.tenant_id, data })

const isOwn = (ctx: Ctx, row: OrderRow): boolean =>
  row.requester_id === ctx.actor.personId ||
  reaches(scopeOf(ctx.actor, 'security.service.order', 'C'), { tenantId: row.tenant_id, applicationId: row.application_id })
function mayNow(ctx: Ctx, row: OrderRow): SecurityOrder['may'] {
  const delivers = actorCan(ctx.actor, 'security.service.deliver', 'X')
  if (row.node === 'acceptSecurity' && delivers)
    return row.requester_id === ctx.actor.personId ? ['ACCEPT', 'DECLINE', 'WITHDRAW'] : ['ACCEPT', 'DECLINE']
  if (row.node === 'deliverSecurity' && delivers) return row.requester_id === ctx.actor.personId ? [] : ['DELIVER']
  if (row.node === 'confirmSecurity' && row.requester_id === ctx.actor.personId) return ['CONFIRM', 'NOT_DONE']
  return row.state === 'SUBMITTED' && row.requester_id === ctx.actor.personId ? ['WITHDRAW'] : []
}

export async function toOrders(ctx: Ctx, rows: readonly OrderRow[]): Promise<SecurityOrder[]> {
  const tenants = await tenantNames(ctx, [...new Set(rows.map((row) => row.tenant_id))])
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    code: row.code,
    state: row.state,
    applicationId: row.application_id,
    applicationName: row.application_name,
    tenantName: tenants.get(row.tenant_id) ?? null,
    reason: row.reason,
    requesterName: row.requester_name,
    handlerName: row.handler_name,
    submittedAt: row.submitted_at.toString(),
    dueAt: row.due_at.toString(),
    provisional: row.provisional,
    deliveredAt: row.delivered_at?.toString() ?? null,
    isLate:
      row.state !== 'DECLINED' &&
      row.state !== 'WITHDRAWN' &&
      !row.provisional &&
      Temporal.Instant.compare(row.delivered_at ?? ctx.now, row.due_at) > 0,
    delivery: row.delivery,
    outcomeText: row.outcome_text,
    instanceId: row.instance_id,
    may: mayNow(ctx, row),
  }))
}
const detail = async (ctx: Ctx, id: string): Promise<SecurityOrder> =>
  (await toOrders(ctx, [await reachOrder(ctx, id)]))[0] as SecurityOrder
export const getOrder = (ctx: Ctx, { orderId }: Input<Api['get']>): Promise<SecurityOrder> => detail(ctx, orderId)

export async function listOrders(ctx: Ctx, { after, limit, ...filter }: Input<Api['orders']>): Promise<Reply<Api['orders']>> {
  const rows = await orderPage(ctx.db, filter, scopeOf(ctx.actor, 'security.service.read', 'R', 'r'), readCursor(after), limit)
  const { items, next } = pageOf(rows, limit, (row) => ['', row.id])
  return { items: await toOrders(ctx, items), next }
}

/** A bureau asks for a service of its application, or operation asks for it. The limit counts from now, as the catalogue says. @clause 5.3-9 */
export async function orderSecurity(ctx: Ctx, { applicationId, code, reason }: Input<Api['order']>): Promise<SecurityOrder> {
  const item = securityCatalogue(ctx).find((one) => one.code === code) ?? fail(securityProblems.noItem)
  const application = (await findApplication(ctx, applicationId)) ?? fail(commonProblems.notFound)
  requireScope(ctx.actor, 'security.service.order', 'C', { tenantId: application.tenantId, applicationId })
  const open = await openOrderOf(ctx.db, applicationId, code)
  if (open) fail(securityProblems.ordered, { number: open.number })
  const id = newId()
  const number = await nextNumber(ctx.db, 'AQ', shanghaiDay(ctx.now))
  const dueAt = (await loadBusinessClock(ctx)).addTime(ctx.now, item.limit)
  await insertOrder(ctx.db, {
    id,
    number,
    code,
    months: item.months,
    state: 'SUBMITTED',
    tenant_id: application.tenantId,
    application_id: applicationId,
    application_name: application.name,
    reason,
    requester_id: personOf(ctx.actor),
    requester_name: ctx.actor.name,
    handler_id: null,
    handler_name: null,
    submitted_at: ctx.now,
    due_at: dueAt,
    provisional: (await loadCalendar(ctx)).dayAt(shanghaiDay(dueAt)).provisional,
    delivered_at: null,
    closed_at: null,
    delivery: null,
    instance_id: null,
    task_id: null,
    node: null,
  })
  const { instanceId } = await startProcess(ctx, {
    key: PROCESS,
    businessKey: id,
    title: `${number} ${application.name}`,
    tenantId: application.tenantId,
    applicationId,
    vars: {
      roles: ['OPERATION_MANAGER', 'OPERATION_TECHNICIAN', 'MAINTENANCE_MANAGER', 'MAINTENANCE_ENGINEER'],
      limit: item.limit,
      submittedAt: ctx.now.toString(),
    },
  })
  const row = await updateOrder(ctx.db, id, { instance_id: instanceId })
  await recordOrder(ctx, row, 'submitted', { code, application: application.name })
  return detail(ctx, id)
}

/** Completes the step the order stands at; the form of the step writes what follows. */
async function complete(ctx: Ctx, orderId: string, node: string, outcome: string, data: object, comment?: string): Promise<SecurityOrder> {
  const row = await reachOrder(ctx, orderId)
  if (row.node !== node || !row.task_id) return fail(securityProblems.wrongStep)
  await completeTask(ctx, { taskId: row.task_id, outcome, data: { ...data }, comment })
  return detail(ctx, orderId)
}
export const acceptOrder = (ctx: Ctx, { orderId, accept, comment }: Input<Api['accept']>) =>
  complete(ctx, orderId, 'acceptSecurity', accept ? 'ACCEPT' : 'DECLINE', { comment }, comment)
export const deliverOrder = (ctx: Ctx, { orderId, ...delivery }: Input<Api['deliver']>) =>
  complete(ctx, orderId, 'deliverSecurity', 'DONE', delivery)
export const confirmOrder = (ctx: Ctx, { orderId, done, comment }: Input<Api['confirm']>) =>
  complete(ctx, orderId, 'confirmSecurity', done ? 'CONFIRMED' : 'NOT_DONE', { comment }, comment)

/** By whoever asked, before anybody accepted. */
export async function withdrawOrder(ctx: Ctx, { orderId, reason }: Input<Api['withdraw']>): Promise<SecurityOrder> {
  const row = await reachOrder(ctx, orderId)
  if (row.requester_id !== personOf(ctx.actor) || !isOwn(ctx, row)) fail(commonProblems.forbidden)
  if (row.state !== 'SUBMITTED' || !row.instance_id) return fail(securityProblems.wrongStep)
  await cancelInstance(ctx, { instanceId: row.instance_id, reason })
  const gone = await updateOrder(ctx.db, row.id, {
    state: 'WITHDRAWN',
    closed_at: ctx.now,
    outcome_text: reason,
    node: null,
    task_id: null,
  })
  await recordOrder(ctx, gone, 'withdrawn', { reason })
  return detail(ctx, orderId)
}

/** @throws bad-expiry for a day that is over, or years away */
export function checkExpiry(ctx: Ctx, expiresOn: string): Temporal.PlainDate {
  const on = Temporal.PlainDate.from(expiresOn)
  const today = shanghaiDay(ctx.now)
  if (Temporal.PlainDate.compare(on, today) <= 0 || Temporal.PlainDate.compare(on, today.add({ years: MAX_YEARS })) > 0)
    fail(securityProblems.badExpiry)
  return on
}
