import type { Ctx } from '../../platform/ctx.ts'
import { type LaidItem, type LaidLink, type LaidRack, laidItems, laidLinks, laidRacks } from './layout.store.ts'

export const NETWORK_KINDS: readonly string[] = ['LINE', 'ROUTER', 'FIREWALL', 'SWITCH', 'BALANCER']

interface Layout {
  racks: LaidRack[]
  items: LaidItem[]
  links: LaidLink[]
}
/** The house as it stands: racks, what is in them, and how the network hangs together. */
export async function layoutOf(ctx: Ctx): Promise<Layout> {
  const items = await laidItems(ctx.db, NETWORK_KINDS)
  const wired = items.filter(({ type, kind }) => type === 'server' || NETWORK_KINDS.includes(kind))
  const links = await laidLinks(
    ctx.db,
    wired.map(({ id }) => id),
  )
  return { racks: await laidRacks(ctx.db), items, links }
}
