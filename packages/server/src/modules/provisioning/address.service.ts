import { provisioningProblems } from '@changbai/contract/provisioning.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { portAddresses, type ResourceRow, resourcesByKey } from '../cloud/index.ts'
import { baseParametersInForce } from '../inventory/index.ts'
import {
  type AddressPool,
  firstFreeAddress,
  firstFreePublic,
  firstFreeRange,
  isPublic,
  poolsFor,
  spanOf,
  toNumber,
} from './address.domain.ts'
import {
  addressesByKey,
  addressesHeld,
  holdActual,
  insertAddress,
  insertRange,
  keysHeldBy,
  lockAddresses,
  type RangeRow,
  rangeOf,
  rangesHeld,
  releaseKeys,
  releaseRange,
} from './address.store.ts'
import type { OrderRow } from './provisioning.store.ts'
import { networkKeys, type PlannedResource } from './steps.domain.ts'

interface Place {
  applicationId: string
  env: OrderRow['env']
  /** Code or kind of the zone. */
  zone: string
  /** The range that was approved by name; null leaves the choice to the pool. */
  cidr: string | null
}

const meets = (cidr: string, held: RangeRow): boolean => {
  const [a, b] = [spanOf(cidr), spanOf(held.cidr)]
  return a.first <= b.last && b.first <= a.last
}

/** A thing that is in the cloud, or may be. */
const mayExist = (state: string | undefined): boolean => state !== undefined && state !== 'ABSENT' && state !== 'INTENDED'

/**
 * The range of an application's network: the one it has, else the one approved, else the next free one of the zone's pools.
 * @throws provisioningProblems.rangeTaken if somebody else holds part of the approved one
 * @throws provisioningProblems.noAddresses if the pools are used up
 */
export async function allotRange(ctx: Ctx, place: Place): Promise<string> {
  await lockAddresses(ctx.db)
  const { applicationId, env } = place
  const own = await rangeOf(ctx.db, applicationId, env)
  if (own) return own.cidr
  const parameters = await baseParametersInForce(ctx)
  const pools = poolsFor(place.zone, parameters?.addressPools ?? [], parameters?.zones ?? [])
  const held = await rangesHeld(ctx.db)
  // a network from before ranges were kept has the range it was made with
  const [subnet] = await resourcesByKey(ctx.db, [networkKeys(applicationId, env).subnet])
  const made = subnet?.want.kind === 'subnet' && mayExist(subnet.state) ? subnet.want.cidr : null
  const wanted = made ?? place.cidr
  const allot = async (pool: string, cidr: string): Promise<string> => {
    const row = { id: newId(), pool, cidr, application_id: applicationId, env, allotted_at: ctx.now, released_at: null }
    await insertRange(ctx.db, row)
    await ctx.record({
      kind: 'address-range.allotted',
      subject: { type: 'application', id: applicationId },
      after: { pool, cidr, env },
    })
    return cidr
  }
  if (wanted) {
    if (held.some((one) => meets(wanted, one))) fail(provisioningProblems.rangeTaken, { cidr: wanted })
    return allot(pools.find((pool) => within(wanted, pool))?.name ?? '', wanted)
  }
  const prefix = ctx.plan.number('provisioning.networkPrefix')
  for (const pool of pools) {
    const cidr = firstFreeRange(
      pool,
      prefix,
      held.map((one) => spanOf(one.cidr)),
    )
    if (cidr) return allot(pool.name, cidr)
  }
  return fail(provisioningProblems.noAddresses, { pool: pools.map((pool) => pool.name).join('、') })
}

const within = (cidr: string, pool: AddressPool): boolean => {
  const [inner, outer] = [spanOf(cidr), spanOf(pool.cidr)]
  return inner.first >= outer.first && inner.last <= outer.last
}

/**
 * Gives every port and public address of a planned line its address. One that has an address keeps it.
 * @throws provisioningProblems.noAddresses if range or pool is used up
 */
