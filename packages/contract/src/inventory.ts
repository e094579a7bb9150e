import { z } from 'zod'
import { Zone } from './catalog.ts'
import { type AnyOf, can, canAny, day, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { commonProblems, problem } from './problem.ts'

export const Env = z.enum(['PROD', 'TEST', 'DEV', 'DR'])
export const AppState = z.enum(['PREPARING', 'TRIAL', 'ONLINE', 'RETIRED'])
export const ServerKind = z.enum(['vm', 'baremetal'])
export const ResourceState = z.enum(['BUILDING', 'ACTIVE', 'STOPPED', 'FAULTY', 'RETIRED'])
export const VolumeKind = z.enum(['block', 'file', 'object', 'backup'])
export const DiskTier = z.enum(['SSD', 'SAS', 'SATA'])
export const NetworkKind = z.enum(['NETWORK', 'SECURITY_GROUP', 'PUBLIC_ADDRESS', 'LOAD_BALANCER', 'DOMAIN'])
export const TemplateState = z.enum(['PROPOSED', 'ACTIVE', 'REJECTED', 'RETIRED'])
export const ItemType = z.enum(['application', 'server', 'volume', 'network', 'pool', 'rack', 'flavor', 'image', 'hardwareModel'])
export type ItemType = z.output<typeof ItemType>
/** Kinds that files can bring in and take out. */
export const TableType = z.enum(['application', 'server', 'volume', 'network', 'rack'])
export type TableType = z.output<typeof TableType>

export const inventoryProblems = {
  codeTaken: problem('inventory.code-taken', 409, { zh: '编码或名称“{value}”已被使用', en: '“{value}” is already taken' }),
  retired: problem('inventory.retired', 409, { zh: '已退出使用，不能再改', en: 'It was retired and can no longer be changed' }),
  stillUsed: problem('inventory.still-used', 409, {
    zh: '仍被 {count} 项使用：{names}',
    en: 'Still used by {count} things: {names}',
  }),
  noCapacity: problem('inventory.no-capacity', 409, {
    zh: '容量不足：{shortages}',
    en: 'Not enough capacity: {shortages}',
  }),
  decided: problem('inventory.decided', 409, { zh: '这份提交已经处理过', en: 'This proposal has been decided already' }),
  samePerson: problem('inventory.same-person', 403, {
    zh: '提交人与批准人不能是同一人',
    en: 'The person who proposed it cannot approve it',
  }),
  notAccepted: problem('inventory.not-accepted', 409, {
    zh: '机型“{name}”没有通过可用性测试，不能使用',
    en: 'Hardware model “{name}” has not passed its acceptance test',
  }),
  noMeasurement: problem('inventory.no-measurement', 409, { zh: '还没有登记测量方式', en: 'No measurement has been recorded' }),
  placeTaken: problem('inventory.place-taken', 409, {
    zh: '机柜“{rack}”的 {unit}U 已被“{by}”占用',
    en: 'Unit {unit} of rack “{rack}” is taken by “{by}”',
  }),
  overCommitted: problem('inventory.over-committed', 409, {
    zh: '改后的容量放不下已分配的资源：{shortages}',
    en: 'The new capacity does not hold what is allocated: {shortages}',
  }),
  notSheet: problem('inventory.not-sheet', 415, { zh: '“{name}”不是可读的 xlsx 或 csv', en: '“{name}” is no readable xlsx or csv' }),
  bomb: problem('inventory.bomb', 413, {
    zh: '“{name}”展开后超过 {limitMiB} MiB 或压缩比异常，没有读取',
    en: '“{name}” expands beyond {limitMiB} MiB or is compressed suspiciously; it was not read',
  }),
  tooManyRows: problem('inventory.too-many-rows', 413, {
    zh: '超过 {limit} 行，请分批导入',
    en: 'More than {limit} rows; import in parts',
  }),
  wrongColumns: problem('inventory.wrong-columns', 422, {
    zh: '表头不对。缺少：{missing}；不认识：{unknown}',
    en: 'Wrong header. Missing: {missing}; unknown: {unknown}',
  }),
} as const

const name = text(120, 1)
const code = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$/, '用字母、数字、点、横线，不超过 60 个字|Letters, digits, dots and dashes, at most 60')
const note = text(2000)
const cidr = z.union([z.cidrv4(), z.cidrv6()])
const address = z.union([z.ipv4(), z.ipv6()])
const units = (max: number) => z.int().min(0).max(max)

