import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BucketConfig } from './bucket.ts'

/** What a call is answered instead of what it asks for: a status, `hang up`, or bytes other than those kept. */
export type Mischief = number | 'hang up' | 'other bytes'

export interface FakeBucket {
  config: BucketConfig
  objects: Map<string, Buffer>
  calls: string[]
  /** Asked at each call; by default nothing is wrong. */
  fault: (method: string, key: string) => Mischief | undefined
  stop(): Promise<void>
}

const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex')
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/** Signature version 4 of a call, from what really arrived; written from the protocol's description, not from the client. */
function signatureOf(request: IncomingMessage, path: string, secret: string): string {
  const header = String(request.headers.authorization)
  const [, , day, region, names] = /Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([\w;-]+)/.exec(header) ?? []
  const signed = (names ?? '').split(';')
  const canonical = [
    request.method,
    path,
    '',
    ...signed.map((name) => `${name}:${request.headers[name]}`),
    '',
    signed.join(';'),
    request.headers['x-amz-content-sha256'],
  ].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const text = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, sha256(canonical)].join('\n')
  const key = [String(day), String(region), 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`)
  return hmac(key, text).toString('hex')
}

/** A small strict store: refuses a wrong key, a wrong signature, bytes that are not those signed, and a bucket it does not have. */
export async function startFakeBucket(): Promise<FakeBucket> {
  const secretKey = 'a secret of forty characters, more or less'
  const fake: Omit<FakeBucket, 'config' | 'stop'> = { objects: new Map(), calls: [], fault: () => undefined }
  const server = createServer(async (request, reply) => {
    const body: Buffer[] = []
    for await (const piece of request) body.push(piece)
    const bytes = Buffer.concat(body)
    const path = String(request.url)
    const [, bucket, ...rest] = path.split('/')
    const key = rest.join('/')
    const { method = '' } = request
    const answer = (status: number, content: Buffer | string = ''): void => {
      reply.writeHead(status, { 'content-length': Buffer.byteLength(content) }).end(method === 'HEAD' ? undefined : content)
    }
    const refuse = (status: number, code: string): void => answer(status, `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`)
    fake.calls.push(`${method} ${key}`)
    const wrong = fake.fault(method, key)
    if (wrong === 'hang up') return request.socket.destroy()
    if (typeof wrong === 'number') return refuse(wrong, 'Mischief')
    const given = /Credential=([^/]+)\/.*Signature=([0-9a-f]{64})/.exec(String(request.headers.authorization))
    if (given?.[1] !== 'changbai') return refuse(403, 'InvalidAccessKeyId')
    if (given[2] !== signatureOf(request, path, secretKey)) return refuse(403, 'SignatureDoesNotMatch')
    if (bucket !== 'attachments') return refuse(404, 'NoSuchBucket')
    if (key === '') return answer(200)
    if (method === 'PUT') {
      if (request.headers['x-amz-content-sha256'] !== sha256(bytes)) return refuse(400, 'XAmzContentSHA256Mismatch')
      fake.objects.set(key, bytes)
      return answer(200)
    }
    if (method === 'DELETE') {
      fake.objects.delete(key)
      return answer(204)
    }
    const kept = fake.objects.get(key)
    if (!kept) return refuse(404, 'NoSuchKey')
    return answer(200, wrong === 'other bytes' ? Buffer.concat([kept, Buffer.from('!')]) : kept)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(fake, {
    config: { url: `http://127.0.0.1:${port}/attachments`, region: 'us-east-1', accessKey: 'changbai', secretKey },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}
