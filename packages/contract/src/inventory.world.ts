import { z } from 'zod'
import { day, instant, text } from './endpoint.ts'
import { address, cidr, code, item, name, note, placed, units } from './inventory.basics.ts'
import { AppState, DiskTier, Env, NetworkKind, ResourceState, ServerKind, VolumeKind } from './inventory.kinds.ts'

// Applications

export const Probe = z.object({
  kind: z.enum(['HTTP', 'TCP', 'ICMP', 'DNS']),
  /** http(s)://…, tcp://host:port, icmp://host, dns://server/name?type=A */
  url: text(500, 1).regex(
    /^(https?|tcp|icmp|dns):\/\/\S+$/,
    '写成 http(s)://、tcp://、icmp:// 或 dns:// 开头的地址|Begin with http(s)://, tcp://, icmp:// or dns://',
  ),
  /** HTTP: status and, if given, a text the page must contain. */
  expect: z.object({ status: z.int().min(100).max(599).default(200), contains: text(200).default('') }),
})
export const Confirmation = z.object({ by: z.string(), byPersonId: z.uuid(), at: instant })
/** How availability is measured (ruling 11); counts from `startsAt`, only once both have confirmed, only in PROD. */
export const Measurement = z.object({
  probes: z.array(Probe).min(1).max(20),
  startsAt: instant,
  projectManager: Confirmation.nullable(),
  customer: Confirmation.nullable(),
})
export const MeasurementInput = Measurement.pick({ probes: true, startsAt: true })

export const applicationFields = {
  name,
  code,
  env: Env,
  /** Level of the graded protection scheme, 1..3. */
  mlpsLevel: z.int().min(1).max(3),
  projectManagerId: z.uuid().nullable(),
  /** Further owners in the bureau, by person. */
  ownerIds: z.array(z.uuid()).max(20),
  contact: text(200),
  goLiveOn: day.nullable(),
  note,
}
export const Application = z.object({
  ...item,
  tenantId: z.uuid(),
  tenantName: z.string().nullable(),
  ...applicationFields,
  projectManagerName: z.string().nullable(),
  state: AppState,
  admissionNo: z.string().nullable(),
  measurement: Measurement.nullable(),
  serverCount: z.int(),
  volumeGiB: z.number(),
})
export type Application = z.output<typeof Application>
export const ApplicationInput = z.object({
  ...applicationFields,
  tenantId: z.uuid(),
  env: Env.default('PROD'),
  projectManagerId: z.uuid().nullable().default(null),
  ownerIds: applicationFields.ownerIds.default([]),
  contact: text(200).default(''),
  goLiveOn: day.nullable().default(null),
  note: note.default(''),
})
export const ApplicationChange = z.object({ ...applicationFields, state: AppState.exclude(['RETIRED']) }).partial()

// Servers, volumes, networks

export const serverFields = {
  name: text(63, 1),
  env: Env,
  state: ResourceState.exclude(['RETIRED']),
  vcpu: units(4096),
  memGiB: units(65_536),
  rootGiB: units(1_048_576),
  os: text(120),
  zone: text(60),
  addresses: z.array(z.object({ address, zone: text(60).default(''), public: z.boolean().default(false) })).max(32),
  poolId: z.uuid().nullable(),
  flavorId: z.uuid().nullable(),
  imageId: z.uuid().nullable(),
  hardwareModelId: z.uuid().nullable(),
  rackId: z.uuid().nullable(),
  /** Lowest unit, 1 at the bottom. */
  rackUnit: z.int().min(1).max(60).nullable(),
  serialNo: text(100),
  bmcAddress: address.nullable(),
  usageUntil: day.nullable(),
  note,
}
export const ownerInput = { tenantId: z.uuid().nullable().default(null), applicationId: z.uuid().nullable().default(null) }
export const Server = z.object({
  ...item,
  ...placed,
  kind: ServerKind,
  ...serverFields,
  state: ResourceState,
  /** Where it really is: cloud connection and id there; null for what people built. */
  connectionId: z.uuid().nullable(),
  externalId: z.string().nullable(),
  source: z.object({ type: z.string(), id: z.string() }).nullable(),
  deliveredAt: instant.nullable(),
})
export type Server = z.output<typeof Server>
export const ServerInput = z.object({
  ...ownerInput,
  kind: ServerKind,
  ...serverFields,
  env: Env.default('PROD'),
  state: serverFields.state.default('ACTIVE'),
  rootGiB: serverFields.rootGiB.default(0),
  os: text(120).default(''),
  zone: text(60).default(''),
  addresses: serverFields.addresses.default([]),
  poolId: z.uuid().nullable().default(null),
  flavorId: z.uuid().nullable().default(null),
  imageId: z.uuid().nullable().default(null),
  hardwareModelId: z.uuid().nullable().default(null),
  rackId: z.uuid().nullable().default(null),
  rackUnit: serverFields.rackUnit.default(null),
  serialNo: text(100).default(''),
  bmcAddress: address.nullable().default(null),
  usageUntil: day.nullable().default(null),
  note: note.default(''),
})
export const ServerChange = z.object(serverFields).partial()

