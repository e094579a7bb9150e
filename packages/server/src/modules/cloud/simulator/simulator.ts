import { createHash } from 'node:crypto'
import type { SimulatorSettings } from '@changbai/contract/cloud.ts'
import type { Db } from '../../../platform/db.ts'
import { newId } from '../../../platform/ids.ts'
import type { Asking, CloudFlavor, CloudImage, CloudView, Facts, Outcome, Want } from '../driver.ts'
import {
  countThings,
  deleteThing,
  type FaultKind,
  hangOn,
  insertThing,
  letGo,
  type ThingRow,
  takeFault,
  thing,
  usage,
} from './simulator.store.ts'

/**
 * A cloud in our own database: capacity, pace, and the faults a real one shows. It keeps no time of its own; what a thing is doing follows from
 * its row and the caller's clock, so a restart in the middle changes nothing and a test can set the hour.
 */
export interface SimulatedCloud {
  connectionId: string
  settings: SimulatorSettings
}

const images: CloudImage[] = [
  'Kylin Server V10 SP3',
  'UnionTech OS Server 20',
  'openEuler 24.03 LTS',
  'Debian 12',
  'Windows Server 2022',
].map((name, index) => ({ id: `sim-image-${index + 1}`, name, minDiskGiB: 20, minMemMiB: 1024, status: 'active' }))
const flavors: CloudFlavor[] = [
  [1, 2],
  [2, 4],
  [2, 8],
  [4, 8],
  [4, 16],
  [8, 16],
  [8, 32],
  [16, 32],
  [16, 64],
  [32, 64],
  [32, 128],
  [64, 256],
].map(([vcpu = 0, memGiB = 0]) => ({ id: `sim-${vcpu}c${memGiB}g`, name: `${vcpu}C${memGiB}G`, vcpu, memMiB: memGiB * 1024, diskGiB: 0 }))

/** A steady draw between the two bounds: the same thing takes equally long however often it is asked about. */
export const delayMilliseconds = (key: string, range: { from: number; to: number }): number => {
  const draw = createHash('sha256').update(key).digest().readUInt32BE(0) / 0xffffffff
  return Math.round(1000 * (range.from + draw * Math.max(0, range.to - range.from)))
}

const appears = (row: ThingRow, now: Temporal.Instant, adopted: boolean): Outcome => {
  const ready = Temporal.Instant.compare(row.ready_at, now) <= 0
  if (row.fate === 'stuck' || !ready) return { is: 'building', externalId: row.external_id, adopted, detail: 'BUILD' }
  if (row.fate === 'error')
    return { is: 'failed', externalId: row.external_id, message: row.message, again: !/no valid host/i.test(row.message) }
  return { is: 'present', externalId: row.external_id, adopted, facts: row.facts }
}

/** What an injected fault answers before anything is done; null lets the call go on. */
export function refusalOf(fault: FaultKind | null): Outcome | null {
  switch (fault) {
    case 'unauthorised':
      return { is: 'refused', status: 401, message: 'simulated: the request you have made requires authentication' }
    case 'forbidden':
      return { is: 'refused', status: 403, message: 'simulated: policy does not allow this' }
    case 'conflict':
      return { is: 'unknown', message: 'simulated 409: another operation is under way' }
    case 'quota':
      return { is: 'quota', message: 'simulated 403: quota exceeded' }
    case 'throttled':
      return { is: 'throttled', afterSeconds: 5, message: 'simulated 429: too many requests' }
    case 'error500':
      return { is: 'unknown', message: 'simulated 500: unexpected API error' }
    case 'timeout':
      return { is: 'unknown', message: 'simulated: no answer in time' }
    default:
      return null
  }
}

interface Size {
  vcpu: number
  mem_mib: number
  disk_gib: number
  public_addresses: number
}
const sizeOf = (want: Want): Size => ({
  vcpu: want.kind === 'server' ? want.vcpu : 0,
  mem_mib: want.kind === 'server' ? want.memMiB : 0,
  disk_gib: want.kind === 'volume' ? want.gib : want.kind === 'server' && !want.rootVolume ? want.rootGiB : 0,
  public_addresses: want.kind === 'address' ? 1 : 0,
})

async function lacking(db: Db, cloud: SimulatedCloud, size: Size): Promise<string | null> {
  const used = await usage(db, cloud.connectionId)
  const { settings } = cloud
  if (used.vcpu + size.vcpu > settings.vcpu || used.memMiB + size.mem_mib > settings.memGiB * 1024) return 'No valid host was found.'
  if (used.diskGiB + size.disk_gib > settings.diskGiB) return 'quota'
  if (used.publicAddresses + size.public_addresses > settings.publicAddresses) return 'quota'
  return null
}

