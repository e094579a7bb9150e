import { z } from 'zod'
import { TimeLeft } from './calendar.ts'
import { day, instant, text } from './endpoint.ts'
import { lineKind, lineState, lineWay, who } from './provisioning.kinds.ts'

const portRule = z.object({
  src: text(60, 1),
  dst: text(60).default(''),
  proto: z.enum(['TCP', 'UDP', 'ICMP', 'ANY']),
  /** `443`, `8000-8100`, or empty for all ports (ICMP, ANY). */
  port: z.string().regex(/^(\d{1,5}(-\d{1,5})?)?$/),
  purpose: text(200).default(''),
})

/** What one line asks for, as approved. Sizes: GiB, counts; `until` of the lease is the line's. */
export const lineSpec = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('VM'),
    hostName: z.string().regex(/^[a-z][a-z0-9-]{2,40}$/),
    purpose: text(200).default(''),
    vcpu: z.int().min(1).max(64),
    memGiB: z.int().min(1).max(512),
    /** Id or name in the cloud; without one the smallest flavour that fits is taken. */
    flavor: text(100).nullable().default(null),
    image: text(200, 1),
    rootGiB: z.int().min(1).max(500),
    dataDisks: z
      .array(z.object({ gib: z.int().min(1).max(32768), type: z.enum(['SSD', 'SAS', 'SATA']) }))
      .max(16)
      .default([]),
    zone: text(60).default(''),
    antiAffinity: text(60).nullable().default(null),
    count: z.int().min(1).max(50),
    /** How many of them get a public address. */
    publicAddresses: z.int().min(0).max(50).default(0),
  }),
  z.object({
    kind: z.literal('BAREMETAL'),
    /** Inventory id of the model; it must have passed its hardware acceptance test. */
    modelId: text(100, 1),
    modelName: text(200, 1),
    os: text(200, 1),
    raid: text(40, 1),
    count: z.int().min(1).max(50),
    justification: text(2000).default(''),
  }),
  z.object({
    kind: z.literal('STORAGE'),
    storage: z.enum(['BLOCK', 'FILE', 'OBJECT', 'BACKUP']),
    name: text(100).default(''),
    gib: z.int().min(1).max(10_000_000),
    tier: text(40).default(''),
    protocol: text(40).default(''),
    backupPolicy: text(100).default(''),
  }),
  z.object({
    kind: z.literal('NETWORK'),
    zone: text(60, 1),
    cidr: z.cidrv4().nullable().default(null),
    publicAddresses: z.int().min(0).max(50).default(0),
    mbps: z.int().min(0).max(1_000_000).default(0),
    domain: text(200).default(''),
    icp: text(100).default(''),
    rules: z.array(portRule).max(200).default([]),
    loadBalancer: z.boolean().default(false),
  }),
  z.object({ kind: z.literal('SECURITY'), services: z.array(text(60, 1)).min(1).max(20) }),
])
export type LineSpec = z.output<typeof lineSpec>

/**
 * A line's promise. `dueAt` comes from the working calendar; `heldDays` working days of an approved suspension are in it already.
 * `met`: null while open and not late.
 */
export const clock = z.object({
  receivedAt: instant,
  workdays: z.int(),
  dueAt: instant,
  dueOn: day,
  provisional: z.boolean(),
  heldDays: z.int(),
  /** Since when the clock stands still; null while it runs. Then `usedRatio` and `left` are those of that instant. */
  heldAt: instant.nullable(),
  deliveredAt: instant.nullable(),
  met: z.boolean().nullable(),
  /** Share of the limit used in business time, stopped at delivery; working days left, null once delivered. */
  usedRatio: z.number(),
  left: TimeLeft.nullable(),
  clause: z.enum(['4.3-1a', '4.3-1b']),
})

/** One step of making a line: what, with which key, how often tried, what came of it. */
export const provisioningStep = z.object({
  id: z.uuid(),
  seq: z.int(),
  /** As in the cloud: project, volume, server ...; `record` writes the inventory. */
  kind: z.string(),
  name: z.string(),
  state: z.enum(['WAITING', 'ASKED', 'BUILDING', 'DONE', 'FAILED', 'UNDONE']),
  attempts: z.int(),
  adopted: z.boolean(),
  externalId: z.string().nullable(),
  askedAt: instant.nullable(),
  doneAt: instant.nullable(),
  error: z.string().nullable(),
})

export const checkItem = z.object({
  key: z.string(),
  label: z.object({ zh: z.string(), en: z.string() }),
  done: z.boolean(),
  note: z.string(),
})

export const workOrderLine = z.object({
  id: z.uuid(),
  no: z.int(),
  kind: lineKind,
  way: lineWay,
  /** Why people do it, when the driver could not; null otherwise. */
  manualReason: z.string().nullable(),
  state: lineState,
  title: z.string(),
  spec: lineSpec,
  clock,
  steps: z.array(provisioningStep),
  checklist: z.array(checkItem),
  /** What exists now: host names, addresses, ids. */
  result: z.array(
    z.object({
      name: z.string(),
      externalId: z.string().nullable(),
      addresses: z.array(z.string()),
      facts: z.record(z.string(), z.string()),
    }),
  ),
  error: z.string().nullable(),
  usageUntil: day,
  objections: z.array(z.object({ at: instant, by: who, text: z.string() })),
})
export type WorkOrderLine = z.output<typeof workOrderLine>
