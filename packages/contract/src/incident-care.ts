import { z } from 'zod'
import { can, canAny, day, endpoint, instant, text } from './endpoint.ts'
import { IncidentDetail, incidentProblems } from './incident.ts'
import { commonProblems, problem } from './problem.ts'

/** Grades of the national guide; LARGER and above are reported to the authority. */
export const SecurityGrade = z.enum(['EXTRAORDINARY', 'MAJOR', 'LARGER', 'GENERAL'])
export type SecurityGrade = z.output<typeof SecurityGrade>

export const careProblems = {
  notSecurity: problem('incident.not-security', 409, { zh: '尚未定级为网络安全事件', en: 'It is not graded as a security event' }),
  reported: problem('incident.reported-to-authority', 409, { zh: '已登记报送', en: 'The report has been recorded already' }),
  notDue: problem('incident.no-report-due', 409, { zh: '一般事件不须报送', en: 'A general event is not reported' }),
  noApplication: problem('incident.no-application', 422, { zh: '故障没有指明应用，不能登记中断', en: 'The incident names no application' }),
  notCorrectable: problem('incident.not-correctable', 422, {
    zh: '只有起动或了结时钟的事实可以更正',
    en: 'Only what the clocks are folded from can be corrected',
  }),
  sameInstant: problem('incident.same-instant', 422, { zh: '时刻没有变化', en: 'The instant is the same' }),
  correctionWaits: problem('incident.correction-waits', 409, {
    zh: '这一条已有一张更正单等待对方确认',
    en: 'A slip for this line waits for the other side already',
  }),
  correctionDecided: problem('incident.correction-decided', 409, { zh: '这张更正单已有结论', en: 'This slip has been decided' }),
  otherSide: problem('incident.other-side', 403, {
    zh: '更正须由另一方的人确认：乙方提出的由甲方，甲方或报障方提出的由运维管理员',
    en: 'The other side decides: the customer on what the provider asks, the maintenance manager on what the customer or the reporter asks',
  }),
  backwards: problem('incident.outage-backwards', 422, {
    zh: '中断的结束须晚于开始，且都不晚于现在',
    en: 'An outage ends after it begins, and before now',
  }),
}

/** A question of the wizard and from which answer on it makes each grade; the plan holds them (`incident.securityGrades`). */
export const SecurityQuestion = z.object({
  key: z.string().regex(/^[a-z][A-Za-z]{0,39}$/),
  zh: z.string(),
  en: z.string(),
  unit: z.string(),
  extraordinary: z.number(),
  major: z.number(),
  larger: z.number(),
})
export type SecurityQuestion = z.output<typeof SecurityQuestion>
export const SecurityRecord = z.object({
  answers: z.record(z.string(), z.number()),
  grade: SecurityGrade,
  isCritical: z.boolean(),
  knownAt: instant,
  gradedBy: z.string(),
  gradedAt: instant,
  /** The statutory limit; null where nothing is reported. */
  reportDueAt: instant.nullable(),
  reportedAt: instant.nullable(),
  reportedTo: z.string(),
  reference: z.string(),
  reportedBy: z.string().nullable(),
  summaryDueOn: day.nullable(),
  summaryAt: instant.nullable(),
})
export const SecurityView = z.object({
  questions: z.array(SecurityQuestion),
  record: SecurityRecord.nullable(),
  mayGrade: z.boolean(),
  mayReport: z.boolean(),
})
export type SecurityView = z.output<typeof SecurityView>

/** What may be behind an incident, with the figures it rests on; people judge. */
export const SuggestedCause = z.object({
  kind: z.enum(['CHANGE', 'ALARM', 'INCIDENT']),
  id: z.uuid(),
  label: z.string(),
  link: z.string(),
  at: instant,
  /** Whole minutes before the incident began; negative: after. */
  minutesBefore: z.int(),
  /** What the application needs that it is about, and how far up; null: the application itself. */
  through: z.object({ name: z.string(), hop: z.int() }).nullable(),
})
export type SuggestedCause = z.output<typeof SuggestedCause>
export const IncidentOutage = z.object({ id: z.string(), from: instant, to: instant.nullable(), source: z.string(), ruling: z.string() })

