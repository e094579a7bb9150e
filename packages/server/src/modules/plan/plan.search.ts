import { actorCan } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { listClauses } from './plan.service.ts'

/** Clauses of the plan by number or words. */
export async function searchClauses(ctx: Ctx, q: string, limit: number): Promise<{ id: string; title: string; note: string }[]> {
  if (!actorCan(ctx.actor, 'plan.read', 'R')) return []
  const { items } = await listClauses(ctx, { q })
  return items.slice(0, limit).map(({ id, title }) => ({ id, title: ctx.locale === 'en-US' ? title.en : title.zh, note: id }))
}
