import type { PracticeRunBrief, Words } from '@changbai/contract/practice.ts'
import type { Language } from '../../../shared/text.ts'
import type { State } from '../../../shared/ui/index.ts'

/** Exercises bring their own words, in both languages. */
export const inWords = (words: Words, lang: Language): string => (lang === 'en-US' ? words.en : words.zh)

export const stateOfRun = ({ state, passed }: Pick<PracticeRunBrief, 'state' | 'passed'>): State =>
  state === 'PREPARING' ? 'planned' : state === 'RUNNING' ? 'running' : state === 'LOST' ? 'breach' : passed ? 'kept' : 'todo'
export const labelOfRun = ({
  state,
  passed,
}: Pick<PracticeRunBrief, 'state' | 'passed'>): PracticeRunBrief['state'] | 'passed' | 'failed' =>
  passed === null ? state : passed ? 'passed' : 'failed'
