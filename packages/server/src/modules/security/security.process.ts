import { type securityForms as Forms, securityForms, securityProblems } from '@changbai/contract/security.ts'
import type { z } from 'zod'
import { personOf } from '../../platform/actor.ts'
import type { Ctx, Events } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { registerAccess, registerForm, registerService, type TaskCall } from '../process/index.ts'
import { addHeld } from './held.service.ts'
import { checkExpiry, maySeeOrder, PROCESS, recordOrder } from './order.service.ts'
import { findOrder, lockOrder, type OrderRow, updateOrder } from './security.store.ts'

declare module '../../platform/ctx.ts' {
  interface Events {
    'security.declined': { orderId: string }
    /** In force, confirmed by whoever asked. */
    'security.held': { orderId: string }
  }
}
type Filled<K extends keyof typeof Forms> = z.output<(typeof Forms)[K]>

const rowOf = async (ctx: Ctx, id: string): Promise<OrderRow> => {
  const row = await lockOrder(ctx.db, id)
  if (!row) throw new Error(`security order ${id} is gone`)
  return row
}

async function accept(ctx: Ctx, task: TaskCall, { comment }: Filled<'security.accept'>): Promise<undefined> {
  const row = await rowOf(ctx, task.businessKey)
  const said = comment || (task.comment ?? '')
  const change =
    task.outcome === 'ACCEPT'
      ? { state: 'IN_PROGRESS' as const, handler_id: personOf(ctx.actor), handler_name: ctx.actor.name }
      : { outcome_text: said }
  await recordOrder(ctx, await updateOrder(ctx.db, row.id, change), task.outcome === 'ACCEPT' ? 'accepted' : 'refused', { comment: said })
}

/** What was made, who answers for it and how long it lasts; in force once the bureau confirms. */
async function deliver(ctx: Ctx, task: TaskCall, delivery: Filled<'security.deliver'>): Promise<undefined> {
  const row = await rowOf(ctx, task.businessKey)
  // who confirms that it is in force is whoever ordered it
  if (row.requester_id === ctx.actor.personId) fail(securityProblems.samePerson)
  checkExpiry(ctx, delivery.expiresOn)
  const done = await updateOrder(ctx.db, row.id, {
    state: 'DELIVERED',
    delivery: JSON.stringify(delivery),
    delivered_at: ctx.now,
    handler_id: personOf(ctx.actor),
    handler_name: ctx.actor.name,
  })
  await recordOrder(ctx, done, 'delivered', delivery)
}

async function confirm(ctx: Ctx, task: TaskCall, { comment }: Filled<'security.confirm'>): Promise<undefined> {
  const row = await rowOf(ctx, task.businessKey)
  const said = comment || (task.comment ?? '')
  const back = task.outcome === 'NOT_DONE'
  const change = back ? { state: 'IN_PROGRESS' as const, delivered_at: null, outcome_text: said } : { outcome_text: said }
  await recordOrder(ctx, await updateOrder(ctx.db, row.id, change), back ? 'not-in-force' : 'confirmed', { comment: said })
}

async function close(ctx: Ctx, { businessKey }: { businessKey: string }) {
  const row = await rowOf(ctx, businessKey)
  const { delivery } = row
  if (!delivery) throw new Error(`security order ${row.id} is closed without a delivery`)
  await updateOrder(ctx.db, row.id, { state: 'CLOSED', closed_at: ctx.now, node: null, task_id: null })
  await addHeld(ctx, {
    code: row.code,
    application: { id: row.application_id, name: row.application_name, tenantId: row.tenant_id },
    product: delivery.product,
    ownerName: delivery.ownerName,
    scope: delivery.scope,
    beginsOn: shanghaiDay(row.delivered_at ?? ctx.now),
    expiresOn: Temporal.PlainDate.from(delivery.expiresOn),
    source: 'ORDER',
    sourceId: row.id,
    sourceNumber: row.number,
  })
  await ctx.publish('security.held', { orderId: row.id })
  return {}
}
async function decline(ctx: Ctx, { businessKey }: { businessKey: string }) {
  const row = await rowOf(ctx, businessKey)
  await updateOrder(ctx.db, row.id, { state: 'DECLINED', closed_at: ctx.now, node: null, task_id: null })
  await recordOrder(ctx, row, 'declined')
  await ctx.publish('security.declined', { orderId: row.id })
  return {}
}

export function registerSecurityProcess(): void {
  registerForm({ key: 'security.accept', schema: securityForms['security.accept'], handler: accept })
  registerForm({ key: 'security.deliver', schema: securityForms['security.deliver'], handler: deliver })
  registerForm({ key: 'security.confirm', schema: securityForms['security.confirm'], handler: confirm })
  registerService({ topic: 'security.close', mode: 'tx', run: close })
  registerService({ topic: 'security.decline', mode: 'tx', run: decline })
  registerAccess(PROCESS, async (ctx, id) => {
    const row = await findOrder(ctx.db, id)
    return row !== undefined && maySeeOrder(ctx, row)
  })
}

/** The order's own row follows its process. */
export async function securityStepOpened(ctx: Ctx, task: Events['task.created']): Promise<void> {
  if (task.processKey !== PROCESS || task.kind === 'ADDED') return
  await updateOrder(ctx.db, task.businessKey, { node: task.node, task_id: task.taskId })
}
