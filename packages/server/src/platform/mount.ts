import { createHash } from 'node:crypto'
import type { Access, Endpoint, Input, Reply } from '@changbai/contract/endpoint.ts'
import { fileProblems } from '@changbai/contract/file.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Registry } from 'prom-client'
import { type Actor, actorCan } from './actor.ts'
import type { Ctx, Locale } from './ctx.ts'
import type { Db } from './db.ts'
import type { Door } from './door.ts'
import type { ExportMark } from './export-mark.ts'
import { type ExportPort, stamped } from './exports.ts'
import { fail, ProblemError } from './fail.ts'
import type { FileReader } from './file-store.ts'
import { requireOpenGate } from './gate.ts'
import { shownTo } from './mask-reply.ts'
import { fieldErrors } from './problem.ts'
import { type Scanner, ScannerDown } from './scan.ts'

export type App = FastifyInstance

/** What of a call says who makes it. */
export interface SignInCall {
  cookie: string
  authorization: string
  address: string
  /** What the browser calls itself; not looked at where it is left out. */
  agent?: string | undefined
  now: Temporal.Instant
}

/** How the door learns who calls; identity provides it. */
export interface SignInPort {
  resolveActor(db: Db, call: SignInCall): Promise<Actor>
  /** After the reply of a signed-in call, outside its transaction: keeps the idle clock of the session. */
  touch?(actor: Actor, now: Temporal.Instant): void
}

/** A stream outlives the call that was authorised, so its right to be there is looked at again. */
export interface OpenStream {
  personId: string | null
  end(): void
  /** Ends the stream if its caller is no longer signed in, no longer allowed, or allowed something else than when it was opened. */
  recheck(): void
}

declare module 'fastify' {
  interface FastifyInstance {
    signIn: SignInPort
    files: FileReader
    /** Every endpoint that is mounted, for the document, the walk test and the reference page. */
    endpoints: Endpoint[]
    /** Looks into uploads; null: none is connected. */
    scanner: Scanner | null
    /** Numbers and admits exports; null: nobody does, as in tests of the platform alone. */
    exports: ExportPort | null
    /** What GET /metrics prints; modules add their own figures. */
    metrics: Registry
    /** Open event streams, ended when the server closes. */
    streams: Set<OpenStream>
    /** The last migration this program knows. */
    level: string
  }
}

/** What a service may need of the HTTP exchange itself: cookies, uploads, streams. Most never look at it. */
export interface Exchange {
  request: FastifyRequest
  reply: FastifyReply
}

export type Service<E extends Endpoint> = (ctx: Ctx, input: Input<E>, exchange: Exchange) => Promise<Reply<E>>
/** A download or an event stream: the service has already answered by the exchange, or returns the bytes. */
export type RawService<E extends Endpoint> = (ctx: Ctx, input: Input<E>, exchange: Exchange) => Promise<Download | undefined>

export interface Download {
  name: string
  mediaType: string
  /** A function is called after the transaction, because what lies in a bucket is outside. */
  bytes: Uint8Array | AsyncIterable<Uint8Array> | ((files: FileReader) => Promise<Uint8Array>)
  /** Of a list: how many rows. */
  rows?: number
  /** Lets go of what `bytes` would have read, when nobody will. */
  discard?(): Promise<void>
  /** Makes what is sent from the file, after its mark was set: Word into PDF. */
  convert?(bytes: Uint8Array): AsyncIterable<Uint8Array>
}

export const localeOf = (request: FastifyRequest): Locale =>
  /^en\b/i.test(String(request.headers['x-locale'] ?? request.headers['accept-language'] ?? '')) ? 'en-US' : 'zh-CN'

