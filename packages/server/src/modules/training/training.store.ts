import type { TrainingStatus, TrainingTopic } from '@changbai/contract/training.ts'
import { type ColumnType, type Generated, sql } from 'kysely'
import type { Db, NewRow, Row, RowChange } from '../../platform/db.ts'
import type { Question } from './training.domain.ts'

/** Read parsed, written as text. */
type Json<T> = ColumnType<T, string, string>

declare module '../../platform/db.ts' {
  interface Tables {
    training: {
      id: string
      number: string
      year: number
      seq: number
      planned_on: Temporal.PlainDate
      course: string
      topics: TrainingTopic[]
      days: number
      audience: string
      venue: string
      trainers: string
      status: TrainingStatus
      held_from: Temporal.Instant | null
      held_to: Temporal.Instant | null
      effect: Generated<string>
      improvements: Generated<string>
      created_at: Temporal.Instant
    }
    training_person: {
      training_id: string
      person_id: string
      name: string
      bureau_id: string | null
      invited_at: Temporal.Instant | null
      coming: boolean | null
      signed_in_at: Temporal.Instant | null
    }
    training_material: {
      id: string
      training_id: string
      name: string
      version: number
      file_id: string
      digest: string
      digest_algorithm: string
      by_name: string
      at: Temporal.Instant
    }
    training_question: {
      id: string
      topic: TrainingTopic
      text: string
      options: Json<string[]>
      correct: number
      retired_at: Temporal.Instant | null
      by_name: string
      at: Temporal.Instant
    }
    training_exam: {
      id: string
      training_id: string
      person_id: string
      name: string
      bureau_id: string | null
      questions: Json<Question[]>
      answers: ColumnType<unknown, string | undefined, string>
      started_at: Temporal.Instant
      ends_at: Temporal.Instant
      submitted_at: Temporal.Instant | null
      score: number | null
      pass_score: number | null
      passed: boolean | null
      certificate_no: string | null
    }
    training_survey: {
      training_id: string
      person_id: string
      content: number
      trainer: number
      organization: number
      usefulness: number
      comment: string
      at: Temporal.Instant
    }
  }
}
export type TrainingRow = Row<'training'>
export type PersonRow = Row<'training_person'>
export type ExamRow = Row<'training_exam'>

export const trainingsOf = (db: Db, year: number): Promise<TrainingRow[]> =>
  db.selectFrom('training').selectAll().where('year', '=', year).orderBy('seq').execute()
export const findTraining = (db: Db, id: string): Promise<TrainingRow | undefined> =>
  db.selectFrom('training').selectAll().where('id', '=', id).executeTakeFirst()
export const lockTraining = (db: Db, id: string): Promise<TrainingRow | undefined> =>
  db.selectFrom('training').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const insertTraining = async (db: Db, row: NewRow<'training'>): Promise<void> =>
  void (await db.insertInto('training').values(row).execute())
export const updateTraining = (db: Db, id: string, change: RowChange<'training'>): Promise<TrainingRow> =>
  db.updateTable('training').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
/** Served by index training_held. */
export const trainingsHeld = (db: Db, from: Temporal.Instant, to: Temporal.Instant): Promise<TrainingRow[]> =>
  db.selectFrom('training').selectAll().where('held_to', '>=', from).where('held_to', '<', to).orderBy('held_to').execute()
export const anyTrainingBefore = async (db: Db, before: Temporal.Instant): Promise<boolean> =>
  (await db.selectFrom('training').select('id').where('created_at', '<', before).limit(1).executeTakeFirst()) !== undefined

export const peopleOf = (db: Db, trainingIds: readonly string[]): Promise<PersonRow[]> =>
  trainingIds.length === 0
    ? Promise.resolve([])
    : db.selectFrom('training_person').selectAll().where('training_id', 'in', trainingIds).orderBy('name').execute()
export const personIn = (db: Db, trainingId: string, personId: string): Promise<PersonRow | undefined> =>
  db.selectFrom('training_person').selectAll().where('training_id', '=', trainingId).where('person_id', '=', personId).executeTakeFirst()
/** Adds people, or changes what is given of those already there. */
export async function putPeople(db: Db, rows: readonly NewRow<'training_person'>[], change: RowChange<'training_person'>): Promise<void> {
  if (rows.length === 0) return
  await db
    .insertInto('training_person')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['training_id', 'person_id']).doUpdateSet(change))
    .execute()
}

