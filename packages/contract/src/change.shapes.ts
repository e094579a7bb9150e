import { z } from 'zod'
import { instant, text } from './endpoint.ts'
import { bilingual, CurrentStep } from './forms.ts'

// 资源配置变更 (sections 3.4 and 4.3 of the domain).

export const ChangeCategory = z.enum(['STANDARD', 'NORMAL', 'MAJOR', 'EMERGENCY'])
export type ChangeCategory = z.output<typeof ChangeCategory>
export const ChangeStatus = z.enum([
  'DRAFT',
  'SUBMITTED',
  'UNDER_REVIEW',
  'RETURNED',
  'PENDING_APPROVAL',
  'APPROVED',
  'FULFILLING',
  'FULFILL_FAILED',
  'DELIVERED',
  'CLOSED',
  'REJECTED',
  'WITHDRAWN',
  'CANCELLED',
  'EXPIRED',
])
export type ChangeStatus = z.output<typeof ChangeStatus>
export const ChangeOutcome = z.enum(['SUCCESS', 'PARTIAL', 'ROLLED_BACK'])
export type ChangeOutcome = z.output<typeof ChangeOutcome>

export const ChangedKind = z.enum(['server', 'volume', 'network', 'application'])
export type ChangedKind = z.output<typeof ChangedKind>
/**
 * What can be changed. `vcpu` and `memGiB` together are one resize; `rules` is the whole list of port rules as JSON; `quota` the limits of the
 * application's project as JSON; `restart` and `snapshot` are done, not set; `other` is words, done by people.
 */
export const ChangedAttr = z.enum([
  'vcpu',
  'memGiB',
  'image',
  'state',
  'restart',
  'snapshot',
  'gib',
  'tier',
  'rules',
  'bandwidthMbps',
  'quota',
  'usageUntil',
  'other',
])
export type ChangedAttr = z.output<typeof ChangedAttr>
export const attrsOf: Readonly<Record<ChangedKind, readonly ChangedAttr[]>> = {
  server: ['vcpu', 'memGiB', 'image', 'state', 'restart', 'snapshot', 'usageUntil', 'other'],
  volume: ['gib', 'tier', 'snapshot', 'usageUntil', 'other'],
  network: ['rules', 'bandwidthMbps', 'usageUntil', 'other'],
  application: ['quota', 'other'],
}

/** What is asked: the value now is filled in by the server. */
export const ChangeItemInput = z.object({ ciId: z.uuid(), attr: ChangedAttr, to: text(20_000) })
export type ChangeItemInput = z.output<typeof ChangeItemInput>
export const ChangeItem = ChangeItemInput.extend({
  ciKind: ChangedKind,
  ciName: z.string(),
  from: z.string(),
  /** DRIVER: the cloud is told; HAND: people do it. */
  way: z.enum(['DRIVER', 'HAND']),
  state: z.enum(['PLANNED', 'DONE', 'FAILED', 'UNDONE']),
  /** Version of the record before and after. */
  fromRev: z.int().nullable(),
  toRev: z.int().nullable(),
  note: z.string(),
})
export type ChangeItem = z.output<typeof ChangeItem>

export const ChangeReason = z.enum(['GROWTH', 'PERFORMANCE', 'SECURITY', 'INCIDENT', 'RECLAIM', 'OTHER'])
export const Risk = z.enum(['L', 'M', 'H'])
export const ChangeStep = z.object({ action: text(500, 1), owner: text(60, 1), minutes: z.int().min(1).max(10_000) })

/** 4.3 as it is drafted: anything may be missing until it is handed in. */
export const ChangeForm = z.object({
  title: text(120).default(''),
  items: z.array(ChangeItemInput).max(100).default([]),
  reason: ChangeReason.default('OTHER'),
  reasonText: text(2000).default(''),
  /** Business volume assessment, needed where something grows: the number of a request or a paper. */
  forecastRef: text(200).default(''),
  /** Applications added to those derived from the inventory. */
  addedApplications: z.array(z.uuid()).max(50).default([]),
  downtime: z.boolean().default(false),
  windowFrom: instant.nullable().default(null),
  windowTo: instant.nullable().default(null),
  risk: Risk.default('M'),
  steps: z.array(ChangeStep).max(50).default([]),
  rollbackPlan: text(2000).default(''),
  rollbackBy: instant.nullable().default(null),
  verifyPlan: text(2000).default(''),
})
export type ChangeForm = z.output<typeof ChangeForm>

