import { type Severity, severities } from '@changbai/contract/incident.shapes.ts'

/**
 * The three clocks of an incident, folded from what happened. Nothing here is stored as a running number and nothing reads the time: the same
 * facts in any order, and the same `asOf`, give the same judgement.
 */
export const clockKinds = ['response', 'plan', 'solution'] as const
export type ClockKind = (typeof clockKinds)[number]
export type ClockState = 'met' | 'breached' | 'running'

/** What a clock can be told. `reopened` takes back every earlier `resolved`; the rest speak for themselves. */
export const clockFactKinds = [
  'alarm',
  'reported',
  'responded',
  'planned',
  'resolved',
  'level',
  'scheduled',
  'held',
  'released',
  'reopened',
] as const
export type ClockFactKind = (typeof clockFactKinds)[number]

export interface ClockFact {
  at: Temporal.Instant
  kind: ClockFactKind
  /** With `level` only. */
  level?: Severity
  /** With `scheduled` only: the appointment the reporter confirmed. */
  for?: Temporal.Instant
}

/** What the plan allows one severity, in minutes of natural time. */
export interface SeverityLimits {
  severity: Severity
  responseMinutes: number
  planMinutes: number
  resolveMinutes: number
}

/** How one severity judges one clock. */
export interface Judgment {
  level: Severity
  startAt: Temporal.Instant
  dueAt: Temporal.Instant
  state: ClockState
}
export interface Clock extends Judgment {
  clock: ClockKind
  doneAt: Temporal.Instant | null
  /** How every severity the incident ever had judges it, from the mildest to the one that rules. */
  judgments: readonly Judgment[]
}
/** A time the customer let the work rest. It never stops a clock of the contract; it is shown beside it. */
export interface Hold {
  from: Temporal.Instant
  to: Temporal.Instant | null
}
export interface Clocks {
  level: Severity
  startAt: Temporal.Instant
  clocks: readonly [Clock, Clock, Clock]
  holds: readonly Hold[]
  /** Milliseconds of the solution clock that lay in holds. */
  heldMilliseconds: number
}

const MINUTE = 60_000
const rank = (level: Severity): number => severities.indexOf(level)
/** Does this change lower the severity? Lowering needs the consent of both sides. */
export const isLowering = (from: Severity, to: Severity): boolean => rank(to) > rank(from)
export const isMajor = (level: Severity): boolean => level === 'I' || level === 'II'

const instant = (milliseconds: number): Temporal.Instant => Temporal.Instant.fromEpochMilliseconds(milliseconds)
const timesOf = (facts: readonly ClockFact[], ...kinds: ClockFactKind[]): number[] =>
  facts.filter((fact) => kinds.includes(fact.kind)).map((fact) => fact.at.epochMilliseconds)
const earliest = (times: readonly number[]): number | null => (times.length === 0 ? null : Math.min(...times))

/** First resolution that no later reopening took back. Resolved and reopened in one millisecond is open. */
function resolvedAt(facts: readonly ClockFact[]): number | null {
  const reopened = Math.max(...timesOf(facts, 'reopened'), Number.NEGATIVE_INFINITY)
  return earliest(timesOf(facts, 'resolved').filter((at) => at > reopened))
}

/** The appointment agreed last; of two agreed in one instant, the later. */
function appointment(facts: readonly ClockFact[]): number | null {
  const agreed = facts.flatMap((fact) =>
    fact.kind === 'scheduled' && fact.for ? [{ at: fact.at.epochMilliseconds, for: fact.for.epochMilliseconds }] : [],
  )
  return agreed.sort((a, b) => a.at - b.at || a.for - b.for).at(-1)?.for ?? null
}

/** Holds in order. A release without a hold says nothing, a hold within a hold adds nothing; in one instant the release comes first. */
export function foldHolds(facts: readonly ClockFact[]): Hold[] {
  const turns = facts
    .filter((fact) => fact.kind === 'held' || fact.kind === 'released')
    .map((fact) => ({ at: fact.at.epochMilliseconds, held: fact.kind === 'held' }))
    .sort((a, b) => a.at - b.at || Number(a.held) - Number(b.held))
  const holds: Hold[] = []
  let from: number | null = null
  for (const turn of turns) {
    if (turn.held) from ??= turn.at
    else if (from !== null) {
      holds.push({ from: instant(from), to: instant(turn.at) })
      from = null
    }
  }
  if (from !== null) holds.push({ from: instant(from), to: null })
  return holds
}

const MINUTES: Record<ClockKind, (limits: SeverityLimits) => number> = {
  response: (limits) => limits.responseMinutes,
  plan: (limits) => limits.planMinutes,
  solution: (limits) => limits.resolveMinutes,
}

/** At the limit counts as met. */
export const stateOf = (due: number, done: number | null, asOf: number): ClockState =>
  done === null ? (asOf > due ? 'breached' : 'running') : done > due ? 'breached' : 'met'

/**
 * Response, plan and solution of one incident. All three run from the earlier of first alarm and report, through nights and holidays. The
 * highest severity ever reached rules, from that same start, so that a late upgrade may breach at once. Under severity IV the solution runs from
 * the appointment. `asOf` decides only between running and breached.
 * @param level at first grading
 * @param limits one line for each severity
 * @throws RangeError when no fact tells an alarm or a report, or a severity has no limits
 * @clause 5.10.1-(3)-I 5.10.1-(3)-II 5.10.1-(3)-III 5.10.1-(3)-IV
 */
export function judgeClocks(
  level: Severity,
  facts: readonly ClockFact[],
  limits: readonly SeverityLimits[],
  asOf: Temporal.Instant,
): Clocks {
  const start = earliest(timesOf(facts, 'alarm', 'reported'))
  if (start === null) throw new RangeError('neither an alarm nor a report: the clocks have no start')
  const reached = new Set<Severity>([level, ...facts.flatMap((fact) => (fact.kind === 'level' && fact.level ? [fact.level] : []))])
  // mildest first, the one that rules last
  const levels = severities.filter((one) => reached.has(one)).reverse()
  const booked = appointment(facts)
  const done: Record<ClockKind, number | null> = {
    response: earliest(timesOf(facts, 'responded')),
    plan: earliest(timesOf(facts, 'planned')),
    solution: resolvedAt(facts),
  }

  const judge = (clock: ClockKind): Clock => {
    const judgments = levels.map((one): Judgment => {
      const line = limits.find((candidate) => candidate.severity === one)
      if (!line) throw new RangeError(`the plan has no limits for severity ${one}`)
      const from = clock === 'solution' && one === 'IV' && booked !== null ? Math.max(start, booked) : start
      const due = from + MINUTES[clock](line) * MINUTE
      return { level: one, startAt: instant(from), dueAt: instant(due), state: stateOf(due, done[clock], asOf.epochMilliseconds) }
    })
    const doneAt = done[clock] === null ? null : instant(done[clock])
    return { clock, ...(judgments.at(-1) as Judgment), doneAt, judgments }
  }

  const clocks = [judge('response'), judge('plan'), judge('solution')] as const
  const holds = foldHolds(facts)
  const [, , solution] = clocks
  const end = done.solution ?? asOf.epochMilliseconds
  const heldMilliseconds = holds.reduce((sum, hold) => {
    const from = Math.max(hold.from.epochMilliseconds, solution.startAt.epochMilliseconds)
    return sum + Math.max(0, Math.min(hold.to?.epochMilliseconds ?? end, end) - from)
  }, 0)
  return { level: levels.at(-1) as Severity, startAt: instant(start), clocks: [...clocks], holds, heldMilliseconds }
}
