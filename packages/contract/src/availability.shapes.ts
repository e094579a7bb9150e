import { z } from 'zod'
import { day, instant, text } from './endpoint.ts'
import { Probe } from './inventory.world.ts'
import { problem } from './problem.ts'

/** What is said about availability: its problems and the shapes of its replies. The endpoints stand in availability.ts. */
export const availabilityProblems = {
  notMeasured: problem('availability.not-measured', 409, {
    zh: '这个应用还没有双方确认的测量方式',
    en: 'The measurement of this application is not confirmed by both sides yet',
  }),
  backwards: problem('availability.backwards', 422, { zh: '结束早于开始', en: 'It ends before it starts' }),
  ended: problem('availability.ended', 409, {
    zh: '起止已登记，不能再改；有误的由甲方认定更正',
    en: 'Its bounds are recorded and stay; the customer’s ruling corrects what is wrong',
  }),
  inFuture: problem('availability.in-future', 422, { zh: '时刻晚于现在', en: 'The instant lies in the future' }),
  outside: problem('availability.outside', 422, { zh: '超出该时段 {from} 至 {to}', en: 'Outside the stretch, {from} to {to}' }),
  probesOwn: problem('availability.probes-own', 409, {
    zh: '探测得出的起止只能由探测数据更正，可提请认定',
    en: 'Bounds found by probes are corrected by probes only; a ruling can be asked for',
  }),
  customerOnly: problem('availability.customer-only', 403, {
    zh: '归因只能由甲方认定；有争议的由甲方领导认定',
    en: 'Only the customer decides whose an outage is; disputes go to the customer’s leader',
  }),
  disputed: problem('availability.disputed', 409, {
    zh: '该时段有争议，须由甲方领导认定',
    en: 'This is disputed: the customer’s leader decides',
  }),
  notDisputable: problem('availability.not-disputable', 409, {
    zh: '还没有认定，无从争议',
    en: 'Nothing is ruled yet, so nothing can be disputed',
  }),
  monthNotOver: problem('availability.month-not-over', 409, { zh: '{month} 尚未结束', en: '{month} is not over yet' }),
  notSealed: problem('availability.not-sealed', 409, { zh: '{month} 尚未封存', en: '{month} is not sealed yet' }),
  unchanged: problem('availability.unchanged', 409, {
    zh: '{month} 已封存，数字没有变化',
    en: '{month} is sealed and its figures are the same',
  }),
  superseded: problem('availability.superseded', 409, {
    zh: '这次封存已被更正单取代，请确认最新的一份',
    en: 'This seal was replaced by an amendment; confirm the latest',
  }),
  alreadyConfirmed: problem('availability.already-confirmed', 409, {
    zh: '你方已对这次封存表态',
    en: 'Your side has answered this seal already',
  }),
  begun: problem('downtime.begun', 409, {
    zh: '停机窗口已经开始，此时不能再认定为计划停机',
    en: 'The window has begun: it can no longer be recognised',
  }),
  notNoticed: problem('downtime.not-noticed', 409, { zh: '尚未登记通知，甲方无从认定', en: 'No notice is recorded yet' }),
  decided: problem('downtime.decided', 409, { zh: '已经认定，不能再改', en: 'It is decided already' }),
  samePerson: problem('availability.same-person', 409, { zh: '须由另一人批准', en: 'Another person approves this' }),
  probeRefused: problem('probe.refused', 401, { zh: '探测令牌无效或已停用', en: 'The probe token is not valid' }),
  probeWaits: problem('probe.waits', 409, { zh: '探测点等待安全管理员批准', en: 'The probe waits for the security administrator' }),
  keyRefused: problem('measurement.key-refused', 401, { zh: '查看密钥无效或已停用', en: 'The key is not valid' }),
  keyAddress: problem('measurement.address-refused', 403, {
    zh: '不允许从 {address} 使用这个密钥',
    en: 'This key may not be used from {address}',
  }),
  keyRate: problem('measurement.rate', 429, { zh: '超过每分钟 {limit} 次', en: 'More than {limit} calls a minute' }),
  badNetwork: problem('availability.bad-network', 422, { zh: '{network} 不是网段', en: '{network} is no network' }),
} as const

const ms = z.int()
export const OutageSource = z.enum(['PROBE', 'INCIDENT', 'ALARM', 'MANUAL'])
export const OutageDomain = z.enum(['FACILITY', 'NETWORK', 'SECURITY', 'VM', 'BAREMETAL', 'STORAGE', 'OPERATION'])
export const OutageDecision = z.enum(['PENDING', 'PROVIDER', 'NON_PROVIDER', 'PLANNED', 'NOT_DOWN'])
export const ConfirmingParty = z.enum(['CUSTOMER', 'THIRD_PARTY'])
export const DowntimeReason = z.enum(['UPGRADE', 'UPDATE', 'MAINTENANCE'])

/** Whole milliseconds, as every figure is computed. */
export const AvailabilityFigures = z.object({ countedMs: ms, unknownMs: ms, plannedMs: ms, withPlannedMs: ms })
export const AvailabilityStatement = z.object({
  year: z.int(),
  /** Milliseconds since 1970. */
  asOf: ms,
  figures: AvailabilityFigures.extend({ budgetLeftMs: ms, availability: z.string(), met: z.boolean() }),
  confirmedMs: ms,
  uncertaintyMs: ms,
  measuredMs: ms,
  knownMs: ms,
  months: z.array(AvailabilityFigures.extend({ month: z.string() })),
})
/** How fast the year's budget is used up. */
export const Burn = z.object({
  /** Share of the budget used, 0..1 and above. */
  usedRatio: z.number(),
  /** The highest of 25, 50, 75, 90 and 100 per cent that is passed. */
  passedPercent: z.int().nullable(),
  /** When it runs out if the last 90 days go on, or null. */
  exhaustedOn: day.nullable(),
})