const ofIncident = z.object({ incidentId: z.uuid() })
const read = canAny(['incident.read', 'R'], ['incident.read', 'r'])
const provider = canAny(['incident.handle', 'X'], ['incident.handle', 'U'])

export const incidentCareApi = {
  security: endpoint({
    method: 'GET',
    path: '/incidents/:incidentId/security',
    summary: '网络安全事件：分级问题、定级与报送',
    access: read,
    input: ofIncident,
    reply: SecurityView,
  }),
  grade: endpoint({
    method: 'POST',
    path: '/incidents/:incidentId/security',
    summary: '按所填事实定级；较大以上起算法定报送时限',
    access: provider,
    input: ofIncident.extend({
      answers: z.record(z.string().max(40), z.number().min(0).max(1e12)),
      isCritical: z.boolean(),
      knownAt: instant.optional(),
    }),
    reply: SecurityView,
    problems: [commonProblems.notFound],
  }),
  reportToAuthority: endpoint({
    method: 'POST',
    path: '/incidents/:incidentId/security/report',
    summary: '登记甲方责任人的报送',
    access: canAny(['incident.severity.override', 'A']),
    input: ofIncident.extend({ to: text(200, 1), reference: text(200, 1), at: instant }),
    reply: SecurityView,
    problems: [careProblems.notSecurity, careProblems.reported, careProblems.notDue],
  }),
  summarise: endpoint({
    method: 'POST',
    path: '/incidents/:incidentId/security/summary',
    summary: '登记总结报告已报送',
    access: canAny(['incident.severity.override', 'A']),
    input: ofIncident,
    reply: SecurityView,
    problems: [careProblems.notSecurity, careProblems.reported, careProblems.notDue],
  }),
  correct: endpoint({
    method: 'POST',
    path: '/incidents/:incidentId/corrections',
    summary: '提出更正单：某一事实的时刻；另一方确认后生效，两个值都保留',
    access: canAny(['incident.handle', 'X'], ['incident.handle', 'U'], ['incident.report', 'C'], ['incident.severity.override', 'A']),
    input: ofIncident.extend({ eventId: z.uuid(), at: instant, reason: text(500, 1) }),
    reply: IncidentDetail,
    problems: [
      careProblems.notCorrectable,
      careProblems.sameInstant,
      careProblems.correctionWaits,
      incidentProblems.future,
      incidentProblems.closed,
    ],
  }),
  decideCorrection: endpoint({
    method: 'POST',
    path: '/incidents/:incidentId/corrections/:correctionId',
    summary: '确认或不同意更正单',
    access: can('incident.severity.override', 'A'),
    input: ofIncident.extend({ correctionId: z.uuid(), agree: z.boolean(), comment: text(500).default('') }),
    reply: IncidentDetail,
    problems: [careProblems.correctionDecided, careProblems.otherSide],
  }),
  causes: endpoint({
    method: 'GET',
    path: '/incidents/:incidentId/causes',
    summary: '可能的原因：近期变更、告警、同时的故障，按依据排序',
    access: provider,
    input: ofIncident,
    reply: z.object({ items: z.array(SuggestedCause) }),
  }),
  outages: endpoint({
    method: 'GET',
    path: '/incidents/:incidentId/outages',
    summary: '故障期间应用的中断区间',
    access: read,
    input: ofIncident,
    reply: z.object({ applicationId: z.uuid().nullable(), items: z.array(IncidentOutage) }),
  }),
  addOutage: endpoint({
    method: 'POST',
    path: '/incidents/:incidentId/outages',
    summary: '由故障登记一段中断，供甲方认定',
    access: canAny(['outage.attribute', 'C']),
    input: ofIncident.extend({
      from: instant,
      to: instant,
      domain: z.enum(['FACILITY', 'NETWORK', 'SECURITY', 'VM', 'BAREMETAL', 'STORAGE', 'OPERATION']),
      note: text(500, 1),
    }),
    reply: z.object({ id: z.string() }),
    problems: [careProblems.noApplication, careProblems.backwards],
  }),
}
