import { serviceForms } from '@changbai/contract/service-request.ts'
import { personOf } from '../../platform/actor.ts'
import type { Ctx, Events } from '../../platform/ctx.ts'
import { registerAccess, registerForm, registerService, type TaskCall } from '../process/index.ts'
import { maySee, recordOf, tell } from './service.service.ts'
import { findService, lockService, type ServiceRow, updateService } from './service.store.ts'

declare module '../../platform/ctx.ts' {
  interface Events {
    'service.declined': { requestId: string; reason: string }
    /** Confirmed by whoever asked: they are asked how it was. */
    'service.closed': { requestId: string }
  }
}

const PROCESS = 'service-request'
const rowOf = async (ctx: Ctx, id: string): Promise<ServiceRow> => {
  const row = await lockService(ctx.db, id)
  if (!row) throw new Error(`service request ${id} is gone`)
  return row
}

async function accept(ctx: Ctx, task: TaskCall, { comment }: { comment: string }): Promise<undefined> {
  const row = await rowOf(ctx, task.businessKey)
  if (task.outcome === 'ACCEPT') {
    await updateService(ctx.db, row.id, { state: 'IN_PROGRESS', handler_id: personOf(ctx.actor), handler_name: ctx.actor.name })
    await tell(ctx, row, 'ACCEPTED', comment)
  } else await tell(ctx, row, 'REFUSED', comment || (task.comment ?? ''))
}
/** Who finishes it is its handler; what the limit is judged by is the last time it was handed over. */
async function fulfil(ctx: Ctx, task: TaskCall, { result }: { result: string }): Promise<undefined> {
  const row = await rowOf(ctx, task.businessKey)
  const handler = { handler_id: personOf(ctx.actor), handler_name: ctx.actor.name }
  await updateService(ctx.db, row.id, { state: 'DONE', result, done_at: ctx.now, ...handler })
  await tell(ctx, row, 'DONE', result)
}
async function confirm(ctx: Ctx, task: TaskCall, { comment }: { comment: string }): Promise<undefined> {
  const row = await rowOf(ctx, task.businessKey)
  if (task.outcome === 'NOT_DONE') await updateService(ctx.db, row.id, { state: 'IN_PROGRESS', done_at: null })
  await tell(ctx, row, task.outcome === 'NOT_DONE' ? 'NOT_DONE' : 'CONFIRMED', comment || (task.comment ?? ''))
}
const end = (state: 'CLOSED' | 'DECLINED') => async (ctx: Ctx, call: { businessKey: string }) => {
  const row = await rowOf(ctx, call.businessKey)
  await updateService(ctx.db, row.id, { state, closed_at: ctx.now, node: null, task_id: null })
  await recordOf(ctx, row, state.toLowerCase())
  if (state === 'CLOSED') await ctx.publish('service.closed', { requestId: row.id })
  else await ctx.publish('service.declined', { requestId: row.id, reason: '' })
  return {}
}

export function registerServiceProcess(): void {
  registerForm({ key: 'service.accept', schema: serviceForms['service.accept'], handler: accept })
  registerForm({ key: 'service.fulfil', schema: serviceForms['service.fulfil'], handler: fulfil })
  registerForm({ key: 'service.confirm', schema: serviceForms['service.confirm'], handler: confirm })
  registerService({ topic: 'service.close', mode: 'tx', run: end('CLOSED') })
  registerService({ topic: 'service.decline', mode: 'tx', run: end('DECLINED') })
  registerAccess(PROCESS, async (ctx, id) => {
    const row = await findService(ctx.db, id)
    return row !== undefined && maySee(ctx, row)
  })
}

/** Business keys of processes deployed by other hands need not be identifiers. */
const isId = (key: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(key)

/** The request's own row follows its process, whichever process the catalogue names. */
export async function serviceStepOpened(ctx: Ctx, task: Events['task.created']): Promise<void> {
  if (task.kind === 'ADDED' || !isId(task.businessKey)) return
  const row = await findService(ctx.db, task.businessKey)
  if (row) await updateService(ctx.db, row.id, { node: task.node, task_id: task.taskId })
}
