import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Series } from './series.domain.ts'
import type { Column } from './store/column.domain.ts'
import { encodeWriteV1 } from './wire/encode.domain.ts'
import { packSnappy } from './wire/snappy.domain.ts'

/** The engine behind us answered otherwise than with success; the sender is told to come back. */
export class EngineError extends Error {}

const TIMEOUT_MS = 30_000
/** Requests under way to the engine at once; more wait. */
const CONNECTIONS = 16
const plain = new HttpAgent({ keepAlive: true, maxSockets: CONNECTIONS })
const secure = new HttpsAgent({ keepAlive: true, maxSockets: CONNECTIONS })

export interface Forwarded {
  length: number
  series: readonly Series[]
  at: Float64Array
  value: Column
}

/**
 * Writes samples on to the engine at this address, by remote write 1.0; durable is what the engine has acknowledged.
 * @param body the request as it came, if it is of version 1.0 and all of it is good
 * @throws EngineError if it is not acknowledged
 */
export async function forwardWrite(base: string, body: Buffer | null, samples: Forwarded): Promise<void> {
  const bytes = body ?? packSnappy(encodeWriteV1(samples))
  const url = new URL(`${base.replace(/\/$/, '')}/api/v1/write`)
  const isSecure = url.protocol === 'https:'
  const status = await new Promise<number>((done, failed) => {
    const sent = (isSecure ? httpsRequest : httpRequest)(
      url,
      {
        method: 'POST',
        agent: isSecure ? secure : plain,
        timeout: TIMEOUT_MS,
        headers: {
          'content-type': 'application/x-protobuf',
          'content-encoding': 'snappy',
          'content-length': bytes.length,
          'x-prometheus-remote-write-version': '0.1.0',
          'user-agent': 'changbai',
        },
      },
      (reply) => {
        reply.resume()
        reply.once('end', () => done(reply.statusCode ?? 0))
        reply.once('error', (error) => failed(new EngineError(error.message)))
      },
    )
    sent.once('timeout', () => sent.destroy(new EngineError('no answer')))
    sent.once('error', (error) => failed(new EngineError(error.message)))
    sent.end(bytes)
  })
  if (status < 200 || status > 299) throw new EngineError(`HTTP ${status}`)
}
