import type { Found, FoundKind } from '@changbai/contract/search.ts'
import type { Ctx } from '../../platform/ctx.ts'

/** A thing found; the bureau's name is added by the search, once for all. */
interface Hit extends Found {
  tenantId?: string | null
}

/**
 * What a module lets people search: at most `limit` things of one kind that the actor may read, best first. One statement at most; nothing is
 * asked when the actor may read none.
 */
export type SearchSource = (ctx: Ctx, q: string, limit: number) => Promise<Hit[]>

const sources = new Map<FoundKind, SearchSource>()

export function registerSearch(kind: FoundKind, source: SearchSource): void {
  sources.set(kind, source)
}
export const sourceOf = (kind: FoundKind): SearchSource | undefined => sources.get(kind)
