import { commonProblems, type FieldError, type ProblemBody, type ProblemKind } from '@changbai/contract/problem.ts'
import type { z } from 'zod'
import type { Locale } from './ctx.ts'
import { ProblemError } from './fail.ts'
import { isStalePlan } from './prepared.ts'

const fill = (title: string, params: Record<string, unknown>): string =>
  title.replace(/\{(\w+)\}/g, (whole, name: string) => (params[name] === undefined ? whole : String(params[name])))

export const problemBody = (
  kind: ProblemKind,
  locale: Locale,
  params: Record<string, unknown> = {},
  errors?: FieldError[],
): ProblemBody => ({
  // what is absent and what is hidden must answer alike, to the last member
  ...(kind === commonProblems.notFound ? {} : params),
  type: `urn:changbai:problem:${kind.kind}`,
  title: fill(kind.title[locale === 'en-US' ? 'en' : 'zh'], params),
  status: kind.status,
  ...(errors ? { errors } : {}),
})

type Words = Record<string, (issue: Record<string, unknown>) => string>
const zh: Words = {
  invalid_type: () => '类型不对或未填写',
  too_small: (i) =>
    i.origin === 'string'
      ? i.minimum === 1
        ? '请填写'
        : `不少于 ${i.minimum} 个字`
      : i.origin === 'array'
        ? `不少于 ${i.minimum} 项`
        : `不小于 ${i.minimum}`,
  too_big: (i) =>
    i.origin === 'string' ? `不超过 ${i.maximum} 个字` : i.origin === 'array' ? `不超过 ${i.maximum} 项` : `不大于 ${i.maximum}`,
  invalid_format: () => '格式不对',
  invalid_value: () => '不在可选范围内',
  unrecognized_keys: (i) => `不认识的字段：${(i.keys as string[]).join('、')}`,
  not_multiple_of: (i) => `须是 ${i.divisor} 的倍数`,
}
const en: Words = {
  invalid_type: () => 'Missing or of the wrong type',
  too_small: (i) =>
    i.origin === 'string'
      ? i.minimum === 1
        ? 'Required'
        : `At least ${i.minimum} characters`
      : i.origin === 'array'
        ? `At least ${i.minimum} entries`
        : `At least ${i.minimum}`,
  too_big: (i) =>
    i.origin === 'string'
      ? `At most ${i.maximum} characters`
      : i.origin === 'array'
        ? `At most ${i.maximum} entries`
        : `At most ${i.maximum}`,
  invalid_format: () => 'Not in the expected format',
  invalid_value: () => 'Not one of the allowed values',
  unrecognized_keys: (i) => `Unknown field: ${(i.keys as string[]).join(', ')}`,
  not_multiple_of: (i) => `Must be a multiple of ${i.divisor}`,
}

/** The first 50 things wrong with an input, field by field, in the reader's language. A message written in the schema as `中文|English` wins. */
export function fieldErrors(error: z.ZodError, locale: Locale): FieldError[] {
  const words = locale === 'en-US' ? en : zh
  return error.issues.slice(0, 50).map((issue) => {
    const own = issue.message.split('|')
    const message =
      own.length === 2
        ? ((locale === 'en-US' ? own[1] : own[0]) as string)
        : (words[issue.code]?.(issue as unknown as Record<string, unknown>) ?? issue.message)
    return { path: issue.path.map(String).join('.'), code: issue.code, message }
  })
}

/** What the driver says, without a code, when the database goes away under a query or none can be reached. */
const LOST = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/
/** A file of ours, a quota, or the database's own volume. */
const DISK_FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', '53100'])
const UNAVAILABLE = /^(08|53|57P0)/

/** Turns whatever was thrown into the problem the caller reads. `expected` false means: log it, it is our fault. */
export function toProblem(error: unknown, locale: Locale, requestId: string): { body: ProblemBody; expected: boolean } {
  if (error instanceof ProblemError) return { body: problemBody(error.kind, locale, error.params, error.errors), expected: true }
  const { code, statusCode, message = '' } = error as { code?: string; statusCode?: number; message?: string }
  if (statusCode === 413) return { body: problemBody(commonProblems.tooLarge, locale), expected: true }
  if (statusCode === 415) return { body: problemBody(commonProblems.unsupportedType, locale), expected: true }
  if (statusCode === 429) return { body: problemBody(commonProblems.tooMany, locale), expected: true }
  if (statusCode && statusCode >= 400 && statusCode < 500) return { body: problemBody(commonProblems.malformed, locale), expected: true }
  if (code && DISK_FULL.has(code)) return { body: problemBody(commonProblems.diskFull, locale, { requestId }), expected: false }
  if (
    code === 'ECONNREFUSED' ||
    code === 'ECONNRESET' ||
    code === 'ETIMEDOUT' ||
    code === 'EPIPE' ||
    (code && UNAVAILABLE.test(code)) ||
    LOST.test(message) ||
    isStalePlan(error) ||
    statusCode === 503
  )
    return { body: problemBody(commonProblems.unavailable, locale, { requestId }), expected: false }
  return { body: problemBody(commonProblems.internal, locale, { requestId }), expected: false }
}
