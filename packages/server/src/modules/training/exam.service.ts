import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { type TrainingQuestion, type trainingApi, trainingProblems } from '@changbai/contract/training.ts'
import { actorCan, personOf } from '../../platform/actor.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Row } from '../../platform/db.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import type { Download } from '../../platform/mount.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { chineseDay, gap, noteOf, packPaper, pairsOf, textOf, titleOf } from '../admission/index.ts'
import { drawPaper, EXAM_MINUTES, QUESTIONS_A_TOPIC, scoreOf } from './training.domain.ts'
import { toDetail } from './training.service.ts'
import * as store from './training.store.ts'

type Api = typeof trainingApi
const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

const toQuestion = (row: Row<'training_question'>): TrainingQuestion => ({
  id: row.id,
  topic: row.topic,
  text: row.text,
  options: row.options,
  correct: row.correct,
  retired: row.retired_at !== null,
})

export async function listQuestionPage(ctx: Ctx, { after, limit, topic }: Input<Api['questions']>): Promise<Reply<Api['questions']>> {
  const rows = await store.listQuestions(ctx.db, { topic, after: readCursor(after)?.[1], limit: limit + 1 })
  const { items, next } = pageOf(rows, limit, (row) => ['', row.id])
  return { items: items.map(toQuestion), next }
}
export async function addQuestion(
  ctx: Ctx,
  { topic, text, options, correct }: Input<Api['addQuestion']>,
): Promise<Reply<Api['addQuestion']>> {
  if (correct >= options.length)
    fail(commonProblems.invalid, {}, [{ path: 'correct', code: 'too_big', message: String(options.length - 1) }])
  const row = await store.insertQuestion(ctx.db, {
    id: newId(),
    topic,
    text,
    options: JSON.stringify(options),
    correct,
    retired_at: null,
    by_name: ctx.actor.name,
    at: ctx.now,
  })
  await ctx.record({
    kind: 'training-question.added',
    subject: { type: 'training-question', id: row.id },
    after: { topic, text, options, correct },
  })
  return toQuestion(row)
}
export async function retireQuestion(ctx: Ctx, { questionId }: Input<Api['retireQuestion']>): Promise<Reply<Api['retireQuestion']>> {
  const row = (await store.retireQuestion(ctx.db, questionId, ctx.now)) ?? fail(commonProblems.notFound, { questionId })
  await ctx.record({ kind: 'training-question.retired', subject: { type: 'training-question', id: questionId } })
  return toQuestion(row)
}

const present = async (ctx: Ctx, trainingId: string): Promise<store.PersonRow> => {
  const person = await store.personIn(ctx.db, trainingId, personOf(ctx.actor))
  return person?.signed_in_at ? person : fail(trainingProblems.notSignedIn)
}

/** A paper of the caller's own; one that is open is given again, so that a lost page loses nothing. */
export async function startExam(ctx: Ctx, { trainingId }: Input<Api['startExam']>): Promise<Reply<Api['startExam']>> {
  const training = (await store.lockTraining(ctx.db, trainingId)) ?? fail(commonProblems.notFound, { trainingId })
  const person = await present(ctx, training.id)
  const open = await store.openExam(ctx.db, training.id, person.person_id, ctx.now)
  const id = open?.id ?? newId()
  const questions =
    open?.questions ?? drawPaper(id, await store.activeQuestions(ctx.db)) ?? fail(trainingProblems.noQuestions, { n: QUESTIONS_A_TOPIC })
  const [startedAt, endsAt] = [open?.started_at ?? ctx.now, open?.ends_at ?? ctx.now.add({ minutes: EXAM_MINUTES })]
  if (!open) {
    const kept = questions.map(({ id: questionId, topic, text, options, correct }) => ({ id: questionId, topic, text, options, correct }))
    await store.insertExam(ctx.db, {
      id,
      training_id: training.id,
      person_id: person.person_id,
      name: person.name,
      bureau_id: person.bureau_id,
      questions: JSON.stringify(kept),
      started_at: startedAt,
      ends_at: endsAt,
      submitted_at: null,
      score: null,
      pass_score: null,
      passed: null,
      certificate_no: null,
    })
    await ctx.record({ kind: 'training-exam.started', subject: { type: 'training-exam', id }, data: { trainingId } })
  }
  return {
    id,
    trainingId,
    questions: questions.map(({ id: questionId, topic, text, options }) => ({ id: questionId, topic, text, options })),
    startedAt: startedAt.toString(),
    endsAt: endsAt.toString(),
  }
}

