import { z } from 'zod'
import { can, canAny, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import {
  ContactChannel,
  Criterion,
  HandlingPlan,
  IncidentCorrection,
  IncidentEvent,
  IncidentReport,
  IncidentSource,
  IncidentStatus,
  IncidentSummary,
  IncidentTimeline,
  Postmortem,
  PreventiveAction,
  Severity,
} from './incident.shapes.ts'
import { contactData } from './personal.ts'
import { problem } from './problem.ts'

export * from './incident.shapes.ts'

export const incidentProblems = {
  taken: problem('incident.taken', 409, { zh: '{by} 已经接单', en: '{by} has taken it already' }),
  wrongStep: problem('incident.wrong-step', 409, { zh: '故障现在不在这一步', en: 'The incident is not at this step' }),
  closed: problem('incident.closed', 409, { zh: '故障已关闭', en: 'The incident is closed' }),
  sameLevel: problem('incident.same-level', 422, { zh: '级别没有变化', en: 'The severity is the same' }),
  criteria: problem('incident.criteria', 422, {
    zh: '所选判据对应 {level} 级，与级别不符',
    en: 'What is ticked stands for severity {level}',
  }),
  levelPending: problem('incident.level-pending', 409, { zh: '已有一项降级等待对方同意', en: 'A lowering is waiting for consent already' }),
  noLevelPending: problem('incident.no-level-pending', 409, { zh: '没有等待你同意的降级', en: 'No lowering waits for your consent' }),
  onlyFour: problem('incident.only-four', 422, { zh: '只有 IV 级可以预约', en: 'Only severity IV can be booked' }),
  past: problem('incident.past', 422, { zh: '预约时间须晚于现在', en: 'The appointment must lie ahead' }),
  future: problem('incident.future', 422, { zh: '发生时刻不能晚于现在', en: 'What happened cannot lie ahead' }),
  lateEta: problem('incident.late-eta', 422, {
    zh: '预计恢复晚于解决时限，须先上报并在通报计划中说明',
    en: 'The estimate lies beyond the limit: escalate first and say so in the plan of communication',
  }),
  held: problem('incident.held', 409, { zh: '挂起状态没有变化', en: 'It is already so' }),
  itself: problem('incident.itself', 422, {
    zh: '不能并入自己、已关闭的或已并入别处的故障',
    en: 'Not into itself, a closed or a merged one',
  }),
  tooFew: problem('incident.too-few-events', 422, {
    zh: '时间线不足五条，请先补充处理日志',
    en: 'The timeline has fewer than five entries; write the log first',
  }),
  lateAction: problem('incident.late-action', 422, {
    zh: '防范措施的期限最长 {days} 天',
    en: 'A preventive action may take {days} days at most',
  }),
  sameVerifier: problem('incident.same-verifier', 403, {
    zh: '措施须由责任人以外的人验证',
    en: 'Somebody else than the owner verifies an action',
  }),
  rated: problem('incident.rated', 409, { zh: '已经评价过', en: 'It has been rated already' }),
}

export const IncidentAct = z.enum([
  'TAKE',
  'RESPOND',
  'PLAN',
  'RESOLVE',
  'VERIFY',
  'CONFIRM',
  'REPORT',
  'POSTMORTEM',
  'APPROVE_POSTMORTEM',
  'LOG',
  'BROADCAST',
  'LEVEL',
  'ANSWER_LEVEL',
  'SCHEDULE',
  'HOLD',
  'RELEASE',
  'MERGE',
  'ACK_LEADER',
  'RATE',
  'VERIFY_ACTION',
  'CORRECT',
])
export type IncidentAct = z.output<typeof IncidentAct>

const other = z.object({ id: z.uuid(), number: z.string(), title: z.string(), status: IncidentStatus })
export const IncidentDetail = IncidentSummary.extend({
  rev: z.int(),
  symptom: z.string(),
  criteria: z.array(Criterion),
  reporterPhone: contactData(z.string(), 'phone', 'isPartner'),
  /** The caller reported it, speaks for its bureau, or handles it: the two of them telephone. */
  isPartner: z.boolean(),
  detectedAt: instant.nullable(),
  reportedAt: instant,
  scheduledFor: instant.nullable(),
  holds: z.array(z.object({ from: instant, to: instant.nullable() })),
  heldMilliseconds: z.int(),
  events: z.array(IncidentEvent),
  corrections: z.array(IncidentCorrection),
  /** When the next word of a major incident is owed. */
  broadcastDueAt: instant.nullable(),
  plan: HandlingPlan.nullable(),
  report: IncidentReport.nullable(),
  reportDueAt: instant.nullable(),
  postmortem: Postmortem.nullable(),
  postmortemDueAt: instant.nullable(),
  /** With a post-mortem only. */
  timeline: IncidentTimeline.nullable(),
  actions: z.array(PreventiveAction),
  leaderNotices: z.array(z.object({ name: z.string(), at: instant, ackAt: instant.nullable() })),
  /** A lowering that waits for the other side. */
  levelAsked: z.object({ to: Severity, reason: z.string(), byName: z.string(), at: instant }).nullable(),
  rating: z.object({ score: z.int(), comment: z.string() }).nullable(),
  related: z.object({ parent: other.nullable(), children: z.array(other), duplicates: z.array(other), mergedInto: other.nullable() }),
  instanceId: z.uuid().nullable(),
  taskId: z.uuid().nullable(),
  may: z.array(IncidentAct),
})
export type IncidentDetail = z.output<typeof IncidentDetail>

const read = canAny(['incident.read', 'R'], ['incident.read', 'r'])
const handle = canAny(['incident.handle', 'X'], ['incident.handle', 'U'])
const ofIncident = z.object({ incidentId: z.uuid() })
const command = <I extends z.ZodRawShape>(
  path: string,
  summary: string,
  access: ReturnType<typeof can>,
  input: I,
  problems: (typeof incidentProblems)[keyof typeof incidentProblems][] = [],
) =>
  endpoint({
    method: 'POST',
    path: `/incidents/:incidentId/${path}`,
    summary,
    access,
    input: ofIncident.extend(input),
    reply: IncidentDetail,
    problems: [incidentProblems.wrongStep, incidentProblems.closed, ...problems],
  })

export const incidentApi = {
  list: endpoint({
    method: 'GET',
    path: '/incidents',
    summary: '故障，新的在前',
    access: read,
    input: pageInput.extend({
      q: text(100).optional(),
      state: z.enum(['open', 'closed', 'all']).default('all'),
      severity: z.string().max(20).optional(),
      tenantId: z.uuid().optional(),
      mine: z.stringbool().default(false),
    }),
    reply: page(IncidentSummary),
  }),
  /** Open incidents whose clocks run, the next limit first: for the countdown on every page. */
  running: endpoint({
    method: 'GET',
    path: '/incidents/running',
    summary: '计时中的故障，最近到期的在前',
    access: read,
    input: z.object({}),
    reply: z.object({ now: instant, items: z.array(IncidentSummary) }),
  }),
  get: endpoint({
    method: 'GET',
    path: '/incidents/:incidentId',
    summary: '一起故障：时钟、时间线、方案、报告',
    access: read,
    input: ofIncident,
    reply: IncidentDetail,
  }),
  report: endpoint({
    method: 'POST',
    path: '/incidents',
    summary: '报障；级别由所选判据得出',
    access: can('incident.report', 'C'),
    input: z.object({
      title: text(120, 2),
      symptom: text(4000, 2),
      criteria: z.array(Criterion).min(1).max(6),
      tenantId: z.uuid().nullable().default(null),
      applicationId: z.uuid().nullable().default(null),
      reporterName: text(60, 1),
      reporterPhone: text(30).default(''),
      source: IncidentSource.default('PORTAL'),
      detectedAt: instant.nullable().default(null),
      isSecurity: z.boolean().default(false),
    }),
    reply: IncidentDetail,
    problems: [incidentProblems.future],
  }),
  take: command('take', '接单', handle, {}, [incidentProblems.taken]),
  /** A person took it and reached the reporter. */
  respond: command(
    'respond',
    '响应：已与报障人取得联系',
    handle,
    { channel: ContactChannel, note: text(1000, 1), at: instant.optional() },
    [incidentProblems.taken, incidentProblems.future],
  ),
  submitPlan: command('plan', '提交处理方案', handle, { plan: HandlingPlan }, [incidentProblems.lateEta]),
  resolve: command('resolve', '登记恢复', handle, { result: text(2000, 1), at: instant.optional() }, [incidentProblems.future]),
  verify: command('verify', '应用侧验证业务是否恢复；未恢复则重开', can('incident.close', 'A'), {
    restored: z.boolean(),
    comment: text(1000).default(''),
  }),
  confirm: command('confirm', '甲方确认恢复（I、II 级）；不同意则重开', can('incident.close', 'A'), {
    restored: z.boolean(),
    comment: text(1000).default(''),
  }),
  log: command('log', '写处理日志', canAny(['incident.handle', 'X'], ['incident.handle', 'U'], ['incident.report', 'C']), {
    text: text(2000, 1),
  }),
  broadcast: command('broadcast', '通报进展', handle, { text: text(1000, 1) }),
  changeLevel: command(
    'level',
    '调整级别：升级立即生效，降级须另一方同意',
    canAny(['incident.handle', 'X'], ['incident.handle', 'U'], ['incident.severity.override', 'A']),
    { to: Severity, criteria: z.array(Criterion).min(1).max(6), reason: text(500, 1) },
    [incidentProblems.sameLevel, incidentProblems.criteria, incidentProblems.levelPending],
  ),
  answerLevel: command(
    'level/answer',
    '同意或拒绝降级',
    canAny(['incident.severity.override', 'A'], ['incident.close', 'A'], ['incident.report', 'C']),
    { agree: z.boolean(), comment: text(500).default('') },
    [incidentProblems.noLevelPending],
  ),
  schedule: command('schedule', '登记报障人书面确认的预约（IV 级）', handle, { for: instant, confirmation: text(500, 1) }, [
    incidentProblems.onlyFour,
    incidentProblems.past,
  ]),
  /** By the customer alone; no clock of the contract stops. */
  hold: command('hold', '甲方批准挂起（不停表，单独计）', can('incident.severity.override', 'A'), { reason: text(500, 1) }, [
    incidentProblems.held,
  ]),
  release: command('release', '结束挂起', can('incident.severity.override', 'A'), {}, [incidentProblems.held]),
  merge: command('merge', '并入另一起故障', can('incident.handle', 'U'), { intoId: z.uuid() }, [incidentProblems.itself]),
  setParent: command('parent', '归入一次大面积故障', can('incident.handle', 'U'), { parentId: z.uuid().nullable() }, [
    incidentProblems.itself,
  ]),
  ackLeader: command('leader/acknowledge', '领导回执：已知悉', can('incident.severity.override', 'A'), {}),
  submitReport: command('report', '提交故障报告（时间、原因、结果三清）', can('postmortem.write', 'C'), { report: IncidentReport }),
  submitPostmortem: command('postmortem', '提交故障分析', can('postmortem.write', 'C'), { postmortem: Postmortem }, [
    incidentProblems.tooFew,
    incidentProblems.lateAction,
  ]),
  approvePostmortem: command('postmortem/approve', '批准故障分析：乙方领导，再甲方', can('postmortem.approve', 'A'), {
    approve: z.boolean(),
    comment: text(1000).default(''),
  }),
  settleAction: endpoint({
    method: 'POST',
    path: '/incidents/:incidentId/actions/:actionId',
    summary: '防范措施：完成，或由另一人验证',
    access: canAny(['postmortem.write', 'C'], ['postmortem.approve', 'A']),
    input: ofIncident.extend({ actionId: z.uuid(), state: z.enum(['DONE', 'VERIFIED']) }),
    reply: IncidentDetail,
    problems: [incidentProblems.sameVerifier, incidentProblems.wrongStep],
  }),
  rate: command('rate', '评价，不预设', can('incident.report', 'C'), { score: z.int().min(1).max(5), comment: text(500).default('') }, [
    incidentProblems.rated,
  ]),
  print: endpoint({
    method: 'GET',
    path: '/incidents/:incidentId/print',
    summary: '故障报告与分析（Word）',
    access: read,
    input: ofIncident,
    reply: z.unknown(),
    kind: 'download',
  }),
}

const decision = { comment: z.string().default('') }
/** What the steps of the process take; the endpoints above fill them in. */
export const incidentForms = {
  'incident.respond': z.object({ channel: ContactChannel, note: text(1000, 1), at: instant.optional() }),
  'incident.plan': z.object({ plan: HandlingPlan }),
  'incident.resolve': z.object({ result: text(2000, 1), at: instant.optional() }),
  'incident.verify': z.object(decision),
  'incident.confirm': z.object(decision),
  'incident.report': z.object({ report: IncidentReport }),
  'incident.postmortem': z.object({ postmortem: Postmortem }),
  'incident.approve': z.object(decision),
} as const
