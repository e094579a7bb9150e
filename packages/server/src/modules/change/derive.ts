import type { ChangeConflict, ChangeForm, ChangeItem } from '@changbai/contract/change.shapes.ts'
import type { Bilingual } from '@changbai/contract/form-words.ts'
import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type ChangeableItem, changeableItems, impactOf } from '../inventory/index.ts'
import { type ChangeRow, overlapping } from './change.store.ts'
import { majorReasonsOf } from './domain/items.ts'
import { itemsOf, placesOf } from './places.ts'
import { freezesBetween } from './rules.store.ts'

/** Steps along relations; beyond, everything stands on the same core. */
const HOPS = 4

export interface Derived {
  things: Map<string, ChangeableItem>
  items: ChangeItem[]
  /** Applications the things belong to, or that are lost or weakened without them. */
  derivedIds: string[]
  affectedIds: string[]
  majorReasons: Bilingual[]
}

/**
 * What follows from a form and the inventory as it is now: values, who does what, applications touched, and whether it is major. The walk through
 * the inventory sees everything, or the applications of others would be missed; what is shown is cut to the reader.
 */
export async function derive(ctx: Ctx, form: ChangeForm, ciIds: readonly string[]): Promise<Derived> {
  const found = await changeableItems(ctx, ciIds)
  const things = new Map(found.map((thing) => [thing.id, thing]))
  const items = itemsOf(form.items, things, await placesOf(ctx, found))
  const seeing: Ctx = { ...ctx, actor: systemActor('change') }
  const touched = new Set(found.flatMap((thing) => (thing.applicationId ? [thing.applicationId] : [])))
  for (const thing of found) {
    if (thing.kind === 'application') continue
    for (const { id } of (await impactOf(seeing, thing.id, 'DOWN', HOPS)).applications) touched.add(id)
  }
  const derivedIds = [...touched].sort()
  const affectedIds = [...new Set([...derivedIds, ...form.addedApplications])].sort()
  const { plan } = ctx
  const majorReasons = majorReasonsOf(items, affectedIds.length, {
    growthPercent: plan.number('change.majorGrowthPercent'),
    applications: plan.number('change.majorApplications'),
    vcpu: plan.number('approval.leaderVcpu'),
    storageGiB: plan.number('approval.leaderStorageGiB'),
  })
  return { things, items, derivedIds, affectedIds, majorReasons }
}

/** Statuses in which a change has a claim on its window. */
const AGREED: readonly string[] = ['APPROVED', 'FULFILLING', 'FULFILL_FAILED', 'DELIVERED']

/** Other changes and freezes in the window. A change that is approved already blocks; one that is not yet only warns. */
export async function conflictsOf(ctx: Ctx, row: ChangeRow): Promise<ChangeConflict[]> {
  if (!row.window_from || !row.window_to) return []
  const conflicts: ChangeConflict[] = []
  for (const other of await overlapping(ctx.db, { id: row.id, ciIds: row.ci_ids, from: row.window_from, to: row.window_to })) {
    const shared = row.items.filter((item) => other.ci_ids.includes(item.ciId)).map((item) => item.ciName)
    conflicts.push({
      kind: 'CHANGE',
      id: other.id,
      name: other.number,
      what: [...new Set(shared)].join('、'),
      from: (other.window_from as Temporal.Instant).toString(),
      to: (other.window_to as Temporal.Instant).toString(),
      blocks: AGREED.includes(other.status),
    })
  }
  for (const freeze of await freezesBetween(ctx.db, row.window_from, row.window_to))
    conflicts.push({
      kind: 'FREEZE',
      id: freeze.id,
      name: freeze.name,
      what: freeze.reason,
      from: freeze.frozen_from.toString(),
      to: freeze.frozen_to.toString(),
      blocks: row.category !== 'EMERGENCY',
    })
  return conflicts
}
