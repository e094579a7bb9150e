import { ROLES } from '@changbai/contract/capability.ts'
import { actorCan } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { listPeople } from './person.store.ts'

/** People by name or sign-in, for those who may read accounts. */
export async function searchPeople(ctx: Ctx, q: string, limit: number): Promise<{ id: string; title: string; note: string }[]> {
  if (!actorCan(ctx.actor, 'iam.account.lifecycle', 'R')) return []
  const lang = ctx.locale === 'en-US' ? 'en' : 'zh'
  return (await listPeople(ctx.db, { q, limit })).map((row) => ({
    id: row.id,
    title: row.name,
    note: [row.unit, ...new Set(row.roles.map(({ role }) => ROLES[role as keyof typeof ROLES][lang]))].filter(Boolean).join(' · '),
  }))
}
