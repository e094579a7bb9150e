import { stepNameEn } from '@changbai/contract/step-names.ts'
import { type Language, language } from './text.ts'

/** The name of a step, lane, branch or process in the reader's language; a step an administrator has added is shown as drawn. */
export const stepWord = (name: string, lang: Language = language()): string => (lang === 'en-US' ? stepNameEn(name) : name)
