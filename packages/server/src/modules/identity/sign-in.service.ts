import { accessProblems, type PolicyValues } from '@changbai/contract/access.ts'
import { capabilityWords } from '@changbai/contract/capability.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type identityApi, identityProblems } from '@changbai/contract/identity.ts'
import { ldapProblems } from '@changbai/contract/ldap.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { type Actor, personOf } from '../../platform/actor.ts'
import { newToken, sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail, failKeepingWrites } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import type { Exchange } from '../../platform/mount.ts'
import { heldGrants } from './grant.store.ts'
import { ADDRESS_FACTOR, countFailure, SESSION_HOURS } from './identity.domain.ts'
import { accountOfPerson } from './ldap.store.ts'
import { passwordMatches, setPassword } from './password.ts'
import { namesOfTenants, personById, personBySignIn, saveLocale, saveTour } from './person.store.ts'
import { isAddressAllowed } from './policy.store.ts'
import { policyOf } from './policy.ts'
import { useCode } from './second-factor.ts'
import { endSessions } from './session.service.ts'
import {
  AGENT_MAX,
  clearFailures,
  currentPassword,
  hasSecondFactor,
  insertSession,
  lockFailures,
  renewSession,
  saveFailures,
  sessionById,
} from './session.store.ts'

export const COOKIE = 'changbai.session'
type SignInMethod =
  | 'PASSWORD'
  | 'PASSWORD_AND_CODE'
  | 'PASSWORD_AND_RECOVERY_CODE'
  | 'DIRECTORY'
  | 'DIRECTORY_AND_CODE'
  | 'DIRECTORY_AND_RECOVERY_CODE'
  | 'SINGLE_SIGN_ON'

/** Everything a page needs to know of who is signed in. */
async function describe(ctx: Ctx, personId: string, previousSignInAt: Temporal.Instant | null): Promise<Reply<typeof identityApi.session>> {
  const person = (await personById(ctx.db, personId)) ?? fail(commonProblems.notSignedIn)
  const grants = await heldGrants(ctx.db, personId, ctx.now)
  const tenants = await namesOfTenants(
    ctx.db,
    grants.flatMap((grant) => grant.tenantId ?? []),
  )
  const password = await currentPassword(ctx.db, personId)
  const policy = await policyOf(ctx)
  const expiresAt = (password?.set_at ?? ctx.now).add({ hours: policy.passwordDays * 24 })
  return {
    person: { id: person.id, name: person.name, signIn: person.sign_in, phone: person.phone, email: person.email },
    locale: person.locale,
    grants: grants.map(({ role, tenantId, applicationId, lender, until_at }) => ({
      role,
      tenantId,
      applicationId,
      tenantName: tenantId ? (tenants.get(tenantId) ?? null) : null,
      onBehalfOf: lender,
      until: until_at?.toString() ?? null,
    })),
    capabilities: capabilityWords(grants.map((grant) => grant.role)),
    lastSignInAt: previousSignInAt?.toString() ?? null,
    idleSeconds: policy.idleMinutes * 60,
    passwordExpiresAt: expiresAt.toString(),
    mustChangePassword: password?.temporary === true || Temporal.Instant.compare(expiresAt, ctx.now) <= 0,
    secondFactor: await hasSecondFactor(ctx.db, personId),
    tour: { step: person.tour_step, done: person.tour_done },
    now: ctx.now.toString(),
  }
}

/** Guessing many accounts from one address locks the address, too; its count starts anew after a quiet spell as long as a lock. */
async function countAddressFailure(ctx: Ctx, policy: PolicyValues): Promise<void> {
  const key = `address:${ctx.actor.address}`
  const row = await lockFailures(ctx.db, key, ctx.now)
  const quiet = Temporal.Instant.compare(row.last_at.add({ minutes: policy.lockMinutes }), ctx.now) <= 0
  const { failures, lockedUntil } = countFailure({ failures: quiet ? 0 : row.failures }, ctx.now, {
    ...policy,
    failuresToLock: policy.failuresToLock * ADDRESS_FACTOR,
  })
  await saveFailures(ctx.db, { key, failures, last_at: ctx.now, locked_until: lockedUntil })
}

