import { availabilityFraction, budgetLeftMs, type Figures, figuresOfEach, figuresOver, isMet, openAccount } from './figures.ts'
import { type Folded, factsOf, measuredSpans, partsOf } from './fold.ts'
import { clipTo, type Span, totalMs, unionOf } from './span.ts'
import { monthOf, monthSpans, yearSpan } from './year.ts'

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

/** The one function behind every screen, report, export and check. @param now clips nothing that has ended */
export function stateOfYear(folded: Folded, year: number, now: number): Statement {
  const span = yearSpan(year)
  const asOf = Math.min(Math.max(now, span.from), span.to)
  const facts = factsOf(folded, asOf)
  const account = openAccount(facts)
  const figures = figuresOver(account, span)
  const decided = openAccount({ ...facts, outages: facts.outages.filter(({ ruling }) => ruling === 'provider') })
  const measured = clipTo(measuredSpans(folded, asOf), { from: span.from, to: asOf })
  const measuredMs = totalMs(measured)
  return {
    year,
    asOf,
    figures: withContract(figures),
    confirmedMs: figuresOver(decided, span).countedMs,
    uncertaintyMs: uncertaintyMs(folded, span, asOf),
    measuredMs,
    knownMs: measuredMs - totalMs(measured.flatMap((one) => clipTo(account.unknown, one))),
    months: monthsOf(year, figuresOfEach(account, monthSpans(year))),
  }
}

const monthsOf = (year: number, figures: readonly Figures[]): MonthFigures[] =>
  monthSpans(year).map((span, index) => ({ month: monthOf(span.from), ...(figures[index] as Figures) }))

const withContract = (figures: Figures): YearFigures => ({
  ...figures,
  budgetLeftMs: budgetLeftMs(figures.countedMs),
  availability: availabilityFraction(figures.countedMs),
  met: isMet(figures.countedMs),
})

function uncertaintyMs(folded: Folded, span: Span, asOf: number): number {
  const doubtful = folded.stretches
    .filter((stretch) => partsOf(stretch, asOf).some(({ decision }) => decision !== 'NOT_DOWN' && decision !== 'NON_PROVIDER'))
    .filter(({ state }) => state === 'DOWN')
    .flatMap(({ from, to, fromLo, toLo }) => [{ from: fromLo, to: from }, ...(to !== null && toLo !== null ? [{ from: toLo, to }] : [])])
  return totalMs(clipTo(unionOf(doubtful), span))
}

/** Figures of one month as they stand after the entries given. */
export const figuresOfMonth = (folded: Folded, month: Span, openEnd: number): Figures =>
  figuresOver(openAccount(factsOf(folded, openEnd)), month)
