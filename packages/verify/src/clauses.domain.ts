/**
 * How a clause of the service plan is judged, from recorded facts alone. Pure and without dependency: the server computes the board with it,
 * and whoever holds an export computes the same figures again.
 *
 * Instants are ISO strings in UTC; comparison is by milliseconds. At the limit counts as met.
 */

/** One thing that was owed, once. */
export interface Obligation {
  /** Stable: the same facts give the same id. */
  id: string
  subject: { type: string; id: string; label: string }
  /** Whose it is; null where no bureau is concerned. */
  tenantId: string | null
  /** Of which application; null where none is concerned. */
  applicationId: string | null
  /** When its clock began, for the share of the limit that is used up; null where there is no clock. */
  startedAt: string | null
  /** When it falls due. It belongs to the period that holds this instant. */
  dueAt: string
  /** When it was done; null while it is not. */
  doneAt: string | null
  /**
   * What was asked for beside the limit (a complete form, a second person's approval): true where it was, false where not. Null: nothing was asked
   * but to be done in time. A false counts as soon as it is done, or when it is due.
   */
  kept: boolean | null
  /** Why nobody can tell; counts as not compliant. */
  missing: string | null
  exempt: 'WAIVED' | 'NOT_APPLICABLE' | null
  /** The calendar of the year it falls into is not published: late cannot be told yet. */
  provisional: boolean
  evidence: { type: string; id: string }[]
}

export type ObligationState = 'MET' | 'BREACHED' | 'MISSING' | 'WAIVED' | 'NOT_APPLICABLE' | 'AT_RISK' | 'OPEN'

/** COMPLIANT, AT_RISK, BREACHED, WAIVED, NOT_APPLICABLE; NO_DATA counts as not compliant; NOT_TRIGGERED: nothing fell due, neither good nor bad. */
export type ClauseState = 'COMPLIANT' | 'AT_RISK' | 'BREACHED' | 'WAIVED' | 'NOT_APPLICABLE' | 'NO_DATA' | 'NOT_TRIGGERED'

/** Share of a limit after which an open obligation is at risk. */
export const RISK_SHARE = 0.8

/** What one obligation has come to at `asOf`. @throws RangeError for an instant that is none */
export function stateOf(obligation: Obligation, asOf: string): ObligationState {
  if (obligation.exempt) return obligation.exempt
  const now = instant(asOf)
  const due = instant(obligation.dueAt)
  // a fact that lies behind `asOf` is not known yet
  const done = obligation.doneAt !== null && instant(obligation.doneAt) <= now ? instant(obligation.doneAt) : null
  if (obligation.missing !== null) return due <= now ? 'MISSING' : 'OPEN'
  if (done !== null && obligation.kept === false) return 'BREACHED'
  if (done !== null) return done <= due ? 'MET' : obligation.provisional ? 'OPEN' : 'BREACHED'
  if (due < now) return obligation.provisional ? 'OPEN' : 'BREACHED'
  const started = obligation.startedAt === null ? null : instant(obligation.startedAt)
  return started !== null && due > started && now - started >= RISK_SHARE * (due - started) ? 'AT_RISK' : 'OPEN'
}

export interface ClauseFigure {
  state: ClauseState
  /** Met, breached, missing and waived: everything whose hour has come, and what was done before it. */
  due: number
  met: number
  breached: number
  missing: number
  waived: number
  notApplicable: number
  /** Not due yet; `atRisk` of them have used up 80 % of their limit. */
  open: number
  atRisk: number
  /** met / (due − waived), 0..1; null where that is nothing. */
  rate: number | null
}

/**
 * The figure of one clause over one period.
 * @param obligations those of the period, in any order
 * @clause all
 */
export function figureOf(obligations: readonly Obligation[], asOf: string): ClauseFigure {
  const count: Record<ObligationState, number> = { MET: 0, BREACHED: 0, MISSING: 0, WAIVED: 0, NOT_APPLICABLE: 0, AT_RISK: 0, OPEN: 0 }
  for (const obligation of obligations) count[stateOf(obligation, asOf)] += 1
  const judged = count.MET + count.BREACHED + count.MISSING
  return {
    state: clauseState(count, judged),
    due: judged + count.WAIVED,
    met: count.MET,
    breached: count.BREACHED,
    missing: count.MISSING,
    waived: count.WAIVED,
    notApplicable: count.NOT_APPLICABLE,
    open: count.OPEN + count.AT_RISK,
    atRisk: count.AT_RISK,
    rate: judged === 0 ? null : count.MET / judged,
  }
}

