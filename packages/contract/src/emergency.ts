import { z } from 'zod'
import { can, canAny, day, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { contactData } from './personal.ts'
import { commonProblems, problem } from './problem.ts'

export const EmergencyMode = z.enum(['REAL', 'DRILL'])
export type EmergencyMode = z.output<typeof EmergencyMode>
export const PlanState = z.enum(['DRAFT', 'APPROVED', 'RETIRED'])
export const EmergencyState = z.enum(['RUNNING', 'STOOD_DOWN', 'CLOSED'])
export type EmergencyState = z.output<typeof EmergencyState>

export const emergencyProblems = {
  notApproved: problem('emergency.not-approved', 409, { zh: '预案尚未批准', en: 'The plan is not approved' }),
  samePerson: problem('emergency.same-person', 403, { zh: '须由编写人以外的领导批准', en: 'Somebody else than who wrote it approves it' }),
  noRunbook: problem('emergency.no-runbook', 422, { zh: '没有这个处置流程', en: 'There is no such runbook' }),
  reviewDay: problem('emergency.review-day', 422, {
    zh: '复审日期须晚于今天，且不超过 {days} 天',
    en: 'The day of review lies ahead, {days} days at most',
  }),
  roles: problem('emergency.roles', 422, {
    zh: '指挥、处置、联络可以兼任，审定人须是乙方领导且不是指挥',
    en: 'The approver is a leader of the provider and not the commander',
  }),
  wrongStep: problem('emergency.wrong-step', 409, { zh: '现在不在这一步', en: 'Not at this step now' }),
  unchecked: problem('emergency.unchecked', 422, {
    zh: '还有 {count} 项没有勾选，请勾选或在说明里写明原因',
    en: '{count} items are not ticked: tick them or say why',
  }),
  ended: problem('emergency.ended', 409, { zh: '应急已解除', en: 'The emergency is over' }),
}

const checklists = z
  .record(z.string().max(60), z.array(text(200, 1)).max(30))
  .refine((lists) => Object.keys(lists).length <= 60, { message: '步骤不超过 60 个|At most 60 steps' })
const PlanWords = {
  name: text(120, 2),
  scenario: text(2000, 2),
  triggers: text(2000, 2),
  rtoMinutes: z.int().min(1).max(100_000),
  processKey: z.string().regex(/^emergency-[a-z0-9-]{1,50}$/),
  contacts: z
    .array(z.object({ personId: z.uuid(), duty: text(60, 1) }))
    .min(1)
    .max(60),
  checklists,
}
export const PlanSummary = z.object({
  id: z.uuid(),
  number: z.string(),
  name: z.string(),
  processKey: z.string(),
  rtoMinutes: z.int(),
  version: z.int(),
  state: PlanState,
  reviewOn: day.nullable(),
  isReviewDue: z.boolean(),
  lastDrillAt: instant.nullable(),
})
export type PlanSummary = z.output<typeof PlanSummary>
export const Runbook = z.object({
  key: z.string(),
  name: z.string(),
  steps: z.array(z.object({ node: z.string(), name: z.string() })),
})
export const PlanDetail = PlanSummary.extend({
  scenario: z.string(),
  triggers: z.string(),
  contacts: z.array(
    z.object({ personId: z.uuid(), name: z.string(), phone: contactData(z.string().nullable(), 'phone'), duty: z.string() }),
  ),
  checklists,
  runbook: Runbook.nullable(),
  editedByName: z.string(),
  approvedByName: z.string().nullable(),
  approvedAt: instant.nullable(),
  mayEdit: z.boolean(),
  mayApprove: z.boolean(),
  mayActivate: z.boolean(),
})
export type PlanDetail = z.output<typeof PlanDetail>

export const EmergencySummary = z.object({
  id: z.uuid(),
  number: z.string(),
  mode: EmergencyMode,
  planName: z.string(),
  reason: z.string(),
  state: EmergencyState,
  commanderName: z.string(),
  activatedAt: instant,
  restoredAt: instant.nullable(),
  rtoMinutes: z.int(),
  /** Restored within the plan's limit; null while it is not restored and the limit has not passed. */
  withinRto: z.boolean().nullable(),
})
export type EmergencySummary = z.output<typeof EmergencySummary>
export const Summary = z.object({ result: text(4000, 1), findings: text(4000, 1), improvements: text(4000).default('') })
export const EmergencyDetail = EmergencySummary.extend({
  planId: z.uuid(),
  incidentId: z.uuid().nullable(),
  activatedBy: z.string(),
  roles: z.array(z.object({ role: z.enum(['commander', 'operator', 'liaison', 'approver']), personId: z.uuid(), name: z.string() })),
  updateDueAt: instant.nullable(),
  steps: z.array(
    z.object({
      taskId: z.uuid(),
      node: z.string(),
      name: z.string(),
      assigneeName: z.string(),
      mine: z.boolean(),
      kind: z.enum(['STEP', 'VERIFY', 'SUMMARY', 'APPROVE']),
      checklist: z.array(z.string()),
    }),
  ),
  calls: z.array(
    z.object({
      personId: z.uuid(),
      name: z.string(),
      duty: z.string(),
      sentAt: instant,
      channels: z.array(z.object({ channel: z.string(), state: z.string(), deliveredAt: instant.nullable() })),
      ackAt: instant.nullable(),
    }),
  ),
  events: z.array(
    z.object({
      id: z.uuid(),
      kind: z.string(),
      node: z.string().nullable(),
      at: instant,
      byName: z.string(),
      text: z.string(),
      checked: z.array(z.string()),
    }),
  ),
  summary: Summary.nullable(),
  closedAt: instant.nullable(),
  instanceId: z.uuid().nullable(),
  mayReport: z.boolean(),
})
export type EmergencyDetail = z.output<typeof EmergencyDetail>

const read = can('emergency.read', 'R')
const work = can('emergency.work', 'X')
const edit = can('emergencyPlan.edit', 'U')
const ofPlan = z.object({ planId: z.uuid() })
const ofOne = z.object({ emergencyId: z.uuid() })
const stepProblems = [emergencyProblems.wrongStep]

export const emergencyApi = {
  runbooks: endpoint({
    method: 'GET',
    path: '/emergency/runbooks',
    summary: '可用的处置流程与其步骤',
    access: read,
    input: z.object({}),
    reply: z.object({ items: z.array(Runbook) }),
  }),
  plans: endpoint({
    method: 'GET',
    path: '/emergency/plans',
    summary: '应急预案，最先复审的在前',
    access: read,
    input: z.object({}),
    reply: z.object({ items: z.array(PlanSummary) }),
  }),
  plan: endpoint({ method: 'GET', path: '/emergency/plans/:planId', summary: '一份预案', access: read, input: ofPlan, reply: PlanDetail }),
  writePlan: endpoint({
    method: 'POST',
    path: '/emergency/plans',
    summary: '编写预案',
    access: can('emergencyPlan.edit', 'C'),
    input: z.object(PlanWords),
    reply: PlanDetail,
    problems: [emergencyProblems.noRunbook],
  }),
  changePlan: endpoint({
    method: 'POST',
    path: '/emergency/plans/:planId',
    summary: '修订预案；修订后须重新批准',
    access: edit,
    input: ofPlan.extend(PlanWords),
    reply: PlanDetail,
    problems: [emergencyProblems.noRunbook],
  }),
  approvePlan: endpoint({
    method: 'POST',
    path: '/emergency/plans/:planId/approve',
    summary: '乙方领导批准预案或年度复审',
    access: can('emergencyPlan.edit', 'A'),
    input: ofPlan.extend({ reviewOn: day }),
    reply: PlanDetail,
    problems: [emergencyProblems.samePerson, emergencyProblems.reviewDay],
  }),
  activate: endpoint({
    method: 'POST',
    path: '/emergency/plans/:planId/activate',
    summary: '启动预案：实战，或演练（只通知参演人员）',
    access: can('emergency.activate', 'X'),
    input: ofPlan.extend({
      mode: EmergencyMode,
      reason: text(500, 1),
      incidentId: z.uuid().nullable().default(null),
      commanderId: z.uuid(),
      operatorId: z.uuid(),
      liaisonId: z.uuid(),
      approverId: z.uuid(),
      /** Of a drill: who of the list takes part besides the four; nobody else is told of anything. */
      participantIds: z.array(z.uuid()).max(60).default([]),
    }),
    reply: EmergencyDetail,
    problems: [emergencyProblems.notApproved, emergencyProblems.roles, commonProblems.notFound],
  }),
  list: endpoint({
    method: 'GET',
    path: '/emergencies',
    summary: '应急与演练，新的在前',
    access: read,
    input: pageInput.extend({ mode: EmergencyMode.optional(), state: EmergencyState.optional(), planId: z.uuid().optional() }),
    reply: page(EmergencySummary),
  }),
  get: endpoint({
    method: 'GET',
    path: '/emergencies/:emergencyId',
    summary: '一次应急或演练：步骤、名单回执、经过',
    access: read,
    input: ofOne,
    reply: EmergencyDetail,
  }),
  step: endpoint({
    method: 'POST',
    path: '/emergencies/:emergencyId/steps/:taskId',
    summary: '完成一步：勾选清单并写明做了什么',
    access: work,
    input: ofOne.extend({ taskId: z.uuid(), checked: z.array(text(200, 1)).max(30).default([]), note: text(2000).default('') }),
    reply: EmergencyDetail,
    problems: [...stepProblems, emergencyProblems.unchecked],
  }),
  verify: endpoint({
    method: 'POST',
    path: '/emergencies/:emergencyId/verify/:taskId',
    summary: '指挥确认是否恢复',
    access: work,
    input: ofOne.extend({ taskId: z.uuid(), restored: z.boolean(), note: text(2000).default('') }),
    reply: EmergencyDetail,
    problems: stepProblems,
  }),
  summarise: endpoint({
    method: 'POST',
    path: '/emergencies/:emergencyId/summary/:taskId',
    summary: '提交总结；演练即演练报告',
    access: work,
    input: ofOne.extend({ taskId: z.uuid(), summary: Summary }),
    reply: EmergencyDetail,
    problems: stepProblems,
  }),
  approve: endpoint({
    method: 'POST',
    path: '/emergencies/:emergencyId/approve/:taskId',
    summary: '审定总结',
    access: work,
    input: ofOne.extend({ taskId: z.uuid(), approve: z.boolean(), comment: text(1000).default('') }),
    reply: EmergencyDetail,
    problems: stepProblems,
  }),
  report: endpoint({
    method: 'POST',
    path: '/emergencies/:emergencyId/reports',
    summary: '通报进展；实战每 30 分钟一次',
    access: work,
    input: ofOne.extend({ text: text(2000, 1) }),
    reply: EmergencyDetail,
    problems: [emergencyProblems.ended],
  }),
  print: endpoint({
    method: 'GET',
    path: '/emergencies/:emergencyId/print',
    summary: '应急总结或演练报告（Word）',
    access: canAny(['emergency.read', 'R'], ['emergency.work', 'X']),
    input: ofOne,
    reply: z.unknown(),
    kind: 'download',
  }),
}

/** What the steps of runbooks take; the endpoints above fill them in. */
export const emergencyForms = {
  'emergency.step': z.object({ checked: z.array(z.string()).default([]), note: z.string().default('') }),
  'emergency.verify': z.object({ note: z.string().default('') }),
  'emergency.summary': z.object({ summary: Summary }),
  'emergency.approve': z.object({ comment: z.string().default('') }),
} as const
