import { randomBytes } from 'node:crypto'
import { commonProblems } from '@changbai/contract/problem.ts'
import compress from '@fastify/compress'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import multipart from '@fastify/multipart'
import rateLimit from '@fastify/rate-limit'
import underPressure from '@fastify/under-pressure'
import fastify, { type FastifyRequest, LogController } from 'fastify'
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { ExportPort } from './exports.ts'
import { fail } from './fail.ts'
import type { FileReader } from './file-store.ts'
import { FILE_BYTES_MAX } from './files.ts'
import { isTooDeep } from './json.ts'
import type { Log } from './log.ts'
import { type App, localeOf, type OpenStream, type SignInPort } from './mount.ts'
import { toProblem } from './problem.ts'
import type { Scanner } from './scan.ts'
import { traceRequests } from './trace.ts'

export interface HttpParts {
  log: Log
  signIn: SignInPort
  files: FileReader
  /** Addresses of proxies whose X-Forwarded-* is believed; false: none. */
  trustProxy: boolean | string
  /** Origins a browser may send commands from, besides the one it fetched the page from. */
  origins: readonly string[]
  /** Is everything this process needs there? Says what is not. */
  ready(): Promise<Record<string, boolean>>
  /** What the process can do without for a while: told, but no reason to send callers elsewhere. */
  beside?(): Promise<Record<string, boolean>>
  /** Calls a minute and address. */
  callsPerMinute?: number
  /** Calls are turned away while this process is so many milliseconds late; 0: never. Default 2,000. */
  lateMillisecondsMax?: number
  /** The last migration this program knows. */
  level: string
  tls?: { key: string; cert: string }
  /** Looks into uploads before they are taken. */
  scanner?: Scanner | null
  /** Numbers and admits what is taken out. */
  exports?: ExportPort | null
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * A browser's command must come from our own page. Browsers say so in Sec-Fetch-Site and Origin, which pages cannot forge;
 * callers without either (scripts with a token) carry no cookie of ours that another site could ride on.
 */
function refuseForeignOrigin(request: FastifyRequest, origins: readonly string[]): void {
  if (SAFE_METHODS.has(request.method) || !request.headers.cookie) return
  const site = request.headers['sec-fetch-site']
  if (site === 'same-origin' || site === 'none') return
  const { origin } = request.headers
  if (!origin && !site) return
  const own = `${request.protocol}://${request.host}`
  if (origin && (origin === own || origins.includes(origin))) return
  fail(commonProblems.foreignOrigin)
}

/** When to come back: soon after a stumble, by the announced end of a maintenance but at least every five minutes. */
function retryAfterSeconds(until: unknown): number {
  if (until === undefined) return 5
  if (typeof until !== 'string') return 60
  const seconds = Math.ceil((Temporal.Instant.from(until).epochMilliseconds - Date.now()) / 1000)
  return Math.min(300, Math.max(30, seconds))
}

/** Fastify with everything around an endpoint: ids, logs, problems, headers, limits, health, metrics. */
export async function createHttp(parts: HttpParts): Promise<App> {
  const app = fastify({
    loggerInstance: parts.log,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: parts.trustProxy,
    bodyLimit: 8 * 1024 * 1024,
    genReqId: () => `${randomBytes(2).toString('hex')}-${randomBytes(2).toString('hex')}`,
    forceCloseConnections: 'idle',
    ...(parts.tls ? { https: parts.tls } : {}),
  }) as unknown as App
  app.decorate('signIn', parts.signIn)
  app.decorate('files', parts.files)
  app.decorate('endpoints', [])
  app.decorate('scanner', parts.scanner ?? null)
  app.decorate('exports', parts.exports ?? null)
  app.decorate('streams', new Set<OpenStream>())
  app.decorate('level', parts.level)

  const readJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) =>
    isTooDeep(body) ? done(Object.assign(new Error('nested too deeply'), { statusCode: 400 })) : readJson(request, body, done),
  )

  app.setErrorHandler((error, request, reply) => {
    const { body, expected } = toProblem(error, localeOf(request), request.id)
    if (!expected) request.log.error({ err: error, reqId: request.id, url: request.url }, 'request failed')
    if (body.status === 503) reply.header('retry-after', String(retryAfterSeconds(body.until)))
    return reply
      .status(body.status)
      .type('application/problem+json; charset=utf-8')
      .send(JSON.stringify({ ...body, instance: request.id }))
  })
  traceRequests(app)
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    refuseForeignOrigin(request, parts.origins)
  })
  app.addHook('onSend', async (request, reply) => {
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        reqId: request.id,
        method: request.method,
        url: request.url,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        address: request.ip,
      },
      'request',
    )
  })

  await app.register(helmet, {
    enableCSPNonces: true,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'style-src-attr': ["'unsafe-inline'"],
        'img-src': ["'self'", 'data:', 'blob:'],
        'font-src': ["'self'", 'data:'],
        'connect-src': ["'self'"],
        'manifest-src': ["'self'"],
        'worker-src': ["'self'"],
        'frame-ancestors': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
      },
    },
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'same-origin' },
    // HSTS belongs to whoever terminates TLS; over plain http browsers ignore it
    strictTransportSecurity: { maxAge: 15_552_000, includeSubDomains: false },
  })
  await app.register(cookie)
  // whoever has hung up already has no address any more
  await app.register(rateLimit, { max: parts.callsPerMinute ?? 1200, timeWindow: 60_000, keyGenerator: ({ ip }) => ip ?? 'gone' })
  await app.register(multipart, { limits: { fileSize: FILE_BYTES_MAX, files: 1, fields: 20, fieldSize: 64 * 1024 } })
  await app.register(compress, { global: true, threshold: 1024, encodings: ['gzip', 'identity'] })
  await app.register(underPressure, { maxEventLoopDelay: parts.lateMillisecondsMax ?? 2_000, retryAfter: 5 })

  const registry = new Registry()
  app.decorate('metrics', registry)
  collectDefaultMetrics({ register: registry })
  const seconds = new Histogram({
    name: 'changbai_http_request_seconds',
    help: 'Time to answer, by route and status class',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  })
  app.addHook('onResponse', async (request, reply) => {
    seconds.observe(
      { method: request.method, route: request.routeOptions.url ?? 'none', status: `${Math.floor(reply.statusCode / 100)}xx` },
      reply.elapsedTime / 1000,
    )
  })
  app.get('/livez', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const checks = await parts.ready()
    const beside = (await parts.beside?.()) ?? {}
    const ok = Object.values(checks).every(Boolean)
    const whole = Object.values(beside).every(Boolean)
    return reply.status(ok ? 200 : 503).send({ status: ok ? (whole ? 'ok' : 'degraded') : 'not ready', checks: { ...checks, ...beside } })
  })
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()))

  app.setNotFoundHandler(async () => fail(commonProblems.notFound))
  app.addHook('preClose', async () => {
    for (const stream of app.streams) stream.end()
  })
  return app
}
