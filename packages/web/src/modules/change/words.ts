import type { ChangeDetail, ChangedAttr, ChangedKind, ChangeStatus } from '@changbai/contract/change.shapes.ts'
import type { State } from '../../shared/ui/index.ts'

export const STATES: Record<ChangeStatus, State> = {
  DRAFT: 'todo',
  SUBMITTED: 'running',
  UNDER_REVIEW: 'running',
  RETURNED: 'risk',
  PENDING_APPROVAL: 'running',
  APPROVED: 'planned',
  FULFILLING: 'running',
  FULFILL_FAILED: 'breach',
  DELIVERED: 'running',
  CLOSED: 'kept',
  REJECTED: 'breach',
  WITHDRAWN: 'none',
  CANCELLED: 'none',
  EXPIRED: 'none',
}
/** The word of an attribute: `rules` alone has another meaning on these pages. */
export const attrKey = (attr: ChangedAttr): Exclude<ChangedAttr, 'rules'> | 'rulesAttr' => (attr === 'rules' ? 'rulesAttr' : attr)
export const kindKey = (kind: ChangedKind): Exclude<ChangedKind, 'application'> | 'applicationKind' =>
  kind === 'application' ? 'applicationKind' : kind
export const isOpen = (change: Pick<ChangeDetail, 'status'>): boolean => change.status === 'DRAFT' || change.status === 'RETURNED'
