import type { Reactions } from '../platform/door.ts'

/** All reactions of one module to what happened in another; they run in the transaction of the event. */
export const reactions: Reactions = {}
