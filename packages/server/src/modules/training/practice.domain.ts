import type { PracticeResult, Scenario, ScenarioStep, StepProgress, Wanted } from '@changbai/contract/practice.ts'

/** A fact of the practice world's ledger, about the sandbox bureau of one run. */
export interface PracticeFact {
  id: string
  /** Instant as text. */
  at: string
  kind: string
  byTrainee: boolean
  /** The paper as it stood; null where the fact is about none that can be read. */
  paper: unknown
}

/** Each hint costs this part of its step's points. */
const HINT_COST = 0.25
/** Whoever takes half as long again as the scenario allows loses this; never more. Points of 100. */
const TIME_LOSS_MAX = 20

export function valueAt(paper: unknown, path: string): unknown {
  let here: unknown = paper
  for (const name of path.split('.')) {
    if (typeof here !== 'object' || here === null) return undefined
    here = (here as Record<string, unknown>)[name]
  }
  return here
}

const spelled = (value: unknown): string => (typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value))

/** Does the paper hold what was asked for? */
export function isMet(want: Wanted, paper: unknown): boolean {
  const value = valueAt(paper, want.path)
  if (want.is !== undefined) return value === want.is
  if (want.has !== undefined) return spelled(value).includes(want.has)
  return value !== undefined && value !== null && value !== '' && !spelled(value).includes(want.without ?? '')
}

const matches = ({ expect }: ScenarioStep, fact: PracticeFact): boolean =>
  fact.kind === expect.fact && (expect.by === 'ANYBODY' || (expect.by === 'TRAINEE') === fact.byTrainee)

/**
 * How far a run is: every step takes the first fact that fits after the one of the step before it, so that the order counts. A pure function of all
 * facts, hence two processes that judge at once write the same.
 */
export function judge(scenario: Scenario, facts: readonly PracticeFact[], hints: Readonly<Record<string, number>>): StepProgress[] {
  let from = 0
  let isOpen = true
  return scenario.steps.map((step) => {
    const found = isOpen ? facts.findIndex((fact, index) => index >= from && matches(step, fact)) : -1
    const fact = facts[found]
    if (!fact) {
      isOpen = false
      return { key: step.key, doneAt: null, points: 0, slips: [] }
    }
    from = found + 1
    const slips = step.wants.filter((want) => !isMet(want, fact.paper)).map(({ because }) => because)
    const right = step.wants.length === 0 ? 1 : 1 - slips.length / step.wants.length
    const told = Math.max(0, 1 - HINT_COST * (hints[step.key] ?? 0))
    // what was done at all is worth half; the other half is that it was done right
    return { key: step.key, doneAt: fact.at, points: Math.round(step.points * (0.5 + 0.5 * right) * told * 100) / 100, slips }
  })
}

/**
 * Correctness of all points, 0..100, less what was lost by time.
 * @param seconds from the moment the sandbox was ready
 */
export function scoreOf(
  scenario: Scenario,
  progress: readonly StepProgress[],
  hints: Readonly<Record<string, number>>,
  seconds: number,
): { score: number; passed: boolean; result: PracticeResult } {
  const worth = scenario.steps.reduce((sum, { points }) => sum + points, 0)
  const earned = progress.reduce((sum, { points }) => sum + points, 0)
  const correctness = worth === 0 ? 0 : (100 * earned) / worth
  const over = Math.max(0, seconds / 60 / scenario.minutes - 1)
  const timeLost = Math.min(TIME_LOSS_MAX, over * 2 * TIME_LOSS_MAX)
  const score = Math.max(0, Math.min(100, Math.round(correctness - timeLost)))
  const tenth = (value: number): number => Math.round(value * 10) / 10
  return {
    score,
    passed: score >= scenario.passScore,
    result: {
      correctness: tenth(correctness),
      timeLost: tenth(timeLost),
      minutes: tenth(seconds / 60),
      hints: Object.values(hints).reduce((sum, n) => sum + n, 0),
      slips: progress.reduce((sum, { slips }) => sum + slips.length, 0),
    },
  }
}