export const ChangeGap = z.object({ field: z.string(), message: bilingual })

/** Another change or a freeze that stands in the way. `blocks`: it cannot be begun. */
export const ChangeConflict = z.object({
  kind: z.enum(['CHANGE', 'FREEZE']),
  id: z.uuid(),
  name: z.string(),
  what: z.string(),
  from: instant,
  to: instant,
  blocks: z.boolean(),
})
export type ChangeConflict = z.output<typeof ChangeConflict>

export const ChangeConclusion = z.object({
  node: z.string(),
  result: z.string(),
  comment: z.string(),
  facts: z.record(z.string(), z.unknown()),
  byName: z.string(),
  at: instant,
})
export const ChangeOperation = z.object({
  phase: z.enum(['BACKUP', 'IMPLEMENT', 'CONFIRM', 'ROLLBACK']),
  ciName: z.string(),
  action: z.string(),
  state: z.enum(['INTENDED', 'ASKED', 'UNKNOWN', 'WORKING', 'DONE', 'FAILED']),
  result: z.string(),
  error: z.string().nullable(),
  settledAt: instant.nullable(),
})

export const ChangeSummary = z.object({
  id: z.uuid(),
  number: z.string(),
  title: z.string(),
  category: ChangeCategory,
  status: ChangeStatus,
  outcome: ChangeOutcome.nullable(),
  tenantId: z.uuid().nullable(),
  applicationId: z.uuid().nullable(),
  applicationName: z.string(),
  applicantName: z.string(),
  windowFrom: instant.nullable(),
  windowTo: instant.nullable(),
  downtime: z.boolean(),
  updatedAt: instant,
  step: CurrentStep.nullable(),
})
export type ChangeSummary = z.output<typeof ChangeSummary>

export const ChangeDetail = ChangeSummary.extend({
  rev: z.int(),
  applicantId: z.uuid(),
  form: ChangeForm,
  items: z.array(ChangeItem),
  /** While it is written: the things named, and what each of their values is now. */
  things: z.array(z.object({ id: z.uuid(), kind: ChangedKind, name: z.string(), now: z.record(z.string(), z.string()) })),
  standard: z.object({ key: z.string(), version: z.int(), name: z.string() }).nullable(),
  incident: z.object({ id: z.uuid(), number: z.string(), severity: z.string() }).nullable(),
  /** The difference between cloud and records that it shall put right. */
  drift: z.object({ id: z.uuid(), name: z.string(), status: z.string() }).nullable(),
  /** Applications touched that the reader may see; `hidden` counts the others. */
  affected: z.array(z.object({ id: z.uuid(), name: z.string(), derived: z.boolean() })),
  hidden: z.int(),
  /** Why it is major. */
  majorReasons: z.array(bilingual),
  conflicts: z.array(ChangeConflict),
  gaps: z.array(ChangeGap),
  conclusions: z.array(ChangeConclusion),
  operations: z.array(ChangeOperation),
  plannedDowntime: z
    .object({
      id: z.uuid(),
      plannedFrom: instant,
      plannedTo: instant,
      noticeSentAt: instant.nullable(),
      recognised: z.boolean().nullable(),
      decidedBy: z.string().nullable(),
      actualFrom: instant.nullable(),
      actualTo: instant.nullable(),
      overrunMs: z.number(),
    })
    .nullable(),
  backupRef: z.string(),
  rejection: z.string(),
  actualFrom: instant.nullable(),
  actualTo: instant.nullable(),
  retroDueAt: instant.nullable(),
  retroDoneAt: instant.nullable(),
  /** The papers of an emergency came late. */
  violation: z.boolean(),
  instanceId: z.uuid().nullable(),
  createdAt: instant,
  submittedAt: instant.nullable(),
  closedAt: instant.nullable(),
  may: z.array(z.enum(['EDIT', 'SUBMIT'])),
})
export type ChangeDetail = z.output<typeof ChangeDetail>

