import { z } from 'zod'
import { Bilingual } from './calendar.ts'
import { day, instant, text } from './endpoint.ts'

/** Servers and clusters run by `server-reclaim`, volumes by `storage-reclaim`. */
export const ReclaimSubject = z.enum(['SERVER', 'CLUSTER', 'VOLUME'])
export type ReclaimSubject = z.infer<typeof ReclaimSubject>
export const ReclaimVerdict = z.enum(['RELEASE', 'RIGHT_SIZE', 'CLUSTER_SHRINK', 'SHRINK', 'NO_CONCLUSION'])
export type ReclaimVerdict = z.infer<typeof ReclaimVerdict>
/** A rule found it, the owner offers it, its lease ended, its application was taken down. */
export const ReclaimSource = z.enum(['RULE', 'OWNER', 'EXPIRY', 'APP_RETIRED'])
export type ReclaimSource = z.infer<typeof ReclaimSource>
/** CPU and memory in percent; network in bytes, storage in operations or bytes of five minutes; connections as a count; used space in percent. */
export const ReclaimMetric = z.enum([
  'cpu',
  'memory',
  'netIn',
  'netOut',
  'diskRead',
  'diskWrite',
  'diskReadBytes',
  'diskWriteBytes',
  'connections',
  'used',
])
export type ReclaimMetric = z.infer<typeof ReclaimMetric>
export const MeasureSource = z.enum(['MONITOR', 'AGENT', 'MANUAL'])
export type MeasureSource = z.infer<typeof MeasureSource>
export const ExclusionReason = z.enum(['EXEMPT', 'TOO_NEW', 'STANDBY', 'SHADOW', 'OPEN_CASE'])
export const ReclaimOutcome = z.enum(['RELEASED', 'RIGHT_SIZED', 'SHRUNK', 'TIERED', 'KEPT'])
export type ReclaimOutcome = z.infer<typeof ReclaimOutcome>
/** Section 1 of the domain; a reclaim uses these of it. */
export const ReclaimStatus = z.enum(['SUBMITTED', 'UNDER_REVIEW', 'PENDING_APPROVAL', 'FULFILLING', 'CLOSED', 'CANCELLED'])
export type ReclaimStatus = z.infer<typeof ReclaimStatus>

/** One measure over the observation: its peak decides, the rest is for reading. */
export const MeasureFigure = z.object({
  metric: ReclaimMetric,
  peak: z.number().nullable(),
  peakAt: instant.nullable(),
  p95: z.number().nullable(),
  mean: z.number().nullable(),
  greatestDaySum: z.number().nullable(),
  /** Measured share of the observation, approved maintenance left out, 0..1. */
  coverage: z.number(),
  isCovered: z.boolean(),
  intervalSeconds: z.int().nullable(),
  source: MeasureSource.nullable(),
})
export type MeasureFigure = z.infer<typeof MeasureFigure>

export const MeasuredItem = z.object({
  itemType: z.enum(['server', 'volume']),
  itemId: z.uuid(),
  name: z.string(),
  vcpu: z.int(),
  memGiB: z.int(),
  gib: z.int(),
  figures: z.array(MeasureFigure),
  /** Of a volume. */
  attachedTo: z.string().nullable(),
  detachedSince: instant.nullable(),
  usedSeries: z.array(z.object({ date: day, pct: z.number() })),
  growthPercent: z.number().nullable(),
})
export type MeasuredItem = z.infer<typeof MeasuredItem>

/** What the server sums up of the measurements; nobody types it. */
export const ReclaimFigures = z.object({
  from: day,
  to: day,
  coverage: z.number(),
  verdict: z.string(),
  reason: Bilingual,
  items: z.array(MeasuredItem),
  clusterPeaks: z.object({ cpu: z.number().nullable(), memory: z.number().nullable() }).nullable(),
})
export type ReclaimFigures = z.infer<typeof ReclaimFigures>

