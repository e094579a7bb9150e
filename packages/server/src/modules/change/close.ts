import type { ChangeItem } from '@changbai/contract/change.shapes.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { callOff, recordActual } from '../availability/index.ts'
import { changeRecord, commitCapacity, releaseCapacity } from '../inventory/index.ts'
import { loadWorkClock } from '../process/index.ts'
import { holderOf } from './begin.ts'
import { tellChange } from './change.notices.ts'
import { type ChangeRow, updateChange } from './change.store.ts'
import { rulesOf } from './domain/items.ts'
import { downtimeSource } from './present.ts'
import { requireChange } from './work.ts'

/** What an item writes into the record of its thing. */
function recorded({ attr, to }: ChangeItem): Record<string, unknown> {
  switch (attr) {
    case 'vcpu':
    case 'memGiB':
    case 'gib':
    case 'bandwidthMbps':
      return { [attr]: Number(to) }
    case 'image':
      return { os: to }
    case 'state':
    case 'tier':
    case 'usageUntil':
      return { [attr]: to }
    case 'rules':
      return { rules: rulesOf(to) ?? [] }
    default:
      return {}
  }
}

/** Writes what was done into the inventory, a version higher with before and after, and gives capacity over to use. @clause 4.4 */
export async function updateCmdb(ctx: Ctx, changeId: string): Promise<Record<string, unknown>> {
  const row = await requireChange(ctx, changeId)
  const items = [...row.items]
  for (const ciId of row.ci_ids) {
    const own = items.filter((item) => item.ciId === ciId && item.state !== 'FAILED')
    const change = Object.assign({}, ...own.map(recorded)) as Record<string, unknown>
    const [first] = own
    if (!first || Object.keys(change).length === 0) continue
    const revs = await changeRecord(ctx, first.ciKind, ciId, change)
    for (const [index, item] of items.entries()) if (own.includes(item)) items[index] = { ...item, ...revs, state: 'DONE' }
  }
  const to = row.actual_to ?? ctx.now
  await recordDowntime(ctx, row, to)
  await commitCapacity(ctx, holderOf(row))
  await updateChange(
    ctx.db,
    row.id,
    {
      items: JSON.stringify(items.map((item) => (item.state === 'PLANNED' ? { ...item, state: 'DONE' } : item))),
      working: false,
      actual_to: to,
    },
    ctx.now,
  )
  await ctx.record({
    kind: 'change.recorded',
    subject: { type: 'change', id: row.id },
    tenantId: row.tenant_id,
    before: Object.fromEntries(row.items.map((item) => [`${item.ciName}.${item.attr}`, item.from])),
    after: Object.fromEntries(row.items.map((item) => [`${item.ciName}.${item.attr}`, item.to])),
  })
  if (row.category !== 'EMERGENCY') return { implementedAt: ctx.now.toString() }
  const dueAt = (await loadWorkClock(ctx)).addTime(ctx.now, ctx.plan.duration('change.emergencyPapers'))
  await updateChange(ctx.db, row.id, { retro_due_at: dueAt }, ctx.now)
  return { implementedAt: ctx.now.toString(), papersDueAt: dueAt.toString() }
}

/** The real interval goes to the availability's own rows: what lies outside the window is an outage there. @clause 7.1-I-1 */
async function recordDowntime(ctx: Ctx, row: ChangeRow, to: Temporal.Instant): Promise<void> {
  if (row.downtime_round > 0 && row.actual_from) await recordActual(ctx, downtimeSource(row), row.actual_from, to)
}

export async function closeRolledBack(ctx: Ctx, changeId: string): Promise<Record<string, unknown>> {
  const row = await requireChange(ctx, changeId)
  await recordDowntime(ctx, row, ctx.now)
  await releaseCapacity(ctx, holderOf(row))
  const items = row.items.map((item) => ({ ...item, state: 'UNDONE' as const }))
  const after = await updateChange(
    ctx.db,
    row.id,
    { items: JSON.stringify(items), working: false, outcome: 'ROLLED_BACK', actual_to: row.actual_to ?? ctx.now },
    ctx.now,
  )
  await ctx.record({
    kind: 'change.rolled-back',
    subject: { type: 'change', id: row.id },
    tenantId: row.tenant_id,
    data: { conclusions: after.conclusions.slice(-3) },
  })
  await ctx.publish('change.rolled-back', {
    changeId: row.id,
    number: row.number,
    tenantId: row.tenant_id,
    applicationId: row.application_id,
  })
  await tellChange(ctx, 'change.rolled-back', after)
  return {}
}

declare module '../../platform/ctx.ts' {
  interface Events {
    /** A change did not come off and was taken back. */
    'change.rolled-back': { changeId: string; number: string; tenantId: string | null; applicationId: string | null }
  }
}

const end =
  (status: 'REJECTED' | 'EXPIRED' | 'CANCELLED', event: 'change.rejected' | 'change.expired' | 'change.cancelled') =>
  async (ctx: Ctx, changeId: string): Promise<Record<string, unknown>> => {
    const before = await requireChange(ctx, changeId)
    if (before.downtime_round > 0) await callOff(ctx, downtimeSource(before), `变更 ${before.number} 不再实施`)
    await releaseCapacity(ctx, holderOf(before))
    const reason = before.conclusions.at(-1)?.comment ?? ''
    const row = await updateChange(
      ctx.db,
      changeId,
      {
        status,
        working: false,
        steps: '[]',
        closed_at: ctx.now,
        ...(status === 'REJECTED' ? { rejection: reason, decided_at: ctx.now } : {}),
      },
      ctx.now,
    )
    await ctx.record({
      kind: event,
      subject: { type: 'change', id: row.id },
      tenantId: row.tenant_id,
      before: { status: before.status },
      after: { status, reason },
    })
    await tellChange(ctx, event, row, reason)
    return {}
  }
export const rejectChange = end('REJECTED', 'change.rejected')
export const expireChange = end('EXPIRED', 'change.expired')
export const cancelChange = end('CANCELLED', 'change.cancelled')

/** The papers of an emergency came late: it stays on record. */
export async function papersLate(ctx: Ctx, changeId: string): Promise<Record<string, unknown>> {
  const row = await requireChange(ctx, changeId)
  if (row.retro_done_at) return {}
  const late = await updateChange(ctx.db, row.id, { violation: true }, ctx.now)
  await ctx.record({ kind: 'change.papers-late', subject: { type: 'change', id: row.id }, tenantId: row.tenant_id })
  await tellChange(ctx, 'change.papers-late', late)
  return {}
}
