import { z } from 'zod'
import { Bilingual } from './calendar.ts'
import { roleCodes } from './capability.ts'
import { can, canAny, day, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { problem } from './problem.ts'

/** Where a number comes from: S the plan itself, P a public practice (numbered in the analysis), J our judgement. */
export const Provenance = z.object({
  kind: z.enum(['S', 'P', 'J']),
  /** Section and line of the plan, or the practice, e.g. `4.3-1, line 104` or `P3`. */
  ref: z.string(),
})
export type Provenance = z.infer<typeof Provenance>

export const ParameterKind = z.enum(['NUMBER', 'TEXT', 'FLAG', 'DURATION', 'STRUCTURE'])
export type ParameterKind = z.infer<typeof ParameterKind>

export const ParameterValue = z.json()
export type ParameterValue = z.infer<typeof ParameterValue>

export const Parameter = z.object({
  /** e.g. `provisioning.vm`. */
  key: z.string(),
  group: z.string(),
  title: Bilingual,
  kind: ParameterKind,
  value: ParameterValue,
  /** Unit of a number, e.g. `%`, `min`, `day`; null where the value carries its own. */
  unit: z.string().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  provenance: z.array(Provenance),
  note: Bilingual.nullable(),
  /** Clauses that are measured with it. */
  clauses: z.array(z.string()),
  /** Since when this value holds; null: since the plan was loaded first. */
  since: day.nullable(),
  /** The next value that is agreed and waits for its start. */
  next: z.object({ value: ParameterValue, startsOn: day }).nullable(),
  pendingChanges: z.int(),
})
export type Parameter = z.infer<typeof Parameter>

/** PROPOSED -> REVIEWED by a second person -> APPROVED by the customer, in force from `startsOn`. */
export const ParameterChangeStatus = z.enum(['PROPOSED', 'REVIEWED', 'APPROVED', 'REJECTED', 'WITHDRAWN'])
const decision = { byName: z.string(), at: instant, comment: z.string() }
export const ParameterChange = z.object({
  id: z.uuid(),
  key: z.string(),
  title: Bilingual,
  before: ParameterValue,
  after: ParameterValue,
  startsOn: day,
  reason: z.string(),
  status: ParameterChangeStatus,
  proposedByName: z.string(),
  proposedAt: instant,
  reviewed: z.object(decision).nullable(),
  approved: z.object(decision).nullable(),
  rejected: z.object(decision).nullable(),
  /** What the caller may do now. */
  may: z.array(z.enum(['REVIEW', 'APPROVE', 'REJECT', 'WITHDRAW'])),
})
export type ParameterChange = z.infer<typeof ParameterChange>

export const Frequency = z.enum(['PER_EVENT', 'CONTINUOUS', 'DAILY', 'WEEKLY', 'MONTHLY', 'QUARTERLY', 'YEARLY'])
export type Frequency = z.infer<typeof Frequency>

/** How a promise is measured, once per kind: by a limit, by completeness, by what must always hold, by a rhythm, by the availability of each application. */
export const ClauseMeter = z.enum(['deadline-met', 'complete', 'holds', 'rhythm', 'availability'])
export type ClauseMeter = z.infer<typeof ClauseMeter>

/** What was promised, restated; the wording of the plan itself stays in the signed paper. */
export const Clause = z.object({
  /** e.g. `4.3-1a`, `7.1-I-4`. */
  id: z.string(),
  alias: z.string().nullable(),
  chapter: z.string(),
  chapterTitle: Bilingual,
  title: Bilingual,
  /** Who owes it: roles of the plan, or PROVIDER for all of them together. */
  obligors: z.array(z.enum([...roleCodes, 'PROVIDER'] as const)),
  trigger: Bilingual,
  frequency: Frequency,
  /** The limit as a parameter key, or null where the clause has none of its own. */
  deadline: z.string().nullable(),
  deadlineRule: Bilingual.nullable(),
  evidence: Bilingual,
  /** How the figure is made. */
  formula: Bilingual,
  /** A breach of it turns the whole board red. */
  redLine: z.boolean(),
  parameters: z.array(z.string()),
  /** Null: nothing measures it yet, so that it has no data. */
  meter: ClauseMeter.nullable(),
  of: z.string().nullable(),
  /** Sections of the decision record that this reading rests on. */
  readings: z.array(z.string()),
})
export type Clause = z.infer<typeof Clause>

export const PlanVersion = z.object({
  version: z.int(),
  title: Bilingual,
  digest: z.string(),
  digestAlgorithm: z.string(),
  loadedAt: instant,
  loadedBy: z.string(),
  clauses: z.int(),
  parameters: z.int(),
})
export type PlanVersion = z.infer<typeof PlanVersion>

export const planProblems = {
  noClause: problem('plan.no-clause', 404, { zh: '方案中没有条款 {clauseId}', en: 'The plan has no clause {clauseId}' }),
  noParameter: problem('plan.no-parameter', 404, { zh: '方案中没有参数 {key}', en: 'The plan has no parameter {key}' }),
  badValue: problem('plan.bad-value', 422, { zh: '{key} 的新值不可用：{reason}', en: 'The new value of {key} will not do: {reason}' }),
  unchanged: problem('plan.unchanged', 422, { zh: '新值与届时生效的值相同', en: 'The new value is what would be in force then anyway' }),
  startsInPast: problem('plan.starts-in-past', 422, {
    zh: '生效日不能早于明天：已发生的时限不追溯',
    en: 'A change starts tomorrow at the earliest: limits that ran already are not touched',
  }),
  samePerson: problem('plan.same-person', 403, {
    zh: '须由另一人复核，提出人不能处理自己的改动',
    en: 'A second person must agree; you proposed this change yourself',
  }),
  notReviewed: problem('plan.not-reviewed', 409, { zh: '尚未经第二人复核', en: 'A second person has not reviewed it yet' }),
  decided: problem('plan.decided', 409, { zh: '这项改动已处理完毕（{status}）', en: 'This change is already settled ({status})' }),
  startPassed: problem('plan.start-passed', 409, {
    zh: '生效日 {startsOn} 已过，请撤回后重新提出',
    en: 'Its start, {startsOn}, has passed; withdraw it and propose it again',
  }),
} as const

const changeId = z.object({ changeId: z.uuid(), comment: text(500).default('') })

export const planApi = {
  overview: endpoint({
    method: 'GET',
    path: '/plan',
    summary: '方案总览',
    access: can('plan.read', 'R'),
    input: z.object({}),
    reply: z.object({
      version: PlanVersion,
      versions: z.array(PlanVersion),
      scope: Bilingual,
      chapters: z.array(z.object({ chapter: z.string(), title: Bilingual, clauses: z.int(), redLines: z.int() })),
      groups: z.array(z.object({ group: z.string(), title: Bilingual, parameters: z.int(), fromPlan: z.int() })),
      roles: z.array(z.object({ code: z.enum(roleCodes), title: Bilingual, duty: Bilingual, provenance: z.array(Provenance) })),
      severities: z.array(
        z.object({
          severity: z.enum(['I', 'II', 'III', 'IV']),
          meaning: Bilingual,
          responseMinutes: z.int(),
          planMinutes: z.int(),
          resolveMinutes: z.int(),
        }),
      ),
      pendingChanges: z.int(),
    }),
  }),
  clauses: endpoint({
    method: 'GET',
    path: '/plan/clauses',
    summary: '条款清单',
    access: can('plan.read', 'R'),
    input: z.object({
      q: text(60).optional(),
      chapter: text(10).optional(),
      obligor: z.enum([...roleCodes, 'PROVIDER'] as const).optional(),
      frequency: Frequency.optional(),
      redLine: z.stringbool().optional(),
    }),
    reply: z.object({ items: z.array(Clause), total: z.int() }),
  }),
  clause: endpoint({
    method: 'GET',
    path: '/plan/clauses/:clauseId',
    summary: '一条条款',
    access: can('plan.read', 'R'),
    input: z.object({ clauseId: text(40, 1) }),
    reply: Clause.extend({ parameterValues: z.array(Parameter), previous: z.string().nullable(), next: z.string().nullable() }),
    problems: [planProblems.noClause],
  }),
  parameters: endpoint({
    method: 'GET',
    path: '/plan/parameters',
    summary: '参数清单',
    access: can('plan.read', 'R'),
    input: z.object({
      q: text(60).optional(),
      group: text(40).optional(),
      provenance: z.enum(['S', 'P', 'J']).optional(),
      /** Values in force on this day; today when absent. */
      on: day.optional(),
    }),
    reply: z.object({ items: z.array(Parameter), total: z.int(), on: day }),
  }),
  parameter: endpoint({
    method: 'GET',
    path: '/plan/parameters/:key',
    summary: '一个参数及其沿革',
    access: can('plan.read', 'R'),
    input: z.object({ key: text(80, 1) }),
    reply: Parameter.extend({
      history: z.array(z.object({ value: ParameterValue, startsOn: day.nullable(), reason: z.string(), byName: z.string() })),
      changes: z.array(ParameterChange),
    }),
    problems: [planProblems.noParameter],
  }),
  changes: endpoint({
    method: 'GET',
    path: '/plan/changes',
    summary: '参数改动',
    access: can('plan.read', 'R'),
    input: pageInput.extend({ status: ParameterChangeStatus.optional(), key: text(80).optional() }),
    reply: page(ParameterChange),
  }),
  proposeChange: endpoint({
    method: 'POST',
    path: '/plan/parameters/:key/changes',
    summary: '提出参数改动',
    access: can('plan.edit', 'C'),
    input: z.object({ key: text(80, 1), value: ParameterValue, startsOn: day, reason: text(500, 2) }),
    reply: ParameterChange,
    problems: [planProblems.noParameter, planProblems.badValue, planProblems.unchanged, planProblems.startsInPast],
  }),
  reviewChange: endpoint({
    method: 'POST',
    path: '/plan/changes/:changeId/review',
    summary: '第二人复核参数改动',
    access: can('plan.edit', 'A'),
    input: changeId,
    reply: ParameterChange,
    problems: [planProblems.samePerson, planProblems.decided],
  }),
  approveChange: endpoint({
    method: 'POST',
    path: '/plan/changes/:changeId/approve',
    summary: '甲方批准参数改动',
    access: can('plan.approve', 'A'),
    input: changeId,
    reply: ParameterChange,
    problems: [planProblems.samePerson, planProblems.decided, planProblems.notReviewed, planProblems.startPassed],
  }),
  rejectChange: endpoint({
    method: 'POST',
    path: '/plan/changes/:changeId/reject',
    summary: '否决参数改动',
    access: canAny(['plan.edit', 'A'], ['plan.approve', 'A']),
    input: changeId.extend({ comment: text(500, 2) }),
    reply: ParameterChange,
    problems: [planProblems.samePerson, planProblems.decided],
  }),
  withdrawChange: endpoint({
    method: 'POST',
    path: '/plan/changes/:changeId/withdraw',
    summary: '撤回自己提出的参数改动',
    access: can('plan.edit', 'C'),
    input: z.object({ changeId: z.uuid() }),
    reply: ParameterChange,
    problems: [planProblems.decided],
  }),
} as const
