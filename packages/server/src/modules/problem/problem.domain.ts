import type { ProblemState } from '@changbai/contract/known-problem.ts'

export interface LinkedFault {
  beganOn: Temporal.PlainDate
  /** Null while it is not restored. */
  endedOn: Temporal.PlainDate | null
}

/**
 * Is a fault the same cause once more? It is when an earlier fault of the problem had ended on a day at most `days` before. Days in Asia/Shanghai,
 * the limit itself included. A fault that began while the earlier one lasted is part of it, not a recurrence.
 * @returns whole days since the latest earlier end, or null
 * @clause 5.8-5
 */
export function recurredAfterDays(beganOn: Temporal.PlainDate, earlier: readonly LinkedFault[], days: number): number | null {
  const gaps = earlier.flatMap(({ endedOn }) => (endedOn === null ? [] : [endedOn.until(beganOn, { largestUnit: 'day' }).days]))
  const after = gaps.filter((gap) => gap >= 0 && gap <= days)
  return after.length > 0 ? Math.min(...after) : null
}

export type ProblemStep = 'MARK_KNOWN' | 'RESOLVE' | 'REOPEN' | 'CLOSE'
const steps: Record<ProblemStep, { from: readonly ProblemState[]; to: ProblemState }> = {
  MARK_KNOWN: { from: ['OPEN'], to: 'KNOWN_ERROR' },
  RESOLVE: { from: ['OPEN', 'KNOWN_ERROR'], to: 'RESOLVED' },
  REOPEN: { from: ['RESOLVED', 'CLOSED'], to: 'OPEN' },
  CLOSE: { from: ['RESOLVED'], to: 'CLOSED' },
}
export const stepsFrom = (state: ProblemState): ProblemStep[] =>
  (Object.keys(steps) as ProblemStep[]).filter((step) => steps[step].from.includes(state))
export const stateAfter = (step: ProblemStep): ProblemState => steps[step].to
