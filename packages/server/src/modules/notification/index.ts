export type { NoticeKind, NoticeParams } from './notice.domain.ts'
export { registerNotices } from './notice.kinds.ts'
export { notificationJobs } from './notification.jobs.ts'
export { notificationRoutes } from './notification.routes.ts'
export { type Addressee, type NoticeInput, notify } from './notify.ts'
export {
  endLiveNotices,
  tellAcceptanceLate,
  tellCredentialsWaiting,
  tellLeaseExpired,
  tellLeaseExpiring,
  tellOrderCancelled,
  tellOrderDispatched,
  tellOrderObjected,
  tellOrderReady,
  tellOrderReturned,
  tellOrderShared,
  tellProcessIncident,
  tellTaskAssigned,
  tellTaskCreated,
  tellTaskEscalated,
  tellTaskOverdue,
  tellTaskReminder,
  tellTaskUrged,
} from './reactions.ts'
