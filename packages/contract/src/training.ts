import { z } from 'zod'
import { Digest } from './compliance.ts'
import { can, canAny, day, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { problem } from './problem.ts'

/** The four subjects of service plan 5.9.2. */
export const TrainingTopic = z.enum(['VM_USE', 'NETWORK_USE', 'REQUEST_CHANGE', 'FAULT_REPORT'])
export type TrainingTopic = z.infer<typeof TrainingTopic>
export const TrainingStatus = z.enum(['PLANNED', 'INVITED', 'CLOSED', 'CANCELLED'])
export type TrainingStatus = z.infer<typeof TrainingStatus>

const planned = {
  plannedOn: day,
  course: text(200, 1),
  topics: z.array(TrainingTopic).min(1).max(4),
  days: z.number().min(0.5).max(10),
  audience: text(200, 1),
  venue: text(200),
  trainers: text(200),
}
export const TrainingSession = z.object({
  id: z.uuid(),
  number: z.string(),
  year: z.int(),
  seq: z.int(),
  ...planned,
  status: TrainingStatus,
  heldFrom: instant.nullable(),
  heldTo: instant.nullable(),
  effect: z.string(),
  improvements: z.string(),
  invited: z.int(),
  coming: z.int(),
  signedIn: z.int(),
  passed: z.int(),
  /** 1 to 5, two digits; null without answers. */
  satisfaction: z.number().nullable(),
  surveyed: z.int(),
})
export type TrainingSession = z.infer<typeof TrainingSession>
export const TrainingMaterial = z.object({
  id: z.uuid(),
  name: z.string(),
  version: z.int(),
  fileId: z.uuid(),
  digest: Digest,
  byName: z.string(),
  at: instant,
})
export const Participant = z.object({
  personId: z.uuid(),
  name: z.string(),
  tenantName: z.string().nullable(),
  coming: z.boolean().nullable(),
  signedInAt: instant.nullable(),
  score: z.int().nullable(),
  passed: z.boolean().nullable(),
})
export type Participant = z.infer<typeof Participant>
export const TrainingDetail = TrainingSession.extend({
  materials: z.array(TrainingMaterial),
  participants: z.array(Participant),
  /** What the caller did so far. */
  own: z.object({
    invited: z.boolean(),
    coming: z.boolean().nullable(),
    signedInAt: instant.nullable(),
    best: z.object({ id: z.uuid(), score: z.int(), passed: z.boolean(), certificateNo: z.string().nullable() }).nullable(),
    surveyed: z.boolean(),
  }),
  may: z.array(z.enum(['MANAGE', 'INVITE', 'CLOSE', 'ANSWER', 'SIGN_IN', 'EXAM', 'SURVEY'])),
})
export type TrainingDetail = z.infer<typeof TrainingDetail>

const options = z.array(text(300, 1)).min(2).max(6)
export const TrainingQuestion = z.object({
  id: z.uuid(),
  topic: TrainingTopic,
  text: z.string(),
  options: z.array(z.string()),
  /** Index of the right option. */
  correct: z.int(),
  retired: z.boolean(),
})
export type TrainingQuestion = z.infer<typeof TrainingQuestion>
/** A paper as the trainee gets it: without the right answers. */
export const Exam = z.object({
  id: z.uuid(),
  trainingId: z.uuid(),
  questions: z.array(z.object({ id: z.uuid(), topic: TrainingTopic, text: z.string(), options: z.array(z.string()) })),
  startedAt: instant,
  endsAt: instant,
})
export type Exam = z.infer<typeof Exam>
export const ExamResult = z.object({ id: z.uuid(), score: z.int(), passed: z.boolean(), certificateNo: z.string().nullable() })
export const Coverage = z.object({ tenantId: z.uuid(), tenantName: z.string(), admins: z.int(), trained: z.int(), passed: z.int() })
export type Coverage = z.infer<typeof Coverage>

export const trainingProblems = {
  wrongStep: problem('training.wrong-step', 409, { zh: '这期培训现在不在这一步', en: 'The session is not at this step' }),
  planned: problem('training.planned', 409, { zh: '{year} 年的培训计划已经排好', en: 'The sessions of {year} are planned already' }),
  wrongCode: problem('training.wrong-code', 403, {
    zh: '签到码不对或已过期，请扫现场的二维码',
    en: 'That code is wrong or over; scan the one in the room',
  }),
  notSignedIn: problem('training.not-signed-in', 403, { zh: '签到后才能考核、评价', en: 'Sign in at the session first' }),
  noQuestions: problem('training.no-questions', 409, {
    zh: '题库里四项内容各须至少 {n} 题',
    en: 'The bank needs at least {n} questions of each subject',
  }),
  examOver: problem('training.exam-over', 409, { zh: '这份试卷已经交卷或超时', en: 'This paper is handed in or over' }),
  surveyed: problem('training.surveyed', 409, { zh: '你已经评价过', en: 'You have answered already' }),
  nobody: problem('training.nobody', 422, { zh: '没有人签到，不能记为已举办', en: 'Nobody signed in; it cannot be recorded as held' }),
  file: problem('training.file', 422, { zh: '附件不存在', en: 'There is no such file' }),
  notPassed: problem('training.not-passed', 409, { zh: '考核没有合格，没有证书', en: 'Not passed: there is no certificate' }),
} as const

const manage = can('training.manage', 'C')
const attend = can('training.attend', 'X')
const read = canAny(['training.manage', 'C'], ['training.manage', 'r'], ['training.attend', 'X'])
const one = z.object({ trainingId: z.uuid() })
const step = [trainingProblems.wrongStep]
const score = z.int().min(1).max(5)

export const trainingApi = {
  list: endpoint({
    method: 'GET',
    path: '/trainings',
    summary: '一年的培训',
    access: read,
    input: z.object({ year: z.coerce.number().int().min(2000).max(2200).optional() }),
    reply: z.object({ year: z.int(), perYear: z.int(), items: z.array(TrainingSession), coverage: z.array(Coverage) }),
  }),
  get: endpoint({ method: 'GET', path: '/trainings/:trainingId', summary: '一期培训', access: read, input: one, reply: TrainingDetail }),
  planYear: endpoint({
    method: 'POST',
    path: '/trainings/plan',
    summary: '排一年的培训：每季一期',
    access: manage,
    input: z.object({ year: z.int().min(2000).max(2200), venue: text(200, 1), trainers: text(200, 1) }),
    reply: z.object({ items: z.array(TrainingSession) }),
    problems: [trainingProblems.planned],
  }),
  change: endpoint({
    method: 'PUT',
    path: '/trainings/:trainingId',
    summary: '改一期的安排',
    access: manage,
    input: one.extend(planned),
    reply: TrainingDetail,
    problems: step,
  }),
  invite: endpoint({
    method: 'POST',
    path: '/trainings/:trainingId/invite',
    summary: '邀请各单位系统管理员',
    access: manage,
    input: one,
    reply: TrainingDetail,
    problems: step,
  }),
  answer: endpoint({
    method: 'POST',
    path: '/trainings/:trainingId/answer',
    summary: '回复是否参加',
    access: attend,
    input: one.extend({ coming: z.boolean() }),
    reply: TrainingDetail,
    problems: step,
  }),
  code: endpoint({
    method: 'POST',
    path: '/trainings/:trainingId/code',
    summary: '现场签到二维码；每小时更换',
    access: manage,
    input: one,
    reply: z.object({ code: z.string(), until: instant, path: z.string() }),
    problems: step,
  }),
  signIn: endpoint({
    method: 'POST',
    path: '/trainings/:trainingId/sign-in',
    summary: '扫码签到',
    access: attend,
    input: one.extend({ code: text(40, 4) }),
    reply: TrainingDetail,
    problems: [...step, trainingProblems.wrongCode],
  }),
  material: endpoint({
    method: 'POST',
    path: '/trainings/:trainingId/materials',
    summary: '加资料；同名即新版本',
    access: manage,
    input: one.extend({ fileId: z.uuid(), name: text(200, 1) }),
    reply: TrainingDetail,
    problems: [trainingProblems.file],
  }),
  close: endpoint({
    method: 'POST',
    path: '/trainings/:trainingId/close',
    summary: '记为已举办',
    access: manage,
    input: one.extend({ heldFrom: instant, heldTo: instant, effect: text(2000, 2), improvements: text(2000).default('') }),
    reply: TrainingDetail,
    problems: [...step, trainingProblems.nobody],
  }),
  questions: endpoint({
    method: 'GET',
    path: '/training-questions',
    summary: '题库',
    access: manage,
    input: pageInput.extend({ topic: TrainingTopic.optional() }),
    reply: page(TrainingQuestion),
  }),
  addQuestion: endpoint({
    method: 'POST',
    path: '/training-questions',
    summary: '出题',
    access: manage,
    input: z.object({ topic: TrainingTopic, text: text(500, 2), options, correct: z.int().min(0).max(5) }),
    reply: TrainingQuestion,
  }),
  retireQuestion: endpoint({
    method: 'POST',
    path: '/training-questions/:questionId/retire',
    summary: '停用一题',
    access: manage,
    input: z.object({ questionId: z.uuid() }),
    reply: TrainingQuestion,
  }),
  startExam: endpoint({
    method: 'POST',
    path: '/trainings/:trainingId/exams',
    summary: '开始考核',
    access: attend,
    input: one,
    reply: Exam,
    problems: [...step, trainingProblems.notSignedIn, trainingProblems.noQuestions],
  }),
  submitExam: endpoint({
    method: 'POST',
    path: '/training-exams/:examId/submit',
    summary: '交卷',
    access: attend,
    input: z.object({ examId: z.uuid(), answers: z.array(z.object({ questionId: z.uuid(), option: z.int().min(0).max(5) })).max(100) }),
    reply: ExamResult,
    problems: [trainingProblems.examOver],
  }),
  certificate: endpoint({
    method: 'POST',
    path: '/training-exams/:examId/certificate',
    summary: '合格证书（Word）',
    access: read,
    input: z.object({ examId: z.uuid() }),
    reply: z.unknown(),
    kind: 'download',
    problems: [trainingProblems.notPassed],
  }),
  survey: endpoint({
    method: 'POST',
    path: '/trainings/:trainingId/survey',
    summary: '满意度评价',
    access: attend,
    input: one.extend({ content: score, trainer: score, organization: score, usefulness: score, comment: text(1000).default('') }),
    reply: TrainingDetail,
    problems: [trainingProblems.notSignedIn, trainingProblems.surveyed],
  }),
} as const
