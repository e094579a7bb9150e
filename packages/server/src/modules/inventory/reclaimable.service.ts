import type { Amounts, Server, Volume } from '@changbai/contract/inventory.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { changeItem, lockForChange, retireLocked, type Via } from './item.service.ts'
import { amountNames } from './pool.domain.ts'
import { commitCapacity, releaseCapacity } from './pool.service.ts'
import { amountsOf, type Holder, lockAllocation } from './pool.store.ts'
import { flavorSizes, hangingOn, type ReclaimableRow, reclaimableRows } from './reclaimable.store.ts'

export interface Reclaimable extends ReclaimableRow {
  /** 1 is the smallest size that is offered; undefined: nothing is offered to compare with. */
  flavorRank: number | undefined
}

/** Servers of applications and block volumes, as reclaim judges them: all in use, or those named. */
export async function reclaimables(ctx: Ctx, ids?: readonly string[]): Promise<Reclaimable[]> {
  const sizes = await flavorSizes(ctx.db)
  return (await reclaimableRows(ctx.db, ids)).map((row) => ({ ...row, flavorRank: rankOf(row, sizes) }))
}

function rankOf(row: ReclaimableRow, sizes: readonly { vcpu: number; memGiB: number }[]): number | undefined {
  if (row.type !== 'server' || sizes.length === 0) return undefined
  const smaller = sizes.filter(
    (size) => size.vcpu <= row.vcpu && size.memGiB <= row.memGiB && (size.vcpu < row.vcpu || size.memGiB < row.memGiB),
  )
  return 1 + smaller.length
}

type HeldChange<T extends 'server' | 'volume'> = T extends 'server'
  ? Partial<Pick<Server, 'state' | 'vcpu' | 'memGiB'>>
  : Partial<Pick<Volume, 'state' | 'gib' | 'tier' | 'serverId'>>

/** A procedure changes what is there: stopped, resized, detached. */
export async function changeHeld<T extends 'server' | 'volume'>(
  ctx: Ctx,
  type: T,
  id: string,
  change: HeldChange<T>,
  via: Via,
): Promise<void> {
  await changeItem(ctx, type, await lockForChange(ctx, type, id, undefined, null), change, via)
}

/** Out of use for good. Volumes and addresses of a server are left behind, unattached: what they hold is decided for each by itself. */
export async function retireHeld(ctx: Ctx, type: 'server' | 'volume', id: string, reason: string, via: Via): Promise<void> {
  if (type === 'server')
    for (const one of await hangingOn(ctx.db, id))
      await changeItem(ctx, one.type, await lockForChange(ctx, one.type, one.id, undefined, null), { serverId: null }, via)
  await retireLocked(ctx, type, await lockForChange(ctx, type, id, undefined, null), reason, via)
}

/** Gives part of what a holder uses back to its pool; the last of it ends the allocation. Does nothing for a holder without. */
export async function giveBackCapacity(ctx: Ctx, holder: Holder, amounts: Amounts): Promise<void> {
  const held = await lockAllocation(ctx.db, holder)
  if (!held) return
  const before = amountsOf(held)
  const left = Object.fromEntries(amountNames.map((name) => [name, Math.max(0, before[name] - amounts[name])])) as unknown as Amounts
  if (amountNames.every((name) => left[name] === 0)) await releaseCapacity(ctx, holder)
  else await commitCapacity(ctx, holder, left)
}
