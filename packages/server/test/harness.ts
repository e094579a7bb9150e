import { resolve } from 'node:path'
import type { Role } from '@changbai/contract/capability.ts'
import type { Endpoint, InputSent, ReplyReceived } from '@changbai/contract/endpoint.ts'
import type { ProblemBody } from '@changbai/contract/problem.ts'
import { dropPlace, practiceSecrets, practiceUrl } from '../src/app/practice/place.ts'
import { loadPromises } from '../src/app/prepare.ts'
import { createServer, type Server, type ServerParts } from '../src/app/server.ts'
import { insertActor } from '../src/app/sign-in.ts'
import { type Actor, anonymous, type Grant, systemActor } from '../src/platform/actor.ts'
import type { Ctx } from '../src/platform/ctx.ts'
import { newId } from '../src/platform/ids.ts'
import type { Ldap } from '../src/platform/ldap.ts'
import { createLog } from '../src/platform/log.ts'
import type { Scanner } from '../src/platform/scan.ts'
import { becomePractice, preparedDatabase } from './database.ts'

/** What a call answered: the reply of a success, or the problem of a failure. */
export type Answer<E extends Endpoint> = { status: number; reply: ReplyReceived<E>; problem: ProblemBody; headers: Record<string, unknown> }

export interface Client {
  personId: string
  actor: Actor
  /** Calls and expects success; throws with the problem otherwise. */
  call<E extends Endpoint>(e: E, input: InputSent<E>, headers?: Record<string, string>): Promise<ReplyReceived<E>>
  /** Calls and gives whatever was answered. */
  send<E extends Endpoint>(e: E, input: InputSent<E>, headers?: Record<string, string>): Promise<Answer<E>>
}

export interface SignInAs {
  role?: Role
  grants?: Grant[]
  tenantId?: string | null
  applicationId?: string | null
  name?: string
}

export interface TestServer {
  server: Server
  databaseUrl: string
  /** The instant the server believes in; it stands still until set. */
  now(): Temporal.Instant
  setNow(at: string | Temporal.Instant): void
  advance(duration: string): void
  /** A client whose person exists in the database and holds the role, without going through the sign-in page. */
  signedIn(as: SignInAs): Promise<Client>
  anonymous: Client
  /** Runs domain code as the system, or as an actor, in one transaction of its own. */
  inTx<T>(run: (ctx: Ctx) => Promise<T>, actor?: Actor): Promise<T>
  /** Works off all waiting jobs. */
  runJobs(): Promise<number>
  stop(): Promise<void>
}

export interface TestServerOptions {
  now?: string
  /** Loads the plan and the calendar before the test; on by default. */
  plan?: boolean
  /** Looks into uploads; none by default. */
  scanner?: Scanner
  /** People may practise, in a world of its own beside. */
  practice?: boolean
  /** The directory of the house; none by default. */
  ldap?: Ldap
}

const at = (text: string): Temporal.Instant =>
  /Z$|[+-]\d\d:\d\d$/.test(text)
    ? Temporal.Instant.from(text)
    : Temporal.PlainDateTime.from(text).toZonedDateTime('Asia/Shanghai').toInstant()

/** Path parameters into the path, the rest into the query or the body. */
function toRequest(e: Endpoint, input: Record<string, unknown>): { url: string; payload?: object } {
  const rest = { ...input }
  const path = e.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = rest[name]
    delete rest[name]
    return encodeURIComponent(String(value))
  })
  if (e.method !== 'GET') return { url: `/api${path}`, payload: rest }
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(rest)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) query.append(name, String(one))
  }
  return { url: `/api${path}${query.size > 0 ? `?${query}` : ''}` }
}

const SECRETS = { encryption: Buffer.alloc(32, 1), signing: Buffer.alloc(32, 2) }
const openServer = (databaseUrl: string, clock: () => Temporal.Instant, more: Partial<ServerParts> = {}): Promise<Server> =>
  createServer({
    databaseUrl,
    secrets: SECRETS,
    log: createLog(process.env.LOG_LEVEL ?? 'silent'),
    publicUrl: 'http://localhost:3000',
    trustProxy: false,
    clock,
    background: false,
    poolSize: 6,
    // what stands in for the outside listens on this machine
    outboundAllow: ['127.0.0.1'],
    callsPerMinute: 1_000_000,
    // a loaded machine is late; that is no answer to what a test asks
    lateMillisecondsMax: 0,
    ...more,
  })

