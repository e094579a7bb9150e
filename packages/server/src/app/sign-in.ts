import { endStolenSession, grantDirect, insertPerson, sessionSignIn } from '../modules/identity/index.ts'
import { type Actor, systemActor } from '../platform/actor.ts'
import type { Ctx } from '../platform/ctx.ts'
import type { SignInPort } from '../platform/mount.ts'
import type { Runtime } from '../platform/runtime.ts'

/** Sessions of people, by identity. */
export const signInPort = (runtime: () => Runtime): SignInPort =>
  sessionSignIn(
    () => runtime().door.db,
    (stolen) => {
      const { door, log } = runtime()
      // in a transaction of its own: the call that brought the cookie may only read
      door
        .enter({ actor: { ...systemActor('session guard'), address: stolen.address } }, (ctx) => endStolenSession(ctx, stolen))
        .catch((error: unknown) => log.error({ err: error }, 'ending a stolen session'))
    },
  )

/** For tests: a person as `actor` says, without password. */
export async function insertActor(ctx: Ctx, actor: Actor): Promise<void> {
  if (!actor.personId) return
  await insertPerson(ctx.db, {
    id: actor.personId,
    sign_in: actor.personId,
    name: actor.name,
    unit: null,
    phone: null,
    email: null,
    created_at: ctx.now,
  })
  for (const grant of actor.grants) await grantDirect(ctx, { ...grant, personId: actor.personId, reason: 'test' })
}
