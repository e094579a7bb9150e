import { z } from 'zod'
import { canAny, day, endpoint, instant } from './endpoint.ts'

// 租约与全周期, 费用权重 (what an application asked for, was given, uses, and gave back; and what that weighs).

export const LifeAmounts = z.object({ vcpu: z.number(), memGiB: z.number(), storageGiB: z.number(), baremetal: z.number() })
export type LifeAmounts = z.output<typeof LifeAmounts>
export const noLifeAmounts: LifeAmounts = { vcpu: 0, memGiB: 0, storageGiB: 0, baremetal: 0 }

export const LifeStage = z.enum(['ADMITTED', 'ASKED', 'APPROVED', 'DELIVERED', 'CHANGED', 'RETURNED', 'MOVED'])
export type LifeStage = z.output<typeof LifeStage>

/** One thing that happened to the application's resources: a paper with its number and where it stands. */
export const LifeMatter = z.object({
  stage: LifeStage,
  at: instant,
  id: z.uuid(),
  number: z.string(),
  title: z.string(),
  status: z.string(),
  /** Address of its page. */
  to: z.string(),
  /** What it added (or took away); null where it says nothing of amounts. */
  amounts: LifeAmounts.nullable(),
})
export type LifeMatter = z.output<typeof LifeMatter>

/** What ends next: a lease, an admission nobody has used, a security service. */
export const LifeExpiry = z.object({
  kind: z.enum(['server', 'volume', 'network', 'admission', 'security']),
  id: z.uuid(),
  name: z.string(),
  on: day,
  /** Below zero: over already. */
  daysLeft: z.int(),
  to: z.string(),
})
export type LifeExpiry = z.output<typeof LifeExpiry>

export const MeasuredServer = z.object({
  id: z.uuid(),
  name: z.string(),
  vcpu: z.int(),
  memGiB: z.int(),
  /** Greatest five-minute averages within the observation, percent; null: not measured. */
  cpuPeak: z.number().nullable(),
  memoryPeak: z.number().nullable(),
  /** Measured share of the observation, 0..1. */
  coverage: z.number(),
})
export type MeasuredServer = z.output<typeof MeasuredServer>

export const Lifecycle = z.object({
  application: z.object({
    id: z.uuid(),
    name: z.string(),
    code: z.string(),
    tenantName: z.string().nullable(),
    state: z.string(),
    admissionNo: z.string().nullable(),
  }),
  /** Sums over all matters, and what is held now. */
  asked: LifeAmounts,
  approved: LifeAmounts,
  delivered: LifeAmounts,
  changed: LifeAmounts,
  returned: LifeAmounts,
  held: LifeAmounts,
  /** Days of the observation and the servers, busiest last. */
  observeDays: z.int(),
  measured: z.array(MeasuredServer),
  expiries: z.array(LifeExpiry),
  /** Oldest first. */
  matters: z.array(LifeMatter),
})
export type Lifecycle = z.output<typeof Lifecycle>

/** What is weighed: the key of a price. */
export const PriceKey = z.enum([
  'vcpu',
  'memGiB',
  'rootGiB',
  'ssdGiB',
  'sasGiB',
  'sataGiB',
  'otherGiB',
  'baremetal',
  'publicAddress',
  'bandwidthMbps',
  'securityService',
])
export type PriceKey = z.output<typeof PriceKey>
/** A month of one unit weighs so much. As in the plan's parameter `showback.prices`; what has no price weighs nothing. */
export const Prices = z.object({
  unit: z.object({ zh: z.string(), en: z.string() }),
  perMonth: z.partialRecord(PriceKey, z.number().min(0)),
})
export type Prices = z.output<typeof Prices>

export const ShowbackLine = z.object({
  key: PriceKey,
  /** Units times the share of the month they were held. */
  quantity: z.number(),
  price: z.number(),
  /** Hundredths of the unit. */
  weightCents: z.int(),
})
export const ShowbackApplication = z.object({
  applicationId: z.uuid().nullable(),
  name: z.string(),
  weightCents: z.int(),
  lines: z.array(ShowbackLine),
})
export const ShowbackBureau = z.object({
  /** Null: the house itself. */
  tenantId: z.uuid().nullable(),
  name: z.string(),
  weightCents: z.int(),
  /** Of everything the reader may see, 0..1. */
  share: z.number(),
  applications: z.array(ShowbackApplication),
})
export const Showback = z.object({
  month: z.string(),
  unit: z.object({ zh: z.string(), en: z.string() }),
  /** While the month runs: reckoned up to here. */
  upTo: instant.nullable(),
  totalCents: z.int(),
  bureaus: z.array(ShowbackBureau),
})
export type Showback = z.output<typeof Showback>

const seeApplication = canAny(['application.read', 'R'], ['application.read', 'r'])
const seeShowback = canAny(['showback.read', 'R'], ['showback.read', 'r'])
const month = z.object({ month: z.string().regex(/^20\d{2}-(0[1-9]|1[0-2])$/) })

export const lifecycleApi = {
  get: endpoint({
    method: 'GET',
    path: '/applications/:applicationId/lifecycle',
    summary: '应用的资源全周期：申请、批准、交付、实测、变更、回收与到期',
    access: seeApplication,
    input: z.object({ applicationId: z.uuid() }),
    reply: Lifecycle,
  }),
  showback: endpoint({
    method: 'GET',
    path: '/showback',
    summary: '各单位一个月的费用权重',
    access: seeShowback,
    input: month,
    reply: Showback,
  }),
  exportShowback: endpoint({
    method: 'POST',
    path: '/showback/export',
    summary: '费用权重表（xlsx 或 csv；留痕）',
    access: seeShowback,
    kind: 'download',
    input: month.extend({ format: z.enum(['xlsx', 'csv']).default('xlsx') }),
    reply: z.unknown(),
  }),
}