function clauseState(count: Record<ObligationState, number>, judged: number): ClauseState {
  if (count.BREACHED > 0) return 'BREACHED'
  if (count.MISSING > 0) return 'NO_DATA'
  if (count.AT_RISK > 0) return 'AT_RISK'
  if (judged > 0) return 'COMPLIANT'
  if (count.WAIVED > 0) return 'WAIVED'
  return count.NOT_APPLICABLE > 0 && count.OPEN === 0 ? 'NOT_APPLICABLE' : 'NOT_TRIGGERED'
}

/** A clause for which nothing records what is needed to judge it. */
export const figureWithoutSource = (): ClauseFigure => ({
  state: 'NO_DATA',
  due: 0,
  met: 0,
  breached: 0,
  missing: 0,
  waived: 0,
  notApplicable: 0,
  open: 0,
  atRisk: 0,
  rate: null,
})

export interface BoardFigure {
  /** Share of clauses that are kept among those that count (not NOT_TRIGGERED, NOT_APPLICABLE or WAIVED), each with equal weight, 0..1. */
  score: number | null
  /** RED when a red-line clause is breached, AMBER when any clause is breached, at risk or without data, else GREEN. */
  light: 'RED' | 'AMBER' | 'GREEN'
  counts: Record<ClauseState, number>
}

/** The board's one figure. @param clauses each with its state and whether it is a red line */
export function boardOf(clauses: readonly { state: ClauseState; redLine: boolean }[]): BoardFigure {
  const counts: Record<ClauseState, number> = {
    COMPLIANT: 0,
    AT_RISK: 0,
    BREACHED: 0,
    WAIVED: 0,
    NOT_APPLICABLE: 0,
    NO_DATA: 0,
    NOT_TRIGGERED: 0,
  }
  for (const clause of clauses) counts[clause.state] += 1
  const kept = counts.COMPLIANT + counts.AT_RISK
  const counted = kept + counts.BREACHED + counts.NO_DATA
  const crossed = clauses.some((clause) => clause.redLine && clause.state === 'BREACHED')
  const clean = counts.BREACHED + counts.AT_RISK + counts.NO_DATA === 0
  return { score: counted === 0 ? null : kept / counted, light: crossed ? 'RED' : clean ? 'GREEN' : 'AMBER', counts }
}

/** Something that is owed a number of times in every day, week, month, quarter or year. */
export interface Rhythm {
  /** The stretches of time, half open, in order; each ends at its due instant. */
  spans: readonly { key: string; label: string; from: string; to: string; dueAt: string }[]
  /** How often in each. */
  times: number
  /** What was done: when it counts, and whether it counts at all. */
  events: readonly { at: string; id: string; type: string; valid: boolean }[]
  /** Nothing was recorded by anybody before the spans ended: the evidence itself is missing. */
  begun: boolean
  subject: { type: string }
}

/** The obligations of a rhythm, one a span. Counting events, not people: a second round in the same minute is the source's to refuse. */
export function obligationsOfRhythm({ spans, times, events, begun, subject }: Rhythm): Obligation[] {
  const valid = events.filter((event) => event.valid).sort((a, b) => instant(a.at) - instant(b.at) || (a.id < b.id ? -1 : 1))
  return spans.map(({ key, label, from, to, dueAt }) => {
    const within = valid.filter((event) => instant(event.at) >= instant(from) && instant(event.at) < instant(to))
    const last = within[times - 1]
    return {
      id: `${subject.type}:${key}`,
      subject: { type: subject.type, id: key, label },
      tenantId: null,
      applicationId: null,
      startedAt: from,
      dueAt,
      doneAt: last ? last.at : null,
      kept: null,
      missing: begun ? null : 'NOTHING_RECORDED',
      exempt: null,
      provisional: false,
      evidence: within.map(({ type, id }) => ({ type, id })),
    }
  })
}

/** Thousands of obligations of one clause name the same few instants. */
const parsed = new Map<string, number>()
const PARSED_MAX = 1_000

function instant(text: string): number {
  const known = parsed.get(text)
  if (known !== undefined) return known
  const at = Date.parse(text)
  if (Number.isNaN(at)) throw new RangeError(`${JSON.stringify(text)} is not an instant`)
  if (parsed.size >= PARSED_MAX) parsed.clear()
  parsed.set(text, at)
  return at
}
