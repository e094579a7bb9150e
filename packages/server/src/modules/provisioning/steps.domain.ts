import { createHash } from 'node:crypto'
import type { LineSpec } from '@changbai/contract/provisioning.ts'
import type { GroupRule, QuotaFloor, Want } from '../cloud/index.ts'

/** One resource of the plan: our key, its name in the cloud, what is wanted, and whether it is this line's alone. */
export interface PlannedResource {
  key: string
  name: string
  want: Want
  /** Shared things (project, network) outlive a line that fails. */
  shared: boolean
}

export interface PlanInput {
  applicationId: string
  /** Short and readable, for names in the cloud: letters, digits, hyphens. */
  applicationCode: string
  env: string
  lineId: string
  spec: LineSpec
  /** What the project must hold in all, this order included. */
  quota: QuotaFloor
  /** System disks are volumes made from the image. */
  rootOnVolume: boolean
  /** The cloud has a network with public addresses. */
  hasPublicNetwork: boolean
  /** Network lines of the same order: their ranges and rules serve its servers. */
  networks: { lineId: string; spec: LineSpec & { kind: 'NETWORK' } }[]
  /** Range of the application's network. */
  range: string
  /** Seals a fresh password for one account; called once an account. */
  sealedPassword(): string
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

const CIDR = /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/

/** Port rules that a security group can hold; a rule whose source is no range is left to people. */
export function groupRules(spec: Pick<LineSpec & { kind: 'NETWORK' }, 'rules'>): GroupRule[] {
  return spec.rules.flatMap((rule): GroupRule[] => {
    if (!CIDR.test(rule.src)) return []
    const base = { direction: 'ingress' as const, remote: rule.src }
    if (rule.proto === 'ANY') return [{ ...base, protocol: null, fromPort: null, toPort: null }]
    if (rule.proto === 'ICMP') return [{ ...base, protocol: 'icmp', fromPort: null, toPort: null }]
    const protocol = rule.proto === 'TCP' ? 'tcp' : 'udp'
    if (rule.port === '') return [{ ...base, protocol, fromPort: null, toPort: null }]
    const [from = 0, to = from] = rule.port.split('-').map(Number)
    return [{ ...base, protocol, fromPort: from, toPort: to }]
  })
}

export const projectKey = (applicationId: string): string => `cb-p-${applicationId}`
export const networkKeys = (applicationId: string, env: string): { network: string; subnet: string } => ({
  network: `cb-n-${applicationId}-${env}`,
  subnet: `cb-s-${applicationId}-${env}`,
})
const two = (n: number): string => String(n).padStart(2, '0')

/** Project, account, quota, network: made once for an application and environment, whichever line comes first. */
function sharedPart(input: PlanInput): { resources: PlannedResource[]; network: string; subnet: string; groups: string[] } {
  const { applicationId, applicationCode, env } = input
  const project = projectKey(applicationId)
  const short = `${applicationCode}-${applicationId.slice(-6)}`
  const scope = `${applicationId}-${env}`
  const { network, subnet } = networkKeys(applicationId, env)
  const [router, group] = [`cb-r-${scope}`, `cb-g-${scope}`]
  const { range } = input
  const own: GroupRule[] = [{ direction: 'ingress', protocol: null, fromPort: null, toPort: null, remote: range }]
  const of = (key: string, name: string, want: Want): PlannedResource => ({ key, name, want, shared: true })
  const lineGroups = input.networks.filter((one) => groupRules(one.spec).length > 0)
  const resources = [
    of(project, short, { kind: 'project', name: short }),
    of(`cb-u-${applicationId}`, `${short}-admin`, { kind: 'user', name: `${short}-admin`, project, sealed: input.sealedPassword() }),
    of(`cb-q-${applicationId}`, short, { kind: 'quota', project, atLeast: input.quota }),
    of(network, `${short}-${env.toLowerCase()}`, { kind: 'network', project, name: `${short}-${env.toLowerCase()}` }),
    of(subnet, range, { kind: 'subnet', project, network, name: `${short}-${env.toLowerCase()}`, cidr: range }),
    ...(input.hasPublicNetwork ? [of(router, short, { kind: 'router', project, name: `${short}-${env.toLowerCase()}`, subnet })] : []),
    of(group, `${short}-base`, { kind: 'securityGroup', project, name: `${short}-base`, rules: own }),
    ...lineGroups.map((one) =>
      of(`cb-g-${one.lineId}`, `${short}-${one.spec.zone}`, {
        kind: 'securityGroup',
        project,
        name: `${short}-${one.spec.zone}`,
        rules: groupRules(one.spec),
      }),
    ),
  ]
  return { resources, network, subnet, groups: [group, ...lineGroups.map((one) => `cb-g-${one.lineId}`)] }
}

/** Names of the servers of a line; several of one line are numbered. */
export const serverNames = (spec: LineSpec & { kind: 'VM' }): string[] =>
  spec.count === 1 ? [spec.hostName] : Array.from({ length: spec.count }, (_, index) => `${spec.hostName}-${two(index + 1)}`)

/** The steps of one server: volumes first (they fence the server), then its port, then the server, then its public address. */
function serverPart(
  input: PlanInput,
  spec: LineSpec & { kind: 'VM' },
  n: number,
  shared: ReturnType<typeof sharedPart>,
): PlannedResource[] {
  const project = projectKey(input.applicationId)
  const tail = `${input.lineId}-${two(n)}`
  const name = serverNames(spec)[n - 1] as string
  const of = (key: string, label: string, want: Want): PlannedResource => ({ key, name: label, want, shared: false })
  const rootVolume = input.rootOnVolume ? `cb-d-${tail}-0` : null
  const dataVolumes = spec.dataDisks.map((_, index) => `cb-d-${tail}-${index + 1}`)
  const port = `cb-i-${tail}`
  const group = spec.antiAffinity ? `cb-h-${digest(`${input.applicationId}/${spec.antiAffinity}`).toString('hex').slice(0, 32)}` : null
  const zone = spec.zone
  return [
    ...(rootVolume
      ? [
          of(rootVolume, `${name}-root`, {
            kind: 'volume',
            project,
            name: `${name}-root`,
            gib: spec.rootGiB,
            disk: null,
            image: spec.image,
            zone,
          }),
        ]
      : []),
    ...spec.dataDisks.map((disk, index) =>
      of(dataVolumes[index] as string, `${name}-data${index + 1}`, {
        kind: 'volume',
        project,
        name: `${name}-data${index + 1}`,
        gib: disk.gib,
        disk: disk.type,
        image: null,
        zone,
      }),
    ),
    of(port, name, { kind: 'port', project, name, network: shared.network, subnet: shared.subnet, groups: shared.groups, address: null }),
    ...(group
      ? [{ key: group, name: spec.antiAffinity as string, want: { kind: 'serverGroup', project, name: group } as Want, shared: true }]
      : []),
    of(`cb-v-${tail}`, name, {
      kind: 'server',
      project,
      name,
      vcpu: spec.vcpu,
      memMiB: spec.memGiB * 1024,
      flavor: spec.flavor,
      image: spec.image,
      rootGiB: spec.rootGiB,
      rootVolume,
      dataVolumes,
      port,
      group,
      zone,
      account: 'cbadmin',
      sealed: input.sealedPassword(),
    }),
    ...(n <= spec.publicAddresses
      ? [of(`cb-a-${tail}`, name, { kind: 'address', project, name: `${name}-public`, port, address: null })]
      : []),
  ]
}

/** Servers of one line share their anti-affinity group: it is made before the first of them. */
const onceEach = (resources: readonly PlannedResource[]): PlannedResource[] => [...new Map(resources.map((one) => [one.key, one])).values()]

/**
 * Everything one line needs, in the order in which it is made. Keys follow from the line alone, so planning the same line twice gives the same
 * plan: a retry finds what the first attempt made.
 */
export function planLine(input: PlanInput): PlannedResource[] {
  const { spec } = input
  const shared = sharedPart(input)
  const project = projectKey(input.applicationId)
  switch (spec.kind) {
    case 'VM':
      return onceEach([
        ...shared.resources,
        ...Array.from({ length: spec.count }, (_, index) => serverPart(input, spec, index + 1, shared)).flat(),
      ])
    case 'STORAGE': {
      const name = spec.name || `${input.applicationCode}-${input.env.toLowerCase()}`
      const want: Want = { kind: 'volume', project, name, gib: spec.gib, disk: null, image: null, zone: '' }
      return [...shared.resources.slice(0, 3), { key: `cb-d-${input.lineId}`, name, want, shared: false }]
    }
    case 'NETWORK':
      return shared.resources
    case 'BAREMETAL':
    case 'SECURITY':
      return []
  }
}

/** What the lines together ask of the project's quota. */
export function quotaOf(specs: readonly LineSpec[], rootOnVolume: boolean): QuotaFloor {
  const floor: QuotaFloor = { instances: 0, cores: 0, ramMiB: 0, volumes: 0, volumeGiB: 0, ports: 8, networks: 4, addresses: 0 }
  for (const spec of specs) {
    if (spec.kind === 'VM') {
      floor.instances += spec.count
      floor.cores += spec.count * spec.vcpu
      floor.ramMiB += spec.count * spec.memGiB * 1024
      floor.volumes += spec.count * (spec.dataDisks.length + (rootOnVolume ? 1 : 0))
      const data = spec.dataDisks.reduce((sum, disk) => sum + disk.gib, 0)
      floor.volumeGiB += spec.count * (data + (rootOnVolume ? spec.rootGiB : 0))
      floor.ports += spec.count
      floor.addresses += Math.min(spec.count, spec.publicAddresses)
    }
    if (spec.kind === 'STORAGE' && spec.storage === 'BLOCK') {
      floor.volumes += 1
      floor.volumeGiB += spec.gib
    }
  }
  return floor
}
