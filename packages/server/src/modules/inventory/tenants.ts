import type { Ctx } from '../../platform/ctx.ts'

/** Names of bureaus and people are identity's; inventory shows them beside its rows. */
export interface Names {
  tenants: ReadonlyMap<string, string>
  persons: ReadonlyMap<string, string>
}

export async function namesFor(_ctx: Ctx, _tenantIds: readonly string[], _personIds: readonly string[]): Promise<Names> {
  return { tenants: new Map(), persons: new Map() }
}
