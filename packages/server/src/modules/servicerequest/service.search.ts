import { actorCan, scopeOf } from '../../platform/actor.ts'
import type { SearchSource } from '../search/index.ts'
import { listServices } from './service.store.ts'

/** Service requests by number, title or who asked, the newest first. */
export const searchServices: SearchSource = async (ctx, q, limit) => {
  if (!actorCan(ctx.actor, 'serviceRequest.read', 'R') && !actorCan(ctx.actor, 'serviceRequest.read', 'r')) return []
  const scope = scopeOf(ctx.actor, 'serviceRequest.read', 'R', 'r')
  const rows = await listServices(ctx.db, { q }, scope, ctx.actor.personId, undefined, limit - 1)
  return rows.map((row) => ({ id: row.id, title: row.title, note: row.number, tenantId: row.tenant_id }))
}
