import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { type ExporterKind, exporterKinds } from '@changbai/contract/telemetry.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { systemActor } from '../../platform/actor.ts'
import type { App } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { listTargets } from './discovery.service.ts'
import type { Intake, Received, SourceRecord } from './intake.ts'
import type { Decoded } from './wire/decoded.domain.ts'
import { decodeOtlp, decodeOtlpJson } from './wire/otlp.domain.ts'
import { ProtobufError } from './wire/protobuf.domain.ts'
import { decodeWriteV1, decodeWriteV2 } from './wire/remote-write.domain.ts'
import { unpackSnappy } from './wire/snappy.domain.ts'

/** A request as sent, and unpacked: senders stay far below (2,000 samples are 60 kB). */
const BODY_BYTES_MAX = 16 * 1024 * 1024
const UNPACKED_BYTES_MAX = 64 * 1024 * 1024
const RETRY_SECONDS = 5

const unzip = promisify(gunzip)

/** Bearer, or the password of basic authentication: what every sender can be configured with. */
export function tokenOf(authorization: string | undefined): string {
  const [scheme = '', rest = ''] = (authorization ?? '').split(' ')
  if (/^bearer$/i.test(scheme)) return rest
  if (/^basic$/i.test(scheme))
    return Buffer.from(rest, 'base64')
      .toString('utf8')
      .replace(/^[^:]*:/, '')
  return ''
}

const refusedCount = ({ rejected }: Received): number => [...rejected.values()].reduce((sum, { count }) => sum + count, 0)
const whyRefused = (received: Received): string =>
  [...received.rejected].map(([reason, { count, example }]) => `${count} ${reason}, e.g. ${example}`).join('; ')
const refusal = (reason: 'malformed' | 'unsupported' | 'busy', example: string): Received => ({
  written: 0,
  rejected: new Map([[reason, { count: 1, example }]]),
})

