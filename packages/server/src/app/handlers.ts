import { headingOf, packPaper, pairsOf, registerAdmission, titleOf } from '../modules/admission/index.ts'
import { registerAlarmNotices, registerAlarmPorts } from '../modules/alarm/index.ts'
import { registerAssessment } from '../modules/assessment/index.ts'
import { registerAvailabilityNotices } from '../modules/availability/index.ts'
import { loadBusinessClock } from '../modules/calendar/index.ts'
import { registerChange } from '../modules/change/index.ts'
import { registerMailNotices } from '../modules/desk/index.ts'
import { registerArchiveParts, registerDocument } from '../modules/document/index.ts'
import { registerDuty } from '../modules/duty/index.ts'
import { registerEmergency } from '../modules/emergency/index.ts'
import { findPerson, personNames, registerIdentityPorts } from '../modules/identity/index.ts'
import { registerIncident } from '../modules/incident/index.ts'
import { registerInspectionNotices } from '../modules/inspection/index.ts'
import { registerKnowledgeNotices } from '../modules/knowledge/index.ts'
import { registerMeeting } from '../modules/meeting/index.ts'
import { registerMigration } from '../modules/migration/index.ts'
import { registerPatchNotices } from '../modules/patch/index.ts'
import { registerProblemNotices } from '../modules/problem/index.ts'
import { registerPorts } from '../modules/process/index.ts'
import { registerProvisioning } from '../modules/provisioning/index.ts'
import { registerReclaim } from '../modules/reclaim/index.ts'
import { archivedReports, registerReport } from '../modules/report/index.ts'
import { registerRequest } from '../modules/request/index.ts'
import { registerSecurity } from '../modules/security/index.ts'
import { registerServiceRequest } from '../modules/servicerequest/index.ts'
import { registerTelemetryNotices } from '../modules/telemetry/index.ts'
import { registerTraining } from '../modules/training/index.ts'
import { registerUpkeep } from '../modules/upkeep/index.ts'
import { maintenanceNow } from './alarm-links.ts'
import { registerClauses } from './clauses.ts'
import { registerOwnNotices } from './notices.ts'
import { registerOwnBoard, registerOwnReportParts } from './report-parts.ts'
import { registerSearches } from './searches.ts'

/** All BPMN service tasks, forms and access rules, registered with the process engine once at start. */
export function registerHandlers(): void {
  registerIdentityPorts({
    addWorkdays: async (ctx, from, workdays) => (await loadBusinessClock(ctx)).addTime(from, `${workdays}wd`),
  })
  registerPorts({
    workClock: loadBusinessClock,
    personNames,
    async openPerson(ctx, id) {
      const person = await findPerson(ctx, id)
      return person?.active ? person.name : null
    },
  })
  registerOwnNotices()
  registerAvailabilityNotices()
  registerTelemetryNotices()
  registerUpkeep()
  registerAlarmNotices()
  registerAlarmPorts({ maintenanceNow })
  registerSearches()
  registerClauses()
  registerDuty()
  registerIncident({
    makePaper: (about, parts) =>
      packPaper([titleOf(about.title), ...parts.flatMap(({ heading, pairs }) => [headingOf(heading), pairsOf(pairs)])], about),
  })
  registerProblemNotices()
  registerMailNotices()
  registerServiceRequest()
  registerSecurity()
  registerPatchNotices()
  registerEmergency()
  registerKnowledgeNotices()
  registerAdmission()
  registerRequest()
  registerProvisioning()
  registerDocument()
  registerAssessment()
  registerTraining()
  registerChange()
  registerMigration()
  registerMeeting()
  registerInspectionNotices()
  registerReclaim()
  registerReport()
  registerOwnReportParts()
  registerOwnBoard()
  registerArchiveParts([archivedReports])
}
