import { z } from 'zod'
import { can, canAny, endpoint, instant, nothing, page, pageInput, text } from './endpoint.ts'
import { problem } from './problem.ts'

/** How a resource comes to be: by HTTP against an OpenStack cloud, by the built-in simulator, or by people following a work order. */
export const driverName = z.enum(['openstack', 'simulator', 'manual'])
export const connectionStatus = z.enum(['PROPOSED', 'ACTIVE', 'REJECTED', 'RETIRED'])

/** What the driver makes. `address` is a floating (public) address; the rest is named as in the cloud. */
export const resourceKind = z.enum([
  'project',
  'user',
  'quota',
  'network',
  'subnet',
  'router',
  'securityGroup',
  'volume',
  'port',
  'serverGroup',
  'server',
  'address',
])

/**
 * The state of one thing we asked a cloud for. UNKNOWN: asked, no clear answer; it is looked for by key before anything is asked again.
 * ABSENT: removed, or shown not to exist.
 */
export const resourceState = z.enum(['INTENDED', 'ASKED', 'UNKNOWN', 'BUILDING', 'PRESENT', 'FAILED', 'REMOVING', 'ABSENT'])

/** Settings of an OpenStack connection. The secret travels apart, is stored encrypted and never leaves the server again. */
export const openstackSettings = z.object({
  authUrl: z.url({ protocol: /^https?$/ }).max(500),
  region: text(100).optional(),
  /** A user with the administrator's role: it makes projects and works inside them. */
  userName: text(100, 1),
  userDomain: text(100, 1).default('Default'),
  projectName: text(100, 1),
  projectDomain: text(100, 1).default('Default'),
  adminRole: text(100, 1).default('admin'),
  memberRole: text(100, 1).default('member'),
  /** Domain in which projects and users of applications are made. */
  tenantDomainId: text(100, 1).default('default'),
  /** The network whose addresses are public; without one, public addresses become lines for people. */
  externalNetworkName: text(100).optional(),
  /** Volume type for each kind of disk; a kind left out uses the cloud's default. */
  volumeTypes: z.object({ SSD: text(100).optional(), SAS: text(100).optional(), SATA: text(100).optional() }).default({}),
  /** Our zone names to the cloud's; a zone not listed leaves the choice to the cloud. */
  zones: z.record(z.string().max(60), z.string().max(60)).default({}),
  /** Where a server's system disk lives: a volume made from the image (it also fences the server against being made twice), or the host. */
  rootDisk: z.enum(['volume', 'image']).default('volume'),
  /** How long a single call may take, seconds. */
  callSeconds: z.number().min(0.1).max(120).default(20),
  /** How long an unanswered creation can still be committed by the cloud, seconds; before that nothing is asked twice. */
  settleSeconds: z.number().min(1).max(600).default(75),
})
export type OpenstackSettings = z.output<typeof openstackSettings>

/** Capacity and pace of the simulator. Delays are seconds; each thing draws its own delay between `from` and `to`. */
export const simulatorSettings = z.object({
  vcpu: z.int().min(0).max(1_000_000).default(512),
  memGiB: z.int().min(0).max(10_000_000).default(2048),
  diskGiB: z.int().min(0).max(100_000_000).default(200_000),
  publicAddresses: z.int().min(0).max(65_000).default(250),
  serverSeconds: z.object({ from: z.number().min(0).max(3600), to: z.number().min(0).max(3600) }).default({ from: 8, to: 25 }),
  volumeSeconds: z.object({ from: z.number().min(0).max(3600), to: z.number().min(0).max(3600) }).default({ from: 2, to: 6 }),
})
export type SimulatorSettings = z.output<typeof simulatorSettings>

export const connectionInput = z.discriminatedUnion('driver', [
  z.object({ driver: z.literal('openstack'), name: text(60, 1), settings: openstackSettings, secret: z.string().min(1).max(500) }),
  z.object({ driver: z.literal('simulator'), name: text(60, 1), settings: simulatorSettings }),
  z.object({ driver: z.literal('manual'), name: text(60, 1), settings: z.object({}).default({}) }),
])

/** What a look at the cloud found: reachable services with their versions, or what stands in the way. */
export const connectionCheck = z.object({
  at: instant,
  ok: z.boolean(),
  services: z.array(z.object({ type: z.string(), url: z.string(), version: z.string().nullable() })),
  problems: z.array(z.string()),
})

