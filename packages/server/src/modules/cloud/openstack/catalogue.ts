import type { CloudCapacity, CloudFlavor, CloudImage } from '../driver.ts'
import { CallEnded } from './answer.ts'
import { num, record, records, str } from './maker.ts'
import type { Session } from './session.ts'

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i
const GIB = 1024 ** 3

export async function images(session: Session, signal: AbortSignal): Promise<CloudImage[]> {
  const all: CloudImage[] = []
  for (let path: string | null = '/images?limit=200&sort=name:asc'; path; ) {
    const body = record((await session.call('GET', 'image', path, signal)).body)
    for (const row of records(body.images)) {
      const minDiskGiB = Math.max(num(row.min_disk), Math.ceil(num(row.virtual_size) / GIB))
      all.push({ id: str(row.id), name: str(row.name), minDiskGiB, minMemMiB: num(row.min_ram), status: str(row.status) })
    }
    path = typeof body.next === 'string' ? body.next.replace(/^\/v2/, '') : null
  }
  return all
}

export async function flavors(session: Session, signal: AbortSignal): Promise<CloudFlavor[]> {
  const body = record((await session.call('GET', 'compute', '/flavors/detail?limit=1000', signal)).body)
  return records(body.flavors).map((row) => ({
    id: str(row.id),
    name: str(row.name),
    vcpu: num(row.vcpus),
    memMiB: num(row.ram),
    diskGiB: num(row.disk),
  }))
}

/** By id, or by a name that is borne by exactly one usable image. */
export async function imageId(session: Session, wanted: string, signal: AbortSignal): Promise<string> {
  if (UUID.test(wanted)) return wanted
  const body = record((await session.call('GET', 'image', `/images?name=${encodeURIComponent(wanted)}&status=active`, signal)).body)
  const rows = records(body.images)
  if (rows.length === 1) return str(rows[0]?.id)
  throw new CallEnded({ is: 'refused', status: 404, message: `${rows.length} usable images are named "${wanted}"` })
}

/** The flavour asked for, or the smallest that gives at least the cores and memory approved. */
export async function flavorFor(
  session: Session,
  want: { flavor: string | null; vcpu: number; memMiB: number; rootVolume: string | null; rootGiB: number },
  signal: AbortSignal,
): Promise<CloudFlavor> {
  const all = await flavors(session, signal)
  if (want.flavor) {
    const named = all.find((flavor) => flavor.id === want.flavor || flavor.name === want.flavor)
    if (named) return named
    throw new CallEnded({ is: 'refused', status: 404, message: `there is no flavour "${want.flavor}"` })
  }
  const fits = all
    .filter((flavor) => flavor.vcpu >= want.vcpu && flavor.memMiB >= want.memMiB && (want.rootVolume || flavor.diskGiB >= want.rootGiB))
    .sort((a, b) => a.vcpu - b.vcpu || a.memMiB - b.memMiB || a.diskGiB - b.diskGiB)
  if (fits[0]) return fits[0]
  throw new CallEnded({ is: 'refused', status: 404, message: `no flavour gives ${want.vcpu} vCPU and ${want.memMiB} MiB` })
}

const gibOf = (value: unknown): number => (value === 'infinite' || value === 'unknown' ? Number.NaN : num(value))

/** What the hosts, the volume pools and the external network have and what is taken. A pool without an end counts as a pebibyte. */
export async function capacity(session: Session, signal: AbortSignal): Promise<CloudCapacity> {
  const hosts = records(record((await session.call('GET', 'compute', '/os-hypervisors/detail?limit=1000', signal)).body).hypervisors)
  const usage = await placementUsage(session, hosts, signal)
  const pools = records(record((await session.call('GET', 'volume', '/scheduler-stats/get_pools?detail=true', signal)).body).pools)
  let total = 0
  let used = 0
  for (const pool of pools) {
    const facts = record(pool.capabilities)
    const size = gibOf(facts.total_capacity_gb)
    total += Number.isNaN(size) ? 1_048_576 : size
    const free = gibOf(facts.free_capacity_gb)
    used += Number.isNaN(free) || Number.isNaN(size) ? num(facts.provisioned_capacity_gb) : size - free
  }
  return { ...usage, diskGiB: { total, used }, publicAddresses: await publicAddresses(session, signal) }
}

/** From microversion 2.88 Nova gives no totals beside a host any more; the old figures are asked for in the version that still has them. */
async function placementUsage(session: Session, hosts: Record<string, unknown>[], signal: AbortSignal) {
  const rows = hosts.some((host) => host.vcpus !== undefined)
    ? hosts
    : records(record((await session.call('GET', 'compute', '/os-hypervisors/detail', signal, { version: '2.87' })).body).hypervisors)
  const up = rows.filter((host) => str(host.state) === 'up' && str(host.status) === 'enabled')
  const sum = (field: string) => up.reduce((so_far, host) => so_far + num(host[field]), 0)
  return {
    vcpu: { total: sum('vcpus'), used: sum('vcpus_used') },
    memGiB: { total: Math.floor(sum('memory_mb') / 1024), used: Math.ceil(sum('memory_mb_used') / 1024) },
  }
}

async function publicAddresses(session: Session, signal: AbortSignal): Promise<{ total: number; used: number }> {
  const name = session.settings.externalNetworkName
  if (!name) return { total: 0, used: 0 }
  const body = record((await session.call('GET', 'network', '/network-ip-availabilities', signal)).body)
  const row = records(body.network_ip_availabilities).find((one) => str(one.network_name) === name)
  return { total: num(row?.total_ips), used: num(row?.used_ips) }
}
