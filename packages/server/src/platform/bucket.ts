import { createHash } from 'node:crypto'
import { AwsClient } from 'aws4fetch'

/** A bucket of any store that speaks S3; its address is that of the bucket itself, so both styles of naming it work. */
export interface BucketConfig {
  /** Without a slash at the end: `https://s3.example.gov.cn/changbai` or `https://changbai.oss.example.cn`. */
  url: string
  region: string
  accessKey: string
  secretKey: string
}

/** `unreachable` may pass by itself; the others need the person who set it up. */
export type BucketTrouble = 'unreachable' | 'refused' | 'missing' | 'damaged'

export class BucketError extends Error {
  readonly trouble: BucketTrouble
  constructor(trouble: BucketTrouble, message: string, cause?: unknown) {
    super(message, { cause })
    this.trouble = trouble
  }
}

export interface Bucket {
  /** Its address, for people. */
  readonly url: string
  /** Puts the bytes there and reads them back: when this returns, the bucket holds them. */
  put(key: string, bytes: Buffer, digest: string): Promise<void>
  /** @throws BucketError `damaged` when what comes back is not what was put */
  get(key: string, digest: string): Promise<Buffer>
  /** Whatever lies there; for what carries its own proof. */
  look(key: string): Promise<Buffer>
  remove(key: string): Promise<void>
  /** Writes, reads and removes a small object: all that will be needed later. */
  tryOut(): Promise<void>
  /** Does it answer at all? */
  isThere(): Promise<boolean>
}

/** A file has at most 50 MB; a store that needs longer is down for our purposes. */
const CALL_MS = 60_000
const LOOK_MS = 2_000
/** Answers 5xx and 429 are tried again so often, with growing pauses from 200 ms. */
const RETRIES = 2

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const troubleOf = (status: number): BucketTrouble =>
  status === 404 ? 'missing' : status === 429 || status >= 500 ? 'unreachable' : 'refused'

/** The code in the XML of a refusal, e.g. `SignatureDoesNotMatch`. */
const codeOf = (body: string): string => /<Code>([\w.-]{1,80})<\/Code>/.exec(body)?.[1] ?? ''

export function openBucket({ url, region, accessKey, secretKey }: BucketConfig): Bucket {
  const client = new AwsClient({
    accessKeyId: accessKey,
    secretAccessKey: secretKey,
    service: 's3',
    region,
    retries: RETRIES,
    initRetryMs: 200,
  })

  async function call(method: string, key: string, more: { body?: Uint8Array<ArrayBuffer>; digest?: string } = {}): Promise<Buffer> {
    const where = key === '' ? url : `${url}/${key}`
    const { body, digest } = more
    try {
      const answer = await client.fetch(where, {
        method,
        signal: AbortSignal.timeout(CALL_MS),
        // the digest is part of what is signed: the store refuses bytes that were changed on their way
        ...(digest ? { headers: { 'x-amz-content-sha256': digest, 'content-type': 'application/octet-stream' } } : {}),
        ...(body ? { body } : {}),
      })
      const bytes = Buffer.from(await answer.arrayBuffer())
      if (answer.ok) return bytes
      const code = codeOf(bytes.toString('utf8', 0, 4_096))
      throw new BucketError(troubleOf(answer.status), `${method} ${where}: ${answer.status}${code ? ` ${code}` : ''}`)
    } catch (error) {
      if (error instanceof BucketError) throw error
      const { cause, message } = error as Error
      const why = (cause as { code?: string } | undefined)?.code ?? message
      throw new BucketError('unreachable', `${method} ${where}: ${why}`, error)
    }
  }

  async function get(key: string, digest: string): Promise<Buffer> {
    const bytes = await call('GET', key)
    if (sha256Of(bytes) !== digest) throw new BucketError('damaged', `${key} in the bucket is not what was put there`)
    return bytes
  }
  async function put(key: string, bytes: Buffer, digest: string): Promise<void> {
    await call('PUT', key, { body: new Uint8Array(bytes), digest })
    await get(key, digest)
  }
  async function remove(key: string): Promise<void> {
    await call('DELETE', key).catch((error: unknown) => {
      if (!(error instanceof BucketError && error.trouble === 'missing')) throw error
    })
  }

  return {
    url,
    put,
    get,
    look: (key) => call('GET', key),
    remove,
    async tryOut() {
      const key = 'changbai-tries-the-bucket'
      const bytes = Buffer.from('written, read and removed at each start')
      await put(key, bytes, sha256Of(bytes))
      await remove(key)
    },
    async isThere() {
      try {
        const request = await client.sign(url, { method: 'HEAD' })
        return (await fetch(request, { signal: AbortSignal.timeout(LOOK_MS) })).ok
      } catch {
        return false
      }
    },
  }
}