const mayCall = (actor: Actor, access: Access): void => {
  if (access === 'public') return
  if (actor.kind === 'anonymous') fail(commonProblems.notSignedIn)
  if (access === 'signed-in') return
  if (!access.anyOf.some(({ capability, verb }) => actorCan(actor, capability, verb)))
    fail(commonProblems.forbidden, { capability: access.anyOf[0]?.capability })
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

function inputOf(e: Endpoint, request: FastifyRequest): unknown {
  const sent = e.method === 'GET' || e.kind === 'file' ? request.query : request.body
  if (sent !== undefined && sent !== null && !isObject(sent)) fail(commonProblems.malformed)
  return { ...(sent ?? {}), ...(request.params as object) }
}

/** PostgreSQL stores no NUL. A field that says `text` has refused it by name; nested free content is cleaned by who stores it. */
const holdsNul = (input: unknown): boolean =>
  isObject(input) && Object.values(input).some((value) => typeof value === 'string' && value.includes('\u0000'))

/** A call nobody at the keyboard asked for (a page that refreshes itself, a stream) does not keep a session alive. */
const isAttended = (e: Endpoint, request: FastifyRequest): boolean => e.kind !== 'events' && request.headers['x-unattended'] === undefined

const enter = <T>(app: App, door: Door, e: Endpoint, request: FastifyRequest, run: (ctx: Ctx) => Promise<T>): Promise<T> =>
  door.enter(
    {
      locale: localeOf(request),
      readOnly: e.method === 'GET',
      actor: (db, now) =>
        app.signIn.resolveActor(db, {
          cookie: request.headers.cookie ?? '',
          authorization: request.headers.authorization ?? '',
          address: request.ip,
          agent: request.headers['user-agent'] ?? '',
          now,
        }),
    },
    async (ctx) => {
      mayCall(ctx.actor, e.access)
      if (e.method !== 'GET' && !e.whileReadOnly) await requireOpenGate(ctx.db, app.level)
      const result = await run(ctx)
      if (ctx.actor.sessionId && isAttended(e, request)) app.signIn.touch?.(ctx.actor, ctx.now)
      return result
    },
  )

const parsed = <E extends Endpoint>(e: E, raw: unknown, locale: Locale): Input<E> => {
  const result = e.input.safeParse(raw)
  if (!result.success) fail(commonProblems.invalid, {}, fieldErrors(result.error, locale))
  if (holdsNul(result.data)) fail(commonProblems.malformed)
  return result.data as Input<E>
}

const digestOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex')

/** Runs a command once per Idempotency-Key and person; a repeat gets the first reply. */
async function once<T>(ctx: Ctx, e: Endpoint, request: FastifyRequest, input: unknown, run: () => Promise<T>): Promise<T> {
  const key = request.headers['idempotency-key']
  if (e.method === 'GET' || typeof key !== 'string' || key.length < 8 || key.length > 100 || !ctx.actor.personId) return run()
  const row = { person_key: ctx.actor.personId, idempotency_key: key }
  const name = `${e.method} ${e.path}`
  const sha = digestOf(input)
  // inserted first: a second caller waits on the key until the first has committed
  const mine = await ctx.db
    .insertInto('command_reply')
    .values({ ...row, endpoint: name, input_sha256: sha, reply: JSON.stringify(null), at: ctx.now })
    .onConflict((conflict) => conflict.columns(['person_key', 'idempotency_key']).doNothing())
    .executeTakeFirst()
  if (mine.numInsertedOrUpdatedRows === 0n) {
    const before = await ctx.db
      .selectFrom('command_reply')
      .selectAll()
      .where('person_key', '=', row.person_key)
      .where('idempotency_key', '=', key)
      .executeTakeFirstOrThrow()
    if (before.endpoint !== name || before.input_sha256 !== sha) fail(commonProblems.conflict, { reason: 'idempotency-key' })
    return before.reply as T
  }
  const reply = await run()
  await ctx.db
    .updateTable('command_reply')
    .set({ reply: JSON.stringify(reply) })
    .where('person_key', '=', row.person_key)
    .where('idempotency_key', '=', key)
    .execute()
  return reply
}

/** Mounts a JSON endpoint: validate, sign in, authorise, run in one transaction, check the reply. */
export function mount<E extends Endpoint>(app: App, door: Door, e: E, service: Service<E>): void {
  app.endpoints.push(e)
  app.route({
    method: e.method,
    url: `/api${e.path}`,
    handler: (request, reply) => {
      const locale = localeOf(request)
      return enter(app, door, e, request, async (ctx) => {
        const input = parsed(e, inputOf(e, request), locale)
        const result = await once(ctx, e, request, input, () => service(ctx, input, { request, reply }))
        return shownTo(e, ctx.actor, e.reply.parse(result))
      })
    },
  })
}

/** One transaction of a command in several; the caller is resolved and authorised anew in each. */
export type Step = <T>(run: (ctx: Ctx) => Promise<T>) => Promise<T>

/** Mounts a command that asks the outside between two transactions, so that no connection waits for it. */
export function mountInSteps<E extends Endpoint>(
  app: App,
  door: Door,
  e: E,
  service: (step: Step, input: Input<E>, exchange: Exchange) => Promise<Reply<E>>,
): void {
  app.endpoints.push(e)
  app.route({
    method: e.method,
    url: `/api${e.path}`,
    handler: async (request, reply) => {
      const step: Step = (run) => enter(app, door, e, request, run)
      const { input, actor } = await step(async (ctx) => ({ actor: ctx.actor, input: parsed(e, inputOf(e, request), localeOf(request)) }))
      const result = e.reply.parse(await service(step, input, { request, reply }))
      return shownTo(e, actor, result)
    },
  })
}

export interface Upload {
  name: string
  bytes: Buffer
}

/** @throws fileProblems.infected, fileProblems.scannerDown: what could not be looked at is not let in */
async function refuseMalware({ scanner }: App, { name, bytes }: Upload): Promise<void> {
  if (!scanner) return
  const found = await scanner.scan(bytes).catch((error: unknown) => {
    if (error instanceof ScannerDown) fail(fileProblems.scannerDown, { name })
    throw error
  })
  if (found) fail(fileProblems.infected, { name, found })
}

/**
 * Mounts an upload: the caller is authorised first, then the bytes are read (at most FILE_BYTES_MAX, outside any transaction),
 * then the service runs.
 */
export function mountUpload<E extends Endpoint>(
  app: App,
  door: Door,
  e: E,
  service: (ctx: Ctx, input: Input<E>, upload: Upload) => Promise<Reply<E>>,
): void {
  app.endpoints.push(e)
  app.route({
    method: e.method,
    url: `/api${e.path}`,
    handler: async (request) => {
      const input = await enter(app, door, e, request, async () => parsed(e, inputOf(e, request), localeOf(request)))
      const part = await request.file()
      if (!part) fail(commonProblems.malformed)
      const upload = { name: part.filename, bytes: await part.toBuffer() }
      await refuseMalware(app, upload)
      return enter(app, door, e, request, async (ctx) => shownTo(e, ctx.actor, e.reply.parse(await service(ctx, input, upload))))
    },
  })
}

const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

/** Numbers the export, makes it, and lets it go or not: in the command's own transaction, so that a refused export leaves no fact. */
async function makeDownload<E extends Endpoint>(
  app: App,
  door: Door,
  e: E,
  service: RawService<E>,
  exchange: Exchange,
): Promise<{ download: Download; mark: ExportMark | null } | undefined> {
  const { request } = exchange
  const approval = request.headers['x-export-approval']
  const approvalId = typeof approval === 'string' && UUID.test(approval) ? approval : null
  const input = (): Input<E> => parsed(e, inputOf(e, request), localeOf(request))
  const port = app.exports?.covers(e) ? app.exports : null
  if (e.method !== 'GET')
    return enter(app, door, e, request, async (ctx) => {
      const sent = input()
      if (!port) {
        const download = await service(ctx, sent, exchange)
        return download && { download, mark: null }
      }
      const mark = await port.open(ctx)
      const download = await service({ ...ctx, exportMark: mark }, sent, exchange)
      if (!download) return undefined
      await port.admit(ctx, e, { mark, input: inputOf(e, request), approvalId, download }).catch(async (error: unknown) => {
        await download.discard?.()
        throw error
      })
      return { download, mark }
    })
  // a page that only shows writes nothing: its number is given before and its export written down after
  const writing: Endpoint = { ...e, method: 'POST', whileReadOnly: true }
  const made = await enter(app, door, e, request, async (ctx) => service(ctx, input(), exchange))
  if (!made || !port) return made && { download: made, mark: null }
  return enter(app, door, writing, request, async (ctx) => {
    const mark = await port.open(ctx)
    await port.admit(ctx, e, { mark, input: inputOf(e, request), approvalId, download: made })
    return { download: made, mark }
  })
}
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Mounts an endpoint that answers bytes; it is a command (POST) where showing must leave a fact. */
export function mountDownload<E extends Endpoint>(app: App, door: Door, e: E, service: RawService<E>): void {
  app.endpoints.push(e)
  app.route({
    method: e.method,
    url: `/api${e.path}`,
    handler: async (request, reply) => {
      const made = await makeDownload(app, door, e, service, { request, reply })
      if (!made) return reply
      const { download, mark } = made
      const read = typeof download.bytes === 'function' ? await download.bytes(app.files) : download.bytes
      const plain = { name: download.name, mediaType: download.mediaType, bytes: read }
      const { name, bytes: sent } = mark ? stamped(mark, download.convert ? { ...plain, mediaType: WORD } : plain) : plain
      const bytes = download.convert && sent instanceof Uint8Array ? download.convert(sent) : sent
      if (mark) reply.header('x-export-number', mark.number)
      const { Readable } = await import('node:stream')
      reply.header('content-type', download.mediaType)
      reply.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
      reply.header('x-content-type-options', 'nosniff')
      return reply.send(bytes instanceof Uint8Array ? Buffer.from(bytes) : Readable.from(bytes))
    },
  })
}

/**
 * Mounts a stream of server-sent events. The caller is authorised in a transaction of its own; `open` then writes to the
 * exchange for as long as it likes and must end when the connection closes.
 */
export function mountEvents<E extends Endpoint>(
  app: App,
  door: Door,
  e: E,
  open: (actor: Actor, input: Input<E>, stream: { send(event: string, data: unknown): void; closed: AbortSignal; locale: Locale }) => void,
): void {
  app.endpoints.push(e)
  app.route({
    method: e.method,
    url: `/api${e.path}`,
    handler: async (request, reply) => {
      const locale = localeOf(request)
      const authorised = () =>
        enter(app, door, e, request, async (ctx) => ({ actor: ctx.actor, input: parsed(e, inputOf(e, request), locale) }))
      const { actor, input } = await authorised()
      const ended = new AbortController()
      reply.hijack()
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        connection: 'keep-alive',
      })
      reply.raw.write(': open\n\n')
      const write = (text: string): void => {
        if (!ended.signal.aborted) reply.raw.write(text)
      }
      const send = (event: string, data: unknown): void => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
      const rights = rightsOf(actor)
      const stream: OpenStream = {
        personId: actor.personId,
        end() {
          clearInterval(beat)
          app.streams.delete(stream)
          ended.abort()
          reply.raw.end()
        },
        recheck() {
          const leave = (): void => {
            send('access-changed', {})
            stream.end()
          }
          authorised().then(
            (again) => {
              if (rightsOf(again.actor) !== rights) leave()
            },
            // anything else is trouble of ours: the next beat looks again
            (error) => {
              if (error instanceof ProblemError) leave()
            },
          )
        },
      }
      const beat = setInterval(() => {
        write(': beat\n\n')
        stream.recheck()
      }, 25_000)
      app.streams.add(stream)
      request.raw.on('close', stream.end)
      open(actor, input, { send, closed: ended.signal, locale })
    },
  })
}

const rightsOf = (actor: Actor): string => JSON.stringify(actor.grants.map((grant) => JSON.stringify(grant)).sort())