export const Recommendation = z.enum(['KEEP', 'RELEASE', 'RIGHT_SIZE', 'CLUSTER_SHRINK', 'SHRINK', 'TIER_DOWN'])
export type Recommendation = z.infer<typeof Recommendation>

const amounts = z.object({ vcpu: z.int(), memGiB: z.int(), gib: z.int() })
export type ReclaimAmounts = z.infer<typeof amounts>
const person = z.object({ id: z.uuid().nullable(), name: z.string() })

/** What people add to the measurements (form 4.4). */
export const ReclaimReport = z.object({
  gapReason: z.string(),
  recommendation: Recommendation,
  recommendationText: z.string(),
  target: z.string(),
  preparedBy: person,
  preparedAt: instant,
})
export type ReclaimReport = z.infer<typeof ReclaimReport>
export const ReclaimAssessment = z.object({
  outcome: z.string(),
  comment: z.string(),
  /** Of a cluster: how many nodes are to go. */
  nodes: z.int().nullable(),
  assessedBy: person,
  assessedAt: instant,
  confirmedAgain: z.boolean(),
})
export type ReclaimAssessment = z.infer<typeof ReclaimAssessment>
export const ReclaimReply = z.object({
  decision: z.enum(['CONFIRM_RELEASE', 'AGREE_RESIZE', 'OBJECT', 'NO_REPLY']),
  reason: z.string(),
  minNodes: z.int().nullable(),
  by: person,
  at: instant,
})
export type ReclaimReply = z.infer<typeof ReclaimReply>

export const ReclaimPart = z.object({
  seq: z.int(),
  itemType: z.enum(['server', 'volume']),
  itemId: z.uuid(),
  name: z.string(),
  state: z.enum(['WAITING', 'BACKED_UP', 'COOLING', 'RELEASED', 'RECOVERED']),
  ...amounts.shape,
  backup: z.object({ ref: z.string(), by: z.string(), at: instant, note: z.string() }).nullable(),
  declaration: z.object({ statement: z.enum(['BACKED_UP', 'NOT_NEEDED']), by: z.string(), at: instant, comment: z.string() }).nullable(),
  stoppedAt: instant.nullable(),
  coolUntil: instant.nullable(),
  releasedAt: instant.nullable(),
  proof: z
    .object({ method: z.string(), by: z.string(), witness: z.string(), evidence: z.string(), at: instant, digest: z.string() })
    .nullable(),
  backupUntil: instant.nullable(),
  backupGoneAt: instant.nullable(),
})
export type ReclaimPart = z.infer<typeof ReclaimPart>

export const ReclaimEvent = z.object({ at: instant, byName: z.string(), system: z.boolean(), kind: z.string(), text: z.string() })

export const ReclaimSummary = z.object({
  id: z.uuid(),
  number: z.string(),
  subject: ReclaimSubject,
  itemId: z.uuid(),
  itemName: z.string(),
  tenantId: z.uuid().nullable(),
  tenantName: z.string().nullable(),
  applicationName: z.string().nullable(),
  source: ReclaimSource,
  rule: z.string().nullable(),
  status: ReclaimStatus,
  outcome: ReclaimOutcome.nullable(),
  node: z.string().nullable(),
  coolUntil: instant.nullable(),
  saving: amounts.nullable(),
  createdAt: instant,
  closedAt: instant.nullable(),
})
export type ReclaimSummary = z.infer<typeof ReclaimSummary>

export const ReclaimCase = ReclaimSummary.extend({
  reason: z.string(),
  allocated: amounts,
  figures: ReclaimFigures.nullable(),
  report: ReclaimReport.nullable(),
  assessment: ReclaimAssessment.nullable(),
  reply: ReclaimReply.nullable(),
  ruling: z.object({ outcome: z.string(), reason: z.string(), by: person, at: instant }).nullable(),
  change: z
    .object({ changeNo: z.string(), note: z.string(), by: person, at: instant, after: amounts, tier: z.string().nullable() })
    .nullable(),
  askedAt: instant.nullable(),
  parts: z.array(ReclaimPart),
  events: z.array(ReclaimEvent),
  instanceId: z.uuid().nullable(),
  may: z.array(z.enum(['RECOVER', 'PRINT'])),
})
export type ReclaimCase = z.infer<typeof ReclaimCase>

