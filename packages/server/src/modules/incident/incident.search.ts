import { actorCan, scopeOf } from '../../platform/actor.ts'
import type { SearchSource } from '../search/index.ts'
import { listIncidents } from './incident.store.ts'

/** Incidents by number, title or reporter, the newest first. */
export const searchIncidents: SearchSource = async (ctx, q, limit) => {
  if (!actorCan(ctx.actor, 'incident.read', 'R') && !actorCan(ctx.actor, 'incident.read', 'r')) return []
  const rows = await listIncidents(ctx.db, { q, state: 'all' }, scopeOf(ctx.actor, 'incident.read', 'R', 'r'), undefined, limit - 1)
  return rows.map((row) => ({ id: row.id, title: row.title, note: row.number, tenantId: row.tenant_id }))
}
