import type { LineSpec } from '@changbai/contract/provisioning.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { commitCapacity, lessenPromise, releaseCapacity } from '../inventory/index.ts'
import { linesOf, ordersOfRequest } from './provisioning.store.ts'
import { returnedOfLines } from './returned.store.ts'

/** What lines take out of a pool, counted as the request counts them: system and data disks are block storage. */
export function amountsOf(specs: readonly LineSpec[]): {
  vcpu: number
  memGiB: number
  storageGiB: number
  publicAddresses: number
  baremetal: number
} {
  const sum = (each: (spec: LineSpec) => number): number => specs.reduce((total, spec) => total + each(spec), 0)
  const disks = (spec: LineSpec & { kind: 'VM' }): number => spec.rootGiB + spec.dataDisks.reduce((total, disk) => total + disk.gib, 0)
  const onMachines = sum((spec) => (spec.kind === 'VM' ? spec.publicAddresses : 0))
  const onNetworks = sum((spec) => (spec.kind === 'NETWORK' ? spec.publicAddresses : 0))
  return {
    vcpu: sum((spec) => (spec.kind === 'VM' ? spec.count * spec.vcpu : 0)),
    memGiB: sum((spec) => (spec.kind === 'VM' ? spec.count * spec.memGiB : 0)),
    storageGiB: sum((spec) => (spec.kind === 'VM' ? spec.count * disks(spec) : spec.kind === 'STORAGE' ? spec.gib : 0)),
    // addresses of a network line are handed to the machines of its order, so either side names all of them
    publicAddresses: Math.max(onMachines, onNetworks),
    baremetal: sum((spec) => (spec.kind === 'BAREMETAL' ? spec.count : 0)),
  }
}

/**
 * Keeps the promise of a pool in step with what became of a request: in use once all that stands is delivered, smaller when a work order was
 * cancelled, given back when all were. What no pool holds was never promised, and nothing happens.
 */
export async function settleCapacity(ctx: Ctx, requestId: string): Promise<void> {
  const holder = { type: 'request', id: requestId }
  const orders = await ordersOfRequest(ctx.db, requestId)
  const standing = orders.filter((order) => order.status !== 'CANCELLED')
  if (standing.length === 0) return releaseCapacity(ctx, holder)
  const lines = await linesOf(
    ctx.db,
    standing.map((order) => order.id),
  )
  const kept = lines.filter((line) => line.state !== 'MOVED' && line.state !== 'CANCELLED')
  const returned = await returnedOfLines(
    ctx.db,
    kept.map((line) => line.id),
  )
  const promised = amountsOf(kept.map((line) => line.spec))
  const amounts = {
    vcpu: promised.vcpu - returned.vcpu,
    memGiB: promised.memGiB - returned.memGiB,
    storageGiB: promised.storageGiB - returned.storageGiB,
    publicAddresses: promised.publicAddresses - returned.publicAddresses,
    baremetal: promised.baremetal - returned.baremetal,
  }
  if (returned.parts > 0 && Object.values(amounts).every((amount) => amount === 0)) return releaseCapacity(ctx, holder)
  if (standing.every((order) => order.delivered_at !== null)) await commitCapacity(ctx, holder, amounts)
  else if (standing.length < orders.length) await lessenPromise(ctx, holder, amounts)
}
