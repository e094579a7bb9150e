import type { Span } from './span.ts'

/** 365 × 24 × 3600 s, in leap years too. @clause 7.1-I-3 */
export const YEAR_MS = 31_536_000_000
/** 0.1 % of the year: 31,536 s = 525.6 min. @clause 7.1-II-1 */
export const BUDGET_MS = 31_536_000
/** China keeps one offset all year; the contract begins after its last summer time (1991). */
const SHANGHAI_OFFSET_MS = 8 * 3_600_000
const FIRST_YEAR = 1992
const LAST_YEAR = 9998

/** @returns the beginning of a day in Asia/Shanghai; `month` counts from 1 and may exceed 12 */
const dayStart = (year: number, month: number) => Date.UTC(year, month - 1, 1) - SHANGHAI_OFFSET_MS

/** What `--year` and every figure may name. */
export const isContractYear = (year: number): boolean => Number.isInteger(year) && year >= FIRST_YEAR && year <= LAST_YEAR

/** The contract year: from 1 January 00:00 Asia/Shanghai, exactly 365 days. 31 December of a leap year lies in no contract year. */
export function yearSpan(year: number): Span {
  const from = dayStart(year, 1)
  return { from, to: from + YEAR_MS }
}

/** The twelve months of the contract year, without gap or overlap; December of a leap year ends a day early. */
export function monthSpans(year: number): readonly Span[] {
  const known = spansOfYears.get(year)
  if (known) return known
  const { to } = yearSpan(year)
  const spans = Array.from({ length: 12 }, (_, month) => ({ from: dayStart(year, month + 1), to: Math.min(dayStart(year, month + 2), to) }))
  spansOfYears.set(year, spans)
  return spans
}
/** The same for every application of a list. */
const spansOfYears = new Map<number, readonly Span[]>()

/** The calendar year in Asia/Shanghai that an instant lies in. */
export const yearOf = (ms: number): number => new Date(ms + SHANGHAI_OFFSET_MS).getUTCFullYear()
/** `2026-11`, in Asia/Shanghai. */
export const monthOf = (ms: number): string => new Date(ms + SHANGHAI_OFFSET_MS).toISOString().slice(0, 7)

/** @returns the span of `2026-11` within its contract year, or undefined if the text names no month */
export function monthSpan(month: string): Span | undefined {
  const [, year, number] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month) ?? []
  return year !== undefined && isContractYear(Number(year)) ? monthSpans(Number(year))[Number(number) - 1] : undefined
}