/** The job queue, and the promises loaded at that instant: two seconds of work that are the same for every server that begins then. */
const openPrepared = (now: Temporal.Instant, plan: boolean) =>
  preparedDatabase(plan ? `plan at ${now}` : 'no plan', async (url) => {
    const server = await openServer(url, () => now)
    if (plan) await loadPromises(server.runtime.door, PLAN_DIR)
    await server.close()
  })

const PLAN_DIR = resolve(import.meta.dirname, '../../../plan/jilin')

/** A database that only has to be opened as practice world of the other, instead of being made in seconds. */
async function preparePractice(database: { url: string }, now: Temporal.Instant): Promise<void> {
  const { close, url } = await preparedDatabase(`practice at ${now}`, async (empty) => {
    const server = await openServer(empty, () => now, { secrets: practiceSecrets(SECRETS) })
    await loadPromises(server.runtime.door, PLAN_DIR)
    await server.close()
  })
  await close()
  await becomePractice(url, practiceUrl(database.url))
}

/** A whole server on a database of its own, with a clock that stands still. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  let now = at(options.now ?? '2026-09-18T15:00')
  const database = await openPrepared(now, options.plan ?? true)
  if (options.practice) await preparePractice(database, now)
  const actors = new Map<string, Actor>()
  const server = await openServer(database.url, () => now, {
    scanner: options.scanner ?? null,
    ...(options.practice ? { practice: { planDir: PLAN_DIR } } : {}),
    ldap: options.ldap ?? null,
    signIn: (real) => ({
      ...real,
      resolveActor: async (db, call) => actors.get(call.authorization) ?? real.resolveActor(db, call),
    }),
  })

  const client = (key: string, actor: Actor): Client => {
    const send: Client['send'] = async (e, input, headers = {}) => {
      const { url, payload } = toRequest(e, input as Record<string, unknown>)
      const answer = await server.app.inject({
        method: e.method,
        url,
        headers: { ...(key ? { authorization: key } : {}), 'x-locale': 'zh-CN', ...headers },
        ...(payload ? { payload } : {}),
      })
      const isJson = /[/+]json\b/.test(String(answer.headers['content-type']))
      const body = isJson && answer.body ? JSON.parse(answer.body) : answer.rawPayload
      return { status: answer.statusCode, reply: body, problem: body, headers: answer.headers as Record<string, unknown> }
    }
    return {
      personId: actor.personId ?? '',
      actor,
      send,
      async call(e, input, headers) {
        const answer = await send(e, input, headers)
        if (answer.status >= 400) throw new Error(`${e.method} ${e.path} answered ${answer.status}: ${JSON.stringify(answer.problem)}`)
        return answer.reply
      },
    }
  }

  return {
    server,
    databaseUrl: database.url,
    now: () => now,
    setNow(to) {
      now = typeof to === 'string' ? at(to) : to
    },
    advance(duration) {
      now = now.add(duration)
    },
    async signedIn({ role, grants = [], tenantId = null, applicationId = null, name }) {
      const personId = newId()
      const held = role ? [{ role, tenantId, applicationId }, ...grants] : grants
      const actor: Actor = { kind: 'person', personId, name: name ?? role ?? 'nobody', grants: held, address: '127.0.0.1', sessionId: null }
      await server.runtime.door.enter({ actor: systemActor('test') }, (ctx) => insertActor(ctx, actor))
      const key = `Test ${personId}`
      actors.set(key, actor)
      return client(key, actor)
    },
    anonymous: client('', anonymous('127.0.0.1')),
    inTx: (run, actor = systemActor('test')) => server.runtime.door.enter({ actor }, run),
    runJobs: () => server.runtime.jobs.drain(),
    async stop() {
      await server.close()
      if (options.practice) await dropPlace(database.url)
      await database.drop()
    },
  }
}
