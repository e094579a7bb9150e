import { z } from 'zod'
import { Zone } from './catalog.ts'
import { instant, text } from './endpoint.ts'
import { address, cidr, code, item, name, note, person, units } from './inventory.basics.ts'
import { Env, ItemType, TemplateState } from './inventory.kinds.ts'

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

export const poolFields = { name, code, zone: text(60, 1), env: Env.nullable(), capacity: Amounts, note }
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
export const PoolChange = z.object(poolFields).partial()
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

export const rackFields = {
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
export const RackChange = z.object(rackFields).partial()

// Templates: flavours, images, hardware models

export const proposal = {
  state: TemplateState,
  proposedBy: person,
  decidedBy: person.nullable(),
  decidedAt: instant.nullable(),
  comment: z.string().nullable(),
  /** The last test; null before the first, and again once what was tested is changed. */
  test: z
    .object({ result: z.enum(['PASS', 'FAIL']), byId: z.uuid().nullable(), byName: z.string(), at: instant, report: z.string() })
    .nullable(),
}
export const flavorFields = {
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

export const imageFields = {
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
export const hardwareFields = {
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
  'RUNS_ON',
  'DEPENDS_ON',
  'CONNECTS_TO',
  'PART_OF',
  'IN_RACK',
  'IN_ROOM',
  'PROVIDED_BY',
])
export const Relations = z.object({
  nodes: z.array(z.object({ type: ItemType, id: z.uuid(), name: z.string(), state: z.string().nullable(), distance: z.int() })),
  edges: z.array(
    z.object({
      id: z.uuid().nullable(),
      kind: RelationKind,
      from: z.uuid(),
      to: z.uuid(),
      note: z.string(),
      /** Stands in for others of the same bundle; empty: needed as such. */
      bundle: z.string(),
      needed: z.int(),
    }),
  ),
  /** Things listed here that are connected with something the reader may not see. */
  stubs: z.array(z.uuid()),
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
  /** With errors: the sheet as it was read, to be corrected in place and sent again. */
  sheet: z.object({ header: z.array(z.string()), rows: z.array(z.object({ row: z.int(), cells: z.array(z.string()) })) }).nullable(),
})
