import type { Ctx } from '../../platform/ctx.ts'
import { itemsByAddress, watchedItems } from '../inventory/index.ts'
import type { About } from './observe.service.ts'

export interface Wanted {
  id: string | null
  address: string | null
  name: string
}
export interface Found {
  object: About['object']
  name: string
  /** Same object, same text, whether it is known or not. */
  key: string
}

/** Whose each word is: by the id our discovery gave, else by address. What nobody knows keeps its name and is found under "unassigned". */
export async function findObjects(ctx: Ctx, wanted: readonly Wanted[]): Promise<Found[]> {
  const byAddress = await itemsByAddress(
    ctx,
    wanted.flatMap(({ id, address }) => (id === null && address ? [address] : [])),
  )
  const idOf = ({ id, address }: Wanted): string | null => id ?? (address ? (byAddress.get(address) ?? null) : null)
  const items = await watchedItems(
    ctx,
    wanted.flatMap((one) => idOf(one) ?? []),
  )
  return wanted.map((one) => {
    const item = items.get(idOf(one) ?? '')
    if (!item) return { object: null, name: one.name, key: one.name }
    const { type, id, tenantId, applicationId, name } = item
    return { object: { type, id, tenantId, applicationId }, name, key: id }
  })
}
