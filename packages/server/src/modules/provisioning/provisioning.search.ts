import { actorCan, scopeOf } from '../../platform/actor.ts'
import type { SearchSource } from '../search/index.ts'
import { orderPage } from './provisioning.store.ts'

/** Work orders by number, request, application or bureau, the last received first. */
export const searchWorkOrders: SearchSource = async (ctx, q, limit) => {
  if (!actorCan(ctx.actor, 'provisioning.read', 'R') && !actorCan(ctx.actor, 'provisioning.read', 'r')) return []
  const rows = await orderPage(ctx.db, {
    q,
    scope: scopeOf(ctx.actor, 'provisioning.read', 'R', 'r'),
    sort: '-receivedAt',
    limit: limit - 1,
  })
  return rows.map((row) => ({ id: row.id, title: row.application_name, note: [row.no, row.tenant_name].join(' · ') }))
}
