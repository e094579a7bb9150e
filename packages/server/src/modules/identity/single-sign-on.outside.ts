import * as oidc from 'openid-client'

/** Calls to the identity provider, made outside any transaction. Ten seconds each at most. */
const TIMEOUT_SECONDS = 10

export interface ProviderAccess {
  issuer: string
  clientId: string
  clientSecret: string
}
/** What the provider says of somebody, once its signature, audience, age and nonce are right. */
export interface Vouched {
  subject: string
  claims: Readonly<Record<string, unknown>>
}
export interface Checks {
  nonce: string
  verifier: string
}

/** Plain http is for a provider on this very machine: development and tests. */
export const isSecureIssuer = (issuer: string): boolean => {
  const url = new URL(issuer)
  return url.protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
}
const isPlain = (issuer: string): boolean => new URL(issuer).protocol === 'http:' && isSecureIssuer(issuer)

/** Reads what the provider publishes about itself; @throws Error with a reason a person can read */
export async function discoverProvider({ issuer, clientId, clientSecret }: ProviderAccess): Promise<oidc.ServerMetadata> {
  const found = await oidc.discovery(new URL(issuer), clientId, clientSecret, undefined, {
    timeout: TIMEOUT_SECONDS,
    ...(isPlain(issuer) ? { execute: [oidc.allowInsecureRequests] } : {}),
  })
  const metadata = found.serverMetadata()
  if (!metadata.authorization_endpoint || !metadata.token_endpoint || !metadata.jwks_uri)
    throw new Error('the provider publishes no authorization, token or key address')
  return { ...metadata }
}

function configured({ issuer, clientId, clientSecret }: ProviderAccess, metadata: oidc.ServerMetadata): oidc.Configuration {
  const configuration = new oidc.Configuration(metadata, clientId, clientSecret)
  configuration.timeout = TIMEOUT_SECONDS
  if (isPlain(issuer)) oidc.allowInsecureRequests(configuration)
  return configuration
}

/** Where the browser goes; computed without a call. */
export async function authorizationUrl(
  access: ProviderAccess,
  metadata: oidc.ServerMetadata,
  request: { redirectUri: string; state: string; checks: Checks },
): Promise<string> {
  return oidc
    .buildAuthorizationUrl(configured(access, metadata), {
      redirect_uri: request.redirectUri,
      scope: 'openid profile',
      state: request.state,
      nonce: request.checks.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(request.checks.verifier),
      code_challenge_method: 'S256',
    })
    .toString()
}

/** Exchanges the code and checks the identity token; claims of the user-info endpoint fill in what the token leaves out. */
export async function redeemCode(
  access: ProviderAccess,
  metadata: oidc.ServerMetadata,
  arrival: { url: URL; state: string; checks: Checks },
): Promise<Vouched> {
  const configuration = configured(access, metadata)
  const tokens = await oidc.authorizationCodeGrant(configuration, arrival.url, {
    pkceCodeVerifier: arrival.checks.verifier,
    expectedNonce: arrival.checks.nonce,
    expectedState: arrival.state,
    idTokenExpected: true,
  })
  const claims = tokens.claims()
  if (!claims) throw new Error('the provider sent no identity token')
  const more = metadata.userinfo_endpoint ? await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub) : {}
  return { subject: claims.sub, claims: { ...more, ...claims } }
}

export const newChecks = (): Checks => ({ nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier() })
export const newState = (): string => oidc.randomState()
