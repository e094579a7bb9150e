import type { IncidentEventKind, IncidentStatus } from '@changbai/contract/incident.ts'
import type { ClockFact, ClockFactKind } from './clocks.domain.ts'

const FACT_OF: Partial<Record<IncidentEventKind, ClockFactKind>> = {
  ALARM: 'alarm',
  REPORTED: 'reported',
  RESPONDED: 'responded',
  PLANNED: 'planned',
  RESOLVED: 'resolved',
  LEVEL: 'level',
  SCHEDULED: 'scheduled',
  HELD: 'held',
  RELEASED: 'released',
  REOPENED: 'reopened',
}
export const factKinds = Object.keys(FACT_OF) as IncidentEventKind[]
/** Only what the clocks are folded from can be wrong in a way that matters. */
export const isFact = (kind: IncidentEventKind): boolean => FACT_OF[kind] !== undefined
/** What of the history the clocks hear. */
export function factsOf(
  events: readonly { kind: IncidentEventKind; at: Temporal.Instant; level: ClockFact['level'] | null; for_at: Temporal.Instant | null }[],
): ClockFact[] {
  return events.flatMap((event) => {
    const kind = FACT_OF[event.kind]
    if (!kind) return []
    return [{ at: event.at, kind, ...(event.level ? { level: event.level } : {}), ...(event.for_at ? { for: event.for_at } : {}) }]
  })
}

/** When the next share of a limit is used up that was not warned of yet; at the limit still counts as met, so its warning is a millisecond later. */
export function nextWarning(
  startAt: Temporal.Instant,
  dueAt: Temporal.Instant,
  percents: readonly number[],
  warned: number,
): { percent: number; at: Temporal.Instant } | null {
  const next = [...percents].sort((a, b) => a - b).find((percent) => percent > warned)
  if (next === undefined) return null
  const start = startAt.epochMilliseconds
  const at = start + Math.ceil(((dueAt.epochMilliseconds - start) * next) / 100) + (next >= 100 ? 1 : 0)
  return { percent: next, at: Temporal.Instant.fromEpochMilliseconds(at) }
}
/** The highest share used up at an instant that was not warned of yet: a late upgrade passes several at once and warns of the last. */
export function warningDue(
  startAt: Temporal.Instant,
  dueAt: Temporal.Instant,
  percents: readonly number[],
  warned: number,
  now: Temporal.Instant,
): number | null {
  let due: number | null = null
  for (let next = nextWarning(startAt, dueAt, percents, warned); next && Temporal.Instant.compare(next.at, now) <= 0; ) {
    due = next.percent
    next = nextWarning(startAt, dueAt, percents, due)
  }
  return due
}

/** Where the process stands, in the words of the incident. */
export function statusAt(node: string, before: IncidentStatus): IncidentStatus {
  switch (node) {
    case 'respondIncident':
      return 'NEW'
    case 'planHandling':
      return 'ACKNOWLEDGED'
    case 'repairIncident':
      return before === 'ACKNOWLEDGED' ? 'PLAN_SUBMITTED' : 'IN_PROGRESS'
    case 'verifyRestored':
    case 'confirmRestored':
      return 'RESOLVED'
    case 'writeReport':
      return 'VERIFIED'
    case 'writePostmortem':
    case 'approvePostmortem':
    case 'endorsePostmortem':
      return 'POSTMORTEM_PENDING'
    default:
      return before
  }
}
