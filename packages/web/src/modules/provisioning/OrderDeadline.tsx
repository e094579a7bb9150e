import type { WorkOrderBrief } from '@changbai/contract/provisioning.ts'
import { Deadline } from '../../shared/ui/index.ts'

/** The promise of a work order as the server reckons it; after delivery it stands still. */
export const OrderDeadline = ({ clock }: Pick<WorkOrderBrief, 'clock'>) => (
  <Deadline dueAt={clock.dueAt} usedRatio={clock.usedRatio} left={clock.left} />
)
