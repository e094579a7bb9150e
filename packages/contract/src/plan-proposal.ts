import { z } from 'zod'
import { Bilingual } from './calendar.ts'
import { can, canAny, day, endpoint, instant, text } from './endpoint.ts'
import { ParameterValue, planProblems } from './plan.ts'
import { problem } from './problem.ts'

/** One entry of the plan that the folder has differently. */
export const PlanDifference = z.object({
  part: z.enum(['PARAMETER', 'CLAUSE', 'ROLE', 'PROCESS', 'OTHER']),
  key: z.string(),
  title: Bilingual,
  change: z.enum(['ADDED', 'CHANGED', 'REMOVED']),
  /** Where it stands: the new file, or the old one for what was removed. */
  file: z.string(),
  line: z.int().nullable(),
  fields: z.array(z.object({ field: z.string(), before: ParameterValue, after: ParameterValue, line: z.int().nullable() })),
  /** A parameter that people changed here: its value stays, the file's is shown beside it. */
  yours: z.object({ value: ParameterValue, theirs: ParameterValue }).nullable(),
  /** A parameter or process that the plan in force does not know holds from the start, because the program may need it. */
  holdsAlready: z.boolean(),
})
export type PlanDifference = z.infer<typeof PlanDifference>

const said = z.object({ byName: z.string(), at: instant, comment: z.string() })
export const PlanProposal = z.object({
  id: z.uuid(),
  status: z.enum(['PROPOSED', 'REVIEWED', 'ADOPTED', 'DECLINED', 'SUPERSEDED']),
  digest: z.string(),
  digestAlgorithm: z.string(),
  basedOn: z.int(),
  proposedAt: instant,
  startsOn: day.nullable(),
  reviewed: said.nullable(),
  settled: said.nullable(),
  /** When it came into force; null while it has not. */
  appliedAt: instant.nullable(),
  differences: z.array(PlanDifference),
  may: z.array(z.enum(['REVIEW', 'ADOPT', 'DECLINE'])),
})
export type PlanProposal = z.infer<typeof PlanProposal>

export const planProposalProblems = {
  doesNotFit: problem('plan.does-not-fit', 422, {
    zh: '这些参数现在的值在新方案里不再可用，请先改：{keys}',
    en: 'The values in force of these parameters do not fit the new plan; change them first: {keys}',
  }),
} as const

const one = z.object({ proposalId: z.uuid() })
export const planProposalApi = {
  list: endpoint({
    method: 'GET',
    path: '/plan/proposals',
    summary: '方案文件的新版本：与现行方案的差异，最近二十份',
    access: can('plan.read', 'R'),
    input: z.object({}),
    reply: z.object({ items: z.array(PlanProposal) }),
  }),
  review: endpoint({
    method: 'POST',
    path: '/plan/proposals/:proposalId/review',
    summary: '同意采用新版本并定生效日（第一人）',
    access: can('plan.edit', 'A'),
    input: one.extend({ startsOn: day, comment: text(500).default('') }),
    reply: PlanProposal,
    problems: [planProblems.decided, planProblems.startsInPast],
  }),
  adopt: endpoint({
    method: 'POST',
    path: '/plan/proposals/:proposalId/adopt',
    summary: '甲方采用新版本（第二人）',
    access: can('plan.approve', 'A'),
    input: one.extend({ comment: text(500).default('') }),
    reply: PlanProposal,
    problems: [
      planProblems.decided,
      planProblems.notReviewed,
      planProblems.samePerson,
      planProblems.startPassed,
      planProposalProblems.doesNotFit,
    ],
  }),
  decline: endpoint({
    method: 'POST',
    path: '/plan/proposals/:proposalId/decline',
    summary: '不采用新版本，写明理由',
    access: canAny(['plan.edit', 'A'], ['plan.approve', 'A']),
    input: one.extend({ comment: text(500, 2) }),
    reply: PlanProposal,
    problems: [planProblems.decided],
  }),
} as const
