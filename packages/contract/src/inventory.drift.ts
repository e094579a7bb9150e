// Where what a cloud holds and what is recorded differ, and what is decided about it.
import { z } from 'zod'
import { can, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { person } from './inventory.basics.ts'
import { commonProblems, problem } from './problem.ts'

export const ObservedKind = z.enum(['server', 'volume', 'network', 'address', 'project', 'quota'])
export type ObservedKind = z.output<typeof ObservedKind>
/** UNRECORDED: there, not here. MISSING: here, not there. DIFFERS: both, but not alike. */
export const DriftVerdict = z.enum(['UNRECORDED', 'MISSING', 'DIFFERS'])
export type DriftVerdict = z.output<typeof DriftVerdict>
/**
 * What may be decided. A reported one stays live until its explanation is decided: adopted, corrected, changed or kept.
 * ADOPT: enter it here, with its bureau's application. CORRECT: the record follows the cloud (values taken over, or the record goes out of use).
 * CHANGE: the cloud shall follow the record; a change is opened. REPORT: it is a change without a ticket. KEEP: it may be so until it changes again.
 */
export const DriftDecision = z.enum(['ADOPT', 'CORRECT', 'CHANGE', 'REPORT', 'KEEP'])
export type DriftDecision = z.output<typeof DriftDecision>
export const DriftStatus = z.enum(['OPEN', 'SETTLED', 'KEPT', 'REPORTED', 'CLEARED'])
export type DriftStatus = z.output<typeof DriftStatus>

/** Values as people read them; null: there is none on that side. */
export const DriftDifference = z.object({ field: z.string(), here: z.string().nullable(), there: z.string().nullable() })
export type DriftDifference = z.output<typeof DriftDifference>

export const Drift = z.object({
  id: z.uuid(),
  connectionId: z.uuid(),
  kind: ObservedKind,
  externalId: z.string(),
  verdict: DriftVerdict,
  name: z.string(),
  projectId: z.string(),
  itemId: z.uuid().nullable(),
  differences: z.array(DriftDifference),
  firstSeenAt: instant,
  lastSeenAt: instant,
  status: DriftStatus,
  /** What may be decided, the proposal first. */
  proposals: z.array(DriftDecision),
  decision: DriftDecision.nullable(),
  decidedBy: person.nullable(),
  decidedAt: instant.nullable(),
  comment: z.string().nullable(),
  reference: z.string(),
  /** The change that was opened for it. */
  changeId: z.uuid().nullable(),
  endedAt: instant.nullable(),
})
export type Drift = z.output<typeof Drift>

export const Reading = z.object({
  id: z.uuid(),
  connectionId: z.uuid(),
  cloud: z.string(),
  cause: z.enum(['SCHEDULE', 'DEMAND']),
  startedAt: instant,
  endedAt: instant.nullable(),
  status: z.enum(['RUNNING', 'DONE', 'PARTIAL', 'FAILED']),
  requests: z.int(),
  counts: z.partialRecord(ObservedKind, z.int()),
  /** Drifts found anew. */
  found: z.int(),
  error: z.string().nullable(),
})
export type Reading = z.output<typeof Reading>

export const ObservedThing = z.object({
  kind: ObservedKind,
  externalId: z.string(),
  name: z.string(),
  projectId: z.string(),
  facts: z.record(z.string(), z.unknown()),
  registered: z.boolean(),
  firstSeenAt: instant,
  readAt: instant,
})

export const driftProblems = {
  settled: problem('inventory.drift-settled', 409, { zh: '这项差异已经处理或已消失', en: 'This difference was settled or has gone' }),
  notProposed: problem('inventory.drift-not-proposed', 409, {
    zh: '这类差异不能这样处理',
    en: 'A difference of this kind cannot be settled that way',
  }),
  needsApplication: problem('inventory.drift-needs-application', 422, {
    zh: '收入台账须指明所属应用',
    en: 'To enter it here, say which application it belongs to',
  }),
  nothingToRead: problem('inventory.nothing-to-read', 409, {
    zh: '当前没有可读取的云（手工驱动没有云侧数据）',
    en: 'There is no cloud to read (the manual driver has none)',
  }),
} as const

export const driftApi = {
  drifts: endpoint({
    method: 'GET',
    path: '/inventory/drifts',
    summary: '云与台账的差异，新发现的在前',
    access: can('cloud.read', 'R'),
    input: pageInput.extend({
      /** Separated by commas. */
      status: z.string().max(60).default('OPEN,REPORTED'),
      kind: ObservedKind.optional(),
      verdict: DriftVerdict.optional(),
      q: text(100).optional(),
    }),
    reply: page(Drift),
  }),
  drift: endpoint({
    method: 'GET',
    path: '/inventory/drifts/:id',
    summary: '一项差异',
    access: can('cloud.read', 'R'),
    input: z.object({ id: z.uuid() }),
    reply: Drift,
    problems: [commonProblems.notFound],
  }),
  decide: endpoint({
    method: 'POST',
    path: '/inventory/drifts/:id/decide',
    summary: '处理一项差异：收入台账、更正台账、转变更、报无单变更、保持现状',
    access: can('drift.decide', 'A'),
    input: z.object({
      id: z.uuid(),
      decision: DriftDecision,
      comment: text(500, 1),
      /** Of ADOPT: whose it is; null: the house's own. */
      applicationId: z.uuid().nullable().optional(),
      /** Of CHANGE, REPORT: number of the change or report, if there is one already. */
      reference: text(60).default(''),
    }),
    reply: Drift,
    problems: [commonProblems.notFound, driftProblems.settled, driftProblems.notProposed, driftProblems.needsApplication],
  }),
  readings: endpoint({
    method: 'GET',
    path: '/inventory/readings',
    summary: '读云记录，新的在前',
    access: can('cloud.read', 'R'),
    input: pageInput,
    reply: page(Reading),
  }),
  observed: endpoint({
    method: 'GET',
    path: '/inventory/observed',
    summary: '云上现有，按最近一次读取',
    access: can('cloud.read', 'R'),
    input: pageInput.extend({ kind: ObservedKind.default('server'), q: text(100).optional() }),
    reply: page(ObservedThing),
  }),
}
