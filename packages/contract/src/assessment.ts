import { z } from 'zod'
import { Bilingual } from './calendar.ts'
import { Digest } from './compliance.ts'
import { can, canAny, day, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { problem } from './problem.ts'

/** A calendar quarter in Asia/Shanghai, `2026-Q2`. */
export const quarter = z.string().regex(/^20\d\d-Q[1-4]$/)

/** One figure of a quarter beside the one before. `better` says which direction is good. */
export const QuarterFigure = z.object({
  key: z.string(),
  group: z.enum(['OPERATION', 'QUALITY']),
  label: Bilingual,
  unit: z.string(),
  value: z.number().nullable(),
  previous: z.number().nullable(),
  better: z.enum(['MORE', 'LESS']),
  /** null where one of the two is not known, or nothing changed. */
  trend: z.enum(['BETTER', 'WORSE']).nullable(),
})
export type QuarterFigure = z.infer<typeof QuarterFigure>

export const AssessmentIssue = z.object({
  id: z.uuid(),
  text: z.string(),
  severity: z.enum(['HIGH', 'MEDIUM', 'LOW']),
  basis: z.string(),
  needImprove: z.boolean(),
  planId: z.uuid().nullable(),
})
export type AssessmentIssue = z.infer<typeof AssessmentIssue>
export const AssessmentSummary = z.object({
  id: z.uuid(),
  number: z.string(),
  quarter,
  status: z.enum(['DRAFT', 'PUBLISHED']),
  dueAt: instant,
  publishedAt: instant.nullable(),
  late: z.boolean(),
  preparedByName: z.string(),
  issues: z.int(),
  withoutPlan: z.int(),
})
export type AssessmentSummary = z.infer<typeof AssessmentSummary>
export const Assessment = AssessmentSummary.extend({
  asOf: instant,
  figures: z.array(QuarterFigure),
  conclusion: z.string(),
  issueLines: z.array(AssessmentIssue),
  digest: Digest.nullable(),
  may: z.array(z.enum(['WRITE', 'PUBLISH', 'PLAN'])),
})
export type Assessment = z.infer<typeof Assessment>

export const PlanStatus = z.enum(['IN_REVIEW', 'REVISE', 'ACTIVE', 'REJECTED', 'VERIFIED'])
export type PlanStatus = z.infer<typeof PlanStatus>
export const Milestone = z.object({
  id: z.uuid(),
  name: z.string(),
  dueOn: day,
  ownerName: z.string(),
  doneAt: instant.nullable(),
  evidence: z.string(),
  overdue: z.boolean(),
})
const goal = z.object({ metric: text(200, 1), baseline: text(100, 1), target: text(100, 1) })
export const OptimisationSummary = z.object({
  id: z.uuid(),
  number: z.string(),
  quarter,
  issue: z.string(),
  kind: z.enum(['PROCESS', 'PLATFORM']),
  status: PlanStatus,
  goal,
  progress: z.int(),
  milestones: z.int(),
  milestonesDone: z.int(),
  /** A month that is over, in which it was under way and nobody tracked it. */
  untracked: z.boolean(),
})
export type OptimisationSummary = z.infer<typeof OptimisationSummary>
export const Optimisation = OptimisationSummary.extend({
  measures: z.string(),
  budgetYuan: z.number().nullable(),
  risks: z.string(),
  preparedByName: z.string(),
  milestoneLines: z.array(Milestone),
  reviews: z.array(
    z.object({ at: instant, byName: z.string(), result: z.enum(['PASS', 'REVISE', 'REJECT']), attendees: z.string(), comment: z.string() }),
  ),
  tracks: z.array(
    z.object({ at: instant, byName: z.string(), month: z.string(), progress: z.int(), deviation: z.string(), adjustment: z.string() }),
  ),
  verified: z.object({ at: instant, byName: z.string(), actual: z.string(), reached: z.boolean() }).nullable(),
  may: z.array(z.enum(['REVISE', 'REVIEW', 'TRACK', 'MILESTONE', 'VERIFY'])),
})
export type Optimisation = z.infer<typeof Optimisation>

export const assessmentProblems = {
  notOver: problem('assessment.not-over', 409, { zh: '{quarter} 还没有结束', en: '{quarter} is not over' }),
  exists: problem('assessment.exists', 409, { zh: '{quarter} 的评估已经打开', en: 'The assessment of {quarter} is open already' }),
  published: problem('assessment.published', 409, { zh: '评估已发布，不能再改', en: 'It is published and stays as it is' }),
  planned: problem('assessment.planned', 409, { zh: '这个问题已有优化方案', en: 'This issue has a plan already' }),
  wrongStep: problem('assessment.wrong-step', 409, { zh: '优化方案现在不在这一步', en: 'The plan is not at this step' }),
  samePerson: problem('assessment.same-person', 403, { zh: '评审、验证须由另一人做', en: 'Another person reviews and verifies' }),
  milestonesOpen: problem('assessment.milestones-open', 409, { zh: '还有 {n} 个里程碑没有完成', en: '{n} milestones are not done' }),
} as const

const read = canAny(['quarterly.assess', 'C'], ['quarterly.assess', 'U'], ['quarterly.assess', 'r'], ['quarterly.assess', 'A'])
const lead = can('quarterly.assess', 'C')
const write = can('quarterly.assess', 'U')
const review = can('quarterly.assess', 'A')
const one = z.object({ assessmentId: z.uuid() })
const onePlan = z.object({ planId: z.uuid() })
const planInput = {
  kind: z.enum(['PROCESS', 'PLATFORM']),
  goal,
  measures: text(4000, 2),
  budgetYuan: z.number().min(0).max(1e10).nullable().default(null),
  risks: text(2000).default(''),
  milestones: z
    .array(z.object({ name: text(200, 1), dueOn: day, ownerName: text(80, 1) }))
    .min(1)
    .max(30),
}
const step = [assessmentProblems.wrongStep]

export const assessmentApi = {
  list: endpoint({
    method: 'GET',
    path: '/assessments',
    summary: '季度评估',
    access: read,
    input: pageInput,
    reply: page(AssessmentSummary).extend({ openable: quarter.nullable() }),
  }),
  get: endpoint({
    method: 'GET',
    path: '/assessments/:assessmentId',
    summary: '一份季度评估',
    access: read,
    input: one,
    reply: Assessment,
  }),
  open: endpoint({
    method: 'POST',
    path: '/assessments',
    summary: '打开一个季度的评估',
    access: lead,
    input: z.object({ quarter }),
    reply: Assessment,
    problems: [assessmentProblems.notOver, assessmentProblems.exists],
  }),
  conclude: endpoint({
    method: 'PUT',
    path: '/assessments/:assessmentId/conclusion',
    summary: '写结论',
    access: lead,
    input: one.extend({ conclusion: text(8000) }),
    reply: Assessment,
    problems: [assessmentProblems.published],
  }),
  addIssue: endpoint({
    method: 'POST',
    path: '/assessments/:assessmentId/issues',
    summary: '加一个问题',
    access: write,
    input: one.extend({ text: text(1000, 1), severity: z.enum(['HIGH', 'MEDIUM', 'LOW']), basis: text(1000, 1), needImprove: z.boolean() }),
    reply: Assessment,
    problems: [assessmentProblems.published],
  }),
  dropIssue: endpoint({
    method: 'POST',
    path: '/assessments/:assessmentId/issues/:issueId/drop',
    summary: '删去一个问题',
    access: lead,
    input: one.extend({ issueId: z.uuid() }),
    reply: Assessment,
    problems: [assessmentProblems.published],
  }),
  publish: endpoint({
    method: 'POST',
    path: '/assessments/:assessmentId/publish',
    summary: '发布；数字与结论随摘要固定',
    access: lead,
    input: one,
    reply: Assessment,
    problems: [assessmentProblems.published],
  }),
  print: endpoint({
    method: 'POST',
    path: '/assessments/:assessmentId/print',
    summary: '系统评估报告（Word）',
    access: read,
    input: one,
    reply: z.unknown(),
    kind: 'download',
  }),
  plans: endpoint({
    method: 'GET',
    path: '/optimisations',
    summary: '优化方案',
    access: read,
    input: pageInput.extend({ status: PlanStatus.optional() }),
    reply: page(OptimisationSummary),
  }),
  plan: endpoint({
    method: 'GET',
    path: '/optimisations/:planId',
    summary: '一份优化方案',
    access: read,
    input: onePlan,
    reply: Optimisation,
  }),
  propose: endpoint({
    method: 'POST',
    path: '/assessment-issues/:issueId/plan',
    summary: '为问题出优化方案',
    access: lead,
    input: z.object({ issueId: z.uuid(), ...planInput }),
    reply: Optimisation,
    problems: [assessmentProblems.planned, ...step],
  }),
  revise: endpoint({
    method: 'PUT',
    path: '/optimisations/:planId',
    summary: '按评审意见修改',
    access: lead,
    input: onePlan.extend(planInput),
    reply: Optimisation,
    problems: step,
  }),
  review: endpoint({
    method: 'POST',
    path: '/optimisations/:planId/review',
    summary: '评审',
    access: review,
    input: onePlan.extend({ result: z.enum(['PASS', 'REVISE', 'REJECT']), attendees: text(500, 1), comment: text(1000).default('') }),
    reply: Optimisation,
    problems: [...step, assessmentProblems.samePerson],
  }),
  track: endpoint({
    method: 'POST',
    path: '/optimisations/:planId/tracks',
    summary: '跟踪：进度、偏差、调整',
    access: write,
    input: onePlan.extend({ progress: z.int().min(0).max(100), deviation: text(1000).default(''), adjustment: text(1000).default('') }),
    reply: Optimisation,
    problems: step,
  }),
  finishMilestone: endpoint({
    method: 'POST',
    path: '/optimisations/:planId/milestones/:milestoneId/done',
    summary: '完成一个里程碑',
    access: write,
    input: onePlan.extend({ milestoneId: z.uuid(), evidence: text(1000, 1) }),
    reply: Optimisation,
    problems: step,
  }),
  verify: endpoint({
    method: 'POST',
    path: '/optimisations/:planId/verify',
    summary: '验证效果',
    access: review,
    input: onePlan.extend({ actual: text(500, 1), reached: z.boolean() }),
    reply: Optimisation,
    problems: [...step, assessmentProblems.milestonesOpen],
  }),
} as const
