import type { Ctx } from '../../platform/ctx.ts'
import { addDowntime, downtimeOf, noticeNow } from '../availability/index.ts'
import { changeableItems, releaseCapacity, reserveCapacity } from '../inventory/index.ts'
import { tellChange } from './change.notices.ts'
import { type ChangeRow, lockThings, updateChange, workingOn } from './change.store.ts'
import { growthOf, valueNow } from './domain/items.ts'
import { downtimeSource } from './present.ts'
import { freezesBetween } from './rules.store.ts'
import { backupByHand, requireChange } from './work.ts'

/** Proposes the window, tells those affected at once and waits for the customer to recognise it. @clause 7.1-I-1 */
export async function arrangeDowntime(ctx: Ctx, changeId: string): Promise<Record<string, unknown>> {
  const row = await requireChange(ctx, changeId)
  const round = row.downtime_round + 1
  const held = await updateChange(ctx.db, row.id, { downtime_round: round }, ctx.now)
  if (!held.window_from || !held.window_to || held.affected_ids.length === 0) return { recognisedByCustomer: false }
  const source = downtimeSource(held)
  await addDowntime(ctx, {
    reason: 'MAINTENANCE',
    applicationIds: held.affected_ids,
    plannedFrom: held.window_from,
    plannedTo: held.window_to,
    impact: `${held.number} ${held.title}：${held.form.reasonText}`.slice(0, 2000),
    rollbackPlan: held.form.rollbackPlan || '—',
    source,
  })
  await noticeNow(ctx, source, `平台已通知各受影响应用的项目经理（变更 ${held.number}）`)
  return { recognisedByCustomer: false, implementAt: held.window_from.toString() }
}

/** Tells the project managers of the applications touched what is going to happen. */
export async function tellApplications(ctx: Ctx, changeId: string): Promise<Record<string, unknown>> {
  const row = await requireChange(ctx, changeId)
  await updateChange(ctx.db, row.id, { status: 'APPROVED', decided_at: row.decided_at ?? ctx.now }, ctx.now)
  await tellChange(ctx, 'change.planned', row)
  await ctx.record({
    kind: 'change.approved',
    subject: { type: 'change', id: row.id },
    tenantId: row.tenant_id,
    data: { affected: row.affected_ids },
  })
  return {}
}

/** What stands in the way of beginning now, in words; null when nothing does. */
async function obstacle(ctx: Ctx, row: ChangeRow): Promise<string | null> {
  await lockThings(ctx.db, row.ci_ids)
  const other = await workingOn(ctx.db, row.id, row.ci_ids)
  if (other) {
    const shared = row.items.filter((item) => other.ci_ids.includes(item.ciId)).map((item) => item.ciName)
    return `${[...new Set(shared)].join('、')} 正由 ${other.number} 变更`
  }
  const emergency = row.category === 'EMERGENCY'
  const [freeze] = emergency ? [] : await freezesBetween(ctx.db, ctx.now, ctx.now.add({ seconds: 1 }))
  if (freeze) return `冻结期：${freeze.name}`
  if (row.downtime && !emergency) {
    const window = row.downtime_round > 0 ? await downtimeOf(ctx, downtimeSource(row)) : null
    if (!window?.noticeSentAt || window.recognised !== true) return '计划停机没有通知证明或未获甲方认定'
  }
  const things = new Map((await changeableItems(ctx, row.ci_ids)).map((thing) => [thing.id, thing]))
  for (const item of row.items) {
    const thing = things.get(item.ciId)
    if (!thing) return `${item.ciName} 已不在用`
    const now = valueNow(thing, item.attr)
    if (now !== item.from) return `${item.ciName} 的现值已不是批准时的“${item.from}”，而是“${now}”`
  }
  return null
}

/** Claims the things, or says what stands in the way; capacity that it grows by is promised first. */
export async function beginChange(ctx: Ctx, changeId: string): Promise<Record<string, unknown>> {
  const row = await requireChange(ctx, changeId)
  const why = await obstacle(ctx, row)
  if (why !== null) {
    await updateChange(ctx.db, row.id, { conclusions: JSON.stringify([...row.conclusions, blockedBy(ctx, why)]) }, ctx.now)
    return { blocked: true }
  }
  await promiseCapacity(ctx, row)
  await updateChange(ctx.db, row.id, { working: true, status: 'FULFILLING' }, ctx.now)
  await ctx.record({ kind: 'change.begun', subject: { type: 'change', id: row.id }, tenantId: row.tenant_id })
  return { blocked: false, handBackup: backupByHand(row) }
}
const blockedBy = (ctx: Ctx, why: string) => ({
  node: 'beginChange',
  result: 'BLOCKED',
  comment: why,
  facts: {},
  byName: ctx.actor.name,
  at: ctx.now.toString(),
})

export const holderOf = (row: Pick<ChangeRow, 'id'>) => ({ type: 'change', id: row.id })

/** What things grow by is taken from the pool of the first that lies in one. */
async function promiseCapacity(ctx: Ctx, row: ChangeRow): Promise<void> {
  const { vcpu, memGiB, storageGiB } = growthOf(row.items)
  if (vcpu + memGiB + storageGiB === 0) return
  const poolId = (await changeableItems(ctx, row.ci_ids)).find((thing) => thing.poolId)?.poolId
  if (!poolId) return
  await releaseCapacity(ctx, holderOf(row))
  await reserveCapacity(ctx, { holder: holderOf(row), label: `${row.number} ${row.title}`, amounts: { vcpu, memGiB, storageGiB }, poolId })
}
