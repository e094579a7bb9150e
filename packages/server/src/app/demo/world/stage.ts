import type { Endpoint, InputSent, ReplyReceived } from '@changbai/contract/endpoint.ts'
import { sql } from 'kysely'
import type { Actor } from '../../../platform/actor.ts'
import type { Db } from '../../../platform/db.ts'
import type { Transact } from '../../../platform/door.ts'
import type { JobQueue } from '../../../platform/jobs.ts'
import { createServer, type Server, type ServerParts } from '../../server.ts'
import { queueInMemory } from './queue.ts'

/** A person of the world at work: calls the product's endpoints as a browser would, within this process. */
export interface Caller {
  personId: string
  name: string
  actor: Actor
  call<E extends Endpoint>(e: E, input: InputSent<E>): Promise<ReplyReceived<E>>
  /** Sends a file to an endpoint that takes one. */
  upload<E extends Endpoint>(e: E, input: Record<string, string>, file: { name: string; bytes: Buffer }): Promise<ReplyReceived<E>>
}

/** The whole product on a clock of its own and without an open port. */
export interface Stage {
  server: Server
  now(): Temporal.Instant
  setNow(at: Temporal.Instant): void
  caller(actor: Actor): Caller
  /** Everything done inside is one transaction: a day is there whole or not at all, and costs one commit. */
  asOne<T>(run: () => Promise<T>): Promise<T>
  /** From now on the real clock, a transaction for each command, and the queue of the server that serves. */
  goLive(queue: Pick<JobQueue, 'enqueue'>): Promise<void>
  close(): Promise<void>
}

const BOUNDARY = 'changbai-world'

function pathOf(e: Endpoint, input: Record<string, unknown>): { path: string; rest: Record<string, unknown> } {
  const rest = { ...input }
  const path = e.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = rest[name]
    delete rest[name]
    return encodeURIComponent(String(value))
  })
  return { path, rest }
}
const queryOf = (rest: Record<string, unknown>): string =>
  Object.keys(rest).length > 0 ? `?${new URLSearchParams(rest as Record<string, string>)}` : ''

/** @throws when the product refuses, with its own words: what the world does must be what people may do */
function answered(e: Endpoint, { statusCode, body, headers }: { statusCode: number; body: string; headers: object }): unknown {
  if (statusCode >= 400) throw new Error(`${e.method} ${e.path} answered ${statusCode}: ${body}`)
  const type = String((headers as Record<string, unknown>)['content-type'])
  return /[/+]json\b/.test(type) && body ? JSON.parse(body) : body
}

/** @param from where its clock stands at first */
export async function openStage(parts: Pick<ServerParts, 'databaseUrl' | 'secrets' | 'log'>, from: Temporal.Instant): Promise<Stage> {
  let now: Temporal.Instant | null = from
  let ambient: Db | null = null
  /** Commands under way, one inside another. */
  let depth = 0
  /** Has this transaction set the point of an outermost command? */
  let hasPoint = false
  let liveQueue: Pick<JobQueue, 'enqueue'> | null = null
  const clock = () => now ?? Temporal.Now.instant().round({ smallestUnit: 'millisecond', roundingMode: 'floor' })
  const queue = queueInMemory(clock)
  const actors = new Map<string, Actor>()
  const transact: Transact = async (readOnly, run) => {
    const { db } = server.runtime.door
    if (!ambient) return db.transaction().execute(run)
    if (readOnly) return run(ambient)
    const mark = queue.mark()
    depth += 1
    const point = sql.ref(`act_${depth}`)
    // a way less to the database for every command: the point of the one before is given up where the next is set; of one inside another, at once
    if (depth === 1 && hasPoint) await sql`release savepoint ${point}; savepoint ${point}`.execute(ambient)
    else await sql`savepoint ${point}`.execute(ambient)
    hasPoint ||= depth === 1
    try {
      const result = await run(ambient)
      if (depth > 1) await sql`release savepoint ${point}`.execute(ambient)
      return result
    } catch (error) {
      queue.backTo(mark)
      await sql`rollback to savepoint ${point}`.execute(ambient)
      throw error
    } finally {
      depth -= 1
    }
  }
  const server: Server = await createServer({
    ...parts,
    publicUrl: 'http://localhost',
    trustProxy: false,
    clock,
    background: false,
    poolSize: 2,
    transact,
    queue: (kinds) => queue.serving(kinds, () => liveQueue),
    callsPerMinute: 10_000_000,
    // nobody is served from here: a busy machine makes it slower, never refuse
    lateMillisecondsMax: 0,
    signIn: (real) => ({ ...real, resolveActor: async (db, call) => actors.get(call.authorization) ?? real.resolveActor(db, call) }),
  })
  return {
    server,
    now: clock,
    setNow(at) {
      if (now) now = at
    },
    caller(actor) {
      const key = `World ${actor.personId}`
      actors.set(key, actor)
      const headers = { authorization: key, 'x-locale': 'zh-CN' }
      return {
        personId: actor.personId ?? '',
        name: actor.name,
        actor,
        async call(e, input) {
          const { path, rest } = pathOf(e, input as Record<string, unknown>)
          const isRead = e.method === 'GET'
          const url = `/api${path}${isRead ? queryOf(rest) : ''}`
          return answered(e, await server.app.inject({ method: e.method, url, headers, ...(isRead ? {} : { payload: rest }) })) as never
        },
        async upload(e, input, { name, bytes }) {
          const { path, rest } = pathOf(e, input)
          const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`
          const answer = await server.app.inject({
            method: e.method,
            url: `/api${path}${queryOf(rest)}`,
            headers: { ...headers, 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
            payload: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]),
          })
          return answered(e, answer) as never
        },
      }
    },
    asOne: (run) =>
      server.runtime.door.db.transaction().execute(async (db) => {
        ambient = db
        hasPoint = false
        try {
          return await run()
        } finally {
          ambient = null
        }
      }),
    async goLive(to) {
      now = null
      liveQueue = to
      await server.runtime.door.db.transaction().execute((db) => queue.handOver(db, to))
    },
    close: () => server.close(),
  }
}