async function factsOf(db: Db, cloud: SimulatedCloud, want: Want): Promise<Facts> {
  // drawn from the key, not counted: a number given back and drawn again would be another's
  const draw = createHash('sha256')
    .update(want.kind === 'port' || want.kind === 'address' ? want.name : '')
    .digest()
  const [a = 0, b = 0, c = 0] = draw
  if (want.kind === 'port')
    return {
      addresses: want.address ?? `10.${64 + (a & 63)}.${b}.${(c % 253) + 2}`,
      mac: `fa:16:3e:${draw.toString('hex', 3, 4)}:${draw.toString('hex', 4, 5)}:${draw.toString('hex', 5, 6)}`,
    }
  if (want.kind === 'address') return { address: want.address ?? `203.0.113.${(a % 253) + 2}` }
  if (want.kind === 'server') {
    const port = await thing(db, cloud.connectionId, want.port)
    const n = await countThings(db, cloud.connectionId, 'server')
    return { status: 'ACTIVE', addresses: port?.facts.addresses ?? '', host: `sim-host-${(n % 4) + 1}` }
  }
  if (want.kind === 'volume') return { status: 'available', sizeGiB: String(want.gib) }
  return {}
}

/** Ensure, as the simulated cloud does it. In the caller's transaction: the fault `timeoutAfterCommit` loses the answer, never the thing. */
export async function simulateEnsure(db: Db, cloud: SimulatedCloud, asking: Asking): Promise<Outcome> {
  const held = await thing(db, cloud.connectionId, asking.key)
  if (held && asking.want.kind !== 'quota') return appears(held, asking.at, asking.externalId === null)
  if (!asking.mayAsk) return { is: 'unknown', message: 'an earlier request may still be carried out; looking again before asking' }
  const fault = await takeFault(db, cloud.connectionId, asking.want.kind)
  const refusal = refusalOf(fault)
  if (refusal) return refusal
  if (asking.want.kind === 'quota') return { is: 'present', externalId: asking.ids[asking.want.project] ?? '', adopted: false, facts: {} }

  const size = sizeOf(asking.want)
  const lack = await lacking(db, cloud, size)
  if (lack === 'quota') return { is: 'quota', message: 'simulated 413: no room for this' }
  const { kind } = asking.want
  const pace = kind === 'server' ? cloud.settings.serverSeconds : kind === 'volume' ? cloud.settings.volumeSeconds : { from: 0, to: 0 }
  const row = {
    connection_id: cloud.connectionId,
    key: asking.key,
    external_id: newId(),
    kind,
    ...size,
    ready_at: asking.at.add({ milliseconds: delayMilliseconds(asking.key, pace) }),
    fate: fault === 'stuckBuild' ? ('stuck' as const) : lack || fault === 'noValidHost' ? ('error' as const) : ('ok' as const),
    message: lack || fault === 'noValidHost' ? 'No valid host was found. There are not enough hosts available.' : '',
    facts: await factsOf(db, cloud, asking.want),
    created_at: asking.at,
  }
  await insertThing(db, { ...row, facts: JSON.stringify(row.facts) })
  if (asking.want.kind === 'server') {
    const { rootVolume, dataVolumes } = asking.want
    await hangOn(db, cloud.connectionId, rootVolume ? [rootVolume, ...dataVolumes] : dataVolumes, row.external_id)
  }
  if (fault === 'timeoutAfterCommit') return { is: 'unknown', message: 'simulated: done, but the answer never came' }
  return appears({ ...row, state: {}, doing: null }, asking.at, false)
}

export async function simulateRemove(db: Db, cloud: SimulatedCloud, asking: Asking): Promise<Outcome> {
  const refusal = refusalOf(await takeFault(db, cloud.connectionId, asking.want.kind))
  if (refusal) return refusal
  await deleteThing(db, cloud.connectionId, asking.key)
  if (asking.externalId) await letGo(db, cloud.connectionId, asking.externalId)
  return { is: 'absent' }
}

export async function simulateLook(db: Db, cloud: SimulatedCloud): Promise<CloudView> {
  const used = await usage(db, cloud.connectionId)
  const { settings } = cloud
  return {
    services: [{ type: 'simulator', url: 'database', version: null }],
    capacity: {
      vcpu: { total: settings.vcpu, used: used.vcpu },
      memGiB: { total: settings.memGiB, used: Math.ceil(used.memMiB / 1024) },
      diskGiB: { total: settings.diskGiB, used: used.diskGiB },
      publicAddresses: { total: settings.publicAddresses, used: used.publicAddresses },
    },
    images,
    flavors,
  }
}
