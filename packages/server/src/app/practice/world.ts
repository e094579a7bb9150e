import type { Endpoint, InputSent, ReplyReceived } from '@changbai/contract/endpoint.ts'
import type { App } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'

/** The part of a server that practice needs; app/server.ts makes one. */
export interface PracticeServer {
  app: App
  runtime: Runtime
  close(): Promise<void>
}

/** Asks the practice world as one of its people does: over the same endpoints, with the same rights. */
export interface Player {
  personId: string
  call<E extends Endpoint>(e: E, input: InputSent<E>): Promise<ReplyReceived<E>>
  upload(e: Endpoint, input: Record<string, string>, file: { name: string; bytes: Buffer }): Promise<void>
}

/** What a player was refused, as the answer said it. */
export class RefusedError extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const BOUNDARY = 'changbai-practice'

function addressOf(e: Endpoint, input: Record<string, unknown>): { url: string; rest: Record<string, unknown> } {
  const rest = { ...input }
  const path = e.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = rest[name]
    delete rest[name]
    return encodeURIComponent(String(value))
  })
  return { url: `/api${path}`, rest }
}

const queryOf = (rest: Record<string, unknown>): string => {
  const query = new URLSearchParams(Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])))
  return query.size > 0 ? `?${query}` : ''
}

/** @param key lets this process alone in as that person: it is drawn anew whenever the world is opened */
export function playerOf({ app }: PracticeServer, key: string, personId: string): Player {
  const authorization = `Practice ${key} ${personId}`
  return {
    personId,
    async call(e, input) {
      const { url, rest } = addressOf(e, input as Record<string, unknown>)
      const isGet = e.method === 'GET'
      const answer = await app.inject({
        method: e.method,
        url: isGet ? url + queryOf(rest) : url,
        headers: { authorization },
        ...(isGet ? {} : { payload: rest }),
      })
      if (answer.statusCode >= 400) throw new RefusedError(answer.statusCode, `${e.method} ${e.path}: ${answer.statusCode} ${answer.body}`)
      return JSON.parse(answer.body)
    },
    async upload(e, input, { name, bytes }) {
      const { url, rest } = addressOf(e, input)
      const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`
      const answer = await app.inject({
        method: 'POST',
        url: url + queryOf(rest),
        headers: { authorization, 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
        payload: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]),
      })
      if (answer.statusCode >= 400) throw new RefusedError(answer.statusCode, `${e.path}: ${answer.statusCode} ${answer.body}`)
    },
  }
}
