import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { type ProviderRow, type singleSignOnApi, singleSignOnProblems } from '@changbai/contract/single-sign-on.ts'
import type { ServerMetadata } from 'openid-client'
import { personOf } from '../../platform/actor.ts'
import { newToken, sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail, failKeepingWrites } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import type { Exchange } from '../../platform/mount.ts'
import { personById, personBySignIn } from './person.store.ts'
import { isAddressAllowed } from './policy.store.ts'
import { openSession } from './sign-in.service.ts'
import {
  authorizationUrl,
  type Checks,
  isSecureIssuer,
  newChecks,
  newState,
  type ProviderAccess,
  type Vouched,
} from './single-sign-on.outside.ts'
import {
  decideProviderRow,
  insertAttempt,
  insertLink,
  insertProvider,
  linkOf,
  listProviders,
  lockProvider,
  type Provider,
  type ProviderView,
  providerById,
  providerInForce,
  replaceProviders,
  saveDiscovery,
  takeAttempt,
} from './single-sign-on.store.ts'

const PURPOSE = 'single-sign-on'
/** How long a person may take at the provider, minutes. */
const ATTEMPT_MINUTES = 10
export const SSO_COOKIE = 'changbai.single-sign-on'
export const CALLBACK_PATH = '/api/session/single-sign-on/callback'

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'identity.discover': { providerId: string }
  }
}

export const accessOf = (ctx: Ctx, provider: Provider): ProviderAccess => ({
  issuer: provider.issuer,
  clientId: provider.client_id,
  clientSecret: ctx.crypto.open(PURPOSE, provider.client_secret),
})

const toRow = (row: ProviderView): ProviderRow => ({
  id: row.id,
  label: row.label,
  issuer: row.issuer,
  clientId: row.client_id,
  claim: row.claim,
  requiredMethod: row.required_method,
  status: row.status,
  discoveredAt: row.discovered_at?.toString() ?? null,
  discoveryError: row.discovery_error,
  proposedBy: row.proposed_name,
  proposedAt: row.proposed_at.toString(),
  decidedBy: row.decided_name,
  decidedAt: row.decided_at?.toString() ?? null,
})
const oneProvider = async (ctx: Ctx, id: string): Promise<ProviderRow> => {
  const [row] = await listProviders(ctx.db, id)
  return row ? toRow(row) : fail(commonProblems.notFound)
}

export const readProviders = async (ctx: Ctx): Promise<Reply<typeof singleSignOnApi.providers>> => ({
  items: (await listProviders(ctx.db)).map(toRow),
})

export async function proposeProvider(ctx: Ctx, input: Input<typeof singleSignOnApi.propose>): Promise<ProviderRow> {
  if (!isSecureIssuer(input.issuer)) fail(singleSignOnProblems.insecureIssuer)
  const id = newId()
  await insertProvider(ctx.db, {
    id,
    label: input.label,
    issuer: input.issuer,
    client_id: input.clientId,
    client_secret: ctx.crypto.seal(PURPOSE, input.clientSecret),
    claim: input.claim,
    required_method: input.requiredMethod,
    status: 'PROPOSED',
    proposed_by: personOf(ctx.actor),
    proposed_at: ctx.now,
    decided_by: null,
    decided_at: null,
  })
  await ctx.enqueue('identity.discover', { providerId: id })
  const { clientSecret: _, ...shown } = input
  await ctx.record({ kind: 'single-sign-on.proposed', subject: { type: 'sso-provider', id }, after: shown })
  return oneProvider(ctx, id)
}

export async function checkProvider(ctx: Ctx, { providerId }: Input<typeof singleSignOnApi.check>): Promise<ProviderRow> {
  const provider = await oneProvider(ctx, providerId)
  await ctx.enqueue('identity.discover', { providerId })
  await ctx.record({ kind: 'single-sign-on.checked', subject: { type: 'sso-provider', id: providerId } })
  return provider
}

/** Puts the provider in force in place of the one before, once it was reached and a second person agrees. */
export async function decideProvider(ctx: Ctx, { providerId, approve }: Input<typeof singleSignOnApi.decide>): Promise<ProviderRow> {
  const provider = (await lockProvider(ctx.db, providerId)) ?? fail(commonProblems.notFound)
  if (provider.status !== 'PROPOSED') fail(singleSignOnProblems.decided)
  if (provider.proposed_by === ctx.actor.personId) fail(singleSignOnProblems.samePerson)
  if (approve && !provider.discovered_at) fail(singleSignOnProblems.undiscovered, { error: provider.discovery_error ?? '—' })
  if (approve) await replaceProviders(ctx.db)
  const status = approve ? 'IN_FORCE' : 'REJECTED'
  await decideProviderRow(ctx.db, providerId, status, personOf(ctx.actor), ctx.now)
  await ctx.record({
    kind: approve ? 'single-sign-on.approved' : 'single-sign-on.rejected',
    subject: { type: 'sso-provider', id: providerId },
    before: { status: provider.status },
    after: { status },
  })
  return oneProvider(ctx, providerId)
}