export const Finding = z.object({
  id: z.uuid(),
  subject: ReclaimSubject,
  itemId: z.uuid(),
  itemName: z.string(),
  tenantId: z.uuid().nullable(),
  tenantName: z.string().nullable(),
  applicationName: z.string().nullable(),
  verdict: ReclaimVerdict,
  rule: z.string().nullable(),
  reason: Bilingual,
  figures: z.record(z.string(), z.number().nullable()),
  excluded: ExclusionReason.nullable(),
  caseId: z.uuid().nullable(),
  ...amounts.shape,
})
export type Finding = z.infer<typeof Finding>
export const Run = z.object({
  id: z.uuid(),
  at: instant,
  byName: z.string(),
  byHand: z.boolean(),
  shadow: z.boolean(),
  lookedAt: z.int(),
  counts: z.record(z.string(), z.int()),
  doneAt: instant.nullable(),
})
export type Run = z.infer<typeof Run>

export const ExemptionKind = z.enum(['DR_STANDBY', 'SEASONAL', 'KEPT', 'OTHER'])
export const Exemption = z.object({
  id: z.uuid(),
  itemId: z.uuid(),
  itemName: z.string(),
  tenantName: z.string().nullable(),
  kind: ExemptionKind,
  reason: z.string(),
  fromOn: day,
  untilOn: day,
  caseId: z.uuid().nullable(),
  approvedByName: z.string(),
  state: z.enum(['IN_FORCE', 'ENDED']),
})
export type Exemption = z.infer<typeof Exemption>

export const Cluster = z.object({
  id: z.uuid(),
  name: z.string(),
  tenantId: z.uuid(),
  tenantName: z.string().nullable(),
  applicationId: z.uuid(),
  applicationName: z.string().nullable(),
  servers: z.array(z.object({ id: z.uuid(), name: z.string() })),
  minNodes: z.int().nullable(),
  minByName: z.string().nullable(),
})
export type Cluster = z.infer<typeof Cluster>

const comment = text(2000).default('')
const needed = text(2000, 1)
const report = z.object({
  gapReason: text(4000, 1),
  recommendation: Recommendation,
  recommendationText: text(4000, 1),
  target: text(200).default(''),
  comment,
})
/** What the steps of the two processes take. */
export const reclaimForms = {
  'reclaim.report': report,
  'reclaim.storageReport': report,
  'reclaim.assess': z.object({ comment, nodes: z.int().min(1).max(200).optional() }),
  'reclaim.reassess': z.object({ comment: needed }),
  'reclaim.tenantConfirm': z.object({ comment, minNodes: z.int().min(1).max(200).optional() }),
  'reclaim.declareData': z.object({ declaration: z.enum(['BACKED_UP', 'NOT_NEEDED']).default('BACKED_UP'), comment }),
  'reclaim.coordinate': z.object({ comment: needed }),
  'reclaim.arbitrate': z.object({ comment: needed }),
  'reclaim.evidence': z.object({ ref: text(200, 1), comment }),
  'reclaim.sanitize': z.object({ method: text(200, 1), operator: text(60, 1), witness: text(60, 1), evidence: text(500, 1), comment }),
  'reclaim.change': z.object({
    changeNo: text(60, 1),
    vcpu: z.int().min(1).max(4096).optional(),
    memGiB: z.int().min(1).max(65536).optional(),
    gib: z.int().min(1).max(10_000_000).optional(),
    tier: z.enum(['SSD', 'SAS', 'SATA']).optional(),
    comment,
  }),
} as const
export type ReclaimForm = keyof typeof reclaimForms