const application = { applicationId: z.uuid(), code: z.string(), name: z.string(), tenantName: z.string().nullable() }
/** Stretches to draw: from and to in milliseconds since 1970, and what they are. */
export const StripPiece = z.object({ from: ms, to: ms, kind: z.enum(['COUNTED', 'UNDECIDED', 'EXCUSED', 'PLANNED', 'UNKNOWN']) })
export const AvailabilityRow = z.object({
  ...application,
  statement: AvailabilityStatement,
  burn: Burn,
  measuredFrom: instant.nullable(),
  state: z.enum(['UP', 'DOWN', 'UNKNOWN', 'NOT_MEASURED']),
  strip: z.array(StripPiece),
})
export type AvailabilityRow = z.infer<typeof AvailabilityRow>

export const Ruling = z.object({
  seq: z.int(),
  decision: OutageDecision,
  from: instant,
  to: instant,
  domain: OutageDomain.nullable(),
  reason: z.string(),
  role: z.string(),
  by: z.string(),
  at: instant,
})
export const Outage = z.object({
  id: z.string(),
  seq: z.int(),
  state: z.enum(['DOWN', 'UNKNOWN']),
  source: OutageSource,
  domain: OutageDomain.nullable(),
  note: z.string(),
  from: instant,
  to: instant.nullable(),
  fromLo: instant,
  toLo: instant.nullable(),
  countedMs: ms,
  decision: z.union([OutageDecision, z.literal('MIXED')]),
  disputed: z.boolean(),
  rulings: z.array(Ruling),
})
export const AvailabilitySeal = z.object({
  seq: z.int(),
  month: z.string(),
  at: instant,
  by: z.string(),
  figures: AvailabilityFigures,
  amends: z.int().nullable(),
  old: AvailabilityFigures.nullable(),
  reason: z.string(),
  head: z.string(),
  current: z.boolean(),
  confirmations: z.array(
    z.object({ party: ConfirmingParty, result: z.enum(['CONFIRMED', 'OBJECTED']), comment: z.string(), by: z.string(), at: instant }),
  ),
})
export const Downtime = z.object({
  id: z.uuid(),
  rev: z.int(),
  reason: DowntimeReason,
  applications: z.array(z.object({ id: z.uuid(), name: z.string() })),
  plannedFrom: instant,
  plannedTo: instant,
  impact: z.string(),
  rollbackPlan: z.string(),
  noticeSentAt: instant.nullable(),
  noticeProof: z.string(),
  /** Fewer working days ahead than the plan asks for; by itself that voids nothing. */
  late: z.boolean(),
  recognised: z.boolean().nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: instant.nullable(),
  comment: z.string(),
  actualFrom: instant.nullable(),
  actualTo: instant.nullable(),
  overrunMs: ms,
  cancelledAt: instant.nullable(),
  proposedBy: z.string(),
  proposedAt: instant,
  /** All three conditions hold, so that it is left out of what counts. */
  valid: z.boolean(),
})
export type Downtime = z.infer<typeof Downtime>
export const EvidenceResult = z.object({
  probe: z.string(),
  at: instant,
  verdict: z.enum(['UP', 'DOWN', 'ABSTAIN']),
  latencyMs: z.int().nullable(),
  detail: z.string(),
})
export const ApplicationAvailability = z.object({
  ...application,
  row: AvailabilityRow,
  outages: z.array(Outage),
  downtimes: z.array(Downtime),
  seals: z.array(AvailabilitySeal),
  probes: z.array(
    z.object({ name: z.string(), place: z.string(), state: z.string(), since: instant.nullable(), lastAt: instant.nullable() }),
  ),
  entries: z.int(),
  head: z.string(),
})
export type ApplicationAvailability = z.infer<typeof ApplicationAvailability>

export const ProbeTarget = Probe
export type ProbeTarget = z.infer<typeof ProbeTarget>
export const ProbeRow = z.object({
  id: z.uuid(),
  name: z.string(),
  place: z.string(),
  state: z.enum(['PENDING', 'ACTIVE', 'REVOKED']),
  canaries: z.array(ProbeTarget),
  networks: z.array(z.string()),
  createdBy: z.string(),
  createdAt: instant,
  decidedBy: z.string().nullable(),
  lastSeenAt: instant.nullable(),
  lastAddress: z.string().nullable(),
  abstaining: z.boolean(),
})
export const ProbeAssignment = z.object({
  probeId: z.uuid(),
  name: z.string(),
  intervalSeconds: z.number(),
  suspectedSeconds: z.number(),
  canaries: z.array(ProbeTarget),
  networks: z.array(z.string()),
  applications: z.array(z.object({ applicationId: z.uuid(), probes: z.array(ProbeTarget) })),
})
export type ProbeAssignment = z.infer<typeof ProbeAssignment>
export const ProbeResult = z.object({
  applicationId: z.uuid(),
  at: instant,
  verdict: z.enum(['UP', 'DOWN', 'ABSTAIN']),
  latencyMs: z.int().min(0).nullable(),
  detail: text(300),
  /** The earliest end of the certificates met on the way; absent where there was none. */
  certificateUntil: instant.optional(),
})
export type ProbeResult = z.infer<typeof ProbeResult>
export const MeasurementKey = z.object({
  id: z.uuid(),
  name: z.string(),
  party: ConfirmingParty,
  networks: z.array(z.string()),
  callsPerMinute: z.int(),
  state: z.enum(['PENDING', 'ACTIVE', 'REVOKED']),
  createdBy: z.string(),
  createdAt: instant,
  decidedBy: z.string().nullable(),
  lastUsedAt: instant.nullable(),
})
