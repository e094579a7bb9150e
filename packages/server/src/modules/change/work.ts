import type { ChangeItem } from '@changbai/contract/change.shapes.ts'
import type { Ctx } from '../../platform/ctx.ts'
import {
  type ActAnswer,
  type Action,
  actProgress,
  makeAct,
  operationsByKey,
  operationsOf,
  type PlannedAct,
  planNextAct,
  settleAct,
  writeOperation,
} from '../cloud/index.ts'
import { changeableItems } from '../inventory/index.ts'
import { LookAgain, type OutsideService, type ServiceCall } from '../process/index.ts'
import { groupRules } from '../provisioning/index.ts'
import { type ChangeRow, lockChange, updateChange } from './change.store.ts'
import { needsHandsBack, type Order, ordersOf, type Phase } from './domain/plan.ts'
import { placesOf } from './places.ts'
import { keyOf, suffixOf } from './present.ts'

/** Between two looks at a cloud that is still at work, seconds. */
const LOOK_SECONDS = 2

export async function requireChange(ctx: Ctx, id: string): Promise<ChangeRow> {
  const row = await lockChange(ctx.db, id)
  if (!row) throw new Error(`change ${id} is gone`)
  return row
}

/** The orders of a phase, from the items and from what earlier phases came to. */
async function planOrders(ctx: Ctx, row: ChangeRow, phase: Phase): Promise<Order[]> {
  const things = await changeableItems(ctx, row.ci_ids)
  const done = await operationsOf(ctx.db, row.id)
  const orders = ordersOf(
    phase,
    {
      items: row.items,
      places: await placesOf(ctx, things),
      facts: new Map(done.filter((one) => one.state === 'DONE').map((one) => [suffixOf(row.id, one.key), one.facts])),
      toGroupRules: (rules) => groupRules({ rules }),
    },
    new Map(things.map((thing) => [thing.id, { vcpu: Number(thing.values.vcpu ?? 0), memGiB: Number(thing.values.memGiB ?? 0) }])),
  )
  // back only from what was ordered: a thing that was never touched is left alone
  if (phase !== 'ROLLBACK') return orders
  const touched = new Set(done.filter((one) => suffixOf(row.id, one.key).startsWith('i-')).map((one) => suffixOf(row.id, one.key).slice(2)))
  return orders.filter((order) => touched.has(order.suffix.slice(2)))
}

async function keysFor(ctx: Ctx, row: ChangeRow, phase: Phase): Promise<string[]> {
  const orders = await planOrders(ctx, row, phase)
  const known = new Set(
    (
      await operationsByKey(
        ctx.db,
        orders.map((order) => keyOf(row.id, order.suffix)),
      )
    ).map((one) => one.key),
  )
  for (const order of orders) {
    const key = keyOf(row.id, order.suffix)
    if (known.has(key)) continue
    await writeOperation(
      ctx.db,
      { connectionId: order.connectionId, key, target: order.target, action: order.action as Action, ownerType: 'change', ownerId: row.id },
      ctx.now,
    )
  }
  return orders.map((order) => keyOf(row.id, order.suffix))
}

/** Those that failed are wanted again, under the same keys: what is done stays done. */
export async function wakeFailed(ctx: Ctx, row: ChangeRow): Promise<void> {
  for (const one of (await operationsOf(ctx.db, row.id)).filter((operation) => operation.state === 'FAILED'))
    await writeOperation(
      ctx.db,
      {
        connectionId: one.connection_id,
        key: one.key,
        target: { kind: one.target_kind, externalId: one.target_external_id },
        action: one.action,
        ownerType: one.owner_type,
        ownerId: one.owner_id,
      },
      ctx.now,
    )
}

/** Marks the items of things whose orders of the phase are all done, or failed. */
async function noteItems(ctx: Ctx, row: ChangeRow, phase: Phase): Promise<void> {
  const operations = (await operationsOf(ctx.db, row.id)).filter((one) =>
    suffixOf(row.id, one.key).startsWith(phase.slice(0, 1).toLowerCase()),
  )
  const stateOf = (item: ChangeItem): ChangeItem['state'] => {
    const own = operations.filter((one) => suffixOf(row.id, one.key).slice(2, 10) === item.ciId.slice(-8))
    if (phase === 'ROLLBACK')
      return own.length > 0 && own.every((one) => one.state === 'DONE') && item.attr !== 'gib' ? 'UNDONE' : item.state
    if (own.some((one) => one.state === 'FAILED')) return 'FAILED'
    return own.every((one) => one.state === 'DONE') ? 'DONE' : item.state
  }
  const items = row.items.map((item) => (item.way === 'DRIVER' ? { ...item, state: stateOf(item) } : item))
  await updateChange(ctx.db, row.id, { items: JSON.stringify(items) }, ctx.now)
}

