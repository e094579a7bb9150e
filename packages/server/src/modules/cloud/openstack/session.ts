import type { OpenstackSettings } from '@changbai/contract/cloud.ts'
import { type Answer, CallEnded, messageOf, outcomeOfError, type ServiceType } from './answer.ts'

interface Token {
  value: string
  /** Epoch milliseconds after which it is not used any more: two minutes before it ends, longer than all calls of one asking. */
  until: number
  userId: string
  projectId: string
  endpoints: Record<ServiceType, string>
}

/** What is worth keeping between the askings of one connection. */
export interface Acquaintance {
  tokens: Map<string, Promise<Token>>
  microversions: Map<string, Promise<string | null>>
}
export const strangers = (): Acquaintance => ({ tokens: new Map(), microversions: new Map() })

export interface CallOptions {
  /** Scope of the token: a project's id, or the connection's own project. */
  projectId?: string
  body?: unknown
  /** Statuses that are no failure though outside 2xx; the caller reads them. */
  allow?: readonly number[]
  /** A microversion other than the one agreed. */
  version?: string
}

const catalogueTypes: Record<string, ServiceType> = {
  identity: 'identity',
  identityv3: 'identity',
  compute: 'compute',
  network: 'network',
  volumev3: 'volume',
  'block-storage': 'volume',
  image: 'image',
}
/** Microversions we speak; a cloud that knows less is spoken to in its own highest. */
const SPOKEN = { compute: '2.90', volume: '3.70' } as const
const GET_TRIES = 3
const TOKEN_MARGIN_MILLISECONDS = 120_000

const newer = (a: string, b: string): boolean => {
  const [am = 0, an = 0] = a.split('.').map(Number)
  const [bm = 0, bn = 0] = b.split('.').map(Number)
  return am > bm || (am === bm && an > bn)
}

const rest = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => resolve(clearTimeout(timer)), { once: true })
  })

/** Connection refused, no such host: the request never left. Anything else may have arrived. */
const neverSent = (error: unknown): boolean => {
  const code = (error as { cause?: { code?: string } }).cause?.code ?? ''
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'].includes(code)
}

/**
 * Talks to one cloud: signs in, keeps a token per project, finds the services in the catalogue, renews a token that is refused, gives every
 * call its own time-out. Reads are repeated with back-off; a write is sent once, except after a 401, which means that nothing was done.
 */
export class Session {
  readonly settings: OpenstackSettings
  private readonly secret: string
  private readonly atMilliseconds: number
  private readonly tokens: Acquaintance['tokens']
  private readonly microversions: Acquaintance['microversions']

  /** @param at the product's clock when the asking was planned; by it a token is judged too old */
  constructor(settings: OpenstackSettings, secret: string, at: Temporal.Instant, known: Acquaintance) {
    this.settings = settings
    this.secret = secret
    this.atMilliseconds = at.epochMilliseconds
    this.tokens = known.tokens
    this.microversions = known.microversions
  }

  /** Milliseconds; a connection with a short limit does not rest longer than it works. */
  private get firstPause(): number {
    return Math.min(200, this.settings.callSeconds * 100)
  }

