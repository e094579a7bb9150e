import { type Actor, anonymous } from '../platform/actor.ts'
import type { Ctx } from '../platform/ctx.ts'
import type { SignInPort } from '../platform/mount.ts'

/** Until identity lands: nobody is signed in. */
export const signInPort = (): SignInPort & { testPerson(ctx: Ctx, actor: Actor): Promise<void> } => ({
  resolveActor: async (_db, call) => anonymous(call.address),
  testPerson: async () => {},
})
