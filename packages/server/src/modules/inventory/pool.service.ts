import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import {
  type Amounts,
  type CapacityAnswer,
  type inventoryApi,
  inventoryProblems,
  noAmounts,
  type Pool,
} from '@changbai/contract/inventory.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { addItem, changeItem, lockForChange, pageItems, retireLocked, seeItem, type Via } from './item.service.ts'
import { findItems, type Item } from './items.store.ts'
import { kinds } from './kinds.store.ts'
import { overcommitInForce } from './parameters.service.ts'
import { amountNames, choosePool, leastOf, lessOf, type Shortage, shortagesOf, sumOf, usableOf } from './pool.domain.ts'
import {
  allocationsOf,
  amountsOf,
  type Holder,
  insertAllocation,
  lockAllocation,
  lockPools,
  poolIdsFor,
  takenOf,
  updateAllocation,
} from './pool.store.ts'

type Api = typeof inventoryApi

const capacityOf = (item: Item): Amounts => ({
  vcpu: Number(item.vcpu),
  memGiB: Number(item.memGiB),
  storageGiB: Number(item.storageGiB),
  publicAddresses: Number(item.publicAddresses),
  baremetal: Number(item.baremetal),
})

async function toPools(ctx: Ctx, items: readonly Item[]): Promise<Pool[]> {
  const overcommit = await overcommitInForce(ctx)
  const taken = await takenOf(
    ctx.db,
    items.map(({ id }) => id),
  )
  return items.map((item) => {
    const { vcpu: _v, memGiB: _m, storageGiB: _s, publicAddresses: _p, baremetal: _b, ...rest } = item
    const capacity = capacityOf(item)
    const usable = usableOf(capacity, overcommit)
    const { reserved, committed } = taken.get(item.id) ?? { reserved: noAmounts, committed: noAmounts }
    return { ...rest, capacity, usable, reserved, committed, free: lessOf(usable, reserved, committed) } as unknown as Pool
  })
}
const toPool = async (ctx: Ctx, item: Item) => (await toPools(ctx, [item]))[0] ?? fail(commonProblems.notFound)

export async function listPools(ctx: Ctx, input: Input<Api['listPools']>): Promise<Reply<Api['listPools']>> {
  const { items, next } = await pageItems(ctx, 'pool', input)
  return { items: await toPools(ctx, items), next }
}
export const getPool = async (ctx: Ctx, { id }: { id: string }) => toPool(ctx, await seeItem(ctx, 'pool', id))

export async function addPool(ctx: Ctx, { capacity, ...rest }: Input<Api['createPool']>, via: Via): Promise<Pool> {
  return toPool(ctx, await addItem(ctx, 'pool', { ...rest, ...capacity }, via))
}
export const createPool = (ctx: Ctx, input: Input<Api['createPool']>) => addPool(ctx, input, 'SCREEN')

/** Capacity may shrink only as far as what is promised still fits. */
export async function updatePool(ctx: Ctx, { id, rev, change }: Input<Api['updatePool']>): Promise<Reply<Api['updatePool']>> {
  const item = await lockForChange(ctx, 'pool', id, rev, ['pool.manage', 'U'])
  const { capacity, ...rest } = change
  if (capacity) {
    const taken = (await takenOf(ctx.db, [id])).get(id)
    const promised = taken ? sumOf([taken.reserved, taken.committed]) : noAmounts
    const shortages = shortagesOf(promised, usableOf(capacity, await overcommitInForce(ctx)))
    if (shortages.length > 0) fail(inventoryProblems.overCommitted, { shortages: shortageText(ctx, shortages), missing: shortages })
  }
  return toPool(ctx, await changeItem(ctx, 'pool', item, { ...rest, ...capacity }, 'SCREEN'))
}

export async function retirePool(ctx: Ctx, { id, rev, reason }: Input<Api['retirePool']>): Promise<Reply<Api['retirePool']>> {
  const item = await lockForChange(ctx, 'pool', id, rev, ['pool.manage', 'U'])
  const held = await allocationsOf(ctx.db, id, false, undefined, 5)
  if (held.length > 0) fail(inventoryProblems.stillUsed, { count: held.length, names: held.map(({ label }) => label).join('、') })
  return toPool(ctx, await retireLocked(ctx, 'pool', item, reason, 'SCREEN'))
}

export async function listAllocations(ctx: Ctx, input: Input<Api['poolAllocations']>): Promise<Reply<Api['poolAllocations']>> {
  const rows = await allocationsOf(ctx.db, input.id, input.released, readCursor(input.after)?.[1], input.limit + 1)
  const { items, next } = pageOf(rows, input.limit, ({ id }) => ['', id])
  return {
    items: items.map((row) => ({
      id: row.id,
      poolId: row.pool_id,
      holder: { type: row.holder_type, id: row.holder_id },
      label: row.label,
      state: row.state,
      amounts: amountsOf(row),
      reservedAt: row.reserved_at.toString(),
      changedAt: row.changed_at.toString(),
    })),
    next,
  }
}

