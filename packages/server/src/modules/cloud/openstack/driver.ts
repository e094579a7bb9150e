import { createHash } from 'node:crypto'
import { type OpenstackSettings, openstackSettings } from '@changbai/contract/cloud.ts'
import type { Asking, Driver, Found, Outcome, Want } from '../driver.ts'
import type { ReadBatch, ReadThing } from '../reading.ts'
import { act } from './act.ts'
import { CallEnded } from './answer.ts'
import { capacity, flavors, images } from './catalogue.ts'
import * as identity from './identity.ts'
import { ensureBy, type Maker, record, records, removeBy, str } from './maker.ts'
import * as networking from './network.ts'
import { quota } from './quota.ts'
import { readOneThing, readOpenstack } from './readings.ts'
import { server, serverGroup } from './server.ts'
import { type Acquaintance, Session, strangers } from './session.ts'
import { volume } from './volume.ts'

const makers: { [K in Want['kind']]: Maker<K> } = {
  project: identity.project,
  user: identity.user,
  quota,
  network: networking.network,
  subnet: networking.subnet,
  router: networking.router,
  securityGroup: networking.securityGroup,
  port: networking.port,
  address: networking.address,
  volume,
  serverGroup,
  server,
}

/** A want and its maker have the same kind, which the type of a table cannot say. */
const makerOf = (asking: Asking): Maker<Want['kind']> => makers[asking.want.kind] as unknown as Maker<Want['kind']>

/** One ensure or remove is several calls; together they may take three times the limit of one. */
const wholeSeconds = (settings: OpenstackSettings): number => Math.ceil(settings.callSeconds * 3)

async function within(run: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof CallEnded) return error.outcome
    throw error
  }
}

/** @param at the product's clock when the asking was planned */
export function openstackDriver(settings: OpenstackSettings, secret: string, at: Temporal.Instant): Driver {
  const session = new Session(settings, secret, at, knownOf(settings, secret))
  const limited = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(wholeSeconds(settings) * 1000)])
  return {
    name: 'openstack',
    can: (kind) => kind !== 'address' || settings.externalNetworkName !== undefined,
    ensure: (asking, signal) => within(() => ensureBy(makerOf(asking), session, asking, limited(signal))),
    remove: (asking: Asking, signal) => within(() => removeBy(makerOf(asking), session, asking, limited(signal))),
    act: (acting, signal) => act(session, acting, limited(signal)),
    async look(signal) {
      const endpoints = await session.endpoints(signal)
      const services = []
      for (const [type, url] of Object.entries(endpoints))
        services.push({ type, url, version: await session.version(type as 'compute', signal) })
      return {
        services,
        capacity: await capacity(session, signal),
        images: await images(session, signal),
        flavors: await flavors(session, signal),
      }
    },
    async list(projectIds, signal) {
      const found: Found[] = []
      for (const projectId of projectIds) {
        const servers = await session.call('GET', 'compute', '/servers/detail', signal, { projectId })
        for (const row of records(record(servers.body).servers)) {
          const key = str(record(row.metadata)['changbai-key'])
          if (key) found.push({ kind: 'server', key, externalId: str(row.id), createdAt: str(row.created) })
        }
        const volumes = await session.call('GET', 'volume', '/volumes/detail', signal, { projectId })
        for (const row of records(record(volumes.body).volumes)) {
          const key = str(record(row.metadata)['changbai-key'])
          if (key) found.push({ kind: 'volume', key, externalId: str(row.id), createdAt: str(row.created_at) })
        }
      }
      return found
    },
  }
}

/** Tokens are worth keeping between calls; a changed connection starts anew. */
const acquaintances = new Map<string, Acquaintance>()
const MAX_ACQUAINTANCES = 16
function knownOf(settings: OpenstackSettings, secret: string): Acquaintance {
  const slot = createHash('sha256')
    .update(JSON.stringify([settings, secret]))
    .digest('hex')
  let known = acquaintances.get(slot)
  if (!known) {
    if (acquaintances.size >= MAX_ACQUAINTANCES) acquaintances.clear()
    known = strangers()
    acquaintances.set(slot, known)
  }
  return known
}

/** Reads one thing; null when it is not there. */
export function readOneOfOpenstack(
  settings: Record<string, unknown>,
  secret: string,
  at: Temporal.Instant,
  thing: { kind: ReadBatch['kind']; externalId: string },
  signal: AbortSignal,
): Promise<ReadThing | null> {
  const parsed = openstackSettings.parse(settings)
  return readOneThing(new Session(parsed, secret, at, knownOf(parsed, secret)), thing, signal)
}

/** Reads everything of the cloud in bounded pages. @param quotaProjects whose limits are read, too */
export function readOpenstackCloud(
  settings: Record<string, unknown>,
  secret: string,
  at: Temporal.Instant,
  quotaProjects: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<ReadBatch> {
  const parsed = openstackSettings.parse(settings)
  const day = (instant: Temporal.Instant) => instant.toString({ smallestUnit: 'second' }).replace('Z', '')
  const usage = { from: day(at.subtract({ hours: 24 })), to: day(at) }
  return readOpenstack(new Session(parsed, secret, at, knownOf(parsed, secret)), quotaProjects, usage, signal)
}
