import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type identityApi, identityProblems } from '@changbai/contract/identity.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { personById } from './person.store.ts'
import { confirmTotp, enrolTotp, renewRecovery, useCode } from './second-factor.ts'
import { endSessions } from './session.service.ts'
import { deleteSecondFactor, hasSecondFactor, secondFactorOf } from './session.store.ts'
import { type ConfirmPassword, refuseSignIn } from './sign-in.service.ts'

type Api = typeof identityApi
const person = (id: string) => ({ type: 'person', id })

/** A new secret, not in force before a code confirms it. One that is in force is given up first, which takes a code. */
export async function enrolSecondFactor(
  ctx: Ctx,
  { password }: Input<Api['enrolSecondFactor']>,
  confirm: ConfirmPassword,
): Promise<Reply<Api['enrolSecondFactor']>> {
  await confirm(ctx, ctx.actor, password)
  if (await hasSecondFactor(ctx.db, personOf(ctx.actor))) fail(identityProblems.secondFactorOn)
  const made = await enrolTotp(ctx, personOf(ctx.actor), ctx.actor.name)
  await ctx.record({ kind: 'second-factor.enrolled', subject: person(personOf(ctx.actor)) })
  return made
}

export async function confirmSecondFactor(
  ctx: Ctx,
  { code }: Input<Api['confirmSecondFactor']>,
): Promise<Reply<Api['confirmSecondFactor']>> {
  const recoveryCodes = await confirmTotp(ctx, personOf(ctx.actor), code)
  await ctx.record({ kind: 'second-factor.confirmed', subject: person(personOf(ctx.actor)) })
  return { recoveryCodes }
}

/** Password and code again, so that neither an unattended screen nor a stolen phone is enough. Failures count as at sign-in. */
async function confirmBoth(ctx: Ctx, { password, code }: { password: string; code: string }, confirm: ConfirmPassword): Promise<void> {
  const id = personOf(ctx.actor)
  if (!(await hasSecondFactor(ctx.db, id))) fail(identityProblems.secondFactorOff)
  await confirm(ctx, ctx.actor, password)
  if (await useCode(ctx, id, code)) return
  await refuseSignIn(ctx, `person:${id}`, (await personById(ctx.db, id))?.sign_in ?? '', id, 'code')
}

export async function renewRecoveryCodes(
  ctx: Ctx,
  input: Input<Api['renewRecoveryCodes']>,
  confirm: ConfirmPassword,
): Promise<Reply<Api['renewRecoveryCodes']>> {
  await confirmBoth(ctx, input, confirm)
  const factor = (await secondFactorOf(ctx.db, personOf(ctx.actor))) ?? fail(identityProblems.secondFactorOff)
  const recoveryCodes = await renewRecovery(ctx, factor)
  await ctx.record({ kind: 'second-factor.recovery-renewed', subject: person(personOf(ctx.actor)) })
  return { recoveryCodes }
}

export async function disableSecondFactor(
  ctx: Ctx,
  input: Input<Api['disableSecondFactor']>,
  confirm: ConfirmPassword,
): Promise<Reply<Api['disableSecondFactor']>> {
  await confirmBoth(ctx, input, confirm)
  await deleteSecondFactor(ctx.db, personOf(ctx.actor))
  await ctx.record({ kind: 'second-factor.disabled', subject: person(personOf(ctx.actor)) })
  return {}
}

/**
 * For somebody who has lost both phone and recovery codes. The security administrator's: passwords are reset by the system administrator, so
 * that no single person can take over an account that has both.
 */
export async function resetSecondFactor(
  ctx: Ctx,
  { personId, reason }: Input<Api['resetSecondFactor']>,
): Promise<Reply<Api['resetSecondFactor']>> {
  if (!(await personById(ctx.db, personId))) fail(commonProblems.notFound)
  if (personId === ctx.actor.personId) fail(identityProblems.selfGrant)
  if (!(await hasSecondFactor(ctx.db, personId))) fail(identityProblems.secondFactorOff)
  await deleteSecondFactor(ctx.db, personId)
  await endSessions(ctx, { personId }, 'SECOND_FACTOR')
  await ctx.record({ kind: 'second-factor.reset', subject: person(personId), data: { reason } })
  return {}
}
