import type { ItemType } from '@changbai/contract/inventory.ts'
import { actorCan } from '../../platform/actor.ts'
import type { SearchSource } from '../search/index.ts'
import { queryOf } from './item.service.ts'
import { type Item, listItems } from './items.store.ts'
import { kinds } from './kinds.store.ts'

const addresses = (item: Item) => (item.addresses as { address: string }[]).map((one) => one.address).join(' ')
const noteOf: Partial<Record<ItemType, (item: Item) => unknown[]>> = {
  application: (item) => [item.code, item.admissionNo],
  server: (item) => [addresses(item), item.applicationName],
  volume: (item) => [`${item.gib} GiB`, item.applicationName],
  network: (item) => [item.cidr ?? item.address ?? item.domain, item.applicationName],
}

/** Items of one kind by name, code, address or what else their search text holds. */
export const searchItems =
  (type: 'application' | 'server' | 'volume' | 'network'): SearchSource =>
  async (ctx, q, limit) => {
    const capability = type === 'application' ? 'application.read' : 'cmdb.read'
    if (!actorCan(ctx.actor, capability, 'R') && !actorCan(ctx.actor, capability, 'r')) return []
    const rows = await listItems(ctx.db, kinds[type], queryOf(ctx, type, { q, equals: {} }), undefined, limit)
    return rows.map(({ item }) => ({
      id: item.id,
      title: String(item.name),
      note: noteOf[type]?.(item).filter(Boolean).join(' · ') ?? '',
      tenantId: item.tenantId as string | null,
    }))
  }
