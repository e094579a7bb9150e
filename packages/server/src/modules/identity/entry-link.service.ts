import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { type EntryLink, type registrationApi, registrationProblems } from '@changbai/contract/registration.ts'
import { newToken, sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { closeLinks, insertLinkRow, usableLink } from './entry-link.store.ts'
import { accountOfPerson } from './ldap.store.ts'
import { setPassword } from './password.ts'
import { lockPerson } from './person.store.ts'
import { clearFailures, currentPassword } from './session.store.ts'

type Api = typeof registrationApi

/** Over a weekend, not over a holiday. Hours. */
const LINK_HOURS = 72

/** A secret good once, by which this person sets a first password. What is before `#` is all that reaches a server or a log. */
export async function issueLink(ctx: Ctx, personId: string): Promise<{ path: string; expiresAt: Temporal.Instant }> {
  const token = newToken()
  const expiresAt = ctx.now.add({ hours: LINK_HOURS })
  await insertLinkRow(ctx.db, {
    digest: sha256Hex(token),
    person_id: personId,
    issued_by: ctx.actor.personId,
    issued_at: ctx.now,
    expires_at: expiresAt,
  })
  await ctx.record({ kind: 'entry-link.issued', subject: { type: 'person', id: personId }, after: { expiresAt: expiresAt.toString() } })
  return { path: `/welcome#${token}`, expiresAt }
}

/** Only while there is no password: a link never replaces one. */
export async function renewLink(ctx: Ctx, { personId }: Input<Api['renewLink']>): Promise<EntryLink> {
  const person = await lockPerson(ctx.db, personId)
  if (!person?.active) return fail(commonProblems.notFound)
  if ((await currentPassword(ctx.db, personId)) ?? (await accountOfPerson(ctx.db, personId)))
    fail(registrationProblems.hasPassword, { name: person.name })
  const { path, expiresAt } = await issueLink(ctx, personId)
  return { personId, name: person.name, signIn: person.sign_in, role: null, path, expiresAt: expiresAt.toString() }
}

export async function lookLink(ctx: Ctx, { token }: Input<Api['lookLink']>): Promise<Reply<Api['lookLink']>> {
  const link = (await usableLink(ctx.db, sha256Hex(token), ctx.now)) ?? fail(registrationProblems.linkGone)
  return { name: link.name, signIn: link.sign_in, expiresAt: link.expires_at.toString() }
}

/** Sets the first password; this link and all others of the person are used up by it. */
export async function useLink(ctx: Ctx, { token, password }: Input<Api['useLink']>): Promise<Reply<Api['useLink']>> {
  const digest = sha256Hex(token)
  const found = (await usableLink(ctx.db, digest, ctx.now)) ?? fail(registrationProblems.linkGone)
  // the person is locked, not the link: of two links of one person at the same moment the second finds itself used up
  await lockPerson(ctx.db, found.person_id)
  const link = (await usableLink(ctx.db, digest, ctx.now)) ?? fail(registrationProblems.linkGone)
  await setPassword(ctx, { id: link.person_id, signIn: link.sign_in }, password, { temporary: false })
  await closeLinks(ctx.db, link.person_id, ctx.now, ctx.actor.address)
  await clearFailures(ctx.db, `person:${link.person_id}`)
  await ctx.record({ kind: 'entry-link.used', subject: { type: 'person', id: link.person_id }, data: { address: ctx.actor.address } })
  return { signIn: link.sign_in }
}
