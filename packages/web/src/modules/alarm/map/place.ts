import type { HouseMap } from '@changbai/contract/alarm.map.ts'

export type Node = HouseMap['nodes'][number]
type Rack = HouseMap['rooms'][number]['racks'][number]
export type Placed = Rack['items'][number]

/** From the outside in. */
export const tiers = ['tierOutside', 'tierCore', 'tierHosts'] as const
export type Tier = (typeof tiers)[number]
const TIER_OF: Readonly<Record<string, Tier>> = {
  LINE: 'tierOutside',
  ROUTER: 'tierOutside',
  FIREWALL: 'tierOutside',
  SWITCH: 'tierCore',
  BALANCER: 'tierCore',
}
export const tierOf = ({ kind }: Pick<Node, 'kind'>): Tier => TIER_OF[kind] ?? 'tierHosts'

/** Things with a place from the top of the rack down, and those nobody has placed. What is said to stand above the rack's top is not placed either. */
export function stack({ units, items }: Pick<Rack, 'units' | 'items'>): { placed: (Placed & { unit: number })[]; loose: Placed[] } {
  const isPlaced = (item: Placed): item is Placed & { unit: number } => item.unit !== null && item.unit + item.height - 1 <= units
  return {
    placed: items.filter(isPlaced).sort((a, b) => b.unit - a.unit),
    loose: items.filter((item) => !isPlaced(item)),
  }
}

/** Where each node stands: a row for each tier, spread evenly; x in 0..1 of the width. */
export function spread(nodes: readonly Node[]): Map<string, { tier: Tier; x: number }> {
  const places = new Map<string, { tier: Tier; x: number }>()
  for (const tier of tiers) {
    const own = nodes.filter((node) => tierOf(node) === tier)
    for (const [index, { id }] of own.entries()) places.set(id, { tier, x: (index + 0.5) / own.length })
  }
  return places
}
