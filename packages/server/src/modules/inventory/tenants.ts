import type { Ctx } from '../../platform/ctx.ts'

/** Names of bureaus and people are identity's; inventory shows them beside its rows. */
export interface Names {
  tenants: ReadonlyMap<string, string>
  persons: ReadonlyMap<string, string>
}

export async function namesFor(_ctx: Ctx, _tenantIds: readonly string[], _personIds: readonly string[]): Promise<Names> {
  return { tenants: new Map(), persons: new Map() }
}

/** The bureau people mean by a name or an id. */
export async function findTenantId(_ctx: Ctx, nameOrId: string): Promise<string | undefined> {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(nameOrId) ? nameOrId.toLowerCase() : undefined
}
