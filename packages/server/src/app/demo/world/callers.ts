import type { Endpoint, InputSent, ReplyReceived } from '@changbai/contract/endpoint.ts'
import type { Actor } from '../../../platform/actor.ts'
import { createServer, type Server, type ServerParts } from '../../server.ts'

/** A person of the world at work: calls the product's endpoints as a browser would, within this process. */
export interface Caller {
  call<E extends Endpoint>(e: E, input: InputSent<E>): Promise<ReplyReceived<E>>
}

export interface World {
  server: Server
  now(): Temporal.Instant
  setNow(at: Temporal.Instant): void
  caller(actor: Actor): Caller
}

/** @throws when the product refuses, with its own words: what the world does must be what people may do */
async function ask(server: Server, key: string, e: Endpoint, input: Record<string, unknown>): Promise<unknown> {
  const rest = { ...input }
  const path = e.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = rest[name]
    delete rest[name]
    return encodeURIComponent(String(value))
  })
  const query = e.method === 'GET' ? `?${new URLSearchParams(rest as Record<string, string>)}` : ''
  const { statusCode, body } = await server.app.inject({
    method: e.method,
    url: `/api${path}${query}`,
    headers: { authorization: key, 'x-locale': 'zh-CN' },
    ...(e.method === 'GET' ? {} : { payload: rest }),
  })
  if (statusCode >= 400) throw new Error(`${e.method} ${e.path} answered ${statusCode}: ${body}`)
  return JSON.parse(body)
}

/** The whole product with a clock of its own and no open port; people need no password, for nobody else can reach it. */
export async function openWorld(parts: Pick<ServerParts, 'databaseUrl' | 'secrets' | 'log'>, from: Temporal.Instant): Promise<World> {
  let now = from
  const actors = new Map<string, Actor>()
  const server = await createServer({
    ...parts,
    publicUrl: 'http://localhost',
    trustProxy: false,
    clock: () => now,
    background: false,
    callsPerMinute: 10_000_000,
    signIn: (real) => ({ ...real, resolveActor: async (db, call) => actors.get(call.authorization) ?? real.resolveActor(db, call) }),
  })
  return {
    server,
    now: () => now,
    setNow(at) {
      now = at
    },
    caller(actor) {
      const key = `World ${actor.personId}`
      actors.set(key, actor)
      return {
        call: <E extends Endpoint>(e: E, input: InputSent<E>) =>
          ask(server, key, e, input as Record<string, unknown>) as Promise<ReplyReceived<E>>,
      }
    },
  }
}
