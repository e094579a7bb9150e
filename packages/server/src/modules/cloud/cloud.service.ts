import {
  type Capacity,
  type CapacityCheck,
  type Connection,
  type cloudApi,
  cloudProblems,
  openstackSettings,
  simulatorSettings,
} from '@changbai/contract/cloud.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import {
  activeConnection,
  type ConnectionRow,
  connectionById,
  connections,
  insertConnection,
  lockConnection,
  type ResourceRow,
  resourcePage,
  retireActive,
  unbuiltDemand,
  updateConnection,
} from './cloud.store.ts'
import type { CloudCapacity, ResourceKind } from './driver.ts'
import { SECRET_PURPOSE } from './register.ts'
import { deleteFault, type FaultRow, faults, insertFault } from './simulator/simulator.store.ts'
import { simulateLook } from './simulator/simulator.ts'
import { openStrays } from './stray.store.ts'

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'cloud.look': { connectionId: string }
  }
}

const toConnection = (row: ConnectionRow): Connection => ({
  id: row.id,
  name: row.name,
  driver: row.driver,
  status: row.status,
  settings: row.settings,
  hasSecret: row.sealed_secret !== null,
  proposedBy: { id: row.proposed_by, name: row.proposed_by_name },
  proposedAt: row.proposed_at.toString(),
  decidedBy: row.decided_by_name === null ? null : { id: row.decided_by, name: row.decided_by_name },
  decidedAt: row.decided_at?.toString() ?? null,
  comment: row.comment,
  check: row.check_result,
})

/** What a fact may say of a connection: never the secret. */
const factOf = (row: ConnectionRow): object => ({ name: row.name, driver: row.driver, status: row.status, settings: row.settings })

export async function listConnections(ctx: Ctx): Promise<Reply<typeof cloudApi.connections>> {
  return { items: (await connections(ctx.db)).map(toConnection) }
}

export async function proposeConnection(
  ctx: Ctx,
  { connection }: Input<typeof cloudApi.proposeConnection>,
): Promise<Reply<typeof cloudApi.proposeConnection>> {
  const id = newId(ctx.now.epochMilliseconds)
  await insertConnection(ctx.db, {
    id,
    name: connection.name,
    driver: connection.driver,
    status: 'PROPOSED',
    settings: JSON.stringify(connection.settings),
    sealed_secret: connection.driver === 'openstack' ? ctx.crypto.seal(SECRET_PURPOSE, connection.secret) : null,
    proposed_by: ctx.actor.personId,
    proposed_by_name: ctx.actor.name,
    proposed_at: ctx.now,
  })
  const row = (await connectionById(ctx.db, id)) as ConnectionRow
  await ctx.record({ kind: 'cloud-connection.proposed', subject: { type: 'cloud-connection', id }, after: factOf(row) })
  await ctx.enqueue('cloud.look', { connectionId: id }, { key: id })
  return toConnection(row)
}

/** A second person puts a connection in force; the one before it retires. What it made stays under its own connection. */
export async function decideConnection(
  ctx: Ctx,
  { connectionId, approve, comment }: Input<typeof cloudApi.decideConnection>,
): Promise<Reply<typeof cloudApi.decideConnection>> {
  const row = (await lockConnection(ctx.db, connectionId)) ?? fail(commonProblems.notFound)
  if (row.status !== 'PROPOSED') fail(cloudProblems.notProposed)
  if (row.proposed_by === ctx.actor.personId) fail(cloudProblems.samePerson)
  if (approve) await retireActive(ctx.db)
  await updateConnection(ctx.db, connectionId, {
    status: approve ? 'ACTIVE' : 'REJECTED',
    decided_by: ctx.actor.personId,
    decided_by_name: ctx.actor.name,
    decided_at: ctx.now,
    comment,
  })
  const decided = (await connectionById(ctx.db, connectionId)) as ConnectionRow
  await ctx.record({
    kind: approve ? 'cloud-connection.approved' : 'cloud-connection.rejected',
    subject: { type: 'cloud-connection', id: connectionId },
    before: factOf(row),
    after: factOf(decided),
  })
  return toConnection(decided)
}

export async function checkConnection(
  ctx: Ctx,
  { connectionId }: Input<typeof cloudApi.checkConnection>,
): Promise<Reply<typeof cloudApi.checkConnection>> {
  const row = (await connectionById(ctx.db, connectionId)) ?? fail(commonProblems.notFound)
  await ctx.enqueue('cloud.look', { connectionId }, { key: connectionId })
  await ctx.record({ kind: 'cloud-connection.checked', subject: { type: 'cloud-connection', id: row.id } })
  return {}
}

export const requireConnection = async (ctx: Ctx): Promise<ConnectionRow> =>
  (await activeConnection(ctx.db)) ?? fail(cloudProblems.noConnection)

async function capacityOf(ctx: Ctx, row: ConnectionRow): Promise<CloudCapacity | null> {
  if (row.driver !== 'simulator') return row.capacity
  const settings = simulatorSettings.parse(row.settings)
  return (await simulateLook(ctx.db, { connectionId: row.id, settings })).capacity
}

