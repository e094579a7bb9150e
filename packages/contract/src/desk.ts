import { z } from 'zod'
import { can, canAny, day, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { Criterion, IncidentStatus } from './incident.shapes.ts'
import { contactData } from './personal.ts'
import { problem } from './problem.ts'

/** FAULT and FACILITY_REPORT become an incident; the others are answered here and now, or told on. */
export const CallType = z.enum(['FAULT', 'REQUEST', 'CONSULT', 'COMPLAINT', 'FACILITY_REPORT'])
export type CallType = z.output<typeof CallType>
export const CallLine = z.enum(['DESK', 'MOBILE'])

export const deskProblems = {
  noCriteria: problem('desk.no-criteria', 422, { zh: '故障须勾选至少一项判据', en: 'A fault needs at least one criterion' }),
  noResult: problem('desk.no-result', 422, { zh: '请填写处理结果', en: 'Write down the result' }),
  backwards: problem('desk.backwards', 422, {
    zh: '接听不能早于来电，也不能晚于现在',
    en: 'A call is answered after it came in and before now',
  }),
  ringTaken: problem('desk.ring-taken', 409, { zh: '这通来电已经登记', en: 'This call has been written down already' }),
  rated: problem('desk.rated', 409, { zh: '已经评价过', en: 'It has been rated already' }),
}

export const HotlineCall = z.object({
  id: z.uuid(),
  line: CallLine,
  calledAt: instant,
  /** Null: nobody took the call. */
  answeredAt: instant.nullable(),
  agentName: z.string(),
  callerName: z.string(),
  callerOrg: z.string(),
  phone: contactData(z.string(), 'phone'),
  type: CallType,
  content: z.string(),
  result: z.string(),
  incidentId: z.uuid().nullable(),
  serviceRequestId: z.uuid().nullable(),
  linkedNo: z.string().nullable(),
  rating: z.int().nullable(),
})
export type HotlineCall = z.output<typeof HotlineCall>
/** Something open that the caller may be asking about. */
export const OpenMatter = z.object({ id: z.uuid(), number: z.string(), title: z.string(), status: IncidentStatus, link: z.string() })
export type OpenMatter = z.output<typeof OpenMatter>

const read = canAny(['hotline.record', 'R'], ['hotline.record', 'C'])
const record = can('hotline.record', 'C')

export const deskApi = {
  caller: endpoint({
    method: 'GET',
    path: '/desk/caller',
    summary: '按来电号码认人：姓名、单位、在办事项、最近来电',
    access: record,
    input: z.object({ phone: text(30, 3) }),
    reply: z.object({
      people: z.array(z.object({ id: z.uuid(), name: z.string(), tenantId: z.uuid().nullable(), tenantName: z.string().nullable() })),
      matters: z.array(OpenMatter),
      calls: z.array(HotlineCall),
    }),
  }),
  calls: endpoint({
    method: 'GET',
    path: '/desk/calls',
    summary: '来电记录，新的在前',
    access: read,
    input: pageInput.extend({ type: CallType.optional(), q: text(100).optional() }),
    reply: page(HotlineCall),
  }),
  record: endpoint({
    method: 'POST',
    path: '/desk/calls',
    summary: '登记来电；故障与机房汇报同时建单，一个电话一张单',
    access: record,
    input: z.object({
      line: CallLine,
      calledAt: instant,
      answeredAt: instant.nullable(),
      callerName: text(60, 1),
      callerOrg: text(100, 1),
      phone: text(30).default(''),
      tenantId: z.uuid().nullable().default(null),
      applicationId: z.uuid().nullable().default(null),
      type: CallType,
      content: text(2000, 2),
      result: text(2000).default(''),
      criteria: z.array(Criterion).max(6).default([]),
      /** Of a REQUEST: the line of the catalogue under which it becomes a service request; without it the answer is the result. */
      serviceCode: text(40).optional(),
      /** The ring of the telephone system this is about; each is written down once. */
      ringId: z.uuid().optional(),
    }),
    reply: HotlineCall,
    problems: [deskProblems.noCriteria, deskProblems.noResult, deskProblems.backwards, deskProblems.ringTaken],
  }),
  /** What the caller said when asked; nothing is filled in beforehand. */
  rate: endpoint({
    method: 'POST',
    path: '/desk/calls/:callId/rating',
    summary: '登记回访评价',
    access: record,
    input: z.object({ callId: z.uuid(), score: z.int().min(1).max(5) }),
    reply: HotlineCall,
    problems: [deskProblems.rated],
  }),
  statistics: endpoint({
    method: 'GET',
    path: '/desk/statistics',
    summary: '话务统计：接通、15 秒内接通、有结果、评价',
    access: read,
    input: z.object({ fromOn: day, toOn: day }),
    reply: z.object({
      calls: z.int(),
      answered: z.int(),
      inTime: z.int(),
      withResult: z.int(),
      faults: z.int(),
      linked: z.int(),
      answerSeconds: z.number(),
      rated: z.int(),
      averageScore: z.number().nullable(),
      byType: z.array(z.object({ type: CallType, calls: z.int() })),
    }),
  }),
}
