import type { SuggestedCause } from '@changbai/contract/incident-care.ts'

/** How far back is looked: a change of three days ago may still be behind it, an alarm of two hours ago hardly. */
export const LOOK_BACK_HOURS = { CHANGE: 72, ALARM: 2, INCIDENT: 2 } as const
const KIND_WEIGHT = { CHANGE: 1, ALARM: 0.9, INCIDENT: 0.6 } as const
const SHOWN = 8

/**
 * Orders what may be behind an incident: the nearer in time and the nearer in what the application needs, the higher; a change before an alarm
 * before another incident. What began later than the incident is no cause. Nothing is left out but by number.
 */
export function rankCauses(causes: readonly SuggestedCause[]): SuggestedCause[] {
  const weight = (one: SuggestedCause): number => {
    const near = 1 - Math.min(1, one.minutesBefore / (LOOK_BACK_HOURS[one.kind] * 60))
    const close = one.through === null ? 1 : 1 / (1 + one.through.hop / 4)
    return KIND_WEIGHT[one.kind] * (0.25 + 0.75 * near) * close
  }
  return causes
    .filter((one) => one.minutesBefore >= 0)
    .sort((a, b) => weight(b) - weight(a) || (a.id < b.id ? -1 : 1))
    .slice(0, SHOWN)
}
