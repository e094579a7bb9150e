import { z } from 'zod'
import { day, instant, text } from './endpoint.ts'

/** I is the gravest. */
export const severities = ['I', 'II', 'III', 'IV'] as const
export const Severity = z.enum(severities)
export type Severity = z.output<typeof Severity>

/** What is seen; the severity follows from it. BUSINESS_DOWN or DATA_LOST makes it I, either is enough. */
export const Criterion = z.enum(['BUSINESS_DOWN', 'DATA_LOST', 'PART_FAILED', 'SLOW', 'ERROR_OR_WARNING', 'QUESTION_OR_BOOKING'])
export type Criterion = z.output<typeof Criterion>
/** The severity each criterion stands for. @clause 5.10.1-(3)-0 */
export const severityOfCriterion: Readonly<Record<Criterion, Severity>> = {
  BUSINESS_DOWN: 'I',
  DATA_LOST: 'I',
  PART_FAILED: 'II',
  SLOW: 'II',
  ERROR_OR_WARNING: 'III',
  QUESTION_OR_BOOKING: 'IV',
}
/** The gravest of what is ticked. */
export const severityOf = (criteria: readonly Criterion[]): Severity =>
  severities.find((one) => criteria.some((criterion) => severityOfCriterion[criterion] === one)) ?? 'IV'

export const IncidentStatus = z.enum([
  'NEW',
  'ACKNOWLEDGED',
  'PLAN_SUBMITTED',
  'IN_PROGRESS',
  'RESOLVED',
  'VERIFIED',
  'POSTMORTEM_PENDING',
  'CLOSED',
])
export type IncidentStatus = z.output<typeof IncidentStatus>
export const IncidentSource = z.enum(['MONITOR', 'HOTLINE', 'MOBILE_HOTLINE', 'PORTAL', 'INSPECTION', 'FACILITY_MONITOR'])
export type IncidentSource = z.output<typeof IncidentSource>
/** How the reporter was reached; an automatic receipt is none of them. */
export const ContactChannel = z.enum(['PHONE', 'ONSITE', 'PORTAL'])

export const ClockState = z.enum(['met', 'breached', 'running'])
export const judgment = z.object({ level: Severity, startAt: instant, dueAt: instant, state: ClockState })
export const IncidentClock = judgment.extend({
  clock: z.enum(['response', 'plan', 'solution']),
  doneAt: instant.nullable(),
  /** How every severity the incident ever had judges this clock; the last one rules. */
  judgments: z.array(judgment),
})
export type IncidentClock = z.output<typeof IncidentClock>

const seq = z.int().min(1).max(99)
/** 4.7 of the forms: how the incident will be handled. */
export const HandlingPlan = z.object({
  hypothesis: text(2000, 1),
  impact: text(2000, 1),
  steps: z
    .array(z.object({ seq, action: text(500, 1), owner: text(60, 1), eta: instant.nullable() }))
    .min(1)
    .max(30),
  vendorSupport: text(500).default(''),
  etaResolve: instant,
  rollbackPlan: text(1000, 1),
  workaround: text(1000).default(''),
  commsPlan: text(1000, 1),
})
export type HandlingPlan = z.output<typeof HandlingPlan>

/** 4.8: time, cause and result clear. */
export const IncidentReport = z.object({
  occurredAt: instant,
  detectedAt: instant,
  directCause: text(2000, 1),
  rootCauseStatus: z.enum(['CONFIRMED', 'PROBABLE', 'INVESTIGATING']),
  result: z.enum(['RESTORED', 'WORKAROUND', 'PARTIAL']),
  impactSummary: text(2000, 1),
  dataLoss: z.boolean(),
  residualRisk: text(2000, 1),
})
export type IncidentReport = z.output<typeof IncidentReport>

export const FaultNature = z.enum([
  'HARDWARE',
  'SOFTWARE',
  'CONFIG',
  'HUMAN',
  'NETWORK',
  'POWER_ENV',
  'SECURITY',
  'THIRD_PARTY',
  'CAPACITY',
])
export const ResponsibleParty = z.enum(['PROVIDER', 'TENANT', 'THIRD_PARTY', 'FORCE_MAJEURE'])
export const ActionType = z.enum(['PREVENT', 'DETECT', 'MITIGATE'])
export const Postmortem = z.object({
  summary: text(4000, 1),
  detection: text(1000, 1),
  direct: text(2000, 1),
  root: text(2000, 1),
  contributing: text(2000).default(''),
  whys: z
    .array(z.object({ q: text(500, 1), a: text(1000, 1) }))
    .min(3)
    .max(7),
  nature: FaultNature,
  responsibility: z.object({ party: ResponsibleParty, unit: text(200, 1), person: text(60).default(''), level: text(60, 1) }),
  wentWell: text(2000).default(''),
  wentWrong: text(2000).default(''),
  actions: z
    .array(z.object({ desc: text(500, 1), type: ActionType, ownerId: z.uuid(), dueOn: day, verifyMethod: text(500, 1) }))
    .min(1)
    .max(20),
  reviewedAt: instant,
  attendees: text(500, 1),
  conclusion: text(2000, 1),
  /** The problem whose cause this is once more, when it is known; otherwise a problem is opened. */
  recurrenceOf: z.uuid().nullable().default(null),
})
export type Postmortem = z.output<typeof Postmortem>