const words: Record<keyof Amounts, { zh: string; en: string }> = {
  vcpu: { zh: 'vCPU', en: 'vCPU' },
  memGiB: { zh: '内存 GiB', en: 'memory GiB' },
  storageGiB: { zh: '存储 GiB', en: 'storage GiB' },
  publicAddresses: { zh: '公网地址', en: 'public addresses' },
  baremetal: { zh: '物理机', en: 'physical servers' },
}
const shortageText = (ctx: Ctx, shortages: readonly Shortage[]) =>
  shortages
    .map(({ what, wanted, free }) =>
      ctx.locale === 'en-US' ? `${words[what].en} ${wanted} wanted, ${free} free` : `${words[what].zh} 需 ${wanted}，余 ${free}`,
    )
    .join(ctx.locale === 'en-US' ? '; ' : '；')

export interface CapacityWish {
  amounts: Partial<Amounts>
  zone?: string | undefined
  env?: string | undefined
  /** Only this pool will do. */
  poolId?: string | undefined
}

async function candidates(ctx: Ctx, wish: CapacityWish): Promise<Pool[]> {
  const ids = wish.poolId ? [wish.poolId] : await poolIdsFor(ctx.db, wish.zone, wish.env)
  return toPools(ctx, await findItems(ctx.db, kinds.pool, ids))
}
const fullAmounts = (amounts: Partial<Amounts>): Amounts => ({ ...noAmounts, ...amounts })

/** Would it fit, and where? Promises nothing. */
export async function askCapacity(ctx: Ctx, wish: CapacityWish): Promise<CapacityAnswer> {
  const { pool, shortages } = choosePool(fullAmounts(wish.amounts), await candidates(ctx, wish))
  return { fits: pool !== null, pool: pool && { id: pool.id, name: pool.name }, shortages }
}
export const answerCapacity = (ctx: Ctx, { zone, ...amounts }: Input<Api['askCapacity']>): Promise<CapacityAnswer> =>
  askCapacity(ctx, { zone, amounts })

/** State of all pools, for the capacity review. */
export const poolCapacity = (ctx: Ctx, wish: Omit<CapacityWish, 'amounts'> = {}): Promise<Pool[]> =>
  candidates(ctx, { ...wish, amounts: {} })

/**
 * Promises capacity to a holder, e.g. a request; asking again for the same holder replaces the promise. Safe against others asking at the
 * same moment: the pools are locked first.
 * @throws inventoryProblems.noCapacity with what is short
 */
export async function reserveCapacity(
  ctx: Ctx,
  wish: CapacityWish & { holder: Holder; label: string },
): Promise<{ poolId: string; poolName: string }> {
  const ids = wish.poolId ? [wish.poolId] : await poolIdsFor(ctx.db, wish.zone, wish.env)
  await lockPools(ctx.db, ids)
  const before = await lockAllocation(ctx.db, wish.holder)
  if (before) await updateAllocation(ctx.db, before.id, { state: 'RELEASED' }, ctx.now)
  const amounts = fullAmounts(wish.amounts)
  const { pool, shortages } = choosePool(amounts, await candidates(ctx, wish))
  if (!pool) return fail(inventoryProblems.noCapacity, { shortages: shortageText(ctx, shortages) || '—', missing: shortages })
  await insertAllocation(ctx.db, { id: newId(), poolId: pool.id, holder: wish.holder, label: wish.label, amounts, now: ctx.now })
  await recordPromise(ctx, 'capacity.reserved', pool.id, wish.holder, before ? amountsOf(before) : null, amounts)
  return { poolId: pool.id, poolName: pool.name }
}

/** What was promised is now in use; `amounts` if it came out smaller or larger than promised. Does nothing for a holder without promise. */
export async function commitCapacity(ctx: Ctx, holder: Holder, amounts?: Partial<Amounts>): Promise<void> {
  const held = await lockAllocation(ctx.db, holder)
  if (!held) return
  const now = amounts ? fullAmounts(amounts) : amountsOf(held)
  if (held.state === 'COMMITTED' && amountNames.every((name) => now[name] === amountsOf(held)[name])) return
  await updateAllocation(ctx.db, held.id, { state: 'COMMITTED', amounts: now }, ctx.now)
  await recordPromise(ctx, 'capacity.committed', held.pool_id, holder, amountsOf(held), now)
}

/** Part of what was promised is no longer wanted; the rest stays promised. Does nothing for a holder whose promise is in use, or without one. */
export async function lessenPromise(ctx: Ctx, holder: Holder, amounts: Partial<Amounts>): Promise<void> {
  const held = await lockAllocation(ctx.db, holder)
  if (held?.state !== 'RESERVED') return
  const [before, wanted] = [amountsOf(held), fullAmounts(amounts)]
  if (amountNames.every((name) => wanted[name] >= before[name])) return
  const left = leastOf(before, wanted)
  await updateAllocation(ctx.db, held.id, { state: 'RESERVED', amounts: left }, ctx.now)
  await recordPromise(ctx, 'capacity.lessened', held.pool_id, holder, before, left)
}

/** Gives back what a holder has, promised or in use. Does nothing for a holder without. */
export async function releaseCapacity(ctx: Ctx, holder: Holder): Promise<void> {
  const held = await lockAllocation(ctx.db, holder)
  if (!held) return
  await updateAllocation(ctx.db, held.id, { state: 'RELEASED' }, ctx.now)
  await recordPromise(ctx, 'capacity.released', held.pool_id, holder, amountsOf(held), null)
}

const recordPromise = (ctx: Ctx, kind: string, poolId: string, holder: Holder, before: Amounts | null, after: Amounts | null) =>
  ctx.record({ kind, subject: { type: 'pool', id: poolId }, before, after, data: { holder } })
