import type { Bodies, ProbeState } from '@changbai/verify/availability/chain.ts'
import type { Vote } from '@changbai/verify/availability/sweep.ts'

export interface Result {
  readonly at: number
  readonly verdict: ProbeState
  readonly detail: string
  readonly latencyMs: number | null
}
export interface RunPolicy {
  /** A result counts until the next one, at most this long: twice the interval. */
  readonly validMs: number
  readonly failuresToDown: number
  readonly successesToUp: number
}

/** What one probe has been saying about one application since it last said something else. */
export interface Run {
  /** NONE: failures that are not enough for DOWN yet, and nothing before them. */
  readonly state: ProbeState | 'NONE'
  readonly from: number
  readonly fromLo: number
  readonly last: number
  readonly results: number
  readonly evidence: string
  /** Results in a row that say otherwise; not enough yet to turn it. */
  readonly against: { readonly from: number; readonly last: number; readonly count: number } | null
}

export interface Advanced {
  readonly run: Run
  /** What is over and goes into the chain. */
  readonly closed: Omit<Bodies['observation'], 'probe'>[]
  /** Taken into account; false for one that was there before, or older than the run. */
  readonly taken: boolean
  /** The state turned, or is about to: worth keeping as evidence. */
  readonly notable: boolean
}

/**
 * Takes one result. Failures in a row make DOWN, back-dated to the first; successes in a row end it, back-dated to the first of them: confirming only
 * decides whether, it never moves the instant. An abstention counts at once. After a silence longer than a result is valid everything starts anew.
 * @param digest of the evidence so far with one more result
 * @clause 7.1-I-2
 */
export function advanceRun(
  run: Run | null,
  result: Result,
  policy: RunPolicy,
  digest: (before: string, result: Result) => string,
): Advanced {
  if (run && result.at <= lastOf(run)) return { run, closed: [], taken: false, notable: false }
  const lapsed = run !== null && result.at - lastOf(run) > policy.validMs
  if (!run || lapsed) {
    const closed = run && lapsed ? closedAt(run, lastOf(run) + policy.validMs) : []
    return { run: begin(result, result.at, digest), closed, taken: true, notable: result.verdict !== 'UP' }
  }
  const evidence = digest(run.evidence, result)
  if (result.verdict === run.state)
    return {
      run: { ...run, last: result.at, results: run.results + 1, evidence, against: null },
      closed: [],
      taken: true,
      notable: result.verdict !== 'UP' || run.against !== null,
    }
  if (result.verdict === 'ABSTAIN' || run.state === 'ABSTAIN')
    return { run: begin(result, run.last, digest), closed: closedAt(run, result.at), taken: true, notable: true }

  const against = { from: run.against?.from ?? result.at, last: result.at, count: (run.against?.count ?? 0) + 1 }
  if (run.state === 'NONE') {
    // failures first, then a success: it was up, as far as this probe knows
    if (result.verdict === 'UP') return { run: begin(result, run.last, digest), closed: [], taken: true, notable: true }
    const count = against.count
    if (count < policy.failuresToDown)
      return { run: { ...run, last: result.at, results: count, evidence, against }, closed: [], taken: true, notable: true }
    return {
      run: { ...run, state: 'DOWN', last: result.at, results: count, evidence, against: null },
      closed: [],
      taken: true,
      notable: true,
    }
  }
  const needed = run.state === 'UP' ? policy.failuresToDown : policy.successesToUp
  if (against.count < needed) return { run: { ...run, evidence, against }, closed: [], taken: true, notable: true }
  return {
    run: { state: result.verdict, from: against.from, fromLo: run.last, last: result.at, results: against.count, evidence, against: null },
    closed: closedAt(run, against.from),
    taken: true,
    notable: true,
  }
}

const lastOf = (run: Run) => run.against?.last ?? run.last

function begin(result: Result, fromLo: number, digest: (before: string, result: Result) => string): Run {
  const isFailure = result.verdict === 'DOWN'
  return {
    state: isFailure ? 'NONE' : result.verdict,
    from: result.at,
    fromLo,
    last: result.at,
    results: 1,
    evidence: digest('', result),
    against: isFailure ? { from: result.at, last: result.at, count: 1 } : null,
  }
}

function closedAt(run: Run, to: number): Omit<Bodies['observation'], 'probe'>[] {
  const { state, from, fromLo, last, results, evidence } = run
  return state === 'NONE' || to <= from ? [] : [{ state, from, to, fromLo, last, results, evidence }]
}

/** Cuts a run at an instant it has lasted beyond: the part before goes into the chain, the rest goes on. */
export function cutRun(run: Run, at: number): { closed: Omit<Bodies['observation'], 'probe'>[]; run: Run } {
  if (run.state === 'NONE' || at <= run.from || at > run.last) return { closed: [], run }
  return { closed: closedAt({ ...run, last: at }, at), run: { ...run, from: at, results: 0 } }
}

/** A run after a silence longer than its last result is valid. */
export const isLapsed = (run: Run, now: number, validMs: number): boolean => now - lastOf(run) > validMs
/** Ends a run for good, at the latest where its last result ceases to be valid. */
export const closeRun = (run: Run, at: number, validMs: number): Omit<Bodies['observation'], 'probe'>[] =>
  closedAt(run, Math.min(at, lastOf(run) + validMs))

/** How an unfinished run votes now: until the first result against it, or as long as its last result is valid. */
export function voteOfRun(probe: string, run: Run, validMs: number): Vote | null {
  if (run.state === 'NONE' || run.state === 'ABSTAIN') return null
  // while results against it wait to be confirmed, it still stands
  return { probe, isDown: run.state === 'DOWN', from: run.from, to: lastOf(run) + validMs, fromLo: run.fromLo, last: run.last }
}
