import type { accessApi } from '@changbai/contract/access.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan, personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { endSessions } from './session.service.ts'
import { openSessions, sessionById } from './session.store.ts'

async function readOpen(ctx: Ctx, personId: string | undefined): Promise<Reply<typeof accessApi.signIns>> {
  const rows = await openSessions(ctx.db, ctx.now, personId)
  return {
    items: rows.map((row) => ({
      id: row.id,
      personId: row.person_id,
      personName: row.person_name,
      startedAt: row.started_at.toString(),
      seenAt: row.seen_at.toString(),
      endsAt: row.ends_at.toString(),
      address: row.address,
      browser: row.user_agent,
      current: row.id === ctx.actor.sessionId,
    })),
  }
}
export const readSignIns = (ctx: Ctx, { personId }: Input<typeof accessApi.signIns>) => readOpen(ctx, personId)
export const readMySignIns = (ctx: Ctx) => readOpen(ctx, personOf(ctx.actor))

/** One's own, or anybody's by the security administrator; a stranger's does not exist for others. */
export async function endSignIn(ctx: Ctx, { sessionId }: Input<typeof accessApi.endSignIn>): Promise<Reply<typeof accessApi.endSignIn>> {
  const session = await sessionById(ctx.db, sessionId)
  if (!session || (session.person_id !== ctx.actor.personId && !actorCan(ctx.actor, 'iam.session', 'X')))
    return fail(commonProblems.notFound)
  const own = session.person_id === ctx.actor.personId
  const why = sessionId === ctx.actor.sessionId ? 'SIGNED_OUT' : own ? 'SELF' : 'OTHER'
  await endSessions(ctx, { id: sessionId }, why)
  return {}
}

/** All of one's own but the one that asks. */
export const endOtherSignIns = async (ctx: Ctx): Promise<Reply<typeof accessApi.endOtherSignIns>> => ({
  ended: await endSessions(ctx, { personId: personOf(ctx.actor), exceptId: ctx.actor.sessionId }, 'SELF'),
})
