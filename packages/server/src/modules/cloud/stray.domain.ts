import type { ResourceState } from './cloud.store.ts'
import type { Found } from './driver.ts'

export type Verdict = 'REMOVED' | 'DUPLICATE' | 'UNKNOWN'

/** How the register knows a key. */
export interface Registered {
  key: string
  state: ResourceState
  externalId: string | null
}

/** States in which a thing may turn up in the cloud at any moment: it is being asked for or taken down right now. */
const IN_MOTION: readonly ResourceState[] = ['INTENDED', 'ASKED', 'UNKNOWN', 'BUILDING', 'REMOVING']

/** What a thing in the cloud with a key of ours is, if it should not be there; null when all is as it should be. */
export function verdictOn(found: Pick<Found, 'key' | 'externalId'>, registered: Registered | undefined): Verdict | null {
  if (!registered) return 'UNKNOWN'
  if (registered.externalId === found.externalId || IN_MOTION.includes(registered.state)) return null
  return registered.state === 'ABSENT' ? 'REMOVED' : 'DUPLICATE'
}

/**
 * Only what the register itself says was removed is taken down, and only after people could read of it: it must have been seen before, and for
 * longer than an unanswered creation can still be under way.
 */
export const mayRemove = (verdict: Verdict, seenSeconds: number, graceSeconds: number): boolean =>
  verdict === 'REMOVED' && seenSeconds >= graceSeconds