export const providerToDiscover = async (ctx: Ctx, providerId: string): Promise<ProviderAccess | undefined> => {
  const provider = await providerById(ctx.db, providerId)
  return provider && accessOf(ctx, provider)
}
export async function rememberDiscovery(ctx: Ctx, providerId: string, found: { metadata: object } | { error: string }): Promise<void> {
  await saveDiscovery(ctx.db, providerId, ctx.now, found)
  await ctx.record({
    kind: 'metadata' in found ? 'single-sign-on.reached' : 'single-sign-on.not-reached',
    subject: { type: 'sso-provider', id: providerId },
    ...('error' in found ? { data: { error: found.error } } : {}),
  })
}

export const readSingleSignOn = async (ctx: Ctx): Promise<Reply<typeof singleSignOnApi.state>> => ({
  label: (await providerInForce(ctx.db))?.label ?? null,
})

/** Sends the browser to the provider. State, nonce and PKCE are good once; a cookie binds them to this browser. */
export const startSingleSignOn =
  (publicUrl: string) =>
  async (
    ctx: Ctx,
    { returnTo }: Input<typeof singleSignOnApi.start>,
    { request, reply }: Exchange,
  ): Promise<Reply<typeof singleSignOnApi.start>> => {
    const provider = (await providerInForce(ctx.db)) ?? fail(singleSignOnProblems.off)
    const state = newState()
    const checks = newChecks()
    const browser = newToken()
    await insertAttempt(
      ctx.db,
      {
        state_digest: sha256Hex(state),
        provider_id: provider.id,
        browser_digest: sha256Hex(browser),
        checks: ctx.crypto.seal(PURPOSE, JSON.stringify(checks)),
        return_to: returnTo,
        expires_at: ctx.now.add({ minutes: ATTEMPT_MINUTES }),
      },
      ctx.now,
    )
    const url = await authorizationUrl(accessOf(ctx, provider), provider.metadata as ServerMetadata, {
      redirectUri: publicUrl + CALLBACK_PATH,
      state,
      checks,
    })
    reply.setCookie(SSO_COOKIE, browser, {
      httpOnly: true,
      sameSite: 'lax',
      secure: request.protocol === 'https',
      path: CALLBACK_PATH,
      maxAge: ATTEMPT_MINUTES * 60,
    })
    return { url }
  }

export interface Arrival {
  provider: Provider
  access: ProviderAccess
  metadata: ServerMetadata
  checks: Checks
  returnTo: string
}

/** @throws singleSignOnProblems.lost for a state that is unknown, used, too old or begun in another browser */
export async function takeArrival(ctx: Ctx, state: string, browser: string): Promise<Arrival> {
  const attempt = await takeAttempt(ctx.db, sha256Hex(state), sha256Hex(browser), ctx.now)
  if (!attempt) {
    await ctx.record({ kind: 'session.refused', subject: { type: 'sso-provider', id: 'unknown' }, data: { why: 'lost' } })
    return failKeepingWrites(singleSignOnProblems.lost)
  }
  const provider = await providerById(ctx.db, attempt.provider_id)
  if (provider?.status !== 'IN_FORCE') return fail(singleSignOnProblems.off)
  return {
    provider,
    access: accessOf(ctx, provider),
    metadata: provider.metadata as ServerMetadata,
    checks: JSON.parse(ctx.crypto.open(PURPOSE, attempt.checks)) as Checks,
    returnTo: attempt.return_to,
  }
}

/** Who the provider's subject is here: as linked before, else by the agreed claim, once. */
async function whoIs(ctx: Ctx, provider: Provider, { subject, claims }: Vouched) {
  const link = await linkOf(ctx.db, provider.issuer, subject)
  if (link) return personById(ctx.db, link.person_id)
  const name = claims[provider.claim]
  if (typeof name !== 'string') return undefined
  const person = await personBySignIn(ctx.db, name.trim().toLowerCase())
  if (!person?.active) return undefined
  const linked = await insertLink(ctx.db, { issuer: provider.issuer, subject, person_id: person.id, linked_at: ctx.now })
  if (!linked) return undefined
  await ctx.record({
    kind: 'single-sign-on.linked',
    subject: { type: 'person', id: person.id },
    after: { issuer: provider.issuer, subject },
  })
  return person
}

const hasMethod = (claims: Vouched['claims'], method: string | null): boolean =>
  method === null || (Array.isArray(claims.amr) && claims.amr.includes(method))

/** Signs in whom the provider vouches for; refusals leave a fact. */
export async function acceptVouched(ctx: Ctx, provider: Provider, vouched: Vouched, exchange: Exchange): Promise<void> {
  const refuse = async (why: string): Promise<never> => {
    await ctx.record({
      kind: 'session.refused',
      subject: { type: 'sso-provider', id: provider.id },
      data: { why, issuer: provider.issuer, subject: vouched.subject },
    })
    return failKeepingWrites(why === 'method' ? singleSignOnProblems.refused : singleSignOnProblems.unknownPerson)
  }
  if (!hasMethod(vouched.claims, provider.required_method)) return refuse('method')
  const person = await whoIs(ctx, provider, vouched)
  if (!person?.active) return refuse('unknown')
  if (!(await isAddressAllowed(ctx.db, ctx.actor.address))) return refuse('address')
  await openSession(ctx, person, exchange, null, 'SINGLE_SIGN_ON')
}

export const recordRefusal = (ctx: Ctx, provider: Provider, error: unknown): Promise<void> =>
  ctx.record({
    kind: 'session.refused',
    subject: { type: 'sso-provider', id: provider.id },
    data: { why: 'provider', issuer: provider.issuer, error: error instanceof Error ? error.message.slice(0, 300) : 'unknown' },
  })