/** @throws identityProblems.locked, keeping the fact; accessProblems.addressRefused */
export async function requireUnlocked(ctx: Ctx, keys: readonly string[], signIn: string, personId: string | null): Promise<void> {
  for (const key of keys) {
    const { locked_until: until } = await lockFailures(ctx.db, key, ctx.now)
    if (!until || Temporal.Instant.compare(until, ctx.now) <= 0) continue
    await ctx.record({ kind: 'session.refused', subject: { type: 'person', id: personId ?? signIn }, data: { signIn, why: 'locked' } })
    failKeepingWrites(identityProblems.locked, { until: until.toString() })
  }
  const { address } = ctx.actor
  if (await isAddressAllowed(ctx.db, address)) return
  await ctx.record({ kind: 'session.refused', subject: { type: 'person', id: personId ?? signIn }, data: { signIn, why: 'address' } })
  failKeepingWrites(accessProblems.addressRefused, { address })
}

/** Counts a failure against the account; the fact is kept although the caller is refused. */
export async function refuseSignIn(ctx: Ctx, key: string, signIn: string, personId: string | null, why: string): Promise<never> {
  const policy = await policyOf(ctx)
  const row = await lockFailures(ctx.db, key, ctx.now)
  const { failures, lockedUntil } = countFailure(row, ctx.now, policy)
  await saveFailures(ctx.db, { key, failures, last_at: ctx.now, locked_until: lockedUntil })
  await countAddressFailure(ctx, policy)
  await ctx.record({
    kind: 'session.refused',
    subject: { type: 'person', id: personId ?? signIn },
    data: { signIn, why, failures, locked: lockedUntil !== null },
  })
  return failKeepingWrites(why === 'code' ? identityProblems.wrongCode : identityProblems.wrongSignIn, {
    limit: policy.failuresToLock,
    minutes: policy.lockMinutes,
  })
}

/**
 * Signs in with password and, where enrolled, a one-time code. Unknown names, closed accounts and wrong passwords are refused alike.
 * @throws identityProblems.wrongSignIn, locked, secondFactorNeeded, wrongCode
 */
export async function signIn(
  ctx: Ctx,
  input: Input<typeof identityApi.signIn>,
  { request, reply }: Exchange,
): Promise<Reply<typeof identityApi.signIn>> {
  const person = await personBySignIn(ctx.db, input.signIn)
  const key = person ? `person:${person.id}` : `name:${sha256Hex(input.signIn).slice(0, 32)}`
  await requireUnlocked(ctx, [key, `address:${ctx.actor.address}`], input.signIn, person?.id ?? null)
  const password = person?.active ? await currentPassword(ctx.db, person.id) : undefined
  // a password from before the directory kept it is none
  const isElsewhere = person !== undefined && (await accountOfPerson(ctx.db, person.id)) !== undefined
  if (!(await passwordMatches(password?.hash, input.password)) || !person || isElsewhere) {
    return refuseSignIn(ctx, key, input.signIn, person?.id ?? null, 'password')
  }
  const { passwordDays } = await policyOf(ctx)
  const dueAt = password?.temporary ? ctx.now : (password?.set_at ?? ctx.now).add({ hours: passwordDays * 24 })
  return letIn(ctx, { person, key, input, by: 'PASSWORD', dueAt }, { request, reply })
}

/** The password was right: where a second factor is enrolled its code is asked for, then the session begins. */
export async function letIn(
  ctx: Ctx,
  right: {
    person: NonNullable<Awaited<ReturnType<typeof personById>>>
    key: string
    input: Input<typeof identityApi.signIn>
    by: 'PASSWORD' | 'DIRECTORY'
    dueAt: Temporal.Instant | null
  },
  exchange: Exchange,
): Promise<Reply<typeof identityApi.signIn>> {
  const { person, key, input, by, dueAt } = right
  let method: SignInMethod = by
  if (await hasSecondFactor(ctx.db, person.id)) {
    if (!input.code) return fail(identityProblems.secondFactorNeeded)
    const used = await useCode(ctx, person.id, input.code)
    if (!used) return refuseSignIn(ctx, key, input.signIn, person.id, 'code')
    method = used === 'CODE' ? `${by}_AND_CODE` : `${by}_AND_RECOVERY_CODE`
  }
  await clearFailures(ctx.db, key)
  await openSession(ctx, person, exchange, dueAt, method)
  return describe(ctx, person.id, person.last_sign_in_at)
}

