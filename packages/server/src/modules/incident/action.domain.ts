/** Days before the day on which it is due. */
export const AHEAD_DAYS = 3
const WEEK = 7

export interface Reminder {
  kind: 'due' | 'overdue' | 'verify'
  /** Whole days until, past, or since it was done. */
  days: number
  /** Each turn is told once: the first is 0. */
  turn: number
}

/** Whether somebody is to be reminded of a preventive action on a day; its own day still counts as in time. @clause 5.8-5 */
export function reminderOf(
  action: { state: 'OPEN' | 'DONE' | 'VERIFIED'; dueOn: Temporal.PlainDate; doneOn: Temporal.PlainDate | null },
  today: Temporal.PlainDate,
): Reminder | null {
  if (action.state === 'DONE' && action.doneOn) {
    const days = action.doneOn.until(today).days
    return days >= WEEK ? { kind: 'verify', days, turn: Math.floor(days / WEEK) - 1 } : null
  }
  if (action.state !== 'OPEN') return null
  const late = action.dueOn.until(today).days
  if (late > 0) return { kind: 'overdue', days: late, turn: Math.floor((late - 1) / WEEK) }
  return -late <= AHEAD_DAYS ? { kind: 'due', days: -late, turn: 0 } : null
}