/** What every item carries. `rev` is sent back with each change; an older one is refused. */
const item = { id: z.uuid(), rev: z.int(), createdAt: instant, updatedAt: instant, retiredAt: instant.nullable() }
const placed = {
  tenantId: z.uuid().nullable(),
  tenantName: z.string().nullable(),
  applicationId: z.uuid().nullable(),
  applicationName: z.string().nullable(),
}

// Applications

export const Probe = z.object({
  kind: z.enum(['HTTP', 'TCP']),
  /** http(s)://… or tcp://host:port */
  url: text(500, 1).regex(/^(https?|tcp):\/\/\S+$/, '写成 http(s):// 或 tcp:// 开头的地址|Begin with http(s):// or tcp://'),
  /** HTTP: status and, if given, a text the page must contain. */
  expect: z.object({ status: z.int().min(100).max(599).default(200), contains: text(200).default('') }),
})
const Confirmation = z.object({ by: z.string(), byPersonId: z.uuid(), at: instant })
/** How availability is measured (ruling 11); counts from `startsAt`, only once both have confirmed, only in PROD. */
export const Measurement = z.object({
  probes: z.array(Probe).min(1).max(20),
  startsAt: instant,
  projectManager: Confirmation.nullable(),
  customer: Confirmation.nullable(),
})
export const MeasurementInput = Measurement.pick({ probes: true, startsAt: true })

