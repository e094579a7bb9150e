import type { WorkOrderBrief } from '@changbai/contract/provisioning.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Deadline, Status } from '../../shared/ui/index.ts'
import { orderText } from './orderText.ts'

/** The promise of a work order as the server reckons it; it stands still after delivery, and while the customer's consent to wait holds. */
export function OrderDeadline({ clock }: Pick<WorkOrderBrief, 'clock'>) {
  const say = useText(orderText)
  const lang = useLanguage()
  if (clock.heldAt)
    return (
      <Status state="planned" quiet>
        {say('heldSince', { at: listTime(clock.heldAt, lang) })}
      </Status>
    )
  return <Deadline dueAt={clock.dueAt} usedRatio={clock.usedRatio} left={clock.left} />
}
