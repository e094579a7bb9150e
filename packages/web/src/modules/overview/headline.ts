import type { AvailabilityRow } from '@changbai/contract/availability.shapes.ts'
import type { ClauseState } from '@changbai/contract/compliance.ts'

type Key = 'title_down' | 'title_trouble' | 'title_broken' | 'title_noData' | 'title_unknown' | 'title_unread' | 'title_well'

/**
 * The gravest thing that is known, then whatever is not known; absent parts are those not read yet, refused or failed. A clause without data
 * counts as not kept, so it is never "well".
 */
export function judge(
  clauses: Readonly<Partial<Record<ClauseState, number>>> | undefined,
  applications: readonly AvailabilityRow['state'][] | undefined,
  incidents: number | undefined,
): { key: Key; count: number } {
  const inState = (state: AvailabilityRow['state']) => applications?.filter((one) => one === state).length ?? 0
  const found: readonly (readonly [Key, number])[] = [
    ['title_down', inState('DOWN')],
    ['title_trouble', incidents ?? 0],
    ['title_broken', clauses?.BREACHED ?? 0],
    ['title_unknown', inState('UNKNOWN')],
    ['title_noData', clauses?.NO_DATA ?? 0],
    ['title_unread', clauses && applications && incidents !== undefined ? 0 : 1],
  ]
  const [key, count] = found.find(([, n]) => n > 0) ?? ['title_well', 0]
  return { key, count }
}