/** Nothing is begun on things of these applications (all, if none is named) while it lasts; emergencies are. */
export const Freeze = z.object({
  id: z.uuid(),
  name: z.string(),
  reason: z.string(),
  from: instant,
  to: instant,
  state: z.enum(['PROPOSED', 'ACTIVE', 'REJECTED', 'LIFTED']),
  proposedById: z.uuid().nullable(),
  proposedBy: z.string(),
  decidedBy: z.string().nullable(),
})
export type Freeze = z.output<typeof Freeze>

/** One pre-authorised kind of change; a new version replaces the one before it once a second person agreed. */
export const StandardChange = z.object({
  id: z.uuid(),
  key: z.string(),
  version: z.int(),
  name: bilingual,
  ciKind: ChangedKind,
  attr: ChangedAttr,
  /** Days a lease may be lengthened by, where that is what it does. */
  maxDays: z.int().nullable(),
  downtime: z.boolean(),
  steps: z.array(ChangeStep),
  rollbackPlan: z.string(),
  verifyPlan: z.string(),
  state: z.enum(['PROPOSED', 'ACTIVE', 'REJECTED', 'RETIRED']),
  proposedById: z.uuid().nullable(),
  proposedBy: z.string(),
  decidedBy: z.string().nullable(),
})
export type StandardChange = z.output<typeof StandardChange>

/** What stands in the calendar: changes, windows of downtime, freezes. Those of other bureaus say only that something is there. */
export const CalendarEntry = z.object({
  kind: z.enum(['CHANGE', 'DOWNTIME', 'FREEZE', 'PATCH']),
  id: z.uuid(),
  title: z.string(),
  number: z.string(),
  from: instant,
  to: instant,
  status: z.string(),
  category: ChangeCategory.nullable(),
  applications: z.array(z.string()),
  /** Numbers of changes on the same thing at the same time. */
  conflicts: z.array(z.string()),
})
export type CalendarEntry = z.output<typeof CalendarEntry>

const opinion = z.object({})
/** Forms of the process steps by form key; the outcomes are in the comment. */
export const changeForms = {
  /** SUBMIT */
  'change.fill': z.object({ rev: z.int().optional() }),
  /** ACCEPT */
  'change.accept': opinion,
  /** SUPPORT, OPPOSE (goes on to who approves, with the opinion) */
  'change.assess': z.object({ risk: Risk.default('M'), impact: text(2000).default('') }),
  /** PASSED, FAILED */
  'change.meeting': z.object({
    heldAt: instant.nullable().default(null),
    attendees: text(500).default(''),
    minutes: text(4000).default(''),
  }),
  /** APPROVE, REJECT (with the comment as reason) */
  'change.approve': z.object({ advice: text(2000).default('') }),
  /** RESCHEDULE, CANCEL */
  'change.rearrange': z.object({ windowFrom: instant.nullable().default(null), windowTo: instant.nullable().default(null) }),
  /** RETRY, CANCEL */
  'change.block': opinion,
  /** DONE, RETRY, CANCEL */
  'change.backup': z.object({ backupRef: text(500).default('') }),
  /** RETRY, MANUAL, ROLLBACK */
  'change.failure': opinion,
  /** DONE, NOT_DONE */
  'change.byHand': z.object({ evidence: text(2000).default('') }),
  /** PASSED, FAILED */
  'change.verify': z.object({ found: text(2000).default('') }),
  /** DONE */
  'change.review': z.object({ cause: text(4000).default(''), lesson: text(4000).default('') }),
  /** DONE */
  'change.close': z.object({ partial: z.union([z.boolean(), z.stringbool()]).default(false) }),
  /** SUBMIT: the papers of an emergency, after it */
  'change.papers': z.object({ account: text(4000).default('') }),
} as const
