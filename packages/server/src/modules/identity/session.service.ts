import type { Ctx } from '../../platform/ctx.ts'
import { notifyLive } from '../../platform/door.ts'
import { delegatesOf } from './grant.store.ts'
import { type EndedWhy, endSessionRows, endStaleRows } from './session.store.ts'

/** The channel on which processes hear whose rights or sessions changed; open streams of that person are looked at again. */
export const LIVE_ACCESS = 'access_changed'

const tellAccessChanged = (ctx: Ctx, personId: string): Promise<void> => notifyLive(ctx.db, LIVE_ACCESS, personId)

/** A person's grants changed: theirs, and those of whom they have lent a role to. */
export async function tellRightsChanged(ctx: Ctx, personId: string): Promise<void> {
  for (const id of new Set([personId, ...(await delegatesOf(ctx.db, personId, ctx.now))])) await tellAccessChanged(ctx, id)
}

/** Ends one session, or a person's sessions but one; each leaves a fact. Returns how many ended. */
export async function endSessions(
  ctx: Ctx,
  which: { id: string } | { personId: string; exceptId?: string | null },
  why: EndedWhy,
): Promise<number> {
  const ended = await endSessionRows(ctx.db, which, why, ctx.now)
  for (const { id, person_id } of ended)
    await ctx.record({ kind: 'session.ended', subject: { type: 'person', id: person_id }, data: { sessionId: id, why } })
  for (const personId of new Set(ended.map((row) => row.person_id))) await tellAccessChanged(ctx, personId)
  return ended.length
}

/** Both the thief and the owner sign in anew: only one of them can. The fact says from where it was used. */
export async function endStolenSession(
  ctx: Ctx,
  { sessionId, address, agent }: { sessionId: string; address: string; agent: string },
): Promise<void> {
  if ((await endSessions(ctx, { id: sessionId }, 'STOLEN')) === 0) return
  await ctx.record({ kind: 'session.stolen', subject: { type: 'session', id: sessionId }, data: { address, agent } })
}

/** A session that stood idle or grew too old is refused at its next call anyway; this writes its end down and ends its streams. */
export async function endStaleSessions(ctx: Ctx): Promise<number> {
  const ended = await endStaleRows(ctx.db, ctx.now)
  for (const { id, person_id, ended_why, seen_at } of ended)
    await ctx.record({
      kind: 'session.ended',
      subject: { type: 'person', id: person_id },
      data: { sessionId: id, why: ended_why, lastUsedAt: seen_at.toString() },
    })
  for (const personId of new Set(ended.map((row) => row.person_id))) await tellAccessChanged(ctx, personId)
  return ended.length
}
