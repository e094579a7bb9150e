import { actorCan, scopeOf } from '../../platform/actor.ts'
import type { SearchSource } from '../search/index.ts'
import { listRequests } from './request.store.ts'

/** Requests by number, application, applicant or admission number, the last changed first. */
export const searchRequests: SearchSource = async (ctx, q, limit) => {
  if (!actorCan(ctx.actor, 'request.read', 'R') && !actorCan(ctx.actor, 'request.read', 'r')) return []
  const rows = await listRequests(ctx.db, { q }, scopeOf(ctx.actor, 'request.read', 'R', 'r'), '-updatedAt', undefined, limit - 1)
  return rows.map((row) => ({ id: row.id, title: row.app_name, note: row.number, tenantId: row.tenant_id }))
}
