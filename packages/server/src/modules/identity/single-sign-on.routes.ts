import { singleSignOnApi, singleSignOnProblems } from '@changbai/contract/single-sign-on.ts'
import { anonymous, systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { ProblemError } from '../../platform/fail.ts'
import { type JobKind, jobKind } from '../../platform/jobs.ts'
import { type App, type Exchange, mount } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { discoverProvider, redeemCode, type Vouched } from './single-sign-on.outside.ts'
import {
  acceptVouched,
  CALLBACK_PATH,
  checkProvider,
  decideProvider,
  proposeProvider,
  providerToDiscover,
  readProviders,
  readSingleSignOn,
  recordRefusal,
  rememberDiscovery,
  SSO_COOKIE,
  startSingleSignOn,
  takeArrival,
} from './single-sign-on.service.ts'

/**
 * The browser comes back with a code. Two transactions with the calls to the provider between them: take the attempt,
 * redeem the code, open the session. The reply is always a redirect; a refusal is named in the address of the sign-in page.
 */
async function receiveCallback({ door, publicUrl, log }: Runtime, exchange: Exchange): Promise<string> {
  const { request } = exchange
  const enter = <T>(run: (ctx: Ctx) => Promise<T>): Promise<T> => door.enter({ actor: anonymous(request.ip) }, run)
  const url = new URL(request.url, publicUrl)
  const state = url.searchParams.get('state') ?? ''
  try {
    const arrival = await enter((ctx) => takeArrival(ctx, state, request.cookies[SSO_COOKIE] ?? ''))
    const vouched: Vouched | undefined = await redeemCode(arrival.access, arrival.metadata, { url, state, checks: arrival.checks }).catch(
      async (error: unknown) => {
        log.warn({ err: error, issuer: arrival.provider.issuer }, 'single sign-on refused')
        await enter((ctx) => recordRefusal(ctx, arrival.provider, error))
        return undefined
      },
    )
    if (!vouched) return `/sign-in?problem=${singleSignOnProblems.refused.kind}`
    await enter((ctx) => acceptVouched(ctx, arrival.provider, vouched, exchange))
    return arrival.returnTo
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return `/sign-in?problem=${error.kind.kind}`
  }
}

export function singleSignOnRoutes(app: App, runtime: Runtime): void {
  const { door } = runtime
  mount(app, door, singleSignOnApi.state, readSingleSignOn)
  mount(app, door, singleSignOnApi.start, startSingleSignOn(runtime.publicUrl))
  mount(app, door, singleSignOnApi.providers, readProviders)
  mount(app, door, singleSignOnApi.propose, proposeProvider)
  mount(app, door, singleSignOnApi.check, checkProvider)
  mount(app, door, singleSignOnApi.decide, decideProvider)
  app.endpoints.push(singleSignOnApi.callback)
  app.get(CALLBACK_PATH, async (request, reply) => {
    const target = await receiveCallback(runtime, { request, reply })
    reply.clearCookie(SSO_COOKIE, { path: CALLBACK_PATH })
    return reply.redirect(target, 303)
  })
}

/** Fetches what a provider publishes about itself; an unreachable one is remembered with its reason, not retried by itself. */
export const singleSignOnJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({
    name: 'identity.discover',
    retries: 0,
    handler: async ({ providerId }) => {
      const { door } = runtime()
      const actor = systemActor('single-sign-on')
      const access = await door.enter({ actor, readOnly: true }, (ctx) => providerToDiscover(ctx, providerId))
      if (!access) return
      const found = await discoverProvider(access).then(
        (metadata) => ({ metadata }),
        (error: unknown) => ({ error: error instanceof Error ? error.message.slice(0, 300) : 'unknown' }),
      )
      await door.enter({ actor }, (ctx) => rememberDiscovery(ctx, providerId, found))
    },
  }),
]
