import type { FastifyReply, FastifyRequest } from 'fastify'
import { takeNotifications } from '../modules/cloud/index.ts'
import { activeSource, noteTallies, tokenOf } from '../modules/telemetry/index.ts'
import { systemActor } from '../platform/actor.ts'
import { sha256Hex } from '../platform/crypto.ts'
import type { App } from '../platform/mount.ts'
import type { Runtime } from '../platform/runtime.ts'

/** A forwarder sends a few messages at once; a batch of a thousand is some 3 MB. */
const BODY_BYTES_MAX = 8 * 1024 * 1024
const RETRY_SECONDS = 5

/**
 * The door for notifications of Nova, Neutron and Cinder: outside /api, without a session, with the token of an approved source. 202 tells how many
 * things will be read again; what the messages say of them is not believed.
 */
export function cloudIntakeRoutes(app: App, { door, log }: Runtime): void {
  const take = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const token = tokenOf(request.headers.authorization)
    const text = String(request.body ?? '')
    let body: unknown
    try {
      body = JSON.parse(text)
    } catch {
      return reply.status(400).type('text/plain; charset=utf-8').send('not JSON')
    }
    try {
      const taken = await door.enter({ actor: systemActor('cloud-intake') }, async (ctx) => {
        const source = token === '' ? undefined : await activeSource(ctx, sha256Hex(token))
        if (!source) return null
        const things = await takeNotifications(ctx, body)
        const sender = String(request.headers['user-agent'] ?? '')
        const tally = { requests: 1, bytes: text.length, samples: things, rejected: 0, address: request.ip, sender, reasons: new Map() }
        await noteTallies(ctx, new Map([[source.id, tally]]))
        return things
      })
      if (taken === null)
        return reply.status(401).header('www-authenticate', 'Bearer').send('the token is unknown, not approved or revoked')
      return reply.status(202).send({ taken })
    } catch (error) {
      log.warn({ err: error }, 'notifications not taken, the sender will come back')
      return reply.status(503).header('retry-after', RETRY_SECONDS).send('busy, send it again')
    }
  }
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_BYTES_MAX }, (_request, body, done) => done(null, body))
    scope.post('/intake/openstack', { bodyLimit: BODY_BYTES_MAX, config: { rateLimit: false as const } }, take)
  })
}
