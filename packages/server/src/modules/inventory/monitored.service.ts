import type { Server } from '@changbai/contract/inventory.ts'
import type { Scope } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { findItem, listItems } from './items.store.ts'
import { kinds } from './kinds.store.ts'

/** Servers in use, by name: what monitoring expects to hear of. At most 20,000. */
export async function monitoredServers(ctx: Ctx, scope: Scope = { all: true }): Promise<Server[]> {
  const rows = await listItems(ctx.db, kinds.server, { equals: {}, scope }, undefined, 20_000)
  return rows.map(({ item }) => item as unknown as Server)
}

/** For other modules: no permission is asked, the caller has decided; undefined if there is none. */
export const findServer = async (ctx: Ctx, id: string): Promise<Server | undefined> =>
  (await findItem(ctx.db, kinds.server, id)) as unknown as Server | undefined