/** Starts a session and hands its secret to the browser in a cookie no script can read. */
export async function openSession(
  ctx: Ctx,
  person: { id: string; name: string; last_sign_in_at: Temporal.Instant | null },
  { request, reply }: Exchange,
  passwordDueAt: Temporal.Instant | null,
  method: SignInMethod,
): Promise<void> {
  const { idleMinutes } = await policyOf(ctx)
  const secret = newToken()
  const endsAt = ctx.now.add({ hours: SESSION_HOURS })
  const id = newId()
  await insertSession(ctx.db, {
    id,
    digest: sha256Hex(secret),
    person_id: person.id,
    started_at: ctx.now,
    seen_at: ctx.now,
    ends_at: endsAt,
    address: request.ip,
    user_agent: String(request.headers['user-agent'] ?? '').slice(0, AGENT_MAX),
    idle_minutes: idleMinutes,
    password_due_at: passwordDueAt,
    previous_sign_in_at: person.last_sign_in_at,
    ended_at: null,
    ended_why: null,
  })
  await ctx.record({
    kind: 'session.started',
    subject: { type: 'person', id: person.id },
    data: { by: person.name, address: request.ip, sessionId: id, method },
  })
  reply.setCookie(COOKIE, secret, { httpOnly: true, sameSite: 'lax', secure: request.protocol === 'https', path: '/' })
}

export async function readSession(ctx: Ctx): Promise<Reply<typeof identityApi.session>> {
  const session = ctx.actor.sessionId ? await sessionById(ctx.db, ctx.actor.sessionId) : undefined
  return describe(ctx, personOf(ctx.actor), session?.previous_sign_in_at ?? null)
}

export async function signOut(ctx: Ctx, _: unknown, { reply }: Exchange): Promise<Reply<typeof identityApi.signOut>> {
  if (ctx.actor.sessionId) await endSessions(ctx, { id: ctx.actor.sessionId }, 'SIGNED_OUT')
  reply.clearCookie(COOKIE, { path: '/' })
  return {}
}

/** Asks for the present password again, so that an unattended screen is not enough. */
export type ConfirmPassword = (ctx: Ctx, actor: Actor, given: string) => Promise<void>
export async function confirmPassword(ctx: Ctx, actor: Actor, given: string): Promise<void> {
  const stored = await currentPassword(ctx.db, personOf(actor))
  if (await passwordMatches(stored?.hash, given)) return
  const person = await personById(ctx.db, personOf(actor))
  await refuseSignIn(ctx, `person:${personOf(actor)}`, person?.sign_in ?? '', personOf(actor), 'password')
}

export async function changePassword(
  ctx: Ctx,
  { current, next }: Input<typeof identityApi.changePassword>,
): Promise<Reply<typeof identityApi.changePassword>> {
  if (await accountOfPerson(ctx.db, personOf(ctx.actor))) fail(ldapProblems.elsewhere)
  await confirmPassword(ctx, ctx.actor, current)
  const person = (await personById(ctx.db, personOf(ctx.actor))) ?? fail(commonProblems.notSignedIn)
  await setPassword(ctx, { id: person.id, signIn: person.sign_in }, next, { temporary: false })
  const { passwordDays } = await policyOf(ctx)
  await endSessions(ctx, { personId: person.id, exceptId: ctx.actor.sessionId }, 'PASSWORD')
  if (ctx.actor.sessionId) await renewSession(ctx.db, ctx.actor.sessionId, ctx.now.add({ hours: passwordDays * 24 }))
  await ctx.record({ kind: 'password.changed', subject: { type: 'person', id: person.id } })
  return {}
}

/** Where somebody is in a tour is no act of the contract: it leaves no fact. */
export async function keepTour(ctx: Ctx, tour: Input<typeof identityApi.keepTour>): Promise<Reply<typeof identityApi.keepTour>> {
  await saveTour(ctx.db, personOf(ctx.actor), tour)
  return {}
}

/** The language of the pages and of what is sent to this person. */
export async function setLocale(ctx: Ctx, { locale }: Input<typeof identityApi.setLocale>): Promise<Reply<typeof identityApi.setLocale>> {
  const id = personOf(ctx.actor)
  const before = (await personById(ctx.db, id))?.locale ?? null
  if (before === locale) return {}
  await saveLocale(ctx.db, id, locale)
  await ctx.record({ kind: 'person.locale-changed', subject: { type: 'person', id }, before: { locale: before }, after: { locale } })
  return {}
}