export const connection = z.object({
  id: z.uuid(),
  name: z.string(),
  driver: driverName,
  status: connectionStatus,
  settings: z.record(z.string(), z.unknown()),
  hasSecret: z.boolean(),
  proposedBy: z.object({ id: z.uuid().nullable(), name: z.string() }),
  proposedAt: instant,
  decidedBy: z.object({ id: z.uuid().nullable(), name: z.string() }).nullable(),
  decidedAt: instant.nullable(),
  comment: z.string().nullable(),
  check: connectionCheck.nullable(),
})
export type Connection = z.output<typeof connection>

const dimension = z.object({
  /** Unit is in the name: vcpu (cores), memGiB, diskGiB, publicAddresses (count). */
  name: z.enum(['vcpu', 'memGiB', 'diskGiB', 'publicAddresses']),
  total: z.number(),
  /** Used in the cloud plus promised to work orders that are not built yet. */
  allocated: z.number(),
  free: z.number(),
})
export const capacity = z.object({
  connectionId: z.uuid().nullable(),
  driver: driverName,
  /** When the cloud was last read; null if it never answered. */
  readAt: instant.nullable(),
  dimensions: z.array(dimension),
})
export const capacityCheck = capacity.extend({
  fits: z.boolean(),
  wanted: z.array(z.object({ name: dimension.shape.name, wanted: z.number(), free: z.number().nullable(), fits: z.boolean() })),
})
export type Capacity = z.output<typeof capacity>
export type CapacityCheck = z.output<typeof capacityCheck>

export const cloudImage = z.object({ id: z.string(), name: z.string(), minDiskGiB: z.number(), minMemMiB: z.number(), status: z.string() })
export const cloudFlavor = z.object({ id: z.string(), name: z.string(), vcpu: z.number(), memMiB: z.number(), diskGiB: z.number() })

export const cloudResource = z.object({
  id: z.uuid(),
  key: z.string(),
  kind: resourceKind,
  name: z.string(),
  state: resourceState,
  externalId: z.string().nullable(),
  connectionId: z.uuid(),
  /** The thing of ours it was made for, e.g. a work order line. */
  ownerType: z.string(),
  ownerId: z.string(),
  attempts: z.int(),
  askedAt: instant.nullable(),
  settledAt: instant.nullable(),
  lastError: z.string().nullable(),
})

/**
 * Faults the simulator can be told to show, each as the real cloud shows it. `timeout`: nothing was done; `timeoutAfterCommit`: done, but the
 * answer never came; `noValidHost`: accepted, then ERROR; `stuckBuild`: never becomes ACTIVE. The last three meet what is done to things that
 * exist: `busy`: it does something else; `actFails`: taken, then not carried out; `vanish`: somebody deletes it meanwhile.
 */
export const faultKind = z.enum([
  'unauthorised',
  'forbidden',
  'conflict',
  'quota',
  'throttled',
  'error500',
  'timeout',
  'timeoutAfterCommit',
  'noValidHost',
  'stuckBuild',
  'busy',
  'actFails',
  'vanish',
])
export const simulatorFault = z.object({
  id: z.uuid(),
  connectionId: z.uuid(),
  /** null: any kind of resource. */
  resource: resourceKind.nullable(),
  fault: faultKind,
  /** How many more calls it hits. */
  remaining: z.int(),
  createdAt: instant,
})

/**
 * A server or volume with a key of ours that should not be in the cloud. REMOVED: the register says it was removed, it is taken down after a
 * while. DUPLICATE: the register holds another under this key. UNKNOWN: the register has no such key. The last two are for people.
 */
export const stray = z.object({
  connectionId: z.uuid(),
  externalId: z.string(),
  kind: z.enum(['server', 'volume']),
  key: z.string(),
  verdict: z.enum(['REMOVED', 'DUPLICATE', 'UNKNOWN']),
  firstSeenAt: instant,
  lastSeenAt: instant,
  lastError: z.string().nullable(),
})

export const cloudProblems = {
  notProposed: problem('cloud.not-proposed', 409, { zh: '这项云连接已经审批过', en: 'This cloud connection has been decided already' }),
  samePerson: problem('cloud.same-person', 403, {
    zh: '提出人与审批人不能是同一人',
    en: 'The person who proposed a connection cannot approve it',
  }),
  noConnection: problem('cloud.no-connection', 409, { zh: '还没有生效的云连接', en: 'No cloud connection is in force' }),
  notSimulator: problem('cloud.not-simulator', 409, { zh: '只有模拟云可以注入故障', en: 'Only the simulator takes injected faults' }),
}

