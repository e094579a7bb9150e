import type { CatalogueField, CatalogueItem } from '@changbai/contract/service-request.ts'

export type Answers = Record<string, string | number>
export interface AnswerFlaw {
  path: string
  code: 'required' | 'unknown' | 'day' | 'number' | 'choice'
}

const DAY = /^\d{4}-\d{2}-\d{2}$/
function flawOf(field: CatalogueField, value: string | number | undefined): AnswerFlaw['code'] | null {
  if (value === undefined || value === '') return field.required ? 'required' : null
  switch (field.kind) {
    case 'NUMBER':
      return typeof value === 'number' && Number.isFinite(value) ? null : 'number'
    case 'DAY':
      return typeof value === 'string' && DAY.test(value) && isDay(value) ? null : 'day'
    case 'CHOICE':
      return typeof value === 'string' && (field.options ?? []).includes(value) ? null : 'choice'
    default:
      return typeof value === 'string' ? null : 'required'
  }
}
function isDay(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text
  } catch {
    return false
  }
}

/** What is missing or wrong in what was filled in, by field; nothing that the item does not ask for is kept. */
export function answerFlaws(item: Pick<CatalogueItem, 'fields'>, answers: Answers): AnswerFlaw[] {
  const known = new Set(item.fields.map((field) => field.key))
  const strange = Object.keys(answers)
    .filter((key) => !known.has(key))
    .map((key): AnswerFlaw => ({ path: `answers.${key}`, code: 'unknown' }))
  const wrong = item.fields.flatMap((field): AnswerFlaw[] => {
    const code = flawOf(field, answers[field.key])
    return code ? [{ path: `answers.${field.key}`, code }] : []
  })
  return [...strange, ...wrong]
}

/** A call or a letter fills in the first long field; what else the item asks is asked while it is handled. */
export function answersFromText(item: Pick<CatalogueItem, 'fields'>, text: string): Answers {
  const field = item.fields.find((one) => one.kind === 'LONG') ?? item.fields.find((one) => one.kind === 'TEXT')
  return field ? { [field.key]: text } : {}
}
