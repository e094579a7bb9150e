export { undelivered } from './delivery.service.ts'
export { myUnread } from './inbox.service.ts'
export type { NoticeKind, NoticeParams } from './notice.domain.ts'
export { noticeKinds, registerNotices } from './notice.kinds.ts'
export { notificationJobs } from './notification.jobs.ts'
export { notificationRoutes } from './notification.routes.ts'
export { type Addressee, type NoticeInput, notify } from './notify.ts'
export {
  tellAcceptanceLate,
  tellCredentialsWaiting,
  tellHoldProposed,
  tellLaunchConfirmed,
  tellLeaseExpired,
  tellLeaseExpiring,
  tellOrderAccepted,
  tellOrderCancelled,
  tellOrderClosed,
  tellOrderDispatched,
  tellOrderObjected,
  tellOrderReady,
  tellOrderReturned,
  tellOrderShared,
} from './order.reactions.ts'
export { mailOutsider } from './outsider.ts'
export { type NoticeProof, proofOf } from './proof.store.ts'
export {
  endLiveNotices,
  tellCancelAnswered,
  tellCancelRequested,
  tellInstanceStopped,
  tellProcessIncident,
  tellTaskAssigned,
  tellTaskCreated,
  tellTaskEscalated,
  tellTaskOverdue,
  tellTaskReminder,
  tellTaskUrged,
} from './reactions.ts'
