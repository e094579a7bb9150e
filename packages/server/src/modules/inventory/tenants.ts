import type { Ctx } from '../../platform/ctx.ts'
import { findTenant, personNames, tenantNames } from '../identity/index.ts'
import { tenantIdsInUse } from './items.store.ts'

/** Names of bureaus and people are identity's; inventory shows them beside its rows. */
export interface Names {
  tenants: ReadonlyMap<string, string>
  persons: ReadonlyMap<string, string>
}

export async function namesFor(ctx: Ctx, tenantIds: readonly string[], personIds: readonly string[]): Promise<Names> {
  return {
    tenants: tenantIds.length > 0 ? await tenantNames(ctx, tenantIds) : new Map(),
    persons: personIds.length > 0 ? await personNames(ctx, personIds) : new Map(),
  }
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The bureau people mean by its id, or by the name of one that has applications already. */
export async function findTenantId(ctx: Ctx, nameOrId: string): Promise<string | undefined> {
  if (ID.test(nameOrId)) return (await findTenant(ctx, nameOrId))?.id
  const names = await tenantNames(ctx, await tenantIdsInUse(ctx.db))
  return [...names].find(([, name]) => name === nameOrId)?.[0]
}
