import type { Runbook } from '@changbai/contract/emergency.ts'
import type { z } from 'zod'

/** Items of a step that are neither ticked off nor explained. */
export const uncheckedItems = (checklist: readonly string[], checked: readonly string[], note: string): string[] =>
  note.trim() === '' ? checklist.filter((item) => !checked.includes(item)) : []

/**
 * Was it restored within the plan's limit? At the limit counts as met. Null while it runs and the limit has not passed.
 * @param rtoMinutes natural minutes from the activation
 */
export function withinRto(
  activatedAt: Temporal.Instant,
  restoredAt: Temporal.Instant | null,
  rtoMinutes: number,
  now: Temporal.Instant,
): boolean | null {
  const limit = activatedAt.add({ minutes: rtoMinutes })
  if (restoredAt) return Temporal.Instant.compare(restoredAt, limit) <= 0
  return Temporal.Instant.compare(now, limit) > 0 ? false : null
}

export interface Listed {
  personId: string
  duty: string
}
/**
 * Who is told, each once, in the order of the list. In earnest everybody on the list and the four who act; in a drill the four and whoever takes
 * part, nobody else.
 */
export function calledFor(
  mode: 'REAL' | 'DRILL',
  contacts: readonly Listed[],
  acting: readonly Listed[],
  participants: readonly string[],
): Listed[] {
  const listed = mode === 'REAL' ? contacts : contacts.filter((one) => participants.includes(one.personId))
  const seen = new Set<string>()
  return [...acting, ...listed].filter((one) => !seen.has(one.personId) && seen.add(one.personId))
}

/** Checklists of steps the runbook does not have are of no use to anybody. */
export const strayChecklists = (runbook: z.output<typeof Runbook>, checklists: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(checklists).filter((node) => !runbook.steps.some((step) => step.node === node))
