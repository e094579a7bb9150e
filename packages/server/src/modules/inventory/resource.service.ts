import { type HardwareModel, inventoryProblems, type Network, type Server, type Volume } from '@changbai/contract/inventory.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { addItem, changeItem, lockForChange, retireLocked, type Via } from './item.service.ts'
import { findBySource, findItem, type Item, unitTaken } from './items.store.ts'
import { kinds } from './kinds.store.ts'

type Resource = 'server' | 'volume' | 'network'

/** What made it, e.g. a work order line: recording the same source again changes the one item and never makes a second. */
export interface Source {
  type: string
  id: string
}
interface Made {
  source: Source
  tenantId: string
  applicationId: string
  connectionId?: string | null
  externalId?: string | null
}
type Fields<T, K extends keyof T> = Partial<Pick<T, K>>
type Left = 'env' | 'state' | 'zone' | 'usageUntil' | 'note'

export type ServerRecord = Made &
  Pick<Server, 'kind' | 'name' | 'vcpu' | 'memGiB'> &
  Fields<
    Server,
    | Left
    | 'rootGiB'
    | 'os'
    | 'addresses'
    | 'poolId'
    | 'flavorId'
    | 'imageId'
    | 'hardwareModelId'
    | 'rackId'
    | 'rackUnit'
    | 'serialNo'
    | 'bmcAddress'
    | 'deliveredAt'
  >
export type VolumeRecord = Made & Pick<Volume, 'kind' | 'name' | 'gib'> & Fields<Volume, Left | 'tier' | 'serverId' | 'poolId'>
export type NetworkRecord = Made &
  Pick<Network, 'kind' | 'name'> &
  Fields<Network, Left | 'cidr' | 'address' | 'domain' | 'bandwidthMbps' | 'rules' | 'serverId'>

const common = { env: 'PROD', state: 'ACTIVE', zone: '', usageUntil: null, note: '', connectionId: null, externalId: null }
const emptyResource: Record<Resource, Readonly<Record<string, unknown>>> = {
  server: {
    ...common,
    rootGiB: 0,
    os: '',
    addresses: [],
    poolId: null,
    flavorId: null,
    imageId: null,
    hardwareModelId: null,
    rackId: null,
    rackUnit: null,
    serialNo: '',
    bmcAddress: null,
    deliveredAt: null,
  },
  volume: { ...common, tier: null, serverId: null, poolId: null },
  network: { ...common, cidr: null, address: null, domain: '', bandwidthMbps: null, rules: [], serverId: null },
}

async function recordResource(ctx: Ctx, type: Resource, { source, ...values }: Made, via: Via): Promise<Item> {
  const known = await findBySource(ctx.db, kinds[type], source)
  if (!known) return addResource(ctx, type, { ...values, sourceType: source.type, sourceId: source.id }, via)
  const item = await lockForChange(ctx, type, known.id, undefined, null)
  await checkPlace(ctx, type, { ...item, ...values })
  return changeItem(ctx, type, item, { ...values, tenantId: await tenantOf(ctx, values as unknown as Record<string, unknown>) }, via)
}

/** Adds a resource with its defaults, in the bureau of its application, on a model that may be used and a free place. */
export async function addResource(ctx: Ctx, type: Resource, values: Readonly<Record<string, unknown>>, via: Via): Promise<Item> {
  const full = { ...emptyResource[type], ...values }
  await checkPlace(ctx, type, full)
  return addItem(ctx, type, { ...full, tenantId: await tenantOf(ctx, full) }, via)
}

/** A resource of an application belongs to that application's bureau, whatever was said. */
async function tenantOf(ctx: Ctx, values: Readonly<Record<string, unknown>>): Promise<unknown> {
  if (typeof values.applicationId !== 'string') return values.tenantId ?? null
  const application =
    (await findItem(ctx.db, kinds.application, values.applicationId)) ?? fail(commonProblems.notFound, { what: 'application' })
  if (application.retiredAt !== null) fail(inventoryProblems.retired)
  return application.tenantId
}

/** A physical server stands on free units of one rack, and its model has passed its acceptance test. @clause 3.2.3-(2) */
export async function checkPlace(ctx: Ctx, type: Resource, values: Readonly<Record<string, unknown>>): Promise<void> {
  if (type !== 'server') return
  const { hardwareModelId, rackId, rackUnit, id } = values
  const model = typeof hardwareModelId === 'string' ? await acceptedModel(ctx, hardwareModelId) : undefined
  if (typeof rackId !== 'string' || typeof rackUnit !== 'number') return
  const rack = (await findItem(ctx.db, kinds.rack, rackId)) ?? fail(commonProblems.notFound, { what: 'rack' })
  const height = model?.rackUnits ?? 1
  if (rackUnit + height - 1 > Number(rack.units))
    fail(inventoryProblems.placeTaken, { rack: rack.name, unit: rackUnit + height - 1, by: '—' })
  const taken = await unitTaken(ctx.db, rackId, rackUnit, height, typeof id === 'string' ? id : NO_ID)
  if (taken) fail(inventoryProblems.placeTaken, { rack: rack.name, unit: taken.unit, by: taken.name })
}
const NO_ID = '00000000-0000-0000-0000-000000000000'

/** @throws inventoryProblems.notAccepted unless its latest acceptance test passed */
export async function acceptedModel(ctx: Ctx, hardwareModelId: string): Promise<HardwareModel> {
  const model = ((await findItem(ctx.db, kinds.hardwareModel, hardwareModelId)) ??
    fail(commonProblems.notFound, { what: 'hardwareModel' })) as unknown as HardwareModel
  if (model.acceptance !== 'PASS' || model.retiredAt !== null)
    fail(inventoryProblems.notAccepted, { name: `${model.vendor} ${model.model}` })
  return model
}

/** Enters or updates what a procedure built; the same source always means the same server. */
export const recordServer = async (ctx: Ctx, server: ServerRecord, via: Via = 'PROVISIONING') =>
  (await recordResource(ctx, 'server', server, via)) as unknown as Server
export const recordVolume = async (ctx: Ctx, volume: VolumeRecord, via: Via = 'PROVISIONING') =>
  (await recordResource(ctx, 'volume', volume, via)) as unknown as Volume
export const recordNetwork = async (ctx: Ctx, network: NetworkRecord, via: Via = 'PROVISIONING') =>
  (await recordResource(ctx, 'network', network, via)) as unknown as Network

/** What a procedure made is gone, e.g. compensated: its record goes out of use. Nothing happens if it was never recorded or is out already. */
export async function retireBySource(ctx: Ctx, type: Resource, source: Source, reason: string, via: Via = 'PROVISIONING'): Promise<void> {
  const known = await findBySource(ctx.db, kinds[type], source)
  if (!known || known.retiredAt !== null) return
  const item = await lockForChange(ctx, type, known.id, undefined, null)
  await retireLocked(ctx, type, item, reason, via)
}
