import type { Adoption } from '@changbai/contract/inventory.adoption.ts'
import type { State } from '../../../shared/ui/index.ts'

export const adoptionStates: Record<Adoption['state'], State> = { PROPOSED: 'todo', CONFIRMED: 'kept', RETURNED: 'risk', WITHDRAWN: 'none' }

const kinds = ['server', 'volume', 'network', 'address'] as const
/** 2 服务器 · 1 云盘; what there is none of is left out. */
export const countsWord = (t: (key: (typeof kinds)[number], values: { count: number }) => string, counts: Adoption['counts']): string =>
  kinds
    .filter((kind) => counts[kind] > 0)
    .map((kind) => t(kind, { count: counts[kind] }))
    .join(' · ') || '—'
