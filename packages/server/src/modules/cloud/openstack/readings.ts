import { READ_LIMITS, type ReadBatch, type ReadThing } from '../reading.ts'
import type { ServiceType } from './answer.ts'
import { num, record, records, str } from './maker.ts'
import type { Session } from './session.ts'

type Row = Record<string, unknown>
const KEY = 'changbai-key'
const keyOf = (row: Row): string | null => str(record(row.metadata)[KEY]) || null

/** What a person would call it: in use, stopped or faulty; anything else is on its way somewhere. */
const serverStates: Record<string, 'ACTIVE' | 'STOPPED' | 'FAULTY'> = {
  ACTIVE: 'ACTIVE',
  SHUTOFF: 'STOPPED',
  STOPPED: 'STOPPED',
  SUSPENDED: 'STOPPED',
  PAUSED: 'STOPPED',
  SHELVED: 'STOPPED',
  SHELVED_OFFLOADED: 'STOPPED',
  ERROR: 'FAULTY',
}

function toServer(row: Row): ReadThing {
  const flavor = record(row.flavor)
  const addresses = Object.values(record(row.addresses)).flatMap(records)
  const of = (isFloating: boolean) =>
    addresses
      .filter((one) => (str(one['OS-EXT-IPS:type']) === 'floating') === isFloating)
      .map((one) => str(one.addr))
      .sort()
  const state = serverStates[str(row.status)]
  return {
    externalId: str(row.id),
    name: str(row.name),
    projectId: str(row.tenant_id),
    key: keyOf(row),
    moving: state === undefined || str(row['OS-EXT-STS:task_state']) !== '',
    facts: {
      name: str(row.name),
      state: state ?? null,
      status: str(row.status),
      vcpu: flavor.vcpus === undefined ? null : num(flavor.vcpus),
      memMiB: flavor.ram === undefined ? null : num(flavor.ram),
      addresses: of(false),
      publicAddresses: of(true),
      host: str(row['OS-EXT-SRV-ATTR:host']),
      createdAt: str(row.created),
    },
  }
}

function toVolume(row: Row): ReadThing {
  const status = str(row.status)
  return {
    externalId: str(row.id),
    name: str(row.name),
    projectId: str(row['os-vol-tenant-attr:tenant_id']),
    key: keyOf(row),
    moving: !['available', 'in-use', 'error'].includes(status),
    facts: {
      state: status === 'error' ? 'FAULTY' : 'ACTIVE',
      status,
      gib: num(row.size),
      servers: records(row.attachments)
        .map((one) => str(one.server_id))
        .sort(),
      bootable: str(row.bootable) === 'true',
      type: str(row.volume_type),
    },
  }
}

/** The key stands at the beginning of what we describe Neutron's things with (ADR 0030). */
const described = (row: Row): string | null => str(row.description) || null

const toSubnet = (row: Row): ReadThing => ({
  externalId: str(row.id),
  name: str(row.name),
  projectId: str(row.project_id) || str(row.tenant_id),
  key: described(row),
  moving: false,
  facts: { cidr: str(row.cidr), networkId: str(row.network_id) },
})
const toAddress = (row: Row): ReadThing => ({
  externalId: str(row.id),
  name: str(row.floating_ip_address),
  projectId: str(row.project_id) || str(row.tenant_id),
  key: described(row),
  moving: false,
  facts: { address: str(row.floating_ip_address), fixedAddress: str(row.fixed_ip_address), status: str(row.status) },
})
const toProject = (row: Row): ReadThing => ({
  externalId: str(row.id),
  name: str(row.name),
  projectId: str(row.id),
  key: described(row),
  moving: false,
  facts: { enabled: row.enabled !== false },
})

interface List {
  kind: ReadBatch['kind']
  service: ServiceType
  path: string
  rows: string
  to(row: Row): ReadThing
}
const lists: readonly List[] = [
  { kind: 'server', service: 'compute', path: '/servers/detail?all_tenants=True&', rows: 'servers', to: toServer },
  { kind: 'volume', service: 'volume', path: '/volumes/detail?all_tenants=True&', rows: 'volumes', to: toVolume },
  { kind: 'network', service: 'network', path: '/subnets?sort_key=id&sort_dir=asc&', rows: 'subnets', to: toSubnet },
  { kind: 'address', service: 'network', path: '/floatingips?sort_key=id&sort_dir=asc&', rows: 'floatingips', to: toAddress },
]

const ones: Readonly<Record<string, { path: string; row: string }>> = {
  server: { path: '/servers/', row: 'server' },
  volume: { path: '/volumes/', row: 'volume' },
  network: { path: '/subnets/', row: 'subnet' },
  address: { path: '/floatingips/', row: 'floatingip' },
}
/** One thing by its id; null when the cloud has none (any more). */
export async function readOneThing(
  session: Session,
  { kind, externalId }: { kind: ReadBatch['kind']; externalId: string },
  signal: AbortSignal,
): Promise<ReadThing | null> {
  const list = lists.find((one) => one.kind === kind)
  const one = ones[kind]
  if (!list || !one) return null
  const answer = await session.call('GET', list.service, `${one.path}${encodeURIComponent(externalId)}`, signal, { allow: [404] })
  const found = record(record(answer.body)[one.row])
  return answer.status === 404 || str(found.id) === '' ? null : list.to(found)
}

