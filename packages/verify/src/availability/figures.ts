import { clipTo, type Span, totalMs, unionOf, withoutSpans } from './span.ts'
import { BUDGET_MS, YEAR_MS } from './year.ts'

/** Part of every result, so that two figures are only compared when they follow the same rule. */
export const FORMULA = 'changbai-availability/1'

/** What the rules decided about one stretch of downtime. Undecided counts as the provider's. */
export type Attribution = 'provider' | 'not-provider' | 'undecided'

export interface OutageFact extends Span {
  readonly ruling: Attribution
}
/** Planned downtime; `null` where notice or recognition was never given. Its reason is judged before it gets here. */
export interface PlannedFact extends Span {
  readonly noticedAt: number | null
  readonly approvedAt: number | null
}
/** All that is known of one application. Order does not matter; nothing is clipped to now. */
export interface Facts {
  readonly outages: readonly OutageFact[]
  readonly planned: readonly PlannedFact[]
  readonly unknown: readonly Span[]
}

export interface Figures {
  /** Counts against the contract: provider's or undecided, outside valid planned windows. */
  countedMs: number
  /** Not measured: neither up nor down, reported apart. */
  unknownMs: number
  /** Valid planned windows, whether or not the application was down in them. */
  plannedMs: number
  /** What counting would give without any planned window: the second reading. */
  withPlannedMs: number
}

/** Noticed and recognised before it begins, both strictly. @clause 7.1-I-1 */
export const isValidWindow = ({ from, noticedAt, approvedAt }: PlannedFact): boolean =>
  noticedAt !== null && approvedAt !== null && noticedAt < from && approvedAt < from

const isCounted = ({ ruling }: OutageFact) => ruling !== 'not-provider'

/** The facts merged once, ready to be measured over any period. */
export interface Account {
  readonly down: readonly Span[]
  readonly counted: readonly Span[]
  readonly planned: readonly Span[]
  readonly unknown: readonly Span[]
}

/**
 * Merges the facts of one application: overlapping outages count once; valid planned windows are taken out of what counts; what is ruled not the
 * provider's takes nothing away from an overlapping outage that is; what overruns a window counts.
 * @throws RangeError if a stretch ends before it starts or is not in whole milliseconds
 * @clause 7.1-I-2
 */
export function openAccount(facts: Facts): Account {
  for (const span of [...facts.outages, ...facts.planned, ...facts.unknown]) requireSpan(span)
  const down = unionOf(facts.outages.filter(isCounted))
  const planned = unionOf(facts.planned.filter(isValidWindow))
  return { down, counted: withoutSpans(down, planned), planned, unknown: unionOf(facts.unknown) }
}

function requireSpan({ from, to }: Span): void {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) throw new RangeError(`not whole milliseconds: ${from} to ${to}`)
  if (to < from) throw new RangeError(`ends before it starts: ${from} to ${to}`)
}

/** Figures over one period; those of the months of a year add up to those of the year. */
export const figuresOver = (account: Account, period: Span): Figures => ({
  countedMs: totalMs(clipTo(account.counted, period)),
  unknownMs: totalMs(clipTo(account.unknown, period)),
  plannedMs: totalMs(clipTo(account.planned, period)),
  withPlannedMs: totalMs(clipTo(account.down, period)),
})

/** Figures over many periods at once: those without overlap and in order, as the months of a year are. One pass over the facts. */
export function figuresOfEach(account: Account, periods: readonly Span[]): Figures[] {
  const totals = (spans: readonly Span[]) => totalsIn(spans, periods)
  const [counted, unknown, planned, down] = [account.counted, account.unknown, account.planned, account.down].map(totals) as [
    number[],
    number[],
    number[],
    number[],
  ]
  return periods.map((_, index) => ({
    countedMs: counted[index] as number,
    unknownMs: unknown[index] as number,
    plannedMs: planned[index] as number,
    withPlannedMs: down[index] as number,
  }))
}

function totalsIn(spans: readonly Span[], periods: readonly Span[]): number[] {
  const totals = periods.map(() => 0)
  let first = 0
  for (const { from, to } of spans) {
    while (first < periods.length && (periods[first] as Span).to <= from) first++
    for (let at = first; at < periods.length && (periods[at] as Span).from < to; at++) {
      const period = periods[at] as Span
      totals[at] = (totals[at] as number) + Math.min(to, period.to) - Math.max(from, period.from)
    }
  }
  return totals
}

/** Share of the contract year in which the application was up, exact and never reduced: `31535999000/31536000000`. @clause 7.1-I-4 */
export const availabilityFraction = (countedMs: number): string => `${YEAR_MS - countedMs}/${YEAR_MS}`
/** `31535999000/31536000000` as a percentage with four decimals, cut and never rounded up. Only the spelling is done here. */
export function fractionPercent(fraction: string): string {
  const [above = 0n, below = 1n] = fraction.split('/').map(BigInt)
  const scaled = (above * 1_000_000n) / below
  const digits = String(scaled < 0n ? 0n : scaled).padStart(5, '0')
  return `${digits.slice(0, -4)}.${digits.slice(-4)}%`
}
/** At least 99.9 %: at the limit counts as met. @clause 7.1-II-1 */
export const isMet = (countedMs: number): boolean => countedMs <= BUDGET_MS
/** Negative once the year is lost. */
export const budgetLeftMs = (countedMs: number): number => BUDGET_MS - countedMs