type Finish = (ctx: Ctx, row: ChangeRow, failed: string | null) => Promise<Record<string, unknown>>

/** A step that has the cloud do the orders of a phase, one after the other; looked at again until all are done or one has failed. */
const phaseService = (
  topic: string,
  phase: Phase,
  begin: (ctx: Ctx, row: ChangeRow) => Promise<void>,
  finish: Finish,
): OutsideService<PlannedAct | null, ActAnswer | null> => ({
  topic,
  mode: 'outside',
  leaseSeconds: 75,
  async plan(ctx: Ctx, call: ServiceCall) {
    const row = await requireChange(ctx, call.businessKey)
    await begin(ctx, row)
    return planNextAct(ctx, await keysFor(ctx, row, phase))
  },
  async call(act, _key, signal) {
    return act ? { act, outcome: await makeAct(act, signal) } : null
  },
  async apply(ctx, call, answer) {
    if (answer) await settleAct(ctx, answer.act, answer.outcome)
    const row = await requireChange(ctx, call.businessKey)
    const { progress, failed } = await actProgress(ctx, await keysFor(ctx, row, phase))
    if (progress === 'wait') return new LookAgain(LOOK_SECONDS)
    if (progress === 'more') return new LookAgain(0)
    if (phase !== 'BACKUP') await noteItems(ctx, row, phase)
    return finish(
      ctx,
      await requireChange(ctx, row.id),
      failed ? `${failed.action.do}: ${failed.last_error ?? failed.error_kind ?? ''}` : null,
    )
  },
})

const noBegin = async (): Promise<void> => {}
const handItems = (row: ChangeRow): boolean => row.items.some((item) => item.way === 'HAND' && item.state === 'PLANNED')

async function noteFailure(ctx: Ctx, row: ChangeRow, node: string, failed: string | null): Promise<void> {
  if (failed === null) return
  await updateChange(
    ctx.db,
    row.id,
    {
      conclusions: JSON.stringify([
        ...row.conclusions,
        { node, result: 'FAILED', comment: failed, facts: {}, byName: ctx.actor.name, at: ctx.now.toString() },
      ]),
    },
    ctx.now,
  )
  await ctx.record({
    kind: 'change.step-failed',
    subject: { type: 'change', id: row.id },
    tenantId: row.tenant_id,
    data: { node, reason: failed },
  })
}

export const workServices: readonly OutsideService<PlannedAct | null, ActAnswer | null>[] = [
  phaseService('change.backup', 'BACKUP', noBegin, async (ctx, row, failed) => {
    await noteFailure(ctx, row, 'backup', failed)
    if (failed === null) {
      const snapshots = (await operationsOf(ctx.db, row.id)).flatMap((one) => (one.facts.snapshotId ? [one.facts.snapshotId] : []))
      await updateChange(ctx.db, row.id, { backup_ref: snapshots.join(' ') || row.backup_ref }, ctx.now)
    }
    return { backedUp: failed === null }
  }),
  phaseService(
    'change.implement',
    'IMPLEMENT',
    async (ctx, row) => {
      if (!row.actual_from) await updateChange(ctx.db, row.id, { actual_from: ctx.now }, ctx.now)
    },
    async (ctx, row, failed) => {
      await noteFailure(ctx, row, 'implementChange', failed)
      if (failed === null) await updateChange(ctx.db, row.id, { actual_to: ctx.now }, ctx.now)
      return { implemented: failed === null, handItems: handItems(row) }
    },
  ),
  phaseService('change.confirm', 'CONFIRM', noBegin, async (ctx, row, failed) => {
    await noteFailure(ctx, row, 'confirmChange', failed)
    return { confirmed: failed === null }
  }),
  phaseService('change.rollback', 'ROLLBACK', noBegin, async (ctx, row, failed) => {
    await noteFailure(ctx, row, 'rollbackChange', failed)
    await updateChange(ctx.db, row.id, { actual_to: ctx.now }, ctx.now)
    return { rolledBack: failed === null && !needsHandsBack(row.items) }
  }),
]

/** What the driver could not do becomes people's work: the items that failed or were not reached. */
export async function handOver(ctx: Ctx, row: ChangeRow): Promise<Record<string, unknown>> {
  const items = row.items.map((item) =>
    item.way === 'DRIVER' && item.state !== 'DONE' ? { ...item, way: 'HAND' as const, state: 'PLANNED' as const } : item,
  )
  await updateChange(ctx.db, row.id, { items: JSON.stringify(items) }, ctx.now)
  return { handItems: true, implemented: true }
}

/** Do the things need a backup that people make, because no cloud holds them? */
export const backupByHand = (row: ChangeRow): boolean =>
  row.items.some((item) => item.way === 'HAND' && (item.ciKind === 'server' || item.ciKind === 'volume') && item.attr !== 'other')
