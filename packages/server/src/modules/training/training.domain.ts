import { createHash } from 'node:crypto'
import type { TrainingTopic } from '@changbai/contract/training.ts'

export const TOPICS = ['VM_USE', 'NETWORK_USE', 'REQUEST_CHANGE', 'FAULT_REPORT'] as const satisfies readonly TrainingTopic[]
/** Questions of each subject on one paper. */
export const QUESTIONS_A_TOPIC = 5
export const EXAM_MINUTES = 60

export interface Question {
  id: string
  topic: TrainingTopic
  text: string
  options: string[]
  correct: number
}

const rank = (seed: string, id: string): string => createHash('sha256').update(`${seed}:${id}`).digest('hex')
/**
 * Draws a paper: the same number of each subject, in an order that follows from the paper's own id, so that neighbours have different papers and
 * anybody can draw it again.
 * @returns null where a subject has too few questions
 */
export function drawPaper(examId: string, bank: readonly Question[], each = QUESTIONS_A_TOPIC): Question[] | null {
  const paper = TOPICS.flatMap((topic) =>
    bank
      .filter((one) => one.topic === topic)
      .map((one) => ({ one, at: rank(examId, one.id) }))
      .sort((a, b) => (a.at < b.at ? -1 : 1))
      .slice(0, each)
      .map(({ one }) => one),
  )
  return paper.length === TOPICS.length * each ? paper : null
}

/** 0..100, rounded down: 59.9 is not 60. */
export function scoreOf(paper: readonly Question[], answers: readonly { questionId: string; option: number }[]): number {
  const given = new Map(answers.map(({ questionId, option }) => [questionId, option]))
  const right = paper.filter(({ id, correct }) => given.get(id) === correct).length
  return paper.length === 0 ? 0 : Math.floor((right / paper.length) * 100)
}

/** @clause 5.9.2-1 */
export const hasAllTopics = (topics: readonly string[]): boolean => TOPICS.every((topic) => topics.includes(topic))
/** A day at least, a handbook, an audience and a place. @clause 5.9.2-2 */
export const hasFourElements = (
  session: { days: number; audience: string; venue: string },
  materials: number,
  daysNeeded: number,
): boolean => session.days >= daysNeeded && materials > 0 && session.audience.trim() !== '' && session.venue.trim() !== ''

/** One session a quarter or as the number asks: evenly over the year, on the 15th or the first working day after it. */
export function yearOfSessions(year: number, times: number, isWorkday: (on: Temporal.PlainDate) => boolean): Temporal.PlainDate[] {
  return Array.from({ length: times }, (_, index) => {
    const month = Math.floor(((index + 0.5) * 12) / times) + 1
    let on = Temporal.PlainDate.from({ year, month, day: 15 })
    for (let n = 0; !isWorkday(on) && n < 31; n += 1) on = on.add({ days: 1 })
    return on
  })
}
