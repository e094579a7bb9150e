import { addAdmissionDemands, admissionReactions as admissions } from '../modules/admission/index.ts'
import * as alarm from '../modules/alarm/index.ts'
import { addOutageAnnotations } from '../modules/availability/index.ts'
import { addChangeCauses, changeReactions as changes, openFromDrift } from '../modules/change/index.ts'
import * as desk from '../modules/desk/index.ts'
import * as duty from '../modules/duty/index.ts'
import * as emergency from '../modules/emergency/index.ts'
import * as incident from '../modules/incident/index.ts'
import { migrationReactions as migrations } from '../modules/migration/index.ts'
import * as notification from '../modules/notification/index.ts'
import { addPatchRounds, tellPatchPlanned } from '../modules/patch/index.ts'
import * as problem from '../modules/problem/index.ts'
import { countAssignedTasks, handOverTasks } from '../modules/process/index.ts'
import { cancelOrdersOf, createWorkOrders, recomputeOrderDeadlines } from '../modules/provisioning/index.ts'
import * as reclaim from '../modules/reclaim/index.ts'
import { addRequestDemands, requestReactions as requests } from '../modules/request/index.ts'
import * as security from '../modules/security/index.ts'
import * as service from '../modules/servicerequest/index.ts'
import { tellSourceProposed, tellSourceReturned, tellSourceSilent } from '../modules/telemetry/index.ts'
import type { Reactions } from '../platform/door.ts'
import * as alarmLinks from './alarm-links.ts'
import { carryOutAdopted, tellPlanChanged, tellPlanProposed, tellStraysFound, tellYearMissing } from './notices.ts'
import * as access from './notices-access.ts'
import * as inventory from './notices-inventory.ts'