/** Allocated counts what the cloud has in use and what is promised but not built. */
export async function readCapacity(ctx: Ctx): Promise<Reply<typeof cloudApi.capacity>> {
  const row = await requireConnection(ctx)
  const seen = await capacityOf(ctx, row)
  const promised = await unbuiltDemand(ctx.db, row.id)
  const names = ['vcpu', 'memGiB', 'diskGiB', 'publicAddresses'] as const
  return {
    connectionId: row.id,
    driver: row.driver,
    readAt: row.driver === 'simulator' ? ctx.now.toString() : (row.viewed_at?.toString() ?? null),
    dimensions: seen
      ? names.map((name) => {
          const allocated = seen[name].used + promised[name]
          return { name, total: seen[name].total, allocated, free: Math.max(0, seen[name].total - allocated) }
        })
      : [],
  }
}

/** Before an approval: does all of it fit? A cloud that was never read does not fit anything, it is unknown. */
export async function checkCapacity(ctx: Ctx, wanted: Input<typeof cloudApi.checkCapacity>): Promise<CapacityCheck> {
  const now = (await readCapacity(ctx)) as Capacity
  const lines = (['vcpu', 'memGiB', 'diskGiB', 'publicAddresses'] as const).map((name) => {
    const free = now.dimensions.find((one) => one.name === name)?.free ?? null
    return { name, wanted: wanted[name], free, fits: wanted[name] === 0 || (free !== null && wanted[name] <= free) }
  })
  return { ...now, fits: now.driver === 'manual' || lines.every((line) => line.fits), wanted: lines }
}

export async function readCatalogue(ctx: Ctx): Promise<Reply<typeof cloudApi.catalogue>> {
  const row = await requireConnection(ctx)
  if (row.driver === 'simulator') {
    const { images, flavors } = await simulateLook(ctx.db, { connectionId: row.id, settings: simulatorSettings.parse(row.settings) })
    return { readAt: ctx.now.toString(), images, flavors }
  }
  return { readAt: row.viewed_at?.toString() ?? null, images: row.images, flavors: row.flavors }
}

export const toResource = (row: ResourceRow) => ({
  id: row.id,
  key: row.key,
  kind: row.kind,
  name: row.name,
  state: row.state,
  externalId: row.external_id,
  connectionId: row.connection_id,
  ownerType: row.owner_type,
  ownerId: row.owner_id,
  attempts: row.attempts,
  askedAt: row.asked_at?.toString() ?? null,
  settledAt: row.settled_at?.toString() ?? null,
  lastError: row.last_error,
})

export async function listResources(ctx: Ctx, query: Input<typeof cloudApi.resources>): Promise<Reply<typeof cloudApi.resources>> {
  const cursor = readCursor(query.after)
  const rows = await resourcePage(ctx.db, { ...query, after: cursor ? { at: cursor[0], id: cursor[1] } : undefined })
  const { items, next } = pageOf(rows, query.limit, (row) => [row.created_at.toString(), row.id])
  return { items: items.map(toResource), next }
}

export async function listStrays(ctx: Ctx): Promise<Reply<typeof cloudApi.strays>> {
  const items = (await openStrays(ctx.db)).map((row) => ({
    connectionId: row.connection_id,
    externalId: row.external_id,
    kind: row.kind,
    key: row.key,
    verdict: row.verdict,
    firstSeenAt: row.first_seen_at.toString(),
    lastSeenAt: row.last_seen_at.toString(),
    lastError: row.last_error,
  }))
  return { items }
}

const toFault = (row: FaultRow) => ({
  id: row.id,
  connectionId: row.connection_id,
  resource: row.resource,
  fault: row.fault,
  remaining: row.remaining,
  createdAt: row.created_at.toString(),
})

export async function listFaults(ctx: Ctx): Promise<Reply<typeof cloudApi.faults>> {
  return { items: (await faults(ctx.db)).map(toFault) }
}

export async function injectFault(
  ctx: Ctx,
  { connectionId, resource, fault, times }: Input<typeof cloudApi.injectFault>,
): Promise<Reply<typeof cloudApi.injectFault>> {
  const connection = (await connectionById(ctx.db, connectionId)) ?? fail(commonProblems.notFound)
  if (connection.driver !== 'simulator') fail(cloudProblems.notSimulator)
  const row: FaultRow = { id: newId(), connection_id: connectionId, resource, fault, remaining: times, created_at: ctx.now }
  await insertFault(ctx.db, row)
  await ctx.record({
    kind: 'cloud-fault.injected',
    subject: { type: 'cloud-connection', id: connectionId },
    after: { resource, fault, times },
  })
  return toFault(row)
}

export async function clearFault(ctx: Ctx, { faultId }: Input<typeof cloudApi.clearFault>): Promise<Reply<typeof cloudApi.clearFault>> {
  if (!(await deleteFault(ctx.db, faultId))) fail(commonProblems.notFound)
  await ctx.record({ kind: 'cloud-fault.cleared', subject: { type: 'cloud-fault', id: faultId } })
  return {}
}

/** What the connection's cloud can make. */
export function canMake(row: ConnectionRow): (kind: ResourceKind) => boolean {
  if (row.driver === 'simulator') return () => true
  if (row.driver === 'manual') return () => false
  const settings = openstackSettings.parse(row.settings)
  return (kind) => kind !== 'address' || settings.externalNetworkName !== undefined
}

/** Are system disks volumes there, so that they count in the volume quota and fence the server? */
export const rootOnVolume = (row: ConnectionRow): boolean =>
  row.driver === 'simulator' || (row.driver === 'openstack' && openstackSettings.parse(row.settings).rootDisk === 'volume')

/** Has the cloud a network with public addresses, which a router must join? */
export const hasPublicNetwork = (row: ConnectionRow): boolean => row.driver !== 'manual' && canMake(row)('address')