/** Judged by the pass score in force on the day of the test. @clause 5.9.1-2 */
export async function submitExam(ctx: Ctx, { examId, answers }: Input<Api['submitExam']>): Promise<Reply<Api['submitExam']>> {
  const exam = await store.lockExam(ctx.db, examId)
  if (!exam || exam.person_id !== personOf(ctx.actor)) fail(commonProblems.notFound, { examId })
  if (exam.submitted_at || Temporal.Instant.compare(ctx.now, exam.ends_at) > 0) fail(trainingProblems.examOver)
  const score = scoreOf(exam.questions, answers)
  const passScore = ctx.plan.number('training.passScore')
  const passed = score >= passScore
  const certificateNo = passed ? await nextNumber(ctx.db, 'ZS', shanghaiDay(ctx.now)) : null
  await store.updateExam(ctx.db, examId, {
    answers: JSON.stringify(answers),
    submitted_at: ctx.now,
    score,
    pass_score: passScore,
    passed,
    certificate_no: certificateNo,
  })
  await ctx.record({
    kind: 'training-exam.submitted',
    subject: { type: 'training-exam', id: examId },
    after: { score, passScore, passed, certificateNo },
  })
  return { id: examId, score, passed, certificateNo }
}

export async function answerSurvey(ctx: Ctx, input: Input<Api['survey']>): Promise<Reply<Api['survey']>> {
  const training = (await store.lockTraining(ctx.db, input.trainingId)) ?? fail(commonProblems.notFound, { trainingId: input.trainingId })
  const person = await present(ctx, training.id)
  const { content, trainer, organization, usefulness, comment } = input
  const row = { training_id: training.id, person_id: person.person_id, content, trainer, organization, usefulness, comment, at: ctx.now }
  if (!(await store.insertSurvey(ctx.db, row))) fail(trainingProblems.surveyed)
  await ctx.record({
    kind: 'training.surveyed',
    subject: { type: 'training', id: training.id },
    data: { content, trainer, organization, usefulness },
  })
  return toDetail(ctx, training)
}

/** The certificate of a passed test, for its holder and for who manages trainings. */
export async function printCertificate(ctx: Ctx, { examId }: Input<Api['certificate']>): Promise<Download> {
  const exam = await store.findExam(ctx.db, examId)
  const mayRead = exam && (exam.person_id === ctx.actor.personId || actorCan(ctx.actor, 'training.manage', 'C'))
  if (!exam || !mayRead) fail(commonProblems.notFound, { examId })
  const { submitted_at: at, certificate_no: number } = exam
  if (!at || !number) fail(trainingProblems.notPassed)
  const training = await store.findTraining(ctx.db, exam.training_id)
  const bytes = await packPaper(
    [
      titleOf('培训合格证书'),
      gap(),
      ...textOf(
        `${exam.name}参加《${training?.course ?? ''}》培训，考核成绩 ${exam.score} 分（合格线 ${exam.pass_score} 分），成绩合格，特发此证。`,
      ),
      gap(),
      pairsOf([
        { label: '证书编号', value: number },
        { label: '培训编号', value: training?.number ?? '' },
        { label: '考核日期', value: chineseDay(shanghaiDay(at)) },
        { label: '地点', value: training?.venue ?? '' },
      ]),
      noteOf('证书编号可在培训记录中核对。'),
    ],
    { title: '培训合格证书', number },
  )
  await ctx.record({
    kind: 'training-exam.certified',
    subject: { type: 'training-exam', id: examId },
    data: { number, digest: sha256Hex(bytes) },
  })
  return { name: `${number} 培训合格证书 ${exam.name}.docx`, mediaType: WORD, bytes }
}
