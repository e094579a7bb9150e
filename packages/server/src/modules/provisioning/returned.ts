import type { Amounts } from '@changbai/contract/inventory.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { settleCapacity } from './capacity.ts'
import { insertReturned, orderOfLine } from './returned.store.ts'

/**
 * A server or disk that a work order line had brought is gone for good: pool and quota count without it from now on. A part given back twice
 * counts once.
 * @param source as the inventory keeps it: `work-order-line`, `<line>/<part>`
 * @returns whether it came from a work order line at all
 */
export async function returnPart(ctx: Ctx, source: { type: string; id: string }, amounts: Amounts): Promise<boolean> {
  if (source.type !== 'work-order-line') return false
  const at = source.id.indexOf('/')
  const lineId = source.id.slice(0, at)
  const order = at > 0 ? await orderOfLine(ctx.db, lineId) : undefined
  if (!order) return false
  const fresh = await insertReturned(ctx.db, {
    line_id: lineId,
    part: source.id.slice(at + 1),
    vcpu: amounts.vcpu,
    mem_gib: amounts.memGiB,
    storage_gib: amounts.storageGiB,
    public_addresses: amounts.publicAddresses,
    baremetal: amounts.baremetal,
    returned_at: ctx.now,
  })
  if (fresh) await settleCapacity(ctx, order.requestId)
  return true
}
