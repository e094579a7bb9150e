import type { Series } from './series.domain.ts'
import type { Column } from './store/column.domain.ts'
import { encodeWriteV1 } from './wire/encode.domain.ts'
import { packSnappy } from './wire/snappy.domain.ts'

/** The engine behind us answered otherwise than with success; the sender is told to come back. */
export class EngineError extends Error {}

const TIMEOUT_MS = 30_000

export interface Forwarded {
  length: number
  series: readonly Series[]
  at: Float64Array
  value: Column
}

/**
 * Writes samples on to the engine at this address, by remote write 1.0; durable is what the engine has acknowledged.
 * @param body the request as it came, if it is of version 1.0 and all of it is good
 */
export async function forwardWrite(url: string, body: Buffer | null, samples: Forwarded): Promise<void> {
  const reply = await fetch(`${url.replace(/\/$/, '')}/api/v1/write`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
      'user-agent': 'changbai',
    },
    body: new Uint8Array(body ?? packSnappy(encodeWriteV1(samples))),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw new EngineError((error as Error).message)
  })
  await reply.arrayBuffer()
  if (!reply.ok) throw new EngineError(`HTTP ${reply.status}`)
}
