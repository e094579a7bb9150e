import type { ProblemState } from '@changbai/contract/known-problem.ts'
import type { State } from '../../shared/ui/index.ts'

export const problemState: Record<ProblemState, State> = { OPEN: 'running', KNOWN_ERROR: 'risk', RESOLVED: 'kept', CLOSED: 'none' }
/** A few natures a fault may have, in the order of the form. */
export const natures = ['HARDWARE', 'SOFTWARE', 'CONFIG', 'HUMAN', 'NETWORK', 'POWER_ENV', 'SECURITY', 'THIRD_PARTY', 'CAPACITY'] as const
