import { accessApi } from '@changbai/contract/access.ts'
import { admissionApi } from '@changbai/contract/admission.ts'
import { alarmApi, wallApi } from '@changbai/contract/alarm.ts'
import { assessmentApi } from '@changbai/contract/assessment.ts'
import { assuranceApi } from '@changbai/contract/assurance.ts'
import { availabilityApi, measurementApi, probeApi } from '@changbai/contract/availability.ts'
import { calendarApi } from '@changbai/contract/calendar.ts'
import { changeApi } from '@changbai/contract/change.ts'
import { cloudReadApi } from '@changbai/contract/cloud.read.ts'
import { cloudApi } from '@changbai/contract/cloud.ts'
import { complianceApi } from '@changbai/contract/compliance.ts'
import { deskApi } from '@changbai/contract/desk.ts'
import { intakeApi } from '@changbai/contract/desk-intake.ts'
import { documentApi } from '@changbai/contract/document.ts'
import { dutyApi } from '@changbai/contract/duty.ts'
import { emergencyApi } from '@changbai/contract/emergency.ts'
import type { Endpoint } from '@changbai/contract/endpoint.ts'
import { exportsApi } from '@changbai/contract/exports.ts'
import { fileApi } from '@changbai/contract/file.ts'
import { formApi } from '@changbai/contract/forms.ts'
import { frameApi } from '@changbai/contract/frame.ts'
import { healthApi } from '@changbai/contract/health.ts'
import { identityApi } from '@changbai/contract/identity.ts'
import { incidentApi } from '@changbai/contract/incident.ts'
import { incidentCareApi } from '@changbai/contract/incident-care.ts'
import { inspectionApi } from '@changbai/contract/inspection.ts'
import { adoptionApi } from '@changbai/contract/inventory.adoption.ts'
import { capacityApi } from '@changbai/contract/inventory.capacity.ts'
import { driftApi } from '@changbai/contract/inventory.drift.ts'
import { inventoryApi } from '@changbai/contract/inventory.ts'
import { knowledgeApi } from '@changbai/contract/knowledge.ts'
import { problemApi } from '@changbai/contract/known-problem.ts'
import { ldapApi } from '@changbai/contract/ldap.ts'
import { ledgerApi } from '@changbai/contract/ledger.ts'
import { lifecycleApi } from '@changbai/contract/lifecycle.ts'
import { logApi } from '@changbai/contract/log.ts'
import { manualApi } from '@changbai/contract/manual.ts'
import { meetingApi } from '@changbai/contract/meeting.ts'
import { migrationApi } from '@changbai/contract/migration.ts'
import { notificationApi } from '@changbai/contract/notification.ts'
import { patchApi } from '@changbai/contract/patch.ts'
import { personalApi } from '@changbai/contract/personal.ts'
import { planApi } from '@changbai/contract/plan.ts'
import { planProposalApi } from '@changbai/contract/plan-proposal.ts'
import { policyCheckApi } from '@changbai/contract/policy-check.ts'
import { practiceApi } from '@changbai/contract/practice.ts'
import { processApi } from '@changbai/contract/process.ts'
import { provisioningApi } from '@changbai/contract/provisioning.ts'
import { reclaimApi } from '@changbai/contract/reclaim.ts'
import { registrationApi } from '@changbai/contract/registration.ts'
import { reportApi } from '@changbai/contract/report.ts'
import { requestApi } from '@changbai/contract/request.ts'
import { searchApi } from '@changbai/contract/search.ts'
import { securityApi } from '@changbai/contract/security.ts'
import { serviceRequestApi } from '@changbai/contract/service-request.ts'
import { setupApi } from '@changbai/contract/setup.ts'
import { singleSignOnApi } from '@changbai/contract/single-sign-on.ts'
import { statusApi } from '@changbai/contract/status.ts'
import { telemetryApi } from '@changbai/contract/telemetry.ts'
import { trainingApi } from '@changbai/contract/training.ts'
import { upkeepApi } from '@changbai/contract/upkeep.ts'

/** Everything that can be said over the wire, by module. A test compares it with what the server mounts. */
export const apis: Record<string, Record<string, Endpoint>> = {
  identity: identityApi,
  health: healthApi,
  assurance: assuranceApi,
  exports: exportsApi,
  access: accessApi,
  singleSignOn: singleSignOnApi,
  ldap: ldapApi,
  registration: registrationApi,
  calendar: calendarApi,
  plan: planApi,
  planProposal: planProposalApi,
  notification: notificationApi,
  process: processApi,
  desk: deskApi,
  intake: intakeApi,
  duty: dutyApi,
  incident: incidentApi,
  incidentCare: incidentCareApi,
  inventory: inventoryApi,
  drift: driftApi,
  adoption: adoptionApi,
  capacity: capacityApi,
  cloud: cloudApi,
  cloudRead: cloudReadApi,
  telemetry: telemetryApi,
  log: logApi,
  alarm: alarmApi,
  wall: wallApi,
  policyCheck: policyCheckApi,
  availability: availabilityApi,
  measurement: measurementApi,
  probe: probeApi,
  status: statusApi,
  admission: admissionApi,
  form: formApi,
  request: requestApi,
  provisioning: provisioningApi,
  change: changeApi,
  migration: migrationApi,
  reclaim: reclaimApi,
  security: securityApi,
  patch: patchApi,
  personal: personalApi,
  lifecycle: lifecycleApi,
  inspection: inspectionApi,
  problem: problemApi,
  report: reportApi,
  knowledge: knowledgeApi,
  serviceRequest: serviceRequestApi,
  manual: manualApi,
  meeting: meetingApi,
  emergency: emergencyApi,
  training: trainingApi,
  practice: practiceApi,
  assessment: assessmentApi,
  document: documentApi,
  compliance: complianceApi,
  ledger: ledgerApi,
  search: searchApi,
  file: fileApi,
  frame: frameApi,
  upkeep: upkeepApi,
  setup: setupApi,
}
