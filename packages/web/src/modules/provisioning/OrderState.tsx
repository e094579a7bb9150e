import type { LineState, WorkOrderStatus } from '@changbai/contract/provisioning.ts'
import { useText } from '../../shared/text.ts'
import { type State, Status } from '../../shared/ui/index.ts'
import { orderText } from './orderText.ts'

const STATES: Record<WorkOrderStatus | LineState, State> = {
  RECEIVED: 'running',
  RETURNED: 'risk',
  FULFILLING: 'running',
  FULFILL_FAILED: 'breach',
  CHECKING: 'running',
  DELIVERED: 'running',
  ACCEPTED: 'kept',
  TRIAL: 'planned',
  CLOSED: 'kept',
  CANCELLED: 'none',
  PENDING: 'todo',
  WORKING: 'running',
  READY: 'kept',
  FAILED: 'breach',
  MOVED: 'none',
}

export function OrderState({ status }: { status: WorkOrderStatus | LineState }) {
  const say = useText(orderText)
  return <Status state={STATES[status]}>{say(status)}</Status>
}
