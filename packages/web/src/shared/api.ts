import type { accessApi } from '@changbai/contract/access.ts'
import type { admissionApi } from '@changbai/contract/admission.ts'
import type { alarmApi } from '@changbai/contract/alarm.ts'
import type { assessmentApi } from '@changbai/contract/assessment.ts'
import type { assuranceApi } from '@changbai/contract/assurance.ts'
import type { availabilityApi } from '@changbai/contract/availability.ts'
import type { calendarApi } from '@changbai/contract/calendar.ts'
import type { changeApi } from '@changbai/contract/change.ts'
import type { cloudReadApi } from '@changbai/contract/cloud.read.ts'
import type { cloudApi } from '@changbai/contract/cloud.ts'
import type { complianceApi } from '@changbai/contract/compliance.ts'
import type { deskApi } from '@changbai/contract/desk.ts'
import type { intakeApi } from '@changbai/contract/desk-intake.ts'
import type { documentApi } from '@changbai/contract/document.ts'
import type { dutyApi } from '@changbai/contract/duty.ts'
import type { emergencyApi } from '@changbai/contract/emergency.ts'
import type { Endpoint, InputSent, ReplyReceived } from '@changbai/contract/endpoint.ts'
import type { exportsApi } from '@changbai/contract/exports.ts'
import type { fileApi } from '@changbai/contract/file.ts'
import type { formApi } from '@changbai/contract/forms.ts'
import type { frameApi } from '@changbai/contract/frame.ts'
import type { healthApi } from '@changbai/contract/health.ts'
import type { identityApi } from '@changbai/contract/identity.ts'
import type { incidentApi } from '@changbai/contract/incident.ts'
import type { incidentCareApi } from '@changbai/contract/incident-care.ts'
import type { inspectionApi } from '@changbai/contract/inspection.ts'
import type { adoptionApi } from '@changbai/contract/inventory.adoption.ts'
import type { capacityApi } from '@changbai/contract/inventory.capacity.ts'
import type { driftApi } from '@changbai/contract/inventory.drift.ts'
import type { inventoryApi } from '@changbai/contract/inventory.ts'
import type { knowledgeApi } from '@changbai/contract/knowledge.ts'
import type { problemApi } from '@changbai/contract/known-problem.ts'
import type { ldapApi } from '@changbai/contract/ldap.ts'
import type { ledgerApi } from '@changbai/contract/ledger.ts'
import type { lifecycleApi } from '@changbai/contract/lifecycle.ts'
import type { logApi } from '@changbai/contract/log.ts'
import type { manualApi } from '@changbai/contract/manual.ts'
import type { meetingApi } from '@changbai/contract/meeting.ts'
import type { migrationApi } from '@changbai/contract/migration.ts'
import type { notificationApi } from '@changbai/contract/notification.ts'
import type { patchApi } from '@changbai/contract/patch.ts'
import type { personalApi } from '@changbai/contract/personal.ts'
import type { planApi } from '@changbai/contract/plan.ts'
import type { planProposalApi } from '@changbai/contract/plan-proposal.ts'
import type { policyCheckApi } from '@changbai/contract/policy-check.ts'
import type { practiceApi } from '@changbai/contract/practice.ts'
import type { processApi } from '@changbai/contract/process.ts'
import type { provisioningApi } from '@changbai/contract/provisioning.ts'
import type { reclaimApi } from '@changbai/contract/reclaim.ts'
import type { registrationApi } from '@changbai/contract/registration.ts'
import type { reportApi } from '@changbai/contract/report.ts'
import type { requestApi } from '@changbai/contract/request.ts'
import type { searchApi } from '@changbai/contract/search.ts'
import type { securityApi } from '@changbai/contract/security.ts'
import type { serviceRequestApi } from '@changbai/contract/service-request.ts'
import type { setupApi } from '@changbai/contract/setup.ts'
import type { singleSignOnApi } from '@changbai/contract/single-sign-on.ts'
import type { statusApi } from '@changbai/contract/status.ts'
import type { telemetryApi } from '@changbai/contract/telemetry.ts'
import type { trainingApi } from '@changbai/contract/training.ts'
import type { upkeepApi } from '@changbai/contract/upkeep.ts'

/** Everything the server can be asked, by module. A new contract file is added here as a type only: no schema may reach the first view. */
export interface Apis {
  access: typeof accessApi
  health: typeof healthApi
  assurance: typeof assuranceApi
  exports: typeof exportsApi
  singleSignOn: typeof singleSignOnApi
  ldap: typeof ldapApi
  registration: typeof registrationApi
  admission: typeof admissionApi
  form: typeof formApi
  frame: typeof frameApi
  provisioning: typeof provisioningApi
  change: typeof changeApi
  migration: typeof migrationApi
  reclaim: typeof reclaimApi
  security: typeof securityApi
  patch: typeof patchApi
  personal: typeof personalApi
  lifecycle: typeof lifecycleApi
  request: typeof requestApi
  alarm: typeof alarmApi
  availability: typeof availabilityApi
  status: typeof statusApi
  policyCheck: typeof policyCheckApi
  calendar: typeof calendarApi
  cloud: typeof cloudApi
  cloudRead: typeof cloudReadApi
  compliance: typeof complianceApi
  inspection: typeof inspectionApi
  document: typeof documentApi
  assessment: typeof assessmentApi
  training: typeof trainingApi
  practice: typeof practiceApi
  manual: typeof manualApi
  meeting: typeof meetingApi
  report: typeof reportApi
  desk: typeof deskApi
  intake: typeof intakeApi
  duty: typeof dutyApi
  file: typeof fileApi
  identity: typeof identityApi
  incident: typeof incidentApi
  incidentCare: typeof incidentCareApi
  inventory: typeof inventoryApi
  drift: typeof driftApi
  adoption: typeof adoptionApi
  capacity: typeof capacityApi
  ledger: typeof ledgerApi
  notification: typeof notificationApi
  plan: typeof planApi
  planProposal: typeof planProposalApi
  process: typeof processApi
  problem: typeof problemApi
  knowledge: typeof knowledgeApi
  serviceRequest: typeof serviceRequestApi
  emergency: typeof emergencyApi
  search: typeof searchApi
  telemetry: typeof telemetryApi
  log: typeof logApi
  upkeep: typeof upkeepApi
  setup: typeof setupApi
}

/** `module.name`, e.g. `process.complete`. */
export type EndpointName = { [M in keyof Apis]: `${M}.${keyof Apis[M] & string}` }[keyof Apis]
export type EndpointOf<N extends EndpointName> = N extends `${infer M extends keyof Apis}.${infer C}`
  ? C extends keyof Apis[M]
    ? Apis[M][C] extends Endpoint
      ? Apis[M][C]
      : never
    : never
  : never
export type Sent<N extends EndpointName> = InputSent<EndpointOf<N>>
export type Received<N extends EndpointName> = ReplyReceived<EndpointOf<N>>