/**
 * Everything of a cloud, page by page: ten requests for ten thousand servers. A page that is not full is the last; a service that gives fewer
 * than asked for by its own limit is asked again with the marker until it gives none.
 */
export async function* readOpenstack(
  session: Session,
  quotaProjects: readonly string[],
  usage: { from: string; to: string },
  signal: AbortSignal,
): AsyncGenerator<ReadBatch> {
  for (const list of lists) yield* readList(session, list, signal)
  yield* readProjects(session, quotaProjects, usage, signal)
}

async function* readList(session: Session, { kind, service, path, rows, to }: List, signal: AbortSignal): AsyncGenerator<ReadBatch> {
  let marker = ''
  for (let page = 1; page <= READ_LIMITS.pagesPerKind; page++) {
    const after = marker ? `&marker=${encodeURIComponent(marker)}` : ''
    const answer = await session.call('GET', service, `${path}limit=${READ_LIMITS.pageSize}${after}`, signal)
    const body = record(answer.body)
    const found = records(body[rows])
    const next = str(found.at(-1)?.id)
    // a service without paging answers with everything again: then the marker stands still
    const last = found.length === 0 || next === marker || (found.length < READ_LIMITS.pageSize && !hasNext(body, rows))
    yield { kind, things: next === marker ? [] : found.map(to), last, requests: 1 }
    if (last) return
    marker = next
  }
}

const hasNext = (body: Row, rows: string): boolean => records(body[`${rows}_links`]).some((link) => str(link.rel) === 'next')

const QUOTAS: readonly { service: ServiceType; path(id: string): string; read(body: Row): Row; names: Record<string, string> }[] = [
  {
    service: 'compute',
    path: (id) => `/os-quota-sets/${id}/detail`,
    read: (body) => record(body.quota_set),
    names: { instances: 'instances', cores: 'vcpu', ram: 'memMiB' },
  },
  {
    service: 'volume',
    path: (id) => `/os-quota-sets/${id}?usage=true`,
    read: (body) => record(body.quota_set),
    names: { volumes: 'volumes', gigabytes: 'volumeGiB' },
  },
  {
    service: 'network',
    path: (id) => `/quotas/${id}/details.json`,
    read: (body) => record(body.quota),
    names: { network: 'networks', port: 'ports', floatingip: 'publicAddresses' },
  },
]

/** A limit and what of it is used; -1 is unlimited. */
const quotaOf = (value: unknown): { limit: number; used: number | null } => {
  const said = record(value)
  if (said.limit === undefined) return { limit: num(value), used: null }
  return { limit: num(said.limit), used: num(said.in_use ?? said.used) }
}

/** Projects with what they used since yesterday, in two requests; limits of some of them, three requests each. */
async function* readProjects(
  session: Session,
  quotaProjects: readonly string[],
  { from, to }: { from: string; to: string },
  signal: AbortSignal,
): AsyncGenerator<ReadBatch> {
  const projects = records(record((await session.call('GET', 'identity', '/projects', signal)).body).projects)
  // the version before paging gives the sums of all projects at once
  const asked = await session.call('GET', 'compute', `/os-simple-tenant-usage?detailed=0&start=${from}&end=${to}`, signal, {
    version: '2.39',
    allow: [403, 404],
  })
  const used = new Map(records(record(asked.body).tenant_usages).map((row) => [str(row.tenant_id), row]))
  const withUsage = (row: Row): ReadThing => {
    const project = toProject(row)
    const sums = used.get(project.externalId)
    const usage = sums
      ? { hours: num(sums.total_hours), vcpuHours: num(sums.total_vcpus_usage), memMiBHours: num(sums.total_memory_mb_usage), from, to }
      : null
    return { ...project, facts: { ...project.facts, usage } }
  }
  yield { kind: 'project', things: projects.map(withUsage), last: true, requests: 2 }

  const names = new Map(projects.map((row) => [str(row.id), str(row.name)]))
  const wanted = quotaProjects.filter((id) => names.has(id)).slice(0, READ_LIMITS.quotaProjects)
  const quotas: ReadThing[] = []
  let requests = 0
  for (const id of wanted) {
    const limits: Record<string, { limit: number; used: number | null }> = {}
    for (const { service, path, read, names: words } of QUOTAS) {
      const answer = await session.call('GET', service, path(id), signal, { allow: [404] })
      requests += 1
      const said = read(record(answer.body))
      for (const [name, word] of Object.entries(words)) if (said[name] !== undefined) limits[word] = quotaOf(said[name])
    }
    quotas.push({ externalId: id, name: names.get(id) ?? id, projectId: id, key: null, moving: false, facts: { limits } })
  }
  // only some projects: nothing can be said to be missing
  yield { kind: 'quota', things: quotas, last: false, requests }
}
