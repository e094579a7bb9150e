import type { Ctx } from '../../platform/ctx.ts'
import { itemsAtAddresses, type WatchedItem, watchedAt, watchedById, watchedOf } from './watched.store.ts'

/** What ids stand for and whose they are; retired ones too. No permission is asked: the caller has decided. */
export async function watchedItems(ctx: Ctx, ids: readonly string[]): Promise<Map<string, WatchedItem>> {
  if (ids.length === 0) return new Map()
  return new Map((await watchedById(ctx.db, [...new Set(ids)])).map((item) => [item.id, item]))
}
/** Live things of some kinds, by name. */
export const watchedPage = (ctx: Ctx, kinds: readonly string[], after: readonly [string, string] | undefined, limit: number) =>
  watchedOf(ctx.db, kinds, after, limit)

/** Servers and components of some kinds as they stood in the register at an instant, by name. */
export const watchedThen = (ctx: Ctx, kinds: readonly string[], at: Temporal.Instant, limit: number) => watchedAt(ctx.db, kinds, at, limit)

/** Whose address it is; one that stands for several things is nobody's. */
export async function itemsByAddress(ctx: Ctx, addresses: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, Set<string>>()
  if (addresses.length > 0)
    for (const { address, id } of await itemsAtAddresses(ctx.db, [...new Set(addresses)]))
      found.set(address, (found.get(address) ?? new Set()).add(id))
  return new Map([...found].flatMap(([address, ids]) => (ids.size === 1 ? [[address, [...ids][0] as string] as const] : [])))
}
