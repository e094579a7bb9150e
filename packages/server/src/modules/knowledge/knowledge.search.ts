import { actorCan } from '../../platform/actor.ts'
import type { SearchSource } from '../search/index.ts'
import { mayEdit, myAudiences } from './knowledge.service.ts'
import { listArticles } from './knowledge.store.ts'

/** Articles the reader may see, by any of their words. */
export const searchArticles: SearchSource = async (ctx, q, limit) => {
  if (!actorCan(ctx.actor, 'knowledge.read', 'r')) return []
  const rows = await listArticles(ctx.db, { q, audiences: myAudiences(ctx), published: !mayEdit(ctx) }, undefined, limit - 1)
  return rows.map((row) => ({ id: row.id, title: row.title, note: row.number }))
}
