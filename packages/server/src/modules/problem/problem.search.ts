import { actorCan } from '../../platform/actor.ts'
import type { SearchSource } from '../search/index.ts'
import { listProblems } from './problem.store.ts'

/** Problems by number, title, cause or way round, the newest first. */
export const searchProblems: SearchSource = async (ctx, q, limit) => {
  if (!actorCan(ctx.actor, 'problem.read', 'R')) return []
  const rows = await listProblems(ctx.db, { q }, undefined, limit - 1)
  return rows.map((row) => ({ id: row.id, title: row.title, note: row.number }))
}