/** What happened, once and for all; a correction is another line. */
export const IncidentEventKind = z.enum([
  'ALARM',
  'REPORTED',
  'TAKEN',
  'RESPONDED',
  'PLANNED',
  'RESOLVED',
  'VERIFIED',
  'CONFIRMED',
  'REOPENED',
  'LEVEL',
  'LEVEL_ASKED',
  'LEVEL_REFUSED',
  'SCHEDULED',
  'HELD',
  'RELEASED',
  'LOG',
  'BROADCAST',
  'LEADER_TOLD',
  'LEADER_ACK',
  'WARNED',
  'PAGED',
  'MERGED',
  'GROUPED',
  'REPORT',
  'POSTMORTEM',
  'APPROVED',
  'RATED',
  'CORRECTED',
  'CLOSED',
])
export type IncidentEventKind = z.output<typeof IncidentEventKind>
export const IncidentEvent = z.object({
  id: z.uuid(),
  kind: IncidentEventKind,
  /** When it happened, as the last agreed correction has it; `recordedAt` is when it was written down. */
  at: instant,
  /** What stood there before it was corrected. */
  wasAt: instant.nullable(),
  recordedAt: instant,
  byName: z.string(),
  text: z.string(),
  level: Severity.nullable(),
  forAt: instant.nullable(),
})
export type IncidentEvent = z.output<typeof IncidentEvent>

/** A slip that puts a wrong instant right: both values, two people, one of each side. */
export const IncidentCorrection = z.object({
  id: z.uuid(),
  number: z.string(),
  eventId: z.uuid(),
  kind: IncidentEventKind,
  wasAt: instant,
  toAt: instant,
  reason: z.string(),
  side: z.enum(['PROVIDER', 'CUSTOMER']),
  askedBy: z.string(),
  askedAt: instant,
  state: z.enum(['ASKED', 'AGREED', 'REFUSED']),
  decidedBy: z.string().nullable(),
  decidedAt: instant.nullable(),
  comment: z.string(),
  /** The caller is whose consent it waits for. */
  mine: z.boolean(),
})
export type IncidentCorrection = z.output<typeof IncidentCorrection>

/** The course of an incident as its post-mortem tells it. Until the provider's leader signs it follows the history; from then on it stands still. */
export const IncidentTimeline = z.object({
  frozenAt: instant.nullable(),
  frozenBy: z.string().nullable(),
  /** SHA-256 of the entries, once frozen. */
  digest: z.string().nullable(),
  items: z.array(
    z.object({
      at: instant,
      kind: IncidentEventKind,
      text: z.string(),
      actor: z.string(),
      wasAt: instant.nullable(),
      /** The line of the history it rests on. */
      eventId: z.uuid(),
    }),
  ),
})
export type IncidentTimeline = z.output<typeof IncidentTimeline>

export const PreventiveAction = z.object({
  id: z.uuid(),
  desc: z.string(),
  type: ActionType,
  ownerId: z.uuid(),
  ownerName: z.string(),
  dueOn: day,
  verifyMethod: z.string(),
  state: z.enum(['OPEN', 'DONE', 'VERIFIED']),
  doneAt: instant.nullable(),
  verifiedAt: instant.nullable(),
  verifiedByName: z.string().nullable(),
})

export const IncidentSummary = z.object({
  id: z.uuid(),
  number: z.string(),
  title: z.string(),
  /** The severity now, and the highest it ever had: that one rules the clocks. */
  severity: Severity,
  topSeverity: Severity,
  status: IncidentStatus,
  source: IncidentSource,
  tenantId: z.uuid().nullable(),
  tenantName: z.string().nullable(),
  applicationId: z.uuid().nullable(),
  applicationName: z.string().nullable(),
  reporterName: z.string(),
  handlerName: z.string().nullable(),
  isSecurity: z.boolean(),
  clockStartAt: instant,
  clocks: z.array(IncidentClock),
  /** The customer lets the work rest now; no clock stops. */
  held: z.boolean(),
  mergedIntoId: z.uuid().nullable(),
  parentId: z.uuid().nullable(),
  closedAt: instant.nullable(),
})
export type IncidentSummary = z.output<typeof IncidentSummary>
