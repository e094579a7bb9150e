import type { FastifyReply, FastifyRequest } from 'fastify'
import { systemActor } from '../../platform/actor.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import type { App } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { noteTallies, tokenOf } from '../telemetry/index.ts'
import { readAlerts, readWebhook } from './intake/alertmanager.domain.ts'
import { type Incoming, MalformedError } from './intake/incoming.domain.ts'
import { readEve, readFastNetMon, readRedfish } from './intake/sensors.domain.ts'
import { DecisionQueue } from './intake.queue.ts'

/** Alertmanager sends 256 alerts at most; an EVE batch of a busy minute stays below this too. */
const BODY_BYTES_MAX = 8 * 1024 * 1024
const TALLY_MILLISECONDS = 2_000

type Told = Parameters<typeof noteTallies>[1]
type Tallies = Told extends ReadonlyMap<infer K, infer V> ? Map<K, V> : never

type Read = (body: string, now: number, address: string) => Incoming[]
const json = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new MalformedError((error as Error).message)
  }
}

/**
 * The doors for alarms: outside /api, without sessions, each with the token of its source as bearer, as password, or in the path for senders that can
 * only be told an address. Decided and durable before the answer: 200 means that it is known who was told, or why nobody was.
 */
export function alarmIntakeRoutes(app: App, { door, log }: Runtime): void {
  // counted apart from the decision: the row of the source would make every sender of it wait for the one before
  let tallies: Tallies = new Map()
  const count = (sourceId: string, request: FastifyRequest, bytes: number, malformed?: string): void => {
    const tally = tallies.get(sourceId) ?? { requests: 0, bytes: 0, samples: 0, rejected: 0, address: '', sender: '', reasons: new Map() }
    tally.requests += 1
    tally.bytes += bytes
    tally.address = request.ip
    tally.sender = String(request.headers['user-agent'] ?? '')
    if (malformed !== undefined) {
      tally.rejected += 1
      tally.reasons.set('malformed', { count: (tally.reasons.get('malformed')?.count ?? 0) + 1, example: malformed })
    }
    tallies.set(sourceId, tally)
  }
  const flush = async (): Promise<void> => {
    const told = tallies
    tallies = new Map()
    if (told.size > 0)
      await door
        .enter({ actor: systemActor('alarm-intake') }, (ctx) => noteTallies(ctx, told))
        .catch((err) => log.warn({ err }, 'intake was not counted'))
  }
  const queue = new DecisionQueue(door)
  const timer = setInterval(() => void flush(), TALLY_MILLISECONDS)
  timer.unref()
  app.addHook('onClose', async () => {
    clearInterval(timer)
    await queue.settle()
    await flush()
  })

  const take = (read: Read) => async (request: FastifyRequest, reply: FastifyReply) => {
    const inPath = (request.params as { token?: string }).token ?? ''
    const token = tokenOf(request.headers.authorization) || inPath
    const body = String(request.body ?? '')
    try {
      const answer = await queue.take({
        tokenSha256: token === '' ? '' : sha256Hex(token),
        bytes: body.length,
        read: (now) => read(body, now, request.ip),
      })
      if (answer.is === 'unknown')
        return await reply
          .status(401)
          .header('www-authenticate', 'Bearer')
          .type('text/plain; charset=utf-8')
          .send('the token is unknown, not approved or revoked')
      count(answer.sourceId, request, body.length, answer.is === 'malformed' ? answer.why : undefined)
      if (answer.is === 'malformed') return await reply.status(400).type('text/plain; charset=utf-8').send(answer.why)
      const { taken, begun, fired, closed } = answer
      return await reply.status(200).send({ taken, begun, fired, closed })
    } catch (error) {
      log.warn({ err: error }, 'alarms not taken, the sender will come back')
      return reply.status(503).header('retry-after', 5).send('busy, send it again')
    }
  }
  const alerts = take((body, now) => readAlerts(json(body), now))
  const ready = async (): Promise<object> => ({
    cluster: { status: 'disabled', peers: [] },
    versionInfo: { version: '0.27.0' },
    uptime: new Date(0).toISOString(),
    config: { original: '' },
  })

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_BYTES_MAX }, (_request, body, done) => done(null, body))
    const raw = { bodyLimit: BODY_BYTES_MAX, config: { rateLimit: false as const } }
    for (const prefix of ['/intake/alertmanager', '/intake/alertmanager/:token']) {
      scope.post(`${prefix}/api/v2/alerts`, raw, alerts)
      scope.get(`${prefix}/api/v2/status`, raw, ready)
    }
    for (const prefix of ['/intake', '/intake/with/:token']) {
      scope.post(
        `${prefix}/webhook`,
        raw,
        take((body, now) => readWebhook(json(body), now).alerts),
      )
      scope.post(
        `${prefix}/suricata`,
        raw,
        take((body, now) => readEve(body, now)),
      )
      scope.post(
        `${prefix}/fastnetmon`,
        raw,
        take((body, now) => readFastNetMon(json(body), now)),
      )
      scope.post(
        `${prefix}/redfish`,
        raw,
        take((body, now, address) => readRedfish(json(body), now, address)),
      )
    }
  })
}