const applicationFields = {
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
const ApplicationChange = z.object({ ...applicationFields, state: AppState.exclude(['RETIRED']) }).partial()

// Servers, volumes, networks

const serverFields = {
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
const ownerInput = { tenantId: z.uuid().nullable().default(null), applicationId: z.uuid().nullable().default(null) }
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
const ServerChange = z.object(serverFields).partial()

const volumeFields = {
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
const VolumeChange = z.object(volumeFields).partial()

const networkFields = {
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
const NetworkChange = z.object(networkFields).partial()

// Pools and racks

/** What is promised out of a pool. vcpu in cores, the others as named. */
export const Amounts = z.object({
  vcpu: units(100_000_000),
  memGiB: units(1_000_000_000),
  storageGiB: units(2_000_000_000),
  publicAddresses: units(1_000_000),
  baremetal: units(1_000_000),
})
export type Amounts = z.output<typeof Amounts>
export const noAmounts: Amounts = { vcpu: 0, memGiB: 0, storageGiB: 0, publicAddresses: 0, baremetal: 0 }

const poolFields = { name, code, zone: text(60, 1), env: Env.nullable(), capacity: Amounts, note }
export const Pool = z.object({
  ...item,
  ...poolFields,
  /** Capacity times the overcommit of the base parameters, rounded down. */
  usable: Amounts,
  /** Held for what is approved or being built. */
  reserved: Amounts,
  /** In use. */
  committed: Amounts,
  free: Amounts,
})
export type Pool = z.output<typeof Pool>
export const PoolInput = z.object({ ...poolFields, env: Env.nullable().default(null), note: note.default('') })
const PoolChange = z.object(poolFields).partial()
export const Allocation = z.object({
  id: z.uuid(),
  poolId: z.uuid(),
  holder: z.object({ type: z.string(), id: z.string() }),
  label: z.string(),
  state: z.enum(['RESERVED', 'COMMITTED', 'RELEASED']),
  amounts: Amounts,
  reservedAt: instant,
  changedAt: instant,
})
export const CapacityAnswer = z.object({
  fits: z.boolean(),
  /** The pool that would be taken, the fullest that still fits; null when none does. */
  pool: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  /** For each amount that is short in every pool: wanted and the most that one pool has free. */
  shortages: z.array(z.object({ what: Amounts.keyof(), wanted: z.number(), free: z.number() })),
})
export type CapacityAnswer = z.output<typeof CapacityAnswer>

const rackFields = {
  name,
  room: text(120),
  row: text(40),
  units: z.int().min(1).max(60),
  powerWatts: units(1_000_000),
  note,
}
export const Rack = z.object({ ...item, ...rackFields, usedUnits: z.int(), serverCount: z.int() })
export type Rack = z.output<typeof Rack>
export const RackInput = z.object({
  ...rackFields,
  row: text(40).default(''),
  units: rackFields.units.default(42),
  powerWatts: rackFields.powerWatts.default(0),
  note: note.default(''),
})
const RackChange = z.object(rackFields).partial()

// Templates: flavours, images, hardware models

const person = z.object({ id: z.uuid().nullable(), name: z.string() })
const proposal = {
  state: TemplateState,
  proposedBy: person,
  decidedBy: person.nullable(),
  decidedAt: instant.nullable(),
  comment: z.string().nullable(),
}
const flavorFields = {
  name,
  vcpu: z.int().min(1).max(1024),
  memGiB: z.int().min(1).max(16_384),
  /** Smallest system disk. */
  rootGiB: z.int().min(0).max(65_536),
  family: text(60),
  /** Id of the flavour in the cloud; empty: found by size. */
  externalId: text(120),
  note,
}
export const Flavor = z.object({ ...item, ...flavorFields, ...proposal })
export type Flavor = z.output<typeof Flavor>
export const FlavorInput = z.object({
  ...flavorFields,
  rootGiB: flavorFields.rootGiB.default(40),
  family: text(60).default(''),
  externalId: text(120).default(''),
  note: note.default(''),
})

const imageFields = {
  name,
  os: text(60, 1),
  version: text(60),
  arch: z.enum(['x86_64', 'aarch64', 'loongarch64', 'sw_64']),
  domestic: z.boolean(),
  minRootGiB: z.int().min(1).max(4096),
  minMemGiB: z.int().min(0).max(1024),
  /** Digest of the image file, `SHA-256:…`; empty if it is not kept. */
  digest: text(160),
  externalId: text(120),
  note,
}
export const Image = z.object({ ...item, ...imageFields, ...proposal })
export type Image = z.output<typeof Image>
export const ImageInput = z.object({
  ...imageFields,
  version: text(60).default(''),
  arch: imageFields.arch.default('x86_64'),
  domestic: z.boolean().default(false),
  minRootGiB: imageFields.minRootGiB.default(40),
  minMemGiB: imageFields.minMemGiB.default(1),
  digest: text(160).default(''),
  externalId: text(120).default(''),
  note: note.default(''),
})

export const AcceptanceTest = z.object({
  id: z.uuid(),
  result: z.enum(['PASS', 'FAIL']),
  checks: z
    .array(z.object({ name: text(120, 1), result: z.enum(['PASS', 'FAIL', 'NOT_APPLICABLE']), note: text(500).default('') }))
    .min(1)
    .max(100),
  comment: z.string(),
  fileIds: z.array(z.uuid()),
  by: person,
  at: instant,
})
const hardwareFields = {
  vendor: text(120, 1),
  model: text(120, 1),
  cpu: text(200),
  vcpu: units(4096),
  memGiB: units(65_536),
  disks: text(400),
  nics: text(400),
  gpu: text(200),
  /** Height in rack units. */
  rackUnits: z.int().min(1).max(60),
  note,
}
export const HardwareModel = z.object({
  ...item,
  ...hardwareFields,
  acceptance: z.enum(['UNTESTED', 'PASS', 'FAIL']),
  tests: z.array(AcceptanceTest),
  inUse: z.int(),
})
export type HardwareModel = z.output<typeof HardwareModel>
export const HardwareModelInput = z.object({
  ...hardwareFields,
  disks: text(400).default(''),
  nics: text(400).default(''),
  gpu: text(200).default(''),
  rackUnits: hardwareFields.rackUnits.default(2),
  note: note.default(''),
})

// Base parameters

export const BaseParameters = z.object({
  /** Quota of a new project in the cloud; numbers of things, vcpu in cores. */
  defaultQuota: z.object({
    instances: units(100_000),
    vcpu: units(1_000_000),
    memGiB: units(10_000_000),
    volumes: units(100_000),
    volumeGiB: units(100_000_000),
    publicAddresses: units(10_000),
    securityGroups: units(10_000),
  }),
  zones: z
    .array(z.object({ code: text(60, 1), name, kind: Zone, availabilityZone: text(60).default('') }))
    .min(1)
    .max(50),
  addressPools: z
    .array(
      z.object({
        name,
        zone: text(60, 1),
        cidr,
        gateway: address.nullable().default(null),
        dns: z.array(address).max(4).default([]),
        reserved: z.array(text(60, 1)).max(100).default([]),
      }),
    )
    .max(200),
  /** Patterns of names; {tenant} {app} {env} {role} {seq} are filled in. */
  naming: z.object({ project: text(120, 1), server: text(120, 1), volume: text(120, 1), network: text(120, 1) }),
  /** How many times the physical capacity may be promised; 1 = not at all. */
  overcommit: z.object({ vcpu: z.number().min(1).max(16), mem: z.number().min(1).max(4), storage: z.number().min(1).max(4) }),
})
export type BaseParameters = z.output<typeof BaseParameters>
export const BaseParametersVersion = z.object({
  version: z.int(),
  parameters: BaseParameters,
  reason: z.string(),
  by: person,
  at: instant,
})

// History, relations, files

export const ItemChange = z.object({
  id: z.uuid(),
  at: instant,
  by: person,
  action: z.enum(['CREATED', 'CHANGED', 'RETIRED', 'PROPOSED', 'APPROVED', 'REJECTED', 'CONFIRMED', 'TESTED']),
  /** Where it came from: SCREEN, IMPORT, or the process that did it. */
  via: z.string(),
  /** Only the fields that changed. */
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
})
export const RelationKind = z.enum([
  'BELONGS_TO',
  'ATTACHED_TO',
  'PLACED_IN',
  'BUILT_FROM',
  'MADE_FROM',
  'DRAWN_FROM',
  'DEPENDS_ON',
  'CONNECTS_TO',
])
export const Relations = z.object({
  nodes: z.array(z.object({ type: ItemType, id: z.uuid(), name: z.string(), state: z.string().nullable(), distance: z.int() })),
  edges: z.array(z.object({ id: z.uuid().nullable(), kind: RelationKind, from: z.uuid(), to: z.uuid(), note: z.string() })),
  /** More than 300 things are connected; the farthest are left out. */
  cut: z.boolean(),
})

export const ImportReport = z.object({
  applied: z.boolean(),
  rows: z.int(),
  created: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  /** The first 500; `row` as in the sheet (the header is row 1). */
  errors: z.array(z.object({ row: z.int(), column: z.string(), message: z.string() })),
  errorCount: z.int(),
})

const anyRead = canAny(['cmdb.read', 'R'], ['cmdb.read', 'r'])
const appRead = canAny(['application.read', 'R'], ['application.read', 'r'])
const write = can('cmdb.write', 'U')
const ofItem = z.object({ id: z.uuid() })
/** `-name` sorts descending. */
const sort = z
  .string()
  .regex(/^-?[a-zA-Z]{1,40}$/)
  .optional()
const list = pageInput.extend({ q: text(100).optional(), sort, retired: z.stringbool().default(false) })
const ofOwner = { tenantId: z.uuid().optional(), applicationId: z.uuid().optional() }
const stateFilter = { state: z.string().max(200).optional(), env: Env.optional(), zone: text(60).optional() }
const change = <T extends z.ZodType>(fields: T) => z.object({ id: z.uuid(), rev: z.int(), change: fields })
const retireInput = z.object({ id: z.uuid(), rev: z.int(), reason: text(500, 1) })

/** The five things that can be said about a kind of item. */
const item5 = <T extends z.ZodType, F extends z.ZodType, I extends z.ZodType, C extends z.ZodType>(o: {
  path: string
  zh: string
  read: AnyOf
  create: AnyOf
  update: AnyOf
  Item: T
  filter: F
  Input: I
  Change: C
}) => ({
  list: endpoint({ method: 'GET', path: o.path, summary: `${o.zh}清单`, access: o.read, input: o.filter, reply: page(o.Item) }),
  get: endpoint({
    method: 'GET',
    path: `${o.path}/:id`,
    summary: o.zh,
    access: o.read,
    input: ofItem,
    reply: o.Item,
    problems: [commonProblems.notFound],
  }),
  create: endpoint({
    method: 'POST',
    path: o.path,
    summary: `登记${o.zh}`,
    access: o.create,
    input: o.Input,
    reply: o.Item,
    problems: [inventoryProblems.codeTaken],
  }),
  update: endpoint({
    method: 'PATCH',
    path: `${o.path}/:id`,
    summary: `修改${o.zh}`,
    access: o.update,
    input: change(o.Change),
    reply: o.Item,
    problems: [commonProblems.stale, inventoryProblems.retired, inventoryProblems.codeTaken],
  }),
  retire: endpoint({
    method: 'POST',
    path: `${o.path}/:id/retire`,
    summary: `${o.zh}退出使用`,
    access: o.update,
    input: retireInput,
    reply: o.Item,
    problems: [commonProblems.stale, inventoryProblems.retired, inventoryProblems.stillUsed],
  }),
})

const template = canAny(['iaas.template.manage', 'R'], ['cmdb.read', 'R'], ['cmdb.read', 'r'])
const applications = item5({
  path: '/inventory/applications',
  zh: '应用系统',
  read: appRead,
  create: can('application.write', 'C'),
  update: can('application.write', 'U'),
  Item: Application,
  filter: list.extend({ tenantId: z.uuid().optional(), state: z.string().max(200).optional(), env: Env.optional() }),
  Input: ApplicationInput,
  Change: ApplicationChange,
})
const servers = item5({
  path: '/inventory/servers',
  zh: '服务器',
  read: anyRead,
  create: can('cmdb.write', 'C'),
  update: write,
  Item: Server,
  filter: list.extend({
    ...ofOwner,
    ...stateFilter,
    kind: ServerKind.optional(),
    poolId: z.uuid().optional(),
    rackId: z.uuid().optional(),
    usageBefore: day.optional(),
  }),
  Input: ServerInput,
  Change: ServerChange,
})
const volumes = item5({
  path: '/inventory/volumes',
  zh: '存储',
  read: anyRead,
  create: can('cmdb.write', 'C'),
  update: write,
  Item: Volume,
  filter: list.extend({
    ...ofOwner,
    ...stateFilter,
    kind: VolumeKind.optional(),
    serverId: z.uuid().optional(),
    poolId: z.uuid().optional(),
  }),
  Input: VolumeInput,
  Change: VolumeChange,
})
const networks = item5({
  path: '/inventory/networks',
  zh: '网络与安全资源',
  read: anyRead,
  create: can('cmdb.write', 'C'),
  update: write,
  Item: Network,
  filter: list.extend({ ...ofOwner, ...stateFilter, kind: NetworkKind.optional(), serverId: z.uuid().optional() }),
  Input: NetworkInput,
  Change: NetworkChange,
})
const pools = item5({
  path: '/inventory/pools',
  zh: '资源池',
  read: can('pool.read', 'R'),
  create: can('pool.manage', 'C'),
  update: can('pool.manage', 'U'),
  Item: Pool,
  filter: list.extend({ zone: text(60).optional() }),
  Input: PoolInput,
  Change: PoolChange,
})
const racks = item5({
  path: '/inventory/racks',
  zh: '机柜',
  read: can('pool.read', 'R'),
  create: can('cmdb.write', 'C'),
  update: write,
  Item: Rack,
  filter: list.extend({ room: text(120).optional() }),
  Input: RackInput,
  Change: RackChange,
})
const flavors = item5({
  path: '/inventory/flavors',
  zh: '规格',
  read: template,
  create: can('iaas.template.manage', 'C'),
  update: can('iaas.template.manage', 'U'),
  Item: Flavor,
  filter: list.extend({ state: z.string().max(200).optional() }),
  Input: FlavorInput,
  Change: z.object(flavorFields).partial(),
})
const images = item5({
  path: '/inventory/images',
  zh: '镜像',
  read: template,
  create: can('iaas.template.manage', 'C'),
  update: can('iaas.template.manage', 'U'),
  Item: Image,
  filter: list.extend({ state: z.string().max(200).optional(), arch: imageFields.arch.optional() }),
  Input: ImageInput,
  Change: z.object(imageFields).partial(),
})
const models = item5({
  path: '/inventory/hardware-models',
  zh: '机型',
  read: canAny(['iaas.hardwareTest', 'R'], ['cmdb.read', 'R'], ['cmdb.read', 'r']),
  create: can('iaas.hardwareTest', 'C'),
  update: can('iaas.hardwareTest', 'C'),
  Item: HardwareModel,
  filter: list.extend({ acceptance: z.enum(['UNTESTED', 'PASS', 'FAIL']).optional() }),
  Input: HardwareModelInput,
  Change: z.object(hardwareFields).partial(),
})

const decide = <T extends z.ZodType>(path: string, zh: string, Item: T) =>
  endpoint({
    method: 'POST',
    path: `${path}/:id/decide`,
    summary: `批准或驳回${zh}`,
    access: can('iaas.template.manage', 'A'),
    input: z.object({ id: z.uuid(), approve: z.boolean(), comment: text(500).default('') }),
    reply: Item,
    problems: [inventoryProblems.decided, inventoryProblems.samePerson],
  })

export const inventoryApi = {
  listApplications: applications.list,
  getApplication: applications.get,
  createApplication: applications.create,
  updateApplication: applications.update,
  retireApplication: applications.retire,
  setMeasurement: endpoint({
    method: 'PUT',
    path: '/inventory/applications/:id/measurement',
    summary: '登记应用的可用性测量方式；改动后须重新确认',
    access: canAny(['application.measurement', 'C'], ['application.measurement', 'U']),
    input: z.object({ id: z.uuid(), rev: z.int(), measurement: MeasurementInput }),
    reply: Application,
    problems: [commonProblems.stale, inventoryProblems.retired],
  }),
  confirmMeasurement: endpoint({
    method: 'POST',
    path: '/inventory/applications/:id/measurement/confirm',
    summary: '确认测量方式（项目经理、甲方运维经理各一次）',
    access: can('application.measurement', 'A'),
    input: z.object({ id: z.uuid(), rev: z.int() }),
    reply: Application,
    problems: [commonProblems.stale, inventoryProblems.noMeasurement, inventoryProblems.samePerson],
  }),
  listServers: servers.list,
  getServer: servers.get,
  createServer: servers.create,
  updateServer: servers.update,
  retireServer: servers.retire,
  listVolumes: volumes.list,
  getVolume: volumes.get,
  createVolume: volumes.create,
  updateVolume: volumes.update,
  retireVolume: volumes.retire,
  listNetworks: networks.list,
  getNetwork: networks.get,
  createNetwork: networks.create,
  updateNetwork: networks.update,
  retireNetwork: networks.retire,
  listPools: pools.list,
  getPool: pools.get,
  createPool: pools.create,
  updatePool: pools.update,
  retirePool: pools.retire,
  poolAllocations: endpoint({
    method: 'GET',
    path: '/inventory/pools/:id/allocations',
    summary: '资源池的占用明细',
    access: can('pool.read', 'R'),
    input: pageInput.extend({ id: z.uuid(), released: z.stringbool().default(false) }),
    reply: page(Allocation),
  }),
  askCapacity: endpoint({
    method: 'GET',
    path: '/inventory/capacity',
    summary: '所需合计能否放进某个资源池',
    access: can('pool.read', 'R'),
    input: z.object({
      zone: text(60).optional(),
      vcpu: z.coerce.number().int().min(0).default(0),
      memGiB: z.coerce.number().int().min(0).default(0),
      storageGiB: z.coerce.number().int().min(0).default(0),
      publicAddresses: z.coerce.number().int().min(0).default(0),
      baremetal: z.coerce.number().int().min(0).default(0),
    }),
    reply: CapacityAnswer,
  }),
  listRacks: racks.list,
  getRack: racks.get,
  createRack: racks.create,
  updateRack: racks.update,
  retireRack: racks.retire,
  listFlavors: flavors.list,
  getFlavor: flavors.get,
  createFlavor: flavors.create,
  updateFlavor: flavors.update,
  retireFlavor: flavors.retire,
  decideFlavor: decide('/inventory/flavors', '规格', Flavor),
  listImages: images.list,
  getImage: images.get,
  createImage: images.create,
  updateImage: images.update,
  retireImage: images.retire,
  decideImage: decide('/inventory/images', '镜像', Image),
  listHardwareModels: models.list,
  getHardwareModel: models.get,
  createHardwareModel: models.create,
  updateHardwareModel: models.update,
  retireHardwareModel: models.retire,
  recordAcceptanceTest: endpoint({
    method: 'POST',
    path: '/inventory/hardware-models/:id/tests',
    summary: '登记新进机型的可用性测试',
    access: can('iaas.hardwareTest', 'X'),
    input: AcceptanceTest.pick({ result: true, checks: true }).extend({
      id: z.uuid(),
      comment: text(1000).default(''),
      fileIds: z.array(z.uuid()).max(10).default([]),
    }),
    reply: HardwareModel,
    problems: [inventoryProblems.retired],
  }),
  baseParameters: endpoint({
    method: 'GET',
    path: '/inventory/base-parameters',
    summary: 'IaaS 基础参数：现行版本',
    access: can('iaas.parameter.manage', 'R'),
    input: z.object({ version: z.coerce.number().int().min(1).optional() }),
    reply: BaseParametersVersion,
    problems: [commonProblems.notFound],
  }),
  baseParameterVersions: endpoint({
    method: 'GET',
    path: '/inventory/base-parameters/versions',
    summary: 'IaaS 基础参数：历史版本，新的在前',
    access: can('iaas.parameter.manage', 'R'),
    input: pageInput,
    reply: page(BaseParametersVersion),
  }),
  saveBaseParameters: endpoint({
    method: 'POST',
    path: '/inventory/base-parameters',
    summary: '修改 IaaS 基础参数，形成新版本',
    access: can('iaas.parameter.manage', 'U'),
    input: z.object({ baseVersion: z.int().min(0), parameters: BaseParameters, reason: text(500, 1) }),
    reply: BaseParametersVersion,
    problems: [commonProblems.stale],
  }),
  history: endpoint({
    method: 'GET',
    path: '/inventory/items/:type/:id/history',
    summary: '变更历史：谁在何时改了什么，新的在前',
    access: anyRead,
    input: pageInput.extend({ type: ItemType, id: z.uuid() }),
    reply: page(ItemChange),
    problems: [commonProblems.notFound],
  }),
  relations: endpoint({
    method: 'GET',
    path: '/inventory/items/:type/:id/relations',
    summary: '关联图：相连的各项，至多三层',
    access: anyRead,
    input: z.object({ type: ItemType, id: z.uuid(), depth: z.coerce.number().int().min(1).max(3).default(2) }),
    reply: Relations,
    problems: [commonProblems.notFound],
  }),
  relate: endpoint({
    method: 'POST',
    path: '/inventory/relations',
    summary: '登记依赖或连接关系',
    access: write,
    input: z.object({
      kind: z.enum(['DEPENDS_ON', 'CONNECTS_TO']),
      from: z.object({ type: ItemType, id: z.uuid() }),
      to: z.object({ type: ItemType, id: z.uuid() }),
      note: text(200).default(''),
    }),
    reply: z.object({ id: z.uuid() }),
    problems: [commonProblems.notFound, inventoryProblems.codeTaken],
  }),
  unrelate: endpoint({
    method: 'DELETE',
    path: '/inventory/relations/:id',
    summary: '删除登记的关系',
    access: write,
    input: ofItem,
    reply: z.object({}),
    problems: [commonProblems.notFound],
  }),
  importItems: endpoint({
    method: 'POST',
    path: '/inventory/import',
    summary: '由 xlsx 或 csv 导入；试导入逐行报错，不写入',
    access: can('cmdb.import', 'X'),
    input: z.object({ type: TableType, dryRun: z.stringbool().default(true) }),
    reply: ImportReport,
    problems: [inventoryProblems.notSheet, inventoryProblems.bomb, inventoryProblems.tooManyRows, inventoryProblems.wrongColumns],
    kind: 'file',
  }),
  exportItems: endpoint({
    method: 'POST',
    path: '/inventory/export',
    summary: '导出为 xlsx 或 csv（导出留痕）；empty 为真时只给表头，作导入模板',
    access: can('cmdb.export', 'X'),
    input: z.object({
      type: TableType,
      format: z.enum(['xlsx', 'csv']).default('xlsx'),
      empty: z.boolean().default(false),
      filter: z
        .object({
          q: text(100),
          tenantId: z.uuid(),
          applicationId: z.uuid(),
          state: z.string().max(200),
          env: Env,
          zone: text(60),
          kind: z.string().max(40),
          retired: z.boolean(),
        })
        .partial()
        .default({}),
    }),
    reply: z.unknown(),
    kind: 'download',
  }),
}