export const volumeFields = {
  name,
  env: Env,
  state: ResourceState.exclude(['RETIRED']),
  gib: units(100_000_000),
  tier: DiskTier.nullable(),
  serverId: z.uuid().nullable(),
  poolId: z.uuid().nullable(),
  zone: text(60),
  usageUntil: day.nullable(),
  note,
}
export const Volume = z.object({
  ...item,
  ...placed,
  kind: VolumeKind,
  ...volumeFields,
  state: ResourceState,
  serverName: z.string().nullable(),
  connectionId: z.uuid().nullable(),
  externalId: z.string().nullable(),
  source: z.object({ type: z.string(), id: z.string() }).nullable(),
})
export type Volume = z.output<typeof Volume>
export const VolumeInput = z.object({
  ...ownerInput,
  kind: VolumeKind,
  ...volumeFields,
  env: Env.default('PROD'),
  state: volumeFields.state.default('ACTIVE'),
  tier: DiskTier.nullable().default(null),
  serverId: z.uuid().nullable().default(null),
  poolId: z.uuid().nullable().default(null),
  zone: text(60).default(''),
  usageUntil: day.nullable().default(null),
  note: note.default(''),
})
export const VolumeChange = z.object(volumeFields).partial()

export const networkFields = {
  name,
  env: Env,
  state: ResourceState.exclude(['RETIRED']),
  zone: text(60),
  cidr: cidr.nullable(),
  address: address.nullable(),
  domain: text(253),
  bandwidthMbps: units(10_000_000).nullable(),
  rules: z
    .array(
      z.object({
        src: text(100),
        dst: text(100),
        proto: text(20),
        port: text(40),
        purpose: text(200),
        until: day.nullable().default(null),
      }),
    )
    .max(500),
  serverId: z.uuid().nullable(),
  usageUntil: day.nullable(),
  note,
}
export const Network = z.object({
  ...item,
  ...placed,
  kind: NetworkKind,
  ...networkFields,
  state: ResourceState,
  serverName: z.string().nullable(),
  connectionId: z.uuid().nullable(),
  externalId: z.string().nullable(),
  source: z.object({ type: z.string(), id: z.string() }).nullable(),
})
export type Network = z.output<typeof Network>
export const NetworkInput = z.object({
  ...ownerInput,
  kind: NetworkKind,
  ...networkFields,
  env: Env.default('PROD'),
  state: networkFields.state.default('ACTIVE'),
  zone: text(60).default(''),
  cidr: cidr.nullable().default(null),
  address: address.nullable().default(null),
  domain: text(253).default(''),
  bandwidthMbps: networkFields.bandwidthMbps.default(null),
  rules: networkFields.rules.default([]),
  serverId: z.uuid().nullable().default(null),
  usageUntil: day.nullable().default(null),
  note: note.default(''),
})
export const NetworkChange = z.object(networkFields).partial()