/** The doors for senders: outside /api, without sessions, each with the token of its source. */
export function intakeRoutes(app: App, runtime: Runtime, intake: Intake): void {
  const { door, log } = runtime

  const authorise = async (request: FastifyRequest, reply: FastifyReply): Promise<SourceRecord | undefined> => {
    const source = await intake.sourceOf(tokenOf(request.headers.authorization)).catch(() => null)
    if (source === null) await reply.status(503).header('retry-after', RETRY_SECONDS).send('the store is away')
    else if (!source) await reply.status(401).header('www-authenticate', 'Bearer').send('the token is unknown, not approved or revoked')
    return source ?? undefined
  }
  const count = (source: SourceRecord, request: FastifyRequest, received: Received): void =>
    intake.count(
      source,
      {
        address: request.ip,
        sender: String(request.headers['user-agent'] ?? ''),
        bytes: Buffer.isBuffer(request.body) ? request.body.length : 0,
      },
      received,
    )

  async function takeWrite(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const source = await authorise(request, reply)
    if (!source) return reply
    const type = String(request.headers['content-type'] ?? '')
      .replaceAll(' ', '')
      .toLowerCase()
    const encoding = String(request.headers['content-encoding'] ?? '').toLowerCase()
    const isV2 = type === 'application/x-protobuf;proto=io.prometheus.write.v2.request'
    const isV1 = type === 'application/x-protobuf' || type === 'application/x-protobuf;proto=prometheus.writerequest'
    const body = request.body as Buffer
    const answer = (status: number, received: Received, text = ''): FastifyReply => {
      count(source, request, received)
      if (isV2) {
        reply.header('x-prometheus-remote-write-samples-written', String(received.written))
        reply.header('x-prometheus-remote-write-histograms-written', '0')
        reply.header('x-prometheus-remote-write-exemplars-written', '0')
      }
      return reply.status(status).type('text/plain; charset=utf-8').send(text)
    }
    if (encoding !== 'snappy' || !(isV1 || isV2)) {
      const what = `${type || 'no content type'}, ${encoding || 'no content encoding'}`
      return answer(415, refusal('unsupported', what), `remote write 1.0 or 2.0 with snappy is taken, not ${what}`)
    }
    let decoded: Decoded
    try {
      const unpacked = unpackSnappy(body, UNPACKED_BYTES_MAX)
      decoded = isV2 ? decodeWriteV2(unpacked) : decodeWriteV1(unpacked)
    } catch (error) {
      return answer(400, refusal('malformed', (error as Error).message), (error as Error).message)
    }
    try {
      const received = await intake.receive(source, decoded, isV1 ? body : null)
      const refused = refusedCount(received)
      if (refused === 0) return answer(204, received)
      return answer(400, received, `${refused} of ${refused + received.written} refused, the others are written: ${whyRefused(received)}`)
    } catch (error) {
      // labels are read when their series is looked up: what cannot be read must not come back again and again
      if (error instanceof ProtobufError) return answer(400, refusal('malformed', error.message), error.message)
      log.warn({ err: error, source: source.name }, 'samples not taken, the sender will come back')
      reply.header('retry-after', RETRY_SECONDS)
      return answer(503, refusal('busy', (error as Error).message.slice(0, 300)), 'busy, send it again')
    }
  }

  async function takeOtlp(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const source = await authorise(request, reply)
    if (!source) return reply
    const isJson = /^application\/json\b/i.test(String(request.headers['content-type']))
    const isProto = /^application\/x-protobuf\b/i.test(String(request.headers['content-type']))
    reply.type(isJson ? 'application/json' : 'application/x-protobuf')
    const refuse = (status: number, code: number, reason: 'malformed' | 'unsupported' | 'busy', message: string): FastifyReply => {
      count(source, request, refusal(reason, message.slice(0, 300)))
      return reply.status(status).send(isJson ? JSON.stringify({ code, message }) : statusBytes(code, message))
    }
    if (!isJson && !isProto) return refuse(415, 3, 'unsupported', 'application/x-protobuf or application/json')
    let decoded: Decoded
    try {
      const encoding = String(request.headers['content-encoding'] ?? 'identity')
      if (encoding !== 'gzip' && encoding !== 'identity') return refuse(415, 3, 'unsupported', `content encoding ${encoding}`)
      const body = request.body as Buffer
      const bytes = encoding === 'gzip' ? await unzip(body, { maxOutputLength: UNPACKED_BYTES_MAX }) : body
      decoded = isJson ? decodeOtlpJson(bytes.toString('utf8')) : decodeOtlp(bytes)
    } catch (error) {
      return refuse(400, 3, 'malformed', (error as Error).message)
    }
    try {
      const received = await intake.receive(source, decoded, null)
      count(source, request, received)
      const refused = refusedCount(received)
      const message = refused > 0 ? whyRefused(received).slice(0, 1000) : ''
      if (isJson)
        return reply.send(
          JSON.stringify(refused > 0 ? { partialSuccess: { rejectedDataPoints: String(refused), errorMessage: message } } : {}),
        )
      return reply.send(refused > 0 ? partialSuccessBytes(refused, message) : Buffer.alloc(0))
    } catch (error) {
      if (error instanceof ProtobufError) return refuse(400, 3, 'malformed', error.message)
      log.warn({ err: error, source: source.name }, 'samples not taken, the sender will come back')
      reply.header('retry-after', RETRY_SECONDS)
      return refuse(503, 14, 'busy', 'busy, send it again')
    }
  }

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_BYTES_MAX }, (_request, body, done) => done(null, body))
    const raw = { bodyLimit: BODY_BYTES_MAX, config: { rateLimit: false as const }, decompress: false as const, compress: false as const }
    scope.post('/intake/prometheus/write', raw, takeWrite)
    scope.post('/intake/otlp/v1/metrics', raw, takeOtlp)
    scope.get('/intake/sd/:kind', { config: { rateLimit: false } }, async (request, reply) => {
      const source = await authorise(request, reply)
      if (!source) return reply
      const { kind } = request.params as { kind: string }
      if (!exporterKinds.includes(kind as ExporterKind)) return reply.status(404).send(`known are ${exporterKinds.join(', ')}`)
      // an empty list would take every target off the schedule: a failure must never look like one
      const groups = await door
        .enter({ actor: systemActor('telemetry'), readOnly: true }, (ctx) => listTargets(ctx, kind as ExporterKind))
        .catch((err) => {
          log.error({ err, kind }, 'targets could not be listed')
          return null
        })
      if (!groups) return reply.status(503).header('retry-after', RETRY_SECONDS).send('the inventory cannot be read now')
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(groups))
    })
  })
}

const varint = (value: number): number[] => {
  const bytes: number[] = []
  let rest = value
  while (rest > 127) {
    bytes.push((rest % 128) | 0x80)
    rest = Math.floor(rest / 128)
  }
  return [...bytes, rest]
}
/** `google.rpc.Status {code=1, message=2}`. */
function statusBytes(code: number, message: string): Buffer {
  const text = Buffer.from(message)
  return Buffer.concat([Buffer.from([0x08, code, 0x12, ...varint(text.length)]), text])
}
/** `ExportMetricsServiceResponse {partial_success=1 {rejected_data_points=1, error_message=2}}`. */
function partialSuccessBytes(refused: number, message: string): Buffer {
  const text = Buffer.from(message)
  const inner = Buffer.concat([Buffer.from([0x08, ...varint(refused), 0x12, ...varint(text.length)]), text])
  return Buffer.concat([Buffer.from([0x0a, ...varint(inner.length)]), inner])
}
