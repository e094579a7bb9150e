import { alarmClauses } from '../modules/alarm/index.ts'
import { assessmentClauses } from '../modules/assessment/index.ts'
import { availabilityClauses } from '../modules/availability/index.ts'
import { changeClauses } from '../modules/change/index.ts'
import { registerClauseSources } from '../modules/compliance/index.ts'
import { deskClauses } from '../modules/desk/index.ts'
import { documentClauses } from '../modules/document/index.ts'
import { dutyClauses } from '../modules/duty/index.ts'
import { incidentClauses } from '../modules/incident/index.ts'
import { inspectionClauses } from '../modules/inspection/index.ts'
import { inventoryClauses } from '../modules/inventory/index.ts'
import { logClauses } from '../modules/log/index.ts'
import { meetingClauses } from '../modules/meeting/index.ts'
import { migrationClauses } from '../modules/migration/index.ts'
import { patchClauses } from '../modules/patch/index.ts'
import { problemClauses } from '../modules/problem/index.ts'
import { provisioningClauses } from '../modules/provisioning/index.ts'
import { reclaimClauses } from '../modules/reclaim/index.ts'
import { reportClauses } from '../modules/report/index.ts'
import { requestClauses } from '../modules/request/index.ts'
import { securityClauses } from '../modules/security/index.ts'
import { serviceRequestClauses } from '../modules/servicerequest/index.ts'
import { trainingClauses } from '../modules/training/index.ts'

/** What every module records for the judgement of clauses, one line a module. */
export function registerClauses(): void {
  registerClauseSources(availabilityClauses)
  registerClauseSources(alarmClauses)
  registerClauseSources(inventoryClauses)
  registerClauseSources(requestClauses)
  registerClauseSources(provisioningClauses)
  registerClauseSources(changeClauses)
  registerClauseSources(migrationClauses)
  registerClauseSources(reclaimClauses)
  registerClauseSources(securityClauses)
  registerClauseSources(patchClauses)
  registerClauseSources(inspectionClauses)
  registerClauseSources(documentClauses)
  registerClauseSources(assessmentClauses)
  registerClauseSources(trainingClauses)
  registerClauseSources(meetingClauses)
  registerClauseSources(reportClauses)
  registerClauseSources(dutyClauses)
  registerClauseSources(incidentClauses)
  registerClauseSources(deskClauses)
  registerClauseSources(logClauses)
  registerClauseSources(serviceRequestClauses)
  registerClauseSources(problemClauses)
}