export async function allotAddresses(
  ctx: Ctx,
  order: Pick<OrderRow, 'application_id' | 'env'>,
  lineId: string,
  resources: readonly PlannedResource[],
): Promise<PlannedResource[]> {
  const wanting = resources.filter(({ want }) => want.kind === 'port' || want.kind === 'address')
  if (wanting.length === 0) return [...resources]
  await lockAddresses(ctx.db)
  const range = await rangeOf(ctx.db, order.application_id, order.env)
  if (!range) throw new Error(`application ${order.application_id} has no range for ${order.env}`)
  const known = await addressesByKey(
    ctx.db,
    wanting.map(({ key }) => key),
  )
  const inner = new Set([
    ...(await addressesHeld(ctx.db, range.id)).map(toNumber),
    ...(await portAddresses(ctx.db, networkKeys(order.application_id, order.env).subnet)).map(toNumber),
  ])
  const outer = new Set((await addressesHeld(ctx.db, null)).map(toNumber))
  const publicPools = ((await baseParametersInForce(ctx))?.addressPools ?? []).filter(isPublic)
  const give = async (key: string, pool: string, address: string, rangeId: string | null): Promise<void> => {
    const row = { id: newId(), pool, address, range_id: rangeId, resource_key: key, line_id: lineId, allotted_at: ctx.now }
    await insertAddress(ctx.db, row)
    known.set(key, address)
  }
  for (const { key, want } of wanting) {
    if (known.has(key)) continue
    if (want.kind === 'port') {
      const address = firstFreeAddress(range.cidr, inner) ?? fail(provisioningProblems.noAddresses, { pool: range.cidr })
      inner.add(toNumber(address))
      await give(key, range.pool, address, range.id)
    } else if (publicPools.length > 0) {
      const found = publicPools.flatMap((pool) => {
        const address = firstFreePublic(pool, outer)
        return address ? [{ pool: pool.name, address }] : []
      })[0]
      if (!found) return fail(provisioningProblems.noAddresses, { pool: publicPools.map((pool) => pool.name).join('、') })
      outer.add(toNumber(found.address))
      await give(key, found.pool, found.address, null)
    }
  }
  return resources.map((one) => {
    const address = known.get(one.key) ?? null
    return one.want.kind === 'port' || one.want.kind === 'address' ? { ...one, want: { ...one.want, address } } : one
  })
}

/** Public addresses as the cloud gave them: one that others had taken was replaced by the cloud. */
export async function keepActualAddresses(ctx: Ctx, lineId: string, rows: readonly ResourceRow[]): Promise<void> {
  for (const row of rows) {
    const actual = row.facts.address
    if (row.want.kind !== 'address' || !row.want.address || !actual || actual === row.want.address) continue
    await lockAddresses(ctx.db)
    const held = { id: newId(), pool: '', address: actual, resource_key: row.key, line_id: lineId, allotted_at: ctx.now }
    await holdActual(ctx.db, held)
  }
}

/**
 * Gives back what lines hold that are made no more, as far as nothing in the cloud stands on it; the range of the network too when the network was
 * never made. What is still there is given back when it is gone.
 */
export async function giveBackAddresses(
  ctx: Ctx,
  order: Pick<OrderRow, 'application_id' | 'env'>,
  lineIds: readonly string[],
): Promise<void> {
  await lockAddresses(ctx.db)
  const keys = await keysHeldBy(ctx.db, lineIds)
  const rows = await resourcesByKey(ctx.db, keys)
  const free = keys.filter((key) => !mayExist(rows.find((row) => row.key === key)?.state))
  await releaseKeys(ctx.db, free, ctx.now)
  const range = await rangeOf(ctx.db, order.application_id, order.env)
  if (!range || (await addressesHeld(ctx.db, range.id)).length > 0) return
  const { network, subnet } = networkKeys(order.application_id, order.env)
  if ((await resourcesByKey(ctx.db, [network, subnet])).some((row) => mayExist(row.state))) return
  await releaseRange(ctx.db, range.id, ctx.now)
  await ctx.record({
    kind: 'address-range.given-back',
    subject: { type: 'application', id: order.application_id },
    before: { pool: range.pool, cidr: range.cidr, env: range.env },
  })
}