  /** @throws CallEnded for every answer outside 2xx that is not in `allow`, and for no answer at all */
  async call(method: string, service: ServiceType, path: string, signal: AbortSignal, options: CallOptions = {}): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const last = method !== 'GET' || attempt >= GET_TRIES || signal.aborted
      try {
        const answer = await this.callOnce(method, service, path, signal, options)
        if (answer.status < 300 || options.allow?.includes(answer.status)) return answer
        const outcome = outcomeOfError(service, answer)
        const passing = outcome.is === 'unknown' || (outcome.is === 'throttled' && outcome.afterSeconds <= 5)
        if (last || answer.status === 409 || !passing) throw new CallEnded(outcome)
      } catch (error) {
        if (last || !(error instanceof CallEnded) || (error.outcome.is !== 'unknown' && error.outcome.is !== 'unreachable')) throw error
      }
      await rest(this.firstPause * 2 ** attempt * (0.5 + Math.random()), signal)
    }
  }

  async userId(signal: AbortSignal): Promise<string> {
    return (await this.token(undefined, signal)).userId
  }

  async ownProjectId(signal: AbortSignal): Promise<string> {
    return (await this.token(undefined, signal)).projectId
  }

  async endpoints(signal: AbortSignal): Promise<Record<ServiceType, string>> {
    return (await this.token(undefined, signal)).endpoints
  }

  /** The microversion in which we speak with a service, null where it has none. */
  async version(service: ServiceType, signal: AbortSignal): Promise<string | null> {
    if (service !== 'compute' && service !== 'volume') return null
    const { endpoints } = await this.token(undefined, signal)
    let known = this.microversions.get(service)
    if (!known) {
      known = this.discover(service, endpoints[service], signal)
      known.catch(() => this.microversions.delete(service))
      this.microversions.set(service, known)
    }
    return known
  }

  private async callOnce(method: string, service: ServiceType, path: string, signal: AbortSignal, options: CallOptions): Promise<Answer> {
    let token = await this.token(options.projectId, signal)
    let answer = await this.send(method, service, path, token, signal, options)
    if (answer.status === 401) {
      this.tokens.delete(options.projectId ?? '')
      token = await this.token(options.projectId, signal)
      answer = await this.send(method, service, path, token, signal, options)
    }
    return answer
  }

  private async send(method: string, service: ServiceType, path: string, token: Token, signal: AbortSignal, options: CallOptions) {
    const headers: Record<string, string> = { 'x-auth-token': token.value, accept: 'application/json' }
    if (options.body !== undefined) headers['content-type'] = 'application/json'
    const version = options.version ?? (await this.version(service, signal))
    if (version) headers['openstack-api-version'] = `${service} ${version}`
    return this.fetch(method, token.endpoints[service] + path, headers, options.body, signal)
  }

  private async fetch(method: string, url: string, headers: Record<string, string>, body: unknown, signal: AbortSignal): Promise<Answer> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(this.settings.callSeconds * 1000))])
    try {
      const response = await fetch(url, {
        method,
        headers,
        signal: limit,
        redirect: 'error',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, headers: response.headers, text, body: parsed(text) }
    } catch (error) {
      const why = limit.aborted ? `no answer within ${this.settings.callSeconds} s` : String((error as Error).cause ?? error)
      throw new CallEnded(
        neverSent(error) ? { is: 'unreachable', message: `${url}: ${why}` } : { is: 'unknown', message: `${url}: ${why}` },
      )
    }
  }

  private async token(projectId: string | undefined, signal: AbortSignal): Promise<Token> {
    const slot = projectId ?? ''
    const held = this.tokens.get(slot)
    if (held) {
      const token = await held
      if (token.until > this.atMilliseconds) return token
    }
    const fresh = this.signIn(projectId, signal)
    this.tokens.set(slot, fresh)
    try {
      return await fresh
    } catch (error) {
      if (this.tokens.get(slot) === fresh) this.tokens.delete(slot)
      throw error
    }
  }

  private async signIn(projectId: string | undefined, signal: AbortSignal): Promise<Token> {
    const { settings } = this
    const answer = await this.fetch(
      'POST',
      `${settings.authUrl.replace(/\/+$/, '')}/auth/tokens`,
      { 'content-type': 'application/json' },
      {
        auth: {
          identity: {
            methods: ['password'],
            password: { user: { name: settings.userName, domain: { name: settings.userDomain }, password: this.secret } },
          },
          scope: { project: projectId ? { id: projectId } : { name: settings.projectName, domain: { name: settings.projectDomain } } },
        },
      },
      signal,
    ).catch((error) => {
      // signing in changes nothing in the cloud: whatever was to be done after it was not sent
      throw error instanceof CallEnded && error.outcome.is === 'unknown'
        ? new CallEnded({ is: 'unreachable', message: error.outcome.message })
        : error
    })
    const value = answer.headers.get('x-subject-token')
    if (answer.status !== 201 || !value) {
      const outcome = outcomeOfError('identity', answer)
      throw new CallEnded(
        outcome.is === 'unknown' ? { is: 'unreachable', message: `identity ${answer.status}: ${messageOf(answer)}` } : outcome,
      )
    }
    const { token } = answer.body as {
      token: {
        expires_at: string
        user: { id: string }
        project: { id: string }
        catalog: { type: string; endpoints: { interface: string; region_id: string; url: string }[] }[]
      }
    }
    const endpoints = { identity: settings.authUrl.replace(/\/+$/, '') } as Record<ServiceType, string>
    for (const { type, endpoints: offered } of token.catalog) {
      const service = catalogueTypes[type]
      const chosen = offered.find((e) => e.interface === 'public' && (!settings.region || e.region_id === settings.region))
      // the address people configured for identity stays: a catalogue often names an inner one
      if (service && service !== 'identity' && chosen) endpoints[service] = withVersion(service, chosen.url.replace(/\/+$/, ''))
    }
    for (const service of ['compute', 'network', 'volume', 'image'] as const) {
      if (!endpoints[service])
        throw new CallEnded({
          is: 'refused',
          status: 404,
          message: `the catalogue has no ${service} service in region ${settings.region ?? '(any)'}`,
        })
    }
    return {
      value,
      until: Temporal.Instant.from(token.expires_at).epochMilliseconds - TOKEN_MARGIN_MILLISECONDS,
      userId: token.user.id,
      projectId: token.project.id,
      endpoints,
    }
  }

  private async discover(service: 'compute' | 'volume', endpoint: string, signal: AbortSignal): Promise<string | null> {
    // the version document stands at /v2.1 and /v3, in front of a project id in the path
    const root = endpoint.replace(/(\/v\d+(\.\d+)?)(\/.*)?$/, '$1/')
    const token = await this.token(undefined, signal)
    const answer = await this.fetch('GET', root, { 'x-auth-token': token.value, accept: 'application/json' }, undefined, signal)
    if (answer.status >= 400) throw new CallEnded(outcomeOfError(service, answer))
    const said = answer.body as { version?: { version?: string }; versions?: { version?: string }[] } | null
    const highest = said?.version?.version ?? said?.versions?.map((v) => v.version ?? '').sort((a, b) => (newer(a, b) ? -1 : 1))[0] ?? ''
    if (!highest) return null
    return newer(highest, SPOKEN[service]) ? SPOKEN[service] : highest
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Neutron and Glance are listed without their version. */
const withVersion = (service: ServiceType, url: string): string => {
  if (service === 'network' && !/\/v2\.0$/.test(url)) return `${url}/v2.0`
  if (service === 'image' && !/\/v2$/.test(url)) return `${url}/v2`
  return url
}
