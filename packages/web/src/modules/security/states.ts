import type { CoverState, HeldState, SecurityOrderState } from '@changbai/contract/security.ts'
import type { State } from '../../shared/ui/index.ts'

export const coverStates: Record<CoverState | HeldState, State> = {
  HELD: 'kept',
  EXPIRING: 'risk',
  EXPIRED: 'breach',
  ENDED: 'none',
  ORDERED: 'running',
  MISSING: 'breach',
}
export const orderStates: Record<SecurityOrderState, State> = {
  SUBMITTED: 'planned',
  IN_PROGRESS: 'running',
  DELIVERED: 'running',
  CLOSED: 'kept',
  DECLINED: 'breach',
  WITHDRAWN: 'none',
}
