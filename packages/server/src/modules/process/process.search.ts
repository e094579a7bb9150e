import { actorCan } from '../../platform/actor.ts'
import type { SearchSource } from '../search/index.ts'
import { myTasks } from './tasks.store.ts'

/** My open steps by matter or step, most urgent first. */
export const searchTasks: SearchSource = async (ctx, q, limit) => {
  const { personId, grants } = ctx.actor
  if (personId === null || !actorCan(ctx.actor, 'process.task', 'X')) return []
  const rows = await myTasks(ctx.db, { personId, grants, group: 'all', stretch: {}, q, limit })
  return rows.map((row) => ({ id: row.id, title: row.title, note: `${row.name} · ${row.process_name}` }))
}
