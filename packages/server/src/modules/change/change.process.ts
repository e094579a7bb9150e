import { changeForms, changeProblems } from '@changbai/contract/change.ts'
import type { z } from 'zod'
import { reaches, scopeOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { callOff } from '../availability/index.ts'
import { type Facts, registerAccess, registerForm, registerService, type TaskCall } from '../process/index.ts'
import { arrangeDowntime, beginChange, tellApplications } from './begin.ts'
import { tellChange } from './change.notices.ts'
import { handIn } from './change.service.ts'
import { type ChangeRow, findChange, updateChange } from './change.store.ts'
import { cancelChange, closeRolledBack, expireChange, papersLate, rejectChange, updateCmdb } from './close.ts'
import { downtimeSource } from './present.ts'
import { handOver, requireChange, wakeFailed, workServices } from './work.ts'

type FormKey = keyof typeof changeForms
type Data<K extends FormKey> = z.output<(typeof changeForms)[K]>
type Handle<K extends FormKey> = (ctx: Ctx, row: ChangeRow, task: TaskCall, data: Data<K>) => Promise<Facts | undefined>

/** Every opinion stays with the change, as it was given. */
async function conclude(ctx: Ctx, row: ChangeRow, task: TaskCall, facts: Record<string, unknown>): Promise<ChangeRow> {
  const conclusion = {
    node: task.node,
    result: task.outcome ?? 'DONE',
    comment: task.comment ?? '',
    facts,
    byName: ctx.actor.name,
    at: ctx.now.toString(),
  }
  await ctx.record({
    kind: 'change.reviewed',
    subject: { type: 'change', id: row.id },
    tenantId: row.tenant_id,
    data: { node: task.node, result: conclusion.result, ...facts },
  })
  return updateChange(ctx.db, row.id, { reviewed: true, conclusions: JSON.stringify([...row.conclusions, conclusion]) }, ctx.now)
}
const required = (text: string | null | undefined): void => {
  if (!text?.trim()) fail(changeProblems.reasonRequired)
}

async function opinion(ctx: Ctx, row: ChangeRow, task: TaskCall): Promise<undefined> {
  await conclude(ctx, row, task, {})
  return undefined
}

const forms: { [K in FormKey]: Handle<K> } = {
  'change.fill': async (ctx, row, _task, { rev }) => handIn(ctx, row.id, rev),
  'change.accept': opinion,
  'change.assess': async (ctx, row, task, data) => {
    if (task.outcome === 'OPPOSE') required(task.comment)
    await conclude(ctx, row, task, data)
    return undefined
  },
  'change.meeting': async (ctx, row, task, data) => {
    if (task.outcome === 'FAILED') required(task.comment)
    required(data.minutes)
    await conclude(ctx, row, task, data)
    return undefined
  },
  'change.approve': async (ctx, row, task, data) => {
    if (task.outcome === 'REJECT') required(task.comment)
    await conclude(ctx, row, task, data)
    return undefined
  },
  'change.rearrange': async (ctx, row, task, data) => {
    await conclude(ctx, row, task, data)
    if (row.downtime_round > 0) await callOff(ctx, downtimeSource(row), '改期')
    if (task.outcome === 'CANCEL') return undefined
    if (!data.windowFrom || !data.windowTo) return fail(changeProblems.badWindow)
    const [from, to] = [Temporal.Instant.from(data.windowFrom), Temporal.Instant.from(data.windowTo)]
    if (Temporal.Instant.compare(from, ctx.now) <= 0 || Temporal.Instant.compare(to, from) <= 0) fail(changeProblems.badWindow)
    await updateChange(ctx.db, row.id, { window_from: from, window_to: to }, ctx.now)
    return { implementAt: from.toString() }
  },
  'change.block': opinion,
  'change.backup': async (ctx, row, task, data) => {
    if (task.outcome === 'DONE' && data.backupRef === '') fail(changeProblems.backupRequired)
    await conclude(ctx, row, task, data)
    if (task.outcome === 'RETRY') await wakeFailed(ctx, row)
    if (task.outcome === 'DONE') await updateChange(ctx.db, row.id, { backup_ref: data.backupRef, status: 'FULFILLING' }, ctx.now)
    return { handBackup: false }
  },
  'change.failure': async (ctx, row, task, data) => {
    required(task.comment)
    const noted = await conclude(ctx, row, task, data)
    if (task.outcome === 'RETRY') await wakeFailed(ctx, noted)
    if (task.outcome !== 'ROLLBACK') await updateChange(ctx.db, row.id, { status: 'FULFILLING' }, ctx.now)
    return task.outcome === 'MANUAL' ? handOver(ctx, noted) : undefined
  },
  'change.byHand': async (ctx, row, task, data) => {
    required(data.evidence)
    const noted = await conclude(ctx, row, task, data)
    if (task.node === 'implementByHand') {
      const state = task.outcome === 'NOT_DONE' ? ('FAILED' as const) : ('DONE' as const)
      const items = noted.items.map((item) =>
        item.way === 'HAND' && item.state === 'PLANNED' ? { ...item, state, note: data.evidence } : item,
      )
      await updateChange(
        ctx.db,
        row.id,
        { items: JSON.stringify(items), actual_to: ctx.now, actual_from: noted.actual_from ?? ctx.now },
        ctx.now,
      )
    }
    return { handItems: false }
  },
  'change.verify': async (ctx, row, task, data) => {
    if (task.outcome === 'FAILED') required(task.comment)
    await conclude(ctx, row, task, data)
    return undefined
  },
  'change.review': async (ctx, row, task, data) => {
    required(data.cause)
    required(data.lesson)
    await conclude(ctx, row, task, data)
    await updateChange(ctx.db, row.id, { status: 'CLOSED', closed_at: ctx.now }, ctx.now)
    await ctx.record({
      kind: 'change.closed',
      subject: { type: 'change', id: row.id },
      tenantId: row.tenant_id,
      after: { outcome: 'ROLLED_BACK' },
    })
    return undefined
  },
  'change.close': async (ctx, row, task, data) => {
    const noted = await conclude(ctx, row, task, data)
    const outcome = data.partial ? 'PARTIAL' : 'SUCCESS'
    const closed = await updateChange(
      ctx.db,
      row.id,
      row.category === 'EMERGENCY' ? { outcome } : { outcome, status: 'CLOSED', closed_at: ctx.now },
      ctx.now,
    )
    await ctx.record({ kind: 'change.closed', subject: { type: 'change', id: row.id }, tenantId: row.tenant_id, after: { outcome } })
    await tellChange(ctx, 'change.closed', { ...noted, ...closed })
    return undefined
  },
  'change.papers': async (ctx, row, task, data) => {
    required(data.account)
    await conclude(ctx, row, task, data)
    await updateChange(ctx.db, row.id, { retro_done_at: ctx.now, status: 'CLOSED', closed_at: ctx.now }, ctx.now)
    return undefined
  },
}

/** Forms, services and the access rule of the process `resource-change`; called once in app/handlers.ts. */
export function registerChangeProcess(): void {
  for (const key of Object.keys(forms) as FormKey[]) {
    const handle = forms[key] as Handle<FormKey>
    registerForm({
      key,
      schema: changeForms[key],
      handler: async (ctx, task, data) => handle(ctx, await requireChange(ctx, task.businessKey), task, data as never),
    })
  }
  const services: Record<string, (ctx: Ctx, changeId: string) => Promise<Facts>> = {
    'change.expire': expireChange,
    'change.reject': rejectChange,
    'change.cancel': cancelChange,
    'change.tellApplications': tellApplications,
    'change.arrangeDowntime': arrangeDowntime,
    'change.begin': beginChange,
    'change.updateCmdb': updateCmdb,
    'change.closeRolledBack': closeRolledBack,
    'change.papersLate': papersLate,
  }
  for (const [topic, run] of Object.entries(services))
    registerService({ topic, mode: 'tx', run: (ctx, call) => run(ctx, call.businessKey) })
  for (const service of workServices) registerService(service)
  registerAccess('resource-change', async (ctx, id) => {
    const row = await findChange(ctx.db, id)
    if (!row) return false
    const scope = scopeOf(ctx.actor, 'change.read', 'R', 'r')
    return (
      reaches(scope, { tenantId: row.tenant_id, applicationId: row.application_id }) ||
      row.affected_ids.some((one) => reaches(scope, { tenantId: null, applicationId: one }))
    )
  })
}