const ofConnection = z.object({ connectionId: z.uuid() })

export const cloudApi = {
  connections: endpoint({
    method: 'GET',
    path: '/cloud/connections',
    summary: '云连接',
    access: canAny(['settings.cloud', 'R'], ['cloud.read', 'R']),
    input: z.object({}),
    reply: z.object({ items: z.array(connection) }),
  }),
  proposeConnection: endpoint({
    method: 'POST',
    path: '/cloud/connections',
    summary: '提出云连接，另一人批准后生效',
    access: can('settings.cloud', 'C'),
    input: z.object({ connection: connectionInput }),
    reply: connection,
  }),
  decideConnection: endpoint({
    method: 'POST',
    path: '/cloud/connections/:connectionId/decide',
    summary: '批准或驳回云连接',
    access: can('settings.cloud', 'A'),
    input: ofConnection.extend({ approve: z.boolean(), comment: text(500).default('') }),
    reply: connection,
    problems: [cloudProblems.notProposed, cloudProblems.samePerson],
  }),
  checkConnection: endpoint({
    method: 'POST',
    path: '/cloud/connections/:connectionId/check',
    summary: '重新读取云：服务、容量、镜像、规格；结果写回连接',
    access: canAny(['settings.cloud', 'C'], ['settings.cloud', 'A'], ['cloud.operate', 'X']),
    input: ofConnection,
    reply: nothing,
  }),
  capacity: endpoint({
    method: 'GET',
    path: '/cloud/capacity',
    summary: '生效的云还有多少容量',
    access: canAny(['pool.read', 'R'], ['cloud.read', 'R']),
    input: z.object({}),
    reply: capacity,
    problems: [cloudProblems.noConnection],
  }),
  checkCapacity: endpoint({
    method: 'GET',
    path: '/cloud/capacity/check',
    summary: '所需合计是否放得下',
    access: canAny(['pool.read', 'R'], ['cloud.read', 'R']),
    input: z.object({
      vcpu: z.coerce.number().min(0).default(0),
      memGiB: z.coerce.number().min(0).default(0),
      diskGiB: z.coerce.number().min(0).default(0),
      publicAddresses: z.coerce.number().min(0).default(0),
    }),
    reply: capacityCheck,
    problems: [cloudProblems.noConnection],
  }),
  catalogue: endpoint({
    method: 'GET',
    path: '/cloud/catalogue',
    summary: '云上的镜像与规格（最近一次读取）',
    access: 'signed-in',
    input: z.object({}),
    reply: z.object({ readAt: instant.nullable(), images: z.array(cloudImage), flavors: z.array(cloudFlavor) }),
    problems: [cloudProblems.noConnection],
  }),
  resources: endpoint({
    method: 'GET',
    path: '/cloud/resources',
    summary: '向云提出过的每一样东西及其状态',
    access: can('cloud.read', 'R'),
    input: pageInput.extend({
      ownerId: z.string().max(100).optional(),
      kind: resourceKind.optional(),
      state: resourceState.optional(),
    }),
    reply: page(cloudResource),
  }),
  strays: endpoint({
    method: 'GET',
    path: '/cloud/strays',
    summary: '云上带本平台标记、却不应存在的资源',
    access: can('cloud.read', 'R'),
    input: z.object({}),
    reply: z.object({ items: z.array(stray) }),
  }),
  faults: endpoint({
    method: 'GET',
    path: '/cloud/simulator/faults',
    summary: '模拟云上待发生的故障',
    access: can('cloud.simulate', 'R'),
    input: z.object({}),
    reply: z.object({ items: z.array(simulatorFault) }),
  }),
  injectFault: endpoint({
    method: 'POST',
    path: '/cloud/simulator/faults',
    summary: '让模拟云出一次故障',
    access: can('cloud.simulate', 'X'),
    input: z.object({
      connectionId: z.uuid(),
      resource: resourceKind.nullable().default(null),
      fault: faultKind,
      times: z.int().min(1).max(1000).default(1),
    }),
    reply: simulatorFault,
    problems: [cloudProblems.notSimulator],
  }),
  clearFault: endpoint({
    method: 'DELETE',
    path: '/cloud/simulator/faults/:faultId',
    summary: '取消一项故障',
    access: can('cloud.simulate', 'X'),
    input: z.object({ faultId: z.uuid() }),
    reply: nothing,
  }),
}
