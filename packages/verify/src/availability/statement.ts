import {
  type Account,
  availabilityFraction,
  budgetLeftMs,
  type Facts,
  type Figures,
  figuresOfEach,
  figuresOver,
  isMet,
  openAccount,
} from './figures.ts'
import { type Folded, factsOf, measuredSpans, partsOf } from './fold.ts'
import { clipTo, type Span, totalMs, unionOf, withoutSpans } from './span.ts'
import { monthSpans, yearSpan } from './year.ts'

export interface YearFigures extends Figures {
  budgetLeftMs: number
  availability: string
  met: boolean
}
export interface MonthFigures extends Figures {
  month: string
}
/** Everything that is claimed about one application and contract year. */
export interface Statement {
  readonly year: number
  /** Where that which still goes on is taken to end: now, at the latest the end of the year. */
  readonly asOf: number
  /** Decided or undecided: what counts now. */
  readonly figures: YearFigures
  /** If everything undecided were ruled not the provider's: nothing counts before it is decided. */
  readonly confirmedMs: number
  /** How far the bounds of what counts lie apart, start and end together. */
  readonly uncertaintyMs: number
  /** Time of the year so far in which it was measured at all, and of that what is known. */
  readonly measuredMs: number
  readonly knownMs: number
  readonly months: readonly MonthFigures[]
}

/** Facts with what else a statement needs: when it was measured, and where the true bounds may lie. */
export interface Known extends Facts {
  readonly measured: readonly Span[]
  readonly doubt: readonly Span[]
}

/** @param openEnd where that which still goes on ends */
export const knownOf = (folded: Folded, openEnd: number): Known => ({
  ...factsOf(folded, openEnd),
  measured: measuredSpans(folded, openEnd),
  doubt: doubtOf(folded, openEnd),
})

/** The same, for what was read with a far end that stands for "goes on". */
export function endAt(known: Known, far: number, openEnd: number): Known {
  const ended = <T extends Span>(spans: readonly T[]): readonly T[] =>
    spans.some(({ to }) => to === far)
      ? spans.map((span) => (span.to === far ? { ...span, to: Math.max(span.from, openEnd) } : span))
      : spans
  return { ...known, outages: ended(known.outages), unknown: ended(known.unknown), measured: ended(known.measured) }
}

/** Where open ends are taken to end: now, within the year. */
export const asOfYear = (year: number, now: number): number => Math.min(Math.max(now, yearSpan(year).from), yearSpan(year).to)

/** The one function behind every screen, report, export and check. Nothing that has ended is clipped to now. */
export function statementOf(known: Known, year: number, asOf: number, account: Account = openAccount(known)): Statement {
  const span = yearSpan(year)
  const measured = clipTo(known.measured, { from: span.from, to: asOf })
  const measuredMs = totalMs(measured)
  return {
    year,
    asOf,
    figures: withContract(figuresOver(account, span)),
    confirmedMs: totalMs(clipTo(withoutSpans(unionOf(known.outages.filter(({ ruling }) => ruling === 'provider')), account.planned), span)),
    uncertaintyMs: totalMs(clipTo(known.doubt, span)),
    measuredMs,
    knownMs: measuredMs - totalMs(measured.flatMap((one) => clipTo(account.unknown, one))),
    months: monthsOf(year, figuresOfEach(account, monthSpans(year))),
  }
}

export function stateOfYear(folded: Folded, year: number, now: number): Statement {
  const asOf = asOfYear(year, now)
  return statementOf(knownOf(folded, asOf), year, asOf)
}

const monthsOf = (year: number, figures: readonly Figures[]): MonthFigures[] =>
  figures.map((of, index) => ({ month: `${year}-${String(index + 1).padStart(2, '0')}`, ...of }))

const withContract = (figures: Figures): YearFigures => ({
  ...figures,
  budgetLeftMs: budgetLeftMs(figures.countedMs),
  availability: availabilityFraction(figures.countedMs),
  met: isMet(figures.countedMs),
})

/** Between the last good and the first bad result, and the other way round, of everything that may count. */
const doubtOf = (folded: Folded, openEnd: number): Span[] =>
  unionOf(
    folded.stretches
      .filter(({ state }) => state === 'DOWN')
      .filter((stretch) => partsOf(stretch, openEnd).some(({ decision }) => decision === 'PENDING' || decision === 'PROVIDER'))
      .flatMap(({ from, to, fromLo, toLo }) => [{ from: fromLo, to: from }, ...(to !== null && toLo !== null ? [{ from: toLo, to }] : [])]),
  )

/** Figures of one month as they stand after the entries given. */
export const figuresOfMonth = (folded: Folded, month: Span, openEnd: number): Figures =>
  figuresOver(openAccount(factsOf(folded, openEnd)), month)