/** All reactions of one module to what happened in another; they run in the transaction of the event. */
export const reactions: Reactions = {
  'person.hand-over-asked': [
    async (ctx, { personId, found }) => {
      found.tasks += await countAssignedTasks(ctx, personId)
    },
  ],
  'person.handed-over': [
    async (ctx, { fromPersonId, to, reason, moved }) => {
      moved.tasks += await handOverTasks(ctx, fromPersonId, to, reason)
    },
  ],
  'calendar.changed': [(ctx) => ctx.enqueue('process.recompute-due', {}, { key: 'all' }), recomputeOrderDeadlines],
  'request.approved': [async (ctx, approved) => void (await createWorkOrders(ctx, approved))],
  'request.cancelled': [cancelOrdersOf],
  'calendar.year-missing': [tellYearMissing],
  'capacity.demands-asked': [addAdmissionDemands, addRequestDemands],
  'capacity.measured-asked': [reclaim.addMeasuredUse],
  'cloud.strays-found': [tellStraysFound],
  'adoption.proposed': [inventory.tellAdoptionProposed],
  'adoption.decided': [inventory.tellAdoptionDecided],
  'inventory.drift-found': [inventory.tellDriftFound],
  'inventory.change-without-ticket': [inventory.tellUnticketed],
  'inventory.drift-change-asked': [openFromDrift, inventory.tellChangeAsked],
  'plan.changed': [tellPlanChanged],
  'plan.proposed': [tellPlanProposed],
  'plan.adopted': [carryOutAdopted],
  'ldap.left': [access.tellLdapLeft],
  'ldap.trouble': [access.tellLdapTrouble],
  'export.asked': [access.tellExportAsked],
  'registration.received': [access.tellRegistrationReceived],
  'registration.refused': [access.tellRegistrationRefused],
  'grant.proposed': [access.tellGrantProposed],
  'grant.in-force': [access.tellGrantInForce],
  'access-review.opened': [access.tellReviewOpened],
  'access-review.lapsed': [access.tellReviewLapsed],
  'duty.published': [duty.tellPublished],
  'duty.page-acknowledged': [incident.incidentPageAcknowledged],
  'desk.fault-called': [incident.openFromCall],
  'emergency.reported': [emergency.tellReported],
  'emergency.stood-down': [emergency.tellStoodDown],
  'desk.mail-replied': [incident.keepIncidentReply, service.keepServiceReply],
  'desk.mail-received': [desk.tellMailReceived],
  'incident.causes-asked': [addChangeCauses, alarm.addAlarmCauses],
  'desk.request-called': [service.openRequestFromDesk],
  'service.declined': [service.tellServiceDeclined],
  'service.closed': [service.tellServiceClosed],
  'patch.planned': [tellPatchPlanned],
  'change.calendar-asked': [addPatchRounds],
  'security.declined': [security.tellSecurityDeclined],
  'security.held': [security.tellSecurityHeld],
  'security.expiring': [security.tellSecurityExpiring],
  'resources.handed-over': [security.holdDelivered],
  'desk.matters-asked': [incident.addOpenMatters],
  'incident.major': [incident.tellMajor],
  'incident.broadcast': [incident.tellBroadcast],
  'incident.resolved': [incident.tellResolved],
  'incident.reopened': [incident.tellReopened],
  'incident.closed': [incident.tellClosed, problem.followIncident],
  'problem.recurred': [problem.tellRecurred],
  'incident.level-asked': [incident.tellLevelAsked],
  'duty.page-exhausted': [duty.tellExhausted],
  'notice.unreached': [duty.hurryPage],
  'telemetry.annotations-asked': [addOutageAnnotations],
  'telemetry.source-proposed': [tellSourceProposed],
  'telemetry.source-silent': [tellSourceSilent],
  'telemetry.source-returned': [tellSourceReturned],
  'downtime.decided': [changes.downtimeDecided, migrations.downtimeDecided],
  'person.disabled': [notification.endLiveNotices],
  'task.created': [
    incident.incidentStepOpened,
    service.serviceStepOpened,
    security.securityStepOpened,
    admissions.stepOpened,
    requests.stepOpened,
    changes.stepOpened,
    migrations.stepOpened,
    reclaim.reclaimStepOpened,
    notification.tellTaskCreated,
  ],
  'task.completed': [admissions.stepDone, requests.stepDone, changes.stepDone, migrations.stepDone],
  'task.assigned': [admissions.stepReassigned, requests.stepReassigned, changes.stepReassigned, notification.tellTaskAssigned],
  'task.returned': [admissions.stepReturned, requests.stepReturned, changes.stepReturned, migrations.stepReturned],
  'task.recalled': [admissions.stepRecalled, requests.stepRecalled, changes.stepRecalled],
  'task.urged': [notification.tellTaskUrged],
  'task.reminder': [notification.tellTaskReminder],
  'task.overdue': [notification.tellTaskOverdue],
  'task.escalated': [notification.tellTaskEscalated],
  'instance.cancel-requested': [notification.tellCancelRequested],
  'instance.cancel-answered': [notification.tellCancelAnswered],
  'process.incident': [notification.tellProcessIncident],
  'work-order.dispatched': [notification.tellOrderDispatched],
  'work-order.returned': [notification.tellOrderReturned],
  'work-order.ready': [notification.tellOrderReady],
  'work-order.credentials-waiting': [notification.tellCredentialsWaiting],
  'work-order.acceptance-late': [notification.tellAcceptanceLate],
  'work-order.shared': [notification.tellOrderShared],
  'work-order.objected': [notification.tellOrderObjected],
  'work-order.cancelled': [notification.tellOrderCancelled],
  'work-order.hold-proposed': [notification.tellHoldProposed],
  'work-order.accepted': [notification.tellOrderAccepted],
  'work-order.launch-confirmed': [notification.tellLaunchConfirmed],
  'work-order.closed': [notification.tellOrderClosed],
  'lease.expiring': [notification.tellLeaseExpiring],
  'lease.expired': [notification.tellLeaseExpired],
  'reclaim.asked': [reclaim.tellAsked],
  'reclaim.reminded': [reclaim.tellReminded],
  'reclaim.customer-informed': [reclaim.tellCustomerInformed],
  'reclaim.cooling': [reclaim.tellCooling],
  'reclaim.released': [reclaim.tellReleased],
  'alarm.raised': [alarmLinks.openIncident],
  'alarm.noticed': [alarm.tellNoticed],
  'alarm.recovered': [alarm.tellRecovered, alarmLinks.noteRecovered],
  'alarm.escalated': [alarm.tellEscalated],
  'alarm.flapping': [alarm.tellFlapping],
  'alarm.object-lost': [alarmLinks.openOutages],
  'alarm.object-back': [alarmLinks.closeOutages],
  'alarm-rule.change-proposed': [alarm.tellRuleProposed],
  'wall.asked': [alarmLinks.addToWall],
  'instance.ended': [
    admissions.instanceEnded,
    requests.instanceEnded,
    changes.instanceEnded,
    migrations.instanceEnded,
    reclaim.reclaimEnded,
    notification.tellInstanceStopped,
  ],
}
