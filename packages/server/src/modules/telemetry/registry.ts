import type { RejectReason } from '@changbai/contract/telemetry.ts'
import { systemActor } from '../../platform/actor.ts'
import type { Door } from '../../platform/door.ts'
import { monitoredComponents, monitoredServers } from '../inventory/index.ts'
import { digestOf, itemOf, readLabels, type Series } from './series.domain.ts'
import { addSeries, countSeries, type NewSeries } from './series.store.ts'
import type { DecodedSeries } from './wire/decoded.domain.ts'
import { LabelCache } from './wire/label-cache.domain.ts'

/** The stated ceiling of the embedded store; above it an external engine takes over. */
export const SERIES_CEILING = 200_000
/** Keys that are remembered: two ways of writing each series, and then from the start again. */
const KEYS_MAX = 2 * SERIES_CEILING
const FRESH_MS = 60_000
const entry = { actor: systemActor('telemetry'), readOnly: true }

/** A series as this process knows it. */
export interface Known extends Series {
  /** Of the newest sample this process took in, milliseconds since 1970. */
  newestMs: number
}
export type Resolved = Known | RejectReason

/** Finds the series of a request, in memory where it was seen before, in the database otherwise. Losing it costs a look-up, nothing more. */
export class Registry {
  private readonly door: Door
  private readonly byKey = new Map<string, Known>()
  private readonly byBytes = new LabelCache<Known>(KEYS_MAX)
  private readonly byId = new Map<number, Known>()
  private addresses: { at: number; byAddress: Map<string, string> } = { at: 0, byAddress: new Map() }
  private counted: { at: number; series: number } = { at: 0, series: 0 }

  constructor(door: Door) {
    this.door = door
  }

  /** @returns one answer a series, in their order */
  async resolve(series: readonly DecodedSeries[], sourceId: string, now: Temporal.Instant): Promise<Resolved[]> {
    const found: (Resolved | undefined)[] = series.map(({ key }) => this.recall(key))
    if (!found.includes(undefined)) return found as Resolved[]
    const wanted = new Map<string, { added: NewSeries; places: number[] }>()
    const byAddress = await this.readAddresses(now)
    for (const [i, one] of series.entries()) {
      if (found[i]) continue
      const read = readLabels(one.readPairs())
      if (typeof read === 'string') {
        found[i] = read
        continue
      }
      const digest = digestOf(read.name, read.labels)
      const hex = digest.toString('hex')
      const there = wanted.get(hex)
      if (there) there.places.push(i)
      else wanted.set(hex, { added: { ...read, digest, itemId: itemOf(read.labels, byAddress) }, places: [i] })
    }
    const all = [...wanted.values()]
    const isFull = all.length > 0 && (await this.countAll(now)) + all.length > SERIES_CEILING
    for (let from = 0; from < all.length; from += 1_000) {
      const slice = all.slice(from, from + 1_000)
      const rows = await addSeries(
        this.door.db,
        slice.map(({ added }) => added),
        sourceId,
        now,
        !isFull,
      )
      for (const { id, name, labels, item_id, digest, newest_at } of rows) {
        const known = this.byId.get(id) ?? { id, name, labels, itemId: item_id, newestMs: newest_at?.epochMilliseconds ?? 0 }
        this.byId.set(id, known)
        for (const place of wanted.get(digest.toString('hex'))?.places ?? []) {
          found[place] = known
          this.remember((series[place] as DecodedSeries).key, known)
        }
      }
    }
    return found.map((one) => one ?? 'too-many-series')
  }

  private recall(key: DecodedSeries['key']): Known | undefined {
    return typeof key === 'string' ? this.byKey.get(key) : this.byBytes.get(key)
  }
  private remember(key: DecodedSeries['key'], known: Known): void {
    if (typeof key !== 'string') {
      // two places of one request may hold the same labels
      if (!this.byBytes.get(key)) this.byBytes.add(key, known)
      return
    }
    if (this.byKey.size >= KEYS_MAX) this.byKey.clear()
    this.byKey.set(key, known)
  }

  private async readAddresses(now: Temporal.Instant): Promise<Map<string, string>> {
    if (now.epochMilliseconds - this.addresses.at < FRESH_MS) return this.addresses.byAddress
    const { servers, components } = await this.door.enter(entry, async (ctx) => ({
      servers: await monitoredServers(ctx),
      components: await monitoredComponents(ctx),
    }))
    const byAddress = new Map<string, string>()
    for (const { id, name, address } of components) byAddress.set(address, id).set(name, id)
    for (const { id, name, addresses } of servers) {
      byAddress.set(name, id)
      for (const { address } of addresses) byAddress.set(address, id)
    }
    this.addresses = { at: now.epochMilliseconds, byAddress }
    return byAddress
  }

  private async countAll(now: Temporal.Instant): Promise<number> {
    if (now.epochMilliseconds - this.counted.at > FRESH_MS)
      this.counted = { at: now.epochMilliseconds, series: await countSeries(this.door.db) }
    return this.counted.series
  }
}
