import type { DriftDecision, DriftDifference, DriftVerdict, ObservedKind } from '@changbai/contract/inventory.drift.ts'

/** What a cloud shows of a thing. A fact that is null or absent was not told, and nothing follows from it. */
export interface ObservedFacts {
  name?: string
  state?: 'ACTIVE' | 'STOPPED' | 'FAULTY' | null
  vcpu?: number | null
  memMiB?: number | null
  addresses?: readonly string[] | null
  publicAddresses?: readonly string[] | null
  gib?: number | null
  /** The cloud's ids of the servers a volume hangs on. */
  servers?: readonly string[] | null
  bootable?: boolean
  cidr?: string | null
  address?: string | null
  /** Of quotas: limits by name, -1 is unlimited; and what was promised at least. */
  limits?: Readonly<Record<string, { limit: number; used: number | null }>>
  promised?: Readonly<Record<string, number>>
}
/** What is recorded of it. */
export interface Recorded {
  name: string
  state: string
  vcpu?: number
  memGiB?: number
  addresses?: readonly { address: string; public: boolean }[]
  gib?: number
  /** The cloud's id of the server a volume is recorded to hang on. */
  serverExternalId?: string | null
  cidr?: string | null
  address?: string | null
}

const words = (list: readonly string[]): string => [...list].sort().join(' ')

const compared: Record<
  'server' | 'volume' | 'network' | 'address',
  (here: Recorded, there: ObservedFacts) => [string, unknown, unknown][]
> = {
  server: (here, there) => [
    ['name', here.name, there.name],
    ['state', here.state === 'BUILDING' ? undefined : here.state, there.state],
    ['vcpu', here.vcpu, there.vcpu],
    ['memMiB', (here.memGiB ?? 0) * 1024, there.memMiB],
    ['addresses', words(addressesOf(here, false)), there.addresses && words(there.addresses)],
    ['publicAddresses', words(addressesOf(here, true)), there.publicAddresses && words(there.publicAddresses)],
  ],
  volume: (here, there) => [
    ['gib', here.gib, there.gib],
    ['attachedTo', here.serverExternalId ?? '', there.servers && words(there.servers)],
    ['state', here.state, there.state === 'FAULTY' ? 'FAULTY' : undefined],
  ],
  network: (here, there) => [['cidr', here.cidr ?? '', there.cidr]],
  address: (here, there) => [['address', here.address ?? '', there.address]],
}
const addressesOf = ({ addresses = [] }: Recorded, isPublic: boolean): string[] =>
  addresses.filter((one) => one.public === isPublic).map(({ address }) => address)

/** Where record and cloud are not alike; what either side does not tell is alike. */
export function differencesOf(kind: 'server' | 'volume' | 'network' | 'address', here: Recorded, there: ObservedFacts): DriftDifference[] {
  return compared[kind](here, there)
    .filter(([, a, b]) => a !== undefined && b !== undefined && b !== null && a !== b)
    .map(([field, a, b]) => ({ field, here: String(a), there: String(b) }))
}

/** Limits that somebody lowered below what was promised. */
export function quotaDifferences({ limits = {}, promised = {} }: ObservedFacts): DriftDifference[] {
  return Object.entries(promised).flatMap(([field, floor]) => {
    const limit = limits[field]?.limit
    return limit !== undefined && limit >= 0 && limit < floor ? [{ field, here: String(floor), there: String(limit) }] : []
  })
}

export interface Unrecorded {
  kind: ObservedKind
  registered: boolean
  moving: boolean
  /** It lies in a project that we made, or the cloud tells no projects. */
  inOurProject: boolean
  facts: ObservedFacts
}

/**
 * Is a thing without a record a drift? What the register made is on its way into the records; a system disk belongs to its server; networks and
 * addresses of projects that are not ours are the cloud's own.
 */
export function isUnrecorded({ kind, registered, moving, inOurProject, facts }: Unrecorded): boolean {
  if (registered || moving) return false
  if (kind === 'server') return true
  if (kind === 'volume') return !(facts.bootable && (facts.servers?.length ?? 0) > 0)
  return (kind === 'network' || kind === 'address') && inOurProject
}

/** What may be decided of a difference, the proposal first. Something that vanished or appeared is first of all a change without a ticket. */
export function proposalsFor(verdict: DriftVerdict, kind: ObservedKind): DriftDecision[] {
  if (kind === 'quota') return ['CHANGE', 'REPORT', 'KEEP']
  if (verdict === 'UNRECORDED') return ['ADOPT', 'REPORT', 'KEEP']
  if (verdict === 'MISSING') return ['REPORT', 'CORRECT', 'CHANGE', 'KEEP']
  return ['CORRECT', 'CHANGE', 'REPORT', 'KEEP']
}

/** The fields of a record that follow the cloud's. Whole GiB: a record has no smaller unit. */
export function followCloud(here: Recorded, differences: readonly DriftDifference[]): Record<string, unknown> {
  const change: Record<string, unknown> = {}
  const addresses = (isPublic: boolean, there: string) =>
    there
      .split(' ')
      .filter(Boolean)
      .map((address) => ({ address, zone: '', public: isPublic }))
  for (const { field, there } of differences) {
    if (there === null) continue
    if (field === 'vcpu' || field === 'gib') change[field] = Number(there)
    else if (field === 'memMiB') change.memGiB = Math.ceil(Number(there) / 1024)
    else if (field === 'name' || field === 'state' || field === 'cidr' || field === 'address') change[field] = there
    else if (field === 'addresses' || field === 'publicAddresses') {
      const isPublic = field === 'publicAddresses'
      const before = (change.addresses ?? here.addresses ?? []) as { address: string; public: boolean }[]
      const kept = new Map(before.map((one) => [one.address, one]))
      change.addresses = [
        ...before.filter((one) => one.public !== isPublic),
        ...addresses(isPublic, there).map((one) => ({ ...one, ...(kept.get(one.address)?.public === isPublic && kept.get(one.address)) })),
      ]
    }
  }
  return change
}
