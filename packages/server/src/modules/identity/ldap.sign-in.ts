import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import type { identityApi } from '@changbai/contract/identity.ts'
import { ldapProblems } from '@changbai/contract/ldap.ts'
import { personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail, failKeepingWrites } from '../../platform/fail.ts'
import { type Ldap, LdapDown, type LdapVerdict } from '../../platform/ldap.ts'
import type { Exchange, Step } from '../../platform/mount.ts'
import { accountOfPerson, accountToAsk } from './ldap.store.ts'
import { personById, personBySignIn } from './person.store.ts'
import { endSessions } from './session.service.ts'
import { type ConfirmPassword, confirmPassword, letIn, refuseSignIn, requireUnlocked, signIn } from './sign-in.service.ts'

/** What the directory said, or that it said nothing. */
type Answer = { verdict: LdapVerdict } | { down: LdapDown }
const ask = (ldap: Ldap, who: { entryId: string; signIn: string }, password: string): Promise<Answer> =>
  ldap.authenticate(who, password).then(
    (verdict) => ({ verdict }),
    (error: unknown) => {
      if (error instanceof LdapDown) return { down: error }
      throw error
    },
  )

const keyOf = (account: { person_id: string | null; entry_id: string }): string =>
  account.person_id ? `person:${account.person_id}` : `ldap:${account.entry_id}`

/**
 * Accounts of the directory are asked for there, all others here. Locks are looked at before the directory is asked, so that nobody guesses
 * there through us, and again afterwards, so that guesses at the same moment are worth no more than one after the other.
 */
export const signInWith =
  (ldap: Ldap) =>
  async (step: Step, input: Input<typeof identityApi.signIn>, exchange: Exchange): Promise<Reply<typeof identityApi.signIn>> => {
    const account = await step(async (ctx) => {
      const found = await accountToAsk(ctx.db, input.signIn)
      const local = await personBySignIn(ctx.db, input.signIn)
      // an account here keeps its name: nobody takes it by being called so in the directory
      if (!found || (local && local.id !== found.person_id)) return null
      await requireUnlocked(ctx, [keyOf(found), `address:${ctx.actor.address}`], input.signIn, found.person_id)
      return found
    })
    if (!account) return step((ctx) => signIn(ctx, input, exchange))
    const answer = await ask(ldap, { entryId: account.entry_id, signIn: account.sign_in }, input.password)
    return step(async (ctx) => {
      const key = keyOf(account)
      await requireUnlocked(ctx, [key, `address:${ctx.actor.address}`], input.signIn, account.person_id)
      if ('down' in answer) return fail(ldapProblems.unreachable, { reason: answer.down.message })
      if (answer.verdict === 'DISABLED') return refuseDisabled(ctx, account.person_id, input.signIn)
      if (answer.verdict !== 'RIGHT') return refuseSignIn(ctx, key, input.signIn, account.person_id, 'password')
      const person = account.person_id ? await personById(ctx.db, account.person_id) : undefined
      if (!person) return fail(ldapProblems.waiting)
      if (!person.active) return refuseSignIn(ctx, key, input.signIn, person.id, 'closed')
      return letIn(ctx, { person, key, input, by: 'DIRECTORY', dueAt: null }, exchange)
    })
  }

/** Whoever was disabled there is out here at once, not only at night. */
async function refuseDisabled(ctx: Ctx, personId: string | null, name: string): Promise<never> {
  if (personId) await endSessions(ctx, { personId }, 'CLOSED')
  await ctx.record({
    kind: 'session.refused',
    subject: { type: 'person', id: personId ?? name },
    data: { signIn: name, why: 'directory-disabled' },
  })
  return failKeepingWrites(ldapProblems.disabled)
}

/** For acts that ask for the password again: whose password the directory keeps is asked there. */
export const withPassword =
  <Given extends { password: string }, Answered>(
    ldap: Ldap | null,
    service: (ctx: Ctx, input: Given, confirm: ConfirmPassword) => Promise<Answered>,
  ) =>
  async (step: Step, input: Given): Promise<Answered> => {
    const account = await step((ctx) => accountOfPerson(ctx.db, personOf(ctx.actor)))
    if (!account) return step((ctx) => service(ctx, input, confirmPassword))
    if (!ldap) return fail(ldapProblems.off)
    await step((ctx) => requireUnlocked(ctx, [keyOf(account), `address:${ctx.actor.address}`], account.sign_in, account.person_id))
    const answer = await ask(ldap, { entryId: account.entry_id, signIn: account.sign_in }, input.password)
    return step((ctx) =>
      service(ctx, input, async () => {
        if ('down' in answer) fail(ldapProblems.unreachable, { reason: answer.down.message })
        if (answer.verdict === 'DISABLED') await refuseDisabled(ctx, account.person_id, account.sign_in)
        if (answer.verdict !== 'RIGHT') await refuseSignIn(ctx, keyOf(account), account.sign_in, account.person_id, 'password')
      }),
    )
  }