export const materialsOf = (db: Db, trainingIds: readonly string[]): Promise<Row<'training_material'>[]> =>
  trainingIds.length === 0
    ? Promise.resolve([])
    : db.selectFrom('training_material').selectAll().where('training_id', 'in', trainingIds).orderBy('name').orderBy('version').execute()
export const insertMaterial = async (db: Db, row: NewRow<'training_material'>): Promise<void> =>
  void (await db.insertInto('training_material').values(row).execute())

export function listQuestions(
  db: Db,
  filter: { topic?: TrainingTopic | undefined; after?: string | undefined; limit: number },
): Promise<Row<'training_question'>[]> {
  let query = db.selectFrom('training_question').selectAll()
  if (filter.topic) query = query.where('topic', '=', filter.topic)
  if (filter.after) query = query.where('id', '>', filter.after)
  return query.orderBy('id').limit(filter.limit).execute()
}
export const activeQuestions = (db: Db): Promise<Row<'training_question'>[]> =>
  db.selectFrom('training_question').selectAll().where('retired_at', 'is', null).orderBy('id').limit(2000).execute()
export const insertQuestion = (db: Db, row: NewRow<'training_question'>): Promise<Row<'training_question'>> =>
  db.insertInto('training_question').values(row).returningAll().executeTakeFirstOrThrow()
export const retireQuestion = (db: Db, id: string, at: Temporal.Instant): Promise<Row<'training_question'> | undefined> =>
  db
    .updateTable('training_question')
    .set({ retired_at: sql`coalesce(retired_at, ${at})` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()

export const examsOf = (db: Db, trainingIds: readonly string[]): Promise<ExamRow[]> =>
  trainingIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('training_exam')
        .selectAll()
        .where('training_id', 'in', trainingIds)
        .where('submitted_at', 'is not', null)
        .orderBy('score', 'desc')
        .orderBy('submitted_at')
        .execute()
export const insertExam = async (db: Db, row: NewRow<'training_exam'>): Promise<void> =>
  void (await db.insertInto('training_exam').values(row).execute())
export const lockExam = (db: Db, id: string): Promise<ExamRow | undefined> =>
  db.selectFrom('training_exam').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export const findExam = (db: Db, id: string): Promise<ExamRow | undefined> =>
  db.selectFrom('training_exam').selectAll().where('id', '=', id).executeTakeFirst()
export const openExam = (db: Db, trainingId: string, personId: string, now: Temporal.Instant): Promise<ExamRow | undefined> =>
  db
    .selectFrom('training_exam')
    .selectAll()
    .where('training_id', '=', trainingId)
    .where('person_id', '=', personId)
    .where('submitted_at', 'is', null)
    .where('ends_at', '>', now)
    .executeTakeFirst()
export const updateExam = async (db: Db, id: string, change: RowChange<'training_exam'>): Promise<void> =>
  void (await db.updateTable('training_exam').set(change).where('id', '=', id).execute())
/** The last pass of each person in a span. Served by index training_exam_person. */
export const passesBetween = (
  db: Db,
  from: Temporal.Instant,
  to: Temporal.Instant,
): Promise<{ person_id: string; id: string; at: Temporal.Instant }[]> =>
  db
    .selectFrom('training_exam')
    .distinctOn('person_id')
    .select(['person_id', 'id', 'submitted_at as at'])
    .where('passed', '=', true)
    .where('submitted_at', '>=', from)
    .where('submitted_at', '<', to)
    .orderBy('person_id')
    .orderBy('submitted_at', 'desc')
    .$narrowType<{ at: Temporal.Instant }>()
    .execute()

export const surveysOf = (db: Db, trainingIds: readonly string[]): Promise<Row<'training_survey'>[]> =>
  trainingIds.length === 0
    ? Promise.resolve([])
    : db.selectFrom('training_survey').selectAll().where('training_id', 'in', trainingIds).execute()
export const insertSurvey = async (db: Db, row: NewRow<'training_survey'>): Promise<boolean> =>
  (
    await db
      .insertInto('training_survey')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
  ).numInsertedOrUpdatedRows === 1n
