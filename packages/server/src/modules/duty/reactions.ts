import type { Reaction } from '../../platform/door.ts'
import { notify } from '../notification/index.ts'

/** Nobody answered: everybody who could have is told again, all at once, and those who run the service with them. */
export const tellExhausted: Reaction<'duty.page-exhausted'> = async (ctx, { pageId, title, link, tenantId }) => {
  await notify(ctx, {
    event: 'duty.page-exhausted',
    to: [{ role: 'MAINTENANCE_MANAGER' }, { role: 'PROVIDER_LEADER' }, { role: 'OPERATION_MANAGER' }, { role: 'DUTY_OFFICER' }],
    params: { title },
    link,
    tenantId,
    dedupKey: `duty.page-exhausted:${pageId}`,
  })
}
export const tellPublished: Reaction<'duty.published'> = async (ctx, { rosterId, personIds, fromOn, toOn }) => {
  await notify(ctx, {
    event: 'duty.published',
    to: { personIds },
    params: { fromOn: fromOn.toString(), toOn: toOn.toString() },
    link: '/duty/calendar',
    dedupKey: `duty.published:${rosterId}`,
  })
}
