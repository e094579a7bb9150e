import type { Amounts, BaseParameters } from '@changbai/contract/inventory.ts'

export const amountNames = ['vcpu', 'memGiB', 'storageGiB', 'publicAddresses', 'baremetal'] as const satisfies readonly (keyof Amounts)[]

const map = (make: (name: keyof Amounts) => number): Amounts => ({
  vcpu: make('vcpu'),
  memGiB: make('memGiB'),
  storageGiB: make('storageGiB'),
  publicAddresses: make('publicAddresses'),
  baremetal: make('baremetal'),
})

/** What may be promised of a physical capacity, rounded down. Addresses and whole machines are never overcommitted. */
export const usableOf = (capacity: Amounts, overcommit: BaseParameters['overcommit']): Amounts => {
  const ratio = { vcpu: overcommit.vcpu, memGiB: overcommit.mem, storageGiB: overcommit.storage, publicAddresses: 1, baremetal: 1 }
  return map((name) => Math.floor(capacity[name] * ratio[name]))
}

/** May be negative: capacity can be withdrawn after it was promised. */
export const lessOf = (whole: Amounts, ...parts: readonly Amounts[]): Amounts =>
  map((name) => parts.reduce((left, part) => left - part[name], whole[name]))

/** Of each amount the smaller. */
export const leastOf = (a: Amounts, b: Amounts): Amounts => map((name) => Math.min(a[name], b[name]))

export const sumOf = (parts: readonly Amounts[]): Amounts => map((name) => parts.reduce((sum, part) => sum + part[name], 0))

export interface Shortage {
  what: keyof Amounts
  wanted: number
  free: number
}

export const shortagesOf = (wanted: Amounts, free: Amounts): Shortage[] =>
  amountNames
    .filter((what) => wanted[what] > 0 && wanted[what] > free[what])
    .map((what) => ({ what, wanted: wanted[what], free: free[what] }))

export interface Candidate {
  id: string
  name: string
  usable: Amounts
  free: Amounts
}

/**
 * Which pool takes it: of those where everything fits, the fullest, so that large gaps stay for large requests. If none fits, what is short:
 * for each amount the most that one pool has free.
 */
export function choosePool(wanted: Amounts, pools: readonly Candidate[]): { pool: Candidate | null; shortages: Shortage[] } {
  const fitting = pools.filter(({ free }) => shortagesOf(wanted, free).length === 0)
  const [pool] = fitting.toSorted((a, b) => freeRatio(a) - freeRatio(b) || (a.id < b.id ? -1 : 1))
  if (pool) return { pool, shortages: [] }
  const best = map((name) => Math.max(0, ...pools.map(({ free }) => free[name])))
  const shortages = shortagesOf(wanted, best)
  // everything would fit somewhere but nowhere together: say what the roomiest pool lacks
  const roomiest = pools.toSorted((a, b) => freeRatio(b) - freeRatio(a))[0]
  return { pool: null, shortages: shortages.length > 0 || !roomiest ? shortages : shortagesOf(wanted, roomiest.free) }
}

/** Free share of vcpu and memory, 0..1; a pool without either counts by its storage. */
const freeRatio = ({ free, usable }: Candidate): number => {
  const shares = (['vcpu', 'memGiB', 'storageGiB'] as const).filter((name) => usable[name] > 0).map((name) => free[name] / usable[name])
  return shares.length > 0 ? Math.min(...shares) : 0
}
