import { z } from 'zod'
import { can, canAny, day, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { ActionType, FaultNature, IncidentStatus, PreventiveAction, Severity } from './incident.shapes.ts'
import { commonProblems, problem } from './problem.ts'

/** OPEN: the cause is sought. KNOWN_ERROR: cause and way round are known. RESOLVED: the cause is removed. CLOSED: somebody else has checked that. */
export const ProblemState = z.enum(['OPEN', 'KNOWN_ERROR', 'RESOLVED', 'CLOSED'])
export type ProblemState = z.output<typeof ProblemState>
export const ProblemEventKind = z.enum(['OPENED', 'CHANGED', 'LINKED', 'UNLINKED', 'RECURRED', 'KNOWN', 'RESOLVED', 'REOPENED', 'CLOSED'])
export type ProblemEventKind = z.output<typeof ProblemEventKind>

export const knownProblemProblems = {
  closed: problem('problem.closed', 409, { zh: '问题已关闭', en: 'The problem is closed' }),
  wrongState: problem('problem.wrong-state', 409, { zh: '问题现在不能这样办', en: 'Not possible in the state the problem is in' }),
  causeFirst: problem('problem.cause-first', 422, {
    zh: '请先写明根因与临时规避',
    en: 'Write down the root cause and the way round first',
  }),
  openActions: problem('problem.open-actions', 409, {
    zh: '还有 {count} 项防范措施未验证',
    en: '{count} preventive actions are not verified yet',
  }),
  samePerson: problem('problem.same-person', 403, {
    zh: '须由登记解决以外的人关闭',
    en: 'Somebody else than who resolved it closes it',
  }),
  linked: problem('problem.linked', 409, { zh: '这起故障已归入 {number}', en: 'The incident belongs to {number} already' }),
}

export const ProblemSummary = z.object({
  id: z.uuid(),
  number: z.string(),
  title: z.string(),
  nature: FaultNature.nullable(),
  state: ProblemState,
  ownerName: z.string().nullable(),
  incidents: z.int(),
  recurrences: z.int(),
  openActions: z.int(),
  openedAt: instant,
  resolvedAt: instant.nullable(),
})
export type ProblemSummary = z.output<typeof ProblemSummary>

export const ProblemAct = z.enum(['CHANGE', 'LINK', 'MARK_KNOWN', 'RESOLVE', 'REOPEN', 'CLOSE'])
export const ProblemDetail = ProblemSummary.extend({
  description: z.string(),
  rootCause: z.string(),
  workaround: z.string(),
  solution: z.string(),
  ownerId: z.uuid().nullable(),
  closedAt: instant.nullable(),
  linkedIncidents: z.array(
    z.object({
      id: z.uuid(),
      number: z.string(),
      title: z.string(),
      severity: Severity,
      status: IncidentStatus,
      beganAt: instant,
      recurred: z.boolean(),
      afterDays: z.int().nullable(),
    }),
  ),
  actions: z.array(PreventiveAction.extend({ incidentId: z.uuid(), incidentNumber: z.string() })),
  events: z.array(z.object({ id: z.uuid(), kind: ProblemEventKind, at: instant, byName: z.string(), text: z.string() })),
  may: z.array(ProblemAct),
})
export type ProblemDetail = z.output<typeof ProblemDetail>

/** Why a known error may be behind an incident, said in figures. */
export const KnownErrorHint = z.object({
  id: z.uuid(),
  number: z.string(),
  title: z.string(),
  rootCause: z.string(),
  workaround: z.string(),
  /** Share of the symptom's two-character pieces found in the problem, 0..1, cut to two decimals. */
  likeness: z.number(),
  sameApplication: z.boolean(),
  incidents: z.int(),
})

export const TrackedAction = z.object({
  id: z.uuid(),
  incidentId: z.uuid(),
  incidentNumber: z.string(),
  desc: z.string(),
  type: ActionType,
  ownerName: z.string(),
  dueOn: day,
  verifyMethod: z.string(),
  state: z.enum(['OPEN', 'DONE', 'VERIFIED']),
  isOverdue: z.boolean(),
  verifiedByName: z.string().nullable(),
})
export type TrackedAction = z.output<typeof TrackedAction>

const read = can('problem.read', 'R')
const manage = can('problem.manage', 'U')
const ofProblem = z.object({ problemId: z.uuid() })
const command = <I extends z.ZodRawShape>(
  path: string,
  summary: string,
  access: ReturnType<typeof can>,
  input: I,
  problems: (typeof knownProblemProblems)[keyof typeof knownProblemProblems][] = [],
) =>
  endpoint({
    method: 'POST',
    path: `/problems/:problemId/${path}`,
    summary,
    access,
    input: ofProblem.extend(input),
    reply: ProblemDetail,
    problems: [knownProblemProblems.closed, knownProblemProblems.wrongState, ...problems],
  })

export const problemApi = {
  list: endpoint({
    method: 'GET',
    path: '/problems',
    summary: '问题，新的在前',
    access: read,
    input: pageInput.extend({ q: text(100).optional(), state: ProblemState.optional(), open: z.stringbool().optional() }),
    reply: page(ProblemSummary),
  }),
  get: endpoint({
    method: 'GET',
    path: '/problems/:problemId',
    summary: '一个问题：根因、规避、关联故障、防范措施',
    access: read,
    input: ofProblem,
    reply: ProblemDetail,
  }),
  open: endpoint({
    method: 'POST',
    path: '/problems',
    summary: '登记问题，可由一起故障登记',
    access: can('problem.manage', 'C'),
    input: z.object({
      title: text(120, 2),
      description: text(4000, 2),
      nature: FaultNature.nullable().default(null),
      incidentId: z.uuid().nullable().default(null),
    }),
    reply: ProblemDetail,
    problems: [knownProblemProblems.linked, commonProblems.notFound],
  }),
  change: command('change', '补充根因、规避与解决办法', manage, {
    title: text(120, 2),
    description: text(4000, 2),
    nature: FaultNature.nullable(),
    rootCause: text(4000),
    workaround: text(4000),
    solution: text(4000),
    ownerId: z.uuid().nullable(),
  }),
  link: command('incidents', '归入一起故障；观察期内再次发生记为复发', manage, { incidentId: z.uuid() }, [knownProblemProblems.linked]),
  unlink: command('incidents/remove', '移出一起故障', manage, { incidentId: z.uuid(), reason: text(500, 1) }),
  markKnown: command('known', '登记为已知错误', manage, {}, [knownProblemProblems.causeFirst]),
  resolve: command('resolve', '登记根因已消除', manage, { solution: text(4000, 1) }, [knownProblemProblems.causeFirst]),
  reopen: command('reopen', '重开', manage, { reason: text(500, 1) }),
  close: command('close', '关闭：措施都已验证，由另一人确认', can('problem.manage', 'A'), {}, [
    knownProblemProblems.openActions,
    knownProblemProblems.samePerson,
  ]),
  ofIncident: endpoint({
    method: 'GET',
    path: '/incidents/:incidentId/problem',
    summary: '一起故障归入的问题，与现象相近的已知错误',
    access: read,
    input: z.object({ incidentId: z.uuid() }),
    reply: z.object({ problem: ProblemSummary.nullable(), hints: z.array(KnownErrorHint) }),
  }),
  actions: endpoint({
    method: 'GET',
    path: '/preventive-actions',
    summary: '防范措施，最先到期的在前',
    access: canAny(['problem.read', 'R'], ['postmortem.approve', 'A']),
    input: pageInput.extend({ state: z.enum(['OPEN', 'DONE', 'VERIFIED']).optional(), mine: z.stringbool().default(false) }),
    reply: page(TrackedAction),
  }),
  print: endpoint({
    method: 'GET',
    path: '/problems/:problemId/print',
    summary: '问题报告（Word）',
    access: read,
    input: ofProblem,
    reply: z.unknown(),
    kind: 'download',
  }),
}
