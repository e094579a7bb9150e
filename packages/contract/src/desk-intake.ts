import { z } from 'zod'
import { CallLine } from './desk.ts'
import { can, canAny, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { Criterion } from './incident.shapes.ts'
import { contactData } from './personal.ts'
import { commonProblems, problem } from './problem.ts'

export const intakeProblems = {
  refused: problem('intake.refused', 401, { zh: '令牌无效或已停用', en: 'The token is not valid' }),
  waits: problem('intake.waits', 403, { zh: '令牌尚未由安全管理员批准', en: 'The security administrator has not approved the token yet' }),
  samePerson: problem('intake.same-person', 403, { zh: '提出人不能批准', en: 'Who proposed it cannot approve it' }),
  decided: problem('intake.decided', 409, { zh: '已经有了决定', en: 'It has been decided already' }),
  taken: problem('intake.taken', 409, { zh: '{by} 已经处理', en: '{by} has dealt with it' }),
  criteria: problem('intake.criteria', 422, { zh: '转为故障须勾选判据', en: 'An incident needs a criterion' }),
  noMail: problem('intake.no-mail', 409, {
    zh: '没有可用的发信通道，请改用电话答复',
    en: 'No way to send mail is set up; answer by telephone',
  }),
  unreachable: problem('intake.unreachable', 422, { zh: '连不上邮箱：{reason}', en: 'The mailbox is not reached: {reason}' }),
}

export const MailboxSettings = z.object({
  host: text(200, 1),
  port: z.int().min(1).max(65_535),
  secure: z.boolean(),
  user: text(200, 1),
  folder: text(100, 1).default('INBOX'),
  /** The desk's own address: what comes from it is a loop. */
  address: z.email().max(200),
})
export type MailboxSettings = z.output<typeof MailboxSettings>
export const Intake = z.object({
  id: z.uuid(),
  kind: z.enum(['TELEPHONE', 'MAILBOX']),
  name: z.string(),
  state: z.enum(['PENDING', 'ACTIVE', 'RETIRED']),
  settings: MailboxSettings.nullable(),
  proposedByName: z.string(),
  proposedAt: instant,
  decidedByName: z.string().nullable(),
  decidedAt: instant.nullable(),
  lastOkAt: instant.nullable(),
  lastError: z.string().nullable(),
})
export type Intake = z.output<typeof Intake>

/** What a telephone system tells of a call; told again it changes nothing. */
export const RingEvent = z.object({
  /** The telephone system's own id of the call. */
  callId: z.string().min(1).max(120),
  event: z.enum(['RINGING', 'ANSWERED', 'ENDED']),
  at: instant,
  from: text(40),
  line: CallLine.default('DESK'),
  /** Extension or name of whoever answered. */
  agent: text(60).default(''),
  /** Where the recording is kept. */
  recording: text(500).default(''),
})
export const Ring = z.object({
  id: z.uuid(),
  line: CallLine,
  phone: contactData(z.string(), 'phone'),
  rangAt: instant,
  answeredAt: instant.nullable(),
  agent: z.string(),
  endedAt: instant.nullable(),
  isMissed: z.boolean(),
  callerName: z.string().nullable(),
  callerOrg: z.string().nullable(),
})
export type Ring = z.output<typeof Ring>

export const MailKind = z.enum(['LETTER', 'AUTOMATIC', 'BOUNCE', 'LOOP', 'TOO_LARGE', 'UNREADABLE'])
export type MailKind = z.output<typeof MailKind>
export const MailState = z.enum(['WAITING', 'LINKED', 'ANSWERED', 'SET_ASIDE'])
export type MailState = z.output<typeof MailState>
export const DeskMail = z.object({
  id: z.uuid(),
  kind: MailKind,
  state: MailState,
  fromAddress: z.string(),
  fromName: z.string(),
  tenantName: z.string().nullable(),
  subject: z.string(),
  body: z.string(),
  sizeBytes: z.int(),
  receivedAt: instant,
  files: z.array(z.object({ id: z.uuid(), name: z.string() })),
  refused: z.array(z.string()),
  incidentId: z.uuid().nullable(),
  serviceRequestId: z.uuid().nullable(),
  linkedNo: z.string().nullable(),
  answer: z.string(),
  decidedBy: z.string().nullable(),
  /** Letters of the same thread before this one. */
  earlier: z.int(),
})
export type DeskMail = z.output<typeof DeskMail>

const record = can('hotline.record', 'C')
const ofIntake = z.object({ intakeId: z.uuid() })
const ofMail = z.object({ mailId: z.uuid() })

export const intakeApi = {
  list: endpoint({
    method: 'GET',
    path: '/desk/intakes',
    summary: '话务与邮箱接入',
    access: can('settings.intake', 'R'),
    input: z.object({}),
    reply: z.object({ items: z.array(Intake) }),
  }),
  addTelephone: endpoint({
    method: 'POST',
    path: '/desk/intakes/telephone',
    summary: '登记话务系统；令牌只显示这一次，安全管理员批准后生效',
    access: can('settings.intake', 'C'),
    input: z.object({ name: text(60, 1) }),
    reply: z.object({ intake: Intake, token: z.string() }),
  }),
  addMailbox: endpoint({
    method: 'POST',
    path: '/desk/intakes/mailbox',
    summary: '登记服务台邮箱（IMAP）；安全管理员批准后开始收信',
    access: can('settings.intake', 'C'),
    input: z.object({ name: text(60, 1), settings: MailboxSettings, password: z.string().min(1).max(500) }),
    reply: Intake,
  }),
  decide: endpoint({
    method: 'POST',
    path: '/desk/intakes/:intakeId/decision',
    summary: '批准或停用接入',
    access: can('settings.intake', 'A'),
    input: ofIntake.extend({ approve: z.boolean() }),
    reply: Intake,
    problems: [intakeProblems.samePerson, intakeProblems.decided, commonProblems.notFound],
  }),
  /** The telephone system's own program, with its token in `Authorization: Bearer`. */
  ring: endpoint({
    method: 'POST',
    path: '/intake/telephone',
    summary: '话务系统：来电、接听、挂断（Bearer 令牌，可重复提交）',
    access: 'public',
    input: RingEvent,
    reply: z.object({ id: z.uuid(), isNew: z.boolean() }),
    problems: [intakeProblems.refused, intakeProblems.waits],
  }),
  rings: endpoint({
    method: 'GET',
    path: '/desk/rings',
    summary: '正在振铃、通话与未登记的来电',
    access: record,
    input: z.object({}),
    reply: z.object({ items: z.array(Ring) }),
  }),
  mails: endpoint({
    method: 'GET',
    path: '/desk/mails',
    summary: '来信，新的在前',
    access: canAny(['hotline.record', 'C'], ['hotline.record', 'R']),
    input: pageInput.extend({ q: text(100).optional(), state: MailState.optional(), kind: MailKind.optional() }),
    reply: page(DeskMail),
  }),
  mailToIncident: endpoint({
    method: 'POST',
    path: '/desk/mails/:mailId/incident',
    summary: '来信转为故障',
    access: record,
    input: ofMail.extend({ title: text(120, 2), criteria: z.array(Criterion).max(6) }),
    reply: DeskMail,
    problems: [intakeProblems.taken, intakeProblems.criteria],
  }),
  mailToRequest: endpoint({
    method: 'POST',
    path: '/desk/mails/:mailId/request',
    summary: '来信转为服务请求',
    access: record,
    input: ofMail.extend({ code: text(40, 2) }),
    reply: DeskMail,
    problems: [intakeProblems.taken],
  }),
  answerMail: endpoint({
    method: 'POST',
    path: '/desk/mails/:mailId/answer',
    summary: '复信，或登记已用电话答复',
    access: record,
    input: ofMail.extend({ text: text(1800, 1), byMail: z.boolean() }),
    reply: DeskMail,
    problems: [intakeProblems.taken, intakeProblems.noMail],
  }),
  setMailAside: endpoint({
    method: 'POST',
    path: '/desk/mails/:mailId/aside',
    summary: '搁置，须说明原因（广告、重复）',
    access: record,
    input: ofMail.extend({ reason: text(500, 1) }),
    reply: DeskMail,
    problems: [intakeProblems.taken],
  }),
}
